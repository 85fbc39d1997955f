"""What the rhythm of each source is learned from: days with news, sizes of texts, and when it was last read.

Both tables have one row for a day at most, written as answers are read, so that judging reads no text. What an archive
or a publisher tells of the past (`monitor.backfill`) is no part of them.

Does not do: judging (`monitor.rhythm`).
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from monitor.failing import tolerate
from monitor.model import OUT_OF_RHYTHM, ProblemKind, Verdict
from monitor.rhythm import Measure, add_step
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.store import Database

MEASURED = timedelta(days=365)
"""So long a measure is kept."""
ARRIVED = timedelta(days=3 * 365)
"""So long a day with news counts."""


class Reached(NamedTuple):
    """When an address was last read and last asked."""

    source_id: str
    every: str
    resource_id: int
    seen_at: datetime
    """When the Source was declared, where it was never read."""
    asked_at: datetime | None
    """None = never."""


class Feed(NamedTuple):
    """A feed that is read, with the days on which it brought news."""

    source_id: str
    every: str
    resource_id: int
    url: str
    days: tuple[date, ...]
    """In their order, the last `ARRIVED`."""


class Doubted(NamedTuple):
    """An address with an open Problem that its history gave rise to."""

    source_id: str
    resource_id: int
    url: str
    kind: ProblemKind


def get_blind_ids(db: Database) -> frozenset[str]:
    """Sources of which another Problem says already that something of them cannot be read."""
    rows = db.execute(
        """
        SELECT DISTINCT resource.source_id FROM problem JOIN resource ON resource.id = problem.resource_id
        WHERE problem.closed_at IS NULL AND problem.document_id IS NULL AND resource.position IS NOT NULL
          AND problem.kind <> ?
        """,
        [ProblemKind.SILENT],
    )
    return frozenset(row[0] for row in rows)


def iter_reached(db: Database) -> Iterator[Reached]:
    """Each address that is to be read."""
    rows = db.execute(
        """
        SELECT source.id, source.every, resource.id,
            coalesce((
                SELECT at FROM fetch WHERE resource_id = resource.id AND state IN ('good', 'unchanged')
                ORDER BY id DESC LIMIT 1
            ), source.added_at),
            (SELECT at FROM fetch WHERE resource_id = resource.id ORDER BY id DESC LIMIT 1)
        FROM source JOIN resource ON resource.source_id = source.id
        WHERE source.enabled AND resource.position IS NOT NULL
        """
    ).fetchall()
    for source_id, every, resource_id, seen_at, asked_at in rows:
        with tolerate("row not read", f"{source_id}: when it was last read cannot be told"):
            asked = read_time(asked_at) if asked_at else None
            yield Reached(source_id, every, resource_id, read_time(seen_at), asked)


def add_arrival(db: Database, resource_id: int, at: datetime) -> None:
    """There was news that day. Later days are of a clock that was ahead, and forgotten."""
    db.execute("DELETE FROM arrival WHERE resource_id = ? AND day > ?", [resource_id, _day(at)])
    db.execute("INSERT INTO arrival VALUES (?, ?) ON CONFLICT DO NOTHING", [resource_id, _day(at)])


def iter_quiet(db: Database, before: date, today: date) -> Iterator[Feed]:
    """Feeds that brought no news since `before`."""
    rows = db.execute(
        """
        SELECT source.id, source.every, resource.id, resource.url, arrival.day
        FROM source JOIN resource ON resource.source_id = source.id CROSS JOIN arrival
        WHERE source.enabled AND resource.position IS NOT NULL
          AND (SELECT max(day) FROM arrival WHERE resource_id = resource.id) < ?
          AND arrival.resource_id = resource.id AND arrival.day >= ?
        ORDER BY resource.id, arrival.day
        """,
        [before.isoformat(), (today - ARRIVED).isoformat()],
    ).fetchall()
    for (source_id, every, resource_id, url), own in groupby(rows, itemgetter(0, 1, 2, 3)):
        with tolerate("row not read", f"{source_id}: the days on which it brought news cannot be read"):
            yield Feed(source_id, every, resource_id, url, tuple(date.fromisoformat(row[4]) for row in own))


def get_resumed(db: Database, feed: Feed, pause: timedelta, now: datetime) -> tuple[date, ...]:
    """The days since its first news on which a feed was read again after a longer `pause`, in their order."""
    rows = db.execute(
        """
        SELECT at FROM (
            SELECT at, lag(at) OVER (ORDER BY at) AS before FROM fetch
            WHERE resource_id = ? AND state IN ('good', 'unchanged') AND at BETWEEN ? AND ?
        ) WHERE julianday(at) - julianday(before) > ? ORDER BY at
        """,
        [feed.resource_id, feed.days[0].isoformat(), write_time(now), pause / timedelta(days=1)],
    )
    return tuple(read_time(row[0]).date() for row in rows)


def add_measure(
    db: Database, resource_id: int, at: datetime, *, recipe: str, letters: int, share: float | None
) -> None:
    """What an answer gave, in place of an earlier one of that day.

    What was read with another recipe is forgotten, and so are later days: those of a clock that was ahead.
    """
    db.execute(
        "DELETE FROM measure WHERE resource_id = ? AND (recipe <> ? OR day < ? OR day > ?)",
        [resource_id, recipe, _day(at - MEASURED), _day(at)],
    )
    query = "SELECT drift, letters FROM measure WHERE resource_id = ? ORDER BY day DESC LIMIT 1"
    before = db.execute(query, [resource_id]).fetchone()
    drift = add_step(before[0], before[1], letters) if before else 0.0
    db.execute(
        "INSERT OR REPLACE INTO measure (resource_id, day, recipe, letters, share, drift) VALUES (?, ?, ?, ?, ?, ?)",
        [resource_id, _day(at), recipe, letters, share, drift],
    )


def get_measures(db: Database, resource_id: int, since: date = date.min) -> tuple[Measure, ...]:
    """In the order of their days."""
    query = "SELECT letters, share, drift FROM measure WHERE resource_id = ? AND day >= ? ORDER BY day"
    return tuple(map(Measure._make, db.execute(query, [resource_id, since.isoformat()])))


def find_accepted_on(db: Database, source_id: str, mark: str) -> date | None:
    """The day on which a person set doubts of this mark aside."""
    rows = db.execute("SELECT accepted_at FROM overrule WHERE source_id = ? AND mark = ?", [source_id, mark])
    return next((read_time(at).date() for (at,) in rows), None)


def find_confirmed_on(db: Database, doubted: Doubted) -> date | None:
    """The day of the last Change of the text that a person confirmed while it was in this doubt."""
    row = db.execute(
        """
        SELECT max(change.detected_at) FROM change JOIN decision ON decision.change_id = change.id
        WHERE change.document_id = ? AND decision.verdict = ? AND EXISTS (
            SELECT 1 FROM problem WHERE resource_id = ? AND kind = ? AND opened_at <= decision.at
            AND (closed_at IS NULL OR date(decision.at) <= date(closed_at)))
        """,
        [doubted.source_id, Verdict.CONFIRMED, doubted.resource_id, doubted.kind],
    ).fetchone()
    return read_time(row[0]).date() if row[0] else None


def get_doubted(db: Database) -> tuple[Doubted, ...]:
    """Of Sources that are switched on."""
    rows = db.execute(
        """
        SELECT source.id, resource.id, resource.url, problem.kind
        FROM problem JOIN resource ON resource.id = problem.resource_id JOIN source ON source.id = resource.source_id
        WHERE problem.closed_at IS NULL AND problem.kind IN (SELECT value FROM json_each(?))
          AND source.enabled AND resource.position IS NOT NULL
        """,
        [json.dumps(sorted(OUT_OF_RHYTHM))],
    )
    return tuple(Doubted(source_id, resource_id, url, ProblemKind(kind)) for source_id, resource_id, url, kind in rows)


def close_left(db: Database, at: datetime) -> None:
    """Close the doubts about addresses that their Sources have left: nothing is read there that could end them."""
    db.execute(
        """
        UPDATE problem SET closed_at = ?
        WHERE closed_at IS NULL AND kind IN (SELECT value FROM json_each(?))
          AND resource_id IN (SELECT id FROM resource WHERE position IS NULL)
        """,
        [write_time(at), json.dumps(sorted(OUT_OF_RHYTHM))],
    )


def _day(at: datetime) -> str:
    return write_time(at)[:10]
