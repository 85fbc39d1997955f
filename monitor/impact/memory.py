"""What people decided before, and what that says for a section now: learning at once, with nothing to retrain.

A past decision counts for a change by how alike the two changes are, and a little more where they come from the same
source; for the other sections of its SOP it counts about half. The decisions that speak for a section are weighed
against those that speak against it, with half an invented one added that says what is known beforehand, so that one
decision about an unlike change moves little:

    odds = ln((for + STRENGTH × SHARE) / (against + STRENGTH × (1 - SHARE))) - ln(SHARE / (1 - SHARE))

How alike two changes are is the square of the cosine between their weighted stems: close neighbours decide, and the
hundreds that share a few words do not add up. Old decisions count as much as new ones: a rule that was not ours two
years ago is mostly not ours now.

Measured by `benchmarks/feedback.py` on 283 rules with known procedures, on which the numbers below were chosen too:
after 188 of them were decided about, nDCG@10 of the others rises by .04 in words alone (.47 to .52) and by .02 with a
sentence model (.57 to .59). Each number halved or doubled, the gain is the same within .01. Tried there and no better:
likeness in meaning, a tally for each stem, learning from surprises only, a Gaussian process over the same decisions. A
prior per SOP costs more than it brings.

Does not do: storing decisions, finding out which of them still stand (`monitor.store.decisions`), probabilities.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from monitor.impact.facts import Finding
from monitor.model import Evidence, EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_ODDS = 1.75
"""History moves the odds by no more than this, either way. It is less than a quote of the old text weighs
(`Weights.quote`), so that rejections never outweigh stale words. And it is too little to tag what has no other reason:
1 % becomes 5 %."""
STRENGTH = 0.5
"""How many decisions for very similar changes the knowledge beforehand counts as."""
SHARE = 0.2
"""Of the sections shown to people, how many they confirm: what is expected before anything was decided."""
SAME_SOURCE = 0.05
"""What a decision about a change from the same source counts at least, however unlike the change."""
ANY_SOURCE = 0.005
"""The same from any source."""
SAME_SOP = 0.6
"""What a decision about another section of the SOP counts, as far as the changes are alike."""
SIMILAR = 0.3
"""Cosine from which on two changes are called similar."""
SIMILAR_HERE = 0.15
"""The same for two changes from one source."""
LEAST_ALIKE = 0.1
"""Cosine below which two changes only share common words, and the decision counts no more than any other."""
LEAST_CHANGES = 50
"""Fewer past changes are reckoned as so many: among five, no stem could be told from a common one."""
MOST_RECALLED = 20
MOST_REASONS = 2
_QUERIES_KEPT = 64
"""Answers kept at hand: a change asks a few queries of some hundred sections each."""

_EXPECTED = math.log(SHARE / (1 - SHARE))

Verdicts = Counter[tuple[str, bool]]
"""How many decisions speak for (True) and against (False) each id."""


@dataclass(frozen=True, slots=True)
class Decided:
    """That people confirmed or rejected a Section for a past Change, and what that Change was about."""

    source_id: str
    section_id: str
    is_confirmed: bool
    stems: Mapping[str, float]
    """Weighted stems of the Change, old and new wording. Decisions about one Change share one mapping."""
    sop_id: str = ""
    """"" = not known: then it says nothing for other sections."""


@dataclass(frozen=True, slots=True)
class _Recollection:
    """What comes to mind for one query from one source."""

    sections: Mapping[tuple[str, bool], float]
    sops: Mapping[tuple[str, bool], float]
    """Decisions about each, weighted by likeness."""
    similar: Verdicts
    similar_sops: Verdicts
    """How many decisions about similar Changes there are for each."""
    recalled: frozenset[str]


class Memory:
    """Decisions that stand, ready to be asked. Never changed: it is built anew when something was decided."""

    def __init__(self, decided: Sequence[Decided]) -> None:
        changes: defaultdict[int, list[Decided]] = defaultdict(list)
        for each in decided:
            changes[id(each.stems)].append(each)
        self._changes = tuple(changes.values())
        about = [each[0].stems for each in self._changes]
        self._idf = _find_idf(Counter(stem for stems in about for stem in stems), len(about))
        self._postings = _index([self._to_unit(stems) for stems in about])
        self._sections: Verdicts = Counter((each.section_id, each.is_confirmed) for each in decided)
        self._sops: Verdicts = Counter((each.sop_id, each.is_confirmed) for each in decided if each.sop_id)
        self._here = Counter((each.source_id, each.section_id, each.is_confirmed) for each in decided)
        self._recollect = lru_cache(_QUERIES_KEPT)(self._recollect_anew)

    def count(self, section_id: str, source_id: str) -> tuple[int, int]:
        """How often the Section was confirmed, and how often rejected, for Changes of this Source."""
        return self._here[source_id, section_id, True], self._here[source_id, section_id, False]

    def recall(self, query: Mapping[str, float], source_id: str) -> frozenset[str]:
        """Ids of Sections that were confirmed for similar Changes more than rejected; at most `MOST_RECALLED`.

        They are worth a look although they may share no word with this Change.
        """
        return self._recollect(tuple(query.items()), source_id).recalled

    def weigh(self, section_id: str, sop_id: str, source_id: str, query: Mapping[str, float]) -> Finding:
        """What past decisions say for this Section and this query: within ±`MOST_ODDS`, and why in words.

        Empty where nothing was decided about the Section or its SOP.
        """
        if not any(self._sections[section_id, each] + self._sops[sop_id, each] for each in (True, False)):
            return Finding()
        found = self._recollect(tuple(query.items()), source_id)
        odds = _weigh_up(*(self._add_up(section_id, sop_id, source_id, verdict, found) for verdict in (True, False)))
        reasons = islice(self._iter_reasons(section_id, sop_id, source_id, odds > 0, found), MOST_REASONS)
        return Finding(odds, tuple(Evidence(EvidenceKind.HISTORY, each) for each in reasons))

    def _add_up(self, section_id: str, sop_id: str, source_id: str, verdict: bool, found: _Recollection) -> float:
        """What speaks for the Section (`verdict` True) or against it."""
        here = self._here[source_id, section_id, verdict]
        elsewhere = self._sections[section_id, verdict] - here
        own = found.sections.get((section_id, verdict), 0.0)
        others = max(0.0, found.sops.get((sop_id, verdict), 0.0) - own)
        return own + SAME_SOP * others + SAME_SOURCE * here + ANY_SOURCE * elsewhere

    def _iter_reasons(
        self, section_id: str, sop_id: str, source_id: str, verdict: bool, found: _Recollection
    ) -> Iterator[str]:
        """Why the odds lean to `verdict`, the nearest first: this source, similar changes, other sources, its SOP."""
        said = "confirmed" if verdict else "rejected"
        here = self.count(section_id, source_id)
        own = self._sections[section_id, verdict]
        if any(here):
            yield f"{_say_both(*here)} for this source"
        if similar := found.similar[section_id, verdict]:
            yield f"{said} for {'a similar change' if similar == 1 else f'{similar} similar changes'}"
        elif elsewhere := own - (here[0] if verdict else here[1]):
            yield f"{said} {_times(elsewhere)} for other sources"
        if found.similar_sops[sop_id, verdict] > found.similar[section_id, verdict]:
            yield f"another section of its SOP was {said} for a similar change"
        elif self._sops[sop_id, verdict] > own:
            yield f"another section of its SOP was {said} before"

    def _recollect_anew(self, query: tuple[tuple[str, float], ...], source_id: str) -> _Recollection:
        sections: defaultdict[tuple[str, bool], float] = defaultdict(float)
        sops: defaultdict[tuple[str, bool], float] = defaultdict(float)
        similar: Verdicts = Counter()
        similar_sops: Verdicts = Counter()
        for number, likeness in self._alike(dict(query)):
            for each in self._changes[number]:
                sections[each.section_id, each.is_confirmed] += likeness**2
                sops[each.sop_id, each.is_confirmed] += likeness**2
                if likeness >= (SIMILAR_HERE if each.source_id == source_id else SIMILAR):
                    similar[each.section_id, each.is_confirmed] += 1
                    similar_sops[each.sop_id, each.is_confirmed] += 1
        recalled = [
            its_id for its_id, verdict in similar if verdict and sections[its_id, True] > sections[its_id, False]
        ]
        recalled.sort(key=lambda its_id: (-sections[its_id, True], its_id))
        return _Recollection(sections, sops, similar, similar_sops, frozenset(recalled[:MOST_RECALLED]))

    def _alike(self, query: Mapping[str, float]) -> list[tuple[int, float]]:
        """Past Changes by number with the cosine of their stems and the query's, where it is worth counting."""
        cosines: defaultdict[int, float] = defaultdict(float)
        for stem, weight in self._to_unit(query).items():
            for number, other in self._postings.get(stem, ()):
                cosines[number] += weight * other
        return [(number, cosine) for number, cosine in sorted(cosines.items()) if cosine >= LEAST_ALIKE]

    def _to_unit(self, stems: Mapping[str, float]) -> dict[str, float]:
        """As a vector of length 1. A stem tells more, the fewer Changes have it; ten times little more than three."""
        unseen = self._idf[""]
        vector = {
            stem: (1 + math.log(weight) if weight > 1 else weight) * self._idf.get(stem, unseen)
            for stem, weight in stems.items()
        }
        length = math.sqrt(sum(weight**2 for weight in vector.values())) or 1.0
        return {stem: weight / length for stem, weight in vector.items()}


def _find_idf(times: Mapping[str, int], changes: int) -> dict[str, float]:
    """How much each stem tells, and "" for any other: inverse document frequency in the form that is never negative."""
    most = max(changes, LEAST_CHANGES)
    return {stem: math.log(1 + (most - found + 0.5) / (found + 0.5)) for stem, found in {**times, "": 0}.items()}


def _index(vectors: Sequence[Mapping[str, float]]) -> dict[str, list[tuple[int, float]]]:
    """For each stem the vectors that have it, by number, with its weight there."""
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for stem, weight in vector.items():
            postings[stem].append((number, weight))
    return dict(postings)


def _weigh_up(confirmed: float, rejected: float) -> float:
    odds = math.log((confirmed + STRENGTH * SHARE) / (rejected + STRENGTH * (1 - SHARE))) - _EXPECTED
    return max(-MOST_ODDS, min(MOST_ODDS, odds))


def _say_both(confirmed: int, rejected: int) -> str:
    said = [f"{word} {_times(number)}" for word, number in (("confirmed", confirmed), ("rejected", rejected)) if number]
    return ", ".join(said)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


NO_MEMORY = Memory(())
