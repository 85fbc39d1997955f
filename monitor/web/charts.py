"""Numbers → shapes: where each column, bar and point of a chart stands. `charts.html` draws them as SVG.

A chart is WIDTH units wide, which are pixels where there is room. What belongs together differs by shape as well as by
colour, so that it can be told apart in print: solid, hatched, hollow.

Does not do: colours, words, escaping.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 560
TOP = 44
"""Room for what each look stands for, and for the number over the highest column."""
LEFT = 40
RIGHT = 12
PLOT = 136
"""Height of what is drawn between the axis and the highest line."""
BELOW = 24
"""Room for the labels of the axis."""
LINES = 4
"""At most, over the axis."""
LABELS = 7
"""At most, on the axis."""
NAME = 26
"""Room for the name over a bar."""
BAR = 14
ROW = NAME + BAR + 10
"""Height of one bar with its name."""
NUMBERS = 120
"""Room for what stands behind a bar."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid, with what it stands for."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a column or bar; `look` is solid, hatched or hollow."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Column:
    """What stands over one place of the axis."""

    centre: float
    label: str
    """"" = there is no room for one."""
    parts: tuple[Part, ...]
    top: float
    total: str
    """What the column amounts to; "" = nothing."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of parts, one upon the other."""

    height: float
    axis: float
    lines: tuple[Line, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """From one value up to another; None = nothing is known there."""

    centre: float
    label: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Ranges:
    """Stretches over the places of the axis."""

    height: float
    axis: float
    lines: tuple[Line, ...]
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A lying bar with its name and what stands behind it."""

    y: float
    middle: float
    name: str
    parts: tuple[Part, ...]
    end: float
    said: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars one under the other."""

    height: float
    bars: tuple[Bar, ...]


def draw_columns(labels: Sequence[str], stacks: Sequence[Sequence[float]], looks: Sequence[str]) -> Columns:
    """`stacks` has the values of each column, from the axis up, and `looks` what each of them looks like."""
    highest, lines = scale(max((sum(each) for each in stacks), default=0))
    step = _step(len(labels))
    width = min(30.0, step * 0.66)
    shown = thin(labels)
    columns = []
    for place, values in enumerate(stacks):
        centre, total = LEFT + step * (place + 0.5), sum(values)
        parts = tuple(_pile(centre, width, values, looks, highest))
        said = f"{total:,g}" if total else ""
        columns.append(Column(round(centre, 1), shown[place], parts, _up(total, highest), said))
    return Columns(TOP + PLOT + BELOW, TOP + PLOT, lines, tuple(columns))


def draw_ranges(labels: Sequence[str], ranges: Sequence[tuple[float, float] | None]) -> Ranges:
    """One range (low, high) over each label."""
    highest, lines = scale(max((high for each in ranges if each for high in each), default=0))
    step, shown = _step(len(labels)), thin(labels)
    drawn = tuple(
        Range(
            LEFT + step * (place + 0.5),
            shown[place],
            _up(each[0], highest) if each else None,
            _up(each[1], highest) if each else None,
        )
        for place, each in enumerate(ranges)
    )
    return Ranges(TOP + PLOT + BELOW, TOP + PLOT, lines, drawn)


def draw_bars(rows: Sequence[tuple[str, Sequence[float], str]], looks: Sequence[str]) -> Bars:
    """Rows of (name, values from left to right, what is said behind them)."""
    longest = max((sum(values) for _, values, _ in rows), default=0) or 1
    room = WIDTH - NUMBERS
    bars = []
    for place, (name, values, said) in enumerate(rows):
        y = float(place * ROW + NAME)
        parts, x = [], 0.0
        for value, look in zip(values, looks, strict=True):
            width = value / longest * room
            parts.extend([Part(round(x, 1), y, round(width, 1), float(BAR), look)] if value else [])
            x += width
        bars.append(Bar(y, y + BAR / 2, name, tuple(parts), round(x, 1), said))
    return Bars(len(rows) * ROW, tuple(bars))


def scale(highest: float) -> tuple[float, tuple[Line, ...]]:
    """What the top of the plot stands for, and the lines: at most LINES, each a round number, none below 1."""
    step = _round_up(max(highest, 1.0) / LINES)
    number = ceil(max(highest, 1.0) / step)
    top = step * number
    return top, tuple(Line(_up(step * each, top), f"{step * each:,g}") for each in range(1, number + 1))


def thin(labels: Sequence[str]) -> list[str]:
    """At most LABELS of them, evenly, with the last one; "" in the place of the others."""
    every = ceil(len(labels) / LABELS) or 1
    return [each if (len(labels) - 1 - place) % every == 0 else "" for place, each in enumerate(labels)]


def _round_up(number: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 …; counts have no line between two numbers."""
    power = 10.0 ** floor(log10(number))
    return max(1.0, next(factor * power for factor in (1, 2, 5, 10) if factor * power >= number))


def _step(number: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(1, number)


def _up(value: float, highest: float) -> float:
    return round(TOP + PLOT * (1 - value / highest), 1)


def _pile(centre: float, width: float, values: Sequence[float], looks: Sequence[str], highest: float) -> list[Part]:
    """One part upon the other, without those that are nothing."""
    parts, below = [], 0.0
    for value, look in zip(values, looks, strict=True):
        y, foot = _up(below + value, highest), _up(below, highest)
        if value:
            parts.append(Part(round(centre - width / 2, 1), y, round(width, 1), round(foot - y, 1), look))
        below += value
    return parts
