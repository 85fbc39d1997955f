"""How facts are shown to people: marks that survive without colour."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from digests.jsonform import change_json, problem_json
from monitor.cli.output import print_cut
from monitor.cli.shown import change_lines, passage_text
from monitor.model import (
    Change,
    ChangeKind,
    ChangeStatus,
    Judgement,
    Passage,
    PassageOp,
    Problem,
    ProblemKind,
    Severity,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def shown(op, before, after, heading=()):
    return passage_text(Passage(op, heading, before, after)).plain


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("must be 16 or older", "must be 18 or older", "~ must be [-16-] {+18+} or older"),
        ("kind", "civil", "~ [-kind-]{+civil+}"),
        ("now", "now then", "~ now {+then+}"),
    ],
)
def test_changed_words_are_marked_and_spaces_are_not(before, after, expected):
    assert shown(PassageOp.REWORDED, before, after) == expected


@pytest.mark.parametrize(
    ("op", "before", "after", "expected"),
    [
        (PassageOp.ADDED, "", "New.", "Rules › Ages\n+ New."),
        (PassageOp.REMOVED, "Old.", "", "Rules › Ages\n- Old."),
        (PassageOp.MOVED, "Same.", "Same.", "Rules › Ages\n↕ Same."),
    ],
)
def test_a_passage_stands_under_its_heading_path(op, before, after, expected):
    assert shown(op, before, after, ("Rules", "Ages")) == expected


@given(st.text(), st.text())
def test_any_two_texts_can_be_shown(before, after):
    assert shown(PassageOp.REWORDED, before, after).startswith("~ ")


def change(number, document_id, kind=ChangeKind.EDITORIAL, status=ChangeStatus.CONFIRMED):
    judgement = Judgement(kind, "words", Severity.LOW, "“16” became “18”", ())
    return Change(number, "rules", document_id, "http://x.example", "Rules", None, 1, status, NOON, NOON, judgement)


CHANGES = [
    change(7, "rules"),
    change(12, "news/0d8ac414196a", ChangeKind.SUBSTANTIVE, ChangeStatus.PROVISIONAL),
    change(13, "rules", ChangeKind.EDITORIAL, ChangeStatus.SUPERSEDED),
]


def test_changes_stand_in_columns_with_what_became_of_them_and_their_documents_id():
    assert [line.plain for line in change_lines(CHANGES)] == [
        "    7 · 2026-03-01 editorial               rules              “16” became “18”",
        "   12 · 2026-03-01 substantive (held)      news/0d8ac414196a  “16” became “18”",
        "   13 · 2026-03-01 editorial (superseded)  rules              “16” became “18”",
    ]


@pytest.mark.parametrize(
    ("waited", "said", "seconds"),
    [
        (timedelta(0), "", 0),
        (timedelta(seconds=30), " · held 1 minute", 30),
        (timedelta(minutes=62), " · held 62 minutes", 3_720),
        (timedelta(hours=2), " · held 2 hours", 7_200),
        (timedelta(days=3), " · held 3 days", 259_200),
    ],
)
def test_what_was_held_says_how_long(waited, said, seconds):
    held = replace(CHANGES[0], confirmed_at=NOON + waited, hold_until=NOON)
    assert change_lines([held])[0].plain.endswith(f"“16” became “18”{said}")
    assert change_json(held, ())["held_seconds"] == seconds


def test_what_was_told_at_once_was_not_held_however_late_its_answer_was_read():
    late = replace(CHANGES[0], confirmed_at=NOON + timedelta(days=3))
    assert change_json(late, ())["held_seconds"] == 0
    assert "held" not in change_lines([late])[0].plain


def test_what_is_not_confirmed_was_held_for_no_known_time():
    row = change_json(replace(CHANGES[1], confirmed_at=None), ())
    assert (row["held_seconds"], row["group"]) == (None, None)


@pytest.mark.parametrize(("terminal", "expected"), [(True, "    7 · 2026-03-01 edit…"), (False, "“16” became “18”")])
def test_a_line_is_cut_to_a_terminal_and_never_for_another_program(terminal, expected):
    out = Console(file=io.StringIO(), force_terminal=terminal, width=24, soft_wrap=True, color_system=None)
    print_cut(out, change_lines(CHANGES[:1])[0])
    assert out.file.getvalue().rstrip("\n").endswith(expected)
    assert out.file.getvalue().count("\n") == 1


def test_a_problem_names_the_document_and_the_address_apart():
    problem = Problem(1, "rules", "http://x.example", ProblemKind.EMPTY, "no text", "Look.", NOON, NOON)
    assert problem_json(problem) == {
        "id": 1,
        "source": "rules",
        "document": "rules",
        "url": "http://x.example",
        "problem": "empty",
        "since": "2026-03-01T12:00:00Z",
        "last_seen": "2026-03-01T12:00:00Z",
        "detail": "no text",
        "advice": "Look.",
        "mark": None,
        "acknowledged": None,
    }
