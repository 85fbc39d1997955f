"""Which part of a page is its text, where nobody has said so with selectors.

What is kept is found by leaving out, never by picking: a sentence that these rules do not understand stays in.

1. Furniture (`furniture`) goes wherever it stands, unless a good part of the page's sentences is in it.
2. `main`, else `article`, stands for the page where it holds most of the text; else the body does.
3. The spine runs from there down, as long as one container holds two thirds of all sentences. What hangs off the
   spine goes where it is furniture by name or more than half of it is links; so do the first and the last boxes at its
   end. A level-one heading stays, and what stands between paragraphs is never looked at.

A sentence is a run of text outside links of 40 bytes or more (UTF-8: a Chinese character says as much as three
letters). Links to a place in the page and to a person are text. The shares leave room on both sides: real texts have
less than a fifth of their letters in links, menus more than four fifths.

Does not do: reading the blocks of what is kept (`html_blocks`).
"""

from __future__ import annotations

import re
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from monitor.extract.furniture import find_furniture, is_edge
from monitor.extract.html_blocks import DROPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

SENTENCE_BYTES = 40
MAIN_SHARE = 0.5
"""Share of the text that `main` or `article` must hold to stand for the page. Some publishers keep the policy beside
it; to miss it would be worse than to read a footer."""
SPINE_SHARE = 2 / 3
LINKED_SHARE = 0.5
SURE_SHARE = 0.5
NAMED_SHARE = 0.2
"""Of all sentences, what an element may hold and still be furniture: by its kind, and by its name only."""
ROUNDS = 3
"""Most times that what turned out to be no furniture is put back before none of it is left out."""

_CONTENT = (":is(main, [role=main])", ":is(article, [role=article])")
_CONTAINERS = frozenset({"body", "main", "div", "section", "article", "form", "center", "table", "tbody", "tr", "td"})
_BOXES = frozenset({"div", "section", "header", "footer", "aside", "form"})
_COPYRIGHT = re.compile(r"(?:copyright )?\s*(?:©|\(c\))|copyright (?:19|20)\d\d", re.IGNORECASE)
_UNFOLDING = ("aria-expanded", "aria-controls")
_PERSONAL = ("mailto:", "tel:")


class _Weight(NamedTuple):
    """Bytes of text under one element, furniture apart: all, in links and buttons, in sentences outside them."""

    all: int = 0
    linked: int = 0
    sentences: int = 0
    titles: int = 0
    """Bytes of level-one headings outside links."""


_Sums = tuple[int, int, int, int]
"""The fields of a _Weight, as a pass over the page adds them up."""


class _Weights:
    """The weight of every element that is read, by `mem_id`: what was added up between its begin and its end."""

    def __init__(self) -> None:
        self.spans: dict[int, tuple[_Sums, _Sums]] = {}

    def of(self, element: int) -> _Weight:
        span = self.spans.get(element)
        return _Weight(*map(sub, span[1], span[0])) if span else _Weight()


