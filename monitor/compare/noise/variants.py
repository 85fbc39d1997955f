"""The same text in another language, or in the other of the two spellings of English.

Does not do: finding the language of a text (`monitor.language`).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from monitor.compare.noise.form import spell
from monitor.language import find_language

MIN_WORDS = 20
"""Fewer words tell no language: names and terms are quoted in any."""
MIN_REGIONAL = 3
"""So many words in the other spelling make a text the other edition; one or two are a spelling that was mended."""
MAX_OTHER = 0.08
"""Share of the words that an edition may word differently besides ("trash" for "bin"). Measured: up to 0.05."""

_AMERICAN = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(\w{3})is(e|ed|es|er|ers|ing|ation|ations|able)\b", r"\1iz\2"),
        (r"lys(e|ed|es|ing)\b", r"lyz\1"),
        (r"(\w{3})our(s|ed|ing|al|ally|able|ably|ite|ites|er|ers|hood|ful|y)?\b", r"\1or\2"),
        (r"(\w\w[tb])re(s|d)?\b", r"\1er\2"),
        (r"(\w{3})ence(s|d)?\b", r"\1ense\2"),
        (r"\bpractis(e|es|ed|ing)\b", r"practic\1"),
        (r"logue(s|d)?\b", r"log\1"),
        (r"(\w{3})ll(ed|ing|er|ers|or|ors|ation|ations|ous|ment|ments|ful|s)?\b", r"\1l\2"),
        (r"\bprogramme(s)?\b", r"program\1"),
        (r"dgement", r"dgment"),
        (r"\bageing\b", "aging"),
        (r"(\w)wards\b", r"\1ward"),
        (r"\b(amid|among)st\b", r"\1"),
        (r"\bwhilst\b", "while"),
        (r"\b(burn|learn|spel|dream|lean)t\b", r"\1ed"),
        (r"\bgrey\b", "gray"),
        (r"\bcheque(s)?\b", r"check\1"),
        (r"\b(t)yre(s)?\b", r"\1ire\2"),
        (r"\bartefact", "artifact"),
        (r"\bjewellery\b", "jewelry"),
        (r"\bmum(s)?\b", r"mom\1"),
    )
)
"""How British spellings become American ones. They may bend other words, too, as long as they bend both texts alike."""
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_RULING = frozenset(
    {"not", "no", "never", "must", "shall", "may", "cannot", "can't", "only", "unless", "except", "all", "any"}
)


def is_same_but_for_spelling(before: str, after: str) -> bool:
    """Whether two wordings have the same words in their order, whichever of the two spellings each is in."""
    old, new = before.split(), after.split()
    return len(old) == len(new) and all(
        one == other or _spell_american(one) == _spell_american(other) for one, other in zip(old, new, strict=True)
    )


def _spell_american(word: str) -> str:
    return spell(_americanise(word.casefold()))


@lru_cache(maxsize=10_000)
def _americanise(text: str) -> str:
    for british, american in _AMERICAN:
        text = british.sub(american, text)
    return text


def find_languages(before: str, after: str) -> tuple[str, str] | None:
    """The two languages, where two texts are surely in different ones."""
    if min(_count_words(before), _count_words(after)) < MIN_WORDS:
        return None
    languages = find_language(before), find_language(after)
    return languages if all(languages) and languages[0] != languages[1] else None


def _count_words(text: str) -> int:
    """Of scripts that are written without spaces, four signs count as a word."""
    return max(len(text.split()), (len(text) - len(text.encode("ascii", "ignore"))) // 4)


def is_other_edition(before: str, after: str) -> tuple[bool, bool]:
    """Whether two wordings are one text for two regions of English, and whether a word that rules differs besides.

    All numbers must be the same, and the spelling must have changed in one direction.
    """
    if sorted(re.findall(r"\d+", before)) != sorted(re.findall(r"\d+", after)):
        return False, False
    old, new = (Counter(_WORD.findall(text.casefold().replace("\u2019", "'"))) for text in (before, after))
    gone, come = old - new, new - old
    american, british = _spelled_as(gone, come), _spelled_as(come, gone)
    regional = american or british
    other = gone.total() + come.total() - 2 * regional.total()
    is_edition = (
        not (american and british)
        and regional.total() >= MIN_REGIONAL
        and other <= MAX_OTHER * (old.total() + new.total())
    )
    return is_edition, bool(_RULING & {*gone, *come})


def _spelled_as(british: Counter[str], american: Counter[str]) -> Counter[str]:
    """The words of the one that stand in American spelling in the other."""
    spelled = {word: _americanise(word) for word in british}
    return Counter(
        {word: min(count, american[spelled[word]]) for word, count in british.items() if american[spelled[word]]}
    )
