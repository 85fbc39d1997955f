"""How alike the sections of a library are to a change in words, on a scale that means the same for every change.

A bare BM25 score grows with the length of the query. Divided by what a section would score that had each of the most
telling words of the change once, it can be held against one floor for changes of 20 and of 600 words.

The numbers come from sets of real procedures. `ODDS_SLOPE` and `ODDS_AT_ONE` fit 283 short rule texts with known
procedures; for long texts the odds are too high or too low. `MIN_RATIO` was chosen so that 28 of 30 rule texts from
foreign fields (aviation, fishing, farming) find nothing in a library of 3,271 sections, while 270 of the 283 find
something in theirs. In a library of 12,331 sections of general handbooks 20 of the 30 find nothing.

Does not do: citations, topics, jurisdictions, choosing what is tagged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from monitor.impact.query import build_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from monitor.impact.index import Index
    from monitor.impact.query import Weights
    from monitor.model import Passage

MAX_STEMS = 64
"""How many stems of one query are looked up, the most telling first: more cost time and find nothing better."""
TELLING_STEMS = 12
"""How many of them a section must have to be as good as can be."""

ODDS_SLOPE = 1.75
ODDS_AT_ONE = -0.2
LEAST_ODDS = -4.0
"""Words never speak against a section more than this, so that a shared citation counts in any language."""
MIN_RATIO = 0.285


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike one section is to a change, and the query that it answers best."""

    ratio: float
    """0 = no word shared; 1 = as good as a section with each of the most telling words once; can be more."""
    query: Weights

    @property
    def odds(self) -> float:
        """Log-odds that the section is touched, by its words alone."""
        return odds_at(self.ratio)


def odds_at(ratio: float) -> float:
    """Log-odds by words alone: a logistic of the logarithm of the ratio, so that long changes are not overrated."""
    return max(LEAST_ODDS, ODDS_SLOPE * math.log(ratio) + ODDS_AT_ONE) if ratio > 0 else LEAST_ODDS


def compare_words(passages: Iterable[Passage], index: Index, always: AbstractSet[int]) -> dict[int, Likeness]:
    """The likeness of every section at or above `MIN_RATIO`, and of those in `always`, by the number of its entry."""
    best = dict.fromkeys(always, Likeness(0.0, {}))
    for weights in build_queries(passages):
        query = _most_telling(weights, index)
        possible = _best_possible(query, index)
        scores = index.scores(query)
        alike = {entry for entry, score in enumerate(scores) if score >= MIN_RATIO * possible}
        for entry in alike | always:
            ratio = scores[entry] / possible
            if entry not in best or ratio > best[entry].ratio:
                best[entry] = Likeness(ratio, query)
    return best


def _most_telling(weights: Weights, index: Index) -> Weights:
    """The stems that can add most to a score: rare ones, and changed rather than context."""
    order = sorted(weights, key=lambda stem: (-weights[stem] * index.idf(stem), stem))
    return {stem: weights[stem] for stem in order[:MAX_STEMS]}


def _best_possible(query: Weights, index: Index) -> float:
    """The score of an imagined section of average length with each of the first `TELLING_STEMS` in it once.

    Words that no section has count too: a change that is mostly about something else is not about this library.
    """
    return sum(weight * index.idf(stem) for stem, weight in islice(query.items(), TELLING_STEMS))
