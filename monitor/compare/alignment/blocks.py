"""Between two texts: which blocks stand in both, and what became of the others.

An alignment is a sequence of Steps in the reading order of the new text. Blocks of equal wording that stand in both in
the same order are kept; of the others, those with equal wording elsewhere have moved, those with similar wording at the
same place, or nearly the same elsewhere, are reworded, the rest is removed or added. Neither the number of a clause nor
the heading path are part of a block's wording: a renamed heading is one reworded block and not a change of everything
below it, and a new clause is one added block and not a change of all clauses that follow.

Does not do: deciding which blocks belong together (`pairing`), marking words (`words`),
naming the kind of change (`monitor.compare.kinds`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain, zip_longest
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare.alignment.pairing import (
    Letters,
    Pair,
    Place,
    drop_slight_moves,
    find_moves,
    find_reworded,
    find_strays,
    split_by_ends,
    split_by_key,
)
from monitor.compare.alignment.sequences import common_ends, find_runs, slide_runs
from monitor.compare.alignment.words import fold, strip_ordinal
from monitor.model import Block, BlockKind, Passage, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


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
    text = attrgetter("text")
    head, tail = common_ends(list(map(text, before)), list(map(text, after)))
    old_end, new_end = len(before) - tail, len(after) - tail
    old, new = before[head:old_end], after[head:new_end]
    steps = (
        Step(None, tuple(before[:head]), tuple(after[:head])),
        *_align_middle(*_fold_sides(old, new), chain(before[:head], before[old_end:])),
        Step(None, tuple(before[old_end:]), tuple(after[new_end:])),
    )
    return tuple(step for step in steps if step.before or step.after)


def find_passages(steps: Iterable[Step]) -> tuple[Passage, ...]:
    """What people read of an alignment, in reading order of the new text, removed passages where they stood.

    Added and removed blocks in a row under one heading are one passage, a line each and the heading first if it is new
    itself: a new section of twelve points reads as one. So are blocks that moved together, and rows in a row that were
    reworded. A passage that moved has the same wording before and after, up to the numbers of clauses: one that was
    reworded at its new place is `reworded`, so that nobody misses it.
    """
    return tuple(
        Passage(step.op, (step.after or step.before)[0].heading, _text(step.before), _text(step.after))
        for step in steps
        if step.op
    )


def find_renumbered(steps: Iterable[Step]) -> tuple[tuple[Block, Block], ...]:
    """The clauses that were kept and got another number, before and after: no passage, as nobody needs to read them."""
    return tuple(
        (old, new)
        for step in steps
        if step.op is None and len(step.before) == len(step.after)
        for old, new in zip(step.before, step.after, strict=True)
        if old.text != new.text and _is_renumbered(fold(old.text), fold(new.text))
    )


def _is_renumbered(old: str, new: str) -> bool:
    return old != new and strip_ordinal(old) == strip_ordinal(new)


def _text(blocks: Iterable[Block]) -> str:
    return "\n".join(block.text for block in blocks)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two texts: its blocks that have words, the folded text of each, and this without a clause number."""

    blocks: list[Block]
    texts: list[str]
    wordings: list[str]

    def rate(self, number: int) -> int:
        """How good a block is to begin a passage with."""
        return 2 if number < len(self.blocks) and self.blocks[number].kind is BlockKind.HEADING else 0


def _fold_sides(old: Sequence[Block], new: Sequence[Block]) -> tuple[_Side, _Side]:
    old_texts, new_texts = {block.text for block in old}, {block.text for block in new}
    shared = old_texts & new_texts
    folded = {text: text if text.isascii() else fold(text) for text in shared}
    wordings = {text: text for text in folded.values()}
    for text in old_texts ^ new_texts:
        folded[text] = fold(text)
        wordings.setdefault(folded[text], strip_ordinal(folded[text]))
    return _side(old, folded, wordings), _side(new, folded, wordings)


