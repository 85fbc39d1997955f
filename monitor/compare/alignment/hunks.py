"""Which words of a text changed, as a careful person would mark them: the words between the runs that both texts share.

The longest common subsequence is minimal and often unreadable. Here no confetti stays between two changes, an inserted
or removed stretch begins where a sentence or a clause begins, if it can, and a date in words changes as a whole.

Does not do: cutting texts into words, or joining them again (`words`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare.alignment.datewords import find_dates_in
from monitor.compare.alignment.sequences import Run, find_runs, slide_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LITTLE_WORD = 3
LITTLE_RUN = 3
"""An unchanged run of at most three words of at most three letters ("of the") between two changes is absorbed."""
ISLAND = 3
"""So is one that is three times shorter than the changes on both its sides."""


_CLOSING = "\"')]”’»"
_SENTENCE_ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")
_CLAUSE_ENDS = (",", ";", ":", "-", "\u3001", "\uff0c", "\uff1b", "\uff1a")


class Hunk(NamedTuple):
    """The words `old` of the first text became the words `new` of the second; one of the two may be empty."""

    old_start: int
    old_stop: int
    new_start: int
    new_stop: int


def find_hunks(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """What changed between two lists of words, in ascending order; hunks do not touch each other."""
    ends = (len(old), len(new))
    runs = _absorb_islands(find_runs(old, new), old, ends)
    runs = slide_runs(runs, old, new, (lambda at: _boundary(old, at), lambda at: _boundary(new, at)))
    hunks = list(_between(runs, ends))
    old_dates, new_dates = find_dates_in(old), find_dates_in(new)
    return _widen(hunks, old_dates, new_dates) if old_dates or new_dates else hunks


def _between(runs: Sequence[Run], ends: tuple[int, int]) -> Iterator[Hunk]:
    i = j = 0
    for old, new, size in (*runs, Run(*ends, 0)):
        if old > i or new > j:
            yield Hunk(i, old, j, new)
        i, j = old + size, new + size


def _absorb_islands(runs: list[Run], old: Sequence[str], ends: tuple[int, int]) -> list[Run]:
    """Without the runs that would leave confetti between two changes."""
    kept: list[Run] = []
    old_end = new_end = 0  # of the last run that was kept
    for run, following in zip(runs, (*runs[1:], Run(*ends, 0)), strict=False):
        i, j, size = run
        left = max(i - old_end, j - new_end)
        right = max(following.old - i - size, following.new - j - size)
        if (
            left
            and right
            and size <= max(LITTLE_RUN, min(left, right) // ISLAND)
            and _is_island(run, old, min(left, right))
        ):
            continue
        kept.append(run)
        old_end, new_end = i + size, j + size
    return kept


def _is_island(run: Run, old: Sequence[str], beside: int) -> bool:
    """`beside`: how many words changed on either side of it at least."""
    if not beside or run.size > max(LITTLE_RUN, beside // ISLAND):
        return False
    return run.size * ISLAND <= beside or all(len(word) <= LITTLE_WORD for word in old[run.old : run.old + run.size])


def _widen(hunks: list[Hunk], old_dates: list[range], new_dates: list[range]) -> list[Hunk]:
    """Where a part of a date changed, all of it did; hunks that touch then are one."""
    widened: list[Hunk] = []
    for hunk in hunks:
        old_ahead, old_behind = _overlap(old_dates, hunk.old_start, hunk.old_stop)
        new_ahead, new_behind = _overlap(new_dates, hunk.new_start, hunk.new_stop)
        ahead, behind = max(old_ahead, new_ahead), max(old_behind, new_behind)
        wide = Hunk(hunk.old_start - ahead, hunk.old_stop + behind, hunk.new_start - ahead, hunk.new_stop + behind)
        if widened and (widened[-1].old_stop >= wide.old_start or widened[-1].new_stop >= wide.new_start):
            last = widened.pop()
            wide = Hunk(last.old_start, wide.old_stop, last.new_start, wide.new_stop)
        widened.append(wide)
    return widened


def _overlap(dates: list[range], start: int, stop: int) -> tuple[int, int]:
    """How many words of dates that are partly within reach out before the start and behind the stop."""
    first = bisect_right(dates, start, key=lambda date: date.stop)
    last = bisect_left(dates, stop, key=lambda date: date.start) - 1
    if first >= len(dates) or last < first:
        return 0, 0
    return max(0, start - dates[first].start), max(0, dates[last].stop - stop)


def _boundary(words: Sequence[str], at: int) -> int:
    """How good a place it is to begin at: 2 a sentence, 1 a clause, 0 any other."""
    last = words[at - 1].rstrip(_CLOSING) if at else "."
    return 2 if last.endswith(_SENTENCE_ENDS) else int(last.endswith(_CLAUSE_ENDS))
