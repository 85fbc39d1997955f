"""How current the procedures are.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Mapping

from digests.wording import likelihood
from monitor import drafting
from monitor.model import Severity
from monitor.store import procedures as store
from monitor.views import procedures
from monitor.web.api.models.deciding import Request, SectionId
from monitor.web.api.models.shared import Decision, Model, Moment, People, tell_decision


class Tally(Model):
    """One procedure, counted."""

    sop_id: str
    title: str
    owner: str
    linked: int
    """Clauses that its sections put into practice."""
    waiting: int
    """Changes that touch it and that nobody decided."""
    gravest: Severity | None
    oldest: str
    """The day since which the first of them waits; "" = none does."""


class StaleClause(Model):
    """A clause that made a section stale."""

    link_id: int
    document_id: str
    name: str
    """Of the document."""
    since_at: Moment
    change_id: int
    why: str
    revised_at: Moment | None
    """When the section was edited since."""


class StaleSection(Model):
    """A section that is out of date."""

    section_id: str
    sop_id: str
    name: str
    since_at: Moment
    revised_at: Moment | None
    """When it was edited since: then `POST /api/sections/current` says that it is current again."""
    clauses: tuple[StaleClause, ...]


class LedgerCounts(Model):
    """Stale sections on all pages."""

    all: int
    edited: int
    sops: int
    """Procedures that have any."""
    oldest: int
    """Days."""


class Ledger(Model):
    """Which procedures are out of date right now, and why; which are undecided, which current."""

    stale: tuple[StaleSection, ...]
    """One page of them, the longest stale first."""
    counts: LedgerCounts
    waiting: tuple[Tally, ...]
    """Procedures that undecided changes touch, those that wait longest first."""
    current: tuple[Tally, ...]
    """Those that put clauses into practice, all of which hold."""
    unlinked: tuple[Tally, ...]
    """Those that no clause is linked to."""
    owners: Mapping[str, int]
    """Every owner, with how many of their sections are stale, whatever is asked for."""
    page: int
    pages: int


class Clause(Model):
    """A clause that a section puts into practice."""

    link_id: int
    source_id: str
    document_id: str
    name: str
    is_watched: bool
    heading: tuple[str, ...]
    text: str
    known: str
    """What it said when the section was last current; "" = it was new."""
    is_gone: bool
    current_id: int | None
    """The newest version for which the section is current with it."""
    current_as_of: Moment | None
    version_id: int
    """Up to which it was followed."""
    stale_since: Moment | None
    stale_by: int | None
    """The change."""
    why: str
    revised_at: Moment | None
    checked_at: Moment | None
    checked_by: str | None


class OpenChange(Model):
    """A change that waits and touches a section."""

    change_id: int
    probability: float
    likelihood: str
    severity: Severity
    summary: str
    name: str
    publisher: str
    detected_at: Moment


class ProcedureSection(Model):
    """One section, with what it rests on and what touches it."""

    section_id: str
    number: int
    name: str
    heading: tuple[str, ...]
    text: str
    revised_at: Moment | None
    """When it was edited since it went stale."""
    clauses: tuple[Clause, ...]
    waiting: tuple[OpenChange, ...]
    decisions: tuple[Decision, ...]
    """The newest first."""


class Footing(Model):
    """As of which version of one document the procedure is current."""

    document_id: str
    name: str
    current_as_of: Moment | None
    """When the newest version was first seen with which all clauses agree; null = there is none."""
    stale_since: Moment | None


class Procedure(Model):
    """One procedure with all that is known of it."""

    id: str
    title: str
    owner: str
    path: str
    topics: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    is_there: bool
    """False = it left the folder; what is told is what it last was."""
    waiting: int
    """Open changes that touch it."""
    footings: tuple[Footing, ...]
    """What is stale first."""
    sections: tuple[ProcedureSection, ...]


class Draft(Model):
    """The edit that a change asks of a section, for a person to work on."""

    name: str
    """Of a file, without an ending."""
    markdown: str


class Current(Request):
    """That a section, as it was edited, is current again."""

    section_id: SectionId


class Closed(Model):
    """What came of it."""

    section_id: str
    clauses: int
    """With how many it is current again."""


def tell_ledger(ledger: procedures.Ledger) -> Ledger:
    return Ledger(
        stale=tuple(map(_tell_stale, ledger.stale)),
        counts=LedgerCounts.model_validate(dict(ledger.counts)),
        waiting=tuple(map(Tally.model_validate, ledger.waiting)),
        current=tuple(map(Tally.model_validate, ledger.current)),
        unlinked=tuple(map(Tally.model_validate, ledger.unlinked)),
        owners=ledger.owners,
        page=ledger.page,
        pages=ledger.pages,
    )


def _tell_stale(each: procedures.OutOfDate) -> StaleSection:
    return StaleSection(
        section_id=each.section_id,
        sop_id=each.sop.sop_id,
        name=each.name,
        since_at=each.since_at,
        revised_at=each.revised_at,
        clauses=tuple(map(StaleClause.model_validate, each.clauses)),
    )


def tell_procedure(procedure: procedures.Procedure, people: People) -> Procedure:
    sop = procedure.sop
    return Procedure(
        id=sop.id,
        title=sop.title,
        owner=sop.owner,
        path=sop.path,
        topics=sop.topics,
        jurisdictions=sop.jurisdictions,
        is_there=procedure.is_there,
        waiting=procedure.waiting,
        footings=tuple(map(_tell_footing, procedure.footings)),
        sections=tuple(_tell_section(each, people) for each in procedure.parts),
    )


def _tell_footing(footing: procedures.Footing) -> Footing:
    first = footing.clauses[0]
    return Footing(
        document_id=first.document_id,
        name=first.name,
        current_as_of=footing.current_as_of,
        stale_since=footing.stale_since,
    )


def _tell_section(part: procedures.Part, people: People) -> ProcedureSection:
    return ProcedureSection(
        section_id=part.section.id,
        number=part.number,
        name=part.name,
        heading=part.section.heading,
        text=part.section.text,
        revised_at=part.revised_at,
        clauses=tuple(map(_tell_clause, part.clauses)),
        waiting=tuple(map(_tell_waiting, part.waiting)),
        decisions=tuple(tell_decision(each, people) for each in part.history),
    )


def _tell_clause(clause: store.Clause) -> Clause:
    own = {name: getattr(clause, name) for name in Clause.model_fields if name not in {"heading", "text"}}
    return Clause(heading=clause.anchor.heading, text=clause.anchor.text, **own)


def _tell_waiting(waiting: store.Waiting) -> OpenChange:
    own = {name: getattr(waiting, name) for name in OpenChange.model_fields if name != "likelihood"}
    return OpenChange(likelihood=likelihood(waiting.probability), **own)


def tell_draft(draft: drafting.Draft) -> Draft:
    return Draft(name=draft.name, markdown=draft.markdown)
