"""Links between clauses and the Sections that put them into practice, and how current these are.

Does not do: following a clause through the Versions, deciding what makes a Section stale (`monitor.links`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.model import Anchor, Link
from monitor.store import add_row, read_rows, read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a Link was followed, and what was found there."""

    section_id: str
    anchor: Anchor
    known: str
    """What the clause said when the Section was last current; "" = nothing yet, the clause was new."""
    version_id: int
    is_gone: bool = False
    stale_since: datetime | None = None
    stale_by: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One open Link as the ledger needs it."""

    link_id: int
    sop_id: str
    section_id: str
    source_id: str
    document_id: str
    title: str
    """Of the Document, else of its Source."""
    is_watched: bool
    anchor: Anchor
    is_gone: bool
    current_as_of: datetime | None
    """When the newest Version was first seen for which the Section is current; None = it never was for any."""
    stale_since: datetime | None
    stale_by: int | None
    why: str
    revised_at: datetime | None
    checked_at: datetime | None
    checked_by: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A Section as it was last loaded, whether anything links to it or not, with its SOP."""

    sop_id: str
    title: str
    owner: str
    section_id: str
    heading: tuple[str, ...]


def add_link(
    db: Database, document_id: str, standing: Standing, decision_id: int, *, revised_at: datetime | None, now: datetime
) -> int:
    """`revised_at`: when the Section was edited since the clause changed, if it was."""
    row: dict[str, object] = {
        "document_id": document_id,
        "section_id": standing.section_id,
        "section_sha256": _sha256_of(db, standing.section_id),
        "decision_id": decision_id,
        "since_at": write_time(now),
        "revised_at": _write(revised_at),
    }
    return add_row(db, "link", row | _columns(standing))


def get_links(db: Database, document_id: str) -> tuple[Link, ...]:
    """The open Links of a Document, oldest first."""
    rows = db.query("SELECT * FROM link WHERE document_id = ? AND ended_at IS NULL ORDER BY id", [document_id])
    return tuple(
        Link(
            id=row["id"],
            document_id=row["document_id"],
            anchor=_anchor(row),
            section_id=row["section_id"],
            since_at=read_time(row["since_at"]),
            stale_since=_read(row["stale_since"]),
            stale_by=row["stale_by"],
            why=row["why"],
        )
        for row in rows
    )


def get_standings(db: Database, document_id: str) -> dict[int, Standing]:
    """The open Links of a Document by their id."""
    rows = db.query("SELECT * FROM link WHERE document_id = ? AND ended_at IS NULL ORDER BY id", [document_id])
    return {row["id"]: _standing(row) for row in rows}


def get_behind(db: Database) -> tuple[str, ...]:
    """Documents with open Links that were not followed to the last confirmed Version."""
    rows = db.query(
        """
        SELECT DISTINCT link.document_id AS id FROM link JOIN change ON change.document_id = link.document_id
        WHERE link.ended_at IS NULL AND change.status = 'confirmed' AND change.to_version_id > link.version_id
        """
    )
    return tuple(row["id"] for row in rows)


def get_confirmed_after(db: Database, document_id: str, version_id: int) -> tuple[int, ...]:
    """The confirmed Changes of a Document that lead to Versions after this one, in their order."""
    rows = db.query(
        "SELECT id FROM change WHERE document_id = ? AND status = 'confirmed' AND to_version_id > ? ORDER BY id",
        [document_id, version_id],
    )
    return tuple(row["id"] for row in rows)


def claim_followed(db: Database, link_id: int, was: Standing, now_is: Standing) -> bool:
    """Write how far the Link was followed, if it still stands as it was read; whether it did."""
    written = db.execute(
        """
        UPDATE link SET heading = :heading, text = :text, known = :known, is_gone = :is_gone, version_id = :version_id,
            stale_since = :stale_since, stale_by = :stale_by, why = :why
        WHERE id = :id AND version_id = :was_version_id AND stale_since IS :was_stale_since AND ended_at IS NULL
        """,
        _columns(now_is)
        | {"id": link_id, "was_version_id": was.version_id, "was_stale_since": _write(was.stale_since)},
    )
    return bool(written.rowcount)


def mark_unrevised(db: Database, link_id: int, section_id: str) -> None:
    """The words of the clause changed: only an edit of the Section from here on counts as an answer to that."""
    db.execute(
        "UPDATE link SET section_sha256 = ?, revised_at = NULL WHERE id = ?", [_sha256_of(db, section_id), link_id]
    )


def mark_revised(db: Database, now: datetime) -> int:
    """Note which Sections were edited since they went stale. Returns how many Links that concerns."""
    rows = db.query(
        """
        SELECT link.id, link.section_sha256, section.text FROM link JOIN section ON section.id = link.section_id
        WHERE link.ended_at IS NULL AND link.stale_since IS NOT NULL AND link.revised_at IS NULL
          AND section.removed_at IS NULL
        """
    )
    found = read_rows("link", rows, lambda row: (row["id"], _sha256(row["text"]) != row["section_sha256"]))
    edited = [link_id for link_id, is_edited in found if is_edited]
    for link_id in edited:
        db.execute("UPDATE link SET revised_at = ? WHERE id = ?", [write_time(now), link_id])
    return len(edited)


