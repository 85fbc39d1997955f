"""Reasons with more behind them, duplicates of another change, comments."""

from __future__ import annotations

import pytest

from monitor.errors import ConfigurationError, NotFoundError
from monitor.store.decisions import load_memory, was_match_right
from monitor.triage import REASONS, find_original, get_state, iter_effects, say_reason
from triaged import AGES, REFUNDS, SPAM, UPLOAD, Bench


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    bench.change(AGES, [UPLOAD, REFUNDS])
    bench.change(SPAM)
    yield bench
    bench.db.close()


@pytest.mark.parametrize(
    ("reason", "is_right"),
    [
        ("covered", True),
        ("covered: see section 4.2", True),
        ("duplicate of 12", True),
        ("duplicate of 12: the same text", True),
        ("unrelated: another subject", False),
        ("covered by our insurance", False),
        ("Covered", False),
        ("", False),
    ],
)
def test_whether_the_match_was_right_is_in_the_word_that_the_reason_begins_with(reason, is_right):
    assert was_match_right(reason) is is_right


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("covered", REASONS["covered"]),
        ("covered: see 4.2", f"{REASONS['covered']}: see 4.2"),
        ("duplicate", REASONS["duplicate"]),
        ("duplicate of 12", "decided with change 12"),
        ("duplicate of 12: the same text", "decided with change 12: the same text"),
        ("we do not sell this", "we do not sell this"),
        ("well: no", "well: no"),
    ],
)
def test_a_reason_is_said_in_words(reason, said):
    assert say_reason(reason) == said


def test_a_duplicate_names_the_other_change():
    assert find_original("duplicate of 12: see there") == 12
    assert find_original("duplicate") is find_original("duplicate of 12x") is None


def test_a_duplicate_of_a_change_that_is_not_there_or_of_itself_is_refused(bench):
    with pytest.raises(NotFoundError, match="change 99"):
        bench.reject(1, reason="duplicate of 99")
    with pytest.raises(ConfigurationError, match="that is this change itself"):
        bench.reject(1, reason="duplicate of 1")
    assert get_state(bench.db, 1).history == ()


def test_of_a_duplicate_nothing_is_learned_against_the_match(bench):
    done = bench.reject(1, reason="duplicate of 2: one text")
    assert load_memory(bench.db).count(UPLOAD, "rules") == (0, 0)
    assert set(dict(iter_effects(bench.db, done)).values()) == {
        "tagged as before: the section is about what changed, though nothing is to be done"
    }


def test_a_comment_on_a_confirmation_is_kept_and_nothing_is_learned_from_it(bench):
    bench.confirm(1, UPLOAD, reason="unrelated: no, it is not")
    bench.assign(1, UPLOAD, reason="ask legal")
    assert [each.reason for each in get_state(bench.db, 1).history] == ["unrelated: no, it is not", "ask legal"]
    assert load_memory(bench.db).count(UPLOAD, "rules") == (1, 0)
