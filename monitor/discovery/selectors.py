"""Selectors for the main content of a page, short and lasting, that keep what the detection of main content keeps.

1. The main content is found without selectors (`monitor.extract.main_content`). An address that names a place in the
   page (`#terms`) means the part that begins there, where one element holds it.
2. Down from `body` runs a path of elements, each of which holds most of that text. A lasting name (`naming`) that
   matches exactly one of them is a candidate; the only level-one heading may stand beside it.
3. What a candidate holds beside the main content is removed by the names of what holds it, never with any text.
4. The candidate that costs least is proposed: text that is lost counts most, then text too much, then how long its
   names can be expected to hold, then how many they are.

Where none does, none is proposed: the main content is then found anew at each reading.

Does not do: judging whether the page is the document, reading its blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.discovery.naming import Hold, Name, get_names
from monitor.discovery.parts import Part, Weights, find_part, find_place, weigh
from monitor.extract.html import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

PATH_SHARE = 0.6
"""Least share of the main content that an element on the path holds."""
MOST_LOST = 0.02
"""Most of the main content that selectors may lose: a date above the text, never a section."""
MOST_SURPLUS = 0.2
"""Most text too much, as a share of the main content: beyond that the detection does better."""
MOST_REMOVED = 6
LOST_COST, SURPLUS_COST, HOLD_COST, SELECTOR_COST, REMOVE_COST, TITLE_COST = 3.0, 1.0, 0.01, 0.01, 0.004, 0.03
"""Of all the text, of as much too much, of each step of Hold, of each selector, and of a title that is lost."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """What an entry says under `select` and `remove`; without any, the main content is meant.

    `place` is the id that the address names, where only what begins there is selected.
    """

    select: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    select: tuple[str, ...]
    nodes: tuple[LexborNode, ...]
    hold: Hold
    lacks_title: bool = False


@dataclass(frozen=True, slots=True)
class _Measured:
    """The part to select, and what every element of the page holds of it."""

    part: Part
    weights: Weights

    @property
    def total(self) -> int:
        return self.weights.kept(self.part.body)

    def lost(self, nodes: Sequence[LexborNode]) -> float:
        """Share of the part that does not stand in these elements, none of which holds another."""
        return 1 - sum(map(self.weights.kept, nodes)) / self.total


def propose_selectors(markup: str, place: str = "") -> Selectors:
    """The selectors to watch this page by; `place` is what its address names behind #."""
    part = find_part(parse(markup), (), ())
    if part is None:
        return Selectors()
    whole = _Measured(part, weigh(part))
    if not whole.total:
        return Selectors()
    if place and (found := find_place(part, whole.weights, place)):
        narrow, target = found
        best = _choose(_Measured(narrow, weigh(narrow)), target)
        if best.select:
            return replace(best, place=place)
    return _choose(whole)


def _choose(measured: _Measured, target: LexborNode | None = None) -> Selectors:
    """The selectors that cost least, of those that leave little too much. `target` is what the address names."""
    best, least = Selectors(), float("inf")
    for candidate in _iter_candidates(measured, target):
        remove, left = _find_removable(measured, candidate)
        surplus = left / measured.total
        cost = (
            LOST_COST * measured.lost(candidate.nodes)
            + SURPLUS_COST * surplus
            + HOLD_COST * candidate.hold
            + REMOVE_COST * len(remove)
            + SELECTOR_COST * len(candidate.select)
            + (TITLE_COST if candidate.lacks_title else 0)
        )
        if surplus <= MOST_SURPLUS and cost < least:
            best, least = Selectors(candidate.select, remove), cost
    return best


def _iter_candidates(measured: _Measured, target: LexborNode | None) -> Iterator[_Candidate]:
    """Elements that hold all of the part, by each of their names, the outermost first."""
    for node in _iter_path(measured):
        for name in [*get_names(node), *_iter_relations(node, target)]:
            nodes = measured.part.page.css(name.selector)
            if len(nodes) == 1 or {each.mem_id for each in nodes} == measured.part.roots:
                yield from _iter_with_title(measured, name, nodes)


def _iter_with_title(measured: _Measured, name: Name, nodes: Sequence[LexborNode]) -> Iterator[_Candidate]:
    """These elements, and beside them the only title of the page where it stands outside."""
    titles = measured.part.page.css("h1")
    outside = len(titles) == 1 and measured.weights.kept(titles[0]) > 0 and not _is_inside(titles[0], nodes)
    if measured.lost(nodes) <= MOST_LOST:
        yield _Candidate((name.selector,), tuple(nodes), name.hold, lacks_title=outside)
    if outside and measured.lost([*titles, *nodes]) <= MOST_LOST:
        yield _Candidate(("h1", name.selector), (*titles, *nodes), name.hold)


def _is_inside(node: LexborNode, others: Sequence[LexborNode]) -> bool:
    outer = {each.mem_id for each in others}
    above: LexborNode | None = node
    while above is not None and above.mem_id not in outer:
        above = above.parent
    return above is not None


def _iter_relations(node: LexborNode, target: LexborNode | None) -> Iterator[Name]:
    """How an element is known by what the address names: it is that, or it begins with it."""
    place = target.attributes.get("id") if target is not None else None
    if target is None or not place:
        return
    if node.mem_id == target.mem_id:
        yield Name(f'[id="{place}"]', Hold.CONTENT)
    elif node.attributes.get("aria-labelledby") == place:
        yield Name(f'[aria-labelledby="{place}"]', Hold.CONTENT)
    elif target.parent is not None and target.parent.mem_id == node.mem_id:
        yield Name(f'{node.tag}:has(> [id="{place}"])', Hold.NAME)


def _iter_path(measured: _Measured) -> Iterator[LexborNode]:
    """The elements that hold most of the part, from the outermost below `body`; at its end, the roots of the part."""
    kept, least = measured.weights.kept, PATH_SHARE * measured.total
    node: LexborNode | None = measured.part.body
    while node is not None:
        children = list(node.iter())
        node = next((each for each in children if kept(each) >= least), None)
        if node is not None:
            yield node
        else:
            yield from (each for each in children if each.mem_id in measured.part.roots)


def _find_removable(measured: _Measured, candidate: _Candidate) -> tuple[tuple[str, ...], int]:
    """Selectors of what to remove from the candidate's elements, and how many bytes too much are left in them."""
    kept, dropped = measured.weights.kept, measured.weights.dropped
    left = {each.mem_id: each for node in candidate.nodes for each in _iter_surplus(measured.weights, node)}
    remove: list[str] = []
    for node in sorted(left.values(), key=dropped, reverse=True):
        if node.mem_id not in left or len(remove) == MOST_REMOVED:
            continue
        for name in get_names(node):
            matched = measured.part.page.css(name.selector)
            if name.hold < Hold.LAYOUT and not any(map(kept, matched)):
                remove.append(name.selector)
                left = {id_: each for id_, each in left.items() if id_ not in {match.mem_id for match in matched}}
                break
    return tuple(remove), sum(map(dropped, left.values()))


def _iter_surplus(weights: Weights, root: LexborNode) -> Iterator[LexborNode]:
    """The outermost elements below `root` that hold text and none that is kept."""
    pending = [root]
    while pending:
        for child in pending.pop().iter():
            if weights.kept(child):
                pending.append(child)
            elif weights.dropped(child):
                yield child
