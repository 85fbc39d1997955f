"""Inside a text: folding, words, and which of them changed.

Does not do: aligning blocks (`monitor.compare.blocks`), judging what a changed word means (`monitor.compare.kinds`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.compare.sequences import Run, find_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.model import Passage

_FOLDED = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    "\u2026": "...",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
}
"""Typographic quotes, dashes and ellipsis in typewriter form; soft hyphen, zero-width and direction marks dropped."""
_FOLDABLE = re.compile(f"[{''.join(_FOLDED)}]")

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Kana and ideographs: written without spaces, so each sign counts as a word, with the punctuation that follows it."""
_UNSPACED_SIGN = re.compile(f"[{_UNSPACED}]")
_TOKEN = re.compile(rf"(\s*)([{_UNSPACED}][\u3001-\u303f\uff00-\uff0f]*|[^\s{_UNSPACED}]+)")

_ORDINAL = re.compile(r"(?:\(?(?:\d+(?:\.\d+)*|[A-Za-z]|[ivxIVX]+)[.):]|\d+(?:\.\d+)+)\s+")
"""The number of a clause at its start: "3.", "(a)", "iv)", "2.1.4"."""

_LITTLE_WORD = 3
_LITTLE_RUN = 3
"""An unchanged run of at most three words of at most three letters ("of the") between two changes is absorbed."""


