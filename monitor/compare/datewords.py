"""Where a date is written in several words, so that these are read, marked and grouped as one.

Does not do: reading dates (`monitor.compare.dates`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.compare.dates.months import find_month

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = re.compile(r"[^\w\s]*\d")
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th|er|º)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LINK = frozenset({"of", "de", "del"})
_ORDER = re.compile("DL?ML?Y|DL?M|MDY|MD|ML?Y")
_AHEAD, LONGEST_DATE = 2, 5
"""Words before the month and words in all of the longest date: "22 de mayo de 2025"."""
_AROUND = "()[]\"“”'.,;:"


@lru_cache(maxsize=8192)
def is_month(word: str) -> bool:
    return find_month(word.strip(_AROUND)) is not None


@lru_cache(maxsize=8192)
def is_numeric(word: str) -> bool:
    """Whether a word is a number, or the name of a month, and so is likely to differ where all else is the same."""
    return bool(_NUMBER.match(word)) or is_month(word)


def find_dates_in(words: Sequence[str]) -> list[range]:
    """Where dates stand among the words, in ascending order: "until June 15, 2023 only" has one of three words."""
    months = {word for word in set(words) if is_month(word)}
    places = [at for at, word in enumerate(words) if word in months] if months else []
    found: list[range] = []
    for month in places:
        first = max(found[-1].stop if found else 0, month - _AHEAD)
        sizes = ((start, _count(words[start : start + LONGEST_DATE])) for start in range(first, month + 1))
        if best := next((range(start, start + size) for start, size in sizes if start + size > month), None):
            found.append(best)
    return found


def _count(words: Sequence[str]) -> int:
    """How many words the date is long that they begin with; 0 where they begin with none."""
    found = _ORDER.match("".join(map(_part, words)))
    return len(found[0]) if found else 0


def _part(word: str) -> str:
    bare = word.strip(_AROUND)
    if _DAY.fullmatch(bare):
        return "D"
    if _YEAR.fullmatch(bare):
        return "Y"
    if bare in _LINK:
        return "L"
    return "M" if is_month(bare) else "-"
