"""What an SOP declares against what a change cites and where it comes from: citations, topics, jurisdictions.

Each comparison gives evidence in log-odds: how much more, or less, likely the SOP is touched. The sizes are judged, not
learned: a shared citation outweighs any likeness of words, topics and jurisdiction only tip the balance.

Does not do: reading citations out of texts, deciding what is tagged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.model import Evidence, EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_CITATION = 2.5
RELATED_CITATION = 1.2
"""The SOP cites the whole law and the change one article of it, or the other way round."""
SHARED_TOPIC = 0.4
SAME_JURISDICTION = 0.4
RELATED_JURISDICTION = 0.2
"""A member state and the EU, a state and its country."""
OTHER_JURISDICTION = -1.5

EVERYWHERE = "GLOBAL"
_EU_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU_MEMBERS = frozenset(_EU_CODES.split())


@dataclass(frozen=True, slots=True)
class Finding:
    """What one comparison says for an SOP, in log-odds, and what that rests on. Empty: it says nothing."""

    odds: float = 0.0
    evidence: tuple[Evidence, ...] = ()


def compare_citations(cited: Sequence[str], declared: Sequence[str]) -> Finding:
    """Citations of the change against those of the SOP, both in normal form; the closest pair counts.

    A norm covers its pins and the parts of a pin: `eu:reg:2022/2065` has `#art16`, and `#art16` has `#art16(1)`. The
    evidence names the wider one of each pair, which is what both texts are about.
    """
    pairs = [(one, other) for one in cited for other in declared if _covers(one, other) or _covers(other, one)]
    if not pairs:
        return Finding()
    strength = SAME_CITATION if any(_covers(*pair) and _covers(*pair[::-1]) for pair in pairs) else RELATED_CITATION
    shared = sorted({min(pair, key=len) for pair in pairs})
    return Finding(strength, tuple(Evidence(EvidenceKind.CITATION, each) for each in shared))


def _covers(whole: str, part: str) -> bool:
    """Whether `part` is `whole` or a pin inside it; a longer number (`art1`, `art16`) is another thing."""
    whole, part = whole.casefold(), part.casefold()
    return part.startswith(whole) and not part[len(whole) : len(whole) + 1].isalnum()


def compare_topics(source: Sequence[str], sop: Sequence[str]) -> Finding:
    """Topics of the source against those of the SOP; several shared topics count as one."""
    known = {topic.casefold() for topic in sop}
    shared = sorted({topic.casefold() for topic in source} & known)
    evidence = tuple(Evidence(EvidenceKind.TOPIC, topic) for topic in shared)
    return Finding(SHARED_TOPIC, evidence) if shared else Finding()


def compare_jurisdictions(source: str, sop: Sequence[str]) -> Finding:
    """Where the source rules against where the SOP holds: same, related, or another place.

    An SOP that names no place holds everywhere, and a global source rules everywhere: neither tells anything.
    """
    place = _place(source)
    places = {_place(each) for each in sop}
    if not places or EVERYWHERE in {place, *places}:
        return Finding()
    if place in places:
        return Finding(SAME_JURISDICTION, (Evidence(EvidenceKind.JURISDICTION, place),))
    if any(_is_related(place, each) for each in places):
        return Finding(RELATED_JURISDICTION, (Evidence(EvidenceKind.JURISDICTION, place),))
    return Finding(OTHER_JURISDICTION)


def _place(code: str) -> str:
    upper = code.strip().upper()
    return {"UK": "GB", "": EVERYWHERE}.get(upper, upper)


def _is_related(one: str, other: str) -> bool:
    return one in _wider(other) or other in _wider(one)


def _wider(place: str) -> set[str]:
    """The country of a region (`US-CA`), and the EU around its members."""
    country = place.split("-", maxsplit=1)[0]
    return {country, "EU"} if country in EU_MEMBERS else {country}
