"""Common runs and chains in order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.alignment.sequences import Candidate, Run, choose_in_order, common_ends, find_runs, slide_runs

LETTERS = st.text(alphabet="abcd", max_size=20)


@pytest.mark.parametrize(
    ("old", "new", "ends"),
    [("", "", (0, 0)), ("abc", "abc", (3, 0)), ("abxc", "abyyc", (2, 1)), ("aa", "aaa", (2, 0)), ("ab", "cd", (0, 0))],
)
def test_common_ends_do_not_overlap(old, new, ends):
    assert common_ends(old, new) == ends


@given(LETTERS, LETTERS)
def test_runs_are_equal_on_both_sides_and_ascend(old, new):
    runs = find_runs(old, new)
    assert all(old[run.old : run.old + run.size] == new[run.new : run.new + run.size] for run in runs)
    assert all(a.old + a.size <= b.old and a.new + a.size <= b.new for a, b in pairwise(runs))
    assert bool(runs) == bool(set(old) & set(new))


def test_runs_are_the_longest_common_subsequence():
    assert find_runs("abcde", "xbcye") == [Run(1, 1, 2), Run(4, 4, 1)]


def test_above_the_ceiling_what_each_side_has_once_is_aligned_and_the_rest_between_as_far_as_it_goes():
    old, new = "h" + "aabb" + "X" + "cdcd" + "Y" + "aabb" + "t", "h" + "bbaa" + "X" + "dcdc" + "Y" + "bbaa" + "t"
    assert find_runs(old, new, max_cells=0) == [Run(0, 0, 1), Run(5, 5, 1), Run(10, 10, 1), Run(15, 15, 1)]
    assert Run(6, 7, 3) in find_runs(old, new, max_cells=35)


def test_above_the_ceiling_stretches_that_each_side_has_once_are_aligned_where_every_element_is_repeated():
    middle = "abcdefgh" + "hgfedcba"
    assert Run(2, 2, len(middle)) in find_runs(f"ab{middle}cd", f"ba{middle}dc", max_cells=40)


def test_above_the_ceiling_only_head_and_tail_agree_where_everything_is_repeated():
    assert find_runs("sababt", "sbabat", max_cells=15) == [Run(0, 0, 1), Run(5, 5, 1)]
    assert len(find_runs("sababt", "sbabat", max_cells=16)) > 2


def test_elements_of_one_side_only_do_not_count_for_the_ceiling():
    assert find_runs("1a2b3", "xayb!", max_cells=0) == [Run(1, 1, 1), Run(3, 3, 1)]


def rate_capitals(sequence):
    return lambda at: 2 * sequence[at : at + 1].isupper()


@pytest.mark.parametrize(
    ("old", "new", "inserted"),
    [("Ac", "AbAc", "Ab"), ("xAbyd", "xAbyAbyd", "Aby"), ("xyz", "xyyz", "y"), ("aXc", "aXbXc", "Xb")],
)
def test_what_was_inserted_begins_where_it_begins_best(old, new, inserted):
    for one, other, side in ((old, new, 1), (new, old, 0)):
        runs = slide_runs(find_runs(one, other), one, other, (rate_capitals(one), rate_capitals(other)))
        kept = {at for run in runs for at in range(run[side], run[side] + run.size)}
        assert "".join(sign for at, sign in enumerate(new) if at not in kept) == inserted


@given(LETTERS, LETTERS)
def test_runs_that_slid_are_as_long_as_before_and_no_more(old, new):
    runs = find_runs(old, new)
    slid = slide_runs(runs, old, new, (lambda at: at % 3, lambda at: at % 2))
    assert all(old[run.old : run.old + run.size] == new[run.new : run.new + run.size] for run in slid)
    assert all(a.old + a.size <= b.old and a.new + a.size <= b.new for a, b in pairwise(slid))
    assert sum(run.size for run in slid) == sum(run.size for run in runs)
    assert len(slid) <= len(runs)


def best_sum(candidates):
    """By trying everything."""
    sums = [0.0]
    for at, first in enumerate(candidates):
        rest = [each for each in candidates[at + 1 :] if each.old > first.old and each.new > first.new]
        sums.append(first.score + best_sum(rest))
    return max(sums)


CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(0, 6), st.integers(0, 6), st.sampled_from([0.5, 0.75, 1.0])),
    max_size=9,
    unique_by=lambda each: each[:2],
)


@given(CANDIDATES)
def test_the_chosen_ascend_on_both_sides_and_no_other_choice_is_worth_more(candidates):
    chosen = choose_in_order(candidates)
    assert all(a.old < b.old and a.new < b.new for a, b in pairwise(chosen))
    assert sum(each.score for each in chosen) == best_sum(sorted(candidates))
