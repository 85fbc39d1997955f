"""Names that are still there next month, and names that are not."""

from __future__ import annotations

import pytest

from monitor.discovery.naming import Hold, get_names, is_lasting
from monitor.extract.html import parse


@pytest.mark.parametrize(
    "name",
    [
        "main-content", "content", "article-body", "policyText", "entry-content", "rich_text_content", "node__content",
        "gem-c-govspeak", "c-article", "mw-parser-output", "usa-prose", "ecl-editorial", "TermsContent", "docs-body",
        "breadcrumbs", "share-bar", "relatedLinks", "field-item", "FAQ", "wysiwyg",
    ],
)  # fmt: skip
def test_what_a_person_called_an_element_lasts(name):
    assert is_lasting(name)


@pytest.mark.parametrize(
    "name",
    [
        "css-1x2y3z", "sc-bdVaJa", "bdVaJa", "edldTU", "hgzxx", "_3xK2p", "xdj266r", "kJhGtf", "Box-sc-g0xbh4-0",
        "MuiBox-root-12", "makeStyles-root-3", "svelte-1a2b", "jsx-123", "ember123", "yui_3_17",
        "elementor-element-1a2",
        "Text_body__x7Ka2", "px-4", "mt-2", "md:flex", "col-md-8", "w-full", "text-lg", "d-flex", "flex", "row",
        "is-open", "has-menu", "active", "hidden", "loaded", "post-1234", ":r1:", "a", "",
    ],
)  # fmt: skip
def test_what_a_tool_made_or_what_says_how_it_looks_does_not_last(name):
    assert not is_lasting(name)


@pytest.mark.parametrize(
    ("element", "selector", "hold"),
    [
        ("<main>x</main>", "main", Hold.MEANING),
        ('<div role="main">x</div>', "[role=main]", Hold.MEANING),
        ('<div itemprop="articleBody">x</div>', "[itemprop=articleBody]", Hold.MEANING),
        ('<div id="main-content">x</div>', "#main-content", Hold.MEANING),
        ('<div data-testid="policy-card">x</div>', '[data-testid="policy-card"]', Hold.CONTENT),
        ('<div class="px-4 policy-text">x</div>', ".policy-text", Hold.CONTENT),
        ('<div class="PolicyBox_root__a1B2c">x</div>', '[class*="PolicyBox_root__"]', Hold.NAME),
        ('<div class="fen-lower">x</div>', ".fen-lower", Hold.NAME),
        ('<div class="page-wrapper">x</div>', ".page-wrapper", Hold.LAYOUT),
        ('<div class="content--blue">x</div>', ".content--blue", Hold.LAYOUT),
    ],
)
def test_the_most_lasting_name_of_an_element_comes_first(element, selector, hold):
    names = get_names(parse(element).css_first("body > *"))
    assert (names[0].selector, names[0].hold) == (selector, hold)


@pytest.mark.parametrize(
    "element", ['<div class="sc-a1b2 kabelo">x</div>', '<div class="css-9z8y7x abelor">x</div>', "<div>x</div>"]
)
def test_names_that_are_made_in_pairs_count_as_made(element):
    assert get_names(parse(element).css_first("body > *")) == []
