"""The inbox: Changes that were told and that nobody decided yet, found by what people filter by.

`change.is_settled` and `put_off_until` say what waits, so that no Decision need be read to find out: `note_standing`
keeps both true in the transaction of each Decision.

Does not do: deciding (`monitor.triage`); what is in hand or overdue (`monitor.store.items`).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.impact import WORTH_SHOWING
from monitor.model import DEADLINE_KINDS, DateKind, Severity
from monitor.store import read_time
from monitor.store.decisions import get_decisions, get_standings, get_whole_standing
from monitor.store.impacts import get_tagged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from monitor.store import Database

_WAITS = "change.is_settled = 0 AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')"
"""To the letter the condition of the index `change_waiting`."""
_DEADLINES = json.dumps(sorted(DEADLINE_KINDS))


_SELECT = """
SELECT change.id, change.severity, change.summary, change.fingerprint, change.confirmed_at,
    change.document_id, document.source_id, source.publisher, source.jurisdiction, source.topics,
    iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM change INDEXED BY change_waiting JOIN document ON document.id = change.document_id
JOIN source ON source.id = document.source_id
"""
_COUNT = """
SELECT change.severity, source.jurisdiction, source.topics, source.publisher, count(*) AS number
FROM change INDEXED BY change_waiting JOIN document ON document.id = change.document_id
JOIN source ON source.id = document.source_id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" and None = all."""

    jurisdiction: str = ""
    topic: str = ""
    severity: str = ""
    source: str = ""
    publisher: str = ""
    sop: str = ""
    owners: tuple[str, ...] = ()
    """Names under which somebody owns SOPs: only Changes that touch one of theirs."""
    due_by: date | None = None
    """Only Changes with a deadline from today to this day."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """One Change that waits."""

    change_id: int
    source_id: str
    document_id: str
    name: str
    """The title of the entry where the Source is a feed, else the name of the Source."""
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    severity: Severity
    summary: str
    fingerprint: str
    since_at: datetime
    deadline: tuple[DateKind, str] | None
    """The next day that people must act by."""
    impacts: tuple[tuple[str, float], ...]
    """Names of the Sections worth showing ("SOP-7 Age checks \u203a Appeals"), best first, with the probability."""


def note_standing(db: Database, change_id: int) -> None:
    """Bring `is_settled` and `put_off_until` in line with the Decisions about a Change."""
    decisions = get_decisions(db, change_id)
    whole = get_whole_standing(decisions)
    named = {each.section_id for each in decisions if each.section_id}
    sections = get_standings(decisions, get_tagged(db, [change_id])[change_id])
    own = [whole, *(standing for section_id, standing in sections.items() if section_id in named)]
    is_settled = any(each.verdict or each.assignee for each in own)
    db.execute(
        "UPDATE change SET is_settled = ?, put_off_until = ? WHERE id = ?",
        [int(is_settled), whole.snoozed_until, change_id],
    )


def find_waiting(db: Database, wanted: Wanted, today: date, *, limit: int, offset: int = 0) -> tuple[Flagged, ...]:
    """The newest day first, the gravest of a day first."""
    where, values = _conditions(wanted, today)
    rows = list(
        db.query(
            f"""{_SELECT} WHERE {where}
            ORDER BY substr(change.confirmed_at, 1, 10) DESC,
                CASE change.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, change.id DESC
            LIMIT :limit OFFSET :offset
            """,
            {**values, "limit": limit, "offset": offset},
        )
    )
    ids = [row["id"] for row in rows]
    deadlines, impacts = _get_deadlines(db, ids, today), _get_impacts(db, ids)
    return tuple(_flag(row, deadlines.get(row["id"]), impacts.get(row["id"], ())) for row in rows)


def count_waiting(db: Database, wanted: Wanted, today: date) -> dict[str, Counter[str]]:
    """How many wait, by `severity`, `jurisdiction`, `topic` and `publisher`, and under "" in all (`total`)."""
    where, values = _conditions(wanted, today)
    counts: dict[str, Counter[str]] = {
        each: Counter() for each in ("severity", "jurisdiction", "topic", "publisher", "")
    }
    for row in db.query(
        f"""{_COUNT} WHERE {where} GROUP BY source.id, change.severity
        """,
        values,
    ):
        counts[""]["total"] += row["number"]
        for name in ("severity", "jurisdiction", "publisher"):
            counts[name][row[name]] += row["number"]
        for topic in json.loads(row["topics"]):
            counts["topic"][topic] += row["number"]
    return counts


def _conditions(wanted: Wanted, today: date) -> tuple[str, dict[str, Any]]:
    parts = [_WAITS, "(change.put_off_until IS NULL OR change.put_off_until <= :today)"]
    values: dict[str, Any] = {"today": today.isoformat()}
    for column, value in (
        ("source.jurisdiction", wanted.jurisdiction),
        ("change.severity", wanted.severity),
        ("source.id", wanted.source),
        ("source.publisher", wanted.publisher),
    ):
        if value:
            name = column.replace(".", "_")
            parts.append(f"{column} = :{name}")
            values[name] = value
    if wanted.topic:
        parts.append("EXISTS (SELECT 1 FROM json_each(source.topics) WHERE value = :topic)")
        values["topic"] = wanted.topic
    if wanted.sop or wanted.owners:
        parts.append(_TOUCHES.format(whose="sop.id = :sop" if wanted.sop else f"sop.owner IN {_OWNERS}"))
        values |= {"worth": WORTH_SHOWING, "sop": wanted.sop, "owners": json.dumps(wanted.owners)}
    if wanted.due_by:
        parts.append(_DUE)
        values |= {"last": wanted.due_by.isoformat(), "deadlines": _DEADLINES}
    used = {name: value for name, value in values.items() if f":{name}" in " ".join(parts)}
    return " AND ".join(parts), used


_OWNERS = "(SELECT value FROM json_each(:owners))"
_TOUCHES = """EXISTS (
    SELECT 1 FROM impact JOIN section ON section.id = impact.section_id JOIN sop ON sop.id = section.sop_id
    WHERE impact.change_id = change.id AND impact.probability >= :worth AND {whose})"""
_DUE = """EXISTS (
    SELECT 1 FROM date_mention WHERE date_mention.change_id = change.id AND length(date_mention.date) = 10
    AND date_mention.date BETWEEN :today AND :last
    AND date_mention.kind IN (SELECT value FROM json_each(:deadlines)))"""


def _get_deadlines(db: Database, change_ids: Iterable[int], today: date) -> dict[int, tuple[DateKind, str]]:
    rows = db.query(
        """
        SELECT change_id, kind, min(date) AS date FROM date_mention
        WHERE change_id IN (SELECT value FROM json_each(:changes)) AND length(date) = 10 AND date >= :today
          AND kind IN (SELECT value FROM json_each(:kinds)) GROUP BY change_id
        """,
        {"changes": json.dumps(list(change_ids)), "today": today.isoformat(), "kinds": _DEADLINES},
    )
    return {row["change_id"]: (DateKind(row["kind"]), row["date"]) for row in rows}


def _get_impacts(db: Database, change_ids: Iterable[int]) -> dict[int, tuple[tuple[str, float], ...]]:
    rows = db.query(
        """
        SELECT impact.change_id, impact.probability, section.heading, sop.id AS sop_id, sop.title
        FROM impact JOIN section ON section.id = impact.section_id JOIN sop ON sop.id = section.sop_id
        WHERE impact.change_id IN (SELECT value FROM json_each(?)) AND impact.probability >= ?
        ORDER BY impact.probability DESC, section.id
        """,
        [json.dumps(list(change_ids)), WORTH_SHOWING],
    )
    found: dict[int, tuple[tuple[str, float], ...]] = {}
    for row in rows:
        heading = json.loads(row["heading"])
        below = heading[1:] if heading[:1] == [row["title"]] else heading
        name = " \u203a ".join([f"{row['sop_id']} {row['title']}", *below])
        found[row["change_id"]] = (*found.get(row["change_id"], ()), (name, row["probability"]))
    return found


def _flag(
    row: dict[str, Any], deadline: tuple[DateKind, str] | None, impacts: tuple[tuple[str, float], ...]
) -> Flagged:
    return Flagged(
        change_id=row["id"],
        source_id=row["source_id"],
        document_id=row["document_id"],
        name=row["name"],
        publisher=row["publisher"],
        jurisdiction=row["jurisdiction"],
        topics=tuple(json.loads(row["topics"])),
        severity=Severity(row["severity"]),
        summary=row["summary"],
        fingerprint=row["fingerprint"],
        since_at=read_time(row["confirmed_at"]),
        deadline=deadline,
        impacts=impacts,
    )
