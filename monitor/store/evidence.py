"""What proves a Change: the texts it lies between, the bytes they were read from, the attempts, who was told.

Does not do: checking hashes against bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import zstandard

from monitor.store import read_time, write_time
from monitor.store.deliveries import name_channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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


@dataclass(frozen=True, slots=True)
class Telling:
    """One message of a Digest that names a Change."""

    digest_id: str
    composed_at: datetime
    delivery_id: str
    channel: str
    """As people may read it."""
    state: str
    sent_at: datetime | None
    is_public: bool
    """Whether its row may be shown: some addresses are secrets."""


@dataclass(frozen=True, slots=True)
class Received:
    """The answer that first brought the bytes of a Snapshot."""

    snapshot_id: int
    url: str
    """Where it came from, after redirects."""
    status: int
    headers: dict[str, str]
    received_at: datetime


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


def get_tellings(db: Database, change_id: int) -> tuple[Telling, ...]:
    """Of each Digest in which somebody was told of this Change, oldest first."""
    rows = db.query(
        """
        SELECT digest.id AS digest_id, digest.composed_at, delivery.id, delivery.channel, delivery.state,
            delivery.sent_at
        FROM digest JOIN delivery ON delivery.digest_id = digest.id
        WHERE digest.id IN (SELECT digest_id FROM digest_change WHERE change_id = ?)
        ORDER BY digest.composed_at, digest.id, delivery.channel, delivery.part
        """,
        [change_id],
    )
    return tuple(
        Telling(
            row["digest_id"],
            read_time(row["composed_at"]),
            row["id"],
            name_channel(row["channel"]),
            row["state"],
            read_time(row["sent_at"]) if row["sent_at"] else None,
            name_channel(row["channel"]) == row["channel"],
        )
        for row in rows
    )


def iter_answers(db: Database, source_id: str, since: datetime | None) -> Iterator[Received]:
    """What a Source answered with new bytes, at or after `since`, oldest first."""
    rows = db.query(
        """
        SELECT snapshot.id, snapshot.final_url, snapshot.headers, snapshot.received_at,
            coalesce((SELECT status FROM fetch WHERE snapshot_id = snapshot.id ORDER BY id LIMIT 1), 200) AS status
        FROM snapshot JOIN resource ON resource.id = snapshot.resource_id
        WHERE resource.source_id = ? AND snapshot.received_at >= ? ORDER BY snapshot.received_at, snapshot.id
        """,
        [source_id, write_time(since) if since else ""],
    )
    for row in rows:
        at = read_time(row["received_at"])
        yield Received(row["id"], row["final_url"], row["status"], json.loads(row["headers"]), at)


def get_rows_of(db: Database, change_id: int) -> tuple[tuple[str, str], ...]:
    """Noun and key (`monitor.store.seals`) of all that a Change consists of, what was decided, and who was told.

    Not of the Fetches around it, nor of the messages.
    """
    rows = db.execute(
        """
        WITH own AS (SELECT * FROM change WHERE id = :change),
            texts AS (SELECT version.* FROM version JOIN own ON version.id IN (from_version_id, to_version_id)),
            bytes AS (
                SELECT snapshot.id, snapshot.resource_id FROM snapshot
                JOIN version_snapshot ON version_snapshot.snapshot_id = snapshot.id
                JOIN texts ON texts.id = version_snapshot.version_id
            )
        SELECT 'document', document_id FROM own
        UNION SELECT 'resource', resource_id FROM bytes
        UNION SELECT 'snapshot', id FROM bytes
        UNION SELECT 'version', id FROM texts
        UNION SELECT 'version.recipe', id FROM texts
        UNION SELECT 'change', id FROM own
        UNION SELECT 'change.state', id FROM own
        UNION SELECT 'impact', id FROM impact WHERE change_id = :change
        UNION SELECT 'decision', id FROM decision WHERE change_id = :change
        UNION SELECT 'digest', digest_id FROM digest_change WHERE change_id = :change
        ORDER BY 1, 2
        """,
        {"change": change_id},
    )
    return tuple((noun, str(key)) for noun, key in rows)


def get_stored_text(db: Database, version_id: int) -> bytes:
    """The Blocks of a Version as JSON, whose sha256 is its `text_sha256`."""
    return zstandard.decompress(db.table("version").get(version_id)["blocks"])


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
