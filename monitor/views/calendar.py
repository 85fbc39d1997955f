"""The days that people must act by, and those on which what they have in hand is due: as an agenda, and for calendars.

A deadline is one for a Document, kind and date, of the last Change that states it, as long as that holds. What is due
comes from what people gave one another.

Does not do: saying which days hold (`monitor.store.deadlines`), writing files for calendars (`monitor.views.ics`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from digests.wording import DEADLINES
from monitor.model import DEADLINE_KINDS
from monitor.store.agenda import count_due, get_touched, iter_due, iter_holding, iter_stated
from monitor.store.flagged import get_flagged
from monitor.store.items import NO_DAY, get_decided, get_items_in_hand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from monitor.model import OpenItem
    from monitor.store import Database
    from monitor.store.deadlines import Course, Key, Stated
    from monitor.store.flagged import Flagged
    from monitor.store.items import Decided
    from monitor.store.subjects import Subject

DUE = "due"
"""In the place of a DateKind: what somebody has in hand is due."""
KINDS = {str(kind): words for kind, words in DEADLINES.items()} | {DUE: "due"}
"""What each kind of day is called."""
MOST = 100
"""Deadlines of one agenda; the last day is shown whole."""
MOST_DUE = 50
"""Changes of which what is overdue is shown, and as many of which something is due, the nearest first."""
MOST_PAST = 50
PAST = timedelta(days=30)
"""So long what is over can be unfolded."""
KEPT = timedelta(days=90)
"""So long what is over, or was called off, stays in the calendars of those who subscribed."""
MOST_EVENTS = 1_000
"""In one file: calendars of some programs take no more than a megabyte."""
_END = "9999-12-30"
"""The last day: NO_DAY stands behind it."""
_YEAR, _DAY = len("2026"), len("2026-12-01")
_NAME = 32
"""Characters: 128 bits, so that no two events meet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be in it; "" = all."""

    subject: Subject
    kind: str = ""
    """A DateKind, or DUE."""

    @property
    def kinds(self) -> Collection[str]:
        """Of the deadlines."""
        return [self.kind] if self.kind else DEADLINE_KINDS


class Hand(NamedTuple):
    """Somebody who has something in hand."""

    assignee: str
    due: str
    """A day; "" = none was named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a deadline, or what is due of one Change from one person on one day."""

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
    """Names of those that the Change touches, the likeliest first; those that it is about where it is DUE."""
    assignee: str
    """Who has it in hand, where it is DUE."""
    uid: str
    """The same for the same event, on whatever day it stands."""
    sequence: int
    """How often it was moved or called off; where it is DUE, how often it was decided about."""
    touched_at: datetime
    """When that was last said, or decided about."""
    off_at: datetime | None = None
    """When it was called off: rejected, or dropped or withdrawn by a later Change; None = never."""
    ended_by: int | None = None
    """The later Change by which it was dropped or withdrawn."""
    hands: tuple[Hand, ...] = ()
    """In whose hands the Change of a deadline is, as long as nobody decided; first what is due first."""

    @property
    def is_off(self) -> bool:
        return self.off_at is not None


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
    more_overdue: int
    """Changes of which something is overdue, beyond MOST_DUE; 0 where a first day was asked for."""
    more_due: int
    """The same of those of which something is due from the first day on."""


def get_agenda(db: Database, asked: Asked, today: date, start: date | None = None) -> Agenda:
    """From `start` on, which is today where nobody names one: then with what is overdue, and what is over."""
    first = start or today
    deadlines, next_day = _take(_iter_holding(db, asked, [*_spans_of(first), (first.isoformat(), _END)]))
    end = next_day or NO_DAY
    before, ahead = ("", _day_before(first)), (first.isoformat(), end)
    due = _sort(each for span in (before, ahead) for each in _get_due(db, asked, today, span, MOST_DUE))
    past = _list_over(db, asked, today) if start is None else []
    described = _describe(db, [*past, *deadlines])
    return Agenda(
        overdue=tuple(each for each in due if each.date < today.isoformat()) if start is None else (),
        past=described[: len(past)],
        entries=_sort([*described[len(past) :], *(each for each in due if first.isoformat() <= each.date < end)]),
        next_day=next_day,
        more_overdue=_count_more(db, asked, before) if start is None else 0,
        more_due=_count_more(db, asked, ahead),
    )


def get_events(db: Database, asked: Asked, now: datetime) -> tuple[Entry, ...]:
    """For calendars: what was over less than KEPT ago, all that is to come, and what was called off since KEPT.

    Without what names a year alone: it says too little to stand on a day.
    """
    since, today = now - KEPT, now.date()
    spans = (today.isoformat(), _END), (f"{since:%Y-%m}", today.isoformat())
    stated = (each for span in spans for each in iter_stated(db, asked.subject, *span, asked.kinds))
    chosen: dict[Key, _Placed] = {}
    for each, course in islice((one for one in stated if _is_event(*one)), MOST_EVENTS):
        if each.key not in chosen or (course.holds(each) and not course.holds(chosen[each.key][0])):
            chosen[each.key] = each, course
    kept = [each for each in _describe(db, list(chosen.values())) if not each.off_at or each.off_at >= since]
    return _sort([*kept, *_get_due(db, asked, today, ("", _END), MOST_EVENTS)])


def begin(written: str) -> str:
    """The first day of what a date names: of 2026-12 the 2026-12-01."""
    return f"{written}-01-01"[:_DAY]


def _is_event(stated: Stated, course: Course) -> bool:
    """Whether it is more than a year, and its event was not moved away."""
    return len(stated.date) > _YEAR and not course.find_move(stated)


_Placed: TypeAlias = "tuple[Stated, Course]"
"""A statement, and the course of its Document."""


def _spans_of(day: date) -> list[tuple[str, str]]:
    """The year and the month that a day belongs to: what names no more than these can fall on it or later."""
    return [(each, each) for each in (f"{day:%Y}", f"{day:%Y-%m}")]


def _iter_holding(
    db: Database, asked: Asked, spans: Iterable[tuple[str, str]], *, backwards: bool = False
) -> Iterator[_Placed]:
    """Each deadline once, as the last Change states it."""
    seen = set()
    for span in spans:
        for stated, course in iter_holding(db, asked.subject, *span, asked.kinds, backwards=backwards):
            if stated.key not in seen:
                seen.add(stated.key)
                yield stated, course


def _day_before(day: date) -> str:
    return (day - timedelta(days=1)).isoformat()


def _list_over(db: Database, asked: Asked, today: date) -> list[_Placed]:
    """The last that is over, from the beginning of the month in which PAST began."""
    span = f"{today - PAST:%Y-%m}", _day_before(today)
    going_on = {first for first, _ in _spans_of(today)}
    over = (each for each in _iter_holding(db, asked, [span], backwards=True) if each[0].date not in going_on)
    return list(islice(over, MOST_PAST))


def _take(holding: Iterator[_Placed]) -> tuple[list[_Placed], str | None]:
    """The first MOST and what else is on the last of their days, and from which day on there is more."""
    taken: list[_Placed] = []
    for each in holding:
        if len(taken) >= MOST and each[0].date != taken[-1][0].date:
            return taken, begin(each[0].date)
        taken.append(each)
    return taken, None


def _describe(db: Database, placed: Sequence[_Placed]) -> tuple[Entry, ...]:
    ids = {stated.change_id for stated, _ in placed}
    flagged, decided, touched = get_flagged(db, ids, None, 0), get_decided(db, ids), get_touched(db, ids)
    return tuple(
        _deadline(
            stated,
            course,
            flagged[stated.change_id],
            decided.get(stated.change_id),
            touched.get(stated.change_id),
        )
        for stated, course in placed
    )


def _deadline(
    stated: Stated, course: Course, flagged: Flagged, decided: Decided | None, touched: tuple[int, datetime] | None
) -> Entry:
    origin, number = course.trace(stated)
    off_at = _find_end(stated, course, decided)
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
        is_decided=decided is not None and decided.is_decided,
        sections=tuple(name for name, _ in flagged.impacts),
        assignee="",
        uid=_name_event(stated.document_id, stated.kind, origin),
        sequence=number + (off_at is not None),
        touched_at=max(stated.told_at, touched[1]) if touched else stated.told_at,
        off_at=off_at,
        ended_by=stated.ended_by,
        hands=_find_hands(decided) if decided and not decided.is_decided else (),
    )


def _find_hands(decided: Decided) -> tuple[Hand, ...]:
    standings = (decided.whole, *decided.sections.values())
    found = {Hand(each.assignee, each.due or "") for each in standings if each.assignee}
    return tuple(sorted(found, key=lambda each: (each.due or NO_DAY, each.assignee)))


def _find_end(stated: Stated, course: Course, decided: Decided | None) -> datetime | None:
    if stated.ended_by:
        return stated.told_at
    rejection = decided.whole.decision if decided and course.is_rejected(stated) else None
    return rejection.at if rejection else None


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
    flagged, touched = get_flagged(db, ids, None, 0), get_touched(db, ids)
    return [_due(each, flagged[each[0].change_id], *touched[each[0].change_id]) for each in _group(items)]


def _count_more(db: Database, asked: Asked, span: tuple[str, str]) -> int:
    return max(0, count_due(db, asked.subject, *span) - MOST_DUE) if asked.kind in {"", DUE} else 0


def _group(items: Iterable[OpenItem]) -> Iterable[Sequence[OpenItem]]:
    """What is one line: of one Change, of one person, on one day."""
    groups: defaultdict[tuple[int, str | None, str | None], list[OpenItem]] = defaultdict(list)
    for each in items:
        groups[each.change_id, each.assignee, each.due].append(each)
    return groups.values()


def _due(items: Sequence[OpenItem], flagged: Flagged, number: int, touched_at: datetime) -> Entry:
    first = items[0]
    return Entry(
        kind=DUE,
        date=first.due or "",
        change_id=first.change_id,
        name=first.source_name,
        publisher=first.publisher,
        jurisdiction=flagged.jurisdiction,
        summary=flagged.summary,
        sentence="",
        moved_from=None,
        is_decided=first.verdict is not None,
        sections=tuple(each.procedure for each in items if each.procedure),
        assignee=first.assignee or "",
        uid=_name_event(DUE, str(first.change_id), first.section_id or ""),
        sequence=number,
        touched_at=touched_at,
    )


def _name_event(*facts: str) -> str:
    return sha256("\n".join(facts).encode()).hexdigest()[:_NAME]


def _sort(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda each: (each.date, each.publisher.casefold(), each.change_id, each.uid)))