def mark_current(db: Database, link_ids: Iterable[int], by: str, now: datetime) -> None:
    """A person says that the Section is current again, with the clause as it reads now.

    Where the clause is gone, nothing is left to put into practice: the Link ends.
    """
    for link_id in link_ids:
        db.execute(
            """
            UPDATE link SET known = text, stale_since = NULL, stale_by = NULL, why = '', revised_at = NULL,
                checked_at = :at, checked_by = :by, ended_at = CASE WHEN is_gone THEN :at END
            WHERE id = :id AND stale_since IS NOT NULL
            """,
            {"at": write_time(now), "by": by, "id": link_id},
        )


def mark_ended(db: Database, change_id: int, section_id: str, now: datetime) -> int:
    """End the Links that a decision about this Change has laid for the Section. Returns how many there were."""
    ended = db.execute(
        """
        UPDATE link SET ended_at = ? WHERE section_id = ? AND ended_at IS NULL
            AND decision_id IN (SELECT id FROM decision WHERE change_id = ?)
        """,
        [write_time(now), section_id, change_id],
    )
    return int(ended.rowcount)


def get_stale_by(db: Database, change_id: int, section_id: str) -> tuple[int, ...]:
    """The open Links of the Section that went stale by this Change."""
    rows = db.query(
        "SELECT id FROM link WHERE section_id = ? AND stale_by = ? AND ended_at IS NULL", [section_id, change_id]
    )
    return tuple(row["id"] for row in rows)


def get_section_text(db: Database, section_id: str) -> tuple[str, datetime | None]:
    """The words of a Section, headings included, and when its text last changed."""
    (row,) = db.query("SELECT heading, text, revised_at FROM section WHERE id = ?", [section_id])
    return "\n".join([*json.loads(row["heading"]), row["text"]]), _read(row["revised_at"])


def get_listed(db: Database) -> tuple[Listed, ...]:
    """Every Section of the SOPs as last loaded, in their order."""
    rows = db.query(
        """
        SELECT sop.id AS sop_id, sop.title, sop.owner, section.id, section.heading
        FROM section JOIN sop ON sop.id = section.sop_id
        WHERE sop.removed_at IS NULL AND section.removed_at IS NULL ORDER BY sop.id, section.rowid
        """
    )
    return tuple(
        Listed(row["sop_id"], row["title"], row["owner"], row["id"], tuple(json.loads(row["heading"]))) for row in rows
    )


def get_clauses(db: Database) -> tuple[Clause, ...]:
    """Every open Link of a Section that is still there, by Document and in the order they were laid."""
    rows = db.query(
        """
        SELECT link.*, section.sop_id, document.source_id, source.enabled,
            coalesce(nullif(document.title, ''), source.name) AS title,
            CASE WHEN link.stale_since IS NULL THEN stands.observed_at ELSE last.observed_at END AS current_as_of
        FROM link
        JOIN section ON section.id = link.section_id
        JOIN document ON document.id = link.document_id
        JOIN source ON source.id = document.source_id
        JOIN version AS stands ON stands.id = link.version_id
        LEFT JOIN change ON change.id = link.stale_by
        LEFT JOIN version AS last ON last.id = change.from_version_id
        WHERE link.ended_at IS NULL AND section.removed_at IS NULL ORDER BY link.document_id, link.id
        """
    )
    return tuple(
        Clause(
            link_id=row["id"],
            sop_id=row["sop_id"],
            section_id=row["section_id"],
            source_id=row["source_id"],
            document_id=row["document_id"],
            title=row["title"],
            is_watched=bool(row["enabled"]),
            anchor=_anchor(row),
            is_gone=bool(row["is_gone"]),
            current_as_of=_read(row["current_as_of"]),
            stale_since=_read(row["stale_since"]),
            stale_by=row["stale_by"],
            why=row["why"],
            revised_at=_read(row["revised_at"]),
            checked_at=_read(row["checked_at"]),
            checked_by=row["checked_by"],
        )
        for row in rows
    )


def get_source_ids(db: Database) -> frozenset[str]:
    return frozenset(row["id"] for row in db.query("SELECT id FROM source"))


def _columns(standing: Standing) -> dict[str, object]:
    return {
        "heading": json.dumps(standing.anchor.heading, ensure_ascii=False),
        "text": standing.anchor.text,
        "known": standing.known,
        "is_gone": int(standing.is_gone),
        "version_id": standing.version_id,
        "stale_since": _write(standing.stale_since),
        "stale_by": standing.stale_by,
        "why": standing.why,
    }


def _standing(row: dict[str, Any]) -> Standing:
    return Standing(
        section_id=row["section_id"],
        anchor=_anchor(row),
        known=row["known"],
        version_id=row["version_id"],
        is_gone=bool(row["is_gone"]),
        stale_since=_read(row["stale_since"]),
        stale_by=row["stale_by"],
        why=row["why"],
    )


def _anchor(row: dict[str, Any]) -> Anchor:
    return Anchor(tuple(json.loads(row["heading"])), row["text"])


def _sha256_of(db: Database, section_id: str) -> str:
    return _sha256(next(db.query("SELECT text FROM section WHERE id = ?", [section_id]))["text"])


def _sha256(text: str) -> str:
    """Of the words: a text that was only wrapped otherwise was not edited."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _read(text: str | None) -> datetime | None:
    return read_time(text) if text else None


def _write(moment: datetime | None) -> str | None:
    return write_time(moment) if moment else None
