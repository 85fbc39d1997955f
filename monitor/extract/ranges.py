"""Ranges: everything from one element of a page to another, whatever elements these stand in.

As in the engine of Open Terms Archive, whose declarations use them: each end is the first element that its selector
matches; what is removed goes first, and the ends of what is kept are looked for in the rest. A range holds what DOM's
`Range` holds: all nodes between its two points, and of an element that it begins or ends within only the part inside.
A range with no end, or with its ends in the wrong order, is lost, and nothing of the page is kept.

Every node has a place: its number in the order of the page. So an element, and a range as well, is a stretch of
places, what a page keeps is some stretches, and the rest is taken out of the tree.

Does not do: pages without ranges (`html`), reading what is kept (`html_blocks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.model import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from monitor.model import Selector

_Stretch = tuple[int, int]
"""The places of the first node and of the first one after the last."""


class Kept(NamedTuple):
    """The elements to read in their order, with nothing in them that is not kept; None: the page was not selected of.

    `lost` says which range was lost; then nothing is kept.
    """

    roots: list[LexborNode] | None
    lost: str = ""


def keep(page: LexborHTMLParser, select: Sequence[Selector], remove: Sequence[Selector]) -> Kept:
    """What `select` matches (nothing given: the page) without what `remove` matches. Takes the rest out of the page."""
    try:
        if remove:
            _take_out(page, remove)
        return Kept(_keep_only(page, select) if select else None)
    except _LostError as lost:
        return Kept([], str(lost))


class _LostError(Exception):
    """A range that is not on the page, in words."""


class _Places:
    """Where the nodes of a page stand."""

    def __init__(self, page: LexborHTMLParser) -> None:
        self._page = page
        self._nodes: list[LexborNode] = []
        self._places: dict[int, int] = {}
        self._ends: list[int] = []
        """Of each node: the place after the last one within it."""
        self._number(page)

    def _number(self, page: LexborHTMLParser) -> None:
        around: list[tuple[int, int]] = []
        for place, node in enumerate(page.root.traverse(include_text=True) if page.root else ()):
            parent = node.parent
            outside = parent.mem_id if parent else 0
            while around and around[-1][0] != outside:
                self._ends[around.pop()[1]] = place
            around.append((node.mem_id, place))
            self._nodes.append(node)
            self._places[node.mem_id] = place
            self._ends.append(place)
        for _, place in around:
            self._ends[place] = len(self._nodes)

    def of(self, selector: Selector) -> list[_Stretch]:
        """Raises _LostError for a range that is not on the page."""
        if isinstance(selector, Range):
            return [self._of_range(selector)]
        return [self._of_node(node) for node in self._page.css(selector)]

    def _of_node(self, node: LexborNode) -> _Stretch:
        place = self._places[node.mem_id]
        return place, self._ends[place]

    def _of_range(self, each: Range) -> _Stretch:
        start = self._of_end(each.start_before or each.start_after or "")[each.start_before is None]
        end = self._of_end(each.end_before or each.end_after or "")[each.end_before is None]
        if end <= start:
            raise _LostError(f"the range {each} has its end before its start on")
        return start, end

    def _of_end(self, selector: str) -> _Stretch:
        found = self._page.css_first(selector)
        if found is None:
            raise _LostError(f'"{selector}", an end of a range, matches nothing of')
        return self._of_node(found)

    def find_root(self, stretch: _Stretch) -> int:
        """The place of the innermost element that holds all of the stretch."""
        place = stretch[0]
        while self._ends[place] < stretch[1]:
            parent = self._nodes[place].parent
            place = self._places[parent.mem_id] if parent else 0
        return place

    def take_out(self, stretch: _Stretch) -> None:
        """Take the nodes of a stretch out of the tree; one that reaches beyond it stays with what is beyond."""
        place, end = max(stretch[0], 1), stretch[1]  # the outermost node cannot go
        while place < end:
            if self._ends[place] <= end:
                self._nodes[place].decompose(recursive=False)
                place = self._ends[place]
            else:
                place += 1

    def read(self, places: Iterable[int]) -> Iterator[tuple[LexborNode, _Stretch]]:
        """Nodes with their stretches, in the order of the page, without those inside another of them."""
        end = 0
        for place in sorted(places):
            if place >= end:
                end = self._ends[place]
                yield self._nodes[place], (place, end)


def _take_out(page: LexborHTMLParser, remove: Sequence[Selector]) -> None:
    places = _Places(page)
    for stretch in [stretch for selector in remove for stretch in places.of(selector)]:  # all before the first goes
        places.take_out(stretch)


def _keep_only(page: LexborHTMLParser, select: Sequence[Selector]) -> list[LexborNode]:
    places = _Places(page)
    kept = _merge(stretch for selector in select for stretch in places.of(selector))
    roots = list(places.read(places.find_root(stretch) for stretch in kept))
    for _, (start, end) in roots:
        for gap in _iter_gaps(kept, start, end):
            places.take_out(gap)
    return [node for node, _ in roots]


def _merge(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """The same places in stretches that do not overlap, in order."""
    merged: list[_Stretch] = []
    for start, end in sorted(stretches):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def _iter_gaps(kept: Iterable[_Stretch], start: int, end: int) -> Iterator[_Stretch]:
    """What lies between start and end in none of these."""
    for first, after in kept:
        if start < after and first < end:
            yield start, first
            start = after
    yield start, end
