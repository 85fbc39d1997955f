"""CLML, the XML of legislation.gov.uk → a Law: its text as blocks, and the points in time at which it had another.

    heading      title of a part, chapter, schedule, group; of a section with its number ("12 Duties to protect")
    number       stands before the text of its provision: "(1)", "(a)", and of those without a text between "1(2)(a)"
    row          a row of a table
    quote        what the text inserts into another law (BlockAmendment)
    status       a provision that is not in force says so in a line of its own: not yet, not any more, never

Not read, because it is not the law: metadata, editors' notes and the marks that lead to them, other versions of the
same provision, tables of contents, pictures.

Does not do: asking for it (`spiders.legislation_gov_uk`), amendments that are not yet worked into the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.errors import ExtractionError
from monitor.extract.normalise import fold
from monitor.model import Block, BlockKind, ProblemKind
from monitor.publishers import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsel import Selector

STATUS = {
    "Prospective": "Prospective: not in force yet",
    "Repealed": "Repealed: not in force any more",
    "Discarded": "Discarded: repealed before it came into force",
}
REPEALED = "Repealed (legislation.gov.uk)"

_LEFT_OUT = frozenset({
    "Metadata", "Commentaries", "CommentaryRef", "Footnotes", "FootnoteRef", "MarginNotes", "MarginNoteRef",
    "Resources", "Versions", "Contents", "Image", "Figure",
})  # fmt: skip
_LINES = frozenset({"Text", "LongTitle", "Reference"})
_DATED = frozenset({"DateOfEnactment", "MadeDate", "LaidDate", "SiftedDate", "ComingIntoForce"})
"""Whose words stand in several elements and are one line: "Made" and "1st May 2026"."""
_PRELIMS = frozenset({"PrimaryPrelims", "SecondaryPrelims", "EUPrelims"})
_TITLES = frozenset({"Number", "Title", "TitleBlock", "Pnumber"})
"""What is read with the element that holds it."""
_OWN_TITLE = frozenset({"Title"})
_PROVISIONS = frozenset(f"P{level}" for level in range(1, 8))
_UNNUMBERED = frozenset({BlockKind.HEADING, BlockKind.ITEM})
_DEEPEST = 100
"""Levels that are walked down; the deepest laws have some 30."""


class PointInTime(NamedTuple):
    """A day from which on the law had a text of its own, and the path of that text (`/ukpga/2023/50/2024-01-10`)."""

    day: date
    path: str


@dataclass(frozen=True, slots=True)
class Law:
    """What one document of CLML says."""

    title: str
    """Of the whole law, also where the document is one section of it."""
    blocks: tuple[Block, ...]
    valid_from: date | None
    """Since when the whole law stands as it does: an original since it was enacted or made."""
    in_force: tuple[date, ...]
    """The days on which a statutory instrument says of itself that it comes into force."""
    is_repealed: bool
    versions: tuple[PointInTime, ...]
    """Of the whole law or of the section, as the document is; in order, days to come included. Some name none."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk is. `titled` is a provision whose number stands in the title above it."""

    heading: tuple[str, ...] = ()
    titled: Any = None
    quoted: bool = False
    status: str = ""
    depth: int = 0


def read_law(body: bytes) -> Law:
    """The law in the body of an answer. Raises ExtractionError (UNREADABLE, EMPTY) where it holds none, or no text."""
    return read_legislation(reading.parse_xml(body))


def read_legislation(root: Selector) -> Law:
    """As `read_law`, of a document that is parsed already."""
    if not root.xpath("/Legislation"):
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            "this is no legislation in CLML",
            "Ask for the XML of a law or of one section of it, such as /ukpga/2023/50/section/12/data.xml.",
        )
    metadata = root.xpath("/Legislation/Metadata")
    blocks = tuple(each for each in _iter_blocks(root.xpath("/Legislation")[0].root, _Place()) if each.text)
    if not any(each.kind is not BlockKind.HEADING for each in blocks):
        raise ExtractionError(
            ProblemKind.EMPTY,
            "legislation.gov.uk has no text of this law, only data about it",
            "It may hold a PDF: watch that as a source of its own, of `kind: pdf`.",
        )
    days = metadata.xpath("./SecondaryMetadata/ComingIntoForce/DateTime/@Date").getall()
    return Law(
        title=_first(metadata, "./title/text()"),
        blocks=blocks,
        valid_from=_find_start(metadata),
        in_force=tuple(sorted({day for each in days if (day := reading.parse_day(each))})),
        is_repealed=_is_repealed(root),
        versions=_find_versions(metadata),
    )


def _first(parts: Any, path: str) -> str:
    return fold(parts.xpath(path).get(""))


