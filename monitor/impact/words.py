"""Text to words and stems: what counts as the same word in a change and in a procedure.

Words are compared by their English Snowball stem in lower case ("verifying" and "Verification" are one). Numbers are
words, with their inner points and commas: ages, days and amounts are what rules are about. Stop words and single
letters (list markers) are left out.

Does not do: other languages than English, meaning, weights.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import snowballstemmer

from monitor.impact.stopwords import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['\u2019][^\W_]+)*")
_STEMMER = snowballstemmer.stemmer("english")


def iter_words(text: str) -> Iterator[tuple[str, str]]:
    """Each telling word of `text` in its order: as it is written, and its stem."""
    for match in _WORD.finditer(text):
        stem = find_stem(match[0])
        if stem:
            yield match[0], stem


def stems(text: str) -> list[str]:
    """The stem of each telling word of `text`, in its order, repeated as often as it occurs."""
    return [stem for _, stem in iter_words(text)]


@lru_cache(maxsize=200_000)  # a stem costs 50 µs, a library repeats its words
def find_stem(word: str) -> str | None:
    """The stem of one word, None for a word that tells nothing."""
    plain = word.lower().replace("\u2019", "'")
    if plain in STOPWORDS or (len(plain) == 1 and not plain.isdigit()):
        return None
    return str(_STEMMER.stemWord(plain))
