"""Dates that count from the day of publication: "2 days ago", "30 days after publication", "yesterday".

As precise as they are said: days and weeks give a day, "5 months ago" a month, "2 years ago" a year; a term after the
publication always ends on a day.

Does not do: terms that count from anything else ("14 days after we notify you").
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from monitor.compare.dates.words import AGO_BEFORE, AGO_BEHIND, DAYS, LINK, NUMBERS, PUBLICATION, UNIT, UNITS
from monitor.compare.dates.written import Written
from monitor.patterns import LatePattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COUNT = rf"(?P<number>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_AGO_BEFORE = LatePattern(rf"\b(?:{AGO_BEFORE}){_COUNT} (?:{UNIT})\b", re.IGNORECASE)
_AGO_BEHIND = LatePattern(rf"(?<!\w){_COUNT}\s?(?:{UNIT})\s?(?:{AGO_BEHIND})", re.IGNORECASE)
_AFTER_PUBLICATION = LatePattern(
    rf"(?<!\w){_COUNT}(?:th|st|rd|nd|e)?(?:\s\(\d{{1,3}}\))?[\s-](?:calendar\s)?(?:{UNIT})(?:\s(?:{LINK})){{1,8}}\s"
    rf"(?:{PUBLICATION})\b",
    re.IGNORECASE,
)
_DAY = LatePattern(rf"(?<![^\W\d_\u3000-\u9fff])(?:{'|'.join(DAYS)})(?![^\W\d_\u3000-\u9fff])", re.IGNORECASE)

_SIGNS = (
    (_AGO_BEFORE, -1, AGO_BEFORE.split("|")),
    (_AGO_BEHIND, -1, AGO_BEHIND.split("|")),
    (_AFTER_PUBLICATION, 1, PUBLICATION.split("|")),
    (_DAY, 0, list(DAYS)),
)
"""A pattern, the direction it counts in, and what to look for first, as the patterns cost 0.2 µs a character."""
_REACH = 110
"""How many characters around a sign its pattern may match."""


def find_relative(text: str, published: date | None) -> list[Written]:
    """The dates that count from the day of publication, none without it."""
    if published is None:
        return []
    lower = text.lower()
    if len(lower) != len(text):  # a capital dotted I becomes two characters
        lower = text
    found = [
        each
        for pattern, sign, words in _SIGNS
        for each in _iter_near(text, _windows(lower, words), pattern, sign, published)
    ]
    return list({each.start: each for each in found}.values())


def _windows(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """The stretches around these words; they do not overlap, so that the whole stays linear."""
    windows: list[tuple[int, int]] = []
    for position in sorted(match.start() for word in words if word in text for match in re.finditer(word, text)):
        if windows and position - _REACH <= windows[-1][1]:
            windows[-1] = (windows[-1][0], position + _REACH)
        else:
            windows.append((max(0, position - _REACH), position + _REACH))
    return windows


def _iter_near(
    text: str, windows: list[tuple[int, int]], pattern: LatePattern, sign: int, published: date
) -> Iterator[Written]:
    for start, end in windows:
        for match in pattern.finditer(text, start, end):
            if iso := _resolve(match, sign, published):
                yield Written(match.start(), match.end(), iso)


def _resolve(match: re.Match[str], sign: int, published: date) -> str:
    """The date that is meant; "" before the year 1."""
    if not sign:
        return (published + timedelta(DAYS[match[0].lower()])).isoformat()
    unit = next(name for name in UNITS if match[name])
    word = match["number"].lower()
    number = sign * (int(word) if word.isdecimal() else NUMBERS[word])
    return _count(published, number, unit)


def _count(start: date, number: int, unit: str) -> str:
    """The date so many units from `start`."""
    months = {"month": number, "year": 12 * number}.get(unit)
    if months is None:
        return (start + timedelta(days=number * {"hour": 0, "day": 1, "week": 7}[unit])).isoformat()
    year, month = divmod(12 * start.year + start.month - 1 + months, 12)
    if year < 1:
        return ""
    day = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).isoformat()
    precision = len(day) if number > 0 else len("2026-02") if unit == "month" else len("2026")
    return day[:precision]