class SegmentOp(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a reworded passage, white space included."""

    op: SegmentOp
    text: str


def fold(text: str) -> str:
    """The text without what is no wording: white space to single spaces, typographic signs to their plain forms."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _FOLDABLE.sub(lambda sign: _FOLDED[sign[0]], text))
    return " ".join(text.split())


def split_words(text: str) -> list[str]:
    """The words of a text with the punctuation that sticks to them; ideographs one by one."""
    return [word for _, word in _tokens(text)] if _UNSPACED_SIGN.search(text) else text.split()


def strip_ordinal(text: str) -> str:
    """The text without the number of its clause, so that "3. Scope" and "4. Scope" are alike."""
    return _ORDINAL.sub("", text, count=1) if _ORDINAL.match(text) else text


def mark_words(before: str, after: str) -> tuple[Segment, ...]:
    """Which words were removed and added, in reading order, for people to see.

    The texts of `same` and `removed` joined are `before` exactly, those of `same` and `added` are `after`. Where both
    changed, `removed` comes first. Texts too long to be aligned (`sequences.MAX_CELLS`) get one removed and one added
    segment between what they share at both ends.
    """
    old, new = _tokens(before), _tokens(after)
    runs = find_runs([word for _, word in old], [word for _, word in new])
    ends = before[len(before.rstrip()) :], after[len(after.rstrip()) :]
    return tuple(_merge(_pieces(old, new, _tidy(runs, old, new)), *ends))


def changed_words(before: str, after: str) -> tuple[str, str]:
    """Only what changed: the removed words and the added words, stretches joined by one space."""
    segments = mark_words(before, after)
    return _text_of(segments, SegmentOp.REMOVED), _text_of(segments, SegmentOp.ADDED)


def cut_quote(passage: Passage, limit: int = 40) -> tuple[str, str]:
    """The passage as a quote on one line, before and after, of at most `limit` words each; "…" stands for what was cut.

    The changed words always survive, with as much around each as fits; where they alone are too many, the first `limit`
    of them. Of a passage that only moved, the first words.
    """
    if passage.before == passage.after:
        words = split_words(passage.after)
        quote = _join_kept(words, [number < limit for number in range(len(words))])
        return quote, quote
    segments = mark_words(passage.before, passage.after)
    return _cut(segments, SegmentOp.REMOVED, limit), _cut(segments, SegmentOp.ADDED, limit)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Each word with the white space before it."""
    return _TOKEN.findall(text)


def _tidy(runs: list[Run], old: list[tuple[str, str]], new: list[tuple[str, str]]) -> list[Run]:
    """Without the runs that would leave confetti: a few little words with changes on both sides."""
    return [run for run in runs if not (_is_little(run, old) and _is_between(run, len(old), len(new)))]


def _is_little(run: Run, old: list[tuple[str, str]]) -> bool:
    words = old[run.old : run.old + run.size]
    return run.size <= _LITTLE_RUN and all(len(word) <= _LITTLE_WORD for _, word in words)


def _is_between(run: Run, old_length: int, new_length: int) -> bool:
    starts = run.old == 0 and run.new == 0
    ends = run.old + run.size == old_length and run.new + run.size == new_length
    return not (starts or ends)


def _pieces(old: list[tuple[str, str]], new: list[tuple[str, str]], runs: list[Run]) -> Iterator[Segment]:
    """The segments in order, not yet merged; white space that differs before an equal word is a change of its own."""
    i = j = 0
    for run in [*runs, Run(len(old), len(new), 0)]:
        yield Segment(SegmentOp.REMOVED, _joined(old[i : run.old]))
        yield Segment(SegmentOp.ADDED, _joined(new[j : run.new]))
        i, j = run.old + run.size, run.new + run.size
        if old[run.old : i] == new[run.new : j]:
            yield Segment(SegmentOp.SAME, _joined(old[run.old : i]))
        else:
            yield from _spaced_pieces(old[run.old : i], new[run.new : j])


def _spaced_pieces(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Segment]:
    """The same words with other white space between them."""
    for (old_space, word), (new_space, _) in zip(old, new, strict=True):
        if old_space == new_space:
            yield Segment(SegmentOp.SAME, old_space + word)
        else:
            yield Segment(SegmentOp.REMOVED, old_space)
            yield Segment(SegmentOp.ADDED, new_space)
            yield Segment(SegmentOp.SAME, word)


def _joined(tokens: list[tuple[str, str]]) -> str:
    return "".join([space + word for space, word in tokens])


def _merge(pieces: Iterable[Segment], old_end: str, new_end: str) -> Iterator[Segment]:
    """Neighbours of one kind joined, empty ones dropped, and the white space at both ends appended."""
    if old_end == new_end:
        ends = [Segment(SegmentOp.SAME, old_end)]
    else:
        ends = [Segment(SegmentOp.REMOVED, old_end), Segment(SegmentOp.ADDED, new_end)]
    waiting: dict[SegmentOp, list[str]] = {op: [] for op in (SegmentOp.SAME, SegmentOp.REMOVED, SegmentOp.ADDED)}
    for piece in [*pieces, *ends]:
        if not piece.text:
            continue
        if (piece.op is SegmentOp.SAME) != bool(waiting[SegmentOp.SAME]):
            yield from _drain(waiting)
        waiting[piece.op].append(piece.text)
    yield from _drain(waiting)


def _drain(waiting: dict[SegmentOp, list[str]]) -> Iterator[Segment]:
    for op, texts in waiting.items():
        if texts:
            yield Segment(op, "".join(texts))
            texts.clear()


def _text_of(segments: Iterable[Segment], op: SegmentOp) -> str:
    return " ".join(segment.text.strip() for segment in segments if segment.op is op and segment.text.strip())


def _cut(segments: tuple[Segment, ...], own: SegmentOp, limit: int) -> str:
    """One side of a quote: the widest surroundings of its changes that fit."""
    words = [word for segment in segments if segment.op in (SegmentOp.SAME, own) for word in split_words(segment.text)]
    ahead = _distances(segments, own)
    back = _distances(segments[::-1], own)[::-1]
    distances = [min(pair) for pair in zip(ahead, back, strict=True)]
    changed = sum(distance == 0 for distance in distances)
    if changed > limit:
        seen = iter(range(changed))
        return _join_kept(words, [distance == 0 and next(seen) < limit for distance in distances])
    widest = _widest(distances, limit)
    return _join_kept(words, [distance <= widest for distance in distances])


def _distances(segments: Iterable[Segment], own: SegmentOp) -> list[int]:
    """For each word of one side, how many words the last change lies back: 0 for a changed word itself."""
    distances = []
    far = last = 1_000_000_000
    for segment in segments:
        count = len(split_words(segment.text))
        if segment.op is SegmentOp.SAME:
            distances += [min(far, last + number) for number in range(1, count + 1)]
            last = min(far, last + count)
        else:
            distances += [0] * count if segment.op is own else []
            last = 0
    return distances


def _widest(distances: list[int], limit: int) -> int:
    """The largest distance at which at most `limit` words are no further."""
    ordered = sorted(distances)
    return ordered[limit] - 1 if len(ordered) > limit else max(ordered, default=0)


def _join_kept(words: list[str], keep: list[bool]) -> str:
    """The kept words, with one "…" for each stretch that is left out."""
    quote: list[str] = []
    for word, kept in zip(words, keep, strict=True):
        if kept:
            quote.append(word)
        elif quote[-1:] != ["…"]:
            quote.append("…")
    return " ".join(quote)
