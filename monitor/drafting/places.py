"""Where a Section stands in its Markdown file as it is now, and the paragraphs and rows in it.

Offsets are characters of the file as it is: front matter, byte order mark and line endings included.

Does not do: reading SOPs (`monitor.sops`), finding what is stale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt
from rapidfuzz import fuzz

from monitor.compare.alignment.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from monitor.model import Section

SAME_SECTION = 60
"""Per cent of likeness from which a stretch of the file is the Section: it may have been edited since it was read."""
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_NO_WORDING = re.compile(r"(?<=\]\()[^()\s]+|https?://[^\s)>]+|<[^<>]*>")
"""Addresses and tags: nothing in them is wording."""
_MARKDOWN = MarkdownIt("commonmark").enable("table")


class Block(NamedTuple):
    """A paragraph, heading, row or piece of code, and where the outermost block around it begins."""

    start: int
    end: int
    outer: int


@dataclass(frozen=True, slots=True)
class Place:
    """The stretch of a text that is a Section, its heading first."""

    start: int
    end: int
    blocks: tuple[Block, ...]


def find_place(source: str, section: Section) -> Place | None:
    """The stretch of a Markdown file that is most like the Section; None where none is.

    Sections of the same heading and text cannot be told apart: the first of them is taken.
    """
    wanted = fold(" ".join([*section.heading, section.text])).casefold()
    best, likeness = None, float(SAME_SECTION)
    for headings, place in _iter_places(source):
        text = hide_addresses(source[place.start : place.end])
        found = fuzz.ratio(wanted, fold(" ".join([*headings, text])).casefold())
        if found > likeness or (best is None and found == likeness):
            best, likeness = place, found
    return best


def hide_addresses(source: str) -> str:
    """The text of the same length with blanks for addresses and tags."""
    return _NO_WORDING.sub(lambda match: re.sub(r"[^\r\n]", " ", match[0]), source)


def _iter_places(source: str) -> Iterator[tuple[list[str], Place]]:
    """Each stretch from one heading to the next, with the headings above its own."""
    ends = [0, *(match.end() for match in _LINE_END.finditer(source)), len(source)]
    tokens = _MARKDOWN.parse(_FRONT_MATTER.sub(lambda match: re.sub(r"[^\r\n]", "", match[0]), source, count=1))
    blocks = list(_iter_blocks(tokens, ends))
    headings = [(0, "", 0), *_iter_headings(tokens, ends), (0, "", len(source))]
    above: list[tuple[int, str]] = []
    for (level, text, start), (_, _, end) in pairwise(headings):
        above = [each for each in above if each[0] < level]
        inside = tuple(each for each in blocks if start <= each.start < end)
        yield [each[1] for each in above], Place(start, end, inside)
        above.append((level, text))


def _iter_headings(tokens: list[Token], ends: list[int]) -> Iterator[tuple[int, str, int]]:
    """The level, the text and the place of each heading that is not inside something else."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            yield int(opening.tag[1:]), inline.content, ends[opening.map[0]]


def _iter_blocks(tokens: list[Token], ends: list[int]) -> Iterator[Block]:
    """The blocks that have words, once each: the cells of a row are one."""
    outer, last = 0, None
    for token in tokens:
        if token.level == 0 and token.map:
            outer = ends[token.map[0]]
        if token.type in {"inline", "fence", "code_block"} and token.map and token.map != last:
            last = token.map
            yield Block(ends[token.map[0]], ends[token.map[1]], outer)
