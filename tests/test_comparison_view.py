"""Two texts beside one another: what is shown, folded, moved, and left out."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Block, BlockKind, PassageOp
from monitor.views.comparison import GAP, LEAST, NEAR, Piece, cap, compare_texts, read_text


def a_text(*lines, under=("Rules",)):
    """Paragraphs under one heading; "# Title" is a heading, "- point" an item."""
    kinds = {"# ": BlockKind.HEADING, "- ": BlockKind.ITEM}
    return tuple(
        Block(kinds.get(each[:2], BlockKind.PARAGRAPH), each[2:] if each[:2] in kinds else each, under)
        for each in lines
    )


def words(lines):
    return ["".join(piece.text for piece in line.pieces) for line in lines]


def drawn(stretch):
    """Removed words in [], added ones in {}."""
    return " / ".join(map(drawn_line, stretch.lines))


def drawn_line(line):
    frames = {"removed": "[{}]", "added": "{{{}}}", "same": "{}"}
    return "".join(frames[each.op].format(each.text) for each in line.pieces)


def count_shown(stretch):
    return sum(len(each.text.split()) for line in stretch.lines for each in line.pieces if each.mark != GAP)


A, B, C, D, E, F = (f"The {each} rule says what people may post here." for each in "abcdef")


def test_equal_texts_are_one_folded_stretch():
    (only,) = compare_texts(a_text(A, B), a_text(A, B))
    assert (only.op, only.is_folded, words(only.lines)) == (None, True, [A, B])


def test_changed_words_are_marked_in_both_texts_and_in_each():
    old, new = "Hosts must be 16 or older.", "Hosts must be 18 or older."
    (stretch,) = compare_texts(a_text(old), a_text(new))
    assert stretch.op is PassageOp.REWORDED
    assert drawn(stretch) == "Hosts must be[ 16]{ 18} or older."
    assert (words(stretch.before), words(stretch.after)) == ([old], [new])


def test_unchanged_text_away_from_a_change_is_folded_and_its_neighbours_are_shown():
    found = compare_texts(a_text(A, B, C, D, E), a_text(A, B, C, D, E, "A new rule."))
    assert [(each.op, each.is_folded, words(each.lines)) for each in found] == [
        (None, True, [A, B, C, D]),
        (None, False, [E]),
        (PassageOp.ADDED, False, ["A new rule."]),
    ]


def test_a_few_unchanged_blocks_between_two_changes_are_not_worth_folding():
    found = compare_texts(a_text("Old one.", A, B, C, "Old two."), a_text(A, B, C))
    assert [each.is_folded for each in found] == [False, False, False]


@pytest.mark.parametrize(
    ("before", "came_from", "came_after"),
    [
        ((*a_text(A), *a_text(B, C, D, under=("Old",))), ("Old",), A),
        ((*a_text(B, under=("Old",)), *a_text(A, C, D)), ("Old",), ""),
    ],
    ids=["after another", "first"],
)
def test_what_moved_says_where_it_stood(before, came_from, came_after):
    found = compare_texts(before, (*a_text(A), *a_text(C, D), *a_text(B, under=("New",))))
    (moved,) = [each for each in found if each.op is PassageOp.MOVED]
    assert (moved.heading, moved.came_from, moved.came_after) == (("New",), came_from, came_after)
    assert words(moved.before) == words(moved.after) == [B]


def test_each_line_is_of_the_kind_of_its_block():
    (stretch,) = compare_texts((), a_text("# Fees", "All is free.", "- No fee at all."))
    assert [each.kind for each in stretch.lines] == ["heading", "paragraph", "item"]
    assert stretch.words == 8


def test_a_text_by_itself_is_shown_under_its_headings():
    found = read_text((*a_text("# One", A, under=("One",)), *a_text(B, under=("Two",))))
    assert [(each.op, each.heading, words(each.lines)) for each in found] == [
        (None, ("One",), ["One", A]),
        (None, ("Two",), [B]),
    ]
    assert found[0].lines[1].pieces == (Piece("same", A),)


def test_what_is_too_much_to_read_is_left_out_from_its_end():
    found = read_text((*a_text("one two three", "four five", under=("A",)), *a_text("six seven", under=("B",))))
    first, second = cap(found, 4, 10)
    assert words(first.lines) == words(first.before) == words(first.after) == ["one two three", "four"]
    assert (first.left_out, first.rest) == (1, 1)
    assert (second.lines, second.left_out, second.rest) == ((), 2, 2)
    assert tuple(cap(found, 7, 10)) == found


def test_what_changed_after_a_very_long_passage_is_shown():
    dice = random.Random(7)
    old = " ".join(f"word{dice.randrange(500)}" for _ in range(9_000))
    ages = "Hosts must be {} years old."
    found = compare_texts(
        a_text(old, A, B, C, D, ages.format(16), under=("X",)),
        a_text(f"New. {old} New.", A, B, C, D, ages.format(18), under=("X",)),
    )
    first, *_, last = [each for each in cap(found, 8_000, 2_000) if each.op]
    assert drawn(last) == "Hosts must be[ 16]{ 18} years old."
    assert 0 < count_shown(first) <= 2 * NEAR + 4


def test_of_a_long_line_the_changed_words_are_shown_with_those_around_them():
    between = " ".join(f"w{number}" for number in range(100))
    (found,) = compare_texts(a_text(f"Pay 14 {between} or 16 now."), a_text(f"Pay 15 {between} or 18 now."))
    (short,) = cap([found], 50, 10)
    (line,) = short.lines
    gap = f" \u2026 {103 - 50 + 4} words \u2026 "
    assert [each.text for each in line.pieces if each.mark == GAP] == [gap]
    assert drawn(short).startswith("Pay[ 14]{ 15} w0 w1 ")
    assert drawn(short).endswith(" w99 or[ 16]{ 18} now.")
    assert (count_shown(short), short.left_out, short.rest) == (50, 57, 0)
    (old,), (new,) = short.before, short.after
    assert old.pieces == tuple(each for each in line.pieces if each.op != "added")
    assert new.pieces == tuple(each for each in line.pieces if each.op != "removed")


def test_of_many_words_that_went_and_came_the_first_of_both_are_shown():
    same, old, new = (" ".join(f"{name}{number}" for number in range(100)) for name in "sxy")
    (found,) = compare_texts(a_text(f"{same} {old}"), a_text(f"{same} {new}"))
    (short,) = cap([found], 1, 10)
    gap = " \u2026 92 words \u2026 "
    assert drawn(short) == f"{gap} {same[-31:]}[ {old[:23]}][{gap}]{{ {new[:23]}}}"
    assert (count_shown(short), short.left_out, short.rest) == (LEAST, 3 * 92, 92)


WORDS = st.sampled_from(["we", "you", "14", "18", "may", "ask"])
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=60), max_size=8)


@settings(max_examples=60, deadline=None)
@given(LINES, LINES, st.integers(0, 60))
def test_whatever_changed_is_shown_or_said_to_be_left_out(before, after, most):
    found = compare_texts(*(a_text(*map(" ".join, each)) for each in (before, after)))
    shown = 0
    for whole, short in zip(found, cap(found, most, 10), strict=True):
        marks = {piece.op for line in short.lines for piece in line.pieces if piece.mark != GAP}
        if whole.op and shown < 2 * most:
            assert marks & ({"removed", "added"} if whole.op != PassageOp.MOVED else {"same"})
        assert short == whole or short.left_out > 0
        shown += 0 if whole.is_folded else whole.words if short == whole else count_shown(short)
    assert shown <= 2 * most + LEAST


def test_a_long_folded_stretch_is_left_out_as_a_whole_and_so_is_what_is_folded_beyond_the_same_number_of_words():
    (folded,) = compare_texts(a_text(A, B), a_text(A, B))
    assert [(each.lines, each.words) for each in cap([folded], 100, 10)] == [((), 18)]
    assert [bool(each.lines) for each in cap([folded, folded, folded], 40, 18)] == [True, True, False]
    shown = read_text(a_text(A, B))
    assert tuple(cap([folded, *shown], 18, 18)) == (folded, *shown)


def test_the_headings_above_a_stretch_do_not_name_the_one_it_begins_with():
    found = read_text(a_text("# One", A, under=("Rules", "One")))
    assert found[0].place == ("Rules",)
    assert read_text(a_text(A))[0].place == ("Rules",)
