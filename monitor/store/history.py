"""What is known of a Document from before it was watched: Fetches, Versions and Changes of earlier days.

History is told apart by three marks. Its bytes belong to a Resource that `sources.yaml` does not declare: a file of an
archive, each Fetch with repository, path and commit in its headers, or the address of a dated interface with `#history`
behind it, each Fetch of the day on which it was asked. Its Changes have the status `history`, so that whatever
asks for what is confirmed or held passes them over: digests, the text that the next one is compared with, links,
replays. And its Versions have ids below zero, in the order of their time: the ids of Versions are their order, those of
our own begin at one, so that all history lies before our first look, whenever it is brought in.

Does not do: reading repositories, asking interfaces or judging texts (`monitor.backfill`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.model import ChangeStatus
from monitor.store import changes, read_time, versions
from monitor.store.fetches import COMMIT, MARK, FetchState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.model import Block, Judgement
    from monitor.store import Database
    from monitor.store.versions import Version

_END = 2**32
"""Seconds since 1970 up to which ids are below zero: the year 2106."""
_SAME_SECOND = 1000
"""So many Versions of one second have an id."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The last bytes that one address of an interface gave for history."""

    fetch_id: int
    snapshot_id: int
    is_read: bool
    """Its texts are all stored."""


def declare_resource(db: Database, source_id: str, address: str) -> int:
    """The id of the Resource that stands for what history was read from, made at first sight. It is never due."""
    db.execute(
        "INSERT INTO resource (source_id, url, position) VALUES (?, ?, NULL) ON CONFLICT (source_id, url) DO NOTHING",
        [source_id, address],
    )
    return int(next(db.query("SELECT id FROM resource WHERE source_id = ? AND url = ?", [source_id, address]))["id"])


def get_commits(db: Database, source_id: str) -> dict[str, datetime]:
    """The commits that are stored as history of this Source, from whatever copy of an archive, each with its date."""
    rows = db.query(
        """
        SELECT fetch.at, json_extract(fetch.headers, '$."' || ? || '"') AS name
        FROM fetch JOIN resource ON resource.id = fetch.resource_id
        WHERE resource.source_id = ? AND resource.position IS NULL AND name IS NOT NULL
        """,
        [COMMIT, source_id],
    )
    return {row["name"]: read_time(row["at"]) for row in rows}


def find_recorded(db: Database, source_id: str, url: str) -> Recorded | None:
    """What this address of an interface answered last; None = nothing, or nothing that could be read."""
    rows = db.query(
        """
        SELECT fetch.id, fetch.snapshot_id, fetch.state
        FROM fetch JOIN resource ON resource.id = fetch.resource_id
        WHERE resource.source_id = ? AND resource.url = ? AND fetch.snapshot_id IS NOT NULL
        ORDER BY fetch.id DESC LIMIT 1
        """,
        [source_id, url + MARK],
    )
    found = next((row for row in rows if row["state"] != FetchState.REJECTED), None)
    return Recorded(found["id"], found["snapshot_id"], found["state"] == FetchState.GOOD) if found else None


def mark_recorded(db: Database, fetch_id: int, state: FetchState) -> None:
    """GOOD: all its texts are stored; REJECTED: it cannot be read."""
    db.execute("UPDATE fetch SET state = ? WHERE id = ?", [state, fetch_id])


def get_times(db: Database, document_id: str) -> frozenset[datetime]:
    """The times of the Versions that history has of a Document."""
    rows = db.query("SELECT observed_at FROM version WHERE document_id = ? AND id < 0", [document_id])
    return frozenset(read_time(row["observed_at"]) for row in rows)


def find_last(db: Database, document_id: str) -> Version | None:
    """The last text that history knows of a Document."""
    rows = db.query("SELECT max(id) AS id FROM version WHERE document_id = ? AND id < 0", [document_id])
    return next((versions.get_version(db, row["id"]) for row in rows if row["id"]), None)


def find_first_look(db: Database, document_id: str) -> datetime | None:
    """When the Document was first read by ourselves; None = never."""
    rows = db.query("SELECT min(observed_at) AS at FROM version WHERE document_id = ? AND id > 0", [document_id])
    return next((read_time(row["at"]) for row in rows if row["at"]), None)


def find_first_reading(db: Database, source_id: str) -> datetime | None:
    """When the Source was first read by ourselves, also where it held nothing; None = never."""
    rows = db.query(
        """
        SELECT min(at) AS at FROM (
            SELECT min(fetch.at) AS at FROM fetch JOIN resource ON resource.id = fetch.resource_id
            WHERE resource.source_id = :source AND resource.position IS NOT NULL AND fetch.state = 'good'
            UNION ALL
            SELECT min(version.observed_at) FROM version JOIN document ON document.id = version.document_id
            WHERE document.source_id = :source AND version.id > 0
        )
        """,
        {"source": source_id},
    )
    return next((read_time(row["at"]) for row in rows if row["at"]), None)


def declare_document(
    db: Database, document_id: str, *, source_id: str, identity: str, url: str, title: str, at: datetime
) -> None:
    """The Document. Once we have read it ourselves, title and address are those of that."""
    if find_first_look(db, document_id) is None:
        versions.declare_document(db, document_id, source_id=source_id, identity=identity, url=url, title=title, now=at)


def add_version(
    db: Database,
    document_id: str,
    *,
    title: str,
    blocks: Sequence[Block],
    recipe: str,
    observed_at: datetime,
    snapshot_ids: Sequence[int],
) -> int:
    """A text of earlier days, at its place in time."""
    return versions.add_version(
        db,
        document_id,
        title=title,
        blocks=blocks,
        recipe=recipe,
        observed_at=observed_at,
        snapshot_ids=snapshot_ids,
        history_id=_find_place(db, observed_at),
    )


def add_change(
    db: Database,
    document_id: str,
    *,
    from_version_id: int | None,
    to_version_id: int,
    judgement: Judgement,
    fetch_id: int,
    at: datetime,
    rules: str,
) -> None:
    """A Change of earlier days, which nobody is ever told of."""
    change_id = changes.add_change(
        db,
        document_id=document_id,
        from_version_id=from_version_id,
        to_version_id=to_version_id,
        judgement=judgement,
        fetch_id=fetch_id,
        detected_at=at,
        hold_until=None,
        rules=rules,
        now=at,
    )
    db.execute("UPDATE change SET status = ?, confirmed_at = NULL WHERE id = ?", [ChangeStatus.HISTORY, change_id])


def _find_place(db: Database, at: datetime) -> int:
    """The first free id of this second."""
    first = (int(at.timestamp()) - _END) * _SAME_SECOND
    rows = db.query("SELECT max(id) AS id FROM version WHERE id >= ? AND id < ?", [first, first + _SAME_SECOND])
    return next((row["id"] + 1 for row in rows if row["id"] is not None), first)
