"""The sources: in which state each of them is, and everything about one.

Does not do: texts and their Versions (`monitor.views.texts`), asking anybody for anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.store.coverage import get_readings
from monitor.store.problems import get_open
from monitor.store.watching import (
    count_changed,
    count_documents,
    find_documents,
    find_read_at,
    get_accepted,
    get_addresses,
    get_days,
    get_known,
    get_problems,
    get_rhythm,
    get_source,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.model import Problem, Source
    from monitor.store import Database
    from monitor.store.watching import Accepted, Address, Asked, Known, Listed, Past, Rhythm

PAGE = 100
"""Sources on one page of the list."""
DAYS = 90
"""Shown of the Fetches."""
STRIP = 30
"""Days in one strip."""
DOCUMENTS = 50
"""Listed of a Source that has many."""


class State(StrEnum):
    """How far a Source can be trusted now."""

    PROBLEM = "problem"
    """It cannot be read."""
    DOUBT = "doubt"
    """It is read, and something about it wants to be looked at."""
    NEW = "new"
    """It was never read yet, and nothing is known to be wrong."""
    READ = "read"
    OFF = "off"


class Mark(StrEnum):
    """What became of one day, the most telling first."""

    CHANGED = "changed"
    """A Change of the told kinds was seen."""
    PROBLEM = "problem"
    """Some attempt brought no text."""
    ANSWERED = "answered"
    NOTHING = "nothing"
    """Nobody asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" = all."""

    jurisdiction: str = ""
    topic: str = ""
    state: str = ""
    pack: str = ""
    text: str = ""
    """In the name, publisher or id, in whatever case."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A Source, and how far it can be trusted now."""

    source: Known
    state: State
    read_at: datetime | None
    """When it was last read as a whole; None = never."""
    problem: Problem | None
    """The gravest one that is open, the oldest of these."""
    pack: str
    note: str
    """Why it is off, or what whoever reads of it should know; "" = nothing is known."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All Sources that were asked for."""

    problems: tuple[tuple[Problem, Watched], ...]
    """What must be mended, the oldest first: what cannot be read before what is doubted."""
    publishers: tuple[tuple[str, tuple[Watched, ...]], ...]
    """One page of them."""
    total: int
    """On all pages."""
    counts: Mapping[str, Mapping[str, int]]
    """Of all Sources, by `state`, `jurisdiction`, `topic` and `pack`."""
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Day:
    """What became of one day."""

    day: date
    asked: int
    answered: int
    changes: int

    @property
    def mark(self) -> Mark:
        if self.changes:
            return Mark.CHANGED
        if self.answered < self.asked:
            return Mark.PROBLEM
        return Mark.ANSWERED if self.asked else Mark.NOTHING


@dataclass(frozen=True, slots=True)
class Profile:
    """One Source with all that is known of it."""

    watched: Watched
    rhythm: Rhythm
    addresses: tuple[Address, ...]
    strips: tuple[tuple[Day, ...], ...]
    """The last `DAYS`, oldest first, `STRIP` in each."""
    problems: tuple[Problem, ...]
    """Those that are open."""
    past: tuple[Past, ...]
    """Those that are closed."""
    accepted: tuple[Accepted, ...]
    documents: tuple[Listed, ...]
    """The newest of those that were asked for."""
    number: int
    """Of all its Documents."""


