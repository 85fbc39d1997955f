"""What may be forgotten: attempts that brought nothing new, once they are old and prove nothing.

Kept whatever its age, of each Resource:

    what something names      the Fetch of a Change; those that opened, last saw and closed a Problem
    what stands around that   NEAR attempts before and after it, and all within NEAR_TIME of it
    what brought a text       every Fetch whose bytes a Version was read from
    what failed               every Fetch without an answer
    what is not over          every Fetch since the oldest Problem that is open, and what waits to be read
    the frame                 the first and the last Fetch, and those that found a text
    the thread                of each week the first attempt that found a text: it was watched

What is left are Fetches that were unchanged, rejected, or brought other bytes with the same text. A Snapshot goes with
the last Fetch that brought it. Changes, Versions, Problems, Decisions, Digests and Deliveries are never touched, nor is
what a backfill brought. Each row is dropped inside `transaction`, which seals that the monitor did it.

Does not do: deciding how old is old; giving the space back to the disk, except where asked (`compact`).
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from monitor.store import read_time, transaction
from monitor.store.fetches import FetchState, drop_snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from monitor.store import Database

NEAR = 10
"""Attempts on either side: more than anything shows of the time around a Change."""
NEAR_TIME = timedelta(days=2)
"""Longer than a Change is held, so that the attempt which confirmed it is there."""

DROPPED_AT_ONCE = 5_000
"""Fetches in one transaction, which take a second: whoever writes waits for it."""

_IDLE = frozenset({FetchState.UNCHANGED, FetchState.REJECTED, FetchState.GOOD})
_SEEN = frozenset({FetchState.UNCHANGED, FetchState.GOOD})

_NAMED = """
SELECT change.fetch_id FROM change JOIN fetch ON fetch.id = change.fetch_id WHERE fetch.resource_id = :resource
UNION SELECT closed_by FROM problem JOIN fetch ON fetch.id = problem.closed_by WHERE fetch.resource_id = :resource
UNION SELECT fetch.id FROM problem JOIN fetch ON fetch.resource_id = problem.resource_id
    AND fetch.at IN (problem.opened_at, problem.last_seen_at) WHERE problem.resource_id = :resource
"""
_DROP = """
DELETE FROM fetch WHERE id IN (SELECT value FROM json_each(?))
    AND id NOT IN (SELECT fetch_id FROM change)
    AND id NOT IN (SELECT closed_by FROM problem WHERE closed_by IS NOT NULL)
"""
_FREE = """
SELECT id FROM snapshot WHERE resource_id = :resource
    AND id NOT IN (SELECT snapshot_id FROM fetch WHERE resource_id = :resource AND snapshot_id IS NOT NULL)
    AND id NOT IN (SELECT snapshot_id FROM version_snapshot)
    AND id NOT IN (SELECT snapshot_id FROM resource WHERE snapshot_id IS NOT NULL)
ORDER BY id DESC
"""


class Attempt(NamedTuple):
    """A Fetch, as far as it matters here."""

    id: int
    at: datetime
    state: FetchState
    snapshot_id: int | None


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were dropped, or would be."""

    fetches: int = 0
    snapshots: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(self.fetches + other.fetches, self.snapshots + other.snapshots)


def prune(db: Database, before: datetime, *, dry: bool = False) -> Pruned:
    """Drop what is older than `before` and proves nothing; `dry`: only count it.

    In several transactions, so that others can write in between: killed half-way, the next call goes on.
    """
    done = Pruned()
    read = frozenset(row[0] for row in db.execute("SELECT DISTINCT snapshot_id FROM version_snapshot"))
    with _without_lookups(db):
        for (resource_id,) in db.execute("SELECT id FROM resource WHERE position IS NOT NULL").fetchall():
            attempts = _get_attempts(db, resource_id)
            idle = choose(attempts, _get_named(db, resource_id), read, _end(db, resource_id, before))
            if dry:
                kept = {None, *(each.snapshot_id for each in set(attempts) - set(idle))}
                done += Pruned(len(idle), len({each.snapshot_id for each in idle} - kept - read))
            else:
                done += _drop(db, resource_id, [each.id for each in idle])
    return done


