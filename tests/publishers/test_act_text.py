"""The text of acts of the EU: the same blocks for the same words, however they are marked up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import BlockKind
from monitor.publishers.act_text import read_act_text
from publishers.european import CONSOLIDATED, PUBLISHED


def said(markup, *, preamble=True):
    return [block.text for block in read_act_text(markup.encode(), preamble=preamble)]


def test_a_published_act_and_its_consolidated_text_read_alike():
    published = read_act_text(PUBLISHED.encode(), preamble=False)
    assert published == read_act_text((CONSOLIDATED % 14).encode(), preamble=False)
    assert [(str(block.kind), block.text) for block in published] == [
        ("heading", "CHAPTER I: GENERAL PROVISIONS"),
        ("heading", "Article 1: Trial accounts"),
        ("paragraph", "1. A trial account, as listed in the Annex, ends after:"),
        ("item", "(a) 14 days;"),
        ("item", "(i) counted in Brussels;"),
        ("paragraph", "2. This Article applies to hosts."),
        ("heading", "Article 2"),
        ("row", "Age | Fee"),
        ("row", "13 | None"),
        ("heading", "ANNEX: Accounts"),
        ("paragraph", "All of them."),
    ]
    assert published[6].heading == ("CHAPTER I: GENERAL PROVISIONS", "Article 2")


def test_the_preamble_can_be_kept():
    assert said(PUBLISHED)[:4] == [
        "REGULATION (EU) 2090/901",
        "Whereas:",
        "(1) Minors need care.",
        "CHAPTER I: GENERAL PROVISIONS",
    ]


def test_an_act_of_old_has_its_articles_too():
    lines = ("Whereas accounts exist;", "Article 1", "(a) Be kind.", "Sole Article", "End.")
    markup = f"<TXT_TE>{''.join(f'<p>{line}</p>' for line in lines)}</TXT_TE>"
    blocks = read_act_text(markup.encode(), preamble=False)
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.HEADING, "Article 1"),
        (BlockKind.ITEM, "(a) Be kind."),
        (BlockKind.HEADING, "Sole Article"),
        (BlockKind.PARAGRAPH, "End."),
    ]


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("Article 12a", True),
        ("ARTICLE 3", True),
        ("TITLE VII", True),
        ("PART ONE", True),
        ("ANNEX", True),
        ("Section 1", True),
        ("Article 3 is deleted.", False),
        ("\u2018Article 3", False),
        ("Articles", False),
    ],
)
def test_headings_are_known_by_their_words(line, is_heading):
    (block,) = read_act_text(f"<p>{line}</p>".encode(), preamble=True)
    assert (block.kind is BlockKind.HEADING) is is_heading


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<div>Before <b>the</b> list<p>inside</p>after</div>", ["Before the list", "inside", "after"]),
        ("<p>one<br/>line</p>", ["one line"]),
        ("<p>a<!-- unseen -->b</p><script>no()</script>", ["ab"]),
        ("<table><tr><td>1.</td><td>One.</td></tr></table>", ["1. One."]),
        ("<table><tr><td>—</td><td><p>One,</p><p>two.</p></td></tr></table>", ["— One,", "two."]),
        (
            "<table><tr><td>One</td><td><table><tr><td>(a)</td><td>two</td></tr></table></td></tr></table>",
            ["One", "(a) two"],
        ),
        ("<p>See note (<a href='#E1'><span>12</span></a>).</p>", ["See note."]),
        ("<p>See <a href='#anx_I'>Annex I</a>.</p>", ["See Annex I."]),
        ("<p>►M1 New ◄ and ►C2 right ◄.</p>", ["New and right."]),
        ("<p>(a)</p>", ["(a)"]),
        ("", []),
    ],
)
def test_what_stands_in_a_block_of_its_own_is_a_line(markup, lines):
    assert said(markup) == lines


def test_a_document_that_nests_endlessly_is_read():
    assert said("<div>" * 20_000 + "deep") == ["deep"]


@given(st.text(alphabet=st.sampled_from("<>/=\"' #dpatrbvspn()1.—►◄M"), max_size=80))
def test_whatever_the_markup_each_line_says_something(markup):
    assert all(said(markup))


@given(st.binary(max_size=60))
def test_any_bytes_can_be_read(body):
    assert all(block.text for block in read_act_text(body, preamble=False))
