"""Cutting a quote of at most so many words out of a passage: the changed words survive."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.alignment.words import changed_words, cut_quote, split_words
from monitor.model import Passage, PassageOp

TEXT = st.text(alphabet="abc .,;-\u00a0\n\u4e00\u4e01", max_size=60)


def reworded(before, after):
    return Passage(PassageOp.REWORDED, (), before, after)


LONG = " ".join(f"w{number}" for number in range(100))


def test_a_short_quote_is_whole():
    assert cut_quote(reworded("within 24 hours", "within 12 hours"), limit=9) == ("within 24 hours", "within 12 hours")


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
    quotes = cut_quote(reworded(before, after), limit=40)
    for quote, changed in zip(quotes, changed_words(before, after), strict=True):
        if before != after and len(split_words(changed)) <= 40:
            assert all(word in quote for word in split_words(changed))
