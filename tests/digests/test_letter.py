"""The HTML of an e-mail: its style in each element, nothing to fetch, and no markup but ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from digests.escape import plain
from digests.letter import to_letter
from digests.text import to_markdown

TAGS = {*("html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "blockquote", "ul", "li", "br")} | {
    *("a", "strong", "em", "s", "code")
}
HOSTILE = st.text(max_size=80) | st.text(alphabet="<>[]()!*_`~#&;:\\/\"' \nahtps.=-+1", max_size=80)


def read(digest):
    return LexborHTMLParser(to_letter(to_markdown(digest), digest.audience_name))


def tags_of(page):
    return {each.tag for each in page.root.traverse(include_text=False)}


def test_each_word_that_is_new_or_gone_is_marked_by_a_style_of_its_own(make):
    page = read(make.digest([make.told(1)]))
    assert [each.text() for each in page.css("blockquote s")] == ["may"]
    assert [each.text() for each in page.css("blockquote strong")] == ["must"]
    assert "background:" in page.css_first("blockquote strong").attributes["style"]
    assert "style" not in page.css_first("p strong").attributes


def test_every_element_that_has_a_look_carries_it_itself(make):
    page = read(make.digest([make.told(1, impacts=[make.impact()])], [make.problem()]))
    bare = {each.tag for each in page.body.traverse(include_text=False) if "style" not in each.attributes}
    assert bare <= {"strong", "br"}
    assert page.css("style, script, link, img") == []


def test_links_lead_to_the_document(make):
    page = read(make.digest([make.told(1, url="https://borealis.example/a_(b)?x=1&y=2")]))
    assert [(each.text(), each.attributes["href"]) for each in page.css("a")] == [
        ("Safety code", "https://borealis.example/a_%28b%29?x=1&y=2")
    ]


def test_commands_in_advice_are_code(make):
    page = read(make.digest([], [make.problem(advice="Try `monitor sources try code`.")]))
    assert page.css_first("code").text() == "monitor sources try code"


@given(HOSTILE)
def test_what_a_publisher_writes_arrives_as_text_and_never_as_markup(make, text):
    told = make.told(1, source_name=f"({text})", passages=[make.passage("", f"({text})")], impacts=[make.impact()])
    page = read(make.digest([told], audience_name=f"({text})"))
    assert tags_of(page) <= TAGS
    assert [each.attributes["href"] for each in page.css("a")] == ["https://borealis.example/code"]
    assert shown(f"({text})") in shown(page.css_first("a").text())
    assert shown(f"({text})") in shown(page.css_first("blockquote").text())
    assert shown(f"({text})") in shown(page.css_first("h1").text())


def shown(text):
    return plain(text).replace(" ", "")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd", ""])
def test_an_address_that_is_no_http_is_no_link(make, url):
    assert read(make.digest([make.told(1, url=url)])).css("a") == []
