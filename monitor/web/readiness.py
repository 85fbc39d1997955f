"""Whether the monitor does its work: five questions, each with what was found, its limit, and what to do.

    database      can something be written to it within PATIENCE
    ticks         did a tick end lately, or is one under way that gets on
    failures      did the last one do all its work
    deliveries    how long has the oldest message waited that is not sent
    fetches       when was an address last read, for how often they are asked

Of an instance that stands by only the first is asked: the rest is another's work, which says of itself how it goes.

No answer names a Source, a channel or a person.

Does not do: who may know (`monitor.web.pulse`), looking for the reason (`monitor.doctor`).
"""

from __future__ import annotations

import time
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from monitor.errors import StoreError
from monitor.sources import next_due
from monitor.store import open_to_read, sqlite3
from monitor.store.health import LATE, find_newest_at, get_outbox
from monitor.store.pulse import find_first_added_at, find_good_at, find_obstacle, get_rhythms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from monitor.config import Config
    from monitor.pulse import Life
    from monitor.store import Database

READY, NOT_READY, STANDING_BY = "ready", "not-ready", "standing-by"
DATABASE, TICKS, FAILURES, DELIVERIES, FETCHES = "database", "ticks", "failures", "deliveries", "fetches"
NAMES = (DATABASE, TICKS, FAILURES, DELIVERIES, FETCHES)
PATIENCE = timedelta(seconds=5)
"""For another program to end its transaction: half of what each writer waits, and less than a probe does."""
TICK_LATE = timedelta(seconds=90)
"""Three ticks of `monitor.service`."""
STUCK = timedelta(minutes=30)
"""A tick may take hours where hundreds of Sources are due, but it writes a row for each answer. An address that hangs
costs nine minutes at most (`monitor.service.ticking`), and a crawl has ten before anything must arrive
(`monitor.crawl.work.Patience`)."""
FEW = 4
"""A quarter of the Sources may be blind together, at a publisher that is out of order: each has its Problem."""
GRACE = timedelta(hours=1)
"""For the crawl itself, and for holding."""