def get_catalogue(db: Database, wanted: Wanted, declared: Mapping[str, Source], page: int = 1) -> Catalogue:
    """`declared`: the Sources of `sources.yaml` by their id. `page` counts from 1; beyond the last one it is empty."""
    problems = get_open(db)
    everything = _watch_all(db, declared, problems)
    found = [each for each in everything if _is_wanted(each, wanted)]
    own = found[PAGE * (page - 1) : PAGE * page]
    return Catalogue(
        problems=tuple(_list_problems(problems, found)),
        publishers=tuple((name, tuple(group)) for name, group in groupby(own, attrgetter("source.publisher"))),
        total=len(found),
        counts=_count(everything),
        page=page,
        pages=max(1, -(-len(found) // PAGE)),
    )


def get_profile(
    db: Database, source_id: str, today: date, declared: Mapping[str, Source], *, text: str = ""
) -> Profile:
    """`text`: only Documents with these words in title, address or identity. Raises NotFoundError."""
    source, since = get_source(db, source_id), today - timedelta(days=DAYS - 1)
    problems, past = get_open(db, source_id), get_problems(db, source_id)
    days, changes = get_days(db, source_id, since), count_changed(db, source_id, since)
    return Profile(
        watched=_watch(source, find_read_at(db, source_id), _find_gravest(problems), declared),
        rhythm=get_rhythm(db, source_id),
        addresses=get_addresses(db, source_id),
        strips=_cut_strips([_day(since + timedelta(days=number), days, changes) for number in range(DAYS)]),
        problems=problems,
        past=tuple(each for each in past if each.closed_at),
        accepted=get_accepted(db, source_id),
        documents=find_documents(db, source_id, text, DOCUMENTS),
        number=count_documents(db, source_id),
    )


def _watch_all(db: Database, declared: Mapping[str, Source], problems: Iterable[Problem]) -> list[Watched]:
    readings = get_readings(db)
    own: defaultdict[str, list[Problem]] = defaultdict(list)
    for each in problems:
        own[each.source_id].append(each)
    return [
        _watch(each, readings.get(each.id), _find_gravest(own.get(each.id, ())), declared) for each in get_known(db)
    ]


def _watch(source: Known, read_at: datetime | None, problem: Problem | None, declared: Mapping[str, Source]) -> Watched:
    own = declared.get(source.id)
    state = _find_state(source, read_at, problem)
    return Watched(source, state, read_at, problem, (own.pack or "") if own else "", _say_note(own, state, declared))


def _say_note(own: Source | None, state: State, declared: Mapping[str, Source]) -> str:
    if own is None:
        return "It is no longer in sources.yaml." if declared and state is State.OFF else ""
    return own.note or ("It needs a browser." if own.render and state is State.OFF else "")


def _find_state(source: Known, read_at: datetime | None, problem: Problem | None) -> State:
    if not source.is_on:
        return State.OFF
    if problem:
        return State.PROBLEM if problem.is_blind else State.DOUBT
    return State.READ if read_at else State.NEW


def _find_gravest(problems: Iterable[Problem]) -> Problem | None:
    return min(problems, key=_gravity, default=None)


def _gravity(problem: Problem) -> tuple[bool, datetime, int]:
    """What cannot be read comes first, then the oldest."""
    return not problem.is_blind, problem.opened_at, problem.id


def _is_wanted(watched: Watched, wanted: Wanted) -> bool:
    source = watched.source
    return (
        wanted.jurisdiction in {"", source.jurisdiction}
        and wanted.state in {"", watched.state}
        and wanted.pack in {"", watched.pack}
        and (not wanted.topic or wanted.topic in source.topics)
        and wanted.text.casefold() in f"{source.name}\n{source.publisher}\n{source.id}".casefold()
    )


def _list_problems(problems: Iterable[Problem], found: Iterable[Watched]) -> list[tuple[Problem, Watched]]:
    watched = {each.source.id: each for each in found}
    own = [each for each in problems if each.source_id in watched]
    return [(each, watched[each.source_id]) for each in sorted(own, key=_gravity)]


def _count(everything: Sequence[Watched]) -> dict[str, Counter[str]]:
    return {
        "state": Counter(str(each.state) for each in everything),
        "jurisdiction": Counter(each.source.jurisdiction for each in everything),
        "topic": Counter(topic for each in everything for topic in each.source.topics),
        "pack": Counter(each.pack for each in everything if each.pack),
    }


def _day(day: date, asked: Mapping[date, Asked], changes: Mapping[date, int]) -> Day:
    own = asked.get(day)
    return Day(day, own.number if own else 0, own.answered if own else 0, changes.get(day, 0))


def _cut_strips(days: Sequence[Day]) -> tuple[tuple[Day, ...], ...]:
    return tuple(tuple(days[first : first + STRIP]) for first in range(0, DAYS, STRIP))
