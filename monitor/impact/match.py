"""Which sections of the library a change touches, with a probability and evidence that a person can check in seconds.

What speaks for a section is joined as log-odds: words (`monitor.impact.likeness`), a citation that its SOP shares with
the change, topics and jurisdiction (`monitor.impact.facts`); the probability is the logistic of the sum. An SOP cites
as a whole, so its sections share the citation by their likeness in words. Topics and jurisdiction are priors: they
order what is tagged and can lose a tag, but never win one.

"No section touched" is the usual answer: below the floor nothing is tagged.

Does not do: meaning, quotes of the old text, other languages, calibration, learning from decisions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from monitor.impact.facts import Finding, compare_citations, compare_jurisdictions, compare_topics
from monitor.impact.likeness import MIN_RATIO, Likeness, compare_words, odds_at
from monitor.impact.words import iter_words
from monitor.model import Evidence, EvidenceKind, Impact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.impact.index import Index
    from monitor.model import Judgement, Section

MATCHER = "1"
"""Changes with every rule or number that can change an answer."""

MAX_IMPACTS = 10
MAX_WORDS = 6
"""How many words are shown as evidence: as many as are read at a glance."""
FLOOR = odds_at(MIN_RATIO)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One section with what speaks for it, and against it."""

    entry: int
    likeness: Likeness
    strength: float
    """Log-odds by words and citation."""
    prior: float
    """Log-odds by topics and jurisdiction."""
    facts: tuple[Evidence, ...]
    """Shared citations, topics and jurisdiction, in this order."""

    @property
    def odds(self) -> float:
        return self.strength + self.prior

    @property
    def is_tagged(self) -> bool:
        return self.strength + min(self.prior, 0.0) >= FLOOR


def match(judgement: Judgement, index: Index, *, topics: Sequence[str], jurisdiction: str) -> tuple[Impact, ...]:
    """The sections that `judgement` touches, best first, at most `MAX_IMPACTS`; often none.

    `topics` and `jurisdiction` are those of the Source. The order of the library changes nothing: equal probabilities
    are ordered by SOP id, then as the sections stand in it.
    """
    if not index.entries:
        return ()
    citations = _share_citations(judgement, index)
    cited = {entry for sop_id in citations for entry in index.entries_of[sop_id]}
    alike = compare_words(judgement.passages, index, cited)
    candidates = _iter_candidates(alike, citations, index, topics, jurisdiction)
    tagged = sorted((each for each in candidates if each.is_tagged), key=lambda each: (-each.odds, each.entry))
    return tuple(islice(_iter_impacts(tagged, index), MAX_IMPACTS))


def _share_citations(judgement: Judgement, index: Index) -> dict[str, Finding]:
    """What each SOP that shares a citation with the change shares, by the id of the SOP."""
    cited = [each.id for each in judgement.citations]
    findings = {sop_id: compare_citations(cited, index.sop(sop_id).cites) for sop_id in index.entries_of}
    return {sop_id: finding for sop_id, finding in findings.items() if finding.evidence}


def _iter_candidates(
    alike: Mapping[int, Likeness],
    citations: Mapping[str, Finding],
    index: Index,
    topics: Sequence[str],
    jurisdiction: str,
) -> Iterator[_Candidate]:
    for sop_id, entries in _by_sop(alike, index).items():
        sop = index.sop(sop_id)
        citation = citations.get(sop_id, Finding())
        topic = compare_topics(topics, sop.topics)
        place = compare_jurisdictions(jurisdiction, sop.jurisdictions)
        facts = citation.evidence + topic.evidence + place.evidence
        shares = _shares({entry: alike[entry].ratio for entry in entries})
        for entry in entries:
            strength = alike[entry].odds + shares[entry] * citation.odds
            yield _Candidate(entry, alike[entry], strength, topic.odds + place.odds, facts)


def _by_sop(entries: Iterable[int], index: Index) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = {}
    for entry in sorted(entries):
        grouped.setdefault(index.entries[entry].sop.id, []).append(entry)
    return grouped


def _shares(ratios: Mapping[int, float]) -> dict[int, float]:
    """How much of what speaks for an SOP as a whole each section gets: the best one all of it.

    Where no section has a word of the change (another language), the first stands for the SOP.
    """
    best = max(ratios, key=lambda entry: (ratios[entry], -entry))
    return {entry: ratio / ratios[best] if ratios[best] else float(entry == best) for entry, ratio in ratios.items()}


def _iter_impacts(ranked: Iterable[_Candidate], index: Index) -> Iterator[Impact]:
    """An Impact for each candidate that has a reason to show: a citation, or words in the section itself."""
    for each in ranked:
        sop, section = index.entries[each.entry].sop, index.entries[each.entry].section
        evidence = _shared_words(each, index) + each.facts
        if any(reason.kind in {"words", "citation"} for reason in evidence):
            probability = 1 / (1 + math.exp(-each.odds))
            yield Impact(sop.id, section.id, sop.title, section.heading, sop.owner, probability, evidence)


def _shared_words(candidate: _Candidate, index: Index) -> tuple[Evidence, ...]:
    """The words of the section that the change has too, as the section writes them, the most telling first."""
    query = candidate.likeness.query
    written = _written_words(index.entries[candidate.entry].section)
    gains = {stem: query[stem] * index.gain(stem, candidate.entry) for stem in query if stem in written}
    telling = sorted(gains, key=lambda stem: (-gains[stem], stem))[:MAX_WORDS]
    return (Evidence(EvidenceKind.WORDS, ", ".join(written[stem] for stem in telling)),) if telling else ()


def _written_words(section: Section) -> dict[str, str]:
    """Each stem of the section's headings and text with a word as it stands there, in the text if it can be."""
    return {stem: word for word, stem in iter_words(" ".join((*section.heading, section.text)))}
