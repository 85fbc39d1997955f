"""Each Source as it is watched: its facts and addresses, its Fetches by day, its Documents, its Problems, open or not.

Does not do: saying in which state it is (`monitor.views.sources`), when it was last read (`monitor.store.coverage`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from monitor.errors import NotFoundError
from monitor.model import TOLD_KINDS, Problem, ProblemKind
from monitor.store import read_time
from monitor.store.fetches import COMMIT

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store import Database

_TOLD = json.dumps(sorted(TOLD_KINDS))
_MOST_PROBLEMS = 50
_KNOWN = "SELECT id, name, publisher, jurisdiction, kind, topics, enabled FROM source"


@dataclass(frozen=True, slots=True)
class Known:
    """A Source as last declared."""

    id: str
    name: str
    publisher: str
    jurisdiction: str
    kind: str
    topics: tuple[str, ...]
    is_on: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Since when a Source is watched, and how often it is asked."""

    every: str
    due_at: datetime
    """When it is asked next."""
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One Resource of a Source."""

    url: str
    is_declared: bool
    """False = it left `sources.yaml`, or is an archive: nobody asks it any more."""
    asked_at: datetime | None
    """The last attempt; None = it was never asked."""
    outcome: str
    """Of that attempt; "" = there was none."""
    status: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The Fetches of one day."""

    number: int
    answered: int
    """Those that brought the text, or the word that it still stands."""


@dataclass(frozen=True, slots=True)
class Past:
    """A Problem, open or not."""

    problem: Problem
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A doubt that a person has set aside: an Overrule."""

    mark: str
    accepted_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One Document of a Source."""

    id: str
    title: str
    url: str
    added_at: datetime
    versions: int
    changed_at: datetime | None
    """When its text was last found to be another; None = it has none yet."""


def get_known(db: Database) -> tuple[Known, ...]:
    """Every Source ever declared, by publisher and name."""
    return tuple(map(_known, db.execute(f"{_KNOWN} ORDER BY publisher COLLATE NOCASE, name, id")))


def get_source(db: Database, source_id: str) -> Known:
    """Raises NotFoundError."""
    for row in db.execute(f"{_KNOWN} WHERE id = ?", [source_id]):
        return _known(row)
    raise NotFoundError(f'"{source_id}": there is no source with this id. All of them: Sources, above.')


def get_rhythm(db: Database, source_id: str) -> Rhythm:
    """Of a Source that is stored."""
    (row,) = db.query("SELECT every, due_at, added_at FROM source WHERE id = ?", [source_id])
    return Rhythm(row["every"], read_time(row["due_at"]), read_time(row["added_at"]))


def find_read_at(db: Database, source_id: str) -> datetime | None:
    """As `monitor.store.coverage.get_readings`, of one Source; None = it was never read as a whole."""
    rows = db.query(
        """
        SELECT min(good_at) AS at FROM (
            SELECT (
                SELECT at FROM fetch WHERE resource_id = resource.id AND state IN ('good', 'unchanged')
                ORDER BY id DESC LIMIT 1
            ) AS good_at FROM resource WHERE source_id = ? AND position IS NOT NULL
        ) HAVING count(*) = count(good_at)
        """,
        [source_id],
    )
    return next((_read(row["at"]) for row in rows), None)


def get_addresses(db: Database, source_id: str) -> tuple[Address, ...]:
    """Those that are declared in their order, then the others."""
    rows = db.query(
        """
        SELECT resource.url, resource.position, fetch.at, fetch.outcome, fetch.status
        FROM resource LEFT JOIN fetch ON fetch.id = (SELECT max(id) FROM fetch WHERE resource_id = resource.id)
        WHERE resource.source_id = ? ORDER BY resource.position IS NULL, resource.position, resource.id
        """,
        [source_id],
    )
    return tuple(
        Address(row["url"], row["position"] is not None, _read(row["at"]), row["outcome"] or "", row["status"])
        for row in rows
    )


