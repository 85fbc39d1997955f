"""Between two texts: which blocks stand in both, and what became of the others.

An alignment is a sequence of Steps in the reading order of the new text. Blocks of equal wording that stand in both in
the same order are kept; of the others, those with equal wording elsewhere have moved, those with similar wording at the
same place (also under another clause number) are reworded, the rest is removed or added. The heading path is no part of
a block's wording, so a renamed heading is one reworded block and not a change of everything below it.

Does not do: marking words (`monitor.compare.words`), naming the kind of change (`monitor.compare.kinds`), finding a
block that moved and was reworded at once: that is removed here and added there.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict, deque
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Indel

from monitor.compare.sequences import Candidate, choose_in_order, common_ends, find_runs
from monitor.compare.words import fold, split_words, strip_ordinal
from monitor.model import Block, BlockKind, Passage, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SIMILAR = 0.5
"""Share of words kept in order from which two blocks at one place are one, reworded. Measured on 36,000 random pairs of
blocks of real policies: less than 1 % of those with 12 to 80 words reach it, and 1 to 5 % of the shorter ones."""
MAX_PAIRS = 50_000
MAX_WORD_CELLS = 400_000_000
"""Ceilings of work for pairing similar blocks of one text: comparisons, and these word by word (0.3 s each). Above
them, a block is compared only with those near the same relative position."""
NEAR = 3
"""So many neighbours on each side are compared however large the text, which is all of most places."""
MAX_WORDS = 10_000
"""A giant block is judged by its first words."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of an alignment.

    `op` None: kept (the wording is the same; links, kinds and block boundaries may differ). Every old block stands in
    exactly one `before`, and the `after`s in their order are the new blocks.
    """

    op: PassageOp | None
    before: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()


def align(before: Sequence[Block], after: Sequence[Block]) -> tuple[Step, ...]:
    """How `before` becomes `after`. Blocks without any words are ignored.

    What both texts share at head and tail is trimmed before anything is folded: usually that is nearly all of it.
    """
    head, tail = common_ends([block.text for block in before], [block.text for block in after])
    old_end, new_end = len(before) - tail, len(after) - tail
    old, new = before[head:old_end], after[head:new_end]
    folded = {text: fold(text) for text in {block.text for block in (*old, *new)}}
    steps = (
        Step(None, tuple(before[:head]), tuple(after[:head])),
        *_align_middle(_Side.of(old, folded), _Side.of(new, folded)),
        Step(None, tuple(before[old_end:]), tuple(after[new_end:])),
    )
    return tuple(step for step in steps if step.before or step.after)


def find_passages(steps: Iterable[Step]) -> tuple[Passage, ...]:
    """What people read of an alignment, in reading order of the new text, removed passages where they stood.

    Added and removed blocks in a row under one heading are one passage, a line each and the heading first if it is new
    itself: a new section of twelve points reads as one. Blocks that moved together are one passage, too.
    """
    return tuple(_passage(step.op, step.before, step.after) for step in steps if step.op)


def _passage(op: PassageOp, before: tuple[Block, ...], after: tuple[Block, ...]) -> Passage:
    old, new = _text(before), _text(after)
    return Passage(op, (after or before)[0].heading, new if op is PassageOp.MOVED else old, new)


def _text(blocks: Iterable[Block]) -> str:
    return "\n".join(block.text for block in blocks)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two texts: its blocks that have words, and the folded wording of each."""

    blocks: list[Block]
    wordings: list[str]

    @classmethod
    def of(cls, blocks: Sequence[Block], folded: dict[str, str]) -> _Side:
        worded = [block for block in blocks if folded[block.text]]
        return cls(worded, [folded[block.text] for block in worded])


class _Span(NamedTuple):
    """A Step, or a part of one, as block numbers."""

    op: PassageOp | None
    old: range = range(0)
    new: range = range(0)


def _align_middle(old: _Side, new: _Side) -> Iterator[Step]:
    if " ".join(old.wordings) == " ".join(new.wordings):
        yield Step(None, tuple(old.blocks), tuple(new.blocks))
        return
    for group in _group(_find_spans(old.wordings, new.wordings), old.blocks, new.blocks):
        yield Step(
            group[0].op,
            tuple(chain.from_iterable(old.blocks[span.old.start : span.old.stop] for span in group)),
            tuple(chain.from_iterable(new.blocks[span.new.start : span.new.stop] for span in group)),
        )


def _group(spans: Iterable[_Span], old: list[Block], new: list[Block]) -> list[list[_Span]]:
    """Spans in a row that people read as one; see `find_passages`."""
    groups: list[list[_Span]] = []
    for span in spans:
        if groups and _continues(groups[-1][-1], span, old, new):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _continues(last: _Span, span: _Span, old: list[Block], new: list[Block]) -> bool:
    if last.op is not span.op:
        return False
    if span.op is PassageOp.MOVED:
        return last.old[-1] + 1 == span.old[0]
    if span.op is PassageOp.ADDED:
        return _is_same_section(new[last.new[-1]], new[span.new[0]])
    return span.op is PassageOp.REMOVED and _is_same_section(old[last.old[-1]], old[span.old[0]])


def _is_same_section(block: Block, following: Block) -> bool:
    return following.kind is not BlockKind.HEADING and block.heading == following.heading