def find_main_content(page: LexborHTMLParser, removed: frozenset[int]) -> tuple[list[LexborNode], frozenset[int]]:
    """The elements to read, one after the other, and the `mem_id`s to leave out of them, `removed` among these."""
    body = page.css_first("body")
    if body is None:
        return [], removed
    left_out, weights = _leave_out_furniture(page, body, removed)
    whole = weights.of(body.mem_id)
    if not whole.all:
        return [body], removed
    for selector in _CONTENT:
        roots = _outermost(page.css(selector))
        if sum(weights.of(root.mem_id).all for root in roots) >= MAIN_SHARE * whole.all:
            break
    else:
        roots = [body]
    if len(roots) == 1:
        left_out |= frozenset(_iter_off_spine(roots[0], weights))
    return roots, left_out


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those, in the order of the page, that are inside none of the others: what is inside would be read twice."""
    found: list[LexborNode] = []
    for node in nodes:
        if not found or not _is_inside(node, found[-1].mem_id):
            found.append(node)
    return found


def _is_inside(node: LexborNode, mem_id: int) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id != mem_id:
        parent = parent.parent
    return parent is not None


def _leave_out_furniture(
    page: LexborHTMLParser, body: LexborNode, removed: frozenset[int]
) -> tuple[frozenset[int], _Weights]:
    """What to leave out wherever it stands, and the weights of everything else."""
    sure, named = find_furniture(page)
    leads_away = _away_from({node.attributes["id"] or "" for node in page.css("[id]")})
    for _ in range(ROUNDS):
        weights = _weigh(body, removed, sure | named, leads_away)
        sentences = {each: weights.of(each).sentences for each in sure | named}
        total = weights.of(body.mem_id).sentences + sum(sentences.values())
        text = {each for each in sentences if sentences[each] > (SURE_SHARE if each in sure else NAMED_SHARE) * total}
        if not text:
            return removed | sure | named, weights
        sure, named = sure - text, named - text
    return removed, _weigh(body, removed, frozenset(), leads_away)


def _away_from(places: set[str]) -> Callable[[str, LexborNode], bool]:
    """A test whether text in a link or button is that of a menu: it leaves the page, or unfolds nothing of it."""

    def leads_away(tag: str, node: LexborNode) -> bool:
        if tag == "button":
            return not any(name in node.attributes for name in _UNFOLDING) and node.attributes.get("role") != "tab"
        target = node.attributes.get("href") or ""
        place = target.partition("#")[2]
        return bool(target) and not target.startswith(_PERSONAL) and not (place and place in places)

    return leads_away


def _weigh(
    body: LexborNode, removed: frozenset[int], apart: frozenset[int], leads_away: Callable[[str, LexborNode], bool]
) -> _Weights:
    """Weigh everything that is read; what is `apart` counts for itself and not above. A loop: pages nest deep."""
    weights = _Weights()
    above: list[tuple[LexborNode, _Sums, bool, bool]] = []
    sums: _Sums = (0, 0, 0, 0)
    begin, linked, title = sums, False, False
    node, child = body, body.first_child
    while True:
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                text = (child.text_content or "").strip()
                if text:
                    sums = _add(sums, text, linked=linked, title=title)
            elif tag not in DROPPED and child.mem_id not in removed:
                above.append((node, begin, linked, title))
                node, begin = child, sums
                linked, title = linked or (tag in {"a", "button"} and leads_away(tag, child)), title or tag == "h1"
                child = child.first_child
                continue
            child = child.next
        if sums is not begin:
            weights.spans[node.mem_id] = (begin, sums)
            sums = begin if node.mem_id in apart else sums
        if not above:
            return weights
        child = node.next
        node, begin, linked, title = above.pop()


def _add(sums: _Sums, text: str, *, linked: bool, title: bool) -> _Sums:
    size = len(text) if text.isascii() else len(text.encode())
    every, links, sentences, titles = sums
    if linked or _COPYRIGHT.match(text):
        return every + size, links + size, sentences, titles
    return every + size, links, sentences + (size if size >= SENTENCE_BYTES else 0), titles + (size if title else 0)


def _iter_off_spine(root: LexborNode, weights: _Weights) -> Iterator[int]:
    """What to leave out around the sentences below `root`."""
    total = weights.of(root.mem_id).sentences
    spine: LexborNode | None = root if total else None
    while spine is not None:
        children = [child for child in spine.iter() if child.tag not in DROPPED]
        spine = next((each for each in children if weights.of(each.mem_id).sentences >= SPINE_SHARE * total), None)
        if spine is not None and _is_container(spine):
            yield from _iter_around(children, spine.mem_id, weights, total)
        else:
            yield from _iter_ends(children, weights, total)
            spine = None


def _is_container(element: LexborNode) -> bool:
    return element.tag in _CONTAINERS or "-" in (element.tag or "")


def _iter_around(elements: list[LexborNode], spine: int, weights: _Weights, total: int) -> Iterator[int]:
    """What is furniture off the spine: a whole element, or a part of one that holds a title or few sentences.

    In one with sentences a list of links may be text, so that its parts are told by their names only.
    """
    pending = [(element, True) for element in elements if element.mem_id != spine]
    while pending:
        element, by_links = pending.pop()
        weight = weights.of(element.mem_id)
        if not weight.all or weight.sentences > NAMED_SHARE * total:
            continue
        if not weight.titles and (is_edge(element) or (by_links and _is_linked(weight))):
            yield element.mem_id
        else:
            by_links = by_links and (not weight.sentences or bool(weight.titles))
            pending += [(child, by_links) for child in element.iter()]


def _iter_ends(children: list[LexborNode], weights: _Weights, total: int) -> Iterator[int]:
    """The boxes of furniture before the first and after the last text at the end of the spine."""
    for order in (children, children[::-1]):
        for child in order:
            weight = weights.of(child.mem_id)
            if not weight.all:
                continue
            if weight.titles or child.tag not in _BOXES or not _is_furniture(child, weight, total):
                break
            yield child.mem_id


def _is_furniture(element: LexborNode, weight: _Weight, total: int) -> bool:
    return weight.sentences <= NAMED_SHARE * total and (_is_linked(weight) or is_edge(element))


def _is_linked(weight: _Weight) -> bool:
    return weight.linked > LINKED_SHARE * weight.all
