"""Which sections of the library a change touches, with a probability and evidence that a person can check in seconds.

What speaks for a section is joined as log-odds: likeness in words and meaning (`monitor.impact.likeness`), links,
citations, topics and jurisdiction (`monitor.impact.facts`), quotes of the old text (`monitor.impact.quotes`), what
people decided before (`monitor.impact.memory`). The probability is the logistic of the sum. What speaks for an SOP as a
whole its sections share by their likeness. Topics and jurisdiction are priors: they order what is tagged and can lose a
tag, but never win one.

"No section touched" is the usual answer: below the floor nothing is tagged.

Does not do: learning from decisions, storing Impacts, loading models.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from monitor.compare.citations import find_citations
from monitor.impact.calibration import to_odds, to_probability
from monitor.impact.evidence import show_sentence, show_words
from monitor.impact.facts import (
    NOTHING,
    Finding,
    added,
    compare_citations,
    compare_declared,
    compare_jurisdictions,
    compare_links,
    compare_topics,
    strongest,
)
from monitor.impact.likeness import Likeness, Setting, compare, near
from monitor.impact.memory import NO_MEMORY
from monitor.impact.query import build_questions, sum_weights
from monitor.impact.quotes import LEAST_WORDS, find_quote, read_old_texts
from monitor.impact.weights import SHIPPED
from monitor.model import Evidence, EvidenceKind, Impact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from monitor.impact.index import Index
    from monitor.impact.meaning import Meaning
    from monitor.impact.memory import Memory
    from monitor.impact.weights import Weights
    from monitor.model import Judgement, Link, Section

MATCHER = "3"
"""Changes with every rule or number that can change an answer."""

WORTH_SHOWING = 0.3
"""The probability from which on a Section is shown to people as touched. Below it no procedure is touched for a reader:
such Impacts are only counted, except for the closest where all are, and what is decided about a Change as a whole says
nothing of them."""
MAX_IMPACTS = 10
UNKNOWN = "und"
"""ISO 639-2 for a language that nobody has named."""
PRIORS = frozenset({EvidenceKind.TOPIC, EvidenceKind.JURISDICTION})
_ORDER = list(EvidenceKind)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change, and what is known of where it comes from."""

    judgement: Judgement
    source_id: str = ""
    topics: tuple[str, ...] = ()
    jurisdiction: str = "GLOBAL"
    language: str = ""
    """ISO 639-1; "" = not known."""
    links: tuple[Link, ...] = ()
    """The links that people confirmed for clauses of its Document."""


def match(
    asked: Asked,
    index: Index,
    meaning: Meaning | None = None,
    memory: Memory = NO_MEMORY,
    *,
    weights: Weights = SHIPPED,
    most: int = MAX_IMPACTS,
) -> tuple[Impact, ...]:
    """The sections that the change touches, best first, at most `most`; often none.

    The order of the library changes nothing: equal probabilities are ordered by SOP id, then as the sections stand.
    """
    case = _Case(asked, Setting(index, meaning, _find_language(asked, index), weights), memory)
    if not index.entries or not case.questions:
        return ()
    candidates = sorted(case.iter_candidates(), key=lambda each: (-each.odds, index.entries[each.number].order))
    tagged = (each for each in candidates if each.strength + min(each.prior, 0.0) >= to_odds(weights.floor))
    return tuple(islice(case.iter_impacts(tagged), most))


