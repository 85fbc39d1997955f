"""Full-text search: over the words of Changes, and over the current confirmed text of each Document.

The index has words alone (SQLite FTS5 without content); what is shown of a hit is cut from what is stored. It says
itself how far it is: a Change has its id as its row, `searched` has the Version of each Document whose text it knows.
So `catch_up` takes in what is new since, after a run, after a migration or after a crash alike.

Does not do: reading what somebody types, cutting out what is shown (`monitor.views.search`).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.failing import tolerate
from monitor.model import ChangeKind, ChangeStatus, Severity
from monitor.store import read_time, transaction
from monitor.store.changes import told_kinds
from monitor.store.inbox import WAITING
from monitor.store.versions import get_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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

_STATES = {str(each): each for each in ChangeStatus}
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
SELECT change.id, change.status, change.detected_at, bm25(search_change, :weight, 1.0) AS rank
FROM search_change CROSS JOIN change ON change.id = search_change.rowid
WHERE search_change MATCH :match
"""
_LIST_CHANGES = "SELECT change.id, change.status, change.detected_at, 0.0 AS rank FROM change WHERE 1"
_NEWEST_FIRST = "change.detected_at DESC, change.id DESC"
_FIND_TEXTS = """
SELECT searched.id, bm25(search_text, :weight, 1.0) AS rank
FROM search_text CROSS JOIN searched ON searched.id = search_text.rowid
WHERE search_text MATCH :match
"""
_FILTERS = {
    "jurisdiction": """ AND document_id IN (
        SELECT document.id FROM source JOIN document ON document.source_id = source.id
        WHERE source.jurisdiction = :jurisdiction COLLATE NOCASE)""",
    "source": """ AND document_id IN (
        SELECT document.id FROM source JOIN document ON document.source_id = source.id
        WHERE source.id = :source COLLATE NOCASE)""",
    "topic": """ AND document_id IN (
        SELECT document.id FROM source JOIN document ON document.source_id = source.id
        WHERE EXISTS (SELECT 1 FROM json_each(source.topics) WHERE value = :topic COLLATE NOCASE))""",
    "kind": " AND change.kind = :kind",
    "told": f" AND change.kind IN {told_kinds()}",
    "status": " AND change.status = :status",
    "since": " AND change.detected_at >= :since",
    "waiting": f" AND {WAITING}",
}
_USUAL = {"kind": " AND change.kind != 'first'", "status": " AND change.status != 'superseded'"}
"""What holds where it is not asked for."""
_GET_CHANGES = """
SELECT change.id, change.kind, change.status, change.severity, change.summary, change.detected_at, document.source_id,
    source.publisher, source.jurisdiction,
    iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM json_each(?) AS found CROSS JOIN change ON change.id = found.value
CROSS JOIN document ON document.id = change.document_id CROSS JOIN source ON source.id = document.source_id
ORDER BY found.key
"""
_GET_TEXTS = """
SELECT searched.document_id, searched.version_id, document.source_id, document.url, source.publisher,
    source.jurisdiction, iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM json_each(?) AS found CROSS JOIN searched ON searched.id = found.value
CROSS JOIN document ON document.id = searched.document_id CROSS JOIN source ON source.id = document.source_id
ORDER BY found.key
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A Change with the words asked for, as far as it takes to say which of many is shown."""

    change_id: int
    status: ChangeStatus
    detected_at: datetime
    rank: float
    """The lower, the better."""


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A Change with the words asked for, as it is shown."""

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


@dataclass(frozen=True, slots=True)
class FoundText:
    """A Document with the words asked for in its current text, as it is shown."""

    document_id: str
    version_id: int
    source_id: str
    url: str
    name: str
    publisher: str
    jurisdiction: str


def catch_up(db: Database) -> int:
    """Take in what is new since the last time, in steps of AT_ONCE, each whole or not at all. Returns how many."""
    taken = 0
    while step := _take_changes(db) + _take_texts(db):
        taken += step
    return taken


def take_apart(text: str) -> str:
    """With spaces around each sign of what is written without them, so that a part of it is found as a phrase."""
    return text if text.isascii() else _UNSPACED.sub(r" \1 ", text)


def find_changes(db: Database, match: str, filters: Mapping[str, str]) -> tuple[Hit, ...]:
    """Those that match, the newest NEWEST of them, the newest first.

    `match`: an expression of FTS5; "" = all. `filters`, each if it is asked for: `jurisdiction`, `source` and `topic`
    in any case, `kind`, `status`, `since` (a day), `told` (only what people are told of), and `waiting`: today, on
    which it waits to be decided.
    """
    where = "".join(condition for name, condition in _FILTERS.items() if name in filters)
    usual = "".join(condition for name, condition in _USUAL.items() if name not in filters)
    head, order = (_FIND_CHANGES, "search_change.rowid DESC") if match else (_LIST_CHANGES, _NEWEST_FIRST)
    asked = {**filters, "match": match, "today": filters.get("waiting", "")}
    values = {**asked, "weight": _TITLE_WEIGHT, "most": NEWEST}
    rows = db.execute(f"{head} {where} {usual} ORDER BY {order} LIMIT :most", values)
    return tuple(Hit(number, _STATES[status], read_time(at), rank) for number, status, at, rank in rows)


def get_changes(db: Database, change_ids: Sequence[int]) -> tuple[FoundChange, ...]:
    """In this order."""
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
        )
        for row in db.query(_GET_CHANGES, [json.dumps(change_ids)])
    )


def find_texts(db: Database, match: str, filters: Mapping[str, str]) -> tuple[int, ...]:
    """The MOST_TEXTS best, the best first, for `get_texts`; `kind` among `filters` is not looked at."""
    names = [name for name in ("jurisdiction", "source") if name in filters]
    where = "".join(_FILTERS[name] for name in names)
    values = {name: filters[name] for name in names} | {"match": match, "weight": _TITLE_WEIGHT, "most": MOST_TEXTS}
    return tuple(number for number, _ in db.execute(f"{_FIND_TEXTS} {where} ORDER BY rank LIMIT :most", values))


def get_texts(db: Database, found: Sequence[int]) -> tuple[FoundText, ...]:
    """In this order."""
    return tuple(FoundText(**row) for row in db.query(_GET_TEXTS, [json.dumps(found)]))


def get_passages_of(db: Database, change_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Of each of these Changes the old and the new text of its Passages; "" = there is none."""
    query = "SELECT before, after FROM passage WHERE change_id = ? ORDER BY id"
    return {
        each: [(before or "", after or "") for before, after in db.execute(query, [each]).fetchall()]
        for each in change_ids
    }


