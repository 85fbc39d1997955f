"""The words of `words.toml` as expressions: cues by kind, prepositions, terms, places.

Does not do: judging where a word has to stand (`meaning`).
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

from monitor.patterns import LatePattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLES: dict[str, dict[str, str]] = tomllib.loads(
    files("monitor.compare.dates").joinpath("words.toml").read_text("utf-8")
)
_PART = re.compile("|".join(sorted(_TABLES["parts"], key=len, reverse=True)))


def _entry(table: str, name: str) -> str:
    """The alternatives of one entry as one expression, with its parts put in."""
    lines = "|".join(_TABLES[table][name].strip("\n").splitlines())
    return _PART.sub(lambda part: _entry("parts", part[0]), lines)


def _named(table: str, names: Iterable[str], suffix: str = "") -> str:
    """A group for each entry, so that `lastgroup` of a match tells which it was."""
    return "|".join(f"(?P<{name}{suffix}>{_entry(table, name)})" for name in names)


def sentence(name: str) -> LatePattern:
    """An expression of the table `sentence`."""
    return LatePattern(_entry("sentence", name))


OTHER = "_other"
CUE = LatePattern(
    rf"(?<![^\W\d_])(?:{_named('english', _TABLES['english'])}|{_named('others', _TABLES['others'], OTHER)})(?!\w)"
)
"""`lastgroup` is the kind, with OTHER behind it where the words are not English."""
DENSE_CUE = LatePattern(_named("dense", _TABLES["dense"], OTHER))
"""Of languages without spaces."""
DENSE_BEFORE = re.compile(_entry("around", "dense_before"))
DENSE_BEHIND = re.compile(_entry("around", "dense_behind"))

PREPOSITION = LatePattern(
    rf"(?<![^ (,:;])(?:{_named('prepositions', _TABLES['prepositions'])})[ :,]*"
    rf"(?:(?:{_entry('around', 'between')})(?![^ ,])[ ,]*){{0,6}}\Z"
)
"""What stands right before a date, perhaps with a weekday and a time between them; `lastgroup` is its sense."""
POSTPOSITION = LatePattern(
    rf"[ ,.)]*(?:(?P<until>{_entry('around', 'behind_until')})|(?P<start>{_entry('around', 'behind_start')}))"
)
ENGLISH_PREPOSITIONS = frozenset(_TABLES["around"]["english_prepositions"].split())
WEEKDAY = re.compile(_entry("parts", "WEEKDAY"))
PARTICLES = frozenset(_TABLES["around"]["particles"].split())
FILLERS = frozenset(_TABLES["around"]["fillers"].split())

UNITS = tuple(_TABLES["units"])
UNIT = _named("units", UNITS)
NUMBERS = {word: int(number) for number, words in _TABLES["numbers"].items() for word in words.split("|")}
DAYS = {
    word: days
    for name, days in (("today", 0), ("yesterday", -1), ("tomorrow", 1))
    for word in _TABLES["days"][name].split()
}
LINK, PUBLICATION = _entry("relative", "link"), _entry("relative", "publication")
AGO_BEFORE, AGO_BEHIND = _entry("relative", "ago_before"), _entry("relative", "ago_behind")

AMERICAN = LatePattern(_entry("places", "american"))
ELSEWHERE = LatePattern(_entry("places", "elsewhere"))
