"""The few words of a Change that are shown: what changed, marked, with as much around it as fits.

The words are marked in the whole Passage first and the rest is cut away afterwards. Cutting the two sides apart and
comparing what is left would show words as removed that are only out of sight.

Room is shared by the rule "nobody gets more than he needs, and what he leaves goes to the others" (max-min fairness):
first among the changed words of all Passages shown, then, with what is left, among the words around them.

Does not do: finding passages or words that changed (`monitor.compare`), markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from digests.escape import plain
from digests.words import count
from monitor.compare.alignment.words import Segment, SegmentOp, mark_words, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.model import Passage

PASSAGES = 3
"""Shown of each Change."""

WORDS = 40
"""Shown of each Change, removed and added ones together, so that a digest is read in a minute."""

CHARACTERS = 400
"""Of one quote. Forty words rarely reach it: it is there for text without spaces and for hostile "words"."""

_LEAST = 8
"""Characters of one segment that survive however many segments there are."""

ELLIPSIS = "…"
_GAPS = re.compile(rf"(?:{ELLIPSIS}\s+){{2,}}|(?:{ELLIPSIS}\s*){{2,}}$")


@dataclass(frozen=True, slots=True)
class Quote:
    """What is shown of one Passage."""

    passage: Passage
    is_labelled: bool
    """Whether it needs its label: not where it goes on with what the one before was labelled."""
    segments: tuple[Segment, ...]
    """Each marked; "…" stands for what was cut. White space is outside the changed segments: nobody strikes a space.

    Empty for what only moved, where the words that changed elsewhere took all the room.
    """
    sides: tuple[str, str]
    """Before and after; both alike for a moved Passage, one empty for added or removed."""


def quote(passages: Sequence[Passage]) -> tuple[Quote, ...]:
    """Of the first PASSAGES at most WORDS words in all, changed ones before unchanged ones.

    A form that shows both sides in full has the unchanged words twice; they count once.
    """
    marked = [mark_words(plain(each.before), plain(each.after)) for each in passages[:PASSAGES]]
    changed = _share(WORDS, [_count_changed(each) for each in marked])
    around = _share(WORDS - sum(changed), [_count(each, SegmentOp.SAME) for each in marked])
    before = (None, *passages)
    return tuple(
        _quote(passage, before[number], _shorten(segments, changed[number], around[number]))
        for number, (passage, segments) in enumerate(zip(passages, marked, strict=False))
    )


def _quote(passage: Passage, before: Passage | None, segments: Sequence[Segment]) -> Quote:
    is_labelled = before is None or (before.op, before.heading) != (passage.op, passage.heading)
    sides = _side(segments, SegmentOp.ADDED), _side(segments, SegmentOp.REMOVED)
    return Quote(passage, is_labelled, tuple(_join(part for each in segments for part in _apart(each))), sides)


def _side(segments: Iterable[Segment], other: SegmentOp) -> str:
    return plain("".join(each.text for each in segments if each.op is not other))


def more_passages(passages: Sequence[Passage]) -> str:
    """The words for those that are left out; empty when none is."""
    more = len(passages) - PASSAGES
    return f"… and {count(more, 'more passage')}" if more > 0 else ""


def _share(room: int, needs: Sequence[int]) -> list[int]:
    """Who needs least is served first, and each gets at most an equal part of what is left."""
    shares = [0] * len(needs)
    for served, number in enumerate(sorted(range(len(needs)), key=needs.__getitem__)):
        shares[number] = min(needs[number], room // (len(needs) - served))
        room -= shares[number]
    return shares


def _count(segments: Iterable[Segment], op: SegmentOp) -> int:
    return sum(len(split_words(each.text)) for each in segments if each.op is op)


def _count_changed(segments: Sequence[Segment]) -> int:
    return _count(segments, SegmentOp.REMOVED) + _count(segments, SegmentOp.ADDED)


def _shorten(segments: Sequence[Segment], changed: int, around: int) -> tuple[Segment, ...]:
    """At most `changed` words that changed, and `around` them so many that did not."""
    if len(segments) == 1:
        text = _head(segments[0].text, changed or around)
        return _squeeze([Segment(segments[0].op, text)] if text else [])
    removed, added = _share(changed, [_count(segments, op) for op in (SegmentOp.REMOVED, SegmentOp.ADDED)])
    left = {SegmentOp.REMOVED: removed, SegmentOp.ADDED: added}
    return _squeeze(list(_join(_cut(segments, left, _widest(segments, around)))))


def _widest(segments: Sequence[Segment], room: int) -> int:
    """How many unchanged words fit beside each change when as many as `room` are shown."""
    for width in range(room, 0, -1):
        if sum(_kept(segments, number, width) for number in range(len(segments))) <= room:
            return width
    return 0


def _kept(segments: Sequence[Segment], number: int, width: int) -> int:
    """How many words of this segment are shown when `width` of them may stand beside a change."""
    if segments[number].op is not SegmentOp.SAME:
        return 0
    beside = (number > 0) + (number < len(segments) - 1)
    return min(len(split_words(segments[number].text)), beside * width)


def _cut(segments: Sequence[Segment], left: dict[SegmentOp, int], width: int) -> Iterator[Segment]:
    for number, segment in enumerate(segments):
        if segment.op is SegmentOp.SAME:
            first, last = number == 0, number == len(segments) - 1
            yield Segment(segment.op, _around(segment.text, 0 if first else width, 0 if last else width))
        elif left[segment.op] > 0:
            yield Segment(segment.op, _head(segment.text, left[segment.op]))
            left[segment.op] -= len(split_words(segment.text))


def _apart(segment: Segment) -> Iterator[Segment]:
    """Changed words with the white space around them as segments of their own."""
    text = segment.text.strip()
    if segment.op is SegmentOp.SAME or text == segment.text:
        yield segment
        return
    start, _, end = segment.text.partition(text)
    yield from (
        Segment(op, part) for op, part in ((SegmentOp.SAME, start), (segment.op, text), (SegmentOp.SAME, end)) if part
    )


def _join(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind as one segment, and one "…" for all that was cut between two words."""
    for op, group in groupby(segments, key=lambda segment: segment.op):
        yield Segment(op, _GAPS.sub(f"{ELLIPSIS} ", "".join(each.text for each in group)))


