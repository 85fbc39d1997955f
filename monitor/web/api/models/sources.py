"""The sources, and how far each can be trusted now.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Mapping
from datetime import date

from monitor.views import sources
from monitor.views.sources import Mark, State
from monitor.web.api.models.shared import Model, Moment, Problem


class Source(Model):
    """A source as last declared, and how far it can be trusted now."""

    id: str
    name: str
    publisher: str
    jurisdiction: str
    kind: str
    """html, rss, pdf …, or the interface of a publisher."""
    topics: tuple[str, ...]
    state: State
    read_at: Moment | None
    """When it was last read as a whole; null = never."""
    problem: Problem | None
    """The gravest one that is open."""
    pack: str
    """What it is switched on and off with."""
    note: str
    """Why it is off, or what whoever reads of it should know."""


class Sources(Model):
    """One page of the sources that were asked for."""

    sources: tuple[Source, ...]
    """By publisher and name."""
    problems: tuple[Problem, ...]
    """What must be mended in any that were asked for: what cannot be read before what is doubted, the oldest first."""
    total: int
    """On all pages."""
    counts: Mapping[str, Mapping[str, int]]
    """Of all sources, by `state`, `jurisdiction`, `topic` and `pack`."""
    page: int
    pages: int


class Address(Model):
    """One URL of the source."""

    url: str
    is_declared: bool
    """False = nobody asks it any more."""
    asked_at: Moment | None
    outcome: str
    """Of the last attempt; "" = there was none."""
    status: int | None


class Day(Model):
    """What became of one day, in UTC."""

    day: date
    asked: int
    answered: int
    changes: int
    mark: Mark
    """The most telling of it."""


class PastProblem(Model):
    """A problem that is closed."""

    problem: Problem
    closed_at: Moment


class Accepted(Model):
    """A doubt that a person has set aside."""

    mark: str
    accepted_at: Moment
    note: str


class Document(Model):
    """One text of the source."""

    id: str
    title: str
    url: str
    added_at: Moment
    versions: int
    changed_at: Moment | None
    """When its text was last found to be another; null = it has none yet."""


class SourceProfile(Model):
    """One source with all that is known of it."""

    source: Source
    every: str
    """How often it is asked."""
    due_at: Moment
    added_at: Moment
    addresses: tuple[Address, ...]
    days: tuple[Day, ...]
    """The last 90, oldest first."""
    problems: tuple[Problem, ...]
    """Those that are open."""
    past: tuple[PastProblem, ...]
    accepted: tuple[Accepted, ...]
    documents: tuple[Document, ...]
    """The newest of those that were asked for."""
    number: int
    """Of all its documents."""


def tell_sources(catalogue: sources.Catalogue) -> Sources:
    return Sources(
        sources=tuple(_tell_source(each) for _, group in catalogue.publishers for each in group),
        problems=tuple(Problem.model_validate(problem) for problem, _ in catalogue.problems),
        total=catalogue.total,
        counts=catalogue.counts,
        page=catalogue.page,
        pages=catalogue.pages,
    )


def tell_profile(profile: sources.Profile) -> SourceProfile:
    rhythm = profile.rhythm
    return SourceProfile(
        source=_tell_source(profile.watched),
        every=rhythm.every,
        due_at=rhythm.due_at,
        added_at=rhythm.added_at,
        addresses=tuple(map(Address.model_validate, profile.addresses)),
        days=tuple(Day.model_validate(each) for strip in profile.strips for each in strip),
        problems=tuple(map(Problem.model_validate, profile.problems)),
        past=tuple(map(PastProblem.model_validate, profile.past)),
        accepted=tuple(map(Accepted.model_validate, profile.accepted)),
        documents=tuple(map(Document.model_validate, profile.documents)),
        number=profile.number,
    )


def _tell_source(watched: sources.Watched) -> Source:
    source = watched.source
    return Source(
        id=source.id,
        name=source.name,
        publisher=source.publisher,
        jurisdiction=source.jurisdiction,
        kind=source.kind,
        topics=source.topics,
        state=watched.state,
        read_at=watched.read_at,
        problem=Problem.model_validate(watched.problem) if watched.problem else None,
        pack=watched.pack,
        note=watched.note,
    )
