"""Articles and sections beside a law: "Article 6(12) of the DMA", "GDPR Art. 6 Abs. 1 lit. f", "section 64".

Does not do: finding the laws.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.patterns import LatePattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.compare.citations.mention import Mention

_ARTICLE_WORD = (
    r"(?:Articles?|Arts?\.?|Artikeln?|Artikels|Art[\u00edi]culos?|Articol[oi]|Artigos?|Artyku\u0142\w*|Artt\.)"
)
_ITEM = (
    r"\d+[a-z]?(?:\s?\(\w{1,4}\))*"
    r"(?:,?\s*(?:paragraphs?|paras?\.?|par\.|Abs(?:atz|\.)|al(?:in\u00e9a|\.)|apartado|lid|ust\.|n\.)\s*\(?\d+\)?)?"
    r"(?:,?\s*(?:points?|lit(?:era|\.)|letter|Buchst(?:abe|\.)|let(?:tera|ra|\.)|S\.|Satz)\s*\(?\w\)?)?"
)
_JOINT = r"\s*(?:,\s*(?:and|und|et|y|e)?|and|or|&|und|oder|et|ou|y|e|to|bis|through|-|\u2013|\u00e0)\s*"
_LIST = rf"(?P<list>{_ITEM}(?:{_JOINT}(?:{_ARTICLE_WORD}\s*)?{_ITEM})*)"
_OF = r"(?:of|in|der|des|du|de\s+la|del|della|dell'|van(?:\s+de)?|da|do)"
_THE = r"(?:the\s+|that\s+|der\s+|Federal\s+|German\s+|French\s+|(?:EU|EU's|European|Copyright)\s+)*"
_OPEN = r"[\[\"'\u201c*_(]*"

_BEFORE = LatePattern(rf"\b{_ARTICLE_WORD}\s*{_LIST},?\s*(?:{_OF}\s+)?{_THE}{_OPEN}\Z", re.IGNORECASE)
_BEHIND = LatePattern(
    rf"[\"'\u201d*_)\]]*(?:\s*\([\"'*\u201c]*\w+[\"'*\u201d]*\))?,?\s*(?:[-\u2013]\s*[^.;:()\n]{{0,40}})?\(?\s*(?:in\s+)?"
    rf"{_ARTICLE_WORD}\s*{_LIST}(?!\s*\w*\s*(?:{_OF})\s+(?:the|Reg|Dir|der|des))",
    re.IGNORECASE,
)
_RECITAL = LatePattern(
    rf"\b(?:Recitals?|Erw\u00e4gungsgr[u\u00fc]nde?|Consid\u00e9rant)\s*{_LIST},?\s*(?:{_OF}\s+)?{_THE}{_OPEN}\Z",
    re.IGNORECASE,
)
_SECTION_BEFORE = LatePattern(
    rf"(?:\b(?:sections?|ss?\.|schedule)|\u00a7)\s*{_LIST},?\s+(?:of\s+)?(?:the\s+)?(?:UK(?:'s)?\s+)?{_OPEN}\Z",
    re.IGNORECASE,
)
_SECTION_BEHIND = LatePattern(rf"[\"'\u201d*_)]*,?\s+\(?(?:sections?|ss?\.)\s*{_LIST}", re.IGNORECASE)
_NUMBER = LatePattern(_ITEM, re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:to|bis|through|-|\u2013|\u00e0)\s*\Z", re.IGNORECASE)
_PART = re.compile(r"\d+[a-z]?|(?<=\()\w{1,4}(?=\))|\b[a-z]\b", re.IGNORECASE)
_REACH = 120
"""Characters before a law in which its articles may begin."""


def find_pins(text: str, mention: Mention) -> tuple[int, int, tuple[str, ...]]:
    """Where the mention with its articles begins and ends, and the articles in normal form."""
    if mention.pin:
        return mention.start, mention.end, (mention.pin,)
    start, end = mention.start, mention.end
    for form, before, behind in _patterns(mention.norm):
        lower = max(0, start - _REACH, text.rfind("\n", 0, start) + 1)
        found = before.search(text, lower, start) or (behind and behind.match(text, end))
        pins = tuple(_iter_pins(found["list"], form, mention.norm)) if found else ()
        if found and pins:
            return min(start, found.start()), max(end, found.end()), pins
    return start, end, ()


def _patterns(norm: str) -> tuple[tuple[str, LatePattern, LatePattern | None], ...]:
    """What pins are called in this law, and where they stand."""
    country, _, rest = norm.partition(":")
    if country in {"uk", "au", "nz", "ie", "in", "ca", "sg", "za"} and rest != "gdpr":
        return (("s", _SECTION_BEFORE, _SECTION_BEHIND),)
    if country == "de":
        return (("§", _SECTION_BEFORE, None),)
    if country.startswith("us"):
        return (("", _SECTION_BEFORE, None),)
    return (("art", _BEFORE, _BEHIND), ("rec", _RECITAL, None))


def _iter_pins(numbers: str, form: str, norm: str) -> Iterator[str]:
    """The articles of a list: of "18 and 16" art18 and art16, of "174 to 180" §174-180."""
    pins: list[str] = []
    last = 0
    for item in _NUMBER.finditer(numbers):
        parts = _PART.findall(item[0])
        pin = parts[0] + "".join(f"({each})" for each in parts[1:])
        if pins and _RANGE.match(numbers[last : item.start()]):
            pins[-1] += f"-{parts[0]}"
        else:
            pins.append(pin)
        last = item.end()
    if form:
        yield from (form + pin for pin in pins)
    else:
        yield from _within_section(pins, norm)


def _within_section(pins: list[str], norm: str) -> Iterator[str]:
    """Of an act that is cited by a section of the code: what "section 512(c)(3)" adds, where it is that section."""
    section = norm.rpartition("/")[2]
    yield from (pin.removeprefix(section) for pin in pins if pin.startswith(f"{section}("))