def _side(blocks: Sequence[Block], folded: dict[str, str], wordings: dict[str, str]) -> _Side:
    worded = [block for block in blocks if folded[block.text]]
    texts = [folded[block.text] for block in worded]
    return _Side(worded, texts, [wordings[text] for text in texts])


class _Span(NamedTuple):
    """A Step, or a part of one, as block numbers."""

    op: PassageOp | None
    old: range = range(0)
    new: range = range(0)


def _align_middle(old: _Side, new: _Side, around: Iterable[Block]) -> Iterator[Step]:
    """`around`: the blocks before and behind, which only tell what stands there more than once."""
    if " ".join(old.texts) == " ".join(new.texts):
        yield Step(None, tuple(old.blocks), tuple(new.blocks))
        return
    for span in _find_spans(old, new, around):
        yield Step(
            span.op,
            tuple(old.blocks[span.old.start : span.old.stop]),
            tuple(new.blocks[span.new.start : span.new.stop]),
        )


def _find_spans(old: _Side, new: _Side, around: Iterable[Block]) -> Iterator[_Span]:
    """The alignment in reading order of the new text."""
    ends = (len(old.blocks), len(new.blocks))
    runs = slide_runs(find_runs(old.wordings, new.wordings), old.wordings, new.wordings, (old.rate, new.rate))
    kept = [_Span(None, range(i, i + size), range(j, j + size)) for i, j, size in runs]
    kept = _ascending(kept + [_Span(None, *gap) for gap in _gaps(kept, ends) if _is_rewrapped(*gap, old, new)])
    gaps = [gap for gap in _gaps(kept, ends) if gap[0] or gap[1]]
    went = {i: old.wordings[i] for gap, _ in gaps for i in gap}
    came = {j: new.wordings[j] for _, gap in gaps for j in gap}
    if moved := find_moves(went, came):
        repeated = {block.text for block in around} | _repeated(old.wordings) | _repeated(new.wordings)
        moved = drop_slight_moves(moved, came, repeated)
    letters = Letters()
    reworded = _find_reworded(list(_places(gaps, went, came, moved)), old, new, letters)
    strays = _find_strays(went, came, moved, reworded, letters)
    placed = {j: (PassageOp.MOVED, i) for j, i in moved.items()}
    placed |= {j: (PassageOp.REWORDED, i) for j, i in strays.items()}
    return _fill(_join_rows(_ascending(kept + reworded), new), old, new, placed)


def _repeated(wordings: list[str]) -> set[str]:
    return {wording for wording, count in Counter(wordings).items() if count > 1}


def _places(
    gaps: Iterable[tuple[range, range]], went: dict[int, str], came: dict[int, str], moved: dict[int, int]
) -> Iterator[Place]:
    gone = set(moved.values())
    for old_gap, new_gap in gaps:
        if old_gap and new_gap:
            yield Place({i: went[i] for i in old_gap if i not in gone}, {j: came[j] for j in new_gap if j not in moved})


def _find_reworded(places: list[Place], old: _Side, new: _Side, letters: Letters) -> list[_Span]:
    pairs: list[Pair] = []
    rest: list[Place] = []
    for place in places:
        keyed, between = split_by_key(place, old.blocks, new.blocks)
        pairs += keyed
        for part in between:
            if part.old and part.new:
                close, left = split_by_ends(part)
                pairs += close
                rest += left
    pairs += find_reworded(rest, letters)
    return [_Span(PassageOp.REWORDED, pair.old, pair.new) for pair in pairs]


def _find_strays(
    went: dict[int, str], came: dict[int, str], moved: dict[int, int], reworded: list[_Span], letters: Letters
) -> dict[int, int]:
    old_done = {*moved.values(), *(i for span in reworded for i in span.old)}
    new_done = {*moved, *(j for span in reworded for j in span.new)}
    return find_strays(
        {i: wording for i, wording in went.items() if i not in old_done},
        {j: wording for j, wording in came.items() if j not in new_done},
        letters,
    )


