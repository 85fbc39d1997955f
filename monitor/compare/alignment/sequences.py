"""Where two sequences agree: the arithmetic under the alignment of blocks and of words.

Every function has a stated ceiling of work, so that no input (repeated lines, one giant line, 12,000 similar table
rows, wholly different texts) takes more than a fraction of a second.

Does not do: anything with texts. It sees hashable elements only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import compress, count
from operator import ne
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Indel

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

MAX_CELLS = 400_000_000
"""Largest product of lengths that is aligned: 50 MB of bit matrix and 0.2 s (measured on 20,000 shuffled elements)."""
STRETCH = 4
"""Elements in a row that are looked for where there are too many to align them one by one."""

MAX_SHIFT = 30
"""Elements by which an insertion is moved to a better beginning: more than a sentence begins alike with the next."""


class Run(NamedTuple):
    """`size` equal elements, from `old` in the first sequence and from `new` in the second."""

    old: int
    new: int
    size: int


class Candidate(NamedTuple):
    """Two elements that could be each other's counterpart, with what that is worth (above 0)."""

    old: int
    new: int
    score: float


def common_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """How many elements are equal at the head, and how many of the others at the tail."""
    shorter = min(len(old), len(new))
    head = next(compress(count(), map(ne, old, new)), shorter)
    tail = next(compress(count(), map(ne, reversed(old), reversed(new))), shorter)
    return head, min(tail, shorter - head)


def find_runs(old: Sequence[Hashable], new: Sequence[Hashable], max_cells: int = MAX_CELLS) -> list[Run]:
    """The longest common subsequence as runs in ascending order.

    Where the product of the lengths is above `max_cells`, elements that stand on one side only are left out of it; if
    it still is, what each side has exactly once is aligned, and the rest between them as far as it goes.
    """
    head, tail = common_ends(old, new)
    old_end, new_end = len(old) - tail, len(new) - tail
    find = _find_longest if (old_end - head) * (new_end - head) <= max_cells else _find_shared
    runs = [Run(0, 0, head)] if head else []
    runs += [Run(head + i, head + j, size) for i, j, size in find(old[head:old_end], new[head:new_end], max_cells)]
    return [*runs, Run(old_end, new_end, tail)] if tail else runs


def _find_longest(old: Sequence[Hashable], new: Sequence[Hashable], max_cells: int) -> Iterator[tuple[int, int, int]]:
    """Old place, new place and size of each run."""
    if 0 < len(old) * len(new) <= max_cells:
        for block in Indel.editops(old, new).as_matching_blocks():
            if block.size:
                yield block.a, block.b, block.size


def _find_shared(old: Sequence[Hashable], new: Sequence[Hashable], max_cells: int) -> Iterator[tuple[int, int, int]]:
    """The same among the elements that both sides have."""
    shared = set(old) & set(new)
    old_at = [i for i, element in enumerate(old) if element in shared]
    new_at = [j for j, element in enumerate(new) if element in shared]
    matches = _match_parts([old[i] for i in old_at], [new[j] for j in new_at], max_cells)
    return _join((old_at[i], new_at[j]) for i, j in matches)


def _match_parts(old: list[Hashable], new: list[Hashable], max_cells: int) -> Iterator[tuple[int, int]]:
    """Equal elements, in the parts between the anchors as long as the cells suffice."""
    head, tail = common_ends(old, new)
    anchors = [(i, i) for i in range(head)]
    if (len(old) - head - tail) * (len(new) - head - tail) > max_cells:
        anchors += [(each.old, each.new) for each in _find_unique(old, new, head, tail)]
    anchors += [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]
    last_old = last_new = -1
    for i, j in [*anchors, (len(old), len(new))]:
        for a, b, size in _find_longest(old[last_old + 1 : i], new[last_new + 1 : j], max_cells):
            yield from ((last_old + 1 + a + at, last_new + 1 + b + at) for at in range(size))
        max_cells -= (i - last_old - 1) * (j - last_new - 1)
        if i < len(old):
            yield i, j
        last_old, last_new = i, j


