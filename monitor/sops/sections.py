"""Lines of text with their headings → Sections.

A Section is what stands between two headings, as plain text. Its heading is the path of headings above it, or the title
of the SOP where there is none. A first-level heading that repeats the title is left out of the path, because it says
nothing that the title does not. Headings with nothing of their own below them make no Section.

What a Section implements is declared by a comment in it, `<!-- implements: eu:reg:2022/2065#art16, dsa-guidelines -->`.
Readers of formats keep such a comment as a mark in the text (`mark_implements`), here it is taken out again.

Does not do: reading formats (`markdown`, `documents`), ids that last (`identity`).
"""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from monitor.model import Section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

MARKS = "\ue000\ue001"
"""Of a private area of Unicode, so that no text has them."""
_COMMENT = re.compile(r"<!--\s*implements:([^<>]{1,2000}?)-->", re.IGNORECASE)
_MARKED = re.compile(f" ?{MARKS[0]}([^{MARKS}]*){MARKS[1]}")
_SEPARATORS = re.compile(r"[\s,;]+")


class Line(NamedTuple):
    """One block of text, or row of a table; `level` counts from 1 for a heading, 0 = no heading."""

    level: int
    text: str


def mark_implements(markup: str) -> str:
    """Mark-up in which the comments that declare what a section implements have become marked text."""
    return _COMMENT.sub(rf"{MARKS[0]}\1{MARKS[1]}", markup)


def cut_sections(sop_id: str, title: str, lines: Iterable[Line]) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The Sections of an SOP, and the headings that have such a comment but no text it could belong to."""
    sections: list[Section] = []
    lost: list[str] = []
    taken: set[str] = set()
    for heading, marked in _iter_stretches(lines, title):
        text, implements = _take_marks(marked)
        if text:
            section_id = free_id(f"{sop_id}#{slug(' '.join(heading))}", taken)
            taken.add(section_id)
            sections.append(Section(section_id, sop_id, heading, text, implements))
        elif implements:
            lost.append(heading[-1])
    return tuple(sections), tuple(lost)


def _take_marks(marked: str) -> tuple[str, tuple[str, ...]]:
    """A text without the marks, and what they declare."""
    if MARKS[0] not in marked:
        return marked, ()
    declared = tuple(part for found in _MARKED.findall(marked) for part in _SEPARATORS.split(found) if part)
    return "\n".join(line for line in _MARKED.sub("", marked).split("\n") if line.strip()), declared


def slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-") or "section"


def free_id(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with the first number from 2 on that makes it one of its own."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(each for each in chain([wanted], numbered) if each not in taken)


def _iter_stretches(lines: Iterable[Line], title: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path of headings and the text of each stretch between two headings, marks still in it."""
    above: list[Line] = []
    texts: list[str] = []
    for level, text in lines:
        if not level:
            texts.append(text)
            continue
        if texts:
            yield _path(above, title), "\n".join(texts)
        above = [each for each in above if each.level < level] + [Line(level, _take_marks(text)[0].strip())]
        texts = [mark.group() for mark in _MARKED.finditer(text)] if MARKS[0] in text else []
    if texts:
        yield _path(above, title), "\n".join(texts)


def _path(above: list[Line], title: str) -> tuple[str, ...]:
    """The headings above a text without the one that repeats the title; the title where there is none."""
    path = (text for level, text in above if level > 1 or text.casefold() != title.casefold())
    return tuple(text for text in path if text) or (title,)
