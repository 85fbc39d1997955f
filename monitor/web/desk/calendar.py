"""The calendar: what must be done by when, as an agenda.

In the address, and the same for `/calendar.ics` and `/feed.atom`:

    jurisdiction, topic   as the Sources have them
    mine=NAME             what touches an SOP of this person, or is in their hands
    kind                  effective, compliance, comments_close, sunset or due
    from=2027-01-01       the day on which it begins; "" = today (of the page alone)

Does not do: files and feeds (`monitor.web.desk.feeds`).
"""

from __future__ import annotations

import re
from calendar import Calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from digests.wording import from_now, is_full, person_name, written_date
from monitor.store.subjects import Subject, get_subjects
from monitor.views.calendar import KINDS, MOST_DUE, Asked, get_agenda
from monitor.web.desk.visits import find_names, get_people
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.responses import Response

    from monitor.views.calendar import Agenda, Entry
    from monitor.web.serving import Visit

FILTERS = ("jurisdiction", "topic", "mine", "kind")
MONTHS = 3
"""Drawn as grids beside the agenda."""
FEW = 5
"""Overdue entries up to which they need not be unfolded."""
SECTIONS = 3
"""Names of sections of one deadline."""
FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)
"""The days that can be asked for: at the ends of what `date` knows there is none before or after."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A week that is near, or a month, with what is on each of its days."""

    title: str
    days: tuple[tuple[str, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a grid of weeks: (day, how much is on it); day None = of another month."""

    title: str
    weeks: tuple[tuple[tuple[date | None, int], ...], ...]


def show_calendar(visit: Visit) -> Response:
    today, start = visit.now.date(), _read_day(visit.asked("from"))
    agenda = get_agenda(visit.db, read_asked(visit), today, start)
    people = get_people(visit)
    return draw(
        visit.request,
        "calendar.html",
        agenda=agenda,
        stretches=cut(agenda.entries, today),
        overdue=_by_day(agenda.overdue),
        late=len({each.change_id for each in agenda.overdue}),
        past=_by_day(agenda.past),
        months=build_months(agenda, start or today),
        subjects=get_subjects(visit.db),
        kinds=KINDS,
        asked={name: visit.asked(name) for name in FILTERS},
        start=start,
        today=today,
        weekdays=_WEEKDAYS,
        few=FEW,
        most=SECTIONS,
        most_due=MOST_DUE,
        query=partial(write_query, visit.request.query_params),
        who=partial(person_name, people=people),
        say_day=say_day,
        say_day_off=partial(_say_day_off, today=today),
        written_date=written_date,
    )


def read_asked(visit: Visit) -> Asked:
    """The filters in the address; a kind that there is not is none."""
    kind = visit.asked("kind")
    return Asked(read_subject(visit), kind if kind in KINDS else "")


def read_subject(visit: Visit) -> Subject:
    return Subject(visit.asked("jurisdiction"), visit.asked("topic"), find_names(visit, visit.asked("mine")))


def write_query(asked: Mapping[str, str], **changed: str) -> str:
    """The filters as parameters, with others; "" takes one out. With its question mark; "" where there are none."""
    kept = {name: asked.get(name, "") for name in FILTERS} | changed
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"?{query}" if query else ""


def cut(entries: Iterable[Entry], today: date) -> tuple[Stretch, ...]:
    """By weeks as long as they are near, then by months; what names a year alone comes after its months."""
    ordered = sorted(entries, key=lambda each: _place(each.date, today))
    stretches = []
    for (_, title), own in groupby(ordered, key=lambda each: _place(each.date, today)):
        stretches.append(Stretch(title, _by_day(own)))
    return tuple(stretches)


def build_months(agenda: Agenda, first: date) -> tuple[Month, ...]:
    """The next MONTHS ones, from that of `first` on."""
    number = Counter(each.date for each in agenda.entries)
    months = [divmod(first.year * 12 + first.month - 1 + each, 12) for each in range(MONTHS)]
    return tuple(_month(year, month + 1, number) for year, month in months)


def say_day(iso: str) -> str:
    """As in "Fri 11 Dec 2026", "Dec 2026" or "2026"."""
    return f"{_WEEKDAYS[date.fromisoformat(iso).weekday()]} {written_date(iso)}" if is_full(iso) else written_date(iso)


def _say_day_off(iso: str, today: date) -> str:
    """As in "in 8 days"; of a month or year that no day is named."""
    return from_now(iso, today) if is_full(iso) else "no day named"


def _place(iso: str, today: date) -> tuple[str, str]:
    """Where a day stands among the stretches, and what its stretch is called."""
    year, *rest = iso.split("-")
    if not rest:
        return f"{year}-13", f"Some time in {year}"
    monday = today - timedelta(days=today.weekday())
    if is_full(iso):
        week = (date.fromisoformat(iso) - monday).days // 7
        if week in {0, 1}:
            return f"0{week}", ("This week", "Next week")[week]
    is_now = iso.startswith(f"{today:%Y-%m}")
    name = f"{_MONTHS[int(rest[0]) - 1]} {year}"
    return f"{year}-{rest[0]}", f"Later in {name}" if is_now else name


def _by_day(entries: Iterable[Entry]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    return tuple((iso, tuple(same)) for iso, same in groupby(entries, key=attrgetter("date")))


def _month(year: int, month: int, number: Counter[str]) -> Month:
    weeks = Calendar().monthdatescalendar(year, month)
    cells = tuple(
        tuple((each, number[each.isoformat()]) if each.month == month else (None, 0) for each in week) for week in weeks
    )
    return Month(f"{_MONTHS[month - 1]} {year}", cells)


def _read_day(text: str) -> date | None:
    """None where it is no day, or none that can be asked for."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and FIRST <= day <= LAST else None


ROUTES = [Route("/calendar", serve(show_calendar))]
