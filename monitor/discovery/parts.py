"""Which part of a page is kept, and how much text stands where.

    find_part    what selectors keep, or the main content
    find_place   the part that begins where an address points to (`#terms`)
    weigh        the text under each element, kept and all

Does not do: choosing selectors (`selectors`), saying in words what is dropped (`survey`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.extract.html_blocks import DROPPED
from monitor.extract.main_content import find_main_content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_PLACE = 0.9
"""Share of the kept text from which on a place is no part any more, but all of it."""
LEAST_PLACE = 300
"""Bytes of text that make a place a part: fewer are a heading."""
_PLACE = re.compile(r"[\w.:-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """What is kept of a page: what stands under one of `roots` and under none of `left_out` (`mem_id`s)."""

    page: LexborHTMLParser
    body: LexborNode
    roots: frozenset[int]
    left_out: frozenset[int]

    def keeps(self, node: LexborNode, *, above: bool) -> bool:
        """Whether text in `node` is kept, where `above` says whether that of the element above is."""
        return node.mem_id not in self.left_out and (above or node.mem_id in self.roots)


@dataclass(frozen=True, slots=True)
class Weights:
    """Bytes of text, white space apart, under each element that holds any: all and kept, by `mem_id`."""

    sums: dict[int, tuple[int, int]]

    def kept(self, node: LexborNode) -> int:
        return self.sums.get(node.mem_id, (0, 0))[1]

    def dropped(self, node: LexborNode) -> int:
        every, kept = self.sums.get(node.mem_id, (0, 0))
        return every - kept


def find_part(page: LexborHTMLParser, select: Sequence[str], remove: Sequence[str]) -> Part | None:
    """What these selectors keep; without `select` the main content. None for a page without a body."""
    body = page.css_first("body")
    if body is None:
        return None
    removed = _find_ids(page, remove)
    if select:
        return Part(page, body, _find_ids(page, select), removed)
    roots, left_out = find_main_content(page, removed)
    return Part(page, body, frozenset(each.mem_id for each in roots), left_out)


def _find_ids(page: LexborHTMLParser, selectors: Sequence[str]) -> frozenset[int]:
    return frozenset(node.mem_id for selector in selectors for node in page.css(selector))


def find_place(part: Part, weights: Weights, fragment: str) -> tuple[Part, LexborNode] | None:
    """What of the part begins at the element of this id, and that element; None where none holds a part alone.

    A heading stands for what it begins: the outermost element in which no text stands before it.
    """
    nodes = part.page.css(f'[id="{fragment}"]') if _PLACE.fullmatch(fragment) else []
    if not nodes:
        return None
    whole, place = weights.kept(part.body), nodes[0]
    while (above := place.parent) is not None and _begins(above, place, weights):
        if weights.kept(above) >= MOST_PLACE * whole:
            break
        place = above
    if not LEAST_PLACE <= weights.kept(place) < MOST_PLACE * whole:
        return None
    return replace(part, roots=frozenset({place.mem_id})), nodes[0]


def _begins(above: LexborNode, place: LexborNode, weights: Weights) -> bool:
    """Whether `place` holds the first text of the element above it."""
    first = next((each for each in above.iter() if weights.kept(each) or each.mem_id == place.mem_id), None)
    return first is not None and first.mem_id == place.mem_id


def weigh(part: Part) -> Weights:
    """What every element of the page holds. A loop, not a recursion: pages nest as deep as they like."""
    sums: dict[int, tuple[int, int]] = {}
    every = kept = 0
    above: list[tuple[LexborNode, bool, tuple[int, int]]] = []
    node, inside, begin = part.body, part.keeps(part.body, above=False), (0, 0)
    child = node.first_child
    while True:
        while child is not None:
            if child.tag == "-text":
                size = len("".join((child.text_content or "").split()).encode("utf-8", "replace"))
                every, kept = every + size, kept + (size if inside else 0)
            elif child.tag not in DROPPED:
                above.append((node, inside, begin))
                node, inside, begin = child, part.keeps(child, above=inside), (every, kept)
                child = child.first_child
                continue
            child = child.next
        if every > begin[0]:
            sums[node.mem_id] = (every - begin[0], kept - begin[1])
        if not above:
            return Weights(sums)
        child = node.next
        node, inside, begin = above.pop()