def get_days(db: Database, source_id: str, since: date) -> dict[date, Asked]:
    """By the days in UTC on which it was asked. What an archive saw is none of them."""
    rows = db.query(
        """
        SELECT substr(fetch.at, 1, 10) AS day, count(*) AS number,
            sum(fetch.outcome IN ('ok', 'unchanged') AND fetch.state != 'rejected') AS answered
        FROM resource JOIN fetch ON fetch.resource_id = resource.id
        WHERE resource.source_id = :source AND fetch.at >= :since
          AND (resource.position IS NOT NULL OR json_extract(fetch.headers, '$."' || :commit || '"') IS NULL)
        GROUP BY day
        """,
        {"source": source_id, "since": since.isoformat(), "commit": COMMIT},
    )
    return {date.fromisoformat(row["day"]): Asked(row["number"], row["answered"]) for row in rows}


def count_changed(db: Database, source_id: str, since: date) -> dict[date, int]:
    """How many Changes of the told kinds were seen on each day in UTC, if any was."""
    rows = db.query(
        """
        SELECT substr(change.detected_at, 1, 10) AS day, count(*) AS number
        FROM document CROSS JOIN change ON change.document_id = document.id  -- in this order: a Source has few of all
        WHERE document.source_id = ? AND change.detected_at >= ? AND change.status IN ('confirmed', 'provisional')
          AND change.kind IN (SELECT value FROM json_each(?))
        GROUP BY day
        """,
        [source_id, since.isoformat(), _TOLD],
    )
    return {date.fromisoformat(row["day"]): row["number"] for row in rows}


def get_problems(db: Database, source_id: str) -> tuple[Past, ...]:
    """Open and closed, the newest first."""
    rows = db.query(
        """
        SELECT problem.*, resource.source_id, resource.url
        FROM resource JOIN problem ON problem.resource_id = resource.id
        WHERE resource.source_id = ? ORDER BY problem.opened_at DESC, problem.id DESC LIMIT ?
        """,
        [source_id, _MOST_PROBLEMS],
    )
    return tuple(Past(_problem(row), _read(row["closed_at"])) for row in rows)


def get_accepted(db: Database, source_id: str) -> tuple[Accepted, ...]:
    """The newest first."""
    rows = db.query(
        "SELECT mark, accepted_at, note FROM overrule WHERE source_id = ? ORDER BY accepted_at DESC, mark", [source_id]
    )
    return tuple(Accepted(row["mark"], read_time(row["accepted_at"]), row["note"]) for row in rows)


def count_documents(db: Database, source_id: str) -> int:
    return int(db.table("document").count_where("source_id = ?", [source_id]))


def find_documents(db: Database, source_id: str, text: str, most: int) -> tuple[Listed, ...]:
    """Those that were first seen last; only those with `text` in their title, address or identity."""
    rows = db.query(
        """
        SELECT newest.*, (SELECT count(*) FROM version WHERE document_id = newest.id) AS versions,
            (SELECT detected_at FROM change WHERE document_id = newest.id ORDER BY id DESC LIMIT 1) AS changed_at
        FROM (
            SELECT document.rowid AS number, id, title, url, added_at FROM document
            WHERE source_id = :source
              AND (:text = '' OR instr(lower(title || char(10) || url || char(10) || identity), lower(:text)))
            ORDER BY added_at DESC, document.rowid DESC LIMIT :most
        ) AS newest ORDER BY newest.added_at DESC, newest.number DESC
        """,
        {"source": source_id, "text": text, "most": most},
    )
    return tuple(
        Listed(
            id=row["id"],
            title=row["title"],
            url=row["url"],
            added_at=read_time(row["added_at"]),
            versions=row["versions"],
            changed_at=_read(row["changed_at"]),
        )
        for row in rows
    )


def _known(row: tuple[Any, ...]) -> Known:
    source_id, name, publisher, jurisdiction, kind, topics, enabled = row
    return Known(source_id, name, publisher, jurisdiction, kind, _read_topics(topics), bool(enabled))


@lru_cache(maxsize=1_000)
def _read_topics(written: str) -> tuple[str, ...]:
    """Many Sources have the same."""
    return tuple(json.loads(written))


def _problem(row: dict[str, Any]) -> Problem:
    return Problem(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        kind=ProblemKind(row["kind"]),
        detail=row["detail"],
        advice=row["advice"],
        opened_at=read_time(row["opened_at"]),
        last_seen_at=read_time(row["last_seen_at"]),
        mark=row["mark"],
    )


def _read(text: str | None) -> datetime | None:
    return read_time(text) if text else None
