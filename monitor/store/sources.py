"""Sources as last declared, when each is due, and their Resources (one URL each).

Does not do: reading `sources.yaml` (`monitor.sources`), reckoning due times.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor.errors import NotFoundError
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.model import Request, Source
    from monitor.store import Database


AGAIN = timedelta(minutes=30)
"""Between two looks for a held Change: where the first of them failed, the next is not at once."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One URL of a Source, with the last Snapshot of it that was read successfully."""

    id: int
    source_id: str
    url: str
    snapshot_id: int | None
    read_as: str | None
    """The kind of Source as which it was read successfully before; None = never."""


def declare_sources(db: Database, sources: Sequence[Source], now: datetime) -> None:
    """Make the database agree with `sources.yaml`: new ones are due at once, vanished ones are switched off.

    A Source whose URLs changed is due at once as well.
    """
    db.execute("UPDATE source SET enabled = 0")
    for source in sources:
        _declare(db, source, now)


def _declare(db: Database, source: Source, now: datetime) -> None:
    facts = {
        "id": source.id,
        "name": source.name,
        "publisher": source.publisher,
        "jurisdiction": source.jurisdiction,
        "kind": source.kind,
        "topics": json.dumps(source.topics),
        "audience": json.dumps(source.audience),
        "enabled": int(source.enabled),
        "every": source.every,
    }
    at = write_time(now.replace(second=0))  # to the minute: a job that runs hourly finds it due on the hour
    known = next(db.query("SELECT every FROM source WHERE id = ?", [source.id]), None)
    db.execute(
        """
        INSERT INTO source (id, name, publisher, jurisdiction, kind, topics, audience, enabled, every, added_at, due_at)
        VALUES (:id, :name, :publisher, :jurisdiction, :kind, :topics, :audience, :enabled, :every, :at, :at)
        ON CONFLICT (id) DO UPDATE SET name = :name, publisher = :publisher, jurisdiction = :jurisdiction,
            kind = :kind, topics = :topics, audience = :audience, enabled = :enabled, every = :every
        """,
        facts | {"at": at},
    )
    moved = [each.url for each in get_resources(db, source.id)] != list(source.urls)
    if moved:
        _declare_resources(db, source)
    if moved or (known and known["every"] != source.every):
        db.execute("UPDATE source SET due_at = ? WHERE id = ?", [at, source.id])


def _declare_resources(db: Database, source: Source) -> None:
    """The addresses in their order. One that is left out forgets what it said: back again, it is read again."""
    db.execute("UPDATE resource SET position = NULL WHERE source_id = ?", [source.id])
    for position, url in enumerate(source.urls):
        db.execute(
            """
            INSERT INTO resource (source_id, url, position) VALUES (?, ?, ?)
            ON CONFLICT (source_id, url) DO UPDATE SET position = excluded.position
            """,
            [source.id, url, position],
        )
    db.execute(
        """
        UPDATE resource SET snapshot_id = NULL, read_as = NULL, etag = NULL, last_modified = NULL
        WHERE source_id = ? AND position IS NULL
        """,
        [source.id],
    )


def get_resources(db: Database, source_id: str) -> tuple[Resource, ...]:
    """The Resources that the Source declares now, in their order."""
    rows = db.query(
        "SELECT * FROM resource WHERE source_id = ? AND position IS NOT NULL ORDER BY position", [source_id]
    )
    return tuple(_read(row) for row in rows)


def get_resource(db: Database, source_id: str, url: str) -> Resource:
    """Raises NotFoundError."""
    for row in db.query("SELECT * FROM resource WHERE source_id = ? AND url = ?", [source_id, url]):
        return _read(row)
    raise NotFoundError(f"{source_id}: {url} is none of its addresses")


def get_requests(db: Database, source: Source) -> tuple[Request, ...]:
    """What to ask for, with validators.

    No validators go out while a Problem is open, which only a whole answer can close, nor while an answer waits to be
    read: "unchanged" would be said of the one before.
    """
    rows = db.query(
        """
        SELECT resource.url, resource.etag, resource.last_modified,
            EXISTS (SELECT 1 FROM problem WHERE resource_id = resource.id
                AND closed_at IS NULL AND document_id IS NULL)
            OR EXISTS (SELECT 1 FROM fetch WHERE resource_id = resource.id AND state = 'pending') AS blind
        FROM resource WHERE resource.source_id = ? AND resource.position IS NOT NULL ORDER BY resource.position
        """,
        [source.id],
    )
    return tuple(
        source.request(row["url"]) if row["blind"] else source.request(row["url"], row["etag"], row["last_modified"])
        for row in rows
    )


def save_good_snapshot(
    db: Database, resource_id: int, snapshot_id: int, *, read_as: str, etag: str | None, last_modified: str | None
) -> None:
    """Note that this Snapshot was read successfully; only now may the publisher answer "unchanged since then"."""
    db.execute(
        "UPDATE resource SET snapshot_id = ?, read_as = ?, etag = ?, last_modified = ? WHERE id = ?",
        [snapshot_id, read_as, etag, last_modified, resource_id],
    )


def get_due_ids(db: Database, now: datetime) -> frozenset[str]:
    """By their rhythm, because a held Change is to be seen again, or because the clock was ahead when last asked."""
    rows = db.query(
        """
        SELECT id FROM source WHERE enabled AND (
            due_at <= :now OR attempted_at > :now OR ((attempted_at IS NULL OR attempted_at <= :paused) AND EXISTS (
                SELECT 1 FROM change JOIN document ON document.id = change.document_id
                WHERE document.source_id = source.id AND change.status = 'provisional' AND change.hold_until <= :now
            ))
        )
        """,
        {"now": write_time(now), "paused": write_time(now - AGAIN)},
    )
    return frozenset(row["id"] for row in rows)


def find_read_by(db: Database, source_id: str) -> str | None:
    """How all Documents of the Source were read, when that was last looked at."""
    rows = db.query("SELECT read_by FROM source WHERE id = ?", [source_id])
    return next((row["read_by"] for row in rows), None)


def mark_read_by(db: Database, source_id: str, read_by: str) -> None:
    db.execute("UPDATE source SET read_by = ? WHERE id = ?", [read_by, source_id])


def get_due_at(db: Database, source_id: str) -> datetime:
    return read_time(db.table("source").get(source_id)["due_at"])


def mark_attempted(db: Database, source_id: str, *, at: datetime, due_at: datetime) -> None:
    db.execute(
        "UPDATE source SET attempted_at = ?, due_at = ? WHERE id = ?", [write_time(at), write_time(due_at), source_id]
    )


def _read(row: dict[str, Any]) -> Resource:
    return Resource(row["id"], row["source_id"], row["url"], row["snapshot_id"], row["read_as"])
