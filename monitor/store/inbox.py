"""The inbox: Changes that were told and that nobody decided yet, found by what people filter by.

`change.is_settled` and `put_off_until` say what waits, `due` what is in hand, so that no Decision need be read to find
out: `note_standing` keeps them true in the transaction of each Decision. The indexes `change_waiting` … hold what waits
and nothing else.

Does not do: deciding (`monitor.triage`), grouping (`monitor.views.inbox`), what whoever has a Change in hand is still
to do (`monitor.store.items`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from monitor.impact import WORTH_SHOWING
from monitor.model import DEADLINE_KINDS, Severity
from monitor.store import read_time
from monitor.store.deadlines import UNTOUCHED, find_next, get_days
from monitor.store.decisions import get_decisions, get_standings, get_whole_standing
from monitor.store.impacts import get_tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from monitor.store import Database

DUE_WITHIN = (7, 30, 90)
"""Days to a deadline that can be asked for."""
FEW = 3_000
"""Changes up to which it is counted how many touch each SOP: of more it would take longer than anybody waits."""

NO_DAY = "9999-12-31"
"""Stands in `change.due` for what is in hand without a day: after every day."""

_WAITS = "change.is_settled = 0 AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')"
"""To the letter the condition of the indexes `change_waiting…`."""
_PUT_OFF = "change.put_off_until > :today"
_HERE = "(change.put_off_until IS NULL OR change.put_off_until <= :today)"
_ORDER = """
ORDER BY substr(change.confirmed_at, 1, 10) DESC,
    CASE change.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, change.id DESC
