"""Words of the old text that a section has: the strongest sign that it is now stale.

A quote is a stretch of at least `LEAST_WORDS` words that the old wording and the section share, word for word or nearly
(a few words put in, left out or exchanged), or a shorter one around a number ("14 days"). It counts only where
something in it stands no longer in the new wording.

Does not do: finding the sections worth a look (`monitor.impact.index`), weighing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from monitor.impact.words import find_stem
from monitor.model import PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.model import Passage

LEAST_WORDS = 6
"""Shorter stretches without a number are idioms: two texts on one subject share them by chance."""
SEED_WORDS = 3
"""A near-quote goes on where, after a gap, so many words less one are the same again."""
MAX_GAP = 2
"""Words on either side that it may differ in at one place."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W_]+(?:['\u2019][^\W_]+)*")
_GAPS = sorted(product(range(MAX_GAP + 1), repeat=2), key=sum)[1:]
"""Words to pass over in the old text and in the section, the fewest first."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch as the section has it, and as the old text had it; often the same."""

    section: str
    old: str
    words: int
    """How many words are the same in both."""

    def __str__(self) -> str:
        return self.section if Words(self.section).folded == Words(self.old).folded else f"{self.section} | {self.old}"


class Words:
    """A text as words: folded for comparison, and where each stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = [match.span() for match in _WORD.finditer(text)]
        self.folded = [text[start:end].casefold().replace("\u2019", "'") for start, end in self._spans]

    def stretch(self, start: int, end: int) -> str:
        """The words from `start` up to `end`, as they stand in the text."""
        return self._text[self._spans[start][0] : self._spans[end - 1][1]]

    def runs(self, length: int) -> list[tuple[str, ...]]:
        """Every run of `length` words, by where it begins."""
        return list(zip(*(self.folded[each:] for each in range(length)), strict=False))

    @cached_property
    def starts(self) -> dict[tuple[str, ...], list[int]]:
        """Where each run of `SEED_WORDS` words begins, and each number with its noun."""
        starts: dict[tuple[str, ...], list[int]] = {}
        for length in (SEED_WORDS, 2):
            for start, run in enumerate(self.runs(length)):
                if length == SEED_WORDS or _is_amount(run):
                    starts.setdefault(run, []).append(start)
        return starts


def _is_amount(run: tuple[str, ...]) -> bool:
    """A number with the noun that it counts."""
    number, noun = run
    return number[0].isdigit() and not noun[0].isdigit() and find_stem(noun) is not None


@dataclass(frozen=True, slots=True)
class _Match:
    """What two texts share: from where to where in the old one and in the section, and how many words are the same."""

    old: tuple[int, int]
    section: tuple[int, int]
    same: int


class OldText:
    """The old wording of one passage, with the words of it that the new text has no more."""

    def __init__(self, before: str, kept: frozenset[tuple[str, ...]]) -> None:
        self._words = Words(before)
        runs = self._words.runs(SEED_WORDS)
        standing = {start + each for start, run in enumerate(runs) if run in kept for each in range(SEED_WORDS)}
        self._gone = frozenset(range(len(self._words.folded))) - standing

    def find_quote(self, section: Words) -> Quote | None:
        """The longest quote in `section`; None where it has none."""
        best = max(self._iter_matches(section), key=lambda match: match.same, default=None)
        if best is None:
            return None
        return Quote(section.stretch(*best.section), self._words.stretch(*best.old), best.same)

    def _iter_matches(self, section: Words) -> Iterator[_Match]:
        shared = self._words.starts.keys() & section.starts.keys()
        for run in sorted(shared):
            for pair in product(self._words.starts[run], section.starts[run]):
                match = self._extend(*pair, section)
                if (match.same >= LEAST_WORDS or len(run) < SEED_WORDS) and not self._gone.isdisjoint(
                    range(*match.old)
                ):
                    yield match

    def _extend(self, old: int, other: int, section: Words) -> _Match:
        """The match around these two places: back as far as the words are the same, and on over small gaps."""
        mine, theirs = self._words.folded, section.folded
        while old and other and mine[old - 1] == theirs[other - 1]:
            old, other = old - 1, other - 1
        i, j, same = old, other, 0
        while True:
            while i < len(mine) and j < len(theirs) and mine[i] == theirs[j]:
                i, j, same = i + 1, j + 1, same + 1
            gap = next((gap for gap in _GAPS if _goes_on(mine, i + gap[0], theirs, j + gap[1])), None)
            if gap is None:
                return _Match((old, i), (other, j), same)
            i, j = i + gap[0], j + gap[1]


def _goes_on(mine: list[str], i: int, theirs: list[str], j: int) -> bool:
    run = mine[i : i + SEED_WORDS - 1]
    return len(run) == SEED_WORDS - 1 and run == theirs[j : j + SEED_WORDS - 1]


def read_old_texts(passages: Iterable[Passage]) -> tuple[OldText, ...]:
    """The old wordings of what was removed or reworded; what stands elsewhere in the new text is not gone."""
    changed = [passage for passage in passages if passage.op is not PassageOp.MOVED]
    kept = frozenset(run for passage in changed for run in Words(passage.after).runs(SEED_WORDS))
    return tuple(OldText(passage.before, kept) for passage in changed if passage.before)


def find_quote(old_texts: Iterable[OldText], section: str) -> Quote | None:
    """The longest stretch of the old texts that `section` has; None where there is none."""
    words = Words(section)
    found = (old.find_quote(words) for old in old_texts)
    return max((quote for quote in found if quote), key=lambda quote: quote.words, default=None)
