"""Inside a text: folding, and marking changed words."""

from itertools import pairwise

import pytest
from hypothesis import given

from compare.texts import ANY_TEXT, SENTENCES
from monitor.compare.alignment import sequences, words
from monitor.compare.alignment.words import (
    Segment,
    SegmentOp,
    changed_words,
    fold,
    mark_words,
    strip_ordinal,
)

TEXT = SENTENCES | ANY_TEXT


def shown(before, after):
    signs = {SegmentOp.SAME: "{}", SegmentOp.REMOVED: "[-{}-]", SegmentOp.ADDED: "{{+{}+}}"}
    return "".join(signs[segment.op].format(segment.text) for segment in mark_words(before, after))


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back_from_the_segments(before, after):
    segments = mark_words(before, after)
    assert "".join(segment.text for segment in segments if segment.op is not SegmentOp.REMOVED) == after
    assert fold("".join(segment.text for segment in segments if segment.op is not SegmentOp.ADDED)) == fold(before)
    assert all(segment.text for segment in segments)
    assert all(first.op is not second.op for first, second in pairwise(segments))


@given(TEXT)
def test_an_unchanged_text_is_one_segment_at_most(text):
    assert len(mark_words(text, text)) == bool(text)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("within 24 hours", "within 12 hours", "within[- 24-]{+ 12+} hours"),
        ("you may post", "you may not post", "you may{+ not+} post"),
        ("report it", "report it today", "report it{+ today+}"),
        ("report it", "always report it", "{+always+} report it"),
        ("always report it", "report it", "[-always -]report it"),
        ("ask one of the desks now", "ask any to no desks now", "ask[- one of the-]{+ any to no+} desks now"),
        ("red and blue", "pink and grey", "[-red and blue-]{+pink and grey+}"),
        ("禁止发布广告。", "禁止发布骚扰广告。", "禁止发布{+骚扰+}广告。"),
    ],
)
def test_changed_words_are_marked_for_a_reader(before, after, expected):
    assert shown(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("red, then blue", "pink, then grey", "[-red-]{+pink+}, then[- blue-]{+ grey+}"),
        ("our community, on first offence.", "our community.", "our community[-, on first offence-]."),
        ("by training and testing", "by training, testing and use", "by training[- and testing-]{+, testing and use+}"),
        ("devices (e.g., a lamp)", "devices (for example, a lamp)", "devices ([-e.g.-]{+for example+}, a lamp)"),
        ("our Products[1], you", "our Products[2], you", "our Products[-[1]-]{+[2]+}, you"),
        ("report it, please", "report it please", "report[- it,-]{+ it+} please"),
        ("a fee of $1,000.", "a fee of $1,500.", "a fee of[- $1,000-]{+ $1,500+}."),
    ],
    ids=lambda text: text[:20],
)
def test_punctuation_that_stays_is_not_marked_and_punctuation_alone_is_marked_with_its_word(before, after, expected):
    assert shown(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "Effective June 15, 2023 here",
            "Effective September 7, 2023 here",
            "Effective[- June 15, 2023-]{+ September 7, 2023+} here",
        ),
        (
            "(from January 28, 2026, on)",
            "(from March 4, 2026, on)",
            "(from[- January 28, 2026-]{+ March 4, 2026+}, on)",
        ),
        (
            "ab 1. Mai 2024 f\u00fcr alle",
            "ab 1. Juni 2024 f\u00fcr alle",
            "ab[- 1. Mai 2024-]{+ 1. Juni 2024+} f\u00fcr alle",
        ),
        ("el 2 de mayo de 2025 a", "el 3 de mayo de 2025 a", "el[- 2 de mayo de 2025-]{+ 3 de mayo de 2025+} a"),
        (
            "from 1 May 2024 to 3 June 2024",
            "from 2 May 2024 to 3 June 2025",
            "from[- 1 May 2024-]{+ 2 May 2024+} to[- 3 June 2024-]{+ 3 June 2025+}",
        ),
        ("on 1 May or 2 May", "on 1 May and 3 May", "on 1 May[- or 2 May-]{+ and 3 May+}"),
        ("you may post 3 times", "you may post 4 times", "you may post[- 3-]{+ 4+} times"),
    ],
    ids=lambda text: text[:20],
)
def test_a_date_in_words_is_marked_as_one(before, after, expected):
    assert shown(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "You can post. You can share. That is all.",
            "You can post. You can like. You can share. That is all.",
            "You can post.{+ You can like.+} You can share. That is all.",
        ),
        (
            "We keep logs, we keep mails, and we keep notes.",
            "We keep logs, and we keep notes.",
            "We keep logs,[- we keep mails,-] and we keep notes.",
        ),
    ],
)
def test_a_sentence_or_clause_that_came_or_went_is_marked_from_its_beginning(before, after, expected):
    assert shown(before, after) == expected


