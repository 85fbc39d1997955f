"""What is known, not guessed, of an SOP or a section with regard to a change: links, citations, topics, jurisdictions.

Each comparison gives evidence in log-odds: how much more, or less, likely it is touched. The sizes are those of
`Weights`: a shared citation outweighs any likeness of words, topics and jurisdiction only tip the balance.

Does not do: reading citations out of texts, deciding what is tagged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.impact.words import stems
from monitor.model import Evidence, EvidenceKind, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.impact.weights import Weights
    from monitor.model import Link, Passage, Section

MOST = 0.7
"""Share of the telling words of a clause that must stand in a passage: it may have been reworded on the way."""
MOST_SHOWN = 160
"""Characters of a clause that are shown."""
EVERYWHERE = "GLOBAL"
_EU_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU_MEMBERS = frozenset(_EU_CODES.split())


@dataclass(frozen=True, slots=True)
class Finding:
    """What one comparison says for an SOP, in log-odds, and what that rests on. Empty: it says nothing."""

    odds: float = 0.0
    evidence: tuple[Evidence, ...] = ()


NOTHING = Finding()


def strongest(*findings: Finding) -> Finding:
    """Findings that say the same in several ways: the strongest counts, all are shown."""
    return Finding(max(each.odds for each in findings), _all_evidence(findings))


def added(*findings: Finding) -> Finding:
    """Findings that have nothing to do with one another: each counts."""
    return Finding(sum(each.odds for each in findings), _all_evidence(findings))


def _all_evidence(findings: Iterable[Finding]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(reason for each in findings for reason in each.evidence))


def compare_links(section: Section, links: Iterable[Link], passages: Sequence[Passage], odds: float) -> Finding:
    """Whether a person confirmed for `section` a clause that is among what changed. The evidence is the clause."""
    clauses = [link.anchor.text for link in links if link.section_id == section.id]
    changed = [clause for clause in clauses if any(_is_among(clause, passage) for passage in passages)]
    evidence = tuple(Evidence(EvidenceKind.LINK, _shorten(each)) for each in sorted(set(changed)))
    return Finding(odds, evidence) if evidence else NOTHING


def _is_among(clause: str, passage: Passage) -> bool:
    """Whether most telling words of `clause` stand in the old or the new text of `passage`."""
    words = set(stems(clause))
    if passage.op is PassageOp.MOVED or not words:
        return False
    return any(len(words & set(stems(text))) >= MOST * len(words) for text in (passage.before, passage.after))


def _shorten(text: str) -> str:
    """The beginning of `text`, as it stands there, up to the end of a word."""
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN].rsplit(maxsplit=1)[0]


def compare_declared(declared: Sequence[str], source_id: str, cited: Sequence[str], odds: float) -> Finding:
    """Whether what something declares to implement names the Source or, exactly, a citation of the change."""
    wanted = {each.casefold() for each in (source_id, *cited) if each}
    named = sorted({each for each in declared if each.casefold() in wanted})
    evidence = tuple(Evidence(EvidenceKind.LINK, each) for each in named)
    return Finding(odds, evidence) if evidence else NOTHING


def compare_citations(cited: Sequence[str], declared: Sequence[str], weights: Weights) -> Finding:
    """Citations of the change against those of the SOP, both in normal form; the closest pair counts.

    A norm covers its pins and the parts of a pin: `eu:reg:2022/2065` has `#art16`, and `#art16` has `#art16(1)`. The
    evidence names the wider one of each pair, which is what both texts are about.
    """
    pairs = [(one, other) for one in cited for other in declared if _covers(one, other) or _covers(other, one)]
    if not pairs:
        return Finding()
    is_same = any(_is_pinned(one) and _covers(one, other) and _covers(other, one) for one, other in pairs)
    shared = sorted({min(pair, key=len) for pair in pairs})
    return Finding(
        weights.same_citation if is_same else weights.related_citation,
        tuple(Evidence(EvidenceKind.CITATION, each) for each in shared),
    )


def _is_pinned(citation: str) -> bool:
    """Whether it names a provision, not a whole law; the codes of the US are cited by their sections only."""
    return "#" in citation or citation.split(":")[1:2] in (["usc"], ["cfr"])


def _covers(whole: str, part: str) -> bool:
    """Whether `part` is `whole` or a pin inside it; a longer number (`art1`, `art16`) is another thing."""
    whole, part = whole.casefold(), part.casefold()
    return part.startswith(whole) and not part[len(whole) : len(whole) + 1].isalnum()


def compare_topics(source: Sequence[str], sop: Sequence[str], weights: Weights) -> Finding:
    """Topics of the source against those of the SOP; several shared topics count as one."""
    known = {topic.casefold() for topic in sop}
    shared = sorted({topic.casefold() for topic in source} & known)
    evidence = tuple(Evidence(EvidenceKind.TOPIC, topic) for topic in shared)
    return Finding(weights.shared_topic, evidence) if shared else Finding()


def compare_jurisdictions(source: str, sop: Sequence[str], weights: Weights) -> Finding:
    """Where the source rules against where the SOP holds: same, related, or another place.

    An SOP that names no place holds everywhere, and a global source rules everywhere: neither tells anything.
    """
    place = _place(source)
    places = {_place(each) for each in sop}
    if not places or EVERYWHERE in {place, *places}:
        return Finding()
    if place in places:
        return Finding(weights.same_jurisdiction, (Evidence(EvidenceKind.JURISDICTION, place),))
    if any(_is_related(place, each) for each in places):
        return Finding(weights.related_jurisdiction, (Evidence(EvidenceKind.JURISDICTION, place),))
    return Finding(weights.other_jurisdiction)


def _place(code: str) -> str:
    upper = code.strip().upper()
    return {"UK": "GB", "": EVERYWHERE}.get(upper, upper)


def _is_related(one: str, other: str) -> bool:
    return one in _wider(other) or other in _wider(one)


def _wider(place: str) -> set[str]:
    """The country of a region (`US-CA`), and the EU around its members."""
    country = place.split("-", maxsplit=1)[0]
    return {country, "EU"} if country in EU_MEMBERS else {country}
