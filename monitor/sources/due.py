"""When to ask again: intervals such as `12h`, and cron lines as cron people expect them, in UTC.

Does not do: waiting, or knowing what was asked when (`monitor.store.sources`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apscheduler.triggers.cron import CronTrigger

INTERVAL = r"[1-9][0-9]{0,3}[mhd]"
"""30m, 12h, 1d: the pattern of an interval, at most four digits."""

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_CRON_FIELDS = 5
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WEEKDAY_NUMBERS = {name: number for number, name in enumerate(_WEEKDAYS)} | {str(n): n for n in range(8)}
_WEEKDAY_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[1-9][0-9]*))?")
_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def parse_interval(text: str) -> timedelta | None:
    """The duration that `30m`, `12h`, `1d` or `0` names; None for any other text."""
    if text == "0":
        return timedelta(0)
    if re.fullmatch(INTERVAL, text):
        return int(text[:-1]) * _UNITS[text[-1]]
    return None


def next_due(every: str, after: datetime) -> datetime:
    """The first moment after `after` (aware) at which a Source with this `every` is due, in UTC.

    Raises ValueError, with a reason for people, where `every` is neither an interval nor a cron line that ever comes.
    """
    interval = parse_interval(every)
    if interval is not None:
        return after.astimezone(UTC) + interval
    moment = after.astimezone(UTC) + timedelta(microseconds=1)
    moments = [trigger.get_next_fire_time(None, moment) for trigger in _cron_triggers(every)]
    coming: list[datetime] = [each for each in moments if each is not None]
    if not coming:
        raise ValueError("that day never comes")
    return min(coming)


def check_cron(text: str) -> None:
    """Raises ValueError, with a reason for people, where `text` is no cron line or one that never comes."""
    next_due(text, _ANY_MOMENT)


@lru_cache(maxsize=256)
def _cron_triggers(text: str) -> tuple[CronTrigger, ...]:
    """The APScheduler triggers that together fire as cron would.

    The rule of crontab(5): when day of month and weekday are both restricted, either of them is enough.
    APScheduler wants both, hence two triggers.
    """
    from apscheduler.triggers.cron import CronTrigger  # 0.3 s, and few sources have a cron line

    fields = text.split()
    if len(fields) != _CRON_FIELDS:
        raise ValueError(f"it has {len(fields)} fields instead of {_CRON_FIELDS}")
    minute, hour, day, month, weekday = fields
    either = not day.startswith("*") and not weekday.startswith("*")
    return tuple(
        CronTrigger(minute=minute, hour=hour, day=d, month=month, day_of_week=_name_weekdays(w), timezone=UTC)
        for d, w in ([(day, "*"), ("*", weekday)] if either else [(day, weekday)])
    )


def _name_weekdays(field: str) -> str:
    """The weekday field with every day by name: APScheduler counts from Monday = 0 and refuses 7."""
    if field == "*":
        return field
    days = sorted({day % 7 for part in field.lower().split(",") for day in _iter_weekdays(part)})
    return ",".join(_WEEKDAYS[day] for day in days)


def _iter_weekdays(part: str) -> Iterator[int]:
    """The days that `5`, `mon-fri`, `5-7` or `*/2` names, counted from Sunday = 0; some past 6."""
    match = _WEEKDAY_PART.fullmatch(part)
    if not match or (match["step"] and match["first"] and not match["last"]):
        raise ValueError(f'"{part}" names no weekdays')
    first = _weekday_number(match["first"] or "sun")
    last = _weekday_number(match["last"] or match["first"] or "sat")
    return iter(range(first, (last if last >= first else last + 7) + 1, int(match["step"] or 1)))


def _weekday_number(name: str) -> int:
    if name not in _WEEKDAY_NUMBERS:
        raise ValueError(f'"{name}" is no weekday')
    return _WEEKDAY_NUMBERS[name]
