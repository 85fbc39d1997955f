"""Whether two documents changed in the same way: a renamed product, another footer, a new address in all of them.

What counts is which words were put in place of which, not how often or where. Of a passage that came or went as a whole
it is all of its words. Two changes are one only if all of it is the same: a document in which something else changed,
too, may need to be read for itself.

Does not do: comparing texts.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from monitor.compare.datewords import find_dates_in
from monitor.compare.words import Segment, SegmentOp, fold, mark_words
from monitor.model import Passage, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Swap = tuple[str, str]
"""The words that went and the words that came in their place, folded, one of the two perhaps empty."""

_EDGES = re.compile(r"^[^\w$€£¥]+|[^\w%]+$")


def fingerprint(passages: Iterable[Passage]) -> str:
    """Equal for changes of the same words, in however many places and documents; "" where nothing can be grouped.

    Case, punctuation at the ends and an owner's "'s" make no difference. Neither does the date that a new date stands
    in place of: documents that are updated together were seldom updated together before. 32 hexadecimal digits.
    """
    swaps = sorted({swap for passage in passages for swap in _iter_swaps(passage)})
    text = "\n".join(f"{removed}\t{added}" for removed, added in swaps)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() if swaps else ""


def _iter_swaps(passage: Passage) -> Iterator[Swap]:
    if passage.op is PassageOp.MOVED:
        return
    if passage.op is PassageOp.REWORDED:
        pairs = _iter_pairs(mark_words(passage.before, passage.after))
    else:
        pairs = iter([(passage.before, passage.after)])
    for removed, added in pairs:
        if swap := _find_swap(removed, added):
            yield swap


def _iter_pairs(segments: Iterable[Segment]) -> Iterator[tuple[str, str]]:
    """What was removed, with what was added at the same place; two empty texts where nothing changed."""
    removed = ""
    for segment in (*segments, Segment(SegmentOp.SAME, "")):
        if segment.op is SegmentOp.REMOVED:
            removed = segment.text
        else:
            yield removed, segment.text if segment.op is SegmentOp.ADDED else ""
            removed = ""


def _find_swap(removed: str, added: str) -> Swap | None:
    """None where no words changed."""
    old, new = _normalise(removed), _normalise(added)
    if old.endswith("'s") and new.endswith("'s"):
        old, new = old.removesuffix("'s"), new.removesuffix("'s")
    if _is_date(old) and _is_date(new):
        old = ""
    return (old, new) if old != new else None


def _normalise(text: str) -> str:
    return _EDGES.sub("", fold(text).casefold())


def _is_date(text: str) -> bool:
    words = text.split()
    return find_dates_in(words) == [range(len(words))]
