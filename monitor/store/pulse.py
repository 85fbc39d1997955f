"""How the work goes, in numbers: what `/metrics` counts and `/readyz` looks at.

What is counted grows with the years, so a Tally remembers what it has counted and reads only what is new. Its numbers
are the same after a restart, and none goes down when old attempts are dropped (`monitor.store.retention`): attempts
that failed, Changes, Decisions and Deliveries never are, and as ids of attempts are given out without gaps, those that
were answered are the rest.

Does not do: judging any of it, Prometheus (`monitor.web`). It writes nothing.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from monitor.model import TOLD_KINDS, Outcome, Verdict
from monitor.store import read_time, sqlite3, write_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from monitor.store import Database

MINUTE, HOUR, DAY = 60, 3600, 86400
HOLD_S = (0, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY, 7 * DAY)
"""From nothing over the usual hold of an hour to what waits until a Source that is asked once a week is asked again."""
DECISION_S = (HOUR, 4 * HOUR, 8 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY)
"""From a working day on: these are the times that people set as an `sla`."""
LAST_DAY = timedelta(days=1)

ANSWERED = "answered"
_ANSWERS = json.dumps([Outcome.OK, Outcome.UNCHANGED])
FETCHED = (ANSWERED, *(str(each) for each in Outcome if each not in {Outcome.OK, Outcome.UNCHANGED}))
"""How attempts end, as a Tally counts them."""
_DECIDED = json.dumps([Verdict.CONFIRMED, Verdict.NOT_APPLICABLE])

_FAILED = """
SELECT outcome, count(*) FROM fetch
WHERE id > :after AND outcome NOT IN (SELECT value FROM json_each(:answered)) GROUP BY outcome
"""
_CHANGES = """
SELECT kind, unixepoch(confirmed_at) - unixepoch(detected_at), count(*) FROM change
WHERE id > :after AND status <> 'history' GROUP BY 1, 2
"""
_HELD = "SELECT id FROM change WHERE status = 'provisional' AND id > ?"
_LET_GO = """
SELECT id, kind, unixepoch(confirmed_at) - unixepoch(detected_at) FROM change
WHERE id IN (SELECT value FROM json_each(?)) AND status <> 'provisional'
"""
_DECISIONS = """
SELECT max(0, unixepoch(decision.at) - unixepoch(change.detected_at)), count(*)
FROM decision JOIN change ON change.id = decision.change_id
WHERE decision.id > :after AND decision.verdict IN (SELECT value FROM json_each(:decided)) AND NOT EXISTS (
    SELECT 1 FROM decision AS earlier WHERE earlier.change_id = decision.change_id AND earlier.id < decision.id
        AND earlier.verdict IN (SELECT value FROM json_each(:decided))
)
GROUP BY 1
"""
_DELIVERIES = "SELECT substr(channel, 1, instr(channel || ':', ':') - 1), count(*) FROM delivery GROUP BY 1"
_UNSENT = """
SELECT substr(delivery.channel, 1, instr(delivery.channel || ':', ':') - 1), delivery.state, count(*),
    min(digest.composed_at)
