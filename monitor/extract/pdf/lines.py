"""Words on one base line → lines of text.

A raised digit or asterisk behind a word is the mark of a note: "aged 13²" reads "aged 13[2]", as in HTML.

Does not do: columns (`layout`), joining lines (`split`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.extract.pdf.page import Word

SAME_LINE = 0.3
"""Times the height of its type that a word may stand above or below the line it is in."""
RAISED = 0.6
"""As SAME_LINE, for a note's mark."""
SMALLER = 0.87
"""Times the height of the line's type that a note's mark has at most."""
GLUED = 0.12
"""Times the height of the type: what stands closer, from another run, is one word."""

_NOTE_MARK = re.compile(r"[\[(]?(\d{1,3}|[*\u2020\u2021]{1,3})[\])]?([.,;:]?)")
_RIGHT_TO_LEFT = ("R", "AL")


class Line(NamedTuple):
    """`edge` is the right edge of the column it stands in, `start` the left; `first` the width of its first word."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    first: float
    start: float
    edge: float
    marks: frozenset[int] = frozenset()
    rows: tuple[tuple[str, ...], ...] = ()
    """Where it stands for a table, the rows of it; then there is no text."""


def group_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words by base line, from the top; within a line in reading order."""
    lines: list[list[Word]] = []
    last: Word | None = None  # the one that the others of its line are measured by
    for word in sorted(words, key=lambda each: -each.base):
        if last and last.base - word.base <= SAME_LINE * min(word.size, last.size):
            lines[-1].append(word)
        elif last and _is_raised(lines[-1], word):
            lines[-1].append(word)
            last = word
        else:
            lines.append([word])
            last = word
    return [in_order(line) for line in lines]


def _is_raised(line: Sequence[Word], word: Word) -> bool:
    """Whether all that the line holds so far are marks of notes, raised above the line of `word`."""
    return line[0].base - word.base <= RAISED * word.size and all(
        each.size <= SMALLER * word.size and _NOTE_MARK.fullmatch(each.text) for each in line
    )


def in_order(line: list[Word]) -> list[Word]:
    """Words from left to right; runs from right to left, the words of each as they follow one another in it."""
    if all(word.text.isascii() for word in line) or sum(map(_is_right_to_left, line)) * 2 <= len(line):
        return sorted(line, key=lambda word: word.left)
    runs: dict[int, list[Word]] = {}
    for word in line:
        runs.setdefault(word.run, []).append(word)
    ordered = sorted(runs.values(), key=lambda run: -max(word.right for word in run))
    return [word for run in ordered for word in run]


def _is_right_to_left(word: Word) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in word.text)


def join_words(words: Iterable[Word]) -> str:
    """The words of a cell, its lines parted by "\\n"."""
    return "\n".join(spell_line(line) for line in group_lines(words))


def spell_line(words: Sequence[Word]) -> str:
    """The text of a line whose words come in order."""
    body = max(words, key=lambda word: word.size)
    parts: list[str] = []
    before: Word | None = None
    for word in words:
        small = word.size <= SMALLER * body.size and word.base > body.base
        mark = _NOTE_MARK.fullmatch(word.text) if small else None
        text = f"[{mark[1]}]{mark[2]}" if mark else word.text
        apart = before is not None and (
            abs(word.left - before.right) > GLUED * body.size or (before.run == word.run and not mark)
        )
        parts.append(f" {text}" if apart else text)
        before = word
    return "".join(parts)


def make_line(words: Sequence[Word], start: float, edge: float) -> Line:
    """One line, of words in order, in a column from `start` to `edge`."""
    body = max(words, key=lambda word: (word.size, len(word.text)))
    first = words[0]
    return Line(
        spell_line(words),
        min(word.left for word in words),
        max(word.right for word in words),
        body.base,
        body.size,
        all(word.bold for word in words if any(map(str.isalnum, word.text))),
        first.right - first.left,
        start,
        edge,
        frozenset(word.mark for word in words),
    )