def _find_language(asked: Asked, index: Index) -> str:
    """ISO 639-1 as it is known; `UNKNOWN` where the text is plainly not in that of the library."""
    if asked.language:
        return asked.language[:2].lower()
    text = " ".join(each.after or each.before for each in asked.judgement.passages)
    return UNKNOWN if index.is_foreign(text) else ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One section with what speaks for it, and against it."""

    number: int
    likeness: Likeness
    strength: float
    """Log-odds by everything but the priors."""
    prior: float
    """Log-odds by topics and jurisdiction."""
    evidence: tuple[Evidence, ...]
    """What is known for a fact."""

    @property
    def odds(self) -> float:
        return self.strength + self.prior


class _Case:
    """One change before one library."""

    def __init__(self, asked: Asked, setting: Setting, memory: Memory) -> None:
        self.asked, self.setting, self.memory = asked, setting, memory
        self.index, self.weights = setting.index, setting.weights
        passages = asked.judgement.passages
        self.questions = build_questions(passages)
        self.query = sum_weights(self.questions)
        self.old_texts = read_old_texts(passages)
        self.cited = [each.id for each in asked.judgement.citations]

    def iter_candidates(self) -> Iterator[_Candidate]:
        """Every section that is alike or known to be concerned, with all that speaks for it."""
        sops = dict(self._iter_sops())
        sections = dict(self._iter_sections())
        recalled = self.memory.recall(self.query, self.asked.source_id)
        always = {*sections, *(self.index.number_of[each] for each in recalled & self.index.number_of.keys())}
        always.update(number for sop_id in sops for number in self.index.numbers_of[sop_id])
        alike = self._compare(always)
        named = self._named(alike)
        for sop_id, numbers in _by_sop(alike, self.index).items():
            about, prior = sops.get(sop_id, NOTHING), self._prior(sop_id)
            shares = self._shares({number: alike[number] for number in numbers})
            for number in numbers:
                shared = replace(about, odds=shares[number] * about.odds)
                known = strongest(sections.get(number, NOTHING), shared, named.get(number, NOTHING))
                yield self._join(number, alike[number], known, prior)

    def _iter_sops(self) -> Iterator[tuple[str, Finding]]:
        """What each SOP as a whole declares that bears on the change, by its id."""
        for sop_id in self.index.numbers_of:
            sop = self.index.sop(sop_id)
            declared = compare_declared(sop.implements, self.asked.source_id, self.cited, self.weights.same_citation)
            cites = compare_citations(self.cited, (*sop.cites, *sop.implements), self.weights)
            if declared.evidence or cites.evidence:
                yield sop_id, strongest(declared, cites)

    def _iter_sections(self) -> Iterator[tuple[int, Finding]]:
        """The sections that are linked to the change, by number."""
        linked = {link.section_id for link in self.asked.links}
        for number, entry in self.index.entries.items():
            section = entry.section
            if section.implements or section.id in linked:
                found = strongest(
                    compare_links(section, self.asked.links, self.asked.judgement.passages, self.weights.link),
                    compare_declared(section.implements, self.asked.source_id, self.cited, self.weights.link),
                    compare_citations(self.cited, section.implements, self.weights),
                )
                if found.evidence:
                    yield number, found

    def _compare(self, always: AbstractSet[int]) -> dict[int, Likeness]:
        """The likeness of each candidate to the question that it answers best, by number.

        Of a question that the library is not about only what is looked at in any case stays.
        """
        best: dict[int, Likeness] = {}
        least = self.setting.coefficients.least_level
        for question in self.questions:
            for number, likeness in compare(question, self.setting, always).items():
                is_about = likeness.measures.level >= least or number in always
                if is_about and (number not in best or self._odds(likeness) > self._odds(best[number])):
                    best[number] = likeness
        return best

    def _named(self, numbers: Iterable[int]) -> dict[int, Finding]:
        """What the change cites and sections name in their own text, by number.

        What many name tells little of each: every procedure of a hospital names the law on health data.
        """
        if not self.cited:
            return {}
        texts = {number: self.index.entries[number].section.text for number in numbers}
        every = {
            number: compare_citations(self.cited, _find_own_citations(text), self.weights)
            for number, text in texts.items()
        }
        found = {number: each for number, each in every.items() if each.evidence}
        return {number: replace(each, odds=each.odds / len(found)) for number, each in found.items()}

    def _odds(self, likeness: Likeness) -> float:
        return self.setting.coefficients.odds(likeness.measures)

    def _shares(self, sections: Mapping[int, Likeness]) -> dict[int, float]:
        """How much of what speaks for their SOP as a whole each section gets: the best one all of it.

        Where none is alike at all (another language), the first stands for the SOP.
        """
        odds = {number: self._odds(each) for number, each in sections.items()}
        best = max(odds, key=lambda number: (odds[number], -self.index.entries[number].place))
        if not (sections[best].measures.words or sections[best].measures.meaning):
            return {number: float(number == best) for number in odds}
        return {number: math.exp(each - odds[best]) for number, each in odds.items()}

    def _prior(self, sop_id: str) -> Finding:
        sop = self.index.sop(sop_id)
        return added(
            compare_topics(self.asked.topics, sop.topics, self.weights),
            compare_jurisdictions(self.asked.jurisdiction, sop.jurisdictions, self.weights),
        )

    def _join(self, number: int, likeness: Likeness, known: Finding, prior: Finding) -> _Candidate:
        """`known` is what links and declarations say."""
        section = self.index.entries[number].section
        past = self.memory.weigh(section.id, section.sop_id, self.asked.source_id, self.query)
        found = added(known, self._quoted(section, likeness), past)
        strength = self._odds(likeness) + found.odds
        return _Candidate(number, likeness, strength, prior.odds, found.evidence + prior.evidence)

    def _quoted(self, section: Section, likeness: Likeness) -> Finding:
        """What the section quotes of the old text; without two telling words side by side there is no quote."""
        quote = find_quote(self.old_texts, section.text) if self.old_texts and likeness.measures.phrases else None
        if quote is None:
            return NOTHING
        odds = self.weights.quote * min(1.0, quote.words / LEAST_WORDS)
        return Finding(odds, (Evidence(EvidenceKind.QUOTE, str(quote)),))

    def iter_impacts(self, candidates: Iterable[_Candidate]) -> Iterator[Impact]:
        """An Impact for each candidate that has a reason to show in the section itself or its SOP."""
        for each in candidates:
            evidence = sorted((*each.evidence, *self._show(each)), key=lambda reason: _ORDER.index(reason.kind))
            if evidence and evidence[0].kind not in PRIORS:
                entry = self.index.entries[each.number]
                sop, section = entry.sop, entry.section
                probability = to_probability(each.odds)
                yield Impact(sop.id, section.id, sop.title, section.heading, sop.owner, probability, tuple(evidence))

    def _show(self, candidate: _Candidate) -> tuple[Evidence, ...]:
        """The words and the sentence that stand for the likeness; a quote of the old text says more than a sentence."""
        weights = candidate.likeness.stems
        words = show_words(candidate.number, self.index, weights)
        is_quoted = any(reason.kind is EvidenceKind.QUOTE for reason in candidate.evidence)
        is_near = candidate.likeness.measures.meaning >= self.setting.coefficients.least_level
        if self.setting.meaning and is_near and not is_quoted:
            return words + show_sentence(candidate.number, self.index, weights, self._near)
        return words

    def _near(self, sentences: Sequence[str]) -> list[float]:
        window = self.questions[0].windows[0]
        return near(window, sentences, self.setting)


def _by_sop(numbers: Iterable[int], index: Index) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = {}
    for number in numbers:
        grouped.setdefault(index.entries[number].sop.id, []).append(number)
    return grouped


@lru_cache(maxsize=20_000)
def _find_own_citations(text: str) -> tuple[str, ...]:
    """What a section cites in its text. Read when first needed: few changes cite anything, and it takes 0.3 ms."""
    return tuple(each.id for each in find_citations(text))
