"""Two texts of a Document beside one another, in the reading order of the new one.

Does not do: judging what a change means; drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

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


class Piece(NamedTuple):
    """Words to which the same happened, white space included: pieces are joined without anything between them."""

    op: SegmentOp
    text: str
    mark: str = ""
    """Why they are highlighted besides (`monitor.views.highlights`); "" = they are not."""


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
    """Words at its end that are not shown (`cap`)."""

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
    """The same, without the lines of what nobody reads at a sitting.

    `most`: words that are shown in all, and as many that are folded. `most_folded`: words of one folded Stretch, which
    is left out as a whole.
    """
    shown = folded = 0
    for each in stretches:
        if each.is_folded:
            is_short = each.words <= most_folded
            folded += each.words if is_short else 0
            yield each if is_short and folded <= most else _shorten(each, 0)
        else:
            yield each if shown + each.words <= most else _shorten(each, most - shown)
            shown += each.words


def _shorten(stretch: Stretch, room: int) -> Stretch:
    lines = _take(stretch.lines, room)
    return replace(
        stretch,
        lines=lines,
        before=_take(stretch.before, room),
        after=_take(stretch.after, room),
        left_out=max(1, stretch.words - sum(map(_count_line, lines))),
    )


def _take(lines: Iterable[Line], room: int) -> tuple[Line, ...]:
    """The first lines, of at most `room` words."""
    lines = tuple(lines)
    sums = accumulate(map(_count_line, lines))
    return tuple(line for line, words in zip(lines, sums, strict=True) if words <= room)


def _count_line(line: Line) -> int:
    return sum(_count(each.text) for each in line.pieces)


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
