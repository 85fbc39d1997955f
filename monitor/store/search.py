"""Full-text search: over the words of Changes, and over the current confirmed text of each Document.

The index has words alone (SQLite FTS5 without content); what is shown of a hit is cut from what is stored. It says
itself how far it is: a Change has its id as its row, `searched` has the Version of each Document whose text it knows.
So `catch_up` takes in what is new since, after a run, after a migration or after a crash alike.

Does not do: reading what somebody types, cutting out what is shown (`monitor.views.search`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.model import ChangeKind, ChangeStatus, Severity
from monitor.store import read_time, transaction
from monitor.store.versions import get_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from monitor.store import Database

AT_ONCE = 200
"""Changes or texts that are taken in within one transaction: no other writer waits for longer than a second."""
NEWEST = 1_000
"""Changes with the words asked for among which the best are looked for: of those with a common word, the newest."""
MOST_TEXTS = 200
"""Documents that are found at once."""
_TITLE_WEIGHT = 5.0
"""A word in a title says so much more than one in the text."""

_UNSPACED = re.compile(
    "([\u00a7\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff])"
)
"""What is written without spaces (Thai, Lao, Burmese, Khmer, kana, ideographs), and the sign that sticks to numbers."""

_CURRENT = """
SELECT id AS document_id, current AS version_id FROM (
    SELECT document.id, searched.version_id AS known, (
        SELECT change.to_version_id FROM change WHERE change.document_id = document.id AND change.status = 'confirmed'
        ORDER BY change.id DESC LIMIT 1
    ) AS current
    FROM document LEFT JOIN searched ON searched.document_id = document.id
) WHERE current IS NOT NULL AND current IS NOT known LIMIT ?
"""
_FIND_CHANGES = """
SELECT change.id, change.kind, change.status, change.severity, change.summary, change.detected_at, document.source_id,
    source.publisher, source.jurisdiction, bm25(search_change, :weight, 1.0) AS rank,
    iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM search_change CROSS JOIN change ON change.id = search_change.rowid
CROSS JOIN document ON document.id = change.document_id CROSS JOIN source ON source.id = document.source_id
WHERE search_change MATCH :match AND change.status != 'superseded'
"""
_FIND_TEXTS = """
SELECT searched.version_id, document.id, document.source_id, document.url, source.publisher, source.jurisdiction,
    bm25(search_text, :weight, 1.0) AS rank,
    iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM search_text CROSS JOIN searched ON searched.id = search_text.rowid
