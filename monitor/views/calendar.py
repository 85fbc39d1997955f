"""The days that people must act by, and those on which what they have in hand is due: as an agenda, and for calendars.

A deadline is one for a Document, kind and date, of the last Change that states it and was not rejected as a whole; one
that was moved stands on its new day alone. What is due comes from what people gave one another.

Does not do: finding dates in texts (`monitor.compare`), writing files for calendars (`monitor.views.ics`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from monitor.store.agenda import get_moves, get_touched, iter_due, iter_stated
from monitor.store.flagged import get_flagged
from monitor.store.inbox import NO_DAY
from monitor.store.items import get_decided, get_items_in_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from monitor.model import OpenItem
    from monitor.store import Database
    from monitor.store.agenda import Moves, Stated
    from monitor.store.flagged import Flagged
    from monitor.store.items import Decided
    from monitor.store.subjects import Subject

DUE = "due"
"""In the place of a DateKind: what somebody has in hand is due."""
MOST = 100
"""Deadlines of one agenda; the last day is shown whole."""
MOST_DUE = 50
"""Changes of which what is overdue is shown, and as many of which something is due, the nearest first."""
MOST_PAST = 50
PAST = timedelta(days=30)
"""So long what is over can be unfolded."""
KEPT = timedelta(days=90)
"""So long what is over, or was called off, stays in the calendars of those who subscribed."""
MOST_EVENTS = 2_000
"""In one file: calendars of some programs take no more than a megabyte."""
_END = "9999-12-30"
"""The last day: NO_DAY stands behind it."""
_AT_ONCE = 100
"""Changes of which it is looked up at once what stands for them."""
_YEAR, _DAY = len("2026"), len("2026-12-01")
_NAME = 32
"""Characters: 128 bits, so that no two events meet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be in it; "" = all."""

    subject: Subject
    kind: str = ""
    """A DateKind, or DUE."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a deadline, or what is due."""

    kind: str
    """A DateKind, or DUE."""
    date: str
    """ISO 8601, as precise as it is written."""
    change_id: int
    name: str
    """Of the Document."""
    publisher: str
    jurisdiction: str
    summary: str
    sentence: str
    """That the day stands in; "" where it is DUE."""
    moved_from: str | None
    is_decided: bool
    sections: tuple[str, ...]
    """Names of those that the Change touches, the likeliest first; the one that it is about where it is DUE."""
    assignee: str
    """Who has it in hand, where it is DUE."""
    uid: str
    """The same for the same event, on whatever day it stands."""
    sequence: int
    """How often it was moved or called off; where it is DUE, how often it was decided about."""
    touched_at: datetime
    """When that was last said, or decided about."""
    is_off: bool = False
    """It was called off: the Change was rejected as a whole."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What there is to do, in the order of its days."""

    overdue: tuple[Entry, ...]
    """In hand, and the day is past."""
    past: tuple[Entry, ...]
    """Deadlines that are over, the last ones first; empty where a first day was asked for."""
    entries: tuple[Entry, ...]
    """From the first day on. A month stands before its days, a year before its months."""
    next_day: str | None
    """From which there is more; None = that is all."""


def get_agenda(db: Database, asked: Asked, today: date, start: date | None = None) -> Agenda:
    """From `start` on, which is today where nobody names one: then with what is overdue, and what is over."""
    moves, first = get_moves(db), start or today
    to_come = _iter_statements(db, asked, moves, [*_spans_of(first), (first.isoformat(), _END)])
    deadlines, next_day = _take(_iter_standing(db, to_come))
    late = _get_due(db, asked, today, ("", _day_before(first)), MOST_DUE)
    end = next_day or NO_DAY
    due = _sort([*late, *_get_due(db, asked, today, (first.isoformat(), end), MOST_DUE)])
    past = list(_iter_standing(db, _list_over(db, asked, moves, today))) if start is None else []
    described = _describe(db, [*past, *deadlines], moves, today)
    return Agenda(
        overdue=tuple(each for each in due if each.date < today.isoformat()) if start is None else (),
        past=described[: len(past)][::-1],
        entries=_sort([*described[len(past) :], *(each for each in due if first.isoformat() <= each.date < end)]),
        next_day=next_day,
    )


def get_events(db: Database, asked: Asked, now: datetime) -> tuple[Entry, ...]:
    """For calendars: what was over less than KEPT ago, all that is to come, and what was called off since KEPT.

    Without what names a year alone: it says too little to stand on a day.
    """
    moves, since, today = get_moves(db), now - KEPT, now.date()
    over = f"{since:%Y-%m}", today.isoformat()
    stated = _iter_statements(db, asked, moves, [(today.isoformat(), _END), over])
    chosen: dict[tuple[str, str, str], _Judged] = {}
    for each in _iter_judged(db, islice((one for one in stated if len(one.date) > _YEAR), MOST_EVENTS)):
        before = chosen.get(_key(each))
        if before is None or (before.is_rejected and not each.is_rejected):
            chosen[_key(each)] = each
    kept = [each for each in chosen.values() if each.rejected_at is None or each.rejected_at >= since]
    return _sort([*_describe(db, kept, moves, today), *_get_due(db, asked, today, ("", _END), MOST_EVENTS)])


