"""Selectors that are proposed for a page: they keep its text, drop the rest, and last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery import invented_pages as pages
from monitor.discovery.selectors import Selectors, propose_selectors
from monitor.extract.html import check_selector, read_html


def kept(markup, selectors):
    return [block.text for block in read_html(markup, select=selectors.select, remove=selectors.remove).blocks]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (pages.HELP_CENTRE, Selectors(("article",), (".article-votes",))),
        (pages.MINISTRY, Selectors(("#content",), (".share-bar",))),
        (pages.APP, Selectors(('[class*="TermsText_root__"]',))),
        (pages.NAMELESS, Selectors()),
        (pages.SEVERAL, Selectors(("main",))),
        ("", Selectors()),
        ("<html><body></body></html>", Selectors()),
        ("<html><frameset><frame src=x></frameset></html>", Selectors()),
    ],
    ids=["help-centre", "ministry", "app", "nameless", "several", "nothing", "empty", "frames"],
)
def test_a_page_is_selected_by_the_name_that_holds_its_text(page, expected):
    assert propose_selectors(page) == expected


@pytest.mark.parametrize("page", [pages.HELP_CENTRE, pages.MINISTRY, pages.APP, pages.NAMELESS, pages.SEVERAL])
def test_what_is_kept_is_the_main_content(page):
    assert kept(page, propose_selectors(page)) == [block.text for block in read_html(page).blocks]


def test_a_title_above_the_text_is_selected_beside_it():
    body = f'<div class="top"><h1>Rules</h1></div>{"<ul><li><a href=/x>Go</a></li></ul>" * 60}'
    page = f'<html><body>{body}<div class="policy-text">{pages.RULES}</div></body></html>'
    assert propose_selectors(page).select == ("h1", ".policy-text")


def test_several_articles_that_make_the_text_are_selected_together():
    articles = "".join(f"<article>{pages.RULES}</article>" for _ in range(2))
    page = f'<html><body><div>{articles}</div><div class="x"><a href=/a>Away</a></div></body></html>'
    assert propose_selectors(page).select == ("article",)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("terms", Selectors(('[id="terms"]',), place="terms")),
        ("privacy", Selectors(('[aria-labelledby="privacy"]',), place="privacy")),
        ("api", Selectors(('section:has(> [id="api"])',), place="api")),
    ],
)
def test_an_address_that_names_a_place_means_the_part_that_begins_there(place, expected):
    selectors = propose_selectors(pages.SEVERAL, place)
    assert selectors.place == expected.place
    assert len(kept(pages.SEVERAL, selectors)) == 21
    assert check_selector(selectors.select[0]) is None


@pytest.mark.parametrize("place", ["flat", "nowhere", 'a"]b', "?x=1", "main"])
def test_a_place_that_no_element_holds_alone_means_the_page(place):
    assert propose_selectors(pages.SEVERAL, place) == Selectors(("main",))


NAMES = st.sampled_from(["content", "nav", "px-4", "sc-a1b2", "share", "article", "x_y__1aBc", 'a"b', "é"])
TAGS = st.sampled_from(["div", "main", "section", "p", "nav", "article", "ul", "header", "li", "h1"])
WORDS = st.sampled_from(["Be kind to others, whoever they may be and wherever they are.", "Home", "© Fen", ""])
ELEMENTS = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, name, inside: f'<{tag} class="{name}" id="{name}">{"".join(inside)}</{tag}>',
        TAGS,
        NAMES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@given(ELEMENTS)
def test_whatever_the_page_proposed_selectors_are_legal_and_lose_nothing_of_its_text(page):
    selectors = propose_selectors(page)
    assert [check_selector(each) for each in (*selectors.select, *selectors.remove)].count(None) == len(
        selectors.select
    ) + len(selectors.remove)
    if selectors.select:
        words = " ".join(block.text for block in read_html(page).blocks).split()
        found = " ".join(kept(page, selectors)).split()
        assert len(found) >= 0.9 * len(words)