def _ascending(anchors: list[_Span]) -> list[_Span]:
    return sorted(anchors, key=lambda span: span.old.start)


def _gaps(anchors: Iterable[_Span], ends: tuple[int, int]) -> Iterator[tuple[range, range]]:
    """The block numbers before each anchor, and those after the last one."""
    i = j = 0
    for anchor in anchors:
        yield range(i, anchor.old.start), range(j, anchor.new.start)
        i, j = anchor.old.stop, anchor.new.stop
    yield range(i, ends[0]), range(j, ends[1])


def _is_rewrapped(old_gap: range, new_gap: range, old: _Side, new: _Side) -> bool:
    """Whether the same words stand in the gap, in other blocks: a paragraph was split or joined."""
    if not old_gap or not new_gap:
        return False
    return " ".join(old.texts[i] for i in old_gap) == " ".join(new.texts[j] for j in new_gap)


def _join_rows(anchors: list[_Span], new: _Side) -> list[_Span]:
    """Reworded rows that follow each other as one: a new column is one passage, however long the table."""
    joined: list[_Span] = []
    for span in anchors:
        if joined and _is_next_row(joined[-1], span, new.blocks):
            joined[-1] = _span_over(joined[-1], span)
        else:
            joined.append(span)
    return joined


def _is_next_row(last: _Span, span: _Span, new: list[Block]) -> bool:
    if not (last.op is span.op is PassageOp.REWORDED and _follows(last, span)):
        return False
    first, second = new[last.new.start], new[span.new.start]
    return first.kind is second.kind is BlockKind.ROW and _is_same_section(first, second)


def _span_over(first: _Span, last: _Span) -> _Span:
    return _Span(first.op, range(first.old.start, last.old.stop), range(first.new.start, last.new.stop))


def _is_same_section(block: Block, following: Block) -> bool:
    return following.kind is not BlockKind.HEADING and block.heading == following.heading


def _fill(anchors: list[_Span], old: _Side, new: _Side, placed: dict[int, tuple[PassageOp, int]]) -> Iterator[_Span]:
    """Before each anchor what was removed there, then what was added or placed there."""
    gone = {i for _, i in placed.values()}
    for (old_gap, new_gap), anchor in zip_longest(_gaps(anchors, (len(old.blocks), len(new.blocks))), anchors):
        if old_gap:
            removed = _sections((i for i in old_gap if i not in gone), old.blocks)
            yield from (_Span(PassageOp.REMOVED, old=part) for part in removed)
        if new_gap:
            added = _sections((j for j in new_gap if j not in placed), new.blocks)
            came = _join_moved(_Span(placed[j][0], _one(placed[j][1]), _one(j)) for j in new_gap if j in placed)
            yield from sorted(
                [*(_Span(PassageOp.ADDED, new=part) for part in added), *came], key=lambda span: span.new.start
            )
        if anchor:
            yield anchor


def _one(number: int) -> range:
    return range(number, number + 1)


def _sections(numbers: Iterable[int], blocks: list[Block]) -> Iterator[range]:
    """The numbers in stretches that follow each other under one heading."""
    start = stop = -1
    for number in numbers:
        if number != stop or not _is_same_section(blocks[number - 1], blocks[number]):
            if stop > start:
                yield range(start, stop)
            start = number
        stop = number + 1
    if stop > start:
        yield range(start, stop)


def _join_moved(spans: Iterable[_Span]) -> list[_Span]:
    """Blocks that moved together as one."""
    joined: list[_Span] = []
    for span in spans:
        if joined and joined[-1].op is span.op is PassageOp.MOVED and _follows(joined[-1], span):
            joined[-1] = _span_over(joined[-1], span)
        else:
            joined.append(span)
    return joined


def _follows(last: _Span, span: _Span) -> bool:
    return (last.old.stop, last.new.stop) == (span.old.start, span.new.start)
