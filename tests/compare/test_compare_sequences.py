"""Common runs and chains in order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.sequences import Candidate, Run, choose_in_order, common_ends, find_runs

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


def test_above_the_ceiling_only_head_and_tail_agree():
    assert find_runs("abcdez", "aedcbz", max_cells=15) == [Run(0, 0, 1), Run(5, 5, 1)]
    assert len(find_runs("abcdez", "aedcbz", max_cells=16)) == 3


def test_elements_of_one_side_only_do_not_count_for_the_ceiling():
    assert find_runs("1a2b3", "xayb!", max_cells=0) == [Run(1, 1, 1), Run(3, 3, 1)]


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
