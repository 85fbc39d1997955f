"""The inbox: Changes that were told and that nobody decided yet, what is in hand, and what was decided last.

`change.is_settled` and `put_off_until` say what waits, `due` what is in hand (`monitor.store.items`). The indexes
`change_waiting` … hold what waits and nothing else. What comes back from being put off is as new as the day it is back.

Does not do: deciding (`monitor.triage`), grouping (`monitor.views.inbox`), what whoever has a Change in hand is still
to do (`monitor.store.items`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from monitor.impact import WORTH_SHOWING
from monitor.model import DEADLINE_KINDS, Severity
from monitor.store import read_time
from monitor.store.deadlines import UNTOUCHED, find_next, get_days
from monitor.store.decisions import read_decision
from monitor.store.items import NO_DAY
from monitor.store.subjects import GIVEN_TO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from monitor.model import Decision
    from monitor.store import Database

DUE_WITHIN = (7, 30, 90)
"""Days to a deadline that can be asked for."""
FEW = 1_000
"""Changes up to which it is counted how many touch each SOP: of more it would take longer than anybody waits."""

_WAITS = "change.is_settled = 0 AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')"
"""To the letter the condition of the indexes `change_waiting…`."""
_PUT_OFF = "change.put_off_until > :today"
_HERE = "(change.put_off_until IS NULL OR change.put_off_until <= :today)"
WAITING = f"{_WAITS} AND {_HERE}"
"""What holds for a Change that waits to be decided on the day `:today`."""
_ORDER = """
ORDER BY day DESC, CASE change.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, change.id DESC
"""
_BACK_FIRST = """
ORDER BY change.put_off_until, CASE change.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, change.id DESC
"""

_IN_ORDER = """
SELECT change.id, change.fingerprint, change.confirmed_at, source.publisher,
    max(substr(change.confirmed_at, 1, 10), coalesce(change.put_off_until, '')) AS day
FROM change INDEXED BY change_waiting CROSS JOIN document ON document.id = change.document_id
CROSS JOIN source ON source.id = document.source_id
"""
_SAME = _IN_ORDER.replace("change_waiting", "change_waiting_same")
_IN_HAND = "FROM change INDEXED BY change_in_hand WHERE change.due IS NOT NULL"
_DECIDED = """
SELECT decision.* FROM decision CROSS JOIN change ON change.id = decision.change_id
WHERE decision.verdict IN ('confirmed', 'not-applicable') AND NOT EXISTS (
    SELECT 1 FROM decision AS later WHERE later.change_id = decision.change_id AND later.id > decision.id
      AND later.verdict IN ('confirmed', 'not-applicable'))
"""
_COUNT = """
SELECT source.id AS source, source.jurisdiction, source.publisher, source.topics,
    sum(high) AS high, sum(medium) AS medium, sum(low) AS low, sum(others) AS others
FROM (
    SELECT change.document_id, count(*) FILTER (WHERE NOT is_asked) AS others,
        count(*) FILTER (WHERE change.severity = 'high' AND is_asked) AS high,
        count(*) FILTER (WHERE change.severity = 'medium' AND is_asked) AS medium,
        count(*) FILTER (WHERE change.severity = 'low' AND is_asked) AS low
    FROM change INDEXED BY change_waiting_by_document
"""
_BY_SOURCE = """
    GROUP BY change.document_id
) AS own CROSS JOIN document ON document.id = own.document_id CROSS JOIN source ON source.id = document.source_id
GROUP BY source.id
"""
_NEAR = "SELECT change.id FROM json_each(:near) CROSS JOIN change ON change.id = value"
_DAYS = """
FROM change INDEXED BY change_waiting_by_document CROSS JOIN date_mention ON date_mention.change_id = change.id
WHERE date_mention.kind IN (SELECT value FROM json_each(:deadlines)) AND
"""
_DAYS_WAITING = f"{_DAYS} {_WAITS}"
_DAYS_IN_HAND = f"{_DAYS} change.due IS NOT NULL".replace("change_waiting_by_document", "change_in_hand")
_DAYS_DECIDED = """
FROM date_mention INDEXED BY date_mention_by_date CROSS JOIN change ON change.id = date_mention.change_id
WHERE date_mention.date >= :today AND date_mention.kind IN (SELECT value FROM json_each(:deadlines))
  AND change.is_settled = 1
