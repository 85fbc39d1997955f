"""The days that people must act by, as the confirmed Changes of the told kinds state them, and which of them hold.

This is the one rule, for digests, calendars, open items, the inbox and the page of a Change. What a Change states is no
deadline any more when the Change was rejected, or a later one of the Document

* moves it, whatever is decided about that one;
* takes out its sentence, where a publisher stated it as data: an interface states all that stands every time, while a
  page that no longer speaks of a date has not dropped it; or
* tells that the Document is withdrawn, where it stood in the words only.

What is stated again after that is a deadline again. An event goes with its day: whoever had to act by the first one has
to act by the one on which it stands now.

Does not do: finding dates in texts (`monitor.compare`), choosing days (`monitor.store.agenda`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from monitor.model import DEADLINE_KINDS, PUBLISHER_KINDS
from monitor.store import read_time
from monitor.store.decisions import get_rejected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from monitor.model import DateKind
    from monitor.store import Database

WITHDRAWN = "withdrawn; "
"""So begins the reason of a Change by which a Document is withdrawn (`monitor.steps.state`)."""
_KINDS = {str(each): each for each in DEADLINE_KINDS}
_KIND_NAMES = json.dumps(sorted(DEADLINE_KINDS))
_PUBLISHERS = json.dumps(sorted(PUBLISHER_KINDS))
_OF_DOCUMENTS = """
SELECT stated.*, ending.confirmed_at AS ended_at FROM (
    SELECT date_mention.*, change.document_id, change.confirmed_at, CASE
        WHEN date_mention.sentence GLOB '* (*, *)' AND EXISTS (
            SELECT 1 FROM document JOIN source ON source.id = document.source_id
            WHERE document.id = change.document_id AND source.kind IN (SELECT value FROM json_each(:publishers))
        ) THEN (
            SELECT later.id FROM change AS later
            WHERE later.document_id = change.document_id AND later.id > change.id AND later.status = 'confirmed'
              AND EXISTS (SELECT 1 FROM passage WHERE change_id = later.id AND instr(before, date_mention.sentence))
              AND NOT EXISTS (SELECT 1 FROM passage WHERE change_id = later.id AND instr(after, date_mention.sentence))
            ORDER BY later.id LIMIT 1
        ) ELSE (
            SELECT later.id FROM change AS later
            WHERE later.document_id = change.document_id AND later.id > change.id
              AND later.status = 'confirmed' AND later.reason GLOB 'withdrawn; *'
            ORDER BY later.id LIMIT 1
        ) END AS ended_by
    FROM json_each(:documents) AS own
    CROSS JOIN change ON change.document_id = own.key AND change.id >= own.value
        AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')
    CROSS JOIN date_mention ON date_mention.change_id = change.id
    WHERE date_mention.kind IN (SELECT value FROM json_each(:kinds))
) AS stated LEFT JOIN change AS ending ON ending.id = stated.ended_by
ORDER BY stated.change_id, stated.position
"""
"""What is stated as data has a sentence that ends with the publisher and the field (`monitor.publishers.reading`). The
conditions on `change` are to the letter those of the indexes `change_told_by_document` and `change_withdrawn`."""
UNTOUCHED = """
date_mention.sentence NOT GLOB '* (*, *)' AND NOT EXISTS (
    SELECT 1 FROM date_mention AS move CROSS JOIN change AS later ON later.id = move.change_id
    WHERE move.moved_from = date_mention.date AND move.kind = date_mention.kind AND move.change_id >= change.id
      AND later.document_id = change.document_id
) AND NOT EXISTS (
    SELECT 1 FROM change AS later
    WHERE later.document_id = change.document_id AND later.id > change.id
      AND later.status = 'confirmed' AND later.reason GLOB 'withdrawn; *'
)
"""
"""Of a `date_mention` of a `change`: whether it surely holds if nobody rejected it, so that no course need be read."""
_DAY = len("2026-12-01")

Key: TypeAlias = tuple[str, str, str]
"""Document, kind, date: what is one deadline, however often it is stated."""
Place: TypeAlias = tuple[int, int]
"""Change and position: what was stated later is greater."""


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
    """When the Change was; times as they are stored, because most are never read."""
    ended_by: int | None
    """The first later Change that takes out its sentence or withdraws the Document, as far as that ends it."""
    ended: str | None
    """When that one was confirmed."""

    @property
    def told_at(self) -> datetime:
        return read_time(self.ended or self.confirmed)

    @property
    def key(self) -> Key:
        return self.document_id, self.kind, self.date

    @property
    def place(self) -> Place:
        return self.change_id, self.position


@dataclass(frozen=True, slots=True)
class End:
    """What became of a day that is no deadline any more."""

    change_id: int
    """The later Change that says so."""
    moved_to: str | None
    """A day, as precise as it is written; None = it was dropped or withdrawn."""


class Course:
    """What the Changes of some Documents state about days, one after the other, and what came of it."""

    def __init__(self, stated: Iterable[Stated], rejected: Collection[int] = ()) -> None:
        """`stated` is all of it, in the order in which it was; `rejected` are the Changes that were."""
        self._rejected = rejected
        self._stated = {each.place: each for each in stated}
        self._out: defaultdict[Key, list[Stated]] = defaultdict(list)
        self._in: defaultdict[Key, list[Stated]] = defaultdict(list)
        for each in self._stated.values():
            if each.moved_from:
                self._out[each.document_id, each.kind, each.moved_from].append(each)
                self._in[each.key].append(each)
        self._holding = {each.key: each for each in self._stated.values() if self.holds(each)}

    def get(self, place: Place) -> Stated:
        return self._stated[place]

    def get_days(self, change_ids: Collection[int]) -> dict[int, tuple[Stated, ...]]:
        """By Change the full days on which what it stated stands now, the nearest first, each as it was stated last.

        Without the Changes of which nothing holds.
        """
        found: defaultdict[int, dict[Key, Stated]] = defaultdict(dict)
        for each in self._stated.values():
            if each.change_id in change_ids:
                last = self.follow(each)
                if len(last.date) == _DAY and self.holds(last):
                    found[each.change_id][last.key] = last
        return {key: tuple(sorted(own.values(), key=lambda each: each.date)) for key, own in found.items()}

    def get_ends(self, change_id: int) -> dict[tuple[DateKind, str], End]:
        """By kind and date what the publisher has made of the days of a Change since, whatever people decided."""
        own = [(each, self.follow(each)) for each in self._stated.values() if each.change_id == change_id]
        return {
            (each.kind, each.date): End(last.ended_by or last.change_id, None if last.ended_by else last.date)
            for each, last in own
            if last.ended_by or last.date != each.date
        }

    def holds(self, stated: Stated) -> bool:
        """Whether it is a deadline still."""
        return not (stated.ended_by or self.is_rejected(stated) or self.find_move(stated))

    def is_rejected(self, stated: Stated) -> bool:
        return stated.change_id in self._rejected

    def find_move(self, stated: Stated) -> Stated | None:
        """The first later mention that moved it to another day."""
        left = self._out.get(stated.key, ())
        return next((each for each in left if each.place > stated.place), None)

    def follow(self, stated: Stated) -> Stated:
        """The statement of the day on which its event is now; or the last one, where it is on no day any more."""
        while not (now := self._holding.get(stated.key)) and (move := self.find_move(stated)):
            stated = move
        return now or stated

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

    def _find_arrival(self, event: Stated, date: str, before: Place) -> Stated | None:
        """The move to the date that held until then."""
        arrived, left = self._find_last(event, date, before)
        return arrived if arrived and (not left or left.place < arrived.place) else None

    def _find_departure(self, event: Stated, date: str, before: Place) -> Stated | None:
        """The move from the date after which nothing came back to it until then."""
        arrived, left = self._find_last(event, date, before)
        return left if left and (not arrived or arrived.place < left.place) else None

    def _find_last(self, event: Stated, date: str, before: Place) -> tuple[Stated | None, Stated | None]:
        """The last move to the date and the last one from it, as it was known before a place."""
        key = (event.document_id, event.kind, date)
        arrived, left = (
            next((each for each in reversed(moves.get(key, ())) if each.place < before), None)
            for moves in (self._in, self._out)
        )
        return arrived, left


def get_course(db: Database, document_ids: Iterable[str]) -> Course:
    """Of these Documents."""
    return _get_course(db, dict.fromkeys(document_ids, 0))


def _get_course(db: Database, since: Mapping[str, int]) -> Course:
    """Of each of these Documents from a Change on: nothing that was stated before tells what came of what it states."""
    values = {"documents": json.dumps(since), "kinds": _KIND_NAMES, "publishers": _PUBLISHERS}
    stated = [_read(row) for row in db.query(_OF_DOCUMENTS, values)]
    return Course(stated, get_rejected(db, {each.change_id for each in stated}))


def get_days(db: Database, change_ids: Iterable[int]) -> dict[int, tuple[Stated, ...]]:
    """As `Course.get_days`, of these Changes."""
    ids = frozenset(change_ids)
    rows = db.query(
        """
        SELECT change.document_id, min(change.id) AS first FROM change
        WHERE change.id IN (SELECT value FROM json_each(?))
          AND EXISTS (SELECT 1 FROM date_mention WHERE change_id = change.id)
        GROUP BY change.document_id
        """,
        [json.dumps(list(ids))],
    )
    return _get_course(db, {row["document_id"]: row["first"] for row in rows}).get_days(ids)


def find_next(days: Sequence[Stated], today: date) -> Stated | None:
    """The first of them, being in order, that is not over."""
    return next((each for each in days if each.date >= today.isoformat()), None)


def _read(row: dict[str, Any]) -> Stated:
    return Stated(
        change_id=row["change_id"],
        position=row["position"],
        document_id=row["document_id"],
        kind=_KINDS[row["kind"]],
        date=row["date"],
        sentence=row["sentence"],
        moved_from=row["moved_from"],
        confirmed=row["confirmed_at"],
        ended_by=row["ended_by"],
        ended=row["ended_at"],
    )
