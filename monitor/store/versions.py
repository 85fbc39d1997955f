"""Documents and their Versions.

Blocks are stored as JSON under zstandard, so that any tool can read them: `[kind, text, heading path, links, invisible
characters]` each.

Does not do: extraction or comparison.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import zstandard

from monitor.errors import NotFoundError
from monitor.model import TOLD_KINDS, Block, BlockKind
from monitor.store import add_row, read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Document:
    """One text that a publisher maintains under a stable identity."""

    id: str
    source_id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a Document as read from Snapshots."""

    id: int
    document_id: str
    title: str
    recipe: str
    observed_at: datetime
    blocks: tuple[Block, ...]


def declare_document(
    db: Database, document_id: str, *, source_id: str, identity: str, url: str, title: str, now: datetime
) -> None:
    """The Document, made at first sight; its title and URL are those of its newest text."""
    db.execute(
        """
        INSERT INTO document (id, source_id, identity, url, title, added_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET url = excluded.url, title = excluded.title
        """,
        [document_id, source_id, identity, url, title, write_time(now)],
    )


def get_document(db: Database, document_id: str) -> Document:
    """Raises NotFoundError, naming up to five ids that hold this one, the newest first, with their titles."""
    for row in db.query("SELECT * FROM document WHERE id = ?", [document_id]):
        return Document(row["id"], row["source_id"], row["url"], row["title"])
    rows = db.query(
        "SELECT id, title FROM document WHERE id LIKE ? ORDER BY added_at DESC, rowid DESC LIMIT 5",
        [f"%{document_id}%"],
    )
    near = [f'{row["id"]} ("{row["title"]}")' for row in rows]
    hint = f" Did you mean {', '.join(near)}?" if near else " `monitor changes --all` shows the ids of all documents."
    raise NotFoundError(f'document "{document_id}": there is none with this id.{hint}')


def add_version(
    db: Database,
    document_id: str,
    *,
    title: str,
    blocks: Sequence[Block],
    recipe: str,
    observed_at: datetime,
    snapshot_ids: Sequence[int],
    history_id: int | None = None,
) -> int:
    """A new text; `snapshot_ids` are what it was read from, in order.

    Ids count from one up, in the order of the texts; `history_id` is below that (`monitor.store.history`).
    """
    data = _dump(blocks)
    row: dict[str, object] = {
        "id": history_id or _next_id(db),
        "document_id": document_id,
        "text_sha256": _sha256(data),
        "blocks": zstandard.compress(data, 9),
        "title": title,
        "recipe": recipe,
        "observed_at": write_time(observed_at),
    }
    version_id = add_row(db, "version", row)
    db.table("version_snapshot").insert_all(
        {"version_id": version_id, "position": position, "snapshot_id": snapshot_id}
        for position, snapshot_id in enumerate(snapshot_ids)
    )
    return version_id


def get_version(db: Database, version_id: int) -> Version:
    """Raises NotFoundError."""
    for row in db.query("SELECT * FROM version WHERE id = ?", [version_id]):
        return Version(
            id=row["id"],
            document_id=row["document_id"],
            title=row["title"],
            recipe=row["recipe"],
            observed_at=read_time(row["observed_at"]),
            blocks=_load(row["blocks"]),
        )
    raise NotFoundError(f"version {version_id}: there is none")


def find_current(db: Database, document_id: str) -> Version | None:
    """The last text that we read ourselves: what an archive saw before is no text to go on from."""
    rows = db.query("SELECT max(id) AS id FROM version WHERE document_id = ? AND id > 0", [document_id])
    return next((get_version(db, row["id"]) for row in rows if row["id"]), None)


def has_any(db: Database, source_id: str) -> bool:
    """Whether we ever read a text of this Source ourselves."""
    rows = db.query(
        """
        SELECT 1 FROM document JOIN version ON version.document_id = document.id
        WHERE document.source_id = ? AND version.id > 0 LIMIT 1
        """,
        [source_id],
    )
    return any(rows)


def find_version_at(db: Database, document_id: str, at: datetime) -> Version | None:
    """The text as it stood then: the last one observed at or before `at`."""
    rows = db.query(
        "SELECT id FROM version WHERE document_id = ? AND observed_at <= ? ORDER BY id DESC LIMIT 1",
        [document_id, write_time(at)],
    )
    return next((get_version(db, row["id"]) for row in rows), None)


def find_twin(db: Database, document_id: str, blocks: Sequence[Block]) -> Version | None:
    """The first Version with exactly these Blocks: where a text that came back comes from."""
    rows = db.query(
        "SELECT id FROM version WHERE document_id = ? AND text_sha256 = ? ORDER BY id LIMIT 1",
        [document_id, _sha256(_dump(blocks))],
    )
    return next((get_version(db, row["id"]) for row in rows), None)


def get_recent_texts(db: Database, document_id: str, since: datetime, most: int) -> tuple[Version, ...]:
    """The texts on both sides of what was to be told at or after this time, the newest first; of each one Version.

    Not each of the texts between, which differ from these in what nobody is told of.
    """
    rows = db.query(
        """
        SELECT min(version.id) AS id FROM version
        JOIN change ON version.id IN (change.from_version_id, change.to_version_id)
        WHERE change.document_id = ? AND change.detected_at >= ?
          AND change.kind IN (SELECT value FROM json_each(?))
        GROUP BY version.text_sha256 ORDER BY max(version.id) DESC LIMIT ?
        """,
        [document_id, write_time(since), json.dumps(sorted(TOLD_KINDS)), most],
    )
    return tuple(get_version(db, row["id"]) for row in rows)


def get_documents_read_otherwise(db: Database, source_id: str, recipe: str) -> tuple[str, ...]:
    """Documents of the Source whose current Version was read by another recipe, the oldest first."""
    rows = db.query(
        """
        SELECT document.id FROM document
        JOIN version ON version.id = (SELECT max(id) FROM version WHERE document_id = document.id)
        WHERE document.source_id = ? AND version.recipe != ? ORDER BY document.rowid
        """,
        [source_id, recipe],
    )
    return tuple(row["id"] for row in rows)


def mark_read_alike(db: Database, version_id: int, recipe: str) -> None:
    """Its bytes, read by this recipe, give the same text."""
    db.execute("UPDATE version SET recipe = ? WHERE id = ?", [recipe, version_id])


def get_snapshots(db: Database, version_id: int) -> tuple[tuple[int, int], ...]:
    """What a Version was read from, in order: (Resource, Snapshot)."""
    rows = db.query(
        """
        SELECT snapshot.resource_id, snapshot.id FROM version_snapshot JOIN snapshot ON snapshot.id = snapshot_id
        WHERE version_id = ? ORDER BY position
        """,
        [version_id],
    )
    return tuple((row["resource_id"], row["id"]) for row in rows)


def _next_id(db: Database) -> int:
    """SQLite itself would go on from whatever is highest, be it below zero."""
    return int(db.execute("SELECT max(0, coalesce(max(id), 0)) + 1 FROM version").fetchone()[0])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _dump(blocks: Sequence[Block]) -> bytes:
    rows = [[each.kind, each.text, each.heading, each.links, each.invisible] for each in blocks]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _load(stored: bytes) -> tuple[Block, ...]:
    rows = json.loads(zstandard.decompress(stored))
    return tuple(
        Block(BlockKind(kind), text, tuple(heading), tuple(links), invisible)
        for kind, text, heading, links, invisible in rows
    )
