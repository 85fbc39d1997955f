"""Two texts of a Document beside one another, in the reading order of the new one.

Does not do: judging what a change means; drawing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from digests.words import count
from monitor.compare.alignment.blocks import align
from monitor.compare.alignment.words import Segment, SegmentOp, mark_words
from monitor.compare.quoting import shorten
from monitor.model import BlockKind, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.compare.alignment.blocks import Step
    from monitor.model import Block

CONTEXT = 1
"""Unchanged blocks that are shown before and after what changed; those between are folded."""
SHOWN = 80
"""Characters of the block after which a moved one stood."""
GAP = "gap"
"""The mark of a Piece that says how many words are left out where it stands."""
LEAST = 24
"""Words that are shown of whatever changed, however much stands before it."""
NEAR = 30
"""Unchanged words on each side of changed ones that are shown where not all are."""
_WORD = re.compile(r"\s*\S+(?:\s+$)?|\s+")
"""With the white space before it, and at the end of a text with that behind it: so nothing is between two words."""


class Piece(NamedTuple):
    """Words to which the same happened, white space included: pieces are joined without anything between them."""

    op: SegmentOp
    text: str
    mark: str = ""
    """Why they are highlighted besides (`monitor.views.highlights`), or GAP; "" = neither."""


class Line(NamedTuple):
    """One block as it is shown."""

    kind: BlockKind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of blocks to which the same happened."""

    op: PassageOp | None
    """None = they stand in both texts."""
    heading: tuple[str, ...]
    lines: tuple[Line, ...]
    """Both texts as one, with the words that went and came marked."""
    before: tuple[Line, ...]
    """The old text alone, with the words marked that went."""
    after: tuple[Line, ...]
    """The new text alone, with the words marked that came."""
    is_folded: bool = False
    """Unchanged and away from what changed: people open it if they want to."""
    words: int = 0
    """Of whichever text has more."""
    came_from: tuple[str, ...] = ()
    """Of what moved: the headings under which it stood."""
    came_after: str = ""
    """The beginning of what it stood after; "" = it stood first."""

    left_out: int = 0
    """Words that are not shown (`cap`)."""
    rest: int = 0
    """Those of them that stand at its end; where any other stood there is a GAP."""

    @property
    def place(self) -> tuple[str, ...]:
        """The headings above it; where it begins with one, that is none of them."""
        return self.heading[:-1] if self.lines and self.lines[0].kind is BlockKind.HEADING else self.heading


def compare_texts(before: Sequence[Block], after: Sequence[Block]) -> tuple[Stretch, ...]:
    """How one text becomes the other; equal texts are one folded Stretch."""
    steps = align(before, after)
    places = {id(block): number for number, block in enumerate(before)}
    return tuple(
        chain.from_iterable(
            _fold(step.after, is_first=step is steps[0], is_last=step is steps[-1])
            if step.op is None
            else [_mark(step, places, before)]
            for step in steps
        )
    )


def read_text(blocks: Iterable[Block]) -> tuple[Stretch, ...]:
    """A text by itself, which has nothing to be compared with: a Stretch for each heading, none folded."""
    return tuple(_keep(tuple(run)) for _, run in groupby(blocks, key=attrgetter("heading")))


def cap(stretches: Iterable[Stretch], most: int, most_folded: int) -> Iterator[Stretch]:
    """The same, without the words that nobody reads at a sitting.

    `most`: words that are shown in all, and as many that are folded; then LEAST of each Stretch that changed, until
    these are as many again. What does not fit is cut around its marks. `most_folded`: words of one folded Stretch,
    which is left out as a whole.
    """
    shown = folded = 0
    for each in stretches:
        if each.is_folded:
            is_short = each.words <= most_folded
            folded += each.words if is_short else 0
            yield each if is_short and folded <= most else _shorten(each, 0)
        else:
            room = max(most - shown, LEAST if each.op and shown < 2 * most else 0)
            short = each if each.words <= room else _shorten(each, room)
            shown += each.words if short is each else _count_shown(short)
            yield short


def _shorten(stretch: Stretch, room: int) -> Stretch:
    if room <= 0:
        words = max(1, stretch.words)
        return replace(stretch, lines=(), before=(), after=(), left_out=words, rest=words)
    ops = [op for line in stretch.lines for op, _ in _split(line)]
    kept = _choose(ops, room)
    old, new = (
        [is_kept for op, is_kept in zip(ops, kept, strict=True) if op is not other]
        for other in (SegmentOp.ADDED, SegmentOp.REMOVED)
    )
    lines, rest = _leave_out(stretch.lines, kept)
    return replace(
        stretch,
        lines=lines,
        before=_leave_out(stretch.before, old)[0],
        after=_leave_out(stretch.after, new)[0],
        left_out=kept.count(False),
        rest=rest,
    )


