"""The few words of a change that people see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.quotes import CHARACTERS, PASSAGES, WORDS, more_passages, quote
from monitor.compare.alignment.words import SegmentOp, mark_words, split_words
from monitor.model import Passage, PassageOp

FILLER = " ".join(f"filler{number}" for number in range(60))


def reworded(before, after, heading=()):
    return Passage(PassageOp.REWORDED, heading, before, after)


def added(text):
    return Passage(PassageOp.ADDED, (), "", text)


def only(passage, **how):
    (found,) = quote([passage], **how)
    return found


def texts(passage, op):
    return [each.text for each in only(passage).segments if each.op is op]


def count(quotes):
    words = [word for each in quotes for segment in each.segments for word in split_words(segment.text)]
    return sum(word != "…" for word in words)


def test_a_short_passage_is_shown_whole_with_its_changed_words_marked():
    found = only(reworded("Users may opt out.", "Users must opt out."))
    assert [(each.op.value, each.text) for each in found.segments] == [
        ("same", "Users "),
        ("removed", "may"),
        ("same", " "),
        ("added", "must"),
        ("same", " opt out."),
    ]
    assert found.sides == ("Users may opt out.", "Users must opt out.")


def test_changed_words_deep_in_a_long_passage_survive_with_their_surroundings():
    before, after = only(
        reworded(f"{FILLER} users may opt out {FILLER}", f"{FILLER} users must opt out {FILLER}")
    ).sides
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
    shown = "".join(each.text for each in only(Passage(PassageOp.ADDED, (), before, after)).segments)
    assert shown == " ".join(FILLER.split()[:WORDS]) + " …"


def test_where_the_changed_words_alone_are_too_many_both_sides_keep_their_share():
    old, new = ([f"{word}{number}" for number in range(50)] for word in ("old", "new"))
    before, after = only(reworded(" ".join(old), " ".join(new))).sides
    assert before.split() == [*old[: WORDS // 2], "…"]
    assert after.split() == [*new[: WORDS // 2], "…"]


def test_what_the_shorter_side_does_not_need_goes_to_the_longer_one():
    new = [f"new{number}" for number in range(90)]
    before, after = only(reworded("It may go.", f"It {' '.join(new)} go.")).sides
    assert "may" in before
    assert [each for each in after.split() if each in new] == new[: WORDS - 1]


def test_the_passages_of_a_change_share_the_room_and_none_of_them_loses_its_changed_words():
    passages = [reworded(f"{FILLER} may go {FILLER}", f"{FILLER} must go {FILLER}") for _ in range(PASSAGES)]
    found = quote(passages)
    assert [each.text for one in found for each in one.segments if each.op is SegmentOp.ADDED] == ["must"] * PASSAGES
    assert count(found) <= WORDS


def test_a_passage_that_needs_little_leaves_its_room_to_the_others():
    short, long = quote([added("Two words."), added(FILLER)])
    assert short.sides[1] == "Two words."
    assert len(long.sides[1].split()) == WORDS - 2 + len(["…"])


def test_in_a_form_with_both_sides_in_full_shared_words_count_once():
    before, after = only(reworded("You must be 16 to host.", "You must be 18 to host.")).sides
    assert (before, after) == ("You must be 16 to host.", "You must be 18 to host.")
    before, after = only(reworded(f"{FILLER} may go", f"{FILLER} must go")).sides
    assert before.endswith("may go")
    assert after.endswith("must go")


def test_punctuation_stays_with_the_word_before_it_on_each_side():
    assert only(reworded("Ask the Trust Desk.", "Ask the Safety Centre.")).sides == (
        "Ask the Trust Desk.",
        "Ask the Safety Centre.",
    )


def test_passages_beyond_the_first_few_are_counted():
    passages = [added(f"Rule {number}.") for number in range(PASSAGES + 2)]
    assert len(quote(passages)) == PASSAGES
    assert more_passages(passages) == "… and 2 more passages"
    assert more_passages(passages[:PASSAGES]) == ""


def test_a_passage_is_labelled_unless_it_goes_on_where_the_one_before_ended():
    passages = [reworded("a", "b", ("Duties",)), reworded("c", "d", ("Duties",)), reworded("e", "f", ("Rights",))]
    assert [each.is_labelled for each in quote(passages)] == [True, False, True]


def test_a_moved_passage_is_shown_unmarked():
    found = only(Passage(PassageOp.MOVED, (), "The same words.", "The same words."))
    assert [(each.op, each.text) for each in found.segments] == [(SegmentOp.SAME, "The same words.")]
    assert found.sides == ("The same words.", "The same words.")


def test_what_only_moved_is_left_to_its_label_where_changed_words_take_all_the_room():
    moved = Passage(PassageOp.MOVED, ("Rights",), "The same words.", "The same words.")
    found = quote([added(FILLER), moved])
    assert [(each.is_labelled, bool(each.segments), each.sides) for each in found[1:]] == [(True, False, ("", ""))]


def test_an_empty_passage_has_an_empty_quote():
    assert only(reworded("", "")).segments == ()


def test_ideographs_count_as_words_and_are_cut_without_spaces_between_them():
    found = only(added("利用者は年齢を確認しなければならない。" * 9))
    assert count([found]) <= WORDS
    assert found.sides[1].startswith("利用者は年齢を確認")
    assert found.sides[1].endswith(" …")


def test_text_without_spaces_is_cut_in_the_middle():
    shown = "".join(each.text for each in only(added("x" * 5_000)).segments)
    assert len(shown) <= CHARACTERS
    assert "…" in shown


def test_where_words_are_endless_the_changed_ones_keep_theirs():
    passage = reworded("x" * 3_000 + " may " + "y" * 3_000, "x" * 3_000 + " must " + "y" * 3_000)
    assert texts(passage, SegmentOp.REMOVED) == ["may"]
    assert texts(passage, SegmentOp.ADDED) == ["must"]


words = st.lists(st.sampled_from([*"abcdefgh", "may", "must", "規則"]), max_size=150).map(" ".join)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=5))
def test_a_change_is_quoted_in_few_words_and_only_with_real_changes(sides):
    passages = [reworded(*each) for each in sides]
    shown = quote(passages)
    assert count(shown) <= WORDS
    for op in (SegmentOp.REMOVED, SegmentOp.ADDED):
        whole = [
            each.text.strip()
            for one in sides[:PASSAGES]
            for each in mark_words(*one)
            if each.op is op and each.text.strip()
        ]
        marked = [each.text for one in shown for each in one.segments if each.op is op]
        assert all(any(each.removesuffix(" …") in text for text in whole) for each in marked)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=3))
def test_changed_words_all_survive_where_they_are_few_enough(sides):
    marked = [mark_words(*each) for each in sides]
    changed = [each for one in marked for each in one if each.op is not SegmentOp.SAME and each.text.strip()]
    shown = [each for one in quote([reworded(*each) for each in sides]) for each in one.segments]
    if sum(len(split_words(each.text)) for each in changed) <= WORDS:
        found = [each.text for each in shown if each.op is not SegmentOp.SAME]
        assert found == [each.text.strip() for each in changed]


@given(st.text(max_size=4_000), st.text(max_size=4_000))
def test_no_text_makes_a_quote_much_longer_than_its_limit(before, after):
    for passage in (reworded(before, after), reworded("", after)):
        assert sum(len(each.text) for each in only(passage).segments) <= 2 * CHARACTERS