@dataclass(frozen=True, slots=True)
class _Judged:
    """A statement, and what stands for its Change."""

    stated: Stated
    decided: Decided | None

    @property
    def is_rejected(self) -> bool:
        return self.decided is not None and self.decided.is_rejected

    @property
    def rejected_at(self) -> datetime | None:
        decision = self.decided.whole.decision if self.decided and self.is_rejected else None
        return decision.at if decision else None


def _spans_of(day: date) -> list[tuple[str, str]]:
    """The year and the month that a day belongs to: what names no more than these can fall on it or later."""
    return [(each, each) for each in (f"{day:%Y}", f"{day:%Y-%m}")]


def _iter_statements(db: Database, asked: Asked, moves: Moves, spans: Iterable[tuple[str, str]]) -> Iterator[Stated]:
    """Of the kind that is asked for, and on a day that they were not moved away from."""
    for first, last in spans:
        for each in iter_stated(db, asked.subject, first, last):
            if asked.kind in {"", each.kind} and not moves.has_left(each):
                yield each


def _day_before(day: date) -> str:
    return (day - timedelta(days=1)).isoformat()


def _list_over(db: Database, asked: Asked, moves: Moves, today: date) -> Iterator[Stated]:
    """The last that is over, from the beginning of the month in which PAST began."""
    span = f"{today - PAST:%Y-%m}", _day_before(today)
    going_on = {first for first, _ in _spans_of(today)}
    over = [each for each in _iter_statements(db, asked, moves, [span]) if each.date not in going_on]
    return iter(over[-MOST_PAST:])


def _iter_judged(db: Database, stated: Iterator[Stated]) -> Iterator[_Judged]:
    while chunk := list(islice(stated, _AT_ONCE)):
        decided = get_decided(db, {each.change_id for each in chunk})
        yield from (_Judged(each, decided.get(each.change_id)) for each in chunk)


def _iter_standing(db: Database, stated: Iterator[Stated]) -> Iterator[_Judged]:
    """Each event once, as the last Change states it that was not rejected."""
    seen = set()
    for each in _iter_judged(db, stated):
        if not each.is_rejected and _key(each) not in seen:
            seen.add(_key(each))
            yield each


def _key(judged: _Judged) -> tuple[str, str, str]:
    return judged.stated.document_id, judged.stated.kind, judged.stated.date


def _take(standing: Iterator[_Judged]) -> tuple[list[_Judged], str | None]:
    """The first MOST and what else is on the last of their days, and from which day on there is more."""
    taken: list[_Judged] = []
    for each in standing:
        if len(taken) >= MOST and each.stated.date != taken[-1].stated.date:
            return taken, f"{each.stated.date}-01-01"[:_DAY]
        taken.append(each)
    return taken, None


def _describe(db: Database, judged: Sequence[_Judged], moves: Moves, today: date) -> tuple[Entry, ...]:
    ids = {each.stated.change_id for each in judged}
    flagged, touched = get_flagged(db, ids, today, 0), get_touched(db, ids)
    return tuple(
        _deadline(each, flagged[each.stated.change_id], moves, touched.get(each.stated.change_id)) for each in judged
    )


def _deadline(judged: _Judged, flagged: Flagged, moves: Moves, touched: tuple[int, datetime] | None) -> Entry:
    stated = judged.stated
    origin, number = moves.trace(stated)
    return Entry(
        kind=stated.kind,
        date=stated.date,
        change_id=stated.change_id,
        name=flagged.name,
        publisher=flagged.publisher,
        jurisdiction=flagged.jurisdiction,
        summary=flagged.summary,
        sentence=stated.sentence,
        moved_from=stated.moved_from,
        is_decided=judged.decided is not None and judged.decided.is_decided,
        sections=tuple(name for name, _ in flagged.impacts),
        assignee="",
        uid=_name_event(stated.document_id, stated.kind, origin),
        sequence=number + judged.is_rejected,
        touched_at=max(stated.told_at, touched[1]) if touched else stated.told_at,
        is_off=judged.is_rejected,
    )


def _get_due(db: Database, asked: Asked, today: date, span: tuple[str, str], most: int) -> list[Entry]:
    """What is due of the first `most` Changes of which anything is due in that span, also where more is due later."""
    if asked.kind not in {"", DUE}:
        return []
    ids = list(islice(iter_due(db, asked.subject, *span), most))
    owners = {each.casefold() for each in asked.subject.owners}
    items = [
        each
        for each in get_items_in_hand(db, ids, today)
        if each.due and (not owners or (each.assignee or "").casefold() in owners)
    ]
    flagged, touched = get_flagged(db, ids, today, 0), get_touched(db, ids)
    return [_due(each, flagged[each.change_id], *touched[each.change_id]) for each in items]


def _due(item: OpenItem, flagged: Flagged, number: int, touched_at: datetime) -> Entry:
    return Entry(
        kind=DUE,
        date=item.due or "",
        change_id=item.change_id,
        name=item.source_name,
        publisher=item.publisher,
        jurisdiction=flagged.jurisdiction,
        summary=flagged.summary,
        sentence="",
        moved_from=None,
        is_decided=item.verdict is not None,
        sections=(item.procedure,) if item.procedure else (),
        assignee=item.assignee or "",
        uid=_name_event(DUE, str(item.change_id), item.section_id or ""),
        sequence=number,
        touched_at=touched_at,
    )


def _name_event(*facts: str) -> str:
    return sha256("\n".join(facts).encode()).hexdigest()[:_NAME]


def _sort(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda each: (each.date, each.publisher.casefold(), each.change_id, each.uid)))
