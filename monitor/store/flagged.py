"""What is shown of a Change in a list of many: what, where, how grave, until when, whom it touches.

Does not do: choosing which (`monitor.store.inbox`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from monitor.impact import WORTH_SHOWING
from monitor.model import DateKind, Passage, PassageOp, Severity
from monitor.store import read_time
from monitor.store.deadlines import find_next, get_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Flagged:
    """One Change that people are asked about."""

    change_id: int
    source_id: str
    document_id: str
    name: str
    """The title of the entry where the Source is a feed, else the name of the Source."""
    publisher: str
    jurisdiction: str
    severity: Severity
    summary: str
    since_at: datetime
    put_off_until: str | None
    deadline: tuple[DateKind, str] | None
    """The next day that people must act by, wherever what the Change stated stands now."""
    impacts: tuple[tuple[str, float], ...]
    """Names of the Sections worth showing ("SOP-7 Age checks \u203a Appeals"), best first, with the probability."""
    passages: tuple[Passage, ...]
    """The first few."""
    passage_count: int


def get_flagged(db: Database, change_ids: Collection[int], today: date | None, most: int) -> dict[int, Flagged]:
    """These Changes by their ids, each with up to `most` Passages; without a deadline where `today` is None."""
    deadlines, ids = _get_deadlines(db, change_ids, today) if today else {}, json.dumps(list(change_ids))
    impacts, passages = _get_impacts(db, ids), _get_passages(db, ids, most)
    rows = db.query(
        """
        SELECT change.id, change.severity, change.summary, change.put_off_until,
            coalesce(change.confirmed_at, change.detected_at) AS since_at,
            change.document_id, document.source_id, source.publisher, source.jurisdiction,
            iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
        FROM change JOIN document ON document.id = change.document_id JOIN source ON source.id = document.source_id
        WHERE change.id IN (SELECT value FROM json_each(?))
        """,
        [ids],
    )
    return {
        row["id"]: Flagged(
            change_id=row["id"],
            source_id=row["source_id"],
            document_id=row["document_id"],
            name=row["name"],
            publisher=row["publisher"],
            jurisdiction=row["jurisdiction"],
            severity=Severity(row["severity"]),
            summary=row["summary"],
            since_at=read_time(row["since_at"]),
            put_off_until=row["put_off_until"],
            deadline=deadlines.get(row["id"]),
            impacts=impacts.get(row["id"], ()),
            passages=passages.get(row["id"], ((), 0))[0],
            passage_count=passages.get(row["id"], ((), 0))[1],
        )
        for row in rows
    }


def _get_deadlines(db: Database, change_ids: Iterable[int], today: date) -> dict[int, tuple[DateKind, str]]:
    following = {change_id: find_next(days, today) for change_id, days in get_days(db, change_ids).items()}
    return {change_id: (each.kind, each.date) for change_id, each in following.items() if each}


def _get_impacts(db: Database, ids: str) -> dict[int, tuple[tuple[str, float], ...]]:
    rows = db.query(
        """
        SELECT impact.change_id, impact.probability, section.heading, sop.id AS sop_id, sop.title
        FROM impact JOIN section ON section.id = impact.section_id JOIN sop ON sop.id = section.sop_id
        WHERE impact.change_id IN (SELECT value FROM json_each(?)) AND impact.probability >= ?
        ORDER BY impact.change_id, impact.probability DESC, section.id
        """,
        [ids, WORTH_SHOWING],
    )
    return {
        change_id: tuple((_say_section(row), row["probability"]) for row in touched)
        for change_id, touched in groupby(rows, itemgetter("change_id"))
    }


def _say_section(row: dict[str, Any]) -> str:
    heading: Sequence[str] = json.loads(row["heading"])
    below = heading[1:] if heading[:1] == [row["title"]] else heading
    return " \u203a ".join([f"{row['sop_id']} {row['title']}", *below])


def _get_passages(db: Database, ids: str, most: int) -> dict[int, tuple[tuple[Passage, ...], int]]:
    """Of each Change the first few, and how many there are."""
    rows = db.query(
        """
        SELECT * FROM (
            SELECT passage.*, row_number() OVER own AS place,
                count(*) OVER (PARTITION BY change_id) AS number
            FROM passage WHERE change_id IN (SELECT value FROM json_each(?)) WINDOW own AS (
                PARTITION BY change_id ORDER BY id)
        ) WHERE place <= ? ORDER BY change_id, place
        """,
        [ids, most],
    )
    found = {change_id: list(own) for change_id, own in groupby(rows, itemgetter("change_id"))}
    return {change_id: (tuple(map(_passage, own)), own[0]["number"]) for change_id, own in found.items()}


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(PassageOp(row["op"]), tuple(json.loads(row["heading"])), row["before"], row["after"])
