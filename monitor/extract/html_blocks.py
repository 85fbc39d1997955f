"""Elements → blocks: the walk over the parsed tree, and what each element means for the text within it.

The walk is a loop, not a recursion: pages nest as deep as they like. What the elements mean is stated in `html`.

Does not do: parsing, choosing the part of the page (`html`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.html_inline import Reading, find_readings
from monitor.extract.links import clean_link
from monitor.extract.normalise import find_invisible, fold
from monitor.extract.outline import Outline
from monitor.extract.plain import strip_bullet
from monitor.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

    from monitor.model import Block


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


DROPPED = _tags(
    "-comment -doctype script style noscript template svg iframe object embed audio video canvas head noframes noembed "
    "select textarea datalist title del s strike"
)
_SEPARATING = _tags(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table "
    "tbody td tfoot th thead tr ul"
)
_SPACED = frozenset({"button", "img", "input"})
"""Boxes within a line: they end a word, not a paragraph."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {"li": BlockKind.ITEM, "dt": BlockKind.ITEM, "dd": BlockKind.ITEM, "blockquote": BlockKind.QUOTE}
_CELLS = frozenset({"td", "th"})
_CELL = "\0"  # no parsed text holds it
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_DEFAULT_LEVEL = 2  # of role=heading without aria-level (WAI-ARIA 1.2)


@dataclass(slots=True)
class _Context:
    """What text here becomes. `whole` = one block however many elements it is made of (a heading, a row)."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    whole: bool = False
    lines: bool = False


def read_nodes(nodes: Iterable[LexborNode], removed: frozenset[int]) -> tuple[Block, ...]:
    """The blocks of the trees under `nodes`, one after the other, without nodes whose `mem_id` is in `removed`."""
    reader = _Reader()
    for node in nodes:
        reader.levels = {each.mem_id: _aria_level(each) for each in node.css("[role=heading]")}
        reader.readings = find_readings(node)
        _walk(node, removed, reader)
        reader.end_block()
    return tuple(reader.outline.blocks)


def _walk(root: LexborNode, removed: frozenset[int], reader: _Reader) -> None:
    above: list[tuple[LexborNode, str, tuple[_Context, str]]] = []
    node: LexborNode = root
    while True:
        tag = node.tag or ""
        if tag == "-text":
            reader.add_text(node.text_content or "")
        elif tag not in DROPPED and node.mem_id not in removed:
            outside = reader.enter(tag, node)
            child = node.first_child if reader.reads_inside(node) else None
            if child is not None:
                above.append((node, tag, outside))
                node = child
                continue
            reader.leave(tag, outside)
        follower = node.next if above else None
        while follower is None:
            if not above:
                return
            node, tag, outside = above.pop()
            reader.leave(tag, outside)
            follower = node.next if above else None
        node = follower


class _Reader:
    """Gathers text until an element ends the block."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.levels: dict[int, int] = {}
        """Level of each element that is a heading by its role only, by `mem_id`."""
        self.readings: dict[int, Reading] = {}
        self._context = _Context()
        self._target = ""
        self._parts: list[str] = []
        self._links: dict[str, None] = {}
        self._after_break = False

    def enter(self, tag: str, node: LexborNode) -> tuple[_Context, str]:
        """Begin an element; returns what `leave` must be given at its end."""
        outside = (self._context, self._target)
        if tag == "a":
            self._target = clean_link(node.attributes.get("href") or "")
        elif tag == "br":
            self._break_line()
        elif tag in _SPACED:
            self._parts.append(" ")
        else:
            level = _HEADINGS.get(tag, 0) or (self.levels.get(node.mem_id, 0) if self.levels else 0)
            if level or tag in _SEPARATING:
                self._enter_block(tag, level, node)
        return outside

    def leave(self, tag: str, outside: tuple[_Context, str]) -> None:
        context, target = outside
        if tag in _SEPARATING or context is not self._context:
            self._separate(ends=context is not self._context)
        elif tag in _SPACED:
            self._parts.append(" ")
        self._context = context
        self._target = target

    def reads_inside(self, node: LexborNode) -> bool:
        """Whether an element that was entered is read as it stands; if not, what stands for it has been added."""
        if not self.readings or (reading := self.readings.get(node.mem_id)) is None:
            return True
        self._target = reading.target or self._target
        self._add(reading.text)
        return False

    def add_text(self, text: str) -> None:
        if self._context.lines and not self._context.whole:
            *paragraphs, text = _EMPTY_LINE.split(text)
            for paragraph in paragraphs:
                self._add(paragraph)
                self.end_block()
        elif self._after_break and not self._context.whole and strip_bullet(text) is not None:
            self.end_block()
        self._add(text)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        if text and not text.isspace():
            self._after_break = False
            if self._target:
                self._links[self._target] = None

    def _enter_block(self, tag: str, level: int, node: LexborNode) -> None:
        if level or tag == "table":
            self._open_layout()
        self._separate(ends=False)
        if level:
            self._context = _Context(BlockKind.HEADING, level, whole=True)
        elif tag in _CELLS and self._context.whole:
            self._parts.append(_CELL)
        elif tag == "tr" and not self._context.whole and _is_row(node):
            self._context = _Context(BlockKind.ROW, whole=True)
        elif (tag == "pre" or tag in _KINDS) and not self._context.whole:
            kind = _KINDS.get(tag, self._context.kind)
            self._context = _Context(kind, lines=tag == "pre" or self._context.lines)

    def _open_layout(self) -> None:
        """A row or heading that holds a heading or a table is layout: from here on it is read as its own blocks."""
        if self._context.whole:
            self.end_block()
            self._context.whole = False
            self._context.kind = BlockKind.PARAGRAPH

    def _separate(self, *, ends: bool) -> None:
        if self._context.whole and not ends:
            self._parts.append(" ")
        else:
            self.end_block()

    def _break_line(self) -> None:
        if self._after_break and not self._context.whole:
            self.end_block()
        self._parts.append(" ")
        self._after_break = True

    def end_block(self) -> None:
        if not self._parts:
            return
        raw = "".join(self._parts)
        text, invisible = _fold_cells(raw), find_invisible(raw)
        context = self._context
        if context.kind is BlockKind.HEADING:
            self.outline.add_heading(context.level, text, self._links, invisible)
        else:
            self.outline.add(context.kind, text, self._links, invisible)
        self._parts.clear()
        self._links.clear()
        self._after_break = False


def _fold_cells(text: str) -> str:
    """The text of a block; the cells of a row joined, and nothing where all of them are empty."""
    if _CELL not in text:
        return fold(text)
    cells = [fold(cell) for cell in text.split(_CELL)[1:]]
    return fold(" | ".join(cells)) if any(cells) else ""


def _is_row(row: LexborNode) -> bool:
    return sum(child.tag in _CELLS for child in row.iter()) > 1


def _aria_level(heading: LexborNode) -> int:
    level = heading.attributes.get("aria-level") or ""
    return int(level) if re.fullmatch("[1-9]", level) else _DEFAULT_LEVEL
