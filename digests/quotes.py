"""The few words of a Passage that are shown: what changed, marked, with as much around it as fits.

The words are marked in the whole Passage first and the rest is cut away afterwards. Cutting the two sides apart and
comparing what is left would show words as removed that are only out of sight.

Does not do: finding passages or words that changed (`monitor.compare`), markup.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from digests.escape import plain
from monitor.compare.alignment.words import Segment, SegmentOp, mark_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.model import Passage

WORDS = 40
"""On each side of the change, so that a digest is read in a minute."""

CHARACTERS = 700
"""Of one quote in all. Forty words rarely reach it: it is there for text without spaces and for hostile "words"."""

_LEAST = 8
"""Characters of one segment that survive however many segments there are."""

ELLIPSIS = "…"
_GAPS = re.compile(rf"(?:{ELLIPSIS}\s+){{2,}}|(?:{ELLIPSIS}\s*){{2,}}$")


def quote(passage: Passage) -> tuple[Segment, ...]:
    """The Passage as marked segments of at most WORDS words a side and about CHARACTERS in all.

    Changed words come before unchanged ones when room is short; "…" stands for what was cut. White space is outside
    the changed segments, so that nobody strikes a space.
    """
    segments = mark_words(plain(passage.before), plain(passage.after))
    if len(segments) == 1:
        return _squeeze([Segment(segments[0].op, _head(segments[0].text, WORDS))])
    return _squeeze(list(_join(_cut(segments, _widest(segments)))))


def sides(passage: Passage) -> tuple[str, str]:
    """The same quote as two texts, before and after; both alike for a moved Passage, one empty for added or removed."""
    segments = quote(passage)
    before = "".join(each.text for each in segments if each.op is not SegmentOp.ADDED)
    after = "".join(each.text for each in segments if each.op is not SegmentOp.REMOVED)
    return " ".join(before.split()), " ".join(after.split())


def _widest(segments: Sequence[Segment]) -> int:
    """How many unchanged words fit beside each change when as many as WORDS are shown on the longer side."""
    room = WORDS - max(_count(segments, SegmentOp.REMOVED), _count(segments, SegmentOp.ADDED))
    for width in range(room, 0, -1):
        if sum(_kept(segments, number, width) for number in range(len(segments))) <= room:
            return width
    return 0


def _count(segments: Sequence[Segment], op: SegmentOp) -> int:
    return sum(len(each.text.split()) for each in segments if each.op is op)


def _kept(segments: Sequence[Segment], number: int, width: int) -> int:
    """How many words of this segment are shown when `width` of them may stand beside a change."""
    if segments[number].op is not SegmentOp.SAME:
        return 0
    beside = (number > 0) + (number < len(segments) - 1)
    return min(len(segments[number].text.split()), beside * width)


def _cut(segments: Sequence[Segment], width: int) -> Iterator[Segment]:
    left = {SegmentOp.REMOVED: WORDS, SegmentOp.ADDED: WORDS}
    for number, segment in enumerate(segments):
        if segment.op is SegmentOp.SAME:
            first, last = number == 0, number == len(segments) - 1
            yield Segment(segment.op, _around(segment.text, 0 if first else width, 0 if last else width))
        elif left[segment.op] > 0:
            yield from _apart(segment.op, _head(segment.text, left[segment.op]))
            left[segment.op] -= len(segment.text.split())


def _apart(op: SegmentOp, text: str) -> Iterator[Segment]:
    """The changed words with the white space around them as segments of their own."""
    if text[:1].isspace():
        yield Segment(SegmentOp.SAME, " ")
    if text.strip():
        yield Segment(op, text.strip())
    if text.strip() and text[-1:].isspace():
        yield Segment(SegmentOp.SAME, " ")


def _join(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Neighbours of one kind as one segment, and one "…" for all that was cut between two words."""
    for op, group in groupby(segments, key=lambda segment: segment.op):
        yield Segment(op, _GAPS.sub(f"{ELLIPSIS} ", "".join(each.text for each in group)))


def _head(text: str, limit: int) -> str:
    """The first `limit` words, as they stand."""
    words = text.split()
    if len(words) <= limit:
        return text
    return " " * text[:1].isspace() + " ".join([*words[:limit], ELLIPSIS])


def _around(text: str, head: int, tail: int) -> str:
    """The first `head` and the last `tail` words, as they stand when that is all of them."""
    words = text.split()
    if len(words) <= head + tail:
        return text
    kept = [*words[:head], ELLIPSIS, *words[len(words) - tail :]]
    return " " * text[:1].isspace() + " ".join(kept) + " " * text[-1:].isspace()


def _squeeze(segments: list[Segment]) -> tuple[Segment, ...]:
    """Where the whole is longer than CHARACTERS, the middle of every long segment goes."""
    if sum(len(each.text) for each in segments) <= CHARACTERS:
        return tuple(segments)
    share = max(_LEAST, CHARACTERS // len(segments))
    return tuple(Segment(each.op, _without_middle(each.text, share)) for each in segments)


def _without_middle(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return f"{text[:half]}{ELLIPSIS}{text[-half:]}"