def _split(line: Line) -> Iterator[tuple[SegmentOp, str]]:
    return ((piece.op, word) for piece in line.pieces for word in _WORD.findall(piece.text))


def _choose(ops: Sequence[SegmentOp], room: int) -> list[bool]:
    """Of each word whether it is shown: of at most `room`, those that are nearest to where something changed."""
    near = ((rank, at) for at, rank in enumerate(_rank(ops)) if rank is not None)
    best = {at for _, at in nsmallest(room, near)}
    return [at in best for at in range(len(ops))]


def _rank(ops: Iterable[SegmentOp]) -> Iterator[int | None]:
    """How far each word is from the first of those to which the same happened; None = too far from any change."""
    runs = [(op, sum(1 for _ in run)) for op, run in groupby(ops)]
    for at, (op, length) in enumerate(runs):
        if op is not SegmentOp.SAME or len(runs) == 1:
            yield from range(length)
            continue
        behind = range(1, length + 1) if at else [length] * length
        ahead = range(length, 0, -1) if at < len(runs) - 1 else [length] * length
        yield from (near if (near := min(ways)) <= NEAR else None for ways in zip(behind, ahead, strict=True))


def _leave_out(lines: Iterable[Line], kept: Iterable[bool]) -> tuple[tuple[Line, ...], int]:
    """The lines with these words alone, and a GAP before whatever follows others; how many are left out at the end."""
    found, gap, flags = [], Counter[SegmentOp](), iter(kept)
    for line in lines:
        pieces: list[Piece] = []
        words = [(next(flags), op, word) for op, word in _split(line)]
        for (is_kept, op), run in groupby(words, key=itemgetter(0, 1)):
            texts = [word for _, _, word in run]
            if is_kept:
                pieces += [*_say_gap(gap), Piece(op, "".join(texts))]
                gap.clear()
            else:
                gap[op] += len(texts)
        found += [Line(line.kind, tuple(pieces))] if pieces else []
    return tuple(found), gap.total()


def _say_gap(gap: Counter[SegmentOp]) -> list[Piece]:
    return [Piece(op, f" \u2026 {count(number, 'word')} \u2026 ", GAP) for op, number in gap.items()]


def _count_shown(stretch: Stretch) -> int:
    return sum(len(each.text.split()) for line in stretch.lines for each in line.pieces if each.mark != GAP)


def _mark(step: Step, places: dict[int, int], before: Sequence[Block]) -> Stretch:
    old, new = _text(step.before), _text(step.after)
    segments = mark_words(old, new)
    at = places[id(step.before[0])] if step.op is PassageOp.MOVED else 0
    return Stretch(
        step.op,
        (step.after or step.before)[0].heading,
        _cut(segments, step.after or step.before),
        _cut((each for each in segments if each.op is not SegmentOp.ADDED), step.before),
        _cut((each for each in segments if each.op is not SegmentOp.REMOVED), step.after),
        words=max(_count(old), _count(new)),
        came_from=step.before[0].heading if step.op is PassageOp.MOVED else (),
        came_after=shorten(before[at - 1].text, SHOWN) if at else "",
    )


def _fold(blocks: Sequence[Block], *, is_first: bool, is_last: bool) -> list[Stretch]:
    """The unchanged blocks beside what changed, and those between folded, unless these are too few to be worth it."""
    head, tail = (0 if is_first else CONTEXT), (0 if is_last else CONTEXT)
    if len(blocks) <= head + tail + 1 and not (is_first and is_last):
        return [_keep(blocks)]
    middle = blocks[head : len(blocks) - tail]
    parts = [(blocks[:head], False), (middle, True), (blocks[len(blocks) - tail :] if tail else (), False)]
    return [_keep(part, is_folded=is_folded) for part, is_folded in parts if part]


def _keep(blocks: Sequence[Block], *, is_folded: bool = False) -> Stretch:
    same = tuple(Line(each.kind, (Piece(SegmentOp.SAME, each.text),)) for each in blocks)
    words = sum(_count(each.text) for each in blocks)
    return Stretch(None, blocks[0].heading, same, same, same, is_folded, words)


def _cut(segments: Iterable[Segment], blocks: Sequence[Block]) -> tuple[Line, ...]:
    """The segments as lines; each is of the kind of its block where there are as many blocks."""
    lines: list[list[Piece]] = [[]]
    for op, text in segments:
        first, *more = text.split("\n")
        lines[-1] += [Piece(op, first)] if first else []
        lines += [[Piece(op, each)] if each else [] for each in more]
    found = [tuple(each) for each in lines if each]
    kinds = [each.kind for each in blocks] if len(blocks) == len(found) else [BlockKind.PARAGRAPH] * len(found)
    return tuple(map(Line, kinds, found))


def _text(blocks: Iterable[Block]) -> str:
    return "\n".join(block.text for block in blocks)


def _count(text: str) -> int:
    return text.count(" ") + text.count("\n") + 1 if text else 0