def _find_spans(old: list[str], new: list[str]) -> Iterator[_Span]:
    """The alignment of two lists of wordings, block by block, in reading order of the new text."""
    ends = (len(old), len(new))
    kept = [_Span(None, range(i, i + size), range(j, j + size)) for i, j, size in find_runs(old, new)]
    kept = _ascending(kept + [_Span(None, *gap) for gap in _gaps(kept, ends) if _is_rewrapped(*gap, old, new)])
    gaps = list(_gaps(kept, ends))
    moved = _find_moves({i: old[i] for gap, _ in gaps for i in gap}, {j: new[j] for _, gap in gaps for j in gap})
    gone = set(moved.values())
    places = (
        ({i: old[i] for i in old_gap if i not in gone}, {j: new[j] for j in new_gap if j not in moved})
        for old_gap, new_gap in gaps
    )
    return _fill(_ascending(kept + _find_reworded(places)), ends, moved)


def _ascending(anchors: list[_Span]) -> list[_Span]:
    return sorted(anchors, key=lambda span: span.old.start)


def _gaps(anchors: Iterable[_Span], ends: tuple[int, int]) -> Iterator[tuple[range, range]]:
    """The block numbers before each anchor, and those after the last one."""
    i = j = 0
    for anchor in anchors:
        yield range(i, anchor.old.start), range(j, anchor.new.start)
        i, j = anchor.old.stop, anchor.new.stop
    yield range(i, ends[0]), range(j, ends[1])


def _is_rewrapped(old_gap: range, new_gap: range, old: list[str], new: list[str]) -> bool:
    """Whether the same words stand in the gap, in other blocks: a paragraph was split or joined."""
    return bool(old_gap) and " ".join(old[i] for i in old_gap) == " ".join(new[j] for j in new_gap)


def _find_moves(old: dict[int, str], new: dict[int, str]) -> dict[int, int]:
    """For each block of the new text that stood elsewhere before: where it stood."""
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for i, wording in old.items():
        places[wording].append(i)
    return {j: places[wording].popleft() for j, wording in new.items() if places.get(wording)}


def _fill(anchors: list[_Span], ends: tuple[int, int], moved: dict[int, int]) -> Iterator[_Span]:
    """Before each anchor what was removed there, then what was added or moved there."""
    gone = set(moved.values())
    for (old_gap, new_gap), anchor in zip_longest(_gaps(anchors, ends), anchors):
        yield from (_Span(PassageOp.REMOVED, old=range(i, i + 1)) for i in old_gap if i not in gone)
        for j in new_gap:
            if j in moved:
                yield _Span(PassageOp.MOVED, range(moved[j], moved[j] + 1), range(j, j + 1))
            else:
                yield _Span(PassageOp.ADDED, new=range(j, j + 1))
        if anchor:
            yield anchor


class _Letters:
    """Spells texts with one letter for each word, so that rapidfuzz compares words at the speed of characters."""

    def __init__(self) -> None:
        self._letters: defaultdict[str, str] = defaultdict(lambda: chr(len(self._letters) % (sys.maxunicode + 1)))

    def spell(self, wording: str) -> str:
        """Case and clause number are no difference here: "3. Scope" and "4. SCOPE" are spelled alike."""
        words = split_words(strip_ordinal(wording.casefold()))[:MAX_WORDS]
        return "".join([self._letters[word] for word in words])

    def spell_all(self, wordings: dict[int, str]) -> dict[int, str]:
        return {number: self.spell(wording) for number, wording in wordings.items()}


def _find_reworded(places: Iterable[tuple[dict[int, str], dict[int, str]]]) -> list[_Span]:
    """The blocks that are each other's earlier and later wording, of those that came and went at each place."""
    letters = _Letters()
    spelled = [(letters.spell_all(old), letters.spell_all(new)) for old, new in places if old and new]
    share = affordable_share(spelled)
    return [
        _Span(PassageOp.REWORDED, range(i, i + 1), range(j, j + 1))
        for old, new in spelled
        for i, j, _ in choose_in_order(_find_similar(old, new, share))
    ]


def affordable_share(places: Iterable[tuple[dict[int, str], dict[int, str]]]) -> float:
    """Which share of all pairs of blocks can be compared under the ceilings of work, at most 1."""
    sizes = [(len(old) * len(new), _length(old) * _length(new)) for old, new in places]
    pairs, cells = sum(pairs for pairs, _ in sizes), sum(cells for _, cells in sizes)
    return min(1.0, MAX_PAIRS / max(1, pairs), MAX_WORD_CELLS / max(1, cells))


def _length(wordings: dict[int, str]) -> int:
    return sum(map(len, wordings.values()))


def _find_similar(old: dict[int, str], new: dict[int, str], share: float) -> Iterator[Candidate]:
    """The similar ones of the pairs that are near enough to each other."""
    numbers, wordings = list(new), list(new.values())
    reach = max(NEAR, math.ceil(share * len(new)))
    for place, (i, wording) in enumerate(old.items()):
        centre = place * len(new) // len(old)
        start = max(0, centre - reach)
        near = wordings[start : centre + reach + 1]
        found = process.extract_iter(wording, near, scorer=Indel.normalized_similarity, score_cutoff=SIMILAR)
        yield from (Candidate(i, numbers[start + at], score) for _, score, at in found)
