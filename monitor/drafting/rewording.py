"""A Passage word by word: which stretches of the old wording became which stretches of the new one.

Does not do: looking for either in a procedure (`marks`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.compare.alignment.words import SegmentOp, mark_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.model import Passage

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|\d+(?:[.,]\d+)*|[^\W_]+(?:['\u2019][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"\u201d\u2019)\]]*\s+(?=\S)|(?<=[;\u3002\uff01\uff1f])|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text from `start` to `end`; `key` is equal for the same word in other capitals or signs."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Characters of the old wording that were replaced by characters of the new one; either may be none."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True)
class Rewording:
    """Both wordings of a Passage. Without an old wording all of the new one is a Hunk, and the other way round."""

    passage: Passage
    old: str
    new: str
    hunks: tuple[Hunk, ...]

    @cached_property
    def old_words(self) -> list[Word]:
        return find_words(self.old)

    def touched(self, start: int, end: int) -> tuple[Hunk, ...]:
        """The Hunks that have characters of old[start:end]."""
        return tuple(each for each in self.hunks if each.old_start < end and each.old_end > start)

    def around(self, hunk: Hunk) -> tuple[Word | None, list[Word], Word | None]:
        """The old word before a Hunk, those in it, and the one behind it."""
        words = self.old_words
        first = bisect_right(words, hunk.old_start, key=lambda each: each.end)
        last = bisect_left(words, hunk.old_end, key=lambda each: each.start)
        inside = words[first:last] if hunk.old_start < hunk.old_end else []
        last = max(first, last)
        return (words[first - 1] if first else None), inside, (words[last] if last < len(words) else None)

    def to_new(self, at: int, *, before: bool = False) -> int | None:
        """Where this place of the old wording is in the new one: behind what was put in there, or `before` it.

        None inside a Hunk, where there is no such place.
        """
        if any(each.old_start < at < each.old_end for each in self.hunks):
            return None
        done = [each for each in self.hunks if each.old_end <= at and not (before and each.old_start >= at)]
        return at + (done[-1].new_end - done[-1].old_end if done else 0)


def read_rewording(passage: Passage) -> Rewording:
    segments = mark_words(passage.before, passage.after)
    old = "".join(each.text for each in segments if each.op is not SegmentOp.ADDED)
    new = "".join(each.text for each in segments if each.op is not SegmentOp.REMOVED)
    return Rewording(passage, old, new, tuple(_iter_hunks(passage)))


def _iter_hunks(passage: Passage) -> Iterator[Hunk]:
    """Neighbouring segments that are not the same, as one."""
    old = new = old_start = new_start = 0
    for segment in mark_words(passage.before, passage.after):
        if segment.op is SegmentOp.SAME:
            if (old_start, new_start) != (old, new):
                yield Hunk(old_start, old, new_start, new)
            old += len(segment.text)
            new += len(segment.text)
            old_start, new_start = old, new
        elif segment.op is SegmentOp.REMOVED:
            old += len(segment.text)
        else:
            new += len(segment.text)
    if (old_start, new_start) != (old, new):
        yield Hunk(old_start, old, new_start, new)


def find_words(text: str) -> list[Word]:
    """The words of a text without its signs; ideographs one by one."""
    return [Word(each.start(), each.end(), _key(each[0])) for each in _WORD.finditer(text)]


def _key(word: str) -> str:
    return word.replace("\u2019", "'").casefold()


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence, or sentences, that text[start:end] stands in begins and ends."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    first = max((each for each in ends if each <= start), default=0)
    last = min((each for each in ends if each >= end and each > first), default=len(text))
    return first, last


def iter_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text begins and ends, without white space around it."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        stretch = text[start:end]
        if stretch.strip():
            yield start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())
