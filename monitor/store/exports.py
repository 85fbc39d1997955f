"""What was told and what was decided, in batches that somebody can read one after the other: the newest, or all of it.

A batch begins behind a place, so that each can be read by a connection of its own, and nothing that is written
meanwhile is read twice or passed over.

Does not do: files (`monitor.views.exports`), feeds (`monitor.views.atom`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from monitor.model import ChangeKind, DateKind, DateMention, Decision, Severity
from monitor.store import read_time, write_time
from monitor.store.decisions import read_decision
from monitor.store.subjects import OF_SOURCES, TOUCHING, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.store import Database

_CHANGE = """
SELECT change.*, document.source_id, document.url, source.publisher, source.jurisdiction, source.topics,
    iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM change INDEXED BY change_confirmed CROSS JOIN document ON document.id = change.document_id
CROSS JOIN source ON source.id = document.source_id
WHERE change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive') AND
"""
_BEHIND = "(change.confirmed_at, change.id) > (:since, :after) AND change.confirmed_at < :until"
_OLDEST_FIRST = "ORDER BY change.confirmed_at, change.id LIMIT :most"
_NEWEST_FIRST = "ORDER BY change.confirmed_at DESC, change.id DESC LIMIT :most"
_DECIDED = """
SELECT decision.*, source.publisher, source.jurisdiction, section.sop_id, section.heading,
    iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM decision NOT INDEXED CROSS JOIN change ON change.id = decision.change_id
CROSS JOIN document ON document.id = change.document_id CROSS JOIN source ON source.id = document.source_id
LEFT JOIN section ON section.id = decision.section_id
WHERE decision.id > :after AND decision.at >= :since AND decision.at < :until AND
"""
_IN_ORDER = "ORDER BY decision.id LIMIT :most"
_END_OF_TIME = "9999"


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked for: from `since` on, before `until`; None = from the beginning, or to the end."""

    subject: Subject
    since: datetime | None = None
    until: datetime | None = None

    @property
    def values(self) -> dict[str, object]:
        return {
            **self.subject.values,
            "since": write_time(self.since) if self.since else "",
            "until": write_time(self.until) if self.until else _END_OF_TIME,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """A told Change with the facts of its Source, without its Passages."""

    id: int
    source_id: str
    name: str
    """Of the Document: the title of the entry where the Source is a feed."""
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    url: str
    kind: ChangeKind
    severity: Severity
    summary: str
    reason: str
    detected_at: datetime
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A Decision, with what it is about."""

    decision: Decision
    name: str
    publisher: str
    jurisdiction: str
    section: tuple[str, ...]
    """The id of the SOP and the headings down to the Section; empty = it is about the Change as a whole."""


def get_told(db: Database, span: Span, after: Told | None, most: int) -> tuple[Told, ...]:
    """The next ones behind `after`, by the time of their confirmation; None = the first ones."""
    values = {**span.values, "after": after.id if after else 0, "most": most}
    if after:
        values["since"] = write_time(after.confirmed_at)
    return tuple(map(_told, db.query(f"{_CHANGE} {_BEHIND} AND {OF_SOURCES} {_OLDEST_FIRST}", values)))


def get_newest(db: Database, subject: Subject, most: int) -> tuple[Told, ...]:
    """Those that were confirmed last, the last one first."""
    return tuple(map(_told, db.query(f"{_CHANGE} {TOUCHING} {_NEWEST_FIRST}", {**subject.values, "most": most})))


def get_decided(db: Database, span: Span, after: int, most: int) -> tuple[Decided, ...]:
    """The next ones behind the Decision with the id `after`, in the order in which they were made."""
    values = {**span.values, "after": after, "most": most}
    rows = db.query(f"{_DECIDED} {OF_SOURCES} {_IN_ORDER}", values)
    return tuple(
        Decided(read_decision(row), row["name"], row["publisher"], row["jurisdiction"], _section(row)) for row in rows
    )


def get_dates(db: Database, change_ids: Iterable[int]) -> dict[int, tuple[DateMention, ...]]:
    """What each of these Changes says about dates, in its order; without those that say nothing."""
    rows = db.query(
        """
        SELECT * FROM date_mention WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY change_id, position
        """,
        [json.dumps(list(change_ids))],
    )
    return {change_id: tuple(map(_date, own)) for change_id, own in groupby(rows, itemgetter("change_id"))}


def _told(row: dict[str, Any]) -> Told:
    return Told(
        id=row["id"],
        source_id=row["source_id"],
        name=row["name"],
        publisher=row["publisher"],
        jurisdiction=row["jurisdiction"],
        topics=tuple(json.loads(row["topics"])),
        url=row["url"],
        kind=ChangeKind(row["kind"]),
        severity=Severity(row["severity"]),
        summary=row["summary"],
        reason=row["reason"],
        detected_at=read_time(row["detected_at"]),
        confirmed_at=read_time(row["confirmed_at"]),
    )


def _section(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["sop_id"], *json.loads(row["heading"])) if row["section_id"] else ()


def _date(row: dict[str, Any]) -> DateMention:
    return DateMention(DateKind(row["kind"]), row["date"], row["sentence"], row["moved_from"])
