"""Sources as last declared, when each is due, and their Resources (one URL each).

Does not do: reading `sources.yaml` (`monitor.sources`), reckoning due times.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.errors import NotFoundError
from monitor.model import Request, Source
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Resource:
    """One URL of a Source, with the last Snapshot of it that was read successfully."""

    id: int
    source_id: str
    url: str
    snapshot_id: int | None


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
        "enabled": int(source.is_readable),
    }
    at = write_time(now.replace(second=0))
    db.execute(
        """
        INSERT INTO source (id, name, publisher, jurisdiction, kind, topics, audience, enabled, added_at, due_at)
        VALUES (:id, :name, :publisher, :jurisdiction, :kind, :topics, :audience, :enabled, :at, :at)
        ON CONFLICT (id) DO UPDATE SET name = :name, publisher = :publisher, jurisdiction = :jurisdiction,
            kind = :kind, topics = :topics, audience = :audience, enabled = :enabled
        """,
        facts | {"at": at},  # a new Source is due now, to the minute: a job that runs hourly finds it due on the hour
    )
    if [each.url for each in get_resources(db, source.id)] != list(source.urls):
        _declare_resources(db, source)
        db.execute("UPDATE source SET due_at = ? WHERE id = ?", [at, source.id])


def _declare_resources(db: Database, source: Source) -> None:
    db.execute("UPDATE resource SET position = NULL WHERE source_id = ?", [source.id])
    for position, url in enumerate(source.urls):
        db.execute(
            """
            INSERT INTO resource (source_id, url, position) VALUES (?, ?, ?)
            ON CONFLICT (source_id, url) DO UPDATE SET position = excluded.position
            """,
            [source.id, url, position],
        )


def get_resources(db: Database, source_id: str) -> tuple[Resource, ...]:
    """The Resources that the Source declares now, in their order."""
    rows = db.query(
        "SELECT * FROM resource WHERE source_id = ? AND position IS NOT NULL ORDER BY position", [source_id]
    )
    return tuple(Resource(row["id"], row["source_id"], row["url"], row["snapshot_id"]) for row in rows)


def get_resource(db: Database, source_id: str, url: str) -> Resource:
    """Raises NotFoundError."""
    for row in db.query("SELECT * FROM resource WHERE source_id = ? AND url = ?", [source_id, url]):
        return Resource(row["id"], source_id, url, row["snapshot_id"])
    raise NotFoundError(f"{source_id}: {url} is none of its addresses")


def get_requests(db: Database, source: Source) -> tuple[Request, ...]:
    """What to ask for, with validators.

    No validators go out while a Problem is open: "unchanged" could not close it, only a whole answer can.
    """
    rows = db.query(
        """
        SELECT resource.url, resource.etag, resource.last_modified, problem.id IS NOT NULL AS blind
        FROM resource LEFT JOIN problem ON problem.resource_id = resource.id AND problem.closed_at IS NULL
        WHERE resource.source_id = ? AND resource.position IS NOT NULL ORDER BY resource.position
        """,
        [source.id],
    )
    return tuple(
        Request(
            source_id=source.id,
            url=row["url"],
            kind=source.kind,
            etag=None if row["blind"] else row["etag"],
            last_modified=None if row["blind"] else row["last_modified"],
        )
        for row in rows
    )


def save_good_snapshot(
    db: Database, resource_id: int, snapshot_id: int, *, etag: str | None, last_modified: str | None
) -> None:
    """Note that this Snapshot was read successfully; only now may the publisher answer "unchanged since then"."""
    db.execute(
        "UPDATE resource SET snapshot_id = ?, etag = ?, last_modified = ? WHERE id = ?",
        [snapshot_id, etag, last_modified, resource_id],
    )


def get_due_ids(db: Database, now: datetime) -> frozenset[str]:
    """By their rhythm, or because a held Change is to be seen again."""
    at = write_time(now)
    rows = db.query("SELECT id FROM source WHERE enabled AND (due_at <= ? OR again_at <= ?)", [at, at])
    return frozenset(row["id"] for row in rows)


def get_due_at(db: Database, source_id: str) -> datetime:
    return read_time(db.table("source").get(source_id)["due_at"])


def mark_attempted(db: Database, source_id: str, *, at: datetime, due_at: datetime) -> None:
    db.execute(
        "UPDATE source SET attempted_at = ?, due_at = ?, again_at = NULL WHERE id = ?",
        [write_time(at), write_time(due_at), source_id],
    )


def mark_again(db: Database, source_id: str, again_at: datetime) -> None:
    """Look once more, no later than this: a held Change is to be seen again."""
    db.execute(
        "UPDATE source SET again_at = min(coalesce(again_at, :at), :at) WHERE id = :id",
        {"at": write_time(again_at), "id": source_id},
    )


def find_baseline_at(db: Database, source_id: str) -> datetime | None:
    """When this Source was first read successfully; None = never."""
    for row in db.query("SELECT baseline_at FROM source WHERE id = ?", [source_id]):
        return read_time(row["baseline_at"]) if row["baseline_at"] else None
    return None


def mark_baseline(db: Database, source_id: str, at: datetime) -> None:
    db.execute("UPDATE source SET baseline_at = ? WHERE id = ? AND baseline_at IS NULL", [write_time(at), source_id])
