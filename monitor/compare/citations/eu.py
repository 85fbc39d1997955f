"""Acts of the European Union by their number: in the languages of the Union, by CELEX number and by address (ELI).

Does not do: acts by name (`names`), articles (`pins`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.compare.citations.mention import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each pattern begins with a letter, a digit or a set of them, and looks back from there for the beginning of a word:
# `re` skips ahead to such a first character quickly, and to a `\b` not at all (four times slower).
_TYPE = re.compile(
    r"[RDVBrdvbFf](?<!\w\w)(?:"
    r"(?P<reg>eg(?:ulations?|lamentos?|olament[oi]|ulamentos?)|\u00e8glements?|ozporz\u0105dzeni\w+|erordnung(?:en)?|"
    r"erordening(?:en)?|\u00f6rordning(?:en)?|orordning(?:en)?)"
    r"|(?P<dir>ire[ck]tiv\w*|irett?iv\w*|ichtlini?[ej]?n?|yrektyw\w*|iretiva)"
    r"|(?P<dec>(?:ramework\s+[Dd])?ecisi[o\u00f3]n(?:es|s|e)?|\u00e9cisions?|ecis\u00e3o|e[cs]chl(?:uss|\u00fcsse)|esluit|ecyzj\w+)"
    r")(?!\w)",
    re.IGNORECASE,
)
_UNION = r"(?:EU|EC|EEC|UE|CE|CEE|EG|EWG|WE|Euratom|JHA|JI)"
_NUMBER = (
    r"(?:N(?:o|r|\u00b0|\u00ba|\.)*\.?\s*)?"
    r"(?P<first>\d{1,4})\s?/\s?(?P<second>\d{1,5})(?!\d)(?:/(?P<suffix>" + _UNION + r")(?!\w))?(?!/\d)"
)
_BEHIND_TYPE = re.compile(
    rf"(?P<gap>[\s(*_\[]*(?:{_UNION}(?:,?\s*Euratom)?)?[\s)*_\]]*(?P<no>(?:[Nn](?:o|r|\u00b0|\u00ba|\.)+\.?\s*))?[(]?){_NUMBER}"
)
_NEXT_IN_LIST = re.compile(rf"\s*(?:,|and|und|et|y|e|or|&)\s+(?P<gap>\(?{_UNION}?\)?\s*)(?P<no>No\.?\s*)?{_NUMBER}")
_SUFFIXED = re.compile(r"\d(?<![\w/]\d)\d{1,3}/(?P<serial>\d{1,4})/(?P<suffix>EC|EU|EEC|CE|UE|EG)(?!\w)")
_BRACKETED = re.compile(r"E(?<!\w\w)(?:U|C)\)?\s+(?:No\.?\s*)?(?P<year>(?:19|20)\d\d)/(?P<serial>\d{1,4})(?![\d/])")
_CELEX = re.compile(
    r"[03](?<!\w\w)(?P<year>(?:19|20)\d\d)(?P<type>[RLDF])(?P<serial>\d{4})(?!\d)"
    r"|(?<=%3A)[03](?P<year2>(?:19|20)\d\d)(?P<type2>[RLDF])(?P<serial2>\d{4})(?!\d)"
)
_ELI = re.compile(r"/eli/(?P<type>reg|dir|dec)(?:_\w+)?/(?P<year>\d{4})/(?P<serial>\d{1,4})\b")
_CELEX_TYPES = {"R": "reg", "L": "dir", "D": "dec", "F": "dec"}

_OLD_YEAR = 2
"""Digits of a year until 1998."""
_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")
_DECISIONS = frozenset({"2000/520", "2001/497", "2002/16", "2004/915", "2010/87", "2011/61", "2008/977"})
"""Known decisions that are cited by their bare number ("2010/87/EU"); any other such number is a directive."""


def iter_eu(text: str) -> Iterator[Mention]:
    """The acts of the Union that a text names by number."""
    yield from _iter_typed(text)
    for match in _CELEX.finditer(text):
        year, letter, serial = (match[name] or match[f"{name}2"] for name in ("year", "type", "serial"))
        yield Mention(match.start(), match.end(), _norm(_CELEX_TYPES[letter], year, serial))
    for match in _ELI.finditer(text):
        yield Mention(match.start(), match.end(), _norm(match["type"], match["year"], match["serial"]))
    for match in _SUFFIXED.finditer(text):
        year = match[0].split("/")[0]
        kind = "dec" if f"{_full_year(year)}/{int(match['serial'])}" in _DECISIONS else "dir"
        yield Mention(match.start(), match.end(), _norm(kind, year, match["serial"]))
    for match in _BRACKETED.finditer(text):
        yield Mention(match.start(), match.end(), _norm("reg", match["year"], match["serial"]))


def _iter_typed(text: str) -> Iterator[Mention]:
    """A kind of act with its number, and the numbers that follow in the same list."""
    for word in _TYPE.finditer(text):
        kind = "reg" if word["reg"] else "dir" if word["dir"] else "dec"
        match = _BEHIND_TYPE.match(text, word.end())
        start = word.start()
        while match:
            norm = _numbered(kind, match)
            if norm is None:
                break
            yield Mention(start, match.end(), norm)
            match = _NEXT_IN_LIST.match(text, match.end())
            start = match.start("gap") if match else 0


def _numbered(kind: str, match: re.Match[str]) -> str | None:
    """The year comes first in directives and since 2015, and last in older regulations ("No 1907/2006", "833/2014").

    None where neither number can be a year.
    """
    first, second = match["first"], match["second"]
    first_is_year, second_is_year = (bool(_YEAR.fullmatch(each)) for each in (first, second))
    if second_is_year and (not first_is_year or (match["no"] and kind != "dir")):
        return _norm(kind, second, first)
    if first_is_year:
        return _norm(kind, first, second)
    return _norm(kind, first, second) if match["suffix"] and len(first) == _OLD_YEAR else None


def _norm(kind: str, year: str, serial: str) -> str:
    return f"eu:{kind}:{_full_year(year)}/{int(serial)}"


def _full_year(year: str) -> str:
    return f"19{year}" if len(year) == _OLD_YEAR else year