_UNREADABLE = "a row cannot be read"
_MEND_ROW = "Something else wrote to the database. Which row: monitor verify. A rhythm is mended by the next tick."
_MEND_DATABASE = "Is the disk full or read-only, or does a program hold the database? Look: monitor doctor"
_MEND_TICKS = "Read the log of the service. Nothing is lost by starting it again."
_MEND_FAILURES = "The log of the service names each. They last until they are mended: a new start does not help."
_MEND_DELIVERIES = "Which, and why: monitor problems. What waits is sent by: monitor deliver"
_MEND_FETCHES = "Is the network there, and the name server? Look: monitor problems"


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to one question."""

    name: str
    is_ok: bool
    said: str
    value_s: float | None
    """None = there is nothing that could be old, or nothing can be told."""
    limit_s: float | None
    """None = nothing is measured."""
    advice: str

    def as_dict(self) -> dict[str, object]:
        facts: dict[str, object] = {
            "name": self.name,
            "ok": self.is_ok,
            "said": self.said,
            "seconds": self.value_s,
            "limit_seconds": self.limit_s,
        }
        return facts if self.is_ok else facts | {"advice": self.advice}


@dataclass(frozen=True, slots=True)
class Readiness:
    """All that was asked, the database first."""

    checks: tuple[Check, ...]
    is_standing_by: bool

    @property
    def status(self) -> str:
        if not all(each.is_ok for each in self.checks):
            return NOT_READY
        return STANDING_BY if self.is_standing_by else READY

    def narrowed(self, names: Collection[str]) -> Readiness:
        """With the database and what is named; with everything where nothing is."""
        if not names:
            return self
        return replace(self, checks=tuple(each for each in self.checks if each.name in {DATABASE, *names}))

    def as_dict(self) -> dict[str, object]:
        return {"status": self.status, "checks": [each.as_dict() for each in self.checks]}


def assess(config: Config, life: Life, now: datetime) -> Readiness:
    """Ask all five. Raises nothing: what cannot be asked is not well."""
    return Readiness(tuple(_iter_all(config, life, now)), life.stands_by)


def _iter_all(config: Config, life: Life, now: datetime) -> Iterator[Check]:
    """Without the database there is nothing more to ask."""
    database = check_database(config)
    if life.stands_by or not database.is_ok:
        yield database
        return
    try:
        with closing(open_to_read(config.db)) as db:
            found = (database, *_iter_checks(db, life, now))
    except (StoreError, sqlite3.Error) as error:
        found = (replace(database, is_ok=False, said=str(error)),)
    yield from found


def _iter_checks(db: Database, life: Life, now: datetime) -> Iterator[Check]:
    yield check_ticks(life, _find_moved_at(db), now)
    yield check_failures(life)
    yield _or_unreadable(
        DELIVERIES,
        lambda: check_deliveries(min((each.oldest_at for each in get_outbox(db).values()), default=None), now),
    )
    yield _or_unreadable(
        FETCHES, lambda: check_fetches(find_good_at(db) or find_first_added_at(db), get_rhythms(db), now)
    )


def _find_moved_at(db: Database) -> datetime | None:
    """None also where a row holds what is no time: a tick under way then counts from its beginning."""
    with suppress(ValueError):
        return find_newest_at(db)
    return None


def _or_unreadable(name: str, ask: Callable[[], Check]) -> Check:
    """What `ask` says, or that a row is not as we write them: this one question is not well then."""
    try:
        return ask()
    except ValueError:
        return Check(name, is_ok=False, said=_UNREADABLE, value_s=None, limit_s=None, advice=_MEND_ROW)


def check_database(config: Config) -> Check:
    began = time.monotonic()
    obstacle = find_obstacle(config.db, PATIENCE.total_seconds())
    took = timedelta(seconds=round(time.monotonic() - began, 3))
    return _judge(DATABASE, PATIENCE, took, _MEND_DATABASE, obstacle or "it can be written", is_ok=not obstacle)


def check_ticks(life: Life, moved_at: datetime | None, now: datetime) -> Check:
    """`moved_at`: when the newest row of the database was written."""
    if life.ticking_since:
        age = now - max(life.ticking_since, moved_at or life.ticking_since)
        return _judge(TICKS, STUCK, age, _MEND_TICKS, "one is under way and last wrote a row so long ago")
    if life.ticked_at is None:
        return _judge(TICKS, TICK_LATE, None, _MEND_TICKS, "none has ended yet", is_ok=False)
    return _judge(TICKS, TICK_LATE, now - life.ticked_at, _MEND_TICKS, "the last one ended so long ago")


def check_failures(life: Life) -> Check:
    """A question of its own: what a tick cannot do is mended by people, who need the desk, and by no new start.

    So a probe that starts the service again, or sends people to the desk, asks for `ticks` or the database alone.
    """
    said = "the last tick could not do all its work" if life.failure else "the last tick left nothing out"
    return Check(FAILURES, is_ok=not life.failure, said=said, value_s=None, limit_s=None, advice=_MEND_FAILURES)


def check_deliveries(oldest_at: datetime | None, now: datetime) -> Check:
    if oldest_at is None:
        return _judge(DELIVERIES, LATE, None, _MEND_DELIVERIES, "everything is sent")
    return _judge(DELIVERIES, LATE, now - oldest_at, _MEND_DELIVERIES, "the oldest that is not sent is so old")


def check_fetches(good_at: datetime | None, rhythms: Mapping[str, int], now: datetime) -> Check:
    """`good_at`: when an address was last read, or declared where none ever was; `rhythms`: `every` → how many."""
    if not rhythms or good_at is None:
        return _judge(FETCHES, GRACE, None, _MEND_FETCHES, "no source is switched on")
    limit = find_longest_silence(rhythms, good_at)
    return _judge(FETCHES, limit, now - good_at, _MEND_FETCHES, "age of the newest answer that was read")


def find_longest_silence(rhythms: Mapping[str, int], good_at: datetime) -> timedelta:
    """How long after `good_at` the quarter of the Sources that is asked most often was due twice; with GRACE.

    As `monitor.rhythm.is_silent`, so that a weekend that a cron line leaves out is no silence. Raises ValueError for
    what is no rhythm.
    """
    ends = sorted((next_due(every, next_due(every, good_at)), number) for every, number in rhythms.items())
    quarter = sum(rhythms.values()) / FEW
    asked = accumulate(number for _, number in ends)
    return next(end for (end, _), number in zip(ends, asked, strict=True) if number >= quarter) - good_at + GRACE


def _judge(
    name: str, limit: timedelta, value: timedelta | None, advice: str, said: str, *, is_ok: bool = True
) -> Check:
    """Not well where the value exceeds the limit, whatever else is found."""
    seconds = None if value is None else value.total_seconds()
    return Check(
        name=name,
        is_ok=is_ok and (value is None or value <= limit),
        said=said,
        value_s=seconds,
        limit_s=limit.total_seconds(),
        advice=advice,
    )
