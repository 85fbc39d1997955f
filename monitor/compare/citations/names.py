"""Laws by name: "Digital Services Act", "LGPD", "§ 5 NetzDG" without its paragraph.

Full names count in any letter case, short ones in exactly theirs. A `vague` short name (DSA, DMA, ADA …) also names
products, firms and contracts. It counts only where the law itself is named in the text or where words of law stand
nearby, never beside another name ("Prime DMA", "DMA Institute"), and never where the text says that it is short for
something else ("Data Sharing Agreement (DSA)").

Does not do: the list of laws (`laws.toml`).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare.citations.mention import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W_]+")
_PLAIN = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2013": "-",
    "\u00a0": " ",
}
"""Typographic signs and what names are written with; one for one, so that places in the text stay the same."""

_NEAR = 70
"""Characters on each side in which a vague name finds its support."""
_SUPPORT = re.compile(
    r"\b(?:EU|European|articles?|arts?\.?|sections?|recital|regulations?|directive|act|law|laws|legal|statute|pursuant|under|"
    r"compl(?:y|ies|iance|iant)|obligations?|illegal|authorit(?:y|ies)|dispute|trader|reporting|transparency|"
    r"rights?|notices?|requests?|gatekeeper|VLOP|verordnung|gesetz|gem\u00e4\u00df|r\u00e8glement|ley|legge|art\u00edculo|articolo|artikel)\b",
    re.IGNORECASE,
)
_LAWFUL = re.compile(
    r"(?:EU|UK|US|European|The|Art(?:icle)?s?|Sections?|Recital|Chapter|Regulation|Directive|Act|Law|Under|Pursuant|German|"
    r"French|Irish|Italian|Spanish|Dutch|British|American|Federal|California|Colorado|Notices?|Compliance|Requests?|"
    r"Reports?|Transparency|Rights|Contact|Complaints?|And|Or|GDPR|DSA|DMA|CCPA|Our|Your|This|In|For|If|When|With|See|Key)\Z"
)
"""Capitalised words beside which a vague name may still be that of the law."""
_BEFORE = re.compile(r"([^\W_][\w'-]*)\s+[\"'(*_]*\Z")
_AFTER = re.compile(r"[\"')*_]*\s+[\"'(*_]*([A-Z][\w'-]*)")
_ADDRESS = ("/", "@", "_", "=")


class _Law(NamedTuple):
    norm: str
    name: str
    """As it is looked for: in lower case, unless it is short."""
    short: bool
    vague: bool


def iter_names(text: str, named: Iterable[str]) -> Iterator[Mention]:
    """The laws that a text names; `named` holds the norms that it names by number."""
    plain = _plain(text)
    found: list[Mention] = []
    doubtful: list[Mention] = []
    for start, law in _iter_laws(plain, _lower(plain)):
        (doubtful if law.vague else found).append(Mention(start, start + len(law.name), law.norm))
    yield from found
    known = {mention.norm for mention in found} | set(named)
    names = {plain[mention.start : mention.end] for mention in doubtful}
    defined = {name for name in names if _is_defined_otherwise(plain, name)}
    for mention in doubtful:
        is_law = plain[mention.start : mention.end] not in defined and _has_support(plain, mention)
        if (mention.norm in known or is_law) and not _is_part_of_name(plain, mention):
            yield mention


def _iter_laws(plain: str, lowered: str) -> Iterator[tuple[int, _Law]]:
    """Each name with where it begins; none within another."""
    laws, end = _laws(), 0
    for word in _WORD.finditer(lowered):
        if word[0] in laws and word.start() >= end and (law := _find(plain, lowered, word.start(), laws[word[0]])):
            end = word.start() + len(law.name)
            yield word.start(), law


def _plain(text: str) -> str:
    for sign, plain in _PLAIN.items():
        text = text.replace(sign, plain)
    return text


def _lower(text: str) -> str:
    """In lower case, each character in its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in text)


def _find(plain: str, lowered: str, start: int, laws: Iterable[_Law]) -> _Law | None:
    """The longest name that stands here as a whole, and not within an address."""
    for law in laws:
        if (plain if law.short else lowered).startswith(law.name, start):
            following = plain[start + len(law.name) : start + len(law.name) + 1]
            if not following.isalnum() and following not in _ADDRESS and plain[start - 1 : start] not in _ADDRESS:
                return law
    return None


@cache
def _laws() -> dict[str, tuple[_Law, ...]]:
    """By the first word of their names in lower case, the longest names first."""
    table = tomllib.loads((files(__package__) / "laws.toml").read_text("utf-8"))
    laws = []
    for row in table["law"]:
        laws += [_Law(row["id"], _plain(name).lower(), short=False, vague=False) for name in row.get("names", ())]
        laws += [_Law(row["id"], _plain(name), short=True, vague=False) for name in row.get("short", ())]
        laws += [_Law(row["id"], name, short=True, vague=True) for name in row.get("vague", ())]
    by_word: dict[str, list[_Law]] = {}
    for law in sorted(laws, key=lambda law: -len(law.name)):
        by_word.setdefault(_WORD.findall(law.name)[0].lower(), []).append(law)
    return {word: tuple(each) for word, each in by_word.items()}


def _has_support(text: str, mention: Mention) -> bool:
    """Whether words of law stand near a vague name."""
    around = text[max(0, mention.start - _NEAR) : mention.start] + " " + text[mention.end : mention.end + _NEAR]
    return bool(_SUPPORT.search(around))


def _is_part_of_name(text: str, mention: Mention) -> bool:
    """Whether a vague name stands beside another name, and so is a part of it."""
    before = _BEFORE.search(text, max(0, mention.start - 40), mention.start)
    after = _AFTER.match(text, mention.end)
    return any(each and each[1][0].isupper() and not _LAWFUL.match(each[1]) for each in (before, after))


def _is_defined_otherwise(text: str, name: str) -> bool:
    """Whether the text says what the letters stand for: 'Data Sharing Agreement ("DSA")'."""
    words = r"\w*[\s-]+(?:(?:of|and|for|the|on)\s+)?".join(re.escape(letter) for letter in name)
    return bool(re.search(rf"\b{words}\w*\s*\(?\s*[\"'*_]*{re.escape(name)}\b", text))
