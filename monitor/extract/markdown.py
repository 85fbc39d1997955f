"""Markdown → blocks: headings in both forms, items, quotes, tables with and without outer bars, fences, front matter.

Of front matter only what people read is text: the title (a heading), the description, and dates and versions. The rest
of it steers the publisher's website.

Does not do: what stands inside a line (`markdown_inline`), nesting (an item in a quote is an item).
"""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.extract.links import clean_link
from monitor.extract.markdown_inline import REFERENCE, Inline
from monitor.extract.normalise import fold
from monitor.extract.outline import Outline
from monitor.extract.plain import strip_bullet
from monitor.model import BlockKind, Extract

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_ROW = re.compile(r"[ \t]*\|(.*)\|[ \t]*$")
_ROW_RULE = re.compile(r"[\s|:-]*-[\s|:-]*$")
_CELL_END = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_SIGN_BULLET = re.compile(
    r"\s*(?:\\?[-*+]\s+)?[\u2022\u25cf\u25cb\u25a0\u25a1\u25aa\u25ab\u25e6\u2023\u2043\u00b7]\s*(?=\S)"
)
"""Bullets that were typed as signs, with or without a space behind them or a Markdown bullet ahead."""
_LINK_END = re.compile(r"\s*\]\(\s*([^\s()]*)[^()]*\)\s*$")
"""The end of a link that spans blocks, alone on its line; its beginning is a bracket alone on a line."""

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n((?:\r?\n|[ \t#].*\r?\n|-[ \t].*\r?\n|[\w.-]+[ \t]*:.*\r?\n){1,200}?)---[ \t]*(?:\r?\n|$)"
)
_FRONT_LINE = re.compile(r"([\w.-]+)[ \t]*:[ \t]*(\S.*)$", re.MULTILINE)
_READ_KEY = re.compile(
    r"description|summary|intro|subtitle|.*(?:date|effective|updated|revised|version)", re.IGNORECASE
)
"""Keys whose value stands on the page. `versions`, a list of editions, has its values on other lines."""
_EMPTY_VALUES = frozenset({"true", "false", "null", "|", ">", "|-", ">-", "''", '""', "'*'", '"*"', "*"})


def read_markdown(text: str) -> Extract:
    """The blocks of a Markdown text; its title is that of the front matter, else the first heading."""
    front, text = _split_front_matter(_strip_comments(text))
    reader = _Reader(Inline(_find_references(text)))
    reader.add_front_matter(front)
    for line in text.splitlines():
        reader.add_line(line)
    reader.end_block()
    blocks = tuple(reader.outline.blocks)
    return Extract(next((block.text for block in blocks if block.kind is BlockKind.HEADING), ""), blocks)


def _strip_comments(text: str) -> str:
    """Cuts at the last end of a comment first, so that a text full of beginnings is read once and not once for each."""
    end = text.rfind("-->") + 3
    return re.sub(r"<!--.*?-->", "", text[:end], flags=re.DOTALL) + text[end:] if "<!--" in text[:end] else text


def _split_front_matter(text: str) -> tuple[list[tuple[str, str]], str]:
    """What people read of the front matter as key and value, and the text behind it."""
    found = _FRONT_MATTER.match(text) if text.startswith(("---", "\ufeff---")) else None
    if not found:
        return [], text
    lines = [(key, value.strip()) for key, value in _FRONT_LINE.findall(found[1])]
    read = [(key, value) for key, value in lines if key.lower() == "title" or _READ_KEY.fullmatch(key)]
    return [(key, value.strip("'\"")) for key, value in read if value not in _EMPTY_VALUES], text[found.end() :]


def _find_references(text: str) -> dict[str, str]:
    found = REFERENCE.findall(text) if "]:" in text else []
    return {label.casefold(): target for label, target in found}


class _Reader:
    """Gathers lines until one of them ends the block."""

    def __init__(self, inline: Inline) -> None:
        self.outline = Outline()
        self._inline = inline
        self._kind = BlockKind.PARAGRAPH
        self._lines: list[str] = []
        self._fenced = False
        self._in_table = False

    def add_front_matter(self, lines: list[tuple[str, str]]) -> None:
        for key, value in lines:
            if key.lower() == "title":
                self._begin(BlockKind.HEADING, value)
                self._end_heading(1)
            else:
                self._begin(BlockKind.PARAGRAPH, f"{key}: {value}")
                self.end_block()

    def add_line(self, line: str) -> None:
        if _FENCE.match(line):
            self._fenced = not self._fenced
            self.end_block()
        elif self._fenced or not (self._ends_block(line) or self._begins_block(line)):
            self._lines.append(line)

    def _ends_block(self, line: str) -> bool:
        """Whether the line is no text but ends what was before it: empty, an underline, a rule, a lone bracket."""
        if not line.strip():
            self._in_table = False
        elif "|" in line and _ROW_RULE.match(line):
            self._begin_table()
            return True
        elif self._lines and self._kind is BlockKind.PARAGRAPH and _UNDERLINE.match(line):
            self._end_heading(1 if "=" in line else 2)
            return True
        elif not (_RULE.match(line) or self._ends_link(line)):
            return False
        self.end_block()
        return True

    def _begin_table(self) -> None:
        """What was gathered last is the head of a table."""
        head = self._lines.pop() if self._lines and "|" in self._lines[-1] else ""
        self.end_block()
        self._add_row(head)
        self._in_table = True

    def _ends_link(self, line: str) -> bool:
        """Whether it is one of the two brackets of a link around blocks; its target goes to the last of them."""
        if line.strip() == "[" or REFERENCE.match(line):
            return True
        end = _LINK_END.match(line)
        if end:
            self.end_block()
            blocks = self.outline.blocks
            if blocks:
                blocks[-1] = replace(blocks[-1], links=(*blocks[-1].links, *filter(None, [clean_link(end[1])])))
        return bool(end)

    def _begins_block(self, line: str) -> bool:
        """Whether the line itself says what it is: a heading, a row, an item, a quote."""
        if heading := _HEADING.match(line):
            self._begin(BlockKind.HEADING, heading[2] or "")
            self._end_heading(len(heading[1]))
        elif row := _ROW.match(line):
            self.end_block()
            self._add_row(row[1])
        elif self._in_table and "|" in line:
            self._add_row(line)
        elif (item := _strip_bullet(line)) is not None:
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
        cells = [self._inline.read(cell) for cell in _CELL_END.split(row)]
        text = fold(" | ".join(fold(cell) for cell, _ in cells))
        self.outline.add(BlockKind.ROW, text, dict.fromkeys(link for _, links in cells for link in links))

    def _end_heading(self, level: int) -> None:
        text, links = self._inline.read(" ".join(self._lines))
        self.outline.add_heading(level, fold(text), links)
        self._lines.clear()
        self._kind = BlockKind.PARAGRAPH

    def end_block(self) -> None:
        text, links = self._inline.read(" ".join(self._lines))
        self.outline.add(self._kind, fold(text), links)
        self._lines.clear()
        self._kind = BlockKind.PARAGRAPH


def _strip_bullet(line: str) -> str | None:
    """The text of a line that begins an item; None for any other line."""
    bullet = _SIGN_BULLET.match(line)
    return line[bullet.end() :] if bullet else strip_bullet(line)
