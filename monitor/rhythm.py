"""Whether a source keeps its rhythm: numbers of its own history in, what is doubtful about now out.

    silent       two of its cycles went by without a good answer
    no-entries   a feed brought nothing for twice as long as it ever did
    drifting     small steps add up to a text a third smaller, or twice as large, within a year
    keeps-less   what is kept of the page is half the part that it was

Each source is its own measure, and with too little history nothing is said. A page that loses or gains a lot at once
is not drifting: people are told of that change, or the gate doubts it (`monitor.extract.continuity`). The numbers were
set where the real and invented histories of benchmarks/silence.py raise next to no alarm (docs/decisions/0035).

Does not do: reading history, opening Problems (`monitor.silence`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

from monitor.sources import next_due

if TYPE_CHECKING:
    from collections.abc import Sequence

LATE = timedelta(hours=1)
"""So long a crawl of many sources may take: an address that is asked late is not silent."""

LEAST_GAPS = 8
"""Between days with news: with fewer, a feed has no rhythm yet."""
LONGER = 2
"""Times the longest gap ever: bursts, weekends and the summer are in it already, once they were seen."""
LEAST_QUIET = timedelta(days=14)
"""No feed is quiet before: a public holiday, a week off."""
UNSEEN_QUIET = timedelta(days=30)
"""Nor is one that was not watched for a year yet, whose longest holidays nobody knows."""
YEAR = timedelta(days=365)

LEAST_MEASURES = 5
"""New answers: with fewer, an address has no usual size yet."""
SMALL_STEP = log(1.25)
"""Up to this a step is small: a fourth more, or a fifth less."""
LOST = log(1.5)
GROWN = log(2)
"""More than it may lose: a text that is missing harms, and most that grow are lists that are kept."""
KEPT = 0.5
"""Of the usual share."""


class Quiet(NamedTuple):
    """A feed that brings nothing for too long."""

    since: date
    """The last day with news."""
    days: int
    usual: int
    """The longest it was quiet before, in days."""


class Measure(NamedTuple):
    """How much text one answer gave."""

    letters: int
    share: float | None
    """Of the letters of its page; None = it was no page."""
    drift: float
    """Sum of all small steps up to here (natural logarithms)."""


class Drift(NamedTuple):
    """From which size to which a text has drifted, in letters."""

    before: int
    now: int


class Decay(NamedTuple):
    """The usual share of the page that was kept, and that of now."""

    before: float
    now: float


def is_silent(every: str, seen_at: datetime, now: datetime) -> bool:
    """Whether a source with this `every`, last read then, missed two of its cycles.

    It was due, nothing came, and a whole cycle later it was due again. Raises ValueError as `next_due`.
    """
    return next_due(every, next_due(every, seen_at)) + LATE < now


def find_quiet(
    days: Sequence[date], today: date, *, resumed: Sequence[date] = (), settled_on: date = date.min
) -> Quiet | None:
    """Whether a feed with news on these days, in order, has been quiet for too long, and since `settled_on` again.

    `resumed`: the days on which it was asked again after a longer break. What is in a break is no silence of the feed.
    """
    gaps = [
        (after - before).days for before, after in pairwise(days) if not any(before < each <= after for each in resumed)
    ]
    if len(gaps) < LEAST_GAPS:
        return None
    floor = LEAST_QUIET if days[-1] - days[0] >= YEAR else UNSEEN_QUIET
    quiet = (today - max(days[-1], settled_on, *resumed)).days
    return Quiet(days[-1], quiet, max(gaps)) if quiet > max(floor.days, LONGER * max(gaps)) else None


def add_step(drift: float, before: int, after: int) -> float:
    """`drift` after the next answer: sizes in letters. What is no small step leaves it as it is."""
    step = log(max(after, 1) / max(before, 1))
    return drift + step if abs(step) <= SMALL_STEP else drift


def find_drift(measures: Sequence[Measure]) -> Drift | None:
    """Whether the last of the measures of a year has drifted away from one before.

    Its size must differ as much as the steps say: what came back at once has drifted no longer.
    """
    if len(measures) < LEAST_MEASURES:
        return None
    now = measures[-1]
    found = [each for each in measures if _has_drifted(each, now)]
    before = max(found, key=lambda each: abs(now.drift - each.drift), default=None)
    return Drift(before.letters, now.letters) if before else None


def _has_drifted(before: Measure, now: Measure) -> bool:
    steps = now.drift - before.drift
    if -LOST < steps < GROWN:
        return False
    altogether = log(max(now.letters, 1) / max(before.letters, 1))
    return min(steps, altogether) >= GROWN or max(steps, altogether) <= -LOST


def find_decay(measures: Sequence[Measure]) -> Decay | None:
    """Whether the last of the measures of a year keeps far less of its page than most before it."""
    shares = [each.share for each in measures if each.share is not None]
    if len(shares) < LEAST_MEASURES:
        return None
    usual = sorted(shares)[len(shares) * 3 // 4]
    return Decay(usual, shares[-1]) if shares[-1] < KEPT * usual else None
