"""What proves a Change: the texts it lies between, the bytes they were read from, and each attempt around it.

Does not do: checking hashes against bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.store import read_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Kept:
    """A Snapshot, without its bytes."""

    id: int
    url: str
    sha256: str
    """Of the bytes as received."""
    length: int
    """Bytes."""
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A Version, without its text."""

    id: int
    observed_at: datetime
    text_sha256: str
    recipe: str
    snapshots: tuple[Kept, ...]
    """What it was read from, in order."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A Fetch, without what it brought."""

    id: int
    url: str
    at: datetime
    outcome: str
    status: int | None
    state: str
    """What became of it: a `FetchState`."""
    duration_ms: int
    detail: str
    sha256: str
    """Of what it brought; "" = nothing."""


def get_readings(db: Database, version_ids: Iterable[int]) -> tuple[Reading, ...]:
    """In the order of `version_ids`; an id that there is none of is passed over."""
    rows = (
        row
        for each in version_ids
        for row in db.query("SELECT id, observed_at, text_sha256, recipe FROM version WHERE id = ?", [each])
    )
    return tuple(
        Reading(
            row["id"],
            read_time(row["observed_at"]),
            row["text_sha256"],
            row["recipe"],
            _get_snapshots(db, row["id"]),
        )
        for row in rows
    )


def get_attempts(db: Database, fetch_id: int, most: int) -> tuple[Attempt, ...]:
    """The Fetch with this id, and of its Resource up to `most` before and after it, oldest first."""
    rows = db.query(
        """
        SELECT fetch.id, resource.url, fetch.at, fetch.outcome, fetch.status, fetch.state, fetch.duration_ms,
            fetch.detail, coalesce(snapshot.sha256, '') AS sha256
        FROM fetch JOIN resource ON resource.id = fetch.resource_id
        LEFT JOIN snapshot ON snapshot.id = fetch.snapshot_id
        WHERE fetch.id IN (
            SELECT id FROM (SELECT near.id FROM fetch AS near JOIN fetch AS own ON own.id = :fetch
                WHERE near.resource_id = own.resource_id AND near.id <= :fetch ORDER BY near.id DESC LIMIT :most + 1)
            UNION ALL
            SELECT id FROM (SELECT near.id FROM fetch AS near JOIN fetch AS own ON own.id = :fetch
                WHERE near.resource_id = own.resource_id AND near.id > :fetch ORDER BY near.id LIMIT :most)
        ) ORDER BY fetch.id
        """,
        {"fetch": fetch_id, "most": most},
    )
    return tuple(Attempt(**row | {"at": read_time(row["at"])}) for row in rows)


def _get_snapshots(db: Database, version_id: int) -> tuple[Kept, ...]:
    rows = db.query(
        """
        SELECT snapshot.id, resource.url, snapshot.sha256, snapshot.length, snapshot.received_at
        FROM version_snapshot JOIN snapshot ON snapshot.id = version_snapshot.snapshot_id
        JOIN resource ON resource.id = snapshot.resource_id
        WHERE version_snapshot.version_id = ? ORDER BY version_snapshot.position
        """,
        [version_id],
    )
    return tuple(map(_keep, rows))


def _keep(row: dict[str, Any]) -> Kept:
    return Kept(row["id"], row["url"], row["sha256"], row["length"], read_time(row["received_at"]))
