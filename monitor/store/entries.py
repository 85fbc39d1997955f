"""The Documents of a feed as what they are known by: id, address, title.

Does not do: their texts (`versions`); recognising an entry (`monitor.entries`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A Document that is an entry of a feed."""

    id: str
    identity: str
    """As the feed gave it last."""
    url: str
    title: str


def get_known(db: Database, source_id: str) -> tuple[KnownEntry, ...]:
    """All entries that the Source ever had, oldest first."""
    rows = db.query("SELECT id, identity, url, title FROM document WHERE source_id = ? ORDER BY rowid", [source_id])
    return tuple(KnownEntry(row["id"], row["identity"], row["url"], row["title"]) for row in rows)


def note_whereabouts(db: Database, document_id: str, *, identity: str, url: str) -> None:
    """By what id and where the feed gives the Document now, if it is known; no address leaves the one there was."""
    db.execute(
        """
        UPDATE document SET identity = :identity, url = coalesce(nullif(:url, ''), url)
        WHERE id = :id AND (identity != :identity OR url != :url)
        """,
        {"id": document_id, "identity": identity, "url": url},
    )
