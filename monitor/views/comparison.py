"""Two texts of a Document beside one another, in the reading order of the new one.

Does not do: judging what a change means; drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.compare.alignment.blocks import align
from monitor.compare.alignment.words import Segment, SegmentOp, mark_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.compare.alignment.blocks import Step
    from monitor.model import Block, PassageOp

CONTEXT = 1
"""Unchanged blocks that are shown before and after what changed; those between are folded."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of blocks to which the same happened."""

    op: PassageOp | None
    """None = they stand in both texts."""
    heading: tuple[str, ...]
    segments: tuple[Segment, ...]
    """Both texts as one, with the words that went and came marked; blocks begin on lines of their own."""
    before: tuple[Segment, ...]
    """The old text alone, with the words marked that went."""
    after: tuple[Segment, ...]
    """The new text alone, with the words marked that came."""
    is_folded: bool = False
    """Unchanged and away from what changed: people open it if they want to."""
    blocks: int = 1


def compare_texts(before: Sequence[Block], after: Sequence[Block]) -> tuple[Stretch, ...]:
    """How one text becomes the other; equal texts are one folded Stretch."""
    steps = align(before, after)
    last = len(steps) - 1
    return tuple(
        stretch
        for number, step in enumerate(steps)
        for stretch in (_fold(step, is_first=number == 0, is_last=number == last) if step.op is None else [_mark(step)])
    )


def _mark(step: Step) -> Stretch:
    segments = mark_words(_text(step.before), _text(step.after))
    return Stretch(
        step.op,
        (step.after or step.before)[0].heading,
        segments,
        tuple(each for each in segments if each.op is not SegmentOp.ADDED),
        tuple(each for each in segments if each.op is not SegmentOp.REMOVED),
        blocks=max(len(step.before), len(step.after)),
    )


def _fold(step: Step, *, is_first: bool, is_last: bool) -> list[Stretch]:
    """The unchanged blocks beside what changed, and those between them folded, unless they are too few to be worth it."""
    blocks = step.after
    head, tail = (0 if is_first else CONTEXT), (0 if is_last else CONTEXT)
    if len(blocks) <= head + tail + 1 and not (is_first and is_last):
        return [_keep(blocks)]
    middle = blocks[head : len(blocks) - tail]
    parts = [(blocks[:head], False), (middle, True), (blocks[len(blocks) - tail :] if tail else (), False)]
    return [_keep(part, is_folded=is_folded) for part, is_folded in parts if part]


def _keep(blocks: Sequence[Block], *, is_folded: bool = False) -> Stretch:
    same = (Segment(SegmentOp.SAME, _text(blocks)),)
    return Stretch(None, blocks[0].heading, same, same, same, is_folded, len(blocks))


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks)
