"""The words of a page → its lines in the order people read them: columns one after the other, tables row by row.

A gutter is a stripe that no word of several rows stands in. Where what stands beside it is running text, it parts two
columns; else two cells of a table, unless what stands to its left are only the labels of a list.

Does not do: what is on several pages: running headers (`running`), paragraphs (`split`).
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from monitor.extract.pdf.lines import Line, group_lines, join_words, make_line
from monitor.extract.pdf.page import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.extract.pdf.tables import Cells, Table

MIN_GUTTER = 0.9
"""Times the height of the type. Justified lines in narrow columns have spaces up to 0.8 times."""
MIN_SHARED = 6.0
"""Narrowest gutter in points, once all rows are seen."""
CELL_GUTTER = 1.1
"""As MIN_GUTTER, between the cells of a table: fewer lines show that it is none by chance."""
MIN_BAND = 3
"""Rows in which a gutter is none by chance, as between two words of a justified line."""
WIDE_GUTTER = 2.0
"""As CELL_GUTTER, where few rows show that it is none by chance."""
FEW_ROWS = 2
MIN_SPACES = 2.0
"""Times the usual space between two words of the same rows: justified lines have wide ones."""
MIN_COLUMN_LINES = 4
"""Of the longest of several columns; the last one of a text may have as few as MIN_LINES."""
MIN_LINES = 2
PROSE_WORDS = 3
PROSE_FILL = 0.7
"""Share of a column that its usual line fills."""
ALIGNED = 0.8
"""Share of the wider gaps in columns that go through all of them in a table; some paragraphs meet by chance."""
WIDE_GAP = 1.3
"""Times the usual distance of two lines: the next row of a table, or what follows it."""
COLUMN_END = 2.2
"""As WIDE_GAP, below columns of running text, which have paragraphs of their own."""
ROUNDING = 1.0
"""Points by which the widths of two columns may differ."""
MAX_DEPTH = 3
"""Columns within columns."""

_TABLE = "\0"
_LABEL = re.compile(
    r"[-\u2013\u2014*+\u2022\u25aa\u25e6]|[\[(]?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]{1,2}|[ivxlcIVXLC]{1,6})[.):\]]*"
)

Gap = tuple[float, float]
_NOWHERE: Gap = (float("inf"), float("-inf"))


def stand_ins(tables: Sequence[Table]) -> list[Word]:
    """For each table a word as wide as it is, at its head: nothing is read across it."""
    return [
        Word(f"{_TABLE}{number}", box.left, box.right, box.top - 1, 1.0, bold=False, mark=-1, run=-1 - number)
        for number, box in enumerate(table.box for table in tables)
    ]


def read_layout(words: Sequence[Word], tables: Sequence[Table], width: float) -> list[Line]:
    """The lines of a page in reading order, a table, for which a stand-in is among the words, as one line with rows.

    `width` is that of the text on the document's fullest page, in points.
    """
    return list(_iter_lines(words, tables, width, 0))


def fit_columns(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The same lines; a page with nothing wider than a column of another page is a column too, gone on alone."""
    widths = sorted({line.edge - line.start for page in pages for line in page})
    fitted = []
    for page in pages:
        used = max((line.right - line.start for line in page), default=0.0)
        width = next((each for each in widths if each > used - ROUNDING), used)
        fitted.append([line._replace(edge=min(line.edge, line.start + width)) for line in page])
    return fitted


def _iter_lines(words: Sequence[Word], tables: Sequence[Table], width: float, depth: int) -> Iterator[Line]:
    if not words:
        return
    start, edge = _extent(words)
    edge = max(edge, start + width)
    for rows, gutters in _iter_bands(group_lines(words)):
        columns = _part(rows, gutters)
        if len(columns) > 1 and depth < MAX_DEPTH and _is_prose(columns):
            for column in columns:
                yield from _iter_lines([word for line in column for word in line], tables, 0.0, depth + 1)
        elif len(columns) > 1 and _is_table(rows, gutters):
            yield _table_line(rows[0], tuple(_read_rows(rows, gutters)), start, edge)
        else:
            for row in rows:
                yield from _plain_lines(row, tables, start, edge)