def compact(db: Database) -> None:
    """Give the space of dropped rows back to the disk. Needs as much free space again, and whoever writes waits."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def choose(
    attempts: Sequence[Attempt], named: Collection[int], read: Collection[int | None], before: datetime
) -> list[Attempt]:
    """Which of all attempts at one Resource, by their ids, may be dropped.

    `named`: ids of Fetches that something names; `read`: ids of Snapshots that a Version was read from.
    """
    kept = {*_iter_around(attempts, named), *_iter_frame(attempts), *_iter_weekly(attempts)}
    return [
        each
        for each in attempts
        if each.state in _IDLE
        and each.at < before
        and each.id not in kept
        and not (each.state is FetchState.GOOD and each.snapshot_id in read)
    ]


def _iter_around(attempts: Sequence[Attempt], named: Collection[int]) -> Iterator[int]:
    times = sorted((each.at, each.id) for each in attempts)
    for place, each in enumerate(attempts):
        if each.id in named:
            yield from (near.id for near in attempts[max(0, place - NEAR) : place + NEAR + 1])
            first = bisect_left(times, (each.at - NEAR_TIME, 0))
            last = bisect_right(times, (each.at + NEAR_TIME, attempts[-1].id))
            yield from (id_ for _, id_ in times[first:last])


def _iter_frame(attempts: Sequence[Attempt]) -> Iterator[int]:
    for found in (attempts, [each for each in attempts if each.state in _SEEN]):
        yield from (each.id for each in (*found[:1], *found[-1:]))


def _iter_weekly(attempts: Sequence[Attempt]) -> Iterator[int]:
    seen: set[tuple[int, int]] = set()
    for each in attempts:
        year, week, _ = each.at.isocalendar()
        if each.state in _SEEN and (year, week) not in seen:
            seen.add((year, week))
            yield each.id


def _get_attempts(db: Database, resource_id: int) -> tuple[Attempt, ...]:
    rows = db.execute("SELECT id, at, state, snapshot_id FROM fetch WHERE resource_id = ? ORDER BY id", [resource_id])
    return tuple(Attempt(id_, read_time(at), FetchState(state), snapshot) for id_, at, state, snapshot in rows)


def _get_named(db: Database, resource_id: int) -> frozenset[int]:
    return frozenset(row[0] for row in db.execute(_NAMED, {"resource": resource_id}))


def _end(db: Database, resource_id: int, before: datetime) -> datetime:
    """`before`, or when the oldest Problem was opened that is still open: its answers may be read again."""
    query = "SELECT min(opened_at) FROM problem WHERE resource_id = ? AND closed_at IS NULL"
    (opened_at,) = db.execute(query, [resource_id]).fetchone()
    return min(before, read_time(opened_at)) if opened_at else before


def _drop(db: Database, resource_id: int, fetch_ids: Sequence[int]) -> Pruned:
    """Both queries ask once more what must not go, whatever was chosen."""
    fetches = 0
    for first in range(0, len(fetch_ids), DROPPED_AT_ONCE):
        with transaction(db):
            few = fetch_ids[first : first + DROPPED_AT_ONCE]
            fetches += db.execute(_DROP, [json.dumps(few)]).rowcount
    with transaction(db):
        free = db.execute(_FREE, {"resource": resource_id}).fetchall()
        for (snapshot_id,) in free:
            drop_snapshot(db, snapshot_id)
    return Pruned(fetches, len(free))


@contextmanager
def _without_lookups(db: Database) -> Iterator[None]:
    """No foreign keys: what may refer to a Fetch has no index, so that each row dropped would read whole tables."""
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.execute("PRAGMA foreign_keys = ON")
