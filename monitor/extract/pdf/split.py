"""Lines in reading order → stretches that belong together, across columns and pages, and the text that each says.

Within a column a wider gap, other type, an indent, a bullet or a clause number begins a new stretch. At the foot of a
column a sentence goes on unless the next word would still have fitted into the last line: then its end was meant.
Notes at the foot of a page follow the paragraph that the page breaks off.

Does not do: how the words of a stretch are spelled (`spelling`), which stretch is a heading (`pdf`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from monitor.extract.plain import strip_bullet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.extract.pdf.lines import Line
    from monitor.model import BlockKind

WIDE_GAP = 1.25
"""Times the usual distance of two lines: a new paragraph. Spaced paragraphs in the wild begin at about 1.4."""
MAX_LEADING = 2.5
"""Times the height of a line: the usual distance is no larger, even where each line stands alone."""
LARGE = 1.15
"""Times the usual height of a line: larger type. Boxes within one size differ by up to 10 %."""
SMALL = 0.9
"""As LARGE, for notes at the foot of a page."""
INDENT = 0.6
"""Times the height of a line that the first line of a paragraph is set in."""
SHORT = 0.3
"""Share of the column left free behind a sentence that ends its paragraph."""
BARE = 0.6
"""As SHORT, behind a line that ends no sentence: an entry of a list without bullets."""
CENTRED = 0.1
"""Share of the column by which the ends of a centred line may differ."""
SPACE = 0.25
"""Times the height of a line: a space."""

_SENTENCE_END = (".", "!", "?", ":", ";", "\u3002", "\uff01", "\uff1f", "\uff1a", "\uff1b", "\u061f")
_CLOSING = "\"'\u201d\u2019\u00bb)]\u300d"
_NOTE = re.compile(r"\[?\(?(?:\d{1,3}|[*\u2020\u2021]{1,3})[\])]?\s*\S")
_LETTER_ITEM = re.compile(r"(?:[a-z]{1,2}|[ivxlc]{1,6}|[A-Z]|\d{1,3}(?:\.\d{1,3})*)[.)]\s+\S|\([A-Za-z\d]{1,4}\)\s+\S")


@dataclass(slots=True)
class Stretch:
    """Lines that belong together; `spaced` = set off from what is above by more than a line end.

    `kind` and `level` are those of a tagged PDF, None and 0 where geometry has to tell.
    """

    lines: list[Line]
    spaced: bool
    kind: BlockKind | None = None
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def size(self) -> float:
        return median(line.size for line in self.lines)


def join_pages(pages: Sequence[Sequence[Stretch]], body: float) -> list[Stretch]:
    """The stretches of a document; what a page breaks off is whole again. `body` is the usual height of a line."""
    joined: list[Stretch] = []
    notes: list[Stretch] = []
    for page in pages:
        text, found = _split_notes(page, body)
        if text and joined and _goes_on(joined[-1], text[0]):
            joined[-1].lines += text.pop(0).lines
        elif text and joined and _goes_on_below_header(joined[-1], text[0]):
            joined[-1].rows += text.pop(0).rows[1:]
        if text:
            joined += notes
            notes = []
        joined += text
        notes += found
    return joined + notes


def _goes_on_below_header(stretch: Stretch, following: Stretch) -> bool:
    """Whether a table goes on that says its first row again on each page."""
    return bool(stretch.rows and following.rows) and stretch.rows[0] == following.rows[0]


def _split_notes(page: Sequence[Stretch], body: float) -> tuple[list[Stretch], list[Stretch]]:
    """The text of a page and the notes at its foot: in small type, from the first one with a mark."""
    start = len(page)
    for at in range(len(page) - 1, -1, -1):
        if page[at].rows or page[at].size >= SMALL * body:
            break
        if _NOTE.match(page[at].lines[0].text):
            start = at
    return list(page[:start]), list(page[start:])


def leadings(pages: Iterable[Sequence[Line]]) -> dict[int, float]:
    """The usual distance of two lines for each height of type: the commonest, the smallest of equally common ones."""
    gaps: defaultdict[int, Counter[float]] = defaultdict(Counter)
    for page in pages:
        for above, line in pairwise(page):
            gap = round(above.base - line.base, 1)
            if gap > 0 and round(above.size) == round(line.size) and not (above.rows or line.rows):
                gaps[round(line.size)][gap] += 1
    return {size: min(counts, key=lambda gap: (-counts[gap], gap)) for size, counts in gaps.items()}


def split_page(lines: Sequence[Line], leading: dict[int, float]) -> Iterator[Stretch]:
    """The stretches of a page, columns joined."""
    stretch: Stretch | None = None
    for above, line in zip([None, *lines], lines, strict=False):
        spaced = _is_spaced(above, line, leading) if above else True
        if stretch and above and above.base < line.base and not (above.rows or line.rows):
            fresh = Stretch([line], spaced=True)
            if _goes_on(stretch, fresh):
                stretch.lines.append(line)
                continue
        if stretch and not (spaced or starts_item(line.text) or _starts_paragraph(stretch.lines, line)):
            stretch.lines.append(line)
            continue
        if stretch:
            yield stretch
        stretch = Stretch([line], spaced, rows=line.rows)
    if stretch:
        yield stretch


def starts_item(text: str) -> bool:
    """Whether a line begins an item of a list, by a bullet or a label."""
    return strip_bullet(text) is not None or _LETTER_ITEM.match(text) is not None


def _is_spaced(above: Line, line: Line, leading: dict[int, float]) -> bool:
    smaller, larger = sorted((above.size, line.size))
    usual = min(leading.get(round(line.size), larger * MAX_LEADING), MAX_LEADING * line.size)
    gap = above.base - line.base
    return bool(above.rows or line.rows) or not 0 < gap <= WIDE_GAP * usual or larger > LARGE * smaller


def _starts_paragraph(lines: Sequence[Line], line: Line) -> bool:
    """Whether a line without a wider gap above it begins a paragraph all the same."""
    above = lines[-1]
    indented, was_indented = _is_indented(line), _is_indented(above)
    if indented and not was_indented and _ends_sentence(above.text):
        return not starts_item(lines[0].text)
    if not _would_have_fitted(above, line):
        return False
    if above.bold != line.bold:
        return True
    width, free = above.edge - above.start, above.edge - above.right
    centred = abs(above.left - above.start - free) < CENTRED * width
    if indented and was_indented:
        return len(lines) == 1 and free > SHORT * width and not centred
    if indented or free > SHORT * width:
        return _ends_sentence(above.text) or (indented and len(lines) > 1) or (free > BARE * width and not centred)
    return False


def _is_indented(line: Line) -> bool:
    return line.left - line.start > INDENT * line.size


def _would_have_fitted(above: Line, line: Line) -> bool:
    """Whether the first word of a line had room in the line above: then the line end was meant."""
    return above.right + SPACE * above.size + line.first <= above.edge


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_SENTENCE_END)


def _goes_on(stretch: Stretch, following: Stretch) -> bool:
    """Whether the first stretch of a column or page goes on with the last of the one before."""
    if stretch.rows or following.rows or stretch.kind is not following.kind or stretch.level or following.level:
        return False
    above, line = stretch.lines[-1], following.lines[0]
    smaller, larger = sorted((above.size, line.size))
    if larger > LARGE * smaller or above.bold != line.bold or starts_item(line.text):
        return False
    ended = _ends_sentence(above.text)
    if not ended and line.text[:1].islower():
        return True
    if ended and len(stretch.lines) == 1:  # nobody begins a paragraph in the last line of a page
        return False
    return not _would_have_fitted(above, line) and not _is_indented(line)