def _find_start(metadata: Any) -> date | None:
    return reading.parse_day(_first(metadata, "./valid/text()")) or _find_original_day(metadata)


def _find_original_day(metadata: Any) -> date | None:
    return reading.parse_day(_first(metadata, "./*/EnactmentDate/@Date") or _first(metadata, "./*/Made/@Date"))


def _find_versions(metadata: Any) -> tuple[PointInTime, ...]:
    """Titles of the links are `enacted` or `made`, `current`, `prospective`, a day, or a day and `repealed`."""
    original, found = _find_original_day(metadata), dict[date, str]()
    for link in metadata.xpath('./link[@rel="http://purl.org/dc/terms/hasVersion"]'):
        name, path = (link.attrib.get(key, "") for key in ("title", "href"))
        day = original if name in {"enacted", "made", "created", "adopted"} else reading.parse_day(name)
        if day:
            found.setdefault(day, cut_host(path))
    return tuple(PointInTime(day, found[day]) for day in sorted(found))


def cut_host(address: str) -> str:
    """`/ukpga/2023/50` of `http://www.legislation.gov.uk/id/ukpga/2023/50`: ids are http, whatever is asked."""
    path = address.partition("://")[2].partition("/")[2] if "://" in address else address.lstrip("/")
    return "/" + path.removeprefix("id/") if path else ""


def _is_repealed(root: Selector) -> bool:
    """Whether the law is, or the section where the document is one."""
    own = root.xpath("/Legislation/Metadata/identifier/text()").get("")
    return bool(root.xpath('//*[@DocumentURI=$own]/ancestor-or-self::*[@Status="Repealed"]', own=own))


def _iter_blocks(element: Any, place: _Place, number: str = "") -> Iterator[Block]:
    """`number` is that of the provisions which it begins, and stands before the first text."""
    name = element.tag
    if not isinstance(name, str) or name in _LEFT_OUT:  # comments and processing instructions have no name
        return
    if name == "tr":
        cells = [fold(_string(each)) for each in element if each.tag in {"td", "th"}]
        yield Block(BlockKind.ROW, " | ".join(cells), place.heading)
    elif name in _DATED:
        yield Block(BlockKind.PARAGRAPH, fold(" ".join(map(_string, element))), place.heading)
    elif name in _LINES or (element.text or "").strip() or place.depth > _DEEPEST:
        kind = BlockKind.QUOTE if place.quoted else BlockKind.PARAGRAPH
        yield Block(kind, fold(f"{number} {_string(element)}"), place.heading)
    else:
        yield from _iter_below(element, place, number)


def _iter_below(element: Any, place: _Place, number: str) -> Iterator[Block]:
    """The blocks of what holds others: its title, its number with the first of its texts, and the rest."""
    skipped = _OWN_TITLE if element.tag in _PRELIMS else _TITLES
    title, titled = ("", None) if element.tag in _PRELIMS else _find_title(element)
    heading = (*place.heading, title) if title and not place.quoted else place.heading
    if title:
        yield Block(BlockKind.QUOTE if place.quoted else BlockKind.HEADING, title, heading)
    status = STATUS.get(element.get("Status"), place.status)
    if status != place.status:
        yield Block(BlockKind.ITEM, status, heading)
    number += "" if element is place.titled else _find_number(element)
    below = _Place(heading, titled, place.quoted or element.tag == "BlockAmendment", status, place.depth + 1)
    for child in element:
        if child.tag not in skipped:
            for block in _iter_blocks(child, below, number):
                number = number if block.kind in _UNNUMBERED else ""
                yield block


def _find_title(element: Any) -> tuple[str, Any]:
    """`PART 3 Duties`, `12 Duties to protect`, and the provision whose number went into it; "" where it has none."""
    words = [fold(_string(each)) for each in element if each.tag in _TITLES and each.tag != "Pnumber"]
    provisions = [each for each in element if each.tag == "P1"]
    if words and element.tag == "P1group" and len(provisions) == 1:
        return " ".join(filter(None, [_find_number(provisions[0]), *words])), provisions[0]
    return " ".join(filter(None, words)), None


def _find_number(element: Any) -> str:
    """The number of a provision as people write it: that of a section plain, those below it in brackets."""
    if element.tag not in _PROVISIONS:
        return ""
    opening, closing = ("", "") if element.tag == "P1" else ("(", ")")
    for number in element.iterchildren("Pnumber"):
        if words := fold(_string(number)):
            return f"{number.get('PuncBefore', opening)}{words}{number.get('PuncAfter', closing)}"
    return ""


def _string(element: Any) -> str:
    """All words in it; comments are none."""
    return "".join(element.itertext()) if isinstance(element.tag, str) else ""
