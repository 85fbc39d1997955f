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
LONGEST_ABBREVIATION = 5
"""Letters. A longer word in capitals is a word ("DEFINITIONS"), a shorter one mostly names a law or a standard."""
_ROMAN = re.compile(r"[ivxIVX]{1,5}")
_PARTS_OF_TEXTS = """
annex appendix art article chapter clause control item no number para paragraph part point recital requirement rule
schedule sec section step subpart subsection title abs absatz abschnitt anhang anlage artikel kapitel nr ziffer teil
annexe alinéa chapitre partie titre anexo apartado artículo capítulo parte sección artigo secção seção allegato articolo
capo comma sezione bijlage hoofdstuk lid článek příloha artykuł rozdział załącznik
"""
_PARTS = frozenset(_PARTS_OF_TEXTS.split())
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


def split_words(text: str) -> list[str]:
    """The words of `text` without digits, in lower case: also those that tell nothing."""
    return [match[0].lower() for match in _WORD.finditer(text) if match[0].isalpha()]


def is_label(line: str) -> bool:
    """Whether a line only numbers what stands below it: "Art. 16", "164.308(a)(1)", "CIS AC-2", "Abschnitt 3".

    It has a digit, and every word of it is a number (Roman ones too), a letter, an abbreviation in capitals or a word
    for a part of a text.
    """
    words = [match[0] for match in _WORD.finditer(line)]
    return any(each.isdigit() for each in line) and all(map(_is_of_label, words))


def _is_of_label(word: str) -> bool:
    return (
        len(word) == 1
        or any(each.isdigit() for each in word)
        or (word.isupper() and len(word) <= LONGEST_ABBREVIATION)
        or word.lower() in _PARTS
        or _ROMAN.fullmatch(word) is not None
    )
