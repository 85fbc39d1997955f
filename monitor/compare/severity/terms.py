"""Which spans of time in a sentence bind somebody: "deleted after 30 days" does, "after 3 days of talks" does not.

A span binds in a sentence that forbids, obliges, permits or sets a limit; else where something is kept, or a word
beside it makes a term of it ("for", "after", "notice"), and the sentence tells what is done, not what has been.

Does not do: finding spans (`quantities`), comparing them (`findings`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.compare.severity.lexicon import Meaning, read_words, word_list

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_REACH = 3
"""Small words between a span and the word that leads to it: "for a period of 30 days"."""
_AHEAD, _BEHIND, _BETWEEN = word_list("ahead_of_span"), word_list("behind_span"), word_list("between_span")
_OF, _OF_SPAN = word_list("of"), word_list("of_span")
_NOW, _ADDRESS = word_list("now"), word_list("address")
_TOLD, _TAKEN_BACK, _NOT_TOLD = word_list("told"), word_list("taken_back"), word_list("not_told")
_YEARS = ("year", "jahr", "an", "año", "jaar")
"""How the words for years begin; shows and firms speak of theirs, so they bind where something is kept or owed."""
_FORCES = {Meaning.FORBID, Meaning.OBLIGE, Meaning.PERMIT}
_HANDLED = {Meaning.KEEP, Meaning.DATA, Meaning.SENSITIVE, Meaning.ENFORCE, Meaning.FEE, Meaning.RIGHT}


def is_term(sentence: str, span: str, meanings: Collection[Meaning]) -> bool:
    """Whether the span, as it is written in this sentence, binds; the meanings are those of the sentence."""
    if not _FORCES.isdisjoint(meanings):
        return True
    words, parts = read_words(sentence), read_words(span)
    in_years = parts[-1].rpartition("-")[2].startswith(_YEARS)
    is_present = _is_present(words, parts[0])
    told = not is_present and _has_past(words)
    is_handled = not _HANDLED.isdisjoint(meanings)
    if Meaning.LIMIT in meanings:
        return is_handled or Meaning.NEGATE in meanings or not (in_years and told)
    is_rule = is_handled or (not in_years and (is_present or not _ADDRESS.isdisjoint(words)))
    return is_rule and not told and (Meaning.KEEP in meanings or _is_led_to_anywhere(words, parts))


def _is_led_to_anywhere(words: Sequence[str], parts: Sequence[str]) -> bool:
    places = (at for at in range(len(words)) if words[at : at + len(parts)] == parts)
    return any(_is_led_to(words, at, at + len(parts)) for at in places)


def _is_led_to(words: Sequence[str], start: int, stop: int) -> bool:
    """Whether a word beside the span makes a term of it, and not the length of something: "after 3 days of talks"."""
    following = words[stop : stop + 2]
    if following and following[0] in _OF and _OF_SPAN.isdisjoint(following[1:]):
        return False
    if not _BEHIND.isdisjoint(following[:1]):
        return True
    ahead = words[max(0, start - _REACH - 1) : start][::-1]
    return next((word in _AHEAD for word in ahead if word not in _BETWEEN), False)


def _is_present(words: Sequence[str], number: str) -> bool:
    """Whether the sentence says what is so, or will be: "is removed", "has 30 days", not "è stato"."""
    return any(
        (word in _NOW and following not in _TAKEN_BACK) or (word in _TOLD and following == number)
        for word, following in zip(words, [*words[1:], ""], strict=True)
    )


def _has_past(words: Sequence[str]) -> bool:
    """Whether words of it tell what was; a participle that begins it does not: "Deleted posts leave …"."""
    return not _TOLD.isdisjoint(words) or any(word.endswith("ed") and word not in _NOT_TOLD for word in words[1:])