def get_titles(db: Database) -> dict[str, str]:
    """Of all procedures, by id; also of those that left the folder."""
    return dict(db.execute("SELECT id, title FROM sop ORDER BY id").fetchall())


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
            words = _get_words(db, [row["id"] for row in rows])
            _put(db, "search_change", [_read_change(row, words.get(row["id"], ())) for row in rows])
    return len(rows)


def _read_change(row: Mapping[str, Any], words: Iterable[str]) -> tuple[int, str, str]:
    """The Change's row, title and text; nothing to be found by where these cannot be read."""
    title, text = "", ""
    with tolerate("change not searchable", f"change {row['id']}: its words cannot be read, so no search finds it"):
        title, text = _name(row), "\n".join([row["summary"], *words])
    return row["id"], title, text


def _get_words(db: Database, change_ids: Iterable[int]) -> dict[int, list[str]]:
    """Of each of these Changes that has any Passage, what they say."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = db.execute(
        """
        SELECT change_id, heading, before, after FROM passage
        WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY change_id, id
        """,
        [json.dumps(list(change_ids))],
    )
    for change_id, *words in rows:
        found[change_id] += words
    return found


def _take_texts(db: Database) -> int:
    rows = list(db.query(_CURRENT, [AT_ONCE]))
    if rows:
        with transaction(db):
            _put(db, "search_text", [_read_text(db, row["document_id"], row["version_id"]) for row in rows])
    return len(rows)


def _read_text(db: Database, document_id: str, version_id: int) -> tuple[int, str, str]:
    """The Document's row, title and text. From here on this Version is the one that the search knows.

    It is found by nothing where it cannot be read.
    """
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
    title, text = "", ""
    with tolerate("text not searchable", f"{document_id}: its text cannot be read, so no search finds it"):
        title, text = _name(row), "\n".join(block.text for block in get_version(db, version_id).blocks)
    return row["id"], title, text


def _name(row: Mapping[str, Any]) -> str:
    return "\n".join([row["publisher"], row["name"], row["title"]])


def _put(db: Database, table: str, rows: Iterable[tuple[int, str, str]]) -> None:
    """Row, title and text of each, in place of what stood there."""
    db.table(table).insert_all(
        ({"rowid": number, "title": take_apart(title), "text": take_apart(text)} for number, title, text in rows),
        replace=True,
    )
