"""Markdown → blocks: headings in both forms, items, quotes, table rows, fenced text; links and emphasis within a line.

Does not do: HTML within Markdown, reference links, and nesting (an item in a quote is an item).
"""

from __future__ import annotations

import re

from monitor.extract.links import clean_link
from monitor.extract.normalise import fold
from monitor.extract.outline import Outline
from monitor.extract.plain import strip_bullet
from monitor.model import BlockKind, Extract

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_ROW = re.compile(r"[ \t]*\|(.*)\|[ \t]*$")
_ROW_RULE = re.compile(r"[\s|:-]+$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")

_TARGET = r"\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+[\"'(][^)]*)?\)"
_IMAGE = re.compile(r"!\[([^\[\]]*)\]" + _TARGET)
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]" + _TARGET)
_AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>")
_EMPHASIS = re.compile(r"(?<![\w\\])(\*\*\*|___|\*\*|__|\*|_|`+)(?=\S)(.+?)(?<=[^\s\\])\1(?!\w)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read_markdown(text: str) -> Extract:
    """The blocks of a Markdown text; its title is the first heading."""
    reader = _Reader()
    for line in text.splitlines():
        reader.add_line(line)
    reader.end_block()
    blocks = tuple(reader.outline.blocks)
    return Extract(next((block.text for block in blocks if block.kind is BlockKind.HEADING), ""), blocks)


class _Reader:
    """Gathers lines until one of them ends the block."""

    def __init__(self) -> None:
        self.outline = Outline()
        self._kind = BlockKind.PARAGRAPH
        self._lines: list[str] = []
        self._fenced = False

    def add_line(self, line: str) -> None:
        if _FENCE.match(line):
            self._fenced = not self._fenced
            self.end_block()
        elif self._fenced or not (self._ends_block(line) or self._begins_block(line)):
            self._lines.append(line)

    def _ends_block(self, line: str) -> bool:
        """Whether the line is no text but ends what was before it: empty, an underline, a rule."""
        if self._lines and self._kind is BlockKind.PARAGRAPH and _UNDERLINE.match(line):
            self._end_heading(1 if "=" in line else 2)
            return True
        if line.strip() and not _RULE.match(line):
            return False
        self.end_block()
        return True

    def _begins_block(self, line: str) -> bool:
        """Whether the line itself says what it is: a heading, a row, an item, a quote."""
        if heading := _HEADING.match(line):
            self._begin(BlockKind.HEADING, heading[2] or "")
            self._end_heading(len(heading[1]))
        elif row := _ROW.match(line):
            self.end_block()
            self._add_row(row[1])
        elif (item := strip_bullet(line)) is not None:
            self._begin(BlockKind.ITEM, item)
        elif quote := _QUOTE.match(line):
            if self._kind is not BlockKind.QUOTE:
                self.end_block()
            self._kind = BlockKind.QUOTE
            self._lines.append(line[quote.end() :])
        else:
            return False
        return True

    def _begin(self, kind: BlockKind, line: str) -> None:
        self.end_block()
        self._kind = kind
        self._lines.append(line)

    def _add_row(self, row: str) -> None:
        if not _ROW_RULE.match(row):
            cells, links = _read_inline(row)
            self.outline.add(BlockKind.ROW, fold(" | ".join(fold(cell) for cell in cells.split("|"))), links)

    def _end_heading(self, level: int) -> None:
        text, links = _read_inline(" ".join(self._lines))
        self.outline.add_heading(level, fold(text), links)
        self._lines.clear()
        self._kind = BlockKind.PARAGRAPH

    def end_block(self) -> None:
        text, links = _read_inline(" ".join(self._lines))
        self.outline.add(self._kind, fold(text), links)
        self._lines.clear()
        self._kind = BlockKind.PARAGRAPH


def _read_inline(text: str) -> tuple[str, tuple[str, ...]]:
    """The words of a stretch of Markdown, and where its links lead."""
    text = _IMAGE.sub(r"\1", text)
    targets = [match[2] for match in _LINK.finditer(text)] + _AUTOLINK.findall(text)
    text = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return _ESCAPED.sub(r"\1", text), tuple(dict.fromkeys(filter(None, map(clean_link, targets))))
