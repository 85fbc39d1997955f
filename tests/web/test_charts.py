"""Charts: where things stand, at the edges of what can be drawn."""

from __future__ import annotations

import itertools

import pytest

from monitor.web.charts import LEFT, PLOT, TOP, WIDTH, draw_bars, draw_columns, draw_ranges, scale, thin

FLOOR = TOP + PLOT


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0, ["1"]),
        (0.2, ["1"]),
        (1, ["1"]),
        (3, ["1", "2", "3"]),
        (7, ["2", "4", "6", "8"]),
        (60, ["20", "40", "60"]),
        (61, ["20", "40", "60", "80"]),
        (1_234, ["500", "1,000", "1,500"]),
    ],
)
def test_lines_stand_for_round_numbers_up_to_what_is_highest(highest, labels):
    top, lines = scale(highest)
    assert [each.label for each in lines] == labels
    assert top >= highest
    assert lines[-1].y == TOP


def test_a_column_stands_on_the_axis_and_its_parts_upon_one_another():
    chart = draw_columns(["2 Nov"], [(30, 10)], ["solid", "hollow"])
    (column,) = chart.columns
    below, above = column.parts
    assert (below.y + below.height, above.y + above.height) == (FLOOR, below.y)
    assert (below.height, above.height) == (PLOT * 3 / 4, PLOT / 4)
    assert (below.look, above.look, column.total, column.top) == ("solid", "hollow", "40", TOP)


def test_what_is_nothing_is_not_drawn():
    (column,) = draw_columns(["2 Nov"], [(0, 5)], ["solid", "hollow"]).columns
    assert [each.look for each in column.parts] == ["hollow"]
    (nothing,) = draw_columns(["2 Nov"], [(0, 0)], ["solid", "hollow"]).columns
    assert (nothing.parts, nothing.total, nothing.top) == ((), "", FLOOR)


@pytest.mark.parametrize("number", [1, 4, 12, 52])
def test_columns_stay_beside_one_another_and_inside(number):
    chart = draw_columns(["x"] * number, [(1,)] * number, ["solid"])
    edges = [(each.parts[0].x, each.parts[0].x + each.parts[0].width) for each in chart.columns]
    assert edges[0][0] >= LEFT
    assert edges[-1][1] <= WIDTH
    assert all(right <= left for (_, right), (left, _) in itertools.pairwise(edges))


def test_no_columns_are_an_empty_chart():
    assert draw_columns([], [], ["solid"]).columns == ()


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (1, 1), (7, 7), (8, 4), (12, 6), (52, 7)])
def test_so_many_labels_are_shown_that_they_can_be_read_and_the_last_one_always(number, shown):
    labels = [f"week {each}" for each in range(number)]
    thinned = thin(labels)
    assert sum(map(bool, thinned)) == shown
    assert thinned[-1:] == labels[-1:]


def test_a_range_reaches_from_its_low_to_its_high_and_what_is_unknown_leaves_a_gap():
    first, gap, last = draw_ranges(["a", "b", "c"], [(1, 4), None, (0, 2)]).ranges
    assert (first.low, first.high) == (FLOOR - PLOT / 4, TOP)
    assert (gap.low, gap.high, gap.label) == (None, None, "b")
    assert (last.low, last.high) == (FLOOR, FLOOR - PLOT / 2)


def test_bars_share_one_scale():
    chart = draw_bars([("Meta", (2, 2), "4"), ("Ofcom", (1, 0), "1")], ["solid", "hollow"])
    long, short = chart.bars
    assert [round(each.width / short.parts[0].width) for each in long.parts] == [2, 2]
    assert long.parts[1].x == pytest.approx(long.parts[0].x + long.parts[0].width)
    assert (len(short.parts), short.end) == (1, pytest.approx(short.parts[0].x + short.parts[0].width))
    assert long.y < short.y < chart.height


def test_bars_of_nothing_have_names_alone():
    (bar,) = draw_bars([("Meta", (0,), "0")], ["solid"]).bars
    assert (bar.name, bar.parts, bar.said) == ("Meta", (), "0")