FROM delivery JOIN digest ON digest.id = delivery.digest_id WHERE delivery.state <> 'sent' GROUP BY 1, 2
"""
_LAST_FETCH = "SELECT max(id) FROM fetch"
_LAST_CHANGE = "SELECT max(id) FROM change"
_LAST_DECISION = "SELECT max(id) FROM decision"
_ASKED = """
FROM fetch CROSS JOIN resource ON resource.id = fetch.resource_id WHERE resource.position IS NOT NULL
"""
"""What a backfill took from an archive is no sign of life: it has the newest ids, and times of years ago."""
_LATELY = f"SELECT at, state {_ASKED} ORDER BY fetch.id DESC"
_PROBLEMS = "SELECT kind, count(*) FROM problem WHERE closed_at IS NULL GROUP BY kind"
_SOURCES = """
SELECT count(*), count(*) FILTER (WHERE due_at <= :now), count(*) FILTER (WHERE due_at < :late) FROM source
WHERE enabled
"""
_NEWEST_GOOD = f"SELECT at {_ASKED} AND state IN ('good', 'unchanged') ORDER BY fetch.id DESC LIMIT 1"
_DAY_DELIVERED = """
SELECT EXISTS (
    SELECT 1 FROM digest JOIN delivery ON delivery.digest_id = digest.id
    WHERE digest.period = 'daily' AND delivery.sent_at >= :since
) AND NOT EXISTS (
    SELECT 1 FROM digest JOIN delivery ON delivery.digest_id = digest.id
    WHERE digest.period = 'daily' AND delivery.state <> 'sent' AND digest.composed_at >= :day
)
"""


@dataclass(slots=True)
class Spread:
    """How durations are distributed."""

    bounds_s: tuple[int, ...]
    counts: list[int] = field(init=False)
    """For each bound those that are no longer and exceed the one before; then the rest."""
    total_s: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds_s) + 1)

    def add(self, seconds: float, number: int = 1) -> None:
        self.counts[bisect_left(self.bounds_s, seconds)] += number
        self.total_s += seconds * number


@dataclass(slots=True)
class Tally:
    """What has happened since the beginning. No number of it ever goes down."""

    fetches: Counter[str] = field(default_factory=Counter)
    """By outcome; those that were answered under ANSWERED, with what a backfill took from an archive."""
    changes: Counter[str] = field(default_factory=Counter)
    """By kind, as they were found; without what a backfill brought."""
    held: Spread = field(default_factory=lambda: Spread(HOLD_S))
    """Of told Changes: from the first sight to the one that confirmed it."""
    decided: Spread = field(default_factory=lambda: Spread(DECISION_S))
    """From the first sight of a Change to the first time that somebody confirmed or rejected it, or a Section of it."""
    sent: Mapping[str, int] = field(default_factory=dict)
    """Deliveries, by sort of channel."""
    _last_fetch: int = 0
    _last_change: int = 0
    _last_decision: int = 0
    _waiting: set[int] = field(default_factory=set)
    """The ids of Changes that were provisional when they were last looked at."""

    def update(self, db: Database) -> None:
        """Count what is new in `db`, as it stands at one moment."""
        with _one_moment(db):
            self._count_fetches(db)
            self._count_changes(db)
            self._count_decisions(db)
            self._count_sent(db)

    def _count_fetches(self, db: Database) -> None:
        for outcome, number in db.execute(_FAILED, {"after": self._last_fetch, "answered": _ANSWERS}):
            self.fetches[outcome] += number
        self._last_fetch = _get_last(db, _LAST_FETCH)
        self.fetches[ANSWERED] += self._last_fetch - self.fetches.total()

    def _count_changes(self, db: Database) -> None:
        for kind, seconds, number in db.execute(_CHANGES, {"after": self._last_change}):
            self.changes[kind] += number
            self._add_held(kind, seconds, number)
        for id_, kind, seconds in db.execute(_LET_GO, [json.dumps(list(self._waiting))]):
            self._waiting.remove(id_)
            self._add_held(kind, seconds)
        self._waiting.update(row[0] for row in db.execute(_HELD, [self._last_change]))
        self._last_change = _get_last(db, _LAST_CHANGE)

    def _add_held(self, kind: str, seconds: int | None, number: int = 1) -> None:
        """`seconds` None = it was not confirmed."""
        if seconds is not None and kind in TOLD_KINDS:
            self.held.add(seconds, number)

    def _count_decisions(self, db: Database) -> None:
        for seconds, number in db.execute(_DECISIONS, {"after": self._last_decision, "decided": _DECIDED}):
            if seconds is not None:  # None = something else wrote what is no time
                self.decided.add(seconds, number)
        self._last_decision = _get_last(db, _LAST_DECISION)

    def _count_sent(self, db: Database) -> None:
        unsent: Counter[str] = Counter()
        for sort, _, number, _ in db.execute(_UNSENT):
            unsent[sort] += number
        self.sent = {sort: number - unsent[sort] for sort, number in db.execute(_DELIVERIES)}


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand at a moment."""

    answers: Mapping[str, int]
    """Attempts of the last day by what became of them, as `monitor.store.fetches.FetchState`."""
    unsent: Mapping[tuple[str, str], int]
    """Deliveries by sort of channel and state."""
    oldest_unsent_at: datetime | None
    """When the oldest Digest was composed that is not sent; None = everything is."""
    problems: Mapping[str, int]
    """Open ones, by kind."""
    enabled: int
    due: int
    overdue: int
    """Sources that are switched on; of those, whose time has come; of those, long ago."""
    good_at: datetime | None
    """When an address was last read, or was as it had been."""