CROSS JOIN document ON document.id = searched.document_id CROSS JOIN source ON source.id = document.source_id
WHERE search_text MATCH :match
"""


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A Change with the words asked for."""

    id: int
    source_id: str
    name: str
    """The title of the entry where the Source is a feed, else the name of the Source."""
    publisher: str
    jurisdiction: str
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    summary: str
    detected_at: datetime
    rank: float
    """The lower, the better."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """A Document with the words asked for in its current text."""

    document_id: str
    version_id: int
    source_id: str
    url: str
    name: str
    publisher: str
    jurisdiction: str
    rank: float


def catch_up(db: Database) -> int:
    """Take in what is new since the last time, in steps of AT_ONCE, each whole or not at all. Returns how many."""
    taken = 0
    while step := _take_changes(db) + _take_texts(db):
        taken += step
    return taken


def take_apart(text: str) -> str:
    """With spaces around each sign of what is written without them, so that a part of it is found as a phrase."""
    return text if text.isascii() else _UNSPACED.sub(r" \1 ", text)


def find_changes(db: Database, match: str, filters: Mapping[str, str]) -> tuple[FoundChange, ...]:
    """Those that match, the newest NEWEST of them, in no order that matters.

    `match`: an expression of FTS5. `filters`: values of `jurisdiction`, `source` and `kind`, if asked for.
    """
    where = "".join(f" AND {column} = :{name}" for name, column in _COLUMNS.items() if name in filters)
    kinds = "" if "kind" in filters else " AND change.kind != 'first'"
    values = {**filters, "match": match, "weight": _TITLE_WEIGHT, "most": NEWEST}
    rows = db.query(f"{_FIND_CHANGES} {where} {kinds} ORDER BY search_change.rowid DESC LIMIT :most", values)
    return tuple(
        FoundChange(
            id=row["id"],
            source_id=row["source_id"],
            name=row["name"],
            publisher=row["publisher"],
            jurisdiction=row["jurisdiction"],
            kind=ChangeKind(row["kind"]),
            status=ChangeStatus(row["status"]),
            severity=Severity(row["severity"]),
            summary=row["summary"],
            detected_at=read_time(row["detected_at"]),
            rank=row["rank"],
        )
        for row in rows
    )


def find_texts(db: Database, match: str, filters: Mapping[str, str]) -> tuple[FoundText, ...]:
    """The MOST_TEXTS best, the best first; `kind` among `filters` is not looked at."""
    names = [name for name in ("jurisdiction", "source") if name in filters]
    where = "".join(f" AND {_COLUMNS[name]} = :{name}" for name in names)
    values = {name: filters[name] for name in names} | {"match": match, "weight": _TITLE_WEIGHT, "most": MOST_TEXTS}
    rows = db.query(f"{_FIND_TEXTS} {where} ORDER BY rank LIMIT :most", values)
    return tuple(
        FoundText(
            document_id=row["id"],
            version_id=row["version_id"],
            source_id=row["source_id"],
            url=row["url"],
            name=row["name"],
            publisher=row["publisher"],
            jurisdiction=row["jurisdiction"],
            rank=row["rank"],
        )
        for row in rows
    )


_COLUMNS = {"jurisdiction": "source.jurisdiction", "source": "source.id", "kind": "change.kind"}


def get_texts_of(db: Database, change_ids: Iterable[int]) -> dict[int, list[str]]:
    """Of each of these Changes the texts in which the words can stand: the new text of a Passage before its old one."""
    found: dict[int, list[str]] = {}
    for change_id in change_ids:
        rows = db.query("SELECT heading, before, after FROM passage WHERE change_id = ? ORDER BY id", [change_id])
        found[change_id] = [text for row in rows for text in (row["after"], row["before"]) if text]
    return found


def _take_changes(db: Database) -> int:
    rows = list(
        db.query(
            """
            SELECT change.id, change.summary, source.publisher, source.name, document.title
            FROM change JOIN document ON document.id = change.document_id JOIN source ON source.id = document.source_id
            WHERE change.id > (SELECT coalesce(max(id), 0) FROM search_change_docsize) ORDER BY change.id LIMIT ?
            """,
            [AT_ONCE],
        )
    )
    if rows:
        with transaction(db):
            for row in rows:
                _put(
                    db, "search_change", row["id"], _name(row), "\n".join([row["summary"], *_get_words(db, row["id"])])
                )
    return len(rows)


def _get_words(db: Database, change_id: int) -> Iterable[str]:
    rows = db.query("SELECT heading, before, after FROM passage WHERE change_id = ? ORDER BY id", [change_id])
    return (row[name] for row in rows for name in ("heading", "before", "after"))


def _take_texts(db: Database) -> int:
    rows = list(db.query(_CURRENT, [AT_ONCE]))
    if rows:
        with transaction(db):
            for row in rows:
                _take_text(db, row["document_id"], row["version_id"])
    return len(rows)


def _take_text(db: Database, document_id: str, version_id: int) -> None:
    db.execute(
        """
        INSERT INTO searched (document_id, version_id) VALUES (?, ?)
        ON CONFLICT (document_id) DO UPDATE SET version_id = excluded.version_id
        """,
        [document_id, version_id],
    )
    row = next(
        db.query(
            """
            SELECT searched.id, source.publisher, source.name, document.title
            FROM searched JOIN document ON document.id = searched.document_id
            JOIN source ON source.id = document.source_id WHERE searched.document_id = ?
            """,
            [document_id],
        )
    )
    text = "\n".join(block.text for block in get_version(db, version_id).blocks)
    _put(db, "search_text", row["id"], _name(row), text)


def _name(row: Mapping[str, Any]) -> str:
    return "\n".join([row["publisher"], row["name"], row["title"]])


def _put(db: Database, table: str, number: int, title: str, text: str) -> None:
    """In place of what stood there."""
    row = {"rowid": number, "title": take_apart(title), "text": take_apart(text)}
    db.table(table).insert(row, replace=True)
