"""What differs between two looks at a page, and the selectors that take it out."""

from __future__ import annotations

import pytest

from discovery.invented_pages import RULES
from monitor.discovery.selectors import Selectors
from monitor.discovery.steadiness import Steadiness, compare_looks, find_ticking
from monitor.extract.html import read_html

MAIN = Selectors(("main",))
COUNTER = '<p class="meta">Views: <span class="view-count">{}</span>. By the desk.</p>'
PROMOTION = '<div class="promo-box">{} people joined last night, and so can you.</div>'


def page(before_text="", after_text=""):
    return f"<html><body><main><h1>Rules</h1>{before_text}{RULES}{after_text}</main></body></html>"


def looks(template, *values):
    return [page(*[each.format(value) for each in template]) for value in values]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ([COUNTER], (".view-count",)),
        ([PROMOTION], (".promo-box",)),
        ([COUNTER, PROMOTION], (".view-count", ".promo-box")),
        (["<p>{} people read this.</p>"], ()),
        (['<p class="px-4">{} people read this.</p>'], ()),
        (["<p>Nothing ticks.</p>"], ()),
    ],
    ids=["counter", "promotion", "both", "nameless", "named-by-its-look", "steady"],
)
def test_what_ticks_is_taken_out_by_the_smallest_part_that_has_a_name(template, expected):
    assert sorted(find_ticking(*looks(template, "1,234", "1,240"), MAIN)) == sorted(expected)


def test_a_name_that_holds_more_than_what_ticks_is_not_taken():
    one, two = (
        f'<html><body><main><div class="rules">{RULES}<p>{each}</p></div></main></body></html>' for each in "12"
    )
    assert find_ticking(one, two, MAIN) == ()


def test_what_comes_and_goes_is_taken_out_too():
    one, two = page(), page(PROMOTION.format("Nine"))
    assert find_ticking(one, two, MAIN) == (".promo-box",)


def test_of_many_ticking_parts_without_end_none_is_taken():
    parts = "".join(f'<div class="part-{name}">{{}} of {name}</div>' for name in ("one", "ten", "sun", "sea", "sky"))
    assert find_ticking(*looks([parts.replace("{}", "{0}")], "7", "8"), MAIN) == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [("12 views", "15 views", False), ("A user must be 13 years old.", "A user must be 16 years old.", True)],
)
def test_two_looks_are_judged_like_a_change(before, after, told):
    texts = [read_html(page(f"<p>{each}</p>"), select=["main"]).blocks for each in (before, after)]
    assert compare_looks(*texts) == Steadiness(((before, after),), told)


def test_two_equal_looks_differ_in_nothing():
    blocks = read_html(page()).blocks
    assert compare_looks(blocks, blocks) == Steadiness()
