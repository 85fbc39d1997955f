"""How alike the sections of a library are to one question, in words and in meaning, so that questions can be compared.

Words find the candidates: the `CANDIDATES` sections with the best scores, beside those that are asked for. Only these
are compared in meaning, because a section whose vectors are not remembered costs 45 ms for its text and 10 ms for its
headings. The sections that come out best then lend their own most telling words to a second look (pseudo-relevance
feedback), which finds sections that say the same in other words. A question in another language than the library's is
compared with every section, by meaning alone.

Does not do: citations, links, quotes, priors, choosing what is tagged.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice
from statistics import fmean
from typing import TYPE_CHECKING

from monitor.impact.weights import Measures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from monitor.impact.index import Index
    from monitor.impact.meaning import Meaning
    from monitor.impact.query import Question, Wording
    from monitor.impact.weights import Coefficients, Weights

    Stems = Mapping[str, float]

CANDIDATES = 100
"""With 200 candidates or all sections, nDCG@10 on four sets of real procedures is the same within .001."""
MAX_STEMS = 100
"""How many stems of one wording are looked up, the most telling first: more cost time and find nothing better."""
TELLING_STEMS = 12
"""How many of them a section must have to be as good as can be."""
LEAST_RATIO = 0.05
"""Added to the best ratio before its logarithm is taken."""
FEEDBACK_SECTIONS, FEEDBACK_STEMS = 5, 20


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike one section is to a question."""

    measures: Measures
    stems: Stems
    """The weighted stems of the question."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What questions are compared with, and how."""

    index: Index
    meaning: Meaning | None
    """None: by words alone."""
    language: str
    """That of the questions, ISO 639-1."""
    weights: Weights

    @property
    def is_foreign(self) -> bool:
        """Whether the questions are in another language than the library, which only a sentence model can bridge."""
        known = self.language and self.index.language
        return bool(known and self.meaning and self.language != self.index.language)

    @property
    def coefficients(self) -> Coefficients:
        if self.is_foreign:
            return self.weights.foreign
        return self.weights.joined if self.meaning else self.weights.lexical


def compare(question: Question, setting: Setting, always: AbstractSet[int]) -> dict[int, Likeness]:
    """The likeness of each candidate and of each section in `always`, by number."""
    index = setting.index
    wordings = [_most_telling(each, index) for each in question.wordings]
    ratios = _compare_words(wordings, index)
    shares = _share(ratios)
    numbers = sorted(index.entries if setting.is_foreign else _best(shares, CANDIDATES) | always)
    support = _support(shares, numbers, index)
    pairs = _Pairs().union(*(each.pairs for each in question.wordings))
    cosines = _compare_meaning(question.windows, [index.entries[each].text for each in numbers], setting)
    headings = _compare_headings(question.windows, [index.entries[each].name for each in numbers], setting)
    level = max(cosines, default=0.0) if setting.meaning else math.log(max(ratios) + LEAST_RATIO)
    measures = {
        number: Measures(
            words=shares[number],
            level=level,
            phrases=math.log1p(len(pairs & index.entries[number].pairs())),
            feedback=0.0,
            support=support[index.entries[number].sop.id],
            meaning=cosine,
            heading=heading,
        )
        for number, cosine, heading in zip(numbers, cosines, headings, strict=True)
    }
    stems = {stem: weight for each in wordings for stem, weight in each.items()}
    again = _look_again(measures, setting)
    return {number: Likeness(replace(each, feedback=again[number]), stems) for number, each in measures.items()}


_Pairs = frozenset[tuple[str, str]]


def _most_telling(wording: Wording, index: Index) -> Stems:
    """The stems that can add most to a score: rare ones, and changed rather than context."""
    weights = wording.weights
    order = sorted(weights, key=lambda stem: (-weights[stem] * index.idf(stem), stem))
    return {stem: weights[stem] for stem in order[:MAX_STEMS]}


def _compare_words(wordings: Iterable[Stems], index: Index) -> list[float]:
    """The score of each section for the wording that it answers better, as a ratio to the best possible one."""
    found = []
    for weights in wordings:
        possible = _best_possible(weights, index)
        found.append([score / possible for score in index.scores(weights)])
    return found[0] if len(found) == 1 else [max(each) for each in zip(*found, strict=True)]


def _best_possible(weights: Stems, index: Index) -> float:
    """The score of an imagined section of average length with each of the first `TELLING_STEMS` in it once.

    Words that no section has count too: a change that is mostly about something else is not about this library.
    """
    return sum(weight * index.idf(stem) for stem, weight in islice(weights.items(), TELLING_STEMS))


def _share(scores: Sequence[float]) -> Sequence[float]:
    """Each score as a share of the best."""
    best = max(scores)
    return [score / best for score in scores] if best else scores


def _best(shares: Sequence[float], most: int) -> set[int]:
    """The numbers of the best sections that share a word."""
    return {number for number in nlargest(most, range(len(shares)), key=shares.__getitem__) if shares[number]}


def _support(shares: Sequence[float], numbers: Iterable[int], index: Index) -> dict[str, float]:
    """The mean share of the sections of each SOP that `numbers` has a section of, by its id."""
    sop_ids = {index.entries[number].sop.id for number in numbers}
    return {sop_id: fmean(shares[number] for number in index.numbers_of[sop_id]) for sop_id in sop_ids}


def _compare_meaning(windows: Iterable[str], texts: Sequence[str], setting: Setting) -> list[float]:
    """The cosine of each text with the windows: the mean of the nearest and of all."""
    return [(max(each) + fmean(each)) / 2 for each in _iter_cosines(windows, texts, setting)]


def _compare_headings(windows: Iterable[str], headings: Sequence[str], setting: Setting) -> list[float]:
    """The cosine of each heading with the nearest window: it names one subject, and a long change has several.

    Measured on three sets of real procedures, nDCG@10 with it is .01 to .02 above that of the best weights without.
    """
    if not setting.coefficients.heading:
        return [0.0] * len(headings)
    return [max(each) for each in _iter_cosines(windows, headings, setting)]


def _iter_cosines(windows: Iterable[str], texts: Sequence[str], setting: Setting) -> Iterator[tuple[float, ...]]:
    """For each text its cosine with each window."""
    return zip(*(near(window, texts, setting) for window in windows), strict=True)


def near(window: str, texts: Sequence[str], setting: Setting) -> list[float]:
    """The cosine of each text with `window`.

    In another language than English by both models: they err differently, and both know names and kindred words.
    """
    meaning, language = setting.meaning, setting.language
    if meaning is None:
        return [0.0] * len(texts)
    plain = meaning.similarities(window, texts)
    if language in {"", "en"}:
        return plain
    return [(one + other) / 2 for one, other in zip(plain, meaning.similarities(window, texts, language), strict=True)]


def _look_again(measures: Mapping[int, Measures], setting: Setting) -> Sequence[float]:
    """How alike each section is in words to the best ones, as shares, by number."""
    index, odds = setting.index, setting.coefficients.odds
    order = sorted(measures, key=lambda each: (-odds(measures[each]), index.entries[each].order))
    gains: Counter[str] = Counter()
    for number in order[:FEEDBACK_SECTIONS]:
        if measures[number].words:
            gains.update(index.gains(number))
    telling = sorted(gains, key=lambda stem: (-gains[stem], stem))[:FEEDBACK_STEMS]
    return _share(index.scores({stem: gains[stem] for stem in telling}))