def _find_unique(old: list[Hashable], new: list[Hashable], head: int, tail: int) -> list[Candidate]:
    """What each side has exactly once between head and tail, elements and stretches of them, as far as it is in order.

    In a long text every word stands more than once, but hardly any sentence does.
    """
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    pairs = {*_pair_unique(old_middle, new_middle), *_pair_unique(_stretches(old_middle), _stretches(new_middle))}
    return choose_in_order(Candidate(head + i, head + j, 1.0) for i, j in pairs)


def _stretches(elements: list[Hashable]) -> list[tuple[Hashable, ...]]:
    return list(zip(*(elements[at:] for at in range(STRETCH)), strict=False))


def _pair_unique(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    old_counts, new_counts = Counter(old), Counter(new)
    places = {element: at for at, element in enumerate(new) if new_counts[element] == 1}
    return ((at, places[each]) for at, each in enumerate(old) if old_counts[each] == 1 and each in places)


def _join(matches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Matches that follow each other on both sides, as one run."""
    old = new = size = 0
    for i, j in matches:
        if (old + size, new + size) == (i, j):
            size += 1
            continue
        if size:
            yield old, new, size
        old, new, size = i, j, 1
    if size:
        yield old, new, size


def slide_runs(
    runs: Sequence[Run],
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    rates: tuple[Callable[[int], int], Callable[[int], int]],
) -> list[Run]:
    """The runs, with what was only inserted or only removed between two of them moved to where it begins best.

    "a b a c" from "a c" is "a b" inserted before or "b a" inserted after the first element. `rates` say for either side
    how good a beginning the element at a place is, 0 to 2; better still is a place that leaves one run less.
    """
    slid = list(runs)
    for at in range(len(slid) - 1):
        before, after = slid[at], slid[at + 1]
        if before.old + before.size == after.old:
            shift = _best_shift(new, before.new + before.size, after.new, (before.size, after.size), rates[1])
        elif before.new + before.size == after.new:
            shift = _best_shift(old, before.old + before.size, after.old, (before.size, after.size), rates[0])
        else:
            continue
        if shift:
            slid[at] = Run(before.old, before.new, before.size + shift)
            slid[at + 1] = Run(after.old + shift, after.new + shift, after.size - shift)
    return [run for run in slid if run.size]


def _best_shift(
    elements: Sequence[Hashable], start: int, stop: int, room: tuple[int, int], rate: Callable[[int], int]
) -> int:
    """By how many elements the stretch from `start` to `stop` is moved; 0 where it stands well."""
    shifts = [0]
    for step in range(1, min(MAX_SHIFT, room[0]) + 1):
        if elements[start - step] != elements[stop - step]:
            break
        shifts.append(-step)
    for step in range(1, min(MAX_SHIFT, room[1]) + 1):
        if elements[start + step - 1] != elements[stop + step - 1]:
            break
        shifts.append(step)
    if len(shifts) == 1:
        return 0
    joins = {-room[0], room[1]}
    return max(shifts, key=lambda shift: (shift in joins, rate(start + shift)))


def choose_in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates with the highest sum of scores whose `old` and `new` both ascend.

    While it goes through the candidates it keeps the best sum for each last `new`. Both ascend along `ends`: a chain
    that ends later and is worth no more is of no use. O(n log n).
    """
    ends: list[int] = []
    best: list[tuple[float, int]] = []
    ordered = sorted(candidates, key=lambda each: (each.old, -each.new))
    before: list[int | None] = []
    for at, candidate in enumerate(ordered):
        place = bisect_left(ends, candidate.new)
        total, previous = best[place - 1] if place else (0.0, None)
        before.append(previous)
        total += candidate.score
        if place < len(ends) and ends[place] == candidate.new and best[place][0] >= total:
            continue
        beyond = place
        while beyond < len(ends) and best[beyond][0] <= total:
            beyond += 1
        ends[place:beyond] = [candidate.new]
        best[place:beyond] = [(total, at)]
    return _trace_back(ordered, before, best[-1][1] if best else None)


def _trace_back(ordered: list[Candidate], before: list[int | None], last: int | None) -> list[Candidate]:
    chosen = []
    while last is not None:
        chosen.append(ordered[last])
        last = before[last]
    return chosen[::-1]
