"""When an entry says that it was published.

Publishers write dates in every form but the two that the formats allow: month names of their language, numbers with
dots or slashes, seconds since 1970, a `<time>` element. feedparser gives up on most, and takes today's month for that
of "2026/07/17". So the day is read by the reader of dates in texts, and feedparser has what is left.

A zone without a known name, and no zone, are UTC. A day that may be read in two ways is none, and neither is a year
before feeds were, which is a placeholder (0001, 1970).

Does not do: judging dates in the future; that takes a clock.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from monitor.compare.dates.written import find_written

if TYPE_CHECKING:
    from time import struct_time

FIRST_YEAR = 1995
LONGEST = 400
"""Characters of a date that are read, a `<time>` element with all its attributes included."""
TOP = 5000
"""Characters of a text in which its own date would stand."""

_TIME_ELEMENT = re.compile(r"<time\b[^>]{0,300}?\bdatetime\s*=\s*[\"']([^\"'<>]{8,40})[\"']", re.IGNORECASE)
_UNIX = re.compile(r"\s*(\d{10})(?:\d{3}|\.\d+)?\s*")
_RUN_TOGETHER = re.compile(r"\s*(20\d\d)(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)?")
_TIME = re.compile(r"(?<![\d+-])(\d{1,2})[:.h](\d\d)(?:[:.](\d\d))?(?:[.,]\d+)?(?:\s*([ap])\.?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:(?:UTC|GMT)\s*)?([+-]|\u2212)(\d\d?)(?::?(\d\d))?\b")
_ZONE = re.compile(r"\b([A-Z]{3,4})\b")
_ZONES = {
    name: timezone(timedelta(hours=hours))
    for hours, names in (
        (-8, "PST"),
        (-7, "PDT MST"),
        (-6, "MDT CST"),
        (-5, "CDT EST"),
        (-4, "EDT"),
        (1, "BST CET MEZ WEST"),
        (2, "CEST MESZ EET SAST"),
        (3, "EEST MSK"),
        (8, "SGT HKT AWST PHT"),
        (9, "JST KST"),
        (10, "AEST"),
        (11, "AEDT"),
        (12, "NZST"),
        (13, "NZDT"),
    )
    for name in names.split()
}
"""The American ones as in RFC 822. IST is left out: it is the time of three countries."""
_NOON = 12


def read_time(written: str, parsed: struct_time | None) -> datetime | None:
    """The moment that `written` names, `parsed` being what feedparser made of it; None where that is no date.

    In the zone of the publisher, so that its day is the day of publication.
    """
    moment = _read(written[:LONGEST]) if written.strip() else None
    moment = moment or _from_struct(parsed)
    return moment if moment and moment.year >= FIRST_YEAR else None


def find_time_element(markup: str) -> datetime | None:
    """The moment of the first `<time>` in the text, which some publishers give in place of a date of the entry."""
    found = _TIME_ELEMENT.search(markup[:TOP])
    return read_time(found[1], None) if found else None


def _read(written: str) -> datetime | None:
    if element := _TIME_ELEMENT.search(written):
        written = element[1]
    if seconds := _UNIX.fullmatch(written):
        return datetime.fromtimestamp(int(seconds[1]), UTC)
    if numbers := _RUN_TOGETHER.match(written):
        written = "{}-{}-{} {}:{}:{}".format(*numbers.groups("00")) + written[numbers.end() :]
    found = find_written(written)
    if len(found) != 1 or found[0].swapped or len(found[0].iso) < len("2026-02-01"):
        return None
    return _at(date.fromisoformat(found[0].iso), written[: found[0].start] + "  " + written[found[0].end :])


def _at(day: date, rest: str) -> datetime | None:
    """The day at the time that the rest of the line gives, midnight where it gives none."""
    clock = _TIME.search(rest)
    if clock is None:
        return datetime.combine(day, time(), UTC)
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % _NOON + (_NOON if clock[4] in "pP" else 0)
    zone = _find_zone(rest[clock.end() :])
    try:
        return datetime.combine(day, time(), zone) + timedelta(hours=hour, minutes=minute, seconds=second)
    except OverflowError:
        return None


def _find_zone(rest: str) -> timezone:
    if offset := _OFFSET.search(rest):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(ahead if offset[1] == "+" else -ahead) if ahead < timedelta(days=1) else UTC
    name = _ZONE.search(rest)
    return _ZONES.get(name[1], UTC) if name else UTC


def _from_struct(parsed: struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (TypeError, ValueError, OverflowError):  # a date out of range
        return None
