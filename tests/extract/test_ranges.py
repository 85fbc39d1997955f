"""Ranges: what is kept, or dropped, between two elements of a page."""

from __future__ import annotations

import pickle
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.errors import ExtractionError
from monitor.extract import EXTRACTOR, extract, recipe
from monitor.extract.html import find_lost_range, read_html
from monitor.model import ProblemKind, Range

PAGE = """<title>Rules</title><nav>Menu</nav>
<main>
  <ul id=crumbs><li>Home<li>Terms</ul>
  <h1 id=terms>Terms</h1>
  <div id=parts>
    <p id=one>One</p>
    <ul><li id=a>A</li><li id=b>B</li><li id=c>C</li></ul>
    <p id=two>Two <b id=bold>in bold</b> and more</p>
  </div>
</main>
<footer id=foot><ul id=menu><li>About</li></ul></footer>"""


def texts(page, select=(), remove=()):
    return [block.text for block in read_html(page, select=select, remove=remove).blocks]


@pytest.mark.parametrize(
    ("ends", "kept"),
    [
        ({"start_before": "#one", "end_before": "#two"}, ["One", "A", "B", "C"]),
        ({"start_after": "#one", "end_before": "#two"}, ["A", "B", "C"]),
        ({"start_before": "#b", "end_after": "#c"}, ["B", "C"]),
        ({"start_after": "#a", "end_after": "#b"}, ["B"]),
        ({"start_before": "#b", "end_after": "#b"}, ["B"]),
        ({"start_before": "#terms", "end_before": "#menu"}, ["Terms", "One", "A", "B", "C", "Two in bold and more"]),
        ({"start_before": "#b", "end_before": "#bold"}, ["B", "C", "Two"]),
        ({"start_after": "#bold", "end_after": "#menu"}, ["and more", "About"]),
        ({"start_before": "main", "end_before": "#one"}, ["Home", "Terms", "Terms"]),
        ({"start_after": "#crumbs", "end_after": "#a"}, ["Terms", "One", "A"]),
        ({"start_before": "html", "end_before": "#terms"}, ["Menu", "Home", "Terms"]),
        ({"start_after": "#two", "end_after": "body"}, ["About"]),
        ({"start_after": "head", "end_before": "li"}, ["Menu"]),
    ],
    ids=lambda each: str(Range(**each)) if isinstance(each, dict) else "",
)
def test_a_range_keeps_what_stands_between_its_ends_whatever_elements_they_are_in(ends, kept):
    assert texts(PAGE, [Range(**ends)]) == kept


def test_what_a_range_begins_within_keeps_its_form_and_its_heading():
    blocks = read_html(PAGE, select=[Range(start_before="#terms", end_after="#b")]).blocks
    assert [(str(block.kind), block.text, block.heading) for block in blocks] == [
        ("heading", "Terms", ("Terms",)),
        ("paragraph", "One", ("Terms",)),
        ("item", "A", ("Terms",)),
        ("item", "B", ("Terms",)),
    ]


def test_each_end_is_the_first_that_its_selector_matches_in_the_order_of_the_page():
    assert texts(PAGE, [Range(start_before="#foot, li", end_before="p, #foot")]) == ["Home", "Terms", "Terms"]


@pytest.mark.parametrize(
    ("select", "kept"),
    [
        (["#terms", Range(start_before="#b", end_after="#c")], ["Terms", "B", "C"]),
        ([Range(start_before="#b", end_after="#c"), "#terms"], ["Terms", "B", "C"]),
        (
            [Range(start_before="#one", end_after="#b"), Range(start_after="#a", end_before="#two")],
            ["One", "A", "B", "C"],
        ),
        ([Range(start_before="#one", end_after="#one"), Range(start_before="#c", end_after="#c")], ["One", "C"]),
        ([Range(start_before="#b", end_before="#two"), "main"], texts(PAGE, ["main"])),
        ([Range(start_before="#b", end_before="#two"), "ul"], ["Home", "Terms", "A", "B", "C", "About"]),
        ([Range(start_before="#a", end_after="#a"), ".gone"], ["A"]),
    ],
)
def test_ranges_and_elements_are_kept_in_document_order_and_once(select, kept):
    assert texts(PAGE, select) == kept


@pytest.mark.parametrize(
    ("select", "remove", "kept"),
    [
        (["main"], [Range(start_before="#crumbs", end_before="#b")], ["B", "C", "Two in bold and more"]),
        (["main"], [Range(start_after="#terms", end_after="#foot")], ["Home", "Terms", "Terms"]),
        (["main"], ["#crumbs", Range(start_after="#a", end_before="#bold")], ["Terms", "One", "A", "in bold and more"]),
        (["#parts"], [Range(start_before="#terms", end_before="#foot")], []),
        (["li"], [Range(start_before="#crumbs", end_after="#a")], ["B", "C", "About"]),
        ([], [Range(start_before="#parts", end_after="#foot")], ["Home", "Terms", "Terms"]),
        (["main"], [Range(start_before="html", end_after="html")], []),
        (["main"], ["html", Range(start_after="#a", end_after="#b")], []),
        ([Range(start_before="#one", end_before="footer")], ["#b", "#two"], ["One", "A", "C"]),
        ([Range(start_before="#one", end_after="#c")], [Range(start_after="#a", end_before="#c")], ["One", "A", "C"]),
    ],
)
def test_what_is_removed_is_dropped_from_what_is_kept(select, remove, kept):
    assert texts(PAGE, select, remove) == kept


