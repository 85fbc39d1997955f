"""Inside a text: folding, marking changed words, cutting quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.texts import ANY_TEXT, SENTENCES
from monitor.compare import sequences
from monitor.compare.words import SegmentOp, changed_words, cut_quote, fold, mark_words, split_words, strip_ordinal
from monitor.model import Passage, PassageOp

TEXT = SENTENCES | ANY_TEXT


def shown(before, after):
    signs = {SegmentOp.SAME: "{}", SegmentOp.REMOVED: "[-{}-]", SegmentOp.ADDED: "{{+{}+}}"}
    return "".join(signs[segment.op].format(segment.text) for segment in mark_words(before, after))


def reworded(before, after):
    return Passage(PassageOp.REWORDED, (), before, after)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back_from_the_segments(before, after):
    segments = mark_words(before, after)
    assert "".join(segment.text for segment in segments if segment.op is not SegmentOp.ADDED) == before
    assert "".join(segment.text for segment in segments if segment.op is not SegmentOp.REMOVED) == after
    assert all(segment.text for segment in segments)


@given(TEXT)
def test_an_unchanged_text_is_one_segment_at_most(text):
    assert len(mark_words(text, text)) == bool(text)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("within 24 hours", "within 12 hours", "within[- 24-]{+ 12+} hours"),
        ("you may post", "you may not post", "you may{+ not+} post"),
        ("report it", "report it today", "report it{+ today+}"),
        ("report it", "always report it", "{+always +}report it"),
        ("report it, please", "report it please", "report[- it,-]{+ it+} please"),
        ("ask one of the desks now", "ask any to no desks now", "ask[- one of the-]{+ any to no+} desks now"),
        ("red and blue", "pink and grey", "[-red and blue-]{+pink and grey+}"),
        ("red, then blue", "pink, then grey", "[-red,-]{+pink,+} then[- blue-]{+ grey+}"),
        ("one  two", "one two", "one[-  -]{+ +}two"),
        ("end ", "end", "end[- -]"),
        ("禁止发布广告。", "禁止发布骚扰广告。", "禁止发布{+骚扰+}广告。"),
    ],
)
def test_changed_words_are_marked_for_a_reader(before, after, expected):
    assert shown(before, after) == expected


def test_texts_too_long_to_align_are_one_removed_and_one_added_between_their_common_ends(monkeypatch):
    monkeypatch.setattr(sequences.find_runs, "__defaults__", (15,))
    assert shown("Note: one two six ten ends", "Note: ten six two one ends") == (
        "Note:[- one two six ten-]{+ ten six two one+} ends"
    )


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
    ],
)
def test_the_number_of_a_clause_is_told_from_a_number_in_the_sentence(text, rest):
    assert strip_ordinal(text) == rest


LONG = " ".join(f"w{number}" for number in range(100))


def test_a_short_quote_is_whole():
    assert cut_quote(reworded("within 24 hours", "within 12 hours")) == ("within 24 hours", "within 12 hours")


def test_a_long_quote_keeps_the_changed_words_and_what_is_near():
    before, after = cut_quote(reworded(LONG, LONG.replace("w50", "must not")), limit=6)
    assert before == "… w48 w49 w50 w51 w52 …"
    assert after == "… w48 w49 must not w51 w52 …"


def test_the_place_of_an_insertion_is_quoted_on_both_sides():
    before, after = cut_quote(reworded(LONG, LONG.replace("w50", "w50 not")), limit=5)
    assert before == "… w49 w50 w51 w52 …"
    assert after == "… w49 w50 not w51 w52 …"


def test_changes_far_apart_are_quoted_with_a_gap():
    _, after = cut_quote(reworded(LONG, LONG.replace("w10", "ten").replace("w80", "eighty")), limit=6)
    assert after == "… w9 ten w11 … w79 eighty w81 …"


def test_more_changed_words_than_fit_are_cut_from_the_end():
    assert cut_quote(Passage(PassageOp.ADDED, (), "", LONG), limit=3) == ("", "w0 w1 w2 …")
    assert cut_quote(Passage(PassageOp.REMOVED, (), LONG, ""), limit=3) == ("w0 w1 w2 …", "")


def test_of_a_moved_passage_the_first_words_are_quoted():
    assert cut_quote(Passage(PassageOp.MOVED, (), LONG, LONG), limit=2) == ("w0 w1 …", "w0 w1 …")


@given(TEXT, TEXT, st.integers(1, 8))
def test_a_quote_is_never_longer_than_its_limit(before, after, limit):
    for quote in cut_quote(reworded(before, after), limit):
        assert len([word for word in split_words(quote) if word.strip("…")]) <= limit


@given(TEXT, TEXT)
def test_every_changed_word_survives_in_a_quote_that_has_room(before, after):
    quotes = cut_quote(reworded(before, after))
    for quote, changed in zip(quotes, changed_words(before, after), strict=True):
        if before != after and len(split_words(changed)) <= 40:
            assert set(split_words(changed)) <= set(split_words(quote))
