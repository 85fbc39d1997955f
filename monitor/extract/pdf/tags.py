"""The structure that a tagged PDF declares: which words are a heading, an item, a cell of which row.

Does not do: judging what a paragraph is where the tags know no headings; pages without tags (`layout`).
"""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pypdfium2 import raw

from monitor.extract.pdf.lines import in_order, make_line
from monitor.extract.pdf.split import Stretch
from monitor.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pypdfium2

    from monitor.extract.pdf.lines import Line
    from monitor.extract.pdf.page import Word

MAX_DEPTH = 64
MIN_TAGGED = 0.7
"""Share of a page's words that must be tagged. The rest are its header and footer."""
MAX_WORDS = 400
"""In one paragraph: with more, whoever tagged this put everything into one."""

_HEADING = re.compile(r"H([1-6])?")
_INLINE = frozenset(
    {"NonStruct", "Span", "Link", "Reference", "Annot", "Em", "Strong", "LBody", "Quote", "Code", "Sub"}
)
_LABELS = frozenset({"Lbl"})
_CELLS = frozenset({"TH", "TD"})
_KINDS = {"LI": BlockKind.ITEM, "TOCI": BlockKind.ITEM, "BlockQuote": BlockKind.QUOTE}


@dataclass(slots=True)
class Tagged:
    """One element that makes a block: its marked contents in order, for a row those of each cell."""

    kind: BlockKind
    level: int = 0
    marks: list[int] = field(default_factory=list)
    cells: list[list[int]] = field(default_factory=list)
    is_begun: bool = False
    """Whether it has more than the label of an item."""


def read_tags(page: pypdfium2.PdfPage) -> list[Tagged]:
    """The elements on a page in reading order; none where the page has no tags."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    found: list[Tagged] = []
    for number in range(max(0, raw.FPDF_StructTree_CountChildren(tree))):
        element = raw.FPDF_StructTree_GetChildAtIndex(tree, number)
        if element:
            _walk(element, Tagged(BlockKind.PARAGRAPH), found, 0)
    raw.FPDF_StructTree_Close(tree)
    return [each for each in found if each.marks or any(each.cells)]


def _walk(element: raw.FPDF_STRUCTELEMENT, above: Tagged, found: list[Tagged], depth: int) -> None:
    """Add what the element and those within it are, `above` being the block it stands in."""
    name = _type(element)
    heading = _HEADING.fullmatch(name)
    if name == "TR":
        found.append(Tagged(BlockKind.ROW, cells=[list(_iter_marks(cell, 0)) for cell in _iter_cells(element)]))
        return
    if heading:
        found.append(Tagged(BlockKind.HEADING, int(heading[1] or 1), list(_iter_marks(element, 0))))
        return
    if name not in _INLINE and not _is_text_of_item(name, above, found):
        above = Tagged(_KINDS.get(name, above.kind))
        found.append(above)
    above.is_begun = above.is_begun or name not in _INLINE | {"LI"}
    for number in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, number)
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if mark >= 0:
            above = _open(above, found)
            above.marks.append(mark)
            above.is_begun = True
        elif child and depth < MAX_DEPTH:
            above = _open(above, found) if _type(child) in _INLINE else above
            if _type(child) in _LABELS:
                above.marks += _iter_marks(child, depth)
            else:
                _walk(child, above, found, depth + 1)


def _is_text_of_item(name: str, above: Tagged, found: Sequence[Tagged]) -> bool:
    """Whether this is the first paragraph of an item: it stands beside the item's label."""
    return name == "P" and above.kind is BlockKind.ITEM and bool(found) and found[-1] is above and not above.is_begun


def _open(above: Tagged, found: list[Tagged]) -> Tagged:
    """The block that text goes into: a new one where others have begun since."""
    if not (found and found[-1] is above):
        found.append(Tagged(above.kind, is_begun=True))
    return found[-1]


def _type(element: raw.FPDF_STRUCTELEMENT) -> str:
    length = raw.FPDF_StructElement_GetType(element, None, 0)
    name = (ctypes.c_ushort * max(1, length // 2))()
    raw.FPDF_StructElement_GetType(element, name, length)
    return bytes(name).decode("utf-16-le", "replace").rstrip("\0")


def _iter_cells(row: raw.FPDF_STRUCTELEMENT) -> Iterator[raw.FPDF_STRUCTELEMENT]:
    for number in range(max(0, raw.FPDF_StructElement_CountChildren(row))):
        child = raw.FPDF_StructElement_GetChildAtIndex(row, number)
        if child and _type(child) in _CELLS:
            yield child


def _iter_marks(element: raw.FPDF_STRUCTELEMENT, depth: int) -> Iterator[int]:
    """The marked contents of an element and of all within it."""
    for number in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, number)
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if mark >= 0:
            yield mark
        elif child and depth < MAX_DEPTH:
            yield from _iter_marks(child, depth + 1)


def stretch_tagged(tags: Sequence[Tagged], words: Sequence[Word]) -> list[Stretch] | None:
    """What a tagged page says; None where its tags cannot be trusted."""
    held: defaultdict[int, list[Word]] = defaultdict(list)
    for word in words:
        held[word.mark].append(word)
    marks = {mark for each in tags for mark in (*each.marks, *(mark for cell in each.cells for mark in cell))}
    if not words or sum(len(held[mark]) for mark in marks) < MIN_TAGGED * len(words):
        return None
    if any(sum(len(held[mark]) for mark in each.marks) > MAX_WORDS for each in tags):
        return None
    start, edge = min(word.left for word in words), max(word.right for word in words)
    return list(_iter_stretches(tags, held, start, edge))


def _iter_stretches(
    tags: Sequence[Tagged], held: dict[int, list[Word]], start: float, edge: float
) -> Iterator[Stretch]:
    for each in tags:
        cells = [[word for mark in cell for word in held[mark]] for cell in each.cells]
        words = [word for mark in each.marks for word in held[mark]] or [word for cell in cells for word in cell]
        if not words:
            continue
        lines = _lines(words, start, edge)
        if each.kind is BlockKind.ROW:
            row = tuple("\n".join(line.text for line in _lines(cell, start, edge)) if cell else "" for cell in cells)
            yield Stretch(lines, spaced=True, rows=(row,))
        else:
            yield Stretch(lines, spaced=True, kind=each.kind, level=each.level)


def _lines(words: Sequence[Word], start: float, edge: float) -> list[Line]:
    """The lines of an element, as it has them: it may go on in the next column."""
    lines: list[list[Word]] = []
    for word in words:
        if lines and abs(lines[-1][-1].base - word.base) <= max(lines[-1][-1].size, word.size) / 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [make_line(in_order(line), start, edge) for line in lines]