"""
_COUNT_SOPS = """
SELECT sop_id, count(*) AS number FROM (
SELECT DISTINCT section.sop_id, change.id
FROM change INDEXED BY change_waiting_by_document CROSS JOIN impact ON impact.change_id = change.id
CROSS JOIN section ON section.id = impact.section_id
"""
_SOURCE_NAMES = "SELECT id, name FROM source WHERE id"
_SOP_NAMES = "SELECT id, title AS name FROM sop WHERE id"
_FACTS = ("source", "jurisdiction", "publisher")
_SEVERITIES = tuple(map(str, Severity))


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
    day: date
    """On which it came: told, or back from being put off; of what is put off, on which it will be back."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many Changes wait, how many are put off, and how many of those asked for each further filter leaves."""

    waiting: int
    put_off: int
    by: Mapping[str, Counter[str]]
    """`severity`, `jurisdiction`, `topic`, `publisher`, `source` (ids), `due` (days, as in "30") → value → number;
    `sop` (ids) where no more than FEW wait."""


def iter_waiting(db: Database, wanted: Wanted, today: date, *, put_off: bool = False) -> Iterator[Place]:
    """The newest day first, the gravest of a day first; as lazily as they are asked for.

    `put_off`: those instead, what is back first comes first.
    """
    where, values = _conditions(db, wanted, today)
    rows = db.query(
        f"{_IN_ORDER} WHERE {_WAITS} AND {_which(put_off=put_off)} {where} {_order(put_off=put_off)}",
        values,
    )
    return map(_place, rows)


def get_same(
    db: Database, wanted: Wanted, today: date, fingerprints: Iterable[str], *, put_off: bool = False
) -> tuple[Place, ...]:
    """All that `iter_waiting` gives with one of these fingerprints, in its order."""
    where, values = _conditions(db, wanted, today)
    rows = db.query(
        f"{_SAME} WHERE {_WAITS} AND {_which(put_off=put_off)} {where} AND {_ALIKE} {_order(put_off=put_off)}",
        {**values, "fingerprints": json.dumps(list(fingerprints))},
    )
    return tuple(map(_place, rows))


def get_fingerprint(db: Database, change_id: int) -> str:
    """What it has in common with the same Change in other Documents; "" = nothing, or there is no such Change."""
    rows = db.query("SELECT fingerprint FROM change WHERE id = ?", [change_id])
    return next((str(row["fingerprint"]) for row in rows), "")


def iter_in_hand(db: Database, wanted: Wanted, today: date) -> Iterator[int]:
    """Changes that somebody has in hand: what is due first comes first.

    With `owners` those that were ever given to one of them.
    """
    where, values = _conditions_in_hand(db, wanted, today, GIVEN_TO)
    rows = db.query(f"SELECT change.id {_IN_HAND} {where} ORDER BY change.due, change.id", values)
    return (row["id"] for row in rows)


def count_in_hand(db: Database, wanted: Wanted, today: date) -> tuple[int, int]:
    """How many Changes somebody, or one of `owners`, has in hand, and of how many the day is over."""
    where, values = _conditions_in_hand(db, wanted, today, _HELD)
    late = "count(*) FILTER (WHERE change.due < :today)"
    row = next(db.query(f"SELECT count(*) AS number, {late} AS late {_IN_HAND} {where}", values))
    return row["number"], row["late"]


def iter_decided(db: Database, wanted: Wanted, today: date) -> Iterator[Decision]:
    """Of each Change what confirmed or rejected it last, whether that still stands or not; the last comes first."""
    days = _get_days(db, today, _DAYS_DECIDED) if wanted.due_by else {}
    where, values = _conditions(db, wanted, today, days)
    return map(read_decision, db.query(f"{_DECIDED} {where} ORDER BY decision.id DESC", values))


def iter_made(db: Database, by: str) -> Iterator[Decision]:
    """What this person decided, without what they took back with it; the last comes first."""
    query = """SELECT * FROM decision WHERE "by" = ? AND verdict <> 'undone' ORDER BY id DESC"""
    return map(read_decision, db.query(query, [by]))


def get_stale(db: Database, change_ids: Iterable[int]) -> frozenset[tuple[int, str]]:
    """Each of these Changes with each Section of which a clause in its Document is stale since then or before."""
    rows = db.query(
        """
        SELECT change.id, link.section_id
        FROM json_each(?) AS own CROSS JOIN change ON change.id = own.value
        CROSS JOIN link INDEXED BY link_by_document ON link.document_id = change.document_id
        WHERE link.ended_at IS NULL AND link.stale_by <= change.id
        """,
        [json.dumps(list(change_ids))],
    )
    return frozenset((row["id"], row["section_id"]) for row in rows)


def count_waiting(db: Database, wanted: Wanted, today: date, *, put_off: bool = False) -> Counts:
    """What waits and what is put off; by filters what waits, or with `put_off` those instead."""
    days = _get_days(db, today, _DAYS_WAITING)
    where, values = _conditions(db, wanted, today, days)
    asked = _PUT_OFF if put_off else _HERE
    head = _COUNT.replace("is_asked", f"coalesce({asked}, 0)")
    rows = db.query(f"{head} WHERE {_WAITS} {where} {_BY_SOURCE}", values)
    by = _count_by_source(rows)
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
    since_at, day = read_time(row["confirmed_at"]), date.fromisoformat(row["day"])
    return Place(row["id"], row["fingerprint"], row["publisher"], since_at, day)


def _which(*, put_off: bool) -> str:
    return _PUT_OFF if put_off else _HERE


def _order(*, put_off: bool) -> str:
    return _BACK_FIRST if put_off else _ORDER


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


def _conditions_in_hand(db: Database, wanted: Wanted, today: date, whose: str) -> tuple[str, dict[str, Any]]:
    days = _get_days(db, today, _DAYS_IN_HAND) if wanted.due_by else {}
    where, values = _conditions(db, replace(wanted, owners=()), today, days)
    if not wanted.owners:
        return where, values
    return f"{where} AND {whose}", {**values, "owners": json.dumps(wanted.owners)}


_ALIKE = "change.fingerprint IN (SELECT value FROM json_each(:fingerprints))"
_OF_SOURCES = """change.document_id IN (
    SELECT document.id FROM document WHERE document.source_id IN (SELECT value FROM json_each(:sources)))"""
_TOUCHES = """EXISTS (
    SELECT 1 FROM impact INDEXED BY impact_by_change CROSS JOIN section ON section.id = impact.section_id
    WHERE impact.change_id = change.id AND impact.probability >= :worth
      AND section.sop_id IN (SELECT value FROM json_each(:sops)))"""
_HELD = """change.id IN (
    SELECT own.change_id FROM decision AS own INDEXED BY decision_given
    WHERE own.assignee COLLATE NOCASE IN (SELECT value FROM json_each(:owners)) AND coalesce((
        SELECT verdict FROM decision AS later WHERE later.change_id = own.change_id AND later.id > own.id
          AND later.verdict IN ('assigned', 'undone') AND coalesce(later.section_id, '') IN ('', own.section_id)
        ORDER BY id DESC LIMIT 1), 'undone') = 'undone')"""
"""And not given to anybody else since, unless that was taken back."""
_DUE = "change.id IN (SELECT value FROM json_each(:due))"


def _get_days(db: Database, today: date, which: str) -> dict[int, str]:
    """Changes with deadlines to come, each with the next; of `_DAYS_WAITING`, `_DAYS_IN_HAND` or `_DAYS_DECIDED`."""
    rows = db.query(
        f"SELECT date_mention.change_id, date_mention.date, {UNTOUCHED} AS is_sure {which}",
        {"deadlines": json.dumps(sorted(DEADLINE_KINDS)), "today": today.isoformat()},
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
    return is_alike and (not wanted.topic or wanted.topic in _read_topics(source["topics"]))


def _get_sops(db: Database, wanted: Wanted) -> list[str]:
    owners = {each.casefold() for each in wanted.owners}
    return [
        row["id"]
        for row in db.query("SELECT id, owner FROM sop")
        if wanted.sop in {"", row["id"]} and (not owners or row["owner"].casefold() in owners)
    ]


def _count_by_source(rows: Iterable[dict[str, Any]]) -> dict[str, Counter[str]]:
    """From how many wait of each Source, by severity, and how many are in the other list (`others`, by Source)."""
    by: dict[str, Counter[str]] = {name: Counter() for name in ("severity", *_FACTS, "topic", "others")}
    for row in rows:
        own = {each: row[each] for each in _SEVERITIES if row[each]}
        by["others"][row["source"]] = row["others"]
        if not own:
            continue
        number = sum(own.values())
        for severity, some in own.items():
            by["severity"][severity] += some
        for name in _FACTS:
            by[name][row[name]] += number
        for topic in _read_topics(row["topics"]):
            by["topic"][topic] += number
    return by


@lru_cache(maxsize=1_000)
def _read_topics(written: str) -> tuple[str, ...]:
    """Many Sources have the same."""
    return tuple(json.loads(written))


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
