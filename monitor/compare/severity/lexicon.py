"""What the words of a rule mean: `must` obliges, `unless` excepts, `biometric` is sensitive data.

Seven languages in one table, `lexicon.toml`, since no two of them use one spelling for opposite things that matter.

Does not do: what a negation makes of the words beside it (`meanings`), numbers
(`quantities`).
"""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from monitor.compare.alignment.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence


class Meaning(StrEnum):
    """What a word of a rule does, or what it is about."""

    FORBID = "forbid"
    OBLIGE = "oblige"
    PERMIT = "permit"
    NEGATE = "negate"
    EXCEPT = "except"
    OURSELVES = "ourselves"
    """The publisher speaks of itself: what "we do not" do is no prohibition."""
    ENFORCE = "enforce"
    RIGHT = "right"
    FEE = "fee"
    DATA = "data"
    SPARE = "spare"
    """That something is not done with data: "we never sell"."""
    SENSITIVE = "sensitive"
    MINOR = "minor"
    DEFINE = "define"
    SCOPE = "scope"
    PLACE = "place"
    CONTACT = "contact"
    HARM = "harm"
    """What policies forbid; a list of it is a list of prohibitions."""
    RULES = "rules"
    """What a text of rules calls itself; with a date it announces a new one."""
    CHANGE = "change"
    """That a text changes or takes effect."""
    STAMP = "stamp"
    """Said beside the date of a text."""
    EFFECTIVE = "effective"
    """Said beside the day from which a text applies."""
    LIMIT = "limit"
    """Said beside a number that binds."""
    KEEP = "keep"
    """That something is kept: how long binds."""


class Found(NamedTuple):
    """A word or phrase that means something: `start` and `stop` count words."""

    start: int
    stop: int
    meaning: Meaning


class _Entry(NamedTuple):
    words: tuple[str, ...]
    meaning: Meaning


_WORD = re.compile(r"(?:qu|[^\W\d_])'(?=\w)|[^\W_]+(?:['.\-][^\W_]+)*")
"""A word; what French and Italian elide is one of its own ("n'est", "qu'il", "l'età")."""
_SHORTEST_BEGINNING = 3


def read_words(text: str) -> list[str]:
    """The words of a text as they are looked up: folded, in lower case, without punctuation."""
    return _WORD.findall(fold(text).casefold())


def word_list(name: str) -> frozenset[str]:
    """One of the lists of words beside the meanings."""
    return frozenset(_read_table()["lists"][name].split())


def look_up(words: Sequence[str]) -> list[Found]:
    """What these words mean, in their order; a phrase hides what the words in it mean alone."""
    found: list[Found] = []
    covered = 0
    for at, word in enumerate(words):
        entries = _entries_for(word)
        if entries and at >= covered:
            found += _find_here(entries, words, at)
            covered = found[-1].stop if found else 0
    return found


def _find_here(entries: Sequence[_Entry], words: Sequence[str], at: int) -> list[Found]:
    """The longest entries that stand at this word; of equal length, one for each meaning."""
    standing = [entry for entry in entries if len(entry.words) == 1 or _stands_at(entry, words, at)]
    longest = max((len(entry.words) for entry in standing), default=0)
    meanings = dict.fromkeys(entry.meaning for entry in standing if len(entry.words) == longest)
    return [Found(at, at + longest, meaning) for meaning in meanings]


def _stands_at(entry: _Entry, words: Sequence[str], at: int) -> bool:
    following = words[at + 1 : at + len(entry.words)]
    return len(following) == len(entry.words) - 1 and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(entry.words[1:], following, strict=True)
    )


@lru_cache(maxsize=50_000)
def _entries_for(word: str) -> tuple[_Entry, ...]:
    """The entries that may begin with this word."""
    whole, beginnings = _index()
    lengths = range(_SHORTEST_BEGINNING, len(word) + 1)
    return (*whole.get(word, ()), *(entry for length in lengths for entry in beginnings.get(word[:length], ())))


@cache
def _index() -> tuple[dict[str, list[_Entry]], dict[str, list[_Entry]]]:
    """The entries by their first word, those that are whole words and those that are beginnings."""
    whole: dict[str, list[_Entry]] = {}
    beginnings: dict[str, list[_Entry]] = {}
    for name, entries in _read_table()["meanings"].items():
        for entry in entries.split():
            words = tuple(entry.split("_"))
            index = beginnings if words[0].endswith("*") else whole
            index.setdefault(words[0].removesuffix("*"), []).append(_Entry(words, Meaning(name)))
    return whole, beginnings


@cache
def _read_table() -> dict[str, dict[str, str]]:
    """In the spelling of `read_words`: "dreißig" is "dreissig"."""
    return tomllib.loads((files("monitor.compare.severity") / "lexicon.toml").read_text("utf-8").casefold())
