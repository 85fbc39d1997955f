"""Where dates stand in a text, and how they may be read.

Numbers in any order, months in words, years first or last, Chinese, Japanese, Korean and Vietnamese dates, Japanese
eras. Only dates with a year. Linear: every look begins at a run of digits and goes at most 40 characters from there.

Does not do: what the dates mean (`meaning`), relative dates (`relative`), which of two readings holds (`order`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from monitor.compare.dates.months import find_month
from monitor.compare.dates.words import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands in a text, from `start` to `end`."""

    start: int
    end: int
    iso: str
    """As precise as it is written; where day and month may be either, with the month first."""
    swapped: str = ""
    """The other reading, with the day first, of an ambiguous date."""
    shows_day_first: bool | None = None
    """Whether its writer puts days first, where that is beyond doubt: "14/08/2025", "14 August 2025"."""


_DIGITS = re.compile(r"\d+")
_S = r"[^\S\n]?"
_MARK = rf"{_S}(?P<mark>[-./\u2010-\u2013]){_S}"
_END = r"(?![\d%]|[-./]\d)"
_FORMS = tuple(
    re.compile(rf"(?<!\d[-./,]){form}")
    for form in (
        rf"(?P<year>(?:19|20)\d\d){_MARK}(?P<month>\d\d?){_S}(?P=mark){_S}(?P<day>\d\d?){_END}",
        rf"(?P<year>(?:19|20)\d\d)[-/](?P<month>\d\d){_END}",
        rf"(?P<year>\d\d?|(?:19|20)\d\d){_S}[年년]{_S}(?P<month>\d\d?){_S}[月월](?:{_S}(?P<day>\d\d?){_S}[日号號일])?",
        rf"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d){_END}",
        rf"(?P<month>\d\d?)[/.](?P<year>20\d\d){_END}",
        rf"(?P<day>\d\d?) tháng (?P<month>\d\d?)(?: năm|,)? (?P<year>20\d\d){_END}",
    )
)
_SHORT = re.compile(
    rf"(?<!\d[-./,])(?P<first>\d\d?){_MARK}(?P<second>\d\d?){_S}(?P=mark){_S}(?P<year>(?:19|20)?\d\d){_END}"
)
_FOLLOWERS = frozenset("-./\u2010\u2011\u2012\u2013年년月월t")
"""One of these stands behind the first number of every form, perhaps after a space."""
_ERAS = {"令和": 2018, "平成": 1988}
"""The year before the first one of Reiwa and of Heisei."""
_CENTURY = 100

_YEAR = re.compile(r"(?:19|20)\d\d")
_REACH = 40
"""How many characters from a year its day and month may stand: `14th day of **September**, `."""
_INSIDE = re.compile(r"\d\.\d")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN = re.compile(
    r"[^\S\n]{0,2}[.,()\[\]\\*_'\u2019/:\u00b0\u00ba\u00aa\u2010-\u2013-]{0,6}[^\S\n]{0,2}[*_(\[\\]{0,4}"
)
"""What may stand between two parts of a date: stray dots, brackets and emphasis."""
_FIRST = frozenset({"premier", "primero", "first"})
_WORDS_TOO = frozenset({"may", "march", "mar", "set", "out"})
"""Months that are plain words too: without a day they need a capital."""


def find_written(text: str, language: str = "") -> list[Written]:
    """Every date of the text in reading order; they do not overlap."""
    found: list[Written] = []
    end = 0
    for run in _DIGITS.finditer(text):
        if run.start() >= end and (written := _read_numbers(text, run) or _read_words(text, run, end, language)):
            found.append(written)
            end = written.end
    return found


def to_iso(year: int, month: int, day: int | None) -> str:
    """ISO 8601, by day or by month; "" where there is no such date."""
    try:
        written = date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return written if day else written[: len("2026-02")]


def _read_numbers(text: str, run: re.Match[str]) -> Written | None:
    start = run.start()
    if start > 1 and _INSIDE.match(text, start - 2):
        return None  # the number of a clause, whose beginning was no date
    if len(run[0]) < len("20240501") and text[run.end() : run.end() + 2].lstrip()[:1] not in _FOLLOWERS:
        return None
    if match := _SHORT.match(text, start):
        return _read_short(match)
    for form in _FORMS:
        if match := form.match(text, start):
            parts = {name: int(number) for name, number in match.groupdict().items() if number and name != "mark"}
            if parts["year"] < _CENTURY:
                start = max(0, start - len("令和"))
                parts["year"] += _ERAS.get(text[start : run.start()], 0)
            iso = to_iso(parts["year"], parts["month"], parts.get("day"))
            return Written(start, match.end(), iso) if iso and parts["year"] > _CENTURY else None
    return None


def _read_short(match: re.Match[str]) -> Written | None:
    """Day and month in either order, then the year; dots put the day first in every language that uses them."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if year < _CENTURY:
        if match["mark"] == "." and len(match[0]) < len("01.02.24"):
            return None  # a version number
        year += 2000
    month_first, day_first = to_iso(year, first, second), to_iso(year, second, first)
    if match["mark"] == ".":
        month_first = "" if day_first else month_first
    if month_first and day_first and month_first != day_first:
        return Written(match.start(), match.end(), month_first, day_first)
    if not (month_first or day_first):
        return None
    shows = None if month_first == day_first or match["mark"] == "." else bool(day_first)
    return Written(match.start(), match.end(), month_first or day_first, shows_day_first=shows)


def _read_words(text: str, run: re.Match[str], start: int, language: str) -> Written | None:
    """A month in words around the year that `run` may be; nothing before `start` belongs to it."""
    if not _YEAR.fullmatch(run[0]):
        return None
    year = int(run[0])
    (near, word), (far, other) = _pad(_iter_before(text, max(start, run.start() - _REACH), run.start()))
    if month := find_month(word, language):
        if iso := to_iso(year, month, _to_day(other)) if _to_day(other) else "":
            return Written(far, run.end(), iso, shows_day_first=True)
        is_name = word not in _WORDS_TOO
        return Written(near, run.end(), to_iso(year, month, None)) if is_name else None
    month, day = find_month(other, language), _to_day(word)
    if month and day and (iso := to_iso(year, month, day)):
        return Written(far, run.end(), iso, shows_day_first=False)
    (_, word), (end, other) = _pad(_iter_after(text, run.end(), run.end() + _REACH))
    month, day = find_month(word, language), _to_day(other)
    if month and day and (iso := to_iso(year, month, day)):
        return Written(run.start(), end, iso)
    return None


def _iter_before(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The words before `end`, nearest first, with where they begin, as long as one date can hold them."""
    for token in reversed(list(_TOKEN.finditer(text, start, end))):
        if not _BETWEEN.fullmatch(text, token.end(), end):
            return
        end = token.start()
        if token[0].lower() not in PARTICLES:
            yield end, token[0]


def _iter_after(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The words behind `start` with where they end, as long as one date can hold them."""
    for token in _TOKEN.finditer(text, start, end):
        if not _BETWEEN.fullmatch(text, start, token.start()):
            return
        start = token.end()
        if token[0].lower() not in PARTICLES:
            yield start, token[0]


def _pad(words: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    """The first two words; empty ones where there are none."""
    return [*islice(words, 2), (0, ""), (0, "")][:2]


def _to_day(word: str) -> int | None:
    """The day of a month that a word or number says; whether the month has it is for `to_iso` to say."""
    if word.isdecimal() and len(word) <= len("31"):
        return int(word)
    return 1 if word.lower() in _FIRST else None
