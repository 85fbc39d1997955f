"""Where a date is written in several words, so that these are read, marked and grouped as one.

Does not do: reading dates (`monitor.compare.dates`).
"""

from __future__ import annotations

import re
from itertools import compress, count
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
LONGEST_WORD = 40
"""Characters of the name of a month with the signs around it, and more."""
MAX_REMEMBERED = 20_000
"""Words of which it is remembered whether they name a month: 2 MB, and more than nearly every text has."""
_AROUND = "()[]\"“”'.,;:"


def is_month(word: str) -> bool:
    return _IS_MONTH[word]


def is_numeric(word: str) -> bool:
    """Whether a word is a number, or the name of a month, and so is likely to differ where all else is the same."""
    return bool(_NUMBER.match(word)) or is_month(word)


def find_dates_in(words: Sequence[str]) -> list[range]:
    """Where dates stand among the words, in ascending order: "until June 15, 2023 only" has one of three words."""
    found: list[range] = []
    for month in compress(count(), map(_IS_MONTH.__getitem__, words)):
        first = max(found[-1].stop if found else 0, month - _AHEAD)
        sizes = ((start, _count(words[start : start + LONGEST_DATE])) for start in range(first, month + 1))
        if best := next((range(start, start + size) for start, size in sizes if start + size > month), None):
            found.append(best)
    return found


class _Months(dict[str, bool]):
    """Whether words are names of months, remembered: every word of every changed sentence is asked for."""

    def __missing__(self, word: str) -> bool:
        if len(word) > LONGEST_WORD:
            return False
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        found = self[word] = find_month(word.strip(_AROUND)) is not None
        return found


_IS_MONTH = _Months()


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
