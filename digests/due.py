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

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def local(recipient: Audience | Person, now: datetime) -> datetime:
    """The time that it is there."""
    return now.astimezone(ZoneInfo(recipient.timezone))


def may_remind(person: Person, now: datetime) -> bool:
    """Whether it is late enough in the Person's own day."""
    return local(person, now).time() >= REMIND_AT


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