"""

_IN_ORDER = """
SELECT change.id, change.fingerprint, change.confirmed_at, source.publisher
FROM change INDEXED BY change_waiting CROSS JOIN document ON document.id = change.document_id
CROSS JOIN source ON source.id = document.source_id
"""
_SAME = _IN_ORDER.replace("change_waiting", "change_waiting_same")
_IN_HAND = "SELECT change.id FROM change INDEXED BY change_in_hand WHERE change.due IS NOT NULL"
_COUNT = """
SELECT document.source_id, sum(high) AS high, sum(medium) AS medium, sum(low) AS low, sum(others) AS others FROM (
    SELECT change.document_id, count(*) FILTER (WHERE NOT is_asked) AS others,
        count(*) FILTER (WHERE change.severity = 'high' AND is_asked) AS high,
        count(*) FILTER (WHERE change.severity = 'medium' AND is_asked) AS medium,
        count(*) FILTER (WHERE change.severity = 'low' AND is_asked) AS low
    FROM change INDEXED BY change_waiting_by_document
"""
_BY_SOURCE = """
    GROUP BY change.document_id
) AS own CROSS JOIN document ON document.id = own.document_id GROUP BY document.source_id
"""
_NEAR = "SELECT change.id FROM json_each(:near) CROSS JOIN change ON change.id = value"
_DAYS = """
FROM change INDEXED BY change_waiting_by_document CROSS JOIN date_mention ON date_mention.change_id = change.id
WHERE date_mention.kind IN (SELECT value FROM json_each(:deadlines)) AND
"""
_DAYS_WAITING = f"{_DAYS} {_WAITS}"
_DAYS_IN_HAND = f"{_DAYS} change.due IS NOT NULL".replace("change_waiting_by_document", "change_in_hand")
_COUNT_SOPS = """
SELECT sop_id, count(*) AS number FROM (
SELECT DISTINCT section.sop_id, change.id
FROM change INDEXED BY change_waiting_by_document CROSS JOIN impact ON impact.change_id = change.id
CROSS JOIN section ON section.id = impact.section_id
"""
_SOURCE_NAMES = "SELECT id, name FROM source WHERE id"
_SOP_NAMES = "SELECT id, title AS name FROM sop WHERE id"
_FACTS = ("jurisdiction", "publisher")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "", () and None = all."""

    jurisdiction: str = ""
    topic: str = ""
    severity: str = ""
    source: str = ""
    publisher: str = ""
    sop: str = ""
    owners: tuple[str, ...] = ()
    """Names under which somebody is known, in whatever case: only Changes that touch an SOP of theirs; in hand, only
    what is in theirs."""
    due_by: date | None = None
    """Only Changes with a deadline from today to this day."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one Change stands in the order of the inbox, and what makes it the same as another."""

    change_id: int
    fingerprint: str
    publisher: str
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many Changes wait, how many are put off, and how many of those asked for each further filter leaves."""

    waiting: int
    put_off: int
    by: Mapping[str, Counter[str]]
    """`severity`, `jurisdiction`, `topic`, `publisher`, `source` (ids), `due` (days, as in "30") → value → number;
    `sop` (ids) where no more than FEW wait."""


def note_standing(db: Database, change_id: int) -> None:
    """Bring `is_settled`, `put_off_until` and `due` in line with the Decisions about a Change."""
    decisions = get_decisions(db, change_id)
    whole = get_whole_standing(decisions)
    named = {each.section_id for each in decisions if each.section_id}
    sections = get_standings(decisions, get_tagged(db, [change_id])[change_id])
    own = [whole, *(standing for section_id, standing in sections.items() if section_id in named)]
    is_settled = any(each.verdict or each.assignee for each in own)
    due = min((each.due or NO_DAY for each in own if each.assignee), default=None)
    db.execute(
        "UPDATE change SET is_settled = ?, put_off_until = ?, due = ? WHERE id = ?",
        [int(is_settled), whole.snoozed_until, due, change_id],
    )


def iter_waiting(db: Database, wanted: Wanted, today: date, *, put_off: bool = False) -> Iterator[Place]:
    """The newest day first, the gravest of a day first; as lazily as they are asked for. `put_off`: those instead."""
    where, values = _conditions(db, wanted, today)
    rows = db.query(
        f"{_IN_ORDER} WHERE {_WAITS} AND {_PUT_OFF if put_off else _HERE} {where} {_ORDER}",
        values,
    )
    return map(_place, rows)


def get_same(
    db: Database, wanted: Wanted, today: date, fingerprints: Iterable[str], *, put_off: bool = False
) -> tuple[Place, ...]:
    """All that `iter_waiting` gives with one of these fingerprints, in its order."""
    where, values = _conditions(db, wanted, today)
    rows = db.query(
        f"{_SAME} WHERE {_WAITS} AND {_PUT_OFF if put_off else _HERE} {where} AND {_ALIKE} {_ORDER}",
        {**values, "fingerprints": json.dumps(list(fingerprints))},
    )
    return tuple(map(_place, rows))


def get_fingerprint(db: Database, change_id: int) -> str:
    """What it has in common with the same Change in other Documents; "" = nothing, or there is no such Change."""
    rows = db.query("SELECT fingerprint FROM change WHERE id = ?", [change_id])
    return next((str(row["fingerprint"]) for row in rows), "")


def iter_in_hand(db: Database, wanted: Wanted, today: date) -> Iterator[int]:
    """Changes that somebody has in hand, or had before it was done: what is due first comes first.

    With `owners` only those that were ever given to one of them.
    """
    days = _get_days(db, today, _DAYS_IN_HAND) if wanted.due_by else {}
    where, values = _conditions(db, replace(wanted, owners=()), today, days)
    given = f"AND {_GIVEN}" if wanted.owners else ""
    rows = db.query(
        f"{_IN_HAND} {given} {where} ORDER BY change.due, change.id",
        {**values, "names": json.dumps(wanted.owners)} if given else values,
    )
    return (row["id"] for row in rows)


def count_waiting(db: Database, wanted: Wanted, today: date, *, put_off: bool = False) -> Counts:
    """What waits and what is put off; by filters what waits, or with `put_off` those instead."""
    days = _get_days(db, today, _DAYS_WAITING)
    where, values = _conditions(db, wanted, today, days)
    asked = _PUT_OFF if put_off else _HERE
    head = _COUNT.replace("is_asked", f"coalesce({asked}, 0)")
    rows = db.query(f"{head} WHERE {_WAITS} {where} {_BY_SOURCE}", values)
    by = _count_by_source(rows, _get_sources(db))
    number, others = by["severity"].total(), by.pop("others").total()
    by["due"] = _count_due(db, days, f"{asked} {where}", values)
    if number <= FEW:
        by["sop"] = _count_sops(db, f"{asked} {where}", values)
    return Counts(*((others, number) if put_off else (number, others)), by)


def get_names(db: Database, source_ids: Iterable[str], sop_ids: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The names of Sources and of SOPs, by their ids."""
    asked = "IN (SELECT value FROM json_each(?))"
    sources = db.query(f"{_SOURCE_NAMES} {asked}", [json.dumps(list(source_ids))])
    sops = db.query(f"{_SOP_NAMES} {asked}", [json.dumps(list(sop_ids))])
    return {row["id"]: row["name"] for row in sources}, {row["id"]: row["name"] for row in sops}


def _place(row: dict[str, Any]) -> Place:
    return Place(row["id"], row["fingerprint"], row["publisher"], read_time(row["confirmed_at"]))


def _conditions(
    db: Database, wanted: Wanted, today: date, days: Mapping[int, str] | None = None
) -> tuple[str, dict[str, Any]]:
    """What is asked for as conditions on `change`, each with AND before it, and their values.

    `days`: the next deadlines as `_get_days` has them; None = those of what waits, if they are asked for.
    """
    parts: list[str] = []
    values: dict[str, Any] = {"today": today.isoformat()}
    if wanted.severity:
        parts.append("change.severity = :severity")
        values["severity"] = wanted.severity
    if wanted.jurisdiction or wanted.topic or wanted.source or wanted.publisher:
        parts.append(_OF_SOURCES)
        values["sources"] = json.dumps([each["id"] for each in _get_sources(db).values() if _is_wanted(each, wanted)])
    if wanted.sop or wanted.owners:
        parts.append(_TOUCHES)
        values |= {"worth": WORTH_SHOWING, "sops": json.dumps(_get_sops(db, wanted))}
    if wanted.due_by:
        parts.append(_DUE)
        known, last = _get_days(db, today, _DAYS_WAITING) if days is None else days, wanted.due_by.isoformat()
        values["due"] = json.dumps([change_id for change_id, day in known.items() if day <= last])
    return "".join(f" AND {each}" for each in parts), values


_ALIKE = "change.fingerprint IN (SELECT value FROM json_each(:fingerprints))"
_OF_SOURCES = """change.document_id IN (
    SELECT document.id FROM document WHERE document.source_id IN (SELECT value FROM json_each(:sources)))"""
_TOUCHES = """change.id IN (
    SELECT impact.change_id FROM section CROSS JOIN impact INDEXED BY impact_by_section
        ON impact.section_id = section.id AND impact.probability >= :worth
    WHERE section.sop_id IN (SELECT value FROM json_each(:sops)))"""
_GIVEN = """change.id IN (
    SELECT decision.change_id FROM decision INDEXED BY decision_given
    WHERE decision.assignee COLLATE NOCASE IN (SELECT value FROM json_each(:names)))"""
_DUE = "change.id IN (SELECT value FROM json_each(:due))"


def _get_days(db: Database, today: date, which: str) -> dict[int, str]:
    """What waits or is in hand (`_DAYS_WAITING`, `_DAYS_IN_HAND`) and has deadlines to come, each with the next one."""
    rows = db.query(
        f"SELECT date_mention.change_id, date_mention.date, {UNTOUCHED} AS is_sure {which}",
        {"deadlines": json.dumps(sorted(DEADLINE_KINDS))},
    )
    sure: defaultdict[int, list[str]] = defaultdict(list)
    unsure = set()
    for row in rows:
        if not row["is_sure"]:
            unsure.add(row["change_id"])
        elif len(row["date"]) == len(NO_DAY) and row["date"] >= today.isoformat():
            sure[row["change_id"]].append(row["date"])
    found = {change_id: min(days) for change_id, days in sure.items()}
    following = {change_id: find_next(days, today) for change_id, days in get_days(db, unsure).items()}
    return found | {change_id: each.date for change_id, each in following.items() if each}


def _get_sources(db: Database) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in db.query("SELECT id, jurisdiction, publisher, topics FROM source")}


