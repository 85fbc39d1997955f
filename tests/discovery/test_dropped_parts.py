"""What is dropped of a page, in words, and how often selectors match."""

from __future__ import annotations

import pytest
from hypothesis import given

from discovery import invented_pages as pages
from discovery.test_proposed_selectors import ELEMENTS
from monitor.discovery.survey import Survey, survey
from monitor.extract.html import read_html
from monitor.extract.phrases import count_words
from monitor.model import Range


def test_each_sort_of_what_is_dropped_is_named_with_its_words_the_largest_first():
    found = survey(pages.HELP_CENTRE, ["article"], [".article-votes"])
    assert [(each.what, each.places, each.words) for each in found.dropped] == [
        ("consent notice", 1, 6),
        ("related links", 1, 6),
        ("feedback form", 1, 5),
        ("header", 1, 3),
        ("footer", 1, 2),
        ("navigation", 1, 2),
    ]
    assert {each.what: each.sample for each in found.dropped}[
        "related links"
    ] == "Related · Buying rules Fees of sellers"
    assert found.matches == {"article": 1, ".article-votes": 1}


def test_without_selectors_it_is_what_stands_around_the_main_content():
    assert {each.what for each in survey(pages.APP).dropped} == {"navigation"}


def test_a_selector_that_matches_nothing_says_so():
    assert survey(pages.APP, ["main", "article"]).matches == {"main": 0, "article": 0}


@pytest.mark.parametrize(
    ("element", "what"),
    [
        ("<nav>{}</nav>", "navigation"),
        ('<div role="search">{}</div>', "search form"),
        ('<div class="social-links">{}</div>', "share buttons"),
        ('<div id="onetrust-consent-sdk">{}</div>', "consent notice"),
        ('<div class="language-switcher">{}</div>', "language menu"),
        ('<div class="newsletterSignup">{}</div>', "newsletter form"),
        ('<div class="site-footer">{}</div>', "footer"),
        ('<div aria-label="Table of contents">{}</div>', "table of contents"),
        ("<aside>{}</aside>", "sidebar"),
        ("<dialog>{}</dialog>", "dialog"),
        ("<dialog>{} We use cookies.</dialog>", "consent notice"),
        ('<div class="px-4 nav-4x"><div class="share-box">{}</div></div>', "share buttons"),
        ("<div><a href=/x>{}</a></div>", "links"),
        ("<div>{}</div>", "other text"),
    ],
)
def test_what_is_dropped_is_told_by_its_tag_role_label_and_names(element, what):
    page = f"<body><main>Text</main>{element.format('Some words here')}</body>"
    assert [each.what for each in survey(page, ["main"]).dropped] == [what]


def test_a_long_sample_is_cut():
    page = f"<body><main>Text</main><nav>{'Word ' * 60}</nav></body>"
    (nav,) = survey(page, ["main"]).dropped
    assert (nav.words, len(nav.sample), nav.sample[-1]) == (60, 90, "…")


def test_of_ranges_only_the_selectors_beside_them_are_counted():
    assert survey(pages.APP, ["h1", Range(start_after="h1", end_before="footer")]) == Survey(matches={"h1": 1})


@pytest.mark.parametrize("page", ["", "<html><frameset><frame src=x></frameset></html>"])
def test_of_no_page_nothing_is_dropped(page):
    assert survey(page) == Survey()


@given(ELEMENTS)
def test_every_word_is_kept_or_dropped(page):
    selectors = {"select": ["div"], "remove": ["nav"]}
    kept = sum(count_words(block.text) for block in read_html(page, **selectors).blocks)
    dropped = sum(each.words for each in survey(page, **selectors).dropped)
    every = sum(count_words(block.text) for block in read_html(page, select=["body"]).blocks)
    assert kept + dropped <= every + 2
