"""Markdown as publishers and converters write it, read into the same blocks as the page would be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.markdown import read_markdown


def texts(markdown):
    return [block.text for block in read_markdown(markdown).blocks]


def kinds(markdown):
    return [(block.kind.value, block.text) for block in read_markdown(markdown).blocks]


MARKDOWN = """\
Community rules
===============

Be **kind**, _fair_ and `exact`; snake_case_names and 2 * 3 * 4 stay. \\*Not starred\\*

Minors
------
*   No [contact](https://example.org/a?utm_source=x "Title")
    with [![logo](/l.png)](/home) <https://example.org/b>
1.  First

> Quoted
> twice

### Ages ###

| Age | Rule |
|:----|-----:|
| 13  | [see](/r) |

- - -
```
code
line
```
"""


def test_markdown_becomes_blocks_with_headings_and_links() -> None:
    found = read_markdown(MARKDOWN)
    top, minors, ages = "Community rules", "Minors", "Ages"
    assert found.title == top
    assert [(block.kind.value, block.text, block.heading, block.links) for block in found.blocks] == [
        ("heading", top, (top,), ()),
        (
            "paragraph",
            "Be kind, fair and exact; snake_case_names and 2 * 3 * 4 stay. *Not starred*",
            (top,),
            (),
        ),
        ("heading", minors, (top, minors), ()),
        (
            "item",
            "No contact with https://example.org/b",
            (top, minors),
            ("https://example.org/b", "/l.png", "https://example.org/a", "/home"),
        ),
        ("item", "1. First", (top, minors), ()),
        ("quote", "Quoted twice", (top, minors), ()),
        ("heading", ages, (top, minors, ages), ()),
        ("row", "Age | Rule", (top, minors, ages), ()),
        ("row", "13 | see", (top, minors, ages), ("/r",)),
        ("paragraph", "code line", (top, minors, ages), ()),
    ]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Last updated:**May", "Last updated:May"),
        ("**Never sell weapons", "Never sell weapons"),
        ("No f**k and no snake_case", "No f**k and no snake_case"),
        ("_Gifts_ and **_cards_**", "Gifts and cards"),
        ("Use ` this ` and `that`", "Use this and that"),
        ("1\\. No \\[sale\\]", "1. No [sale]"),
        ("A &amp; B&nbsp;C", "A & B C"),
        ("one<br>two <b>three</b><span class='x'>!</span>", "one two three!"),
        ("ages <13 and <your name>", "ages <13 and <your name>"),
        ("before <!-- a secret --> after", "before after"),
        ("see [the [new] rules](/r)", "see the [new] rules"),
        ("see [the rules](add link)", "see the rules"),
        ("see [the rules][1]\n\n[1]: /rules 'Title'", "see the rules"),
        ("ask <desk@example.org>", "ask desk@example.org"),
        ("rules](/r) below", "rules below"),
        ("[a box", "a box"),
        ("![A logo](/logo.png)Rules", "Rules"),
    ],
)
def test_marks_that_nobody_sees_are_no_text(markdown, text):
    assert texts(markdown) == [text]


@pytest.mark.parametrize(
    ("markdown", "links"),
    [
        ("![A logo](/logo.png?size=1) Rules", ("/logo.png?size=1",)),
        ("![](data:image/png;base64,AAAA) Rules", ("data:image/png",)),
        ("[Rules](#rules)", ("#rules",)),
        ("[Rules](https://a.example/?utm_source=x)", ("https://a.example/",)),
        ("[Rules][r]\n\n[R]: /rules", ("/rules",)),
        ("<a href='/rules'>Rules</a>", ("/rules",)),
        ("[\n\n### Rules\n\n](/rules)", ("/rules",)),
    ],
)
def test_targets_are_kept_apart_from_the_text(markdown, links):
    (block,) = read_markdown(markdown).blocks
    assert (block.text, block.links) == ("Rules", links)


def test_of_front_matter_only_what_people_read_is_text():
    markdown = """---
title: "Rules for sellers"
redirect_from:
  - /old-rules
versions:
  fpt: '*'
type: policy
effective_date: 2026-03-01
---
Be fair.
"""
    page = read_markdown(markdown)
    assert page.title == "Rules for sellers"
    assert [block.text for block in page.blocks] == ["Rules for sellers", "effective_date: 2026-03-01", "Be fair."]


def test_a_rule_at_the_head_is_no_front_matter():
    assert texts("---\n\nBe fair: always.\n\n---\n\nBe kind.") == ["Be fair: always.", "Be kind."]


def test_tables_without_outer_bars_are_rows():
    markdown = "Cookie | Purpose\n-------|--------\nid | signs in \\| out\nlang | language\n\nThat is all."
    assert kinds(markdown) == [
        ("row", "Cookie | Purpose"),
        ("row", "id | signs in | out"),
        ("row", "lang | language"),
        ("paragraph", "That is all."),
    ]


def test_bullets_typed_as_signs_begin_items():
    assert kinds("\u25cf Weapons\n\u2022Medicines\n- \u2022 Fireworks") == [
        ("item", "Weapons"),
        ("item", "Medicines"),
        ("item", "Fireworks"),
    ]


@given(text=st.text(st.sampled_from("ab .#-=*_|>`~[]()!<{\\\n1:")))
def test_any_markdown_can_be_read_and_twice_alike(text):
    page = read_markdown(text)
    assert page == read_markdown(text)
    assert all(block.text == " ".join(block.text.split()) != "" for block in page.blocks)