def get_standing(db: Database, now: datetime, late: timedelta) -> Standing:
    """`late`: after how long a Source that is due counts as `overdue`."""
    unsent = list(db.execute(_UNSENT))
    enabled, due, overdue = db.execute(_SOURCES, {"now": write_time(now), "late": write_time(now - late)}).fetchone()
    return Standing(
        answers=_count_answers(db, write_time(now - LAST_DAY)),
        unsent={(sort, state): number for sort, state, number, _ in unsent},
        oldest_unsent_at=min((read_time(at) for *_, at in unsent), default=None),
        problems=dict(db.execute(_PROBLEMS)),
        enabled=enabled,
        due=due,
        overdue=overdue,
        good_at=find_good_at(db),
    )


def find_good_at(db: Database) -> datetime | None:
    """When an address was last read, or was as it had been; None = none ever was."""
    row = db.execute(_NEWEST_GOOD).fetchone()
    return read_time(row[0]) if row else None


def get_rhythms(db: Database) -> dict[str, int]:
    """`every` of the Sources that are switched on → how many of them have it."""
    return dict(db.execute("SELECT every, count(*) FROM source WHERE enabled GROUP BY every"))


def find_first_added_at(db: Database) -> datetime | None:
    """When the first of the Sources that are switched on was declared; None = none is."""
    (at,) = db.execute("SELECT min(added_at) FROM source WHERE enabled").fetchone()
    return read_time(at) if at else None


def has_delivered_day(db: Database, since: datetime) -> bool:
    """Whether a daily Digest was sent since then, and none of the last day is still to be sent."""
    values = {"since": write_time(since), "day": write_time(since - LAST_DAY)}
    return bool(db.execute(_DAY_DELIVERED, values).fetchone()[0])


def find_obstacle(path: Path, patience_s: float) -> str:
    """Why nothing can be written there now; "" = something was, which leaves everything as it is.

    To begin a transaction is not enough: SQLite then only takes a lock, which a full disk and a file that may only be
    read allow too. `user_version` is a number in the file that we do not use, and no row, so no Seal is needed.

    `patience_s`: how long it waits for another program that writes. Nothing is made where there is no file.
    """
    try:
        address = f"{path.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=patience_s)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            (number,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA user_version = {number}")
            connection.commit()
    except sqlite3.Error as error:
        return str(error)
    return ""


def _get_last(db: Database, query: str) -> int:
    """The newest id; 0 where there is none."""
    (last,) = db.execute(query).fetchone()
    return last or 0


def _count_answers(db: Database, since: str) -> Counter[str]:
    """Attempts since then by what became of them: from the newest back, as they have no index by time."""
    lately = takewhile(lambda row: row[0] >= since, db.execute(_LATELY))
    return Counter(state for _, state in lately)


@contextmanager
def _one_moment(db: Database) -> Iterator[None]:
    """What is read within was all true together."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.rollback()
