"""Blocks as they are found, each under the headings above it.

Does not do: reading any format. `html`, `text` and `pdf` do, and write here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_HEADING_WORDS = 40
"""A longer "heading" is a paragraph that was marked up large; it heads nothing."""


class Outline:
    """The blocks so far and the open headings. Texts come folded; an empty one is no block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._levels: list[int] = []
        self._path: tuple[str, ...] = ()

    def add(self, kind: BlockKind, text: str, links: Iterable[str] = (), invisible: str = "") -> None:
        if text:
            self.blocks.append(Block(kind, text, self._path, tuple(links), invisible))

    def add_heading(self, level: int, text: str, links: Iterable[str] = (), invisible: str = "") -> None:
        """A heading of `level` (1 = outermost), which closes every heading of its own level and deeper."""
        if text.count(" ") >= MAX_HEADING_WORDS:
            self.add(BlockKind.PARAGRAPH, text, links, invisible)
        elif text:
            while self._levels and self._levels[-1] >= level:
                self._levels.pop()
            self._path = (*self._path[: len(self._levels)], text)
            self._levels.append(level)
            self.add(BlockKind.HEADING, text, links, invisible)
