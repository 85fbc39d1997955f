"""HTML → blocks: which part of the page is read, and how its elements become blocks.

Every word of the kept part comes out exactly once and in reading order. Not read, because no reader sees it as text of
the document: comments, script, style, noscript, template, svg, iframe, object, embed, audio, video, canvas, head, and
form fields (select, textarea, datalist). The text of a button is read: policy pages put headings of folded sections
into buttons. So is text that a style sheet or an attribute hides: folded sections are hidden that way too.

    heading              h1 to h6, role=heading (aria-level, default 2)
    item                 li, dt, dd
    row                  tr of two or more cells, joined by " | "; headings or tables within make it layout, not a row
    quote                blockquote
    paragraph            everything else; `<br><br>`, and an empty line in pre, separate paragraphs
    inline elements      separate nothing: `un<b>fair</b>` is one word

Numbers of list items are read where they are text; those that a browser counts are not in the page.

Does not do: decoding bytes, judging whether this is the page at all (`quality`), making links absolute.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.extract.html_blocks import read_nodes
from monitor.extract.normalise import fold
from monitor.model import BlockKind, Extract

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from selectolax.lexbor import LexborNode

    from monitor.model import Block

_NAVIGATION = "nav, [role=navigation]"
_LANDMARKS = "header, footer, aside, [role=banner], [role=contentinfo], [role=complementary]"
_SECTIONING = ("main", "article", "blockquote")
_OWN_LANDMARKS = ", ".join(f"{outer} {inner}" for outer in _SECTIONING for inner in ("header", "footer", "aside"))
"""Headers and footers within content belong to the content (HTML standard, 4.3.8), and so do asides there."""
_CONTENT = ("main, [role=main]", "article, [role=article]")
_MAIN_SHARE = 0.5
"""Share of the text outside navigation that `main` or `article` must hold to stand for the page. Some publishers keep
the policy beside it; to miss it would be worse than to read a footer."""

_SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:.-]*)((?:\s[^<>]*)?)/>"
)


def read_html(markup: str, *, select: Sequence[str] = (), remove: Sequence[str] = ()) -> Extract:
    """The kept part of a page: what `select` matches (default: the main content) without what `remove` matches.

    No block where nothing is kept. Raises selectolax.SelectolaxError for a selector that `check_selector` complains of.
    """
    page = _parse(markup)
    removed = _ids(_matches(page, remove))
    blocks = read_nodes(_outermost(_matches(page, select)), removed) if select else _main_content(page, removed)
    return Extract(_title(page, blocks), blocks)


def read_fragment(markup: str) -> tuple[Block, ...]:
    """All blocks of a piece of HTML, such as the content of a feed entry."""
    return read_nodes(_matches(_parse(markup), ["body"]), frozenset())


def read_text(markup: str) -> str:
    """All words of a piece of HTML as one line, such as a title with mark-up in it."""
    return " ".join(block.text for block in read_fragment(markup))


def close_elements(xhtml: str) -> str:
    """XHTML as HTML reads it: `<a id="x"/>` closes itself in XHTML only, in HTML the link would never end."""
    return _SELF_CLOSED.sub(r"<\1\2></\1>", xhtml)


def check_selector(selector: str) -> str | None:
    """What is wrong with a CSS selector; None if it can be used."""
    try:
        LexborHTMLParser("").css(selector)
    except SelectolaxError:
        return f'"{selector}" is no CSS selector that can be used. Examples: main, .policy-text, #terms > section'
    return None


def _parse(markup: str) -> LexborHTMLParser:
    # With scripting, as in a browser: a noscript in the head then holds text and cannot end the head early.
    return LexborHTMLParser(markup.encode("utf-8", "replace"), scripting=True)


def _matches(page: LexborHTMLParser, selectors: Sequence[str]) -> list[LexborNode]:
    """What any of the selectors matches, in document order, each once."""
    found = {node.mem_id: node for selector in selectors for node in page.css(selector)}
    if len(selectors) == 1:
        return list(found.values())
    return [node for node in page.css("*") if node.mem_id in found] if found else []


def _outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """Nodes in document order without those inside another of them."""
    kept: list[LexborNode] = []
    for node in nodes:
        if not kept or not _is_inside(node, kept[-1].mem_id):
            kept.append(node)
    return kept


def _is_inside(node: LexborNode, outer: int) -> bool:
    above = node.parent
    while above is not None and above.mem_id != outer:
        above = above.parent
    return above is not None


def _ids(nodes: Iterable[LexborNode]) -> frozenset[int]:
    return frozenset(node.mem_id for node in nodes)


def _main_content(page: LexborHTMLParser, removed: frozenset[int]) -> tuple[Block, ...]:
    """`main`, else `article`, where it holds most of the text; else the body without navigation and landmarks."""
    whole = _matches(page, ["body"])
    removed |= _ids(page.css(_NAVIGATION))
    landmarks = _ids(page.css(_LANDMARKS)) - _ids(page.css(_OWN_LANDMARKS))
    body = read_nodes(whole, removed | landmarks)
    for selector in _CONTENT:
        blocks = read_nodes(_outermost(_matches(page, [selector])), removed)
        if blocks and _size(blocks) >= _MAIN_SHARE * _size(body):
            return blocks
    return body or read_nodes(whole, removed)


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _title(page: LexborHTMLParser, blocks: Iterable[Block]) -> str:
    title = page.css_first("head > title")
    text = fold(title.text()) if title is not None else ""
    return text or next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
