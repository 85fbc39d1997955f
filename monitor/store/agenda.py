"""What there is on which day: the days that people must act by, and those on which what they have in hand is due.

Does not do: saying which of the days hold (`monitor.store.deadlines`), what stands for a Change or is still to do
(`monitor.store.items`), putting days in order for people (`monitor.views.calendar`).
"""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from monitor.model import DEADLINE_KINDS, Deadline
from monitor.store import read_time
from monitor.store.deadlines import get_course
from monitor.store.items import get_decided, get_facts
from monitor.store.subjects import GIVEN, TOUCHING, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime

    from monitor.store import Database
    from monitor.store.deadlines import Course, Key, Stated

_STATED = """
SELECT date_mention.change_id, date_mention.position, change.document_id
FROM date_mention INDEXED BY date_mention_by_date CROSS JOIN change ON change.id = date_mention.change_id
WHERE date_mention.date BETWEEN :first AND :last
  AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')
  AND date_mention.kind IN (SELECT value FROM json_each(:kinds)) AND
"""
_FORWARDS = "ORDER BY date_mention.date, date_mention.change_id DESC, date_mention.position DESC"
_BACKWARDS = "ORDER BY date_mention.date DESC, date_mention.change_id DESC, date_mention.position DESC"
_MAY_HOLD = """
NOT coalesce((
    SELECT verdict = 'not-applicable' AND section_id IS NULL FROM decision
    WHERE change_id = change.id ORDER BY id DESC LIMIT 1
), 0)
"""
"""Of what was rejected as a whole last, it need not be found out what came of it."""
_AT_ONCE = 100
"""Statements of which it is found out at once what came of them."""
_FULL = len("2026-12-01")
_MONTH = len("2026-12")
_DUE = "SELECT change.id FROM change INDEXED BY change_in_hand WHERE change.due BETWEEN :first AND :last AND"
_COUNT_DUE = _DUE.replace("change.id", "count(*) AS number", 1)
_BY_DUE = "ORDER BY change.due, change.id"


def iter_stated(
    db: Database, subject: Subject, first: str, last: str, kinds: Collection[str] = DEADLINE_KINDS
) -> Iterator[tuple[Stated, Course]]:
    """Every statement of a day from `first` to `last`, also of one that holds no more, and the course of its Document.

    Of each day the last one comes first. Dates are compared as text, so that a month comes before its days. As lazily
    as it is read.
    """
    values = {**subject.values, "kinds": json.dumps(list(kinds)), "first": first, "last": last}
    return _follow(db, db.query(f"{_STATED} {TOUCHING} {_FORWARDS}", values))


def iter_holding(
    db: Database,
    subject: Subject,
    first: str,
    last: str,
    kinds: Collection[str] = DEADLINE_KINDS,
    *,
    backwards: bool = False,
) -> Iterator[tuple[Stated, Course]]:
    """Those of `iter_stated` that hold; `backwards`: the last day first."""
    values = {**subject.values, "kinds": json.dumps(list(kinds)), "first": first, "last": last}
    order = _BACKWARDS if backwards else _FORWARDS
    stated = _follow(db, db.query(f"{_STATED} {TOUCHING} AND {_MAY_HOLD} {order}", values))
    return ((each, course) for each, course in stated if course.holds(each))


def _follow(db: Database, rows: Iterator[dict[str, Any]]) -> Iterator[tuple[Stated, Course]]:
    courses: dict[str, Course] = {}
    while chunk := list(islice(rows, _AT_ONCE)):
        new = {row["document_id"] for row in chunk} - courses.keys()
        courses |= dict.fromkeys(new, get_course(db, new))
        for row in chunk:
            course = courses[row["document_id"]]
            yield course.get((row["change_id"], row["position"])), course


def get_deadlines(
    db: Database, first: date, last: date, concerns: Callable[[int, str], bool] = lambda *_: True
) -> tuple[Deadline, ...]:
    """Those that can fall on a day from `first` to `last`, the nearest first: each as the last Change that states it.

    A month can fall on any of its days; a year says too little to be here. Of Changes that concern whoever asks (called
    with the ids of Change and Source), though what any other moves is moved.
    """
    span = f"{first:%Y-%m}", last.isoformat()
    holding = [each for each, _ in iter_holding(db, Subject(), *span) if _falls(each.date, first, last)]
    ids = {each.change_id for each in holding}
    facts, decided = get_facts(db, ids), get_decided(db, ids)
    found: dict[Key, Deadline] = {}
    for each in holding:
        own, known = facts[each.change_id], decided.get(each.change_id)
        if each.key not in found and concerns(each.change_id, own["source_id"]):
            found[each.key] = Deadline(
                change_id=each.change_id,
                source_name=own["name"],
                publisher=own["publisher"],
                url=own["url"],
                kind=each.kind,
                date=each.date,
                is_decided=known is not None and known.is_decided,
            )
    return tuple(sorted(found.values(), key=lambda each: (each.date, each.publisher.casefold(), each.change_id)))


def iter_due(db: Database, subject: Subject, first: str, last: str) -> Iterator[int]:
    """Changes that somebody has in hand, the first of it due from `first` to `last`; the nearest comes first."""
    query = f"{_DUE} {GIVEN} {_BY_DUE}"
    return (row["id"] for row in db.query(query, {**subject.values, "first": first, "last": last}))


def count_due(db: Database, subject: Subject, first: str, last: str) -> int:
    """How many `iter_due` gives."""
    (row,) = db.query(f"{_COUNT_DUE} {GIVEN}", {**subject.values, "first": first, "last": last})
    return int(row["number"])


def get_touched(db: Database, change_ids: Iterable[int]) -> dict[int, tuple[int, datetime]]:
    """How often people decided about each of these Changes, and when last; without those of which they never did."""
    rows = db.query(
        """
        SELECT change_id, count(*) AS number, max(at) AS at FROM decision
        WHERE change_id IN (SELECT value FROM json_each(?)) GROUP BY change_id
        """,
        [json.dumps(list(change_ids))],
    )
    return {row["change_id"]: (row["number"], read_time(row["at"])) for row in rows}


def _falls(written: str, first: date, last: date) -> bool:
    if len(written) == _FULL:
        return first.isoformat() <= written <= last.isoformat()
    if len(written) != _MONTH:
        return False
    begins = date.fromisoformat(f"{written}-01")
    ends = begins.replace(day=monthrange(begins.year, begins.month)[1])
    return begins <= last and first <= ends