def test_the_ends_of_what_is_kept_are_looked_for_in_what_is_left():
    assert texts(PAGE, [Range(start_before="li", end_before="#two")], ["#crumbs"]) == ["A", "B", "C"]


def test_removed_elements_may_be_the_ends_of_a_removed_range():
    assert texts(PAGE, ["#parts"], ["#a", Range(start_before="#a", end_before="#c")]) == [
        "One",
        "C",
        "Two in bold and more",
    ]


@pytest.mark.parametrize(
    ("select", "remove", "lost"),
    [
        ([Range(start_before="#gone", end_before="#two")], [], '"#gone", an end of a range, matches nothing of'),
        (["main", Range(start_before="#one", end_after=".gone")], [], '".gone", an end of a range, matches nothing of'),
        (["main"], [Range(start_after="#gone", end_after="#b")], '"#gone", an end of a range, matches nothing of'),
        ([], [Range(start_after="#gone", end_after="#b")], '"#gone", an end of a range, matches nothing of'),
        (
            [Range(start_before="#two", end_before="#one")],
            [],
            "the range {start_before: #two, end_before: #one} has its end before its start on",
        ),
        (
            [Range(start_after="main", end_after="#two")],
            [],
            "the range {start_after: main, end_after: #two} has its end before its start on",
        ),
        (
            ["main"],
            [Range(start_before="#a", end_before="#a")],
            "the range {start_before: #a, end_before: #a} has its end before its start on",
        ),
    ],
)
def test_a_range_that_is_not_there_is_a_lost_selector_and_nothing_is_kept(select, remove, lost):
    assert not texts(PAGE, select, remove)
    assert find_lost_range(PAGE, select, remove) == lost
    with pytest.raises(ExtractionError) as caught:
        extract(PAGE.encode(), "text/html", select=select, remove=remove)
    assert (caught.value.problem, caught.value.detail) == (ProblemKind.SELECTOR_LOST, f"{lost} this 1 kB page")


def test_a_wall_is_named_before_a_lost_range():
    wall = "<title>Just a moment...</title><p>Checking your browser before you access the site."
    with pytest.raises(ExtractionError) as caught:
        extract(wall.encode(), "text/html", remove=[Range(start_before="#a", end_before="#b")])
    assert caught.value.problem is ProblemKind.BLOCKED


def test_a_range_with_no_text_in_it_is_not_lost():
    page = "<p id=a>A</p><hr id=b><p>C</p>"
    assert (texts(page, [Range(start_after="#a", end_after="#b")]), find_lost_range(page, ["p"], [])) == ([], "")


def test_nothing_but_a_range_changes_how_a_page_was_read():
    select = ("main", Range(start_before="#a", end_after="#b"))
    assert recipe("html", select, ()) == f"html/{EXTRACTOR} select: main, {{start_before: #a, end_after: #b}}"


def test_a_range_can_be_sent_to_a_worker_process_and_written_as_json():
    each = Range(start_after="#a", end_before="#b")
    assert pickle.loads(pickle.dumps(each)) == each
    assert asdict(each) == {"start_before": None, "start_after": "#a", "end_before": "#b", "end_after": None}


def test_comments_and_templates_are_in_no_ones_way():
    page = "<p id=a>A</p><!-- x --><template><p id=b>no</p></template>B<p id=b>C</p>D"
    assert texts(page, [Range(start_after="#a", end_after="#b")]) == ["B", "C"]


@pytest.mark.parametrize("page", ["", "<frameset><frame src=/rules></frameset>"])
def test_a_page_without_a_body_has_no_range(page):
    assert texts(page, [Range(start_before="#a", end_before="#b")]) == []


TREES = st.recursive(st.just([]), lambda inside: st.lists(inside, min_size=1, max_size=4), max_leaves=12)


def write(tree, numbers):
    """An element for each list, with a word before each child and at its end."""
    number = next(numbers)
    inside = "".join(f"w{number}.{at} {write(child, numbers)}" for at, child in enumerate(tree))
    return f"<div id=n{number}>{inside}w{number}.end </div>"


def words_between(page, start, end, *, after_start, after_end):
    """The words from one point of the mark-up to another: what a reader would copy."""
    points = []
    for number, after in ((start, after_start), (end, after_end)):
        opening = page.index(f"<div id=n{number}>")
        points.append(_closing(page, opening) if after else opening)
    words = LexborHTMLParser(page[points[0] : points[1]] or " ").text() if points[0] < points[1] else ""
    return words.split()


def _closing(page, opening):
    """Where the element that begins here has ended."""
    depth, at = 0, opening
    while True:
        depth += 1 if page.startswith("<div", at) else -1
        at = page.index(">", at) + 1
        if not depth:
            return at
        at = page.index("<", at)


@given(TREES, st.data())
def test_whatever_the_tree_a_range_holds_the_words_between_two_points_of_the_markup(tree, data):
    page = f"<body>{write(tree, iter(range(1000)))}</body>"
    start, end = (data.draw(st.integers(0, page.count("<div") - 1)) for _ in range(2))
    after_start, after_end = data.draw(st.booleans()), data.draw(st.booleans())
    between = words_between(page, start, end, after_start=after_start, after_end=after_end)
    ends = {
        "start_after" if after_start else "start_before": f"#n{start}",
        "end_after" if after_end else "end_before": f"#n{end}",
    }
    assert " ".join(texts(page, [Range(**ends)])).split() == between
    everything = " ".join(texts(page, ["body"])).split()
    if between:
        assert " ".join(texts(page, ["body"], [Range(**ends)])).split() == [
            each for each in everything if each not in between
        ]
