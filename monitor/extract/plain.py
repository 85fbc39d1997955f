"""Plain text → blocks: an empty line ends a paragraph, a line that begins with a bullet or a number begins an item.

Does not do: headings, tables or anything else that plain text only looks like.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.extract.normalise import fold
from monitor.extract.outline import Outline
from monitor.model import BlockKind, Extract

if TYPE_CHECKING:
    from collections.abc import Iterator

_BULLET = re.compile(r"\s*[-*+\u2022\u25aa\u25e6\u2013]\s+(?=\S)")
_NUMBER = re.compile(r"\s*(?:\d{1,3}[.)]|\([a-z\d]{1,4}\))\s+\S")


def read_plain(text: str) -> Extract:
    """The blocks of a plain text. It has no title."""
    outline = Outline()
    for kind, stretch in _iter_stretches(text.splitlines()):
        outline.add(kind, fold(stretch))
    return Extract("", tuple(outline.blocks))


def strip_bullet(line: str) -> str | None:
    """The text of a line that begins a list item, without a bullet but with a number; None for any other line."""
    bullet = _BULLET.match(line)
    if bullet:
        return line[bullet.end() :]
    return line if _NUMBER.match(line) else None


def _iter_stretches(lines: list[str]) -> Iterator[tuple[BlockKind, str]]:
    kind, stretch = BlockKind.PARAGRAPH, ""
    for line in [*lines, ""]:
        item = strip_bullet(line)
        if item is None and line.strip():
            stretch += " " + line
            continue
        yield kind, stretch
        kind, stretch = (BlockKind.PARAGRAPH, "") if item is None else (BlockKind.ITEM, item)