def _head(text: str, limit: int) -> str:
    """The first `limit` words, as they stand; nothing where there is no room for one."""
    spans = _spans(text)
    if len(spans) <= limit:
        return text
    return f"{text[: spans[limit - 1][1]]} {ELLIPSIS}" if limit else ""


def _around(text: str, head: int, tail: int) -> str:
    """The first `head` and the last `tail` words, as they stand when that is all of them."""
    spans = _spans(text)
    if len(spans) <= head + tail:
        return text
    start = f"{text[: spans[head - 1][1]]} " if head else " " * text[:1].isspace()
    end = f" {text[spans[-tail][0] :]}" if tail else " " * text[-1:].isspace()
    return f"{start}{ELLIPSIS}{end}"


def _spans(text: str) -> list[tuple[int, int]]:
    """Where each word begins and ends."""
    spans, end = [], 0
    for word in split_words(text):
        start = text.index(word, end)
        end = start + len(word)
        spans.append((start, end))
    return spans


def _squeeze(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Where the whole is longer than CHARACTERS, the middle of long segments goes, of unchanged ones first."""
    if sum(len(each.text) for each in segments) <= CHARACTERS:
        return tuple(segments)
    changed = _share(CHARACTERS, [len(each.text) * (each.op is not SegmentOp.SAME) for each in segments])
    same = _share(CHARACTERS - sum(changed), [len(each.text) * (each.op is SegmentOp.SAME) for each in segments])
    limits = (max(_LEAST, *both) for both in zip(changed, same, strict=True))
    return tuple(
        Segment(each.op, _without_middle(each.text, limit)) for each, limit in zip(segments, limits, strict=True)
    )


def _without_middle(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return f"{text[:half]}{ELLIPSIS}{text[-half:]}"
