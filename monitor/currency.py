"""The currency ledger: for each SOP and Section as of which Version of which Document it is current, stale since when.

A Section is current with a Document as of the newest Version of which every clause that is linked to it says what it
said when a person last confirmed the Section.

Does not do: following clauses (`monitor.links`), showing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.store import links

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from monitor.model import Sop
    from monitor.store import Database
    from monitor.store.links import Clause, Listed


@dataclass(frozen=True, slots=True)
class Currency:
    """How current one Section is with one Document: by its clauses, one at least."""

    clauses: tuple[Clause, ...]

    @property
    def stale(self) -> tuple[Clause, ...]:
        """The clauses that made the Section stale, in the order they did."""
        return tuple(sorted((each for each in self.clauses if each.stale_since), key=_stale_since))

    @property
    def current_as_of(self) -> datetime | None:
        """When the newest Version was first seen of which all linked clauses hold; None = there is none."""
        dates = [each.current_as_of for each in self.clauses]
        return min((each for each in dates if each), default=None) if all(dates) else None

    @property
    def revised_at(self) -> datetime | None:
        """When the Section was edited since it went stale: then it is proposed for closing. None = it was not."""
        return max((each.revised_at for each in self.clauses if each.revised_at), default=None)


@dataclass(frozen=True, slots=True)
class SectionCurrency:
    """How current a Section is with each Document that it is linked to."""

    section_id: str
    heading: tuple[str, ...]
    documents: tuple[Currency, ...]
    declared: tuple[str, ...]
    """Sources that it says it implements, and of which no clause is linked to it."""


@dataclass(frozen=True, slots=True)
class SopCurrency:
    """How current an SOP is: its Sections that are linked to anything."""

    sop_id: str
    title: str
    owner: str
    sections: tuple[SectionCurrency, ...]
    declared: tuple[str, ...]
    """Sources that it says it implements as a whole, and of which no clause is linked to any of its Sections."""

    @property
    def is_stale(self) -> bool:
        return any(each.stale for section in self.sections for each in section.documents)


def get_ledger(db: Database, sops: Sequence[Sop] = ()) -> tuple[SopCurrency, ...]:
    """Every SOP by its id, linked to anything or not.

    `sops`, as `declare_sops` returned them, say what they implement; without them nothing is declared.
    """
    clauses: defaultdict[str, list[Clause]] = defaultdict(list)
    for clause in links.get_clauses(db):
        clauses[clause.section_id].append(clause)
    sources = links.get_source_ids(db)
    implements = {sop.id: sources.intersection(sop.implements) for sop in sops}
    implements |= {each.id: sources.intersection(each.implements) for sop in sops for each in sop.sections}
    listed: defaultdict[tuple[str, str, str], list[SectionCurrency]] = defaultdict(list)
    for each in links.get_listed(db):
        section = _weigh(each, clauses[each.section_id], implements.get(each.section_id, frozenset()))
        listed[each.sop_id, each.title, each.owner].append(section)
    return tuple(_sum_up(*sop, sections, implements.get(sop[0], frozenset())) for sop, sections in listed.items())


def _weigh(section: Listed, clauses: Iterable[Clause], implements: AbstractSet[str]) -> SectionCurrency:
    by_document: defaultdict[str, list[Clause]] = defaultdict(list)
    for each in clauses:
        by_document[each.document_id].append(each)
    documents = tuple(Currency(tuple(each)) for each in by_document.values())
    return SectionCurrency(section.section_id, section.heading, documents, _leave_out(implements, documents))


def _sum_up(
    sop_id: str, title: str, owner: str, sections: Sequence[SectionCurrency], implements: AbstractSet[str]
) -> SopCurrency:
    declared = _leave_out(implements, [each for section in sections for each in section.documents])
    linked = tuple(each for each in sections if each.documents or each.declared)
    return SopCurrency(sop_id, title, owner, linked, declared)


def _leave_out(source_ids: AbstractSet[str], documents: Iterable[Currency]) -> tuple[str, ...]:
    """The Sources of which no Document is among these."""
    return tuple(sorted(source_ids - {each.clauses[0].source_id for each in documents}))


def _stale_since(clause: Clause) -> tuple[str, int]:
    return str(clause.stale_since), clause.link_id
