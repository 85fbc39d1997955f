"""When a Digest is due, by the clock of whoever is told.

A local time of day has come when the local clock shows it or a later one. So a time that a clock skips in spring is
passed an hour later, one that it repeats in autumn is the same one, and what was due while no process ran is due still.

Does not do: remembering what was composed (`monitor.store.digests`).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

    from monitor.model import Audience, Person

REMIND_AT = time(9)
"""People are reminded in the morning, whatever the time of their Audience's Digest."""

_DAY = timedelta(days=1)
_SATURDAY = 5
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def local(recipient: Audience | Person, now: datetime) -> datetime:
    """The time that it is there."""
    return now.astimezone(ZoneInfo(recipient.timezone))


def is_working_day(day: date) -> bool:
    """From Monday to Friday. Public holidays count as such: they differ from place to place."""
    return day.weekday() < _SATURDAY


def may_remind(person: Person, now: datetime) -> bool:
    """Whether it is late enough in the Person's own day, and no weekend."""
    here = local(person, now)
    return is_working_day(here) and here.time() >= REMIND_AT


def find_told_by(audience: Audience, sla: timedelta, now: datetime) -> datetime | None:
    """What was told by then has waited for the whole `sla`; None at a weekend, when nobody is told of that.

    An `sla` of whole days means working days; one of hours is as long as it says.
    """
    here = local(audience, now)
    if not is_working_day(here):
        return None
    if sla % _DAY:
        return now - sla
    left = sla.days
    while left:
        here -= _DAY
        left -= is_working_day(here)
    return here


def find_day(audience: Audience, since: datetime, now: datetime) -> date | None:
    """The day whose Digest was due last; None = none was since the Audience is told of anything.

    Yesterday's is due until today's is, so that no day is left out where nothing ran from its time until midnight. The
    first one comes at once where the day's time has passed.
    """
    here = local(audience, now)
    today = here.date()
    if here.time() >= _time(audience):
        return today
    yesterday = today - timedelta(days=1)
    return yesterday if since < _moment(audience, yesterday) else None


def find_week_end(audience: Audience, since: datetime, now: datetime) -> date | None:
    """The day whose weekly Digest was due last; None = none was since the Audience is told, or it wants none."""
    if audience.weekly_on is None:
        return None
    here = local(audience, now)
    days = (here.weekday() - _WEEKDAYS.index(audience.weekly_on)) % 7
    if days == 0 and here.time() < _time(audience):
        days = 7
    last = here.date() - timedelta(days=days)
    return last if since < _moment(audience, last) else None


def _time(audience: Audience) -> time:
    return time.fromisoformat(audience.digest_at)


def _moment(audience: Audience, day: date) -> datetime:
    return datetime.combine(day, _time(audience), ZoneInfo(audience.timezone))
