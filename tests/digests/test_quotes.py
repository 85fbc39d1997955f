"""The few words of a passage that people see."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.quotes import CHARACTERS, WORDS, quote, sides
from monitor.compare.alignment.words import SegmentOp, mark_words
from monitor.model import Passage, PassageOp

FILLER = " ".join(f"filler{number}" for number in range(60))


def reworded(before, after):
    return Passage(PassageOp.REWORDED, (), before, after)


def texts(passage, op):
    return [each.text for each in quote(passage) if each.op is op]


def test_a_short_passage_is_shown_whole_with_its_changed_words_marked():
    assert [(each.op.value, each.text) for each in quote(reworded("Users may opt out.", "Users must opt out."))] == [
        ("same", "Users "),
        ("removed", "may"),
        ("same", " "),
        ("added", "must"),
        ("same", " opt out."),
    ]


def test_changed_words_deep_in_a_long_passage_survive_with_their_surroundings():
    passage = reworded(f"{FILLER} users may opt out {FILLER}", f"{FILLER} users must opt out {FILLER}")
    before, after = sides(passage)
    assert "users may opt out" in before
    assert "users must opt out" in after
    assert before.startswith("… ")
    assert before.endswith(" …")


def test_every_one_of_several_changes_survives():
    passage = reworded(f"one {FILLER} three {FILLER} five", f"uno {FILLER} tres {FILLER} cinco")
    assert texts(passage, SegmentOp.REMOVED) == ["one", "three", "five"]
    assert texts(passage, SegmentOp.ADDED) == ["uno", "tres", "cinco"]


def test_what_is_only_out_of_sight_is_never_marked_as_changed():
    passage = reworded(f"{FILLER} may {FILLER}", f"{FILLER} must in each and every single case {FILLER}")
    assert texts(passage, SegmentOp.REMOVED) == ["may"]
    assert texts(passage, SegmentOp.ADDED) == ["must in each and every single case"]


@pytest.mark.parametrize(("before", "after"), [("", FILLER), (FILLER, "")])
def test_of_a_passage_that_is_new_or_gone_the_first_words_are_shown(before, after):
    shown = "".join(each.text for each in quote(Passage(PassageOp.ADDED, (), before, after)))
    assert shown == " ".join(FILLER.split()[:WORDS]) + " …"


def test_a_moved_passage_is_shown_unmarked():
    moved = Passage(PassageOp.MOVED, (), "The same words.", "The same words.")
    assert [(each.op, each.text) for each in quote(moved)] == [(SegmentOp.SAME, "The same words.")]
    assert sides(moved) == ("The same words.", "The same words.")


def test_an_empty_passage_has_no_quote():
    assert quote(reworded("", "")) == ()


def test_text_without_spaces_is_cut_in_the_middle():
    shown = "".join(each.text for each in quote(Passage(PassageOp.ADDED, (), "", "x" * 5_000)))
    assert len(shown) <= CHARACTERS
    assert "…" in shown


words = st.lists(st.sampled_from([*"abcdefgh", "may", "must", "規則"]), max_size=150).map(" ".join)


@given(words, words)
def test_a_quote_keeps_to_its_lengths_and_shows_only_real_changes(before, after):
    passage = reworded(before, after)
    whole = mark_words(before, after)
    shown = quote(passage)
    for op in (SegmentOp.REMOVED, SegmentOp.ADDED):
        changed = [each.text.strip() for each in whole if each.op is op and each.text.strip()]
        marked = [each.text for each in shown if each.op is op]
        if sum(len(each.split()) for each in changed) <= WORDS:
            assert marked == changed
    for side in sides(passage):
        assert sum(word != "…" for word in side.split()) <= WORDS


@given(st.text(max_size=4_000), st.text(max_size=4_000))
def test_no_text_makes_a_quote_much_longer_than_its_limit(before, after):
    for passage in (reworded(before, after), replace(reworded(before, after), before="")):
        assert sum(len(each.text) for each in quote(passage)) <= 2 * CHARACTERS
