"""Deadlines and what is due → a file that calendar programs subscribe to (RFC 5545, RFC 7986).

    a day that moved        the same UID on its new day, with a higher SEQUENCE
    what was called off     STATUS:CANCELLED, for those programs that never take out what is gone
    a month without a day   stands on the first of the month, and says so: nobody may be late for it

All events are all-day ones, take no time and ring no bell. Nothing in them depends on when the file is made.

Does not do: choosing what is in it (`monitor.views.calendar`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from icalendar import Calendar, Event, Timezone, vText

from digests.escape import plain
from digests.wording import is_full, written_date
from monitor import __version__
from monitor.views.calendar import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.views.calendar import Entry

MEDIA_TYPE = "text/calendar"
REFRESH = timedelta(hours=1)
_ALL_DAY = timedelta(days=1)


def write_calendar(entries: Iterable[Entry], name: str, desk: str) -> bytes:
    """`name` is what programs call the calendar, `desk` the address of the desk, without a slash at its end."""
    calendar = Calendar()
    calendar.add("PRODID", f"-//Policy Monitor//Policy Monitor {__version__}//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", vText(name))
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for each in entries:
        calendar.add_component(_event(each, desk))
    if not calendar.subcomponents:
        calendar.add_component(Timezone.from_tzid("UTC"))  # RFC 5545: there must be something, and nobody sees this
    return bytes(calendar.to_ical())


def name_calendar(facts: Iterable[str]) -> str:
    """What it is called, from the desk's name and the filters that hold."""
    return " \u00b7 ".join(filter(None, map(plain, facts)))


def _event(entry: Entry, desk: str) -> Event:
    first = date.fromisoformat(entry.date if is_full(entry.date) else f"{entry.date}-01")
    address = f"{desk}/changes/{entry.change_id}"
    event = Event()
    event.add("UID", f"{entry.uid}@{urlsplit(desk).hostname}")
    event.add("DTSTAMP", entry.touched_at)
    event.add("LAST-MODIFIED", entry.touched_at)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", first)
    event.add("DTEND", first + _ALL_DAY)
    event.add("SUMMARY", _say_title(entry))
    event.add("DESCRIPTION", "\n".join([*_iter_lines(entry), address]))
    event.add("URL", address)
    event.add("CATEGORIES", [KINDS[entry.kind].capitalize(), plain(entry.jurisdiction)])
    event.add("STATUS", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    return event


def _say_title(entry: Entry) -> str:
    day = "" if is_full(entry.date) else f" (some day in {written_date(entry.date)})"
    return plain(f"{KINDS[entry.kind].capitalize()}: {entry.name}, {entry.publisher}{day}")


def _iter_lines(entry: Entry) -> Iterable[str]:
    if entry.ended_by:
        yield f"Called off: withdrawn since, by change {entry.ended_by}."
    elif entry.is_off:
        yield "Called off: somebody decided that the change does not apply."
    if entry.moved_from:
        yield f"Moved from {written_date(entry.moved_from)}."
    yield from map(plain, filter(None, [entry.sentence, entry.summary]))
    if entry.assignee:
        yield plain(f"In hand: {entry.assignee}")
    elif entry.hands and not entry.is_off:
        yield from (plain(f"In hand: {each.assignee}{_say_due(each.due)}") for each in entry.hands)
    elif not entry.is_off:
        yield "Decided." if entry.is_decided else "Nobody has decided yet."
    yield from (plain(f"Procedure: {each}") for each in entry.sections)


def _say_due(due: str) -> str:
    return f", due {written_date(due)}" if due else ""