def test_a_few_words_that_stay_between_long_changes_are_no_confetti():
    before = "You agree that all claims must be brought to the courts of one country by each of the parties alone."
    after = "You agree that any dispute will be settled, where it must end in court at all, by an arbiter alone."
    assert shown(before, after).count("[-") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("one  two", "one two"),
        ("end ", "end"),
        ("First do this. Then that.", "First do this.\nThen that."),
        ("\u201cDon\u2019t\u201d \u2013 really", '"Don\'t" - really'),
        ("10\u00a0000 users", "10 000 users"),
    ],
)
def test_white_space_and_typographic_signs_are_not_marked(before, after):
    assert mark_words(before, after) == (Segment(SegmentOp.SAME, after),)


def test_typographic_signs_are_not_marked_beside_words_that_changed():
    assert shown("the \u201cDesk\u201d is open", 'the "Desk" is not open') == 'the "Desk" is{+ not+} open'


def test_rows_of_a_table_are_marked_each_for_itself():
    before, after = "a | 1\nb | 1\nc | 1", "a | 1 | x\nb | 1 | x\nc | 1 | x"
    assert shown(before, after) == "a | 1{+ | x+}\nb | 1{+ | x+}\nc | 1{+ | x+}"


def test_the_ends_of_a_giant_change_are_not_taken_apart(monkeypatch):
    taken = []
    mark_parts = words._mark_parts
    monkeypatch.setattr(words, "_mark_parts", lambda *sides: taken.append(sides) or mark_parts(*sides))
    for length in (100, words.MAX_PARTS):
        before, after = "[" * length, "[" * (length // 2) + "x" + "[" * (length // 3)
        segments = mark_words(before, after)
        assert "".join(segment.text for segment in segments if segment.op is not SegmentOp.REMOVED) == after
        assert "".join(segment.text for segment in segments if segment.op is not SegmentOp.ADDED) == before
    assert [len(removed) for removed, _ in taken] == [100]


def test_a_text_too_long_to_be_remembered_is_marked_alike(monkeypatch):
    segments = mark_words("within 24 hours", "within 12 hours")
    monkeypatch.setattr(words, "MAX_REMEMBERED", 0)
    assert mark_words("within 24 hours", "within 12 hours") == segments


def test_texts_too_long_to_align_are_one_removed_and_one_added_between_their_common_ends(monkeypatch):
    monkeypatch.setattr(sequences.find_runs, "__defaults__", (15,))
    old, new = "one six six one", "six one one six"
    assert shown(f"Begin: {old} ends", f"Begin: {new} ends") == f"Begin:[- {old}-]{{+ {new}+}} ends"


def test_changed_words_are_those_of_each_side():
    assert changed_words("It ends in May 2026 for all", "It ends in June 2027 for most") == (
        "May 2026 for all",
        "June 2027 for most",
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\u201cDon\u2019t\u201d\u00a0\u2013\u00a0really…", '"Don\'t" - really...'),
        ("co\u00adope\u200brate", "cooperate"),
        ("  two\n lines ", "two lines"),
        ("Cafe\u0301", "Café"),
        ("10² m", "10² m"),
    ],
)
def test_folding_keeps_the_wording_and_nothing_else(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("3. Scope", "Scope"),
        ("(a) Scope", "Scope"),
        ("iv) Scope", "Scope"),
        ("2.1.4 Scope", "Scope"),
        ("3.", "3."),
        ("24 hours", "24 hours"),
        ("a desk", "a desk"),
        ("1. Mai 2024", "1. Mai 2024"),
        ("14. Tag nach Zugang", "14. Tag nach Zugang"),
        ("2.5 % of it", "2.5 % of it"),
        ("Section 4 \u2013 Scope", "Section \u2013 Scope"),
        ("Article 12", "Article"),
        ("\u7b2c\u4e09\u6761 \u8303\u56f4", "\u7b2c\u6761 \u8303\u56f4"),
        ("\u4e09\u3001\u8303\u56f4", "\u8303\u56f4"),
        ("Article 17 of the Act", "Article 17 of the Act"),
        ("Part of it", "Part of it"),
    ],
)
def test_the_number_of_a_clause_is_told_from_a_number_in_the_sentence(text, rest):
    assert strip_ordinal(text) == rest
