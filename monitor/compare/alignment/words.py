"""Inside a text: folding, words, and which of them changed.

Does not do: aligning blocks (`blocks`), judging what a changed word means (`monitor.compare.kinds`).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Postfix, Prefix

from monitor.compare.alignment.datewords import is_month
from monitor.compare.alignment.hunks import find_hunks
from monitor.compare.alignment.sequences import common_ends

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

_PIECE = re.compile(r"\s*\S+")
_UNSPACED_PIECE = re.compile(rf"\s*(?:[{_UNSPACED}][\u3001-\u303f\uff00-\uff0f]*|[^\s{_UNSPACED}]+)")
"""A word with the white space before it and the punctuation that sticks to it."""
_PART = re.compile(r"\s*(?:\[\w{1,3}\]|\(\w{1,3}\)|[$€£¥]?\w+(?:['’.,:/@&_+-]+\w+)*%?|\S)")
"""A footnote mark, a word or an amount without its punctuation, a sign."""
_DIGIT, _WORD = re.compile(r"\d"), re.compile(r"[^\W_]")
CONTEXT = 6
"""Unchanged words on each side of all changes that are aligned with them: a date, the beginning of a sentence."""

MAX_REMEMBERED = 8_000
"""Characters up to which marked words are remembered, as kind, severity, summary and quotes all ask for them: 10 MB.
Of longer texts only the last ones are."""
MAX_PARTS = 20_000
"""Characters of one change in which its ends are looked at more closely; nobody reads as much as one change."""

_ORDINAL = re.compile(
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*\.?[a-z]?|[A-Za-z]|[ivxIVX]+)[.):]|\d{1,3}(?:\.\d{1,3})+(?=\s[^\Wa-z\d_]))\s+|"
    r"[(\uff08]?[一二三四五六七八九十]{1,3}[)\uff09、]\s*"
)
"""The number of a clause at its start, "3.", "(a)", "iv)", "2.1.4", "三、"; an amount ("2.5 %") is none."""
_COUNTED = frozenset({"Tag", "Lebensjahr", "Jahr", "Monat", "Woche", "Quartal"})
"""Nor is a German ordinal: "14. Tag", which is what a day of a month looks like, too."""
_TITLE = re.compile(
    r"(§{1,2}|(?i:section|article|clause|part|chapter|annex|appendix|schedule|rule|title|step|artikel|abschnitt|ziffer|"
    r"kapitel|teil|anhang|chapitre|partie|annexe|art[íi]culo|secci[óo]n|cl[áa]usula|cap[íi]tulo|anexo|articolo|sezione|"
    r"capitolo|allegato|artigo|se[çc][ãa]o|hoofdstuk|bijlage)|第)"
    r"(\s*)(?:\d{1,3}(?:\.\d{1,3})*[a-zA-Z]?|[ivxIVX]{1,6}|[一二三四五六七八九十百]{1,5})"
    r"(?=\s*$|\s*[.:)\u2013\u2014-]|\s+[^\Wa-z\d_]|[条條章節节款项])"
)
"""The same with a noun before it: "Section 4 – Scope", "第四条"; not "Article 17 of the DSA requires"."""


class SegmentOp(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Segment(NamedTuple):
    """A stretch of a reworded passage, white space included."""

    op: SegmentOp
    text: str


def fold(text: str) -> str:
    """The text without what is no wording: white space to single spaces, typographic signs to their plain forms."""
    if not text.isascii():
        text = _FOLDABLE.sub(lambda sign: _FOLDED[sign[0]], text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    if text.isprintable() and "  " not in text:
        return text.strip()  # twice as fast, and true of nearly every block
    return " ".join(text.split())


def split_words(text: str) -> list[str]:
    """The words of a text with the punctuation that sticks to them; ideographs one by one."""
    if text.isascii() or not _UNSPACED_SIGN.search(text):
        return text.split()
    return [piece.strip() for piece in _UNSPACED_PIECE.findall(text)]


def strip_ordinal(text: str) -> str:
    """The text without the number of its clause: so "3. Scope" is "4. Scope", and "Article 3" is "Article 4"."""
    if found := _ORDINAL.match(text):
        rest = text[found.end() :]
        follower = rest.split(maxsplit=1)[0] if rest else ""
        return text if follower in _COUNTED or is_month(follower) else rest
    title = _TITLE.match(text)
    return title[1] + text[title.end() :] if title else text


def mark_words(before: str, after: str) -> tuple[Segment, ...]:
    """Which words were removed and added, in reading order, for people to see.

    Segments lie between words or between a word and its punctuation, so they are joined without anything between them.
    The texts of `same` and `added` joined are `after` exactly, those of `same` and `removed` are `before` up to white
    space and typographic signs, which nobody marks. Where both changed, `removed` comes first. Of texts with the same
    number of lines each line is marked for itself: they are rows of a table.
    """
    return (_remember if len(before) + len(after) <= MAX_REMEMBERED else _remember_last)(before, after)


def _mark_passage(before: str, after: str) -> tuple[Segment, ...]:
    old_lines, new_lines = before.split("\n"), after.split("\n")
    if len(old_lines) == len(new_lines) > 1:
        return _merge(_mark_lines(zip(old_lines, new_lines, strict=True)))
    return _merge(_mark(before, after))


_remember = lru_cache(maxsize=1024)(_mark_passage)
_remember_last = lru_cache(maxsize=1)(_mark_passage)


def changed_words(before: str, after: str) -> tuple[str, str]:
    """Only what changed: the removed words and the added words, stretches joined by one space."""
    segments = mark_words(before, after)
    return _text_of(segments, SegmentOp.REMOVED), _text_of(segments, SegmentOp.ADDED)


def cut_quote(passage: Passage, limit: int) -> tuple[str, str]:
    """The passage as two plain lines, before and after, of at most `limit` words each; "…" stands for what was cut.

    For a reason that is stored. What people see of a whole change, marked, in one room for all its passages, is the
    work of `digests.quotes`.

    The changed words always survive, with as much around each as fits; where they alone are too many, the first `limit`
    of them. Of a passage that only moved, the first words.
    """
    if passage.before == passage.after:
        pieces = _pattern(passage.after).findall(passage.after)
        quote = _join_kept(pieces, [number < limit for number in range(len(pieces))])
        return quote, quote
    segments = mark_words(passage.before, passage.after)
    return _quote_side(segments, SegmentOp.REMOVED, limit), _quote_side(segments, SegmentOp.ADDED, limit)


_Piece = tuple[SegmentOp, str]
"""A part of a Segment, perhaps empty."""


def _mark_lines(lines: Iterable[tuple[str, str]]) -> Iterator[_Piece]:
    for number, (before, after) in enumerate(lines):
        yield SegmentOp.SAME, "\n" if number else ""
        yield from _mark(before, after)


def _mark(before: str, after: str) -> Iterator[_Piece]:
    """The segments of one line, not yet merged. What both texts share is trimmed before it is cut into words."""
    start, old_stop, new_stop = _trim(before, after)
    old_words, old_ends = _cut(before[start:old_stop], start)
    new_words, new_ends = _cut(after[start:new_stop], start)
    done = 0
    for old_from, old_to, new_from, new_to in find_hunks(old_words, new_words):
        removed, added = before[old_ends[old_from] : old_ends[old_to]], after[new_ends[new_from] : new_ends[new_to]]
        if not new_ends[new_to]:  # the space behind what was removed at the beginning goes with it
            removed += _leading_space(before[old_ends[old_to] :])
        yield SegmentOp.SAME, after[done : new_ends[new_from]]
        if _may_share(removed, added):
            yield from _mark_parts(removed, added)
        else:
            yield SegmentOp.REMOVED, removed
            yield SegmentOp.ADDED, added
        done = new_ends[new_to]
    yield SegmentOp.SAME, after[done:]


def _trim(before: str, after: str) -> tuple[int, int, int]:
    """Where the part to be aligned starts in both texts, and where it stops in each."""
    head = int(Prefix.similarity(before, after))
    tail = min(int(Postfix.similarity(before, after)), min(len(before), len(after)) - head)
    ahead = before[:head].rsplit(" ", CONTEXT)
    start = len(ahead[0]) if len(ahead) > CONTEXT else 0
    behind = before[len(before) - tail + 1 :].split(" ", CONTEXT)
    stop = len(before) - (len(behind[-1]) + 1 if len(behind) > CONTEXT else 0)
    return start, stop, len(after) - (len(before) - stop)


def _cut(text: str, start: int) -> tuple[list[str], list[int]]:
    """The words of a text, and where each word begins, white space included, counted from `start`; the end is last."""
    if text.isascii() or not _UNSPACED_SIGN.search(text):
        words = text.split()
        ends = list(accumulate([len(word) + 1 for word in words], initial=start - 1 + text.startswith(" ")))
        ends[0] = start
        if ends[-1] == start + len(text):  # single spaces, as nearly always: three times as fast
            return words, ends
    pieces = _pattern(text).findall(text)
    return [piece.strip() for piece in pieces], list(accumulate(map(len, pieces), initial=start))


def _pattern(text: str) -> re.Pattern[str]:
    return _PIECE if text.isascii() or not _UNSPACED_SIGN.search(text) else _UNSPACED_PIECE


def _leading_space(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _may_share(removed: str, added: str) -> bool:
    """Whether words or signs at one end could be the same on both sides: a cheap look before all are taken apart."""
    if not removed or not added or len(removed) + len(added) > MAX_PARTS:
        return False
    if not (removed.isascii() and added.isascii()) and _FOLDABLE.search(removed + added):
        return True
    head = int(Prefix.similarity(removed, added))
    inside = removed[head - 1 : head + 1].isalnum() and added[head : head + 1].isalnum()
    return (head > 1 and not inside) or (removed[-1] == added[-1] and not added[-1].isalnum())


def _mark_parts(removed: str, added: str) -> Iterator[_Piece]:
    """What both sides share at their ends is none of the change: signs, and the words that these stick to.

    A number belongs to what is around it, and a sign alone is too small to be seen: then all of it is marked.
    """
    old, new = _PART.findall(removed), _PART.findall(added)
    key = str.lstrip if removed.isascii() and added.isascii() else _fold_part
    old_keys, new_keys = list(map(key, old)), list(map(key, new))
    if old_keys == new_keys:
        yield SegmentOp.SAME, added
        return
    head, tail = _shared_ends(old_keys, new_keys)
    yield SegmentOp.SAME, "".join(new[:head])
    yield SegmentOp.REMOVED, "".join(old[head : len(old) - tail])
    yield SegmentOp.ADDED, "".join(new[head : len(new) - tail])
    yield SegmentOp.SAME, "".join(new[len(new) - tail :])


def _fold_part(part: str) -> str:
    return part.lstrip() if part.isascii() else fold(part)


def _shared_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    head, tail = common_ends(old, new)
    if head and _DIGIT.search(" ".join(old[:head])):
        head = next(at for at in range(head) if _DIGIT.search(old[at]))
    if tail and _DIGIT.search(" ".join(old[-tail:])):
        tail = next(at for at in range(tail) if _DIGIT.search(old[-1 - at]))
    changed = (*old[head : len(old) - tail], *new[head : len(new) - tail])
    return (head, tail) if _WORD.search(" ".join(changed)) else (0, 0)


def _merge(pieces: Iterable[_Piece]) -> tuple[Segment, ...]:
    """Neighbours of one kind joined, empty ones dropped."""
    merged: list[_Piece] = []
    for op, text in pieces:
        if text and merged and merged[-1][0] is op:
            merged[-1] = op, merged[-1][1] + text
        elif text:
            merged.append((op, text))
    return tuple([Segment(op, text) for op, text in merged])


def _text_of(segments: Iterable[Segment], op: SegmentOp) -> str:
    return " ".join(segment.text.strip() for segment in segments if segment.op is op and segment.text.strip())


def _quote_side(segments: tuple[Segment, ...], own: SegmentOp, limit: int) -> str:
    """One side of a quote: the widest surroundings of its changes that fit."""
    shown = (segment.text for segment in segments if segment.op in (SegmentOp.SAME, own))
    pieces = [piece for text in shown for piece in _pattern(text).findall(text)]
    ahead = _distances(segments, own)
    back = _distances(segments[::-1], own)[::-1]
    distances = [min(pair) for pair in zip(ahead, back, strict=True)]
    changed = sum(distance == 0 for distance in distances)
    if changed > limit:
        seen = iter(range(changed))
        return _join_kept(pieces, [distance == 0 and next(seen) < limit for distance in distances])
    widest = _widest(distances, limit)
    return _join_kept(pieces, [distance <= widest for distance in distances])


def _distances(segments: Iterable[Segment], own: SegmentOp) -> list[int]:
    """For each word of one side, how many words the last change lies back: 0 for a changed word itself."""
    distances = []
    far = last = 1_000_000_000
    for segment in segments:
        count = len(_pattern(segment.text).findall(segment.text))
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


def _join_kept(pieces: list[str], keep: list[bool]) -> str:
    """The kept words, with one "…" for each stretch that is left out."""
    quote: list[str] = []
    for piece, kept in zip(pieces, keep, strict=True):
        if kept:
            quote.append(f" {piece}" if quote[-1:] == [" …"] else piece)
        elif quote[-1:] != [" …"]:
            quote.append(" …")
    return " ".join("".join(quote).split())