def _is_wanted(source: dict[str, Any], wanted: Wanted) -> bool:
    asked = {"id": wanted.source, "jurisdiction": wanted.jurisdiction, "publisher": wanted.publisher}
    is_alike = all(not value or source[name] == value for name, value in asked.items())
    return is_alike and (not wanted.topic or wanted.topic in json.loads(source["topics"]))


def _get_sops(db: Database, wanted: Wanted) -> list[str]:
    owners = {each.casefold() for each in wanted.owners}
    return [
        row["id"]
        for row in db.query("SELECT id, owner FROM sop")
        if wanted.sop in {"", row["id"]} and (not owners or row["owner"].casefold() in owners)
    ]


def _count_by_source(rows: Iterable[dict[str, Any]], sources: Mapping[str, dict[str, Any]]) -> dict[str, Counter[str]]:
    """From how many wait of each Source, by severity, and how many are in the other list (`others`, by Source)."""
    by: dict[str, Counter[str]] = {name: Counter() for name in ("severity", "source", *_FACTS, "topic", "others")}
    for row in rows:
        source_id, number = row["source_id"], sum(row[each] for each in Severity)
        by["others"][source_id] = row["others"]
        if not number:
            continue
        for each in Severity:
            by["severity"][each] += row[each]
        for name in _FACTS:
            by[name][sources[source_id][name]] += number
        by["source"][source_id] = number
        for topic in json.loads(sources[source_id]["topics"]):
            by["topic"][topic] += number
    return by


def _count_due(db: Database, days: Mapping[int, str], where: str, values: dict[str, Any]) -> Counter[str]:
    today = date.fromisoformat(values["today"])
    rows = db.query(f"{_NEAR} WHERE {_WAITS} AND {where}", {**values, "near": json.dumps(list(days))})
    ahead = [(date.fromisoformat(days[row["id"]]) - today).days for row in rows]
    return Counter({str(within): number for within in DUE_WITHIN if (number := sum(each <= within for each in ahead))})


def _count_sops(db: Database, where: str, values: dict[str, Any]) -> Counter[str]:
    rows = db.query(
        f"{_COUNT_SOPS} WHERE {_WAITS} AND {where} AND impact.probability >= :worth) GROUP BY sop_id",
        {**values, "worth": WORTH_SHOWING},
    )
    return Counter({row["sop_id"]: row["number"] for row in rows})
