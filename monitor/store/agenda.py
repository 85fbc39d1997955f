"""The days that people must act by, as the confirmed Changes of the told kinds state them, and how they were moved.

A date that a later mention in the same Document moves is no day of it any more: the same event is on another day now.

Does not do: saying what stands for a Change or is still to do (`monitor.store.items`), putting days in order for people
(`monitor.views.calendar`), the days of one Digest (`monitor.store.deadlines`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.model import DEADLINE_KINDS, DateKind
from monitor.store import read_time
from monitor.store.subjects import GIVEN, TOUCHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from monitor.store import Database
    from monitor.store.subjects import Subject

_KINDS = json.dumps(sorted(DEADLINE_KINDS))
_STATED = """
SELECT date_mention.*, change.document_id, change.confirmed_at
FROM date_mention INDEXED BY date_mention_by_date CROSS JOIN change ON change.id = date_mention.change_id
WHERE date_mention.date BETWEEN :first AND :last
  AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')
  AND date_mention.kind IN (SELECT value FROM json_each(:kinds)) AND
"""
_BY_DATE = "ORDER BY date_mention.date, date_mention.change_id DESC, date_mention.position DESC"
_MOVES = """
SELECT date_mention.*, change.document_id, change.confirmed_at
FROM date_mention INDEXED BY date_mention_moved CROSS JOIN change ON change.id = date_mention.change_id
WHERE date_mention.moved_from IS NOT NULL
  AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')
  AND date_mention.kind IN (SELECT value FROM json_each(:kinds))
ORDER BY date_mention.change_id, date_mention.position
"""
STILL_IN_HAND = """
change.due IS NOT NULL AND (
    coalesce((
        SELECT verdict FROM decision
        WHERE change_id = change.id AND verdict IN ('confirmed', 'undone') ORDER BY id DESC LIMIT 1
    ), '') <> 'confirmed'
    OR change.document_id NOT IN (SELECT document_id FROM link)
    OR EXISTS (
        SELECT 1 FROM link INDEXED BY link_by_document
        WHERE document_id = change.document_id AND ended_at IS NULL AND stale_by <= change.id
    )
)
"""
"""Whether something can be left to do of what somebody has in hand, as `monitor.store.items` says it: it is not
confirmed, or a clause of its Document is stale, or there was none to link to. What is done with is passed over without
reading its Decisions."""
_DUE = "SELECT change.id FROM change INDEXED BY change_in_hand WHERE change.due BETWEEN :first AND :last AND"
_BY_DUE = "ORDER BY change.due, change.id"


@dataclass(frozen=True, slots=True)
class Stated:
    """A day as one Change states it."""

    change_id: int
    position: int
    document_id: str
    kind: DateKind
    date: str
    """ISO 8601, as precise as it is written."""
    sentence: str
    moved_from: str | None
    confirmed: str
    """When the Change was; a time as it is stored, because most are never read."""

    @property
    def told_at(self) -> datetime:
        return read_time(self.confirmed)

    @property
    def place(self) -> tuple[int, int]:
        """What was stated later is greater."""
        return self.change_id, self.position


class Moves:
    """Every date that was moved to another, by the Document and the kind of day."""

    def __init__(self, moves: Iterable[Stated]) -> None:
        """`moves` in the order in which they were stated."""
        self._out: defaultdict[tuple[str, str, str], list[Stated]] = defaultdict(list)
        self._in: defaultdict[tuple[str, str, str], list[Stated]] = defaultdict(list)
        for each in moves:
            self._out[each.document_id, each.kind, each.moved_from or ""].append(each)
            self._in[each.document_id, each.kind, each.date].append(each)

    def has_left(self, stated: Stated) -> bool:
        """Whether a later mention moved it to another day."""
        left = self._out.get((stated.document_id, stated.kind, stated.date))
        return left is not None and left[-1].place > stated.place

    def trace(self, stated: Stated) -> tuple[str, int]:
        """On which date the event stood first, and how often it was moved since.

        Where one date became two, the first of them is the same event and the other a new one; so is a date that is
        stated again after its event left it.
        """
        date, before, number = stated.date, (stated.change_id, stated.position + 1), 0
        while move := self._find_arrival(stated, date, before):
            origin = move.moved_from or ""
            if self._find_departure(stated, origin, move.place):
                break
            date, before, number = origin, move.place, number + 1
        return date, number

    def _find_arrival(self, event: Stated, date: str, before: tuple[int, int]) -> Stated | None:
        """The move to the date that held until then."""
        arrived, left = self._find_last(event, date, before)
        return arrived if arrived and (not left or left.place < arrived.place) else None

    def _find_departure(self, event: Stated, date: str, before: tuple[int, int]) -> Stated | None:
        """The move from the date after which nothing came back to it until then."""
        arrived, left = self._find_last(event, date, before)
        return left if left and (not arrived or arrived.place < left.place) else None

    def _find_last(self, event: Stated, date: str, before: tuple[int, int]) -> tuple[Stated | None, Stated | None]:
        """The last move to the date and the last one from it, as it was known before a place."""
        key = (event.document_id, event.kind, date)
        arrived, left = (
            next((each for each in reversed(moves.get(key, ())) if each.place < before), None)
            for moves in (self._in, self._out)
        )
        return arrived, left


def iter_stated(db: Database, subject: Subject, first: str, last: str) -> Iterator[Stated]:
    """Every statement of a day from `first` to `last`, also of one that was moved; of each day the last one first.

    Dates are compared as text, so that a month comes before its days. As lazily as it is read.
    """
    values = {**subject.values, "kinds": _KINDS, "first": first, "last": last}
    return map(_read, db.query(f"{_STATED} {TOUCHING} {_BY_DATE}", values))


def iter_due(db: Database, subject: Subject, first: str, last: str) -> Iterator[int]:
    """Changes of which something can be left to do, the first of it from `first` to `last`; the nearest comes first."""
    query = f"{_DUE} {STILL_IN_HAND} AND {GIVEN} {_BY_DUE}"
    return (row["id"] for row in db.query(query, {**subject.values, "first": first, "last": last}))


def get_moves(db: Database) -> Moves:
    return Moves(map(_read, db.query(_MOVES, {"kinds": _KINDS})))


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


def get_last_touched(db: Database) -> datetime | None:
    """When a Change was last confirmed, or decided about; None = nothing was yet."""
    (row,) = db.query(
        """
        SELECT max(
            coalesce((SELECT max(confirmed_at) FROM change WHERE status = 'confirmed'), ''),
            coalesce((SELECT at FROM decision ORDER BY id DESC LIMIT 1), '')
        ) AS at
        """
    )
    return read_time(row["at"]) if row["at"] else None


def _read(row: dict[str, Any]) -> Stated:
    return Stated(
        change_id=row["change_id"],
        position=row["position"],
        document_id=row["document_id"],
        kind=DateKind(row["kind"]),
        date=row["date"],
        sentence=row["sentence"],
        moved_from=row["moved_from"],
        confirmed=row["confirmed_at"],
    )