def text_width(words: Sequence[Word]) -> float:
    """How wide the text of a page is, in points."""
    start, edge = _extent(words) if words else (0.0, 0.0)
    return edge - start


def _extent(words: Sequence[Word]) -> Gap:
    return min(word.left for word in words), max(word.right for word in words)


def _plain_lines(row: list[Word], tables: Sequence[Table], start: float, edge: float) -> Iterator[Line]:
    text = [word for word in row if not word.text.startswith(_TABLE)]
    if text:
        yield make_line(text, start, edge)
    for word in row:
        if word.text.startswith(_TABLE):
            yield _table_line([word], tables[int(word.text[1:])].rows, start, edge)


def _table_line(words: Sequence[Word], rows: tuple[Cells, ...], start: float, edge: float) -> Line:
    return make_line(words, start, edge)._replace(text="", rows=rows)


def _iter_bands(rows: Sequence[list[Word]]) -> Iterator[tuple[list[list[Word]], list[Gap]]]:
    """Stretches of rows that have the same gutters; those without any together."""
    band: list[list[Word]] = []
    gaps: list[Gap] = []
    extent = _NOWHERE
    for row in rows:
        own, wider = _gaps(row), _wider(extent, _extent(row))
        shared = _common(gaps, own) if gaps else own
        inner, now_inner = _inner(extent, gaps), _inner(wider, shared)
        lost = len(now_inner) < len(inner) and (not now_inner or len(band) >= MIN_BAND)
        if band and (lost or (now_inner and not inner)):
            ahead = 0 if inner else _count_ahead(band, row, own)
            yield from _without_tail(band[: len(band) - ahead], inner)
            band, gaps = band[len(band) - ahead :], own
            extent = _extent([word for each in [*band, row] for word in each])
        else:
            gaps, extent = (shared if now_inner else []), wider
        band.append(row)
    yield from _without_tail(band, _inner(extent, gaps))


def _wider(extent: Gap, other: Gap) -> Gap:
    return min(extent[0], other[0]), max(extent[1], other[1])


def _count_ahead(band: Sequence[list[Word]], row: list[Word], gaps: Sequence[Gap]) -> int:
    """How many rows at the end of a band are the head of a column that begins higher than the one to its left."""
    extent = _extent(row)
    gutters = len(_inner(extent, gaps))
    if not gutters:
        return 0
    for ahead, above in enumerate(reversed(band)):
        gaps = _common(gaps, _gaps(above))
        inner = _inner(extent, gaps)
        if len(inner) < gutters or min(word.left for word in above) < inner[0][1]:
            return ahead
    return len(band)


def _without_tail(band: list[list[Word]], gutters: list[Gap]) -> Iterator[tuple[list[list[Word]], list[Gap]]]:
    """A band, and apart from it what follows after a wider gap and stands in one column only."""
    if gutters and (at := _tail(band, gutters)):
        yield band[:at], gutters
        yield band[at:], []
    elif band:
        yield band, gutters


def _tail(band: Sequence[list[Word]], gutters: Sequence[Gap]) -> int | None:
    """Where the last of several columns, gone on alone, breaks off; gaps are those between its own rows."""
    split = [_split(row, gutters) for row in band]
    last = next(number for number, cell in enumerate(split[-1]) if cell)
    widest = COLUMN_END if _is_prose(_part(band, gutters)) else WIDE_GAP
    own = [at for at, row in enumerate(split) if row[last]]
    distances = [band[above][0].base - band[at][0].base for above, at in pairwise(own)]
    for distance, at in zip(reversed(distances), reversed(own), strict=False):
        if sum(map(bool, split[at])) > 1:
            return None
        if distance > widest * median(distances):
            return None if any(any(row[:last] + row[last + 1 :]) for row in split[at:]) else at
    return None


def _gaps(row: Sequence[Word]) -> list[Gap]:
    """Where no word stands, from the left end of the world to the right."""
    gaps, reached = [], float("-inf")
    least = MIN_GUTTER * median(word.size for word in row)
    for word in sorted(row, key=lambda each: each.left):
        if word.left - reached >= least:
            gaps.append((reached, word.left))
        reached = max(reached, word.right)
    return [*gaps, (reached, float("inf"))]


