"""The eCFR → Entries: one for each section or appendix of a part, known by its citation (16 CFR 312.5).

    text         of the last day that the eCFR is up to date as of. A compilation, not the official CFR.
    dates        When it was amended last in substance, by `versions`. Other versions are editorial and set no date.
    withdrawal   A section whose last version is `removed`: what was there is gone, and this stands in its place.

Does not do: the corrections of the CFR, which come as versions like any other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from parsel import Selector

from monitor.envelope import rows
from monitor.extract.normalise import fold
from monitor.model import Block, BlockKind, DateKind, DateMention, Entry
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from monitor.envelope import Answer

NAME = "eCFR"
_PLACE = re.compile(r"/versions/title-(\d+)")
_UNIT = '//*[starts-with(name(), "DIV")][@TYPE="SECTION" or @TYPE="APPENDIX"]'
_NUMBER = re.compile(r"^(?:§+\s*)")
_LEAVES = (
    './/*[self::TR or (self::P or self::PSPACE or starts-with(name(), "FP") or self::HD1 or self::HD2 or self::HD3)'
    " and not(ancestor::TR)]"
)
_KINDS = {"TR": BlockKind.ROW, "HD1": BlockKind.HEADING, "HD2": BlockKind.HEADING, "HD3": BlockKind.HEADING}


def read_ecfr(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """The sections of the part in the order of its text, and after them what was removed. Raises ExtractionError."""
    listed = next((each for each in answers if "content_versions" in each.content), None)
    place = _PLACE.search(listed.url) if listed else None
    if listed is None or place is None:
        raise reading.not_of(NAME, answers[-1], "`content_versions`")
    named = [each for each in rows(listed.content, "content_versions") if reading.text(each.get("identifier"))]
    versions = sorted(named, key=lambda each: str(each.get("date")))
    last = {reading.text(each.get("identifier")): each for each in versions}
    amended = {reading.text(each.get("identifier")): each for each in versions if each.get("substantive") is True}
    standing = [name for name, each in last.items() if each.get("removed") is not True]
    units = _read_units(answers[-1]) if answers[-1] is not listed else {}
    if standing and not units:
        raise reading.not_of(NAME, answers[-1], "the text of the part")
    found = [_read_section(place[1], number, unit, amended.get(number, {})) for number, unit in units.items()]
    gone = [each for number, each in last.items() if number not in units and each.get("removed") is True]
    return (*found, *(_read_removed(place[1], each) for each in gone))


def _read_units(answer: Answer) -> dict[str, Selector]:
    """By identifier, as `versions` has it (312.5, Appendix A to Part 312)."""
    if b"<DIV" not in answer.body:
        return {}
    root = Selector(body=answer.body, type="xml", encoding="utf-8")
    return {fold(_NUMBER.sub("", each.attrib.get("N", ""))): each for each in root.xpath(_UNIT)}


def _read_section(title_number: str, number: str, unit: Selector, amended: Mapping[str, Any]) -> Entry:
    title = _text_of(unit.xpath("./HEAD")) or number
    day = reading.parse_day(amended.get("date"))
    dates = (reading.state_date(DateKind.EFFECTIVE, day, NAME, "last substantive amendment"),) if day else ()
    blocks = [*_iter_text(unit), *reading.iter_sentences(dates)]
    return _entry(title_number, number, title, day, tuple(blocks), dates=dates)


def _read_removed(title_number: str, version: Mapping[str, Any]) -> Entry:
    number, day = reading.text(version.get("identifier")), reading.parse_day(version.get("date"))
    words = f"Removed on {reading.write_day(day)} ({NAME})" if day else f"Removed ({NAME})"
    title = reading.text(version.get("name")) or number
    return _entry(title_number, number, title, day, (reading.item(words),), withdrawal=words)


def _entry(
    title_number: str,
    number: str,
    title: str,
    day: date | None,
    blocks: Sequence[Block],
    *,
    dates: tuple[DateMention, ...] = (),
    withdrawal: str = "",
) -> Entry:
    return Entry(
        identity=f"{title_number} CFR {number}",
        url=f"https://www.ecfr.gov/current/title-{title_number}/{_anchor(number)}",
        title=f"{title_number} CFR {title}",
        published_at=reading.begin_day(day, reading.WASHINGTON),
        blocks=reading.head_blocks(title, blocks),
        dates=dates,
        withdrawal=withdrawal,
    )


def _anchor(number: str) -> str:
    return f"section-{number}" if number[:1].isdigit() else f"appendix-{number.replace(' ', '%20')}"


def _iter_text(unit: Selector) -> Iterator[Block]:
    for leaf in unit.xpath(_LEAVES):
        name = leaf.root.tag
        kind = _KINDS.get(name, BlockKind.PARAGRAPH)
        words = " | ".join(_text_of(each) for each in leaf.xpath("./TD|./TH")) if name == "TR" else _text_of(leaf)
        yield Block(kind, words, (words,) if kind is BlockKind.HEADING else ())


def _text_of(part: Any) -> str:
    return fold("".join(part.xpath(".//text()").getall()))
