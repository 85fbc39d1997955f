"""Laws of other countries by number.

Acts of Parliament by chapter, instruments by number, paragraphs of German codes, and the numbered laws of France,
Brazil, Italy, Spain, Romania and Turkey.

Does not do: acts by name (`names`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.compare.citations.mention import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO = r"(?:[Nn](?:o|r|um|umber|\u00b0|\u00ba|\.)*\.?|\u2116)\s*"
_FRENCH = re.compile(
    r"[LlDdOo](?<!\w\w)(?P<type>oi|aw|\u00e9cret|ecree|rdonnance)(?:\s+[^\W\d]+){0,6}?\s*[\u00ab\u00bb\"]?\s*"
    + _NO
    + r"(?P<number>\d{2}(?:\d\d)?-\d{1,4})(?!\d)"
)
_FRENCH_BARE = re.compile(r"n\s?\u00b0\s?(?P<number>\d{2}(?:\d\d)?-\d{1,4})\s+du\s+\d")
_NUMBERED = re.compile(
    r"[Ll](?<!\w\w)(?:(?:aw|ege)(?:\s+[a-z]+)?\s+"
    + _NO
    + rf"|(?:ei|egge)(?:\s+Federal|\s+[a-z]+){{0,3}}?\s+(?:{_NO})?)"
    r"(?P<number>\d{1,2}\.?\d{3}|\d{1,3})\s?/\s?(?P<year>(?:19|20)\d\d|\d\d)(?![\d/])"
)
_LEGISLATIVE_DECREE = re.compile(
    r"[DdLl](?<!\w\w)(?:\.\s?[Ll]gs\.?|ecreto [Ll]egislativo|egislative [Dd]ecree)\s*"
    rf"(?:{_NO})?(?P<number>\d{{1,3}})\s?/\s?(?P<year>(?:19|20)\d\d)"
)
_SPANISH = re.compile(r"[Ll]ey\s+(?P<organic>[Oo]rg[a\u00e1]nica\s+)?(?P<number>\d{1,3})/(?P<year>(?:19|20)\d\d)(?!\d)")
_ORGANIC_LAW = re.compile(r"Organic\s+(?:Law|Act)\s+(?:No\.?\s*)?(?P<number>\d{1,3})/(?P<year>(?:19|20)\d\d)")
_TURKISH = re.compile(r"[56](?<!\w\d)(?:651|698|563|846)(?!\d)(?:\s+say\u0131l\u0131|(?<=No\. ....)|(?<=No ....))")
"""Laws of Turkey that policies cite by number alone."""

_CHAPTER = re.compile(r"[12](?<!\w\d)\d{3}\s*,?\s*\(?c(?:h?\.|hapter)\s*(?P<chapter>\d+)\b\)?")
_INSTRUMENT = re.compile(r"S\.?I\.?\s*(?:No\.?\s*)?(?P<year>(?:19|20)\d\d)/(?:No\.?\s*)?(?P<number>\d{1,4})(?!\d)")
_IRISH_INSTRUMENT = re.compile(r"S\.?I\.?\s*No\.?\s*(?P<number>\d{1,3})(?:\s+of\s+|/)(?P<year>(?:19|20)\d\d)")
_CANADIAN = re.compile(
    r"(?P<series>[RS])\.?\s?(?:S\.?\s?)?C\.?,?\s*(?P<year>(?:18|19|20)\d\d),?\s*c(?:h?\.|hapter)?\s*(?P<chapter>[A-Z]-)?(?P<number>\d+(?:\.\d+)?)"
)

_PARAGRAPH = re.compile(
    r"[\u00a7Pp](?<!\w[Pp])(?:\u00a7|aragra(?:ph|f)s?)?\s*(?P<pin>\d+[a-z]?)(?:\s*(?:-|\u2013|bis|to|ff?\.|,|und|and)\s*(?P<last>\d+[a-z]?)?)?"
    r"(?:\s*(?:\(\d+\w?\)|(?:Abs|S|Satz|Nr|Absatz|No)\.?\s*\d+\w?|lit\.?\s*[a-z]\b|S\.\s*\d))*"
    r"\s*(?:(?:of|des|der|dem|im)\s+(?:the\s+)?(?:German\s+|\u00f6sterreichischen\s+)?)?(?P<code>[A-Z][A-Za-z\u00c4\u00d6\u00dc\u00e4\u00f6\u00fc]{0,8}(?:G|GB|O|StV|V)(?:-[A-Z]+)?)\b"
)
_AUSTRIAN = frozenset({"ECG", "ABGB", "KSchG", "MedienG", "KoPl-G", "TKG2021"})
_SECTIONS_OF = re.compile(
    r"[Ss]ections?\s+(?P<pin>\d+[a-z]?)(?:\s*(?:to|-|\u2013)\s*(?P<last>\d+[a-z]?))?[^.;]{0,40}?\s+of\s+the\s+German\s+"
    r"(?P<name>Criminal|Penal|Civil)\s+Code"
)
_GERMAN_CODES = {"Criminal": "de:stgb", "Penal": "de:stgb", "Civil": "de:bgb"}


def iter_national(text: str) -> Iterator[Mention]:
    """The laws of other countries that a text names by number."""
    yield from _iter_continental(text)
    yield from _iter_westminster(text)
    yield from _iter_german(text)


def _iter_continental(text: str) -> Iterator[Mention]:
    for match in _FRENCH.finditer(text):
        kind = {"é": "decret", "e": "decret", "r": "ordonnance"}.get(match["type"][0], "loi")
        yield Mention(match.start(), match.end(), f"fr:{kind}:{match['number']}")
    for match in _FRENCH_BARE.finditer(text):
        yield Mention(match.start(), match.end(), f"fr:loi:{match['number']}")
    for match in _LEGISLATIVE_DECREE.finditer(text):
        yield Mention(match.start(), match.end(), f"it:dlgs:{match['number']}/{match['year']}")
    for match in _SPANISH.finditer(text):
        kind = "lo" if match["organic"] else "ley"
        yield Mention(match.start(), match.end(), f"es:{kind}:{match['number']}/{match['year']}")
    for match in _ORGANIC_LAW.finditer(text):
        yield Mention(match.start(), match.end(), f"es:lo:{match['number']}/{match['year']}")
    for match in _NUMBERED.finditer(text):
        yield Mention(match.start(), match.end(), _numbered(text, match))
    for match in _TURKISH.finditer(text):
        yield Mention(match.start(), match.end(), f"tr:kanun:{match[0][:4]}")


def _numbered(text: str, match: re.Match[str]) -> str:
    """The normal form of "Law No. 13.709/2018". Brazil counts its laws on and on, Romania and Italy anew each year."""
    number, year = match["number"].replace(".", ""), match["year"]
    if len(year) < len("1999"):
        year = ("20" if year[0] in "0123" else "19") + year
    if len(number) >= len("1000"):
        return f"br:lei:{number}/{year}"
    is_italian = match[0].lower().startswith("legge") or "Ital" in text
    return f"it:legge:{number}/{year}" if is_italian else f"ro:lege:{number}/{year}"


def _iter_westminster(text: str) -> Iterator[Mention]:
    for match in _CHAPTER.finditer(text):
        if not _CANADIAN_BEFORE.search(text, max(0, match.start() - 12), match.start()):
            yield Mention(match.start(), match.end(), f"uk:ukpga:{match[0][:4]}/{match['chapter']}")
    for match in _CANADIAN.finditer(text):
        series = "rsc" if match["series"] == "R" else "sc"
        yield Mention(
            match.start(), match.end(), f"ca:{series}:{match['year']}/c{match['chapter'] or ''}{match['number']}"
        )
    for match in _INSTRUMENT.finditer(text):
        yield Mention(match.start(), match.end(), f"uk:uksi:{match['year']}/{int(match['number'])}")
    for match in _IRISH_INSTRUMENT.finditer(text):
        yield Mention(match.start(), match.end(), f"ie:si:{match['year']}/{int(match['number'])}")


_CANADIAN_BEFORE = re.compile(r"S\.?\s?C\.?,?\s*$")


def _iter_german(text: str) -> Iterator[Mention]:
    for match in _PARAGRAPH.finditer(text):
        code = match["code"]
        country = "at" if code in _AUSTRIAN else "de"
        last = f"-{match['last']}" if match["last"] else ""
        yield Mention(
            match.start(), match.end(), f"{country}:{code.replace('-', '').lower()}", f"§{match['pin']}{last}"
        )
    for match in _SECTIONS_OF.finditer(text):
        last = f"-{match['last']}" if match["last"] else ""
        yield Mention(match.start(), match.end(), _GERMAN_CODES[match["name"]], f"§{match['pin']}{last}")
