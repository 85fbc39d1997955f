"""Whether a page says the same twice in a row, and which of its parts do not: clocks, counters, what is drawn by lot.

What differs within seconds will differ at every look, and would be told as a change, or hide one. A selector for
`remove` is proposed where it takes out what differs and hardly anything else, as reading both answers with it proves.

Does not do: fetching; texts that take turns over days (`monitor.alternation`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare import kinds
from monitor.discovery.naming import get_names
from monitor.extract.html import parse, read_html
from monitor.extract.normalise import fold
from monitor.model import TOLD_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from monitor.discovery.selectors import Selectors
    from monitor.model import Block

MOST_REMOVED = 4
MOST_TRIED = 40
SLACK_WORDS = 8
"""Words beside what differs that may go with it: "Views:", "Updated"."""


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What differed between two looks at a page.

    `ticks` are pairs of what stood there before and after; `told` is whether people would be told of such a change.
    """

    ticks: tuple[tuple[str, str], ...] = ()
    told: bool = False


def compare_looks(before: Sequence[Block], after: Sequence[Block]) -> Steadiness:
    """What two texts that were read in a row differ in."""
    judgement = kinds.compare(before, after)
    if judgement is None:
        return Steadiness()
    ticks = tuple((each.before, each.after) for each in judgement.passages)
    return Steadiness(ticks, judgement.kind in TOLD_KINDS)


def find_ticking(before: str, after: str, chosen: Selectors) -> tuple[str, ...]:
    """Selectors that take out what differs between two looks and nothing else; () where nothing differs, or none do.

    `before` and `after` are the mark-up, `chosen` the selectors that it is read by.
    """
    remove: list[str] = []
    looks = _Looks.read(before, after, chosen, remove)
    while looks.differing and len(remove) < MOST_REMOVED:
        better = list(_iter_better(looks, before, after, chosen, remove))
        if not better:
            break
        remove.append(min(better, key=lambda each: each[0])[1])
        looks = _Looks.read(before, after, chosen, remove)
    return () if looks.differing else tuple(remove)


class _Looks(NamedTuple):
    """Two looks at a page as they are read: the blocks of each, and the words of the first."""

    before: Counter[str]
    after: Counter[str]
    words: Counter[str]

    @classmethod
    def read(cls, before: str, after: str, chosen: Selectors, remove: Sequence[str]) -> _Looks:
        texts = [
            [block.text for block in read_html(markup, select=chosen.select, remove=[*chosen.remove, *remove]).blocks]
            for markup in (before, after)
        ]
        return cls(Counter(texts[0]), Counter(texts[1]), Counter(word for text in texts[0] for word in text.split()))

    @property
    def differing(self) -> list[str]:
        """The blocks of one look that the other has not, the shortest first."""
        return sorted([*(self.before - self.after), *(self.after - self.before)], key=len)


def _iter_better(
    looks: _Looks, before: str, after: str, chosen: Selectors, remove: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """Selectors after which less differs, each after how many words go with it: those that differ, and few beside."""
    others = Counter(word for text in looks.after for word in text.split())
    most = sum((looks.words - others).values()) + SLACK_WORDS
    pages = [parse(before), parse(after)]
    names = (each for text in looks.differing for page in pages for each in _iter_holding(page, text))
    for selector in islice(dict.fromkeys(names), MOST_TRIED):
        read = _Looks.read(before, after, chosen, [*remove, selector])
        lost = sum((looks.words - read.words).values())
        if len(read.differing) < len(looks.differing) and lost <= most:
            yield lost, selector


def _iter_holding(page: LexborHTMLParser, text: str) -> Iterator[str]:
    """The lasting names in and around what holds this text: of its parts, of itself, of what is around it."""
    path: list[LexborNode] = []
    node = page.css_first("body")
    while node is not None:
        path.append(node)
        node = next((each for each in node.iter() if text in fold(each.text())), None)
    for part in path[-1].css("*") if path else ():
        yield from (name.selector for name in get_names(part))
    for around in reversed(path[1:-1]):
        yield from (name.selector for name in get_names(around))
