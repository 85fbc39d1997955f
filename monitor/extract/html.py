"""HTML → blocks: which part of the page is read, and how its elements become blocks.

Every word of the kept part comes out exactly once and in reading order. Not read, because no reader sees it as text of
the document: comments, script, style, noscript, template, svg, iframe, object, embed, audio, video, canvas, head,
alternative texts, what is struck out (del, s, strike), and form fields (select, textarea, datalist). The text of a
button is read: policy pages put headings of folded sections into buttons. So is text that a style sheet or an attribute
hides: folded sections and tabs are hidden that way too.

    heading              h1 to h6, role=heading (aria-level, default 2)
    item                 li, dt, dd
    row                  tr of two or more cells, joined by " | "; headings or tables within make it layout, not a row
    quote                blockquote
    paragraph            everything else, captions and summaries too; `<br><br>`, a `<br>` before a bullet or a clause
                         number, and an empty line in pre, separate paragraphs
    inline elements      separate nothing: `un<b>fair</b>` is one word (`html_inline` has what else stands in a line)

Numbers of list items are read where they are text. Those that a browser counts are not in the page: to count them here
would turn one item that is put in into a change of all that follow. For the same reason the header cells of a table
are a row of their own and are not repeated in each row: a column with a new name is one change.

Does not do: decoding bytes, judging whether this is the page at all (`quality`), finding the main content
(`main_content`) or what is between two elements (`ranges`), making links absolute.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeGuard

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.extract.html_blocks import DROPPED, read_nodes
from monitor.extract.main_content import find_main_content
from monitor.extract.normalise import fold, spell_language
from monitor.extract.ranges import keep
from monitor.model import BlockKind, Extract

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from selectolax.lexbor import LexborNode

    from monitor.model import Block, Selector

_LANGUAGES = (
    ("html[lang]", "lang"),
    ("html", "xml:lang"),
    ("meta[http-equiv=content-language i]", "content"),
    ('meta[property="og:locale"]', "content"),
)

_SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:.-]*)((?:\s[^<>]*)?)/>"
)


def read_html(markup: str, *, select: Sequence[Selector] = (), remove: Sequence[Selector] = ()) -> Extract:
    """The kept part of a page: what `select` matches (default: the main content) without what `remove` matches.

    No block where nothing is kept, or a Range is not on the page (`find_lost_range`). Raises selectolax.SelectolaxError
    for a selector that `check_selector` complains of.
    """
    page = parse(markup)
    blocks = read_nodes(*_choose(page, select, remove))
    return Extract(_title(page, blocks), blocks, _language(page), _count_letters(page))


def find_lost_range(markup: str, select: Sequence[Selector], remove: Sequence[Selector]) -> str:
    """Which Range cannot be found on the page and why, as the beginning of a sentence; "" where none is lost."""
    return "" if _is_plain(select) and _is_plain(remove) else keep(parse(markup), select, remove).lost


def read_fragment(markup: str) -> tuple[Block, ...]:
    """All blocks of a piece of HTML, such as the content of a feed entry."""
    return read_nodes(_matches(parse(markup), ["body"]), frozenset())


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


def parse(markup: str) -> LexborHTMLParser:
    """The page, with scripting as in a browser: a noscript in the head holds text and cannot end the head early."""
    return LexborHTMLParser(markup.encode("utf-8", "replace"), scripting=True)


def _choose(
    page: LexborHTMLParser, select: Sequence[Selector], remove: Sequence[Selector]
) -> tuple[list[LexborNode], frozenset[int]]:
    """The elements to read, one after the other, and the `mem_id`s to leave out of them."""
    if not (_is_plain(select) and _is_plain(remove)):
        kept = keep(page, select, remove)
        return find_main_content(page, frozenset()) if kept.roots is None else (kept.roots, frozenset())
    removed = _ids(_matches(page, remove))
    return (_outermost(_matches(page, select)), removed) if select else find_main_content(page, removed)


def _is_plain(selectors: Sequence[Selector]) -> TypeGuard[Sequence[str]]:
    """Whether there is no Range among them."""
    return all(isinstance(each, str) for each in selectors)


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


def _title(page: LexborHTMLParser, blocks: Iterable[Block]) -> str:
    title = page.css_first("head > title")
    text = fold(title.text()) if title is not None else ""
    return text or next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")


def _count_letters(page: LexborHTMLParser) -> int:
    """Of all that can be read on the page. Takes the rest out of it, so nothing can be read from it afterwards."""
    page.strip_tags([each for each in DROPPED if not each.startswith("-")])
    return len(fold(page.body.text())) if page.body else 0


def _language(page: LexborHTMLParser) -> str:
    """As the page declares it: `<html lang>`, else one of the two meta elements for it."""
    for selector, attribute in _LANGUAGES:
        node = page.css_first(selector)
        language = spell_language(node.attributes.get(attribute) or "") if node is not None else ""
        if language:
            return language
    return ""
