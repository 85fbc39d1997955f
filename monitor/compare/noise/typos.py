"""Corrections that change no rule: a typo, an article, a plural, a word written twice.

Does not do: form (`form`), regional spelling (`variants`).
"""

from __future__ import annotations

import re
from itertools import zip_longest

from rapidfuzz.distance import OSA

from monitor.compare.alignment.words import SegmentOp, mark_words, split_words
from monitor.compare.noise.form import spell

LONG_WORD = 5
"""Letters from which two words that differ in one are one word, mistyped: "now" and "not" are two."""
MAX_WORDS = 4
"""Of one correction."""

_EMPTY = frozenset(
    {
        "a",
        "an",
        "the",
        "that",
        "which",
        "also",
        "please",
        "of",
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "der",
        "die",
        "das",
    }
    | {
        "den",
        "dem",
        "ein",
        "eine",
        "einen",
        "el",
        "los",
        "las",
        "una",
        "o",
        "os",
        "um",
        "uma",
        "il",
        "lo",
        "gli",
        "de",
        "het",
    }
)
"""Articles and words that can be left out without a rule changing."""
_DIGIT = re.compile(r"\d")
_DOUBLED = re.compile(r"\b([^\W\d_]{2,})(?: \1)+\b")


def is_polished(before: str, after: str) -> bool:
    """Whether every change within a text is a correction."""
    changes = _iter_changes(_DOUBLED.sub(r"\1", before), _DOUBLED.sub(r"\1", after))
    return all(_is_correction(removed, added) for removed, added in changes)


def _iter_changes(before: str, after: str) -> list[tuple[list[str], list[str]]]:
    """The words removed and added at each place."""
    changes: list[tuple[list[str], list[str]]] = []
    is_open = False
    for segment in mark_words(before, after):
        if segment.op is SegmentOp.SAME:
            is_open = False
            continue
        if not is_open:
            changes.append(([], []))
            is_open = True
        changes[-1][segment.op is SegmentOp.ADDED].extend(split_words(segment.text))
    return changes


def _is_correction(removed: list[str], added: list[str]) -> bool:
    old, new = ([spell(word) for word in words if not _is_empty(word)] for words in (removed, added))
    if max(len(old), len(new)) > MAX_WORDS or _DIGIT.search("".join((*old, *new))):
        return old == new
    return all(_is_one_word(one, other) for one, other in zip_longest(old, new, fillvalue=""))


def _is_empty(word: str) -> bool:
    """Whether it is a sign or an article; abbreviations ("i.L.") and capitals ("LA") are neither."""
    return not spell(word) or word.strip(",;:") in _EMPTY


def _is_one_word(one: str, other: str) -> bool:
    """Mistyped, or in the plural; what is put before a word turns it around ("legal", "illegal")."""
    return one == other or (
        min(len(one), len(other)) >= LONG_WORD and one[0] == other[0] and OSA.distance(one, other, score_cutoff=1) <= 1
    )
