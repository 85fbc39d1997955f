"""The answers that are lists: Changes that were found, deadlines, what is out of date.

Does not do: anything. No I/O, no rules.
"""

from datetime import date
from typing import Literal

from monitor.agents.quoting import MOST, Answer, Quoted, quote
from monitor.model import ChangeKind, ChangeStatus, DateKind, Severity
from monitor.store import procedures as store
from monitor.views import calendar, procedures, search
from monitor.web.api.models.procedures import LedgerCounts, Tally
from monitor.web.api.models.shared import Model, Moment


class FoundChange(Model):
    """A change in short; `get_change` tells the whole."""

    change_id: int
    source_id: str
    publisher: str
    jurisdiction: str
    name: Quoted
    """Of the document."""
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    detected_at: Moment
    summary: Quoted
    excerpt: Quoted
    """Of what changed, around the words that were looked for."""


class FoundChanges(Answer):
    """The changes that fit."""

    changes: tuple[FoundChange, ...]
    """The best first; without `text` the newest first."""
    count: int
    """Of all that fit."""
    more: int
    """How many come behind these: ask again with a larger `offset`."""
    has_older: bool
    """Older ones than those counted fit as well: ask for something narrower."""


class Deadline(Model):
    """A day that people must act by, or by which somebody is to have done something."""

    kind: DateKind | Literal["due"]
    """`due`: a person has it in hand until then."""
    date: str
    """As precise as it is written: 2026-12-01, 2026-12 or 2026."""
    change_id: int
    name: Quoted
    """Of the document."""
    publisher: str
    jurisdiction: str
    summary: Quoted
    sentence: Quoted | None
    """That the day stands in; null where it is `due`."""
    moved_from: str | None
    is_decided: bool
    sections: tuple[str, ...]
    """Of your procedures, that the change touches, the likeliest first."""
    more_sections: int
    assignee: str
    """Who has it in hand, where it is `due`."""


class Deadlines(Answer):
    """What must be done by when, in the order of its days: a month stands before its days."""

    deadlines: tuple[Deadline, ...]
    next_day: str | None
    """`since` that asks for more; null = that is all."""
    more_due: int
    """Changes in somebody's hands, due later, that are in no answer: the desk's list of what is in hand has them."""


class Clause(Model):
    """A clause whose change made a section stale."""

    name: Quoted
    """Of the document."""
    change_id: int
    since_at: Moment
    why: Quoted


class StaleSection(Model):
    """A section of a procedure that is out of date."""

    section_id: str
    sop_id: str
    sop_title: str
    owner: str
    name: str
    since_at: Moment
    revised_at: Moment | None
    """When it was edited since: a person still has to say that it is current again."""
    clauses: tuple[Clause, ...]
    """Those that made it stale, in the order they did."""
    more_clauses: int


class StaleSops(Answer):
    """Which procedures are out of date, and why."""

    sections: tuple[StaleSection, ...]
    """One page of them, the longest stale first."""
    counts: LedgerCounts
    waiting: tuple[Tally, ...]
    """Procedures that undecided changes touch, and so may be out of date; those that wait longest first."""
    more_waiting: int
    page: int
    pages: int


def tell_found(found: search.ChangeHits, offset: int) -> FoundChanges:
    more = max(0, found.count - offset - len(found.shown))
    return FoundChanges(
        changes=tuple(map(_tell_hit, found.shown)), count=found.count, more=more, has_older=found.has_older
    )


def _tell_hit(hit: search.ChangeHit) -> FoundChange:
    found = hit.change
    return FoundChange(
        change_id=found.id,
        source_id=found.source_id,
        publisher=found.publisher,
        jurisdiction=found.jurisdiction,
        name=quote(found.name),
        kind=found.kind,
        status=found.status,
        severity=found.severity,
        detected_at=found.detected_at,
        summary=quote(found.summary),
        excerpt=quote("".join(text for text, _ in hit.cut.pieces)),
    )


def tell_deadlines(agenda: calendar.Agenda, since: date, until: date, limit: int) -> Deadlines:
    """From `since` on up to the day `until`, in whole days: `limit` of them, and what else is on the day of the last.

    What names a month or a year that goes on is there whatever `limit` is, so that the next answer begins later.
    """
    entries = [each for each in agenda.entries if each.date <= until.isoformat()]
    last = max(since.isoformat(), entries[limit - 1].date) if len(entries) > limit else until.isoformat()
    taken = [each for each in entries if each.date <= last]
    following = entries[len(taken)].date if len(taken) < len(entries) else agenda.next_day
    return Deadlines(
        deadlines=tuple(map(_tell_deadline, taken)),
        next_day=calendar.begin(following) if following and following <= until.isoformat() else None,
        more_due=agenda.more_due,
    )


def _tell_deadline(entry: calendar.Entry) -> Deadline:
    return Deadline(
        kind=DateKind(entry.kind) if entry.kind in set(DateKind) else "due",
        date=entry.date,
        change_id=entry.change_id,
        name=quote(entry.name),
        publisher=entry.publisher,
        jurisdiction=entry.jurisdiction,
        summary=quote(entry.summary),
        sentence=quote(entry.sentence) if entry.sentence else None,
        moved_from=entry.moved_from,
        is_decided=entry.is_decided,
        sections=entry.sections[:MOST],
        more_sections=max(0, len(entry.sections) - MOST),
        assignee=entry.assignee,
    )


def tell_stale(ledger: procedures.Ledger) -> StaleSops:
    return StaleSops(
        sections=tuple(map(_tell_stale, ledger.stale)),
        counts=LedgerCounts.model_validate(dict(ledger.counts)),
        waiting=tuple(map(Tally.model_validate, ledger.waiting[:MOST])),
        more_waiting=max(0, len(ledger.waiting) - MOST),
        page=ledger.page,
        pages=ledger.pages,
    )


def _tell_stale(stale: procedures.OutOfDate) -> StaleSection:
    return StaleSection(
        section_id=stale.section_id,
        sop_id=stale.sop.sop_id,
        sop_title=stale.sop.title,
        owner=stale.sop.owner,
        name=stale.name,
        since_at=stale.since_at,
        revised_at=stale.revised_at,
        clauses=tuple(map(_tell_clause, stale.clauses[:MOST])),
        more_clauses=max(0, len(stale.clauses) - MOST),
    )


def _tell_clause(clause: store.Stale) -> Clause:
    return Clause(name=quote(clause.name), change_id=clause.change_id, since_at=clause.since_at, why=quote(clause.why))
