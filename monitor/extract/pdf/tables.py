"""Tables that are drawn with rules: which cell each word is in.

A cell begins where a rule is; where a rule is left out the cell reaches over the next column or row. Its words belong
to the row it begins in, as in HTML.

Does not do: tables without rules down the page (`layout`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.pdf.lines import join_words
from monitor.extract.pdf.page import Rule, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEAR = 3.5
"""Rules this close to each other, in points, touch."""
MIN_EDGES = 3
"""Rules down a table of two columns."""

Cells = tuple[str, ...]
"""The texts of one row's cells. A line end within a cell is "\\n"."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rules that touch one another, and the box round them."""

    rules: list[Rule]
    box: Rule

    def reaches(self, rule: Rule) -> bool:
        return _touch(self.box, rule) and any(_touch(each, rule) for each in self.rules)


@dataclass(frozen=True, slots=True)
class Table:
    box: Rule
    rows: tuple[Cells, ...]


def find_tables(words: Sequence[Word], rules: Sequence[Rule]) -> tuple[list[Table], list[Word]]:
    """The tables of a page and the words that are in none."""
    tables, rest = [], list(words)
    for grid in _grids(rules):
        columns, lines = _edges(grid, down=True), _edges(grid, down=False)
        if len(columns) < MIN_EDGES:
            continue
        within = [word for word in rest if _is_within(word, grid.box)]
        rows = _read_rows(within, grid, columns, lines)
        if any(len(row) > 1 and sum(map(bool, row)) > 1 for row in rows):
            tables.append(Table(grid.box, rows))
            rest = [word for word in rest if not _is_within(word, grid.box)]
    return tables, rest


def _grids(rules: Sequence[Rule]) -> list[_Grid]:
    """The rules by what touches what, from the top."""
    grids: list[_Grid] = []
    for rule in rules:
        touched = [grid for grid in grids if grid.reaches(rule)]
        grids = [grid for grid in grids if not any(grid is each for each in touched)]
        joined = [rule, *(each for grid in touched for each in grid.rules)]
        grids.append(_Grid(joined, _around([rule, *(grid.box for grid in touched)])))
    return sorted(grids, key=lambda grid: -grid.box.top)


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.left <= other.right + NEAR
        and one.right >= other.left - NEAR
        and one.bottom <= other.top + NEAR
        and one.top >= other.bottom - NEAR
    )


def _around(boxes: Sequence[Rule]) -> Rule:
    left, bottom, right, top = zip(*boxes, strict=True)
    return Rule(min(left), min(bottom), max(right), max(top))


def _edges(grid: _Grid, *, down: bool) -> list[float]:
    """Where the rules down (or across) a grid stand, those close together as one, the edges of its box included."""
    box = grid.box
    places = [box.left, box.right] if down else [box.bottom, box.top]
    places += [
        (rule.left + rule.right) / 2 if down else (rule.bottom + rule.top) / 2
        for rule in grid.rules
        if _is_down(rule) == down
    ]
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > NEAR:
            edges.append(place)
    return edges


def _is_down(rule: Rule) -> bool:
    return rule.top - rule.bottom > rule.right - rule.left


def _is_within(word: Word, box: Rule) -> bool:
    x, y = _middle(word)
    return box.left - NEAR < x < box.right + NEAR and box.bottom - NEAR < y < box.top + NEAR


def _middle(word: Word) -> tuple[float, float]:
    return (word.left + word.right) / 2, word.base + word.size / 4


def _read_rows(words: Iterable[Word], grid: _Grid, columns: list[float], lines: list[float]) -> tuple[Cells, ...]:
    origins = _origins(grid, columns, lines)
    held: defaultdict[tuple[int, int], list[Word]] = defaultdict(list)
    for word in words:
        x, y = _middle(word)
        column = min(max(bisect_right(columns, x) - 1, 0), len(columns) - 2)
        line = min(max(bisect_right(lines, y) - 1, 0), len(lines) - 2)
        held[origins[line, column]].append(word)
    rows = []
    for line in reversed(range(len(lines) - 1)):
        begun = [column for column in range(len(columns) - 1) if origins[line, column] == (line, column)]
        row = tuple(join_words(held[line, column]) for column in begun)
        if any(row):
            rows.append(row)
    return tuple(rows)


def _origins(grid: _Grid, columns: list[float], lines: list[float]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place of the grid that of the cell it is part of: its uppermost and leftmost."""
    down = [rule for rule in grid.rules if _is_down(rule)]
    across = [rule for rule in grid.rules if not _is_down(rule)]
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for line in reversed(range(len(lines) - 1)):
        y = (lines[line] + lines[line + 1]) / 2
        for column in range(len(columns) - 1):
            x = (columns[column] + columns[column + 1]) / 2
            if column and not any(_crosses(rule, columns[column], y) for rule in down):
                origins[line, column] = origins[line, column - 1]
            elif line < len(lines) - 2 and not any(_crosses(rule, x, lines[line + 1]) for rule in across):
                origins[line, column] = origins[line + 1, column]
            else:
                origins[line, column] = (line, column)
    return origins


def _crosses(rule: Rule, x: float, y: float) -> bool:
    return rule.left - NEAR <= x <= rule.right + NEAR and rule.bottom - NEAR <= y <= rule.top + NEAR