def _common(gaps: Sequence[Gap], others: Sequence[Gap]) -> list[Gap]:
    shared = [(max(gap[0], other[0]), min(gap[1], other[1])) for gap in gaps for other in others]
    return [gap for gap in shared if gap[1] - gap[0] > MIN_SHARED]


def _inner(extent: Gap, gaps: Sequence[Gap]) -> list[Gap]:
    """The gaps between words that reach from one end of `extent` to the other."""
    left, right = extent
    return [gap for gap in gaps if gap[0] > left and gap[1] < right]


def _split(row: Sequence[Word], gutters: Sequence[Gap]) -> list[list[Word]]:
    columns: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
    for word in row:
        columns[sum(word.left >= gutter[1] - 0.01 for gutter in gutters)].append(word)
    return columns


def _part(rows: Sequence[list[Word]], gutters: Sequence[Gap]) -> list[list[list[Word]]]:
    """The rows of each column, without empty ones."""
    split = [_split(row, gutters) for row in rows]
    return [[row for row in column if row] for column in zip(*split, strict=True)]


def _is_prose(columns: Sequence[Sequence[list[Word]]]) -> bool:
    """Whether columns hold running text: lines of some words that fill them."""
    for column in columns:
        left, right = _extent([word for row in column for word in row])
        fill = median((max(w.right for w in row) - min(w.left for w in row)) / (right - left or 1) for row in column)
        words = median(len(row) for row in column)
        if len(column) < MIN_LINES or fill < PROSE_FILL or words < PROSE_WORDS:
            return False
    return max(map(len, columns)) >= MIN_COLUMN_LINES and not _has_aligned_rows(columns)


def _has_aligned_rows(columns: Sequence[Sequence[list[Word]]]) -> bool:
    """Whether wider gaps go through all columns at the same height, as between the rows of a table."""
    bases = [[row[0].base for row in column] for column in columns]
    usual = min(median(above - base for above, base in pairwise(column)) for column in bases)
    starts = [{round(base) for above, base in pairwise(column) if above - base > WIDE_GAP * usual} for column in bases]
    shared, every = set.intersection(*starts), set.union(*starts)
    return len(shared) > 1 and len(shared) >= ALIGNED * len(every)


def _is_table(rows: Sequence[list[Word]], gutters: Sequence[Gap]) -> bool:
    """Whether what the gutters part are cells: wider than spaces, in several rows, more than the labels of a list."""
    split = [_split(row, gutters) for row in rows]
    full = [row for row in split if sum(map(bool, row)) > 1]
    size = median(word.size for row in rows for word in row)
    narrowest = min(gutter[1] - gutter[0] for gutter in gutters)
    spaces = [after.left - word.right for row in split for cell in row for word, after in pairwise(cell)]
    least = max(CELL_GUTTER * size, MIN_SPACES * median(spaces or [0.0]))
    if narrowest < least or len(full) < (FEW_ROWS if narrowest > WIDE_GUTTER * size else MIN_BAND):
        return False
    labels = [" ".join(word.text for word in row[0]) for row in split if row[0]]
    return len(gutters) > 1 or not all(_LABEL.fullmatch(label) for label in labels)


def _read_rows(rows: Sequence[list[Word]], gutters: Sequence[Gap]) -> Iterator[Cells]:
    """The rows of a table: one begins after a wider gap; where there is none, wherever its first cell holds text."""
    distances = [above[0].base - row[0].base for above, row in pairwise(rows)]
    usual = min(distances)
    by_gap = max(distances) > WIDE_GAP * usual
    held: list[list[Word]] = []
    for distance, row in zip([0.0, *distances], rows, strict=True):
        begins = distance > WIDE_GAP * usual if by_gap else bool(_split(row, gutters)[0])
        if held and begins:
            yield _cells(held, gutters)
            held = []
        held.append(row)
    yield _cells(held, gutters)


def _cells(rows: Sequence[list[Word]], gutters: Sequence[Gap]) -> Cells:
    return tuple(join_words(cell) for cell in _split([word for row in rows for word in row], gutters))
