"""Whether two documents changed in the same way: a renamed product, another footer, a new address in all of them.

Where one name stands in place of another, the names count, not how often or where they stand. Any other change counts
with the whole passage that it stands in: "30" in place of "60" and a "not" say nothing by themselves. Two changes are
one only if all of it is the same: a document in which something else changed, too, may need to be read for itself.

Does not do: comparing texts.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from monitor.compare.alignment.datewords import find_dates_in
from monitor.compare.alignment.words import Segment, SegmentOp, fold, mark_words
from monitor.model import Passage, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Swap = tuple[str, str]
"""The words that went and the words that came in their place, folded, one of the two perhaps empty."""

_EDGES = re.compile(r"^(?:(?![-+<>\u2264\u2265]\s?\d)[^\w$\u20ac\u00a3\u00a5])+|[^\w%+]+$")
MAX_PASSAGES = 500
"""Above it each passage counts as a whole: no name was changed in more places of one document."""
_RULING = re.compile(
    r"\b(?:not|no|never|must|may|shall|can|cannot|will|should|unless|except|only|nicht|kein\w*|darf|muss|ne|pas|ni|non)\b",
    re.IGNORECASE,
)
"""Words that name nothing and turn a rule."""


def fingerprint(passages: Iterable[Passage]) -> str:
    """Equal for the same change, in however many places and documents; "" where nothing can be grouped.

    Case, punctuation at the ends and an owner's "'s" make no difference. Neither does the date that a new date stands
    in place of: documents that are updated together were seldom updated together before. 32 hexadecimal digits.
    """
    found = tuple(passages)
    look = _iter_swaps if len(found) <= MAX_PASSAGES else _iter_whole
    swaps = sorted({swap for passage in found for swap in look(passage)})
    text = "\n".join(f"{removed}\t{added}" for removed, added in swaps)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() if swaps else ""


def _iter_whole(passage: Passage) -> Iterator[Swap]:
    if passage.op is not PassageOp.MOVED:
        yield _normalise(passage.before), _normalise(passage.after)


def _iter_swaps(passage: Passage) -> Iterator[Swap]:
    if passage.op is not PassageOp.REWORDED:
        yield from _iter_whole(passage)
        return
    whole = _normalise(passage.before), _normalise(passage.after)
    for removed, added in _iter_pairs(mark_words(passage.before, passage.after)):
        swap = _find_swap(removed, added)
        if swap and _are_names(removed, added):
            yield swap
        elif swap:
            yield ("", whole[1]) if _is_date(_normalise(removed)) and _is_date(swap[1]) else whole


def _are_names(removed: str, added: str) -> bool:
    """Whether one name stands in place of another: each has a capital letter, and neither rules or is a date."""
    return not any(
        text == text.lower() or _RULING.search(text) or _is_date(_normalise(text)) for text in (removed, added)
    )


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
    return (old, new) if old != new else None


def _normalise(text: str) -> str:
    return _EDGES.sub("", fold(text).casefold())


def _is_date(text: str) -> bool:
    words = text.split()
    return find_dates_in(words) == [range(len(words))]
