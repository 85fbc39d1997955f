"""How current the procedures are: the ledger of all of them, and everything about one.

Does not do: saying that a Section is current again (`monitor.links`), reading SOP files (`monitor.sops`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from digests.words import path
from monitor.store.procedures import (
    get_clauses,
    get_history,
    get_sop,
    get_stale,
    get_tallies,
    get_waiting,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from monitor.model import Decision, Section, Sop
    from monitor.store import Database
    from monitor.store.procedures import Clause, Stale, Tally, Waiting

PAGE = 50
"""Stale Sections on one page of the ledger."""


@dataclass(frozen=True, slots=True)
class OutOfDate:
    """A stale Section, as the ledger shows it."""

    sop: Tally
    section_id: str
    name: str
    """The way down to it in the SOP."""
    clauses: tuple[Stale, ...]
    """Those that made it stale, in the order they did; one at least."""

    @property
    def since_at(self) -> datetime:
        return self.clauses[0].since_at

    @property
    def revised_at(self) -> datetime | None:
        """When it was edited since: then it is proposed for closing."""
        return max((each.revised_at for each in self.clauses if each.revised_at), default=None)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is out of date in all procedures, what is undecided, and what is current."""

    stale: tuple[OutOfDate, ...]
    """One page of them, the longest stale first."""
    counts: Mapping[str, int]
    """Stale Sections of all pages: `all`, and of these `edited`; `sops` that have any; `oldest` is days."""
    waiting: tuple[Tally, ...]
    """SOPs that undecided Changes touch, those that wait longest first."""
    current: tuple[Tally, ...]
    """SOPs that put clauses into practice, all of which hold; by id."""
    unlinked: tuple[Tally, ...]
    """SOPs without a Link; by id."""
    owners: Mapping[str, int]
    """Every owner of a procedure, with how many of their Sections are stale, whatever is asked for."""
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Footing:
    """As of which Version of one Document an SOP, or a Section, is current."""

    clauses: tuple[Clause, ...]

    @property
    def current_as_of(self) -> datetime | None:
        """When the newest Version was first seen with which all of them agree; None = there is none."""
        dates = [each.current_as_of for each in self.clauses]
        return min(filter(None, dates)) if all(dates) else None

    @property
    def stale_since(self) -> datetime | None:
        return min((each.stale_since for each in self.clauses if each.stale_since), default=None)


@dataclass(frozen=True, slots=True)
class Part:
    """One Section of a procedure, with what it rests on and what touches it."""

    section: Section
    number: int
    """Its place in the SOP, from 1."""
    name: str
    clauses: tuple[Clause, ...]
    waiting: tuple[Waiting, ...]
    history: tuple[Decision, ...]

    @property
    def stale(self) -> tuple[Clause, ...]:
        """In the order they made it stale."""
        stale = (each for each in self.clauses if each.stale_since)
        return tuple(sorted(stale, key=lambda each: (str(each.stale_since), each.link_id)))

    @property
    def revised_at(self) -> datetime | None:
        return max((each.revised_at for each in self.clauses if each.revised_at), default=None)


@dataclass(frozen=True, slots=True)
class Procedure:
    """One SOP with all that is known of it."""

    sop: Sop
    is_there: bool
    """False = it left the folder; what is shown is what it last was."""
    footings: tuple[Footing, ...]
    """One for each Document that it is linked to, what is stale first."""
    parts: tuple[Part, ...]

    @property
    def stale(self) -> tuple[Part, ...]:
        return tuple(each for each in self.parts if each.stale)

    @property
    def stale_footings(self) -> int:
        """How many of `footings`, the first ones, are stale."""
        return sum(each.stale_since is not None for each in self.footings)

    @property
    def waiting(self) -> int:
        """Open Changes that touch it."""
        return len({each.change_id for part in self.parts for each in part.waiting})


def get_overview(db: Database, today: date, *, owner: str = "", is_edited: bool = False, page: int = 1) -> Ledger:
    """The ledger of all SOPs; `owner` "" = of whoever owns them.

    `is_edited`: of the stale Sections only those that were edited since. `page` counts from 1.
    """
    tallies = {each.sop_id: each for each in get_tallies(db, today)}
    everything = _group(get_stale(db), tallies)
    wanted = [each for each in everything if owner in {"", each.sop.owner}]
    shown = [each for each in wanted if each.revised_at] if is_edited else wanted
    own = [each for each in tallies.values() if owner in {"", each.owner}]
    stale_ids = {each.sop.sop_id for each in wanted}
    by_owner = Counter(each.sop.owner for each in everything)
    return Ledger(
        stale=tuple(shown[PAGE * (page - 1) : PAGE * page]),
        counts=_count(wanted, today),
        waiting=tuple(sorted((each for each in own if each.waiting), key=lambda each: (each.oldest, each.sop_id))),
        current=tuple(each for each in own if each.linked and each.sop_id not in stale_ids),
        unlinked=tuple(each for each in own if not each.linked),
        owners={name: by_owner[name] for name in sorted({each.owner for each in tallies.values()}) if name},
        page=page,
        pages=max(1, -(-len(shown) // PAGE)),
    )


def get_procedure(db: Database, sop_id: str, today: date) -> Procedure:
    """Raises NotFoundError."""
    sop, is_there = get_sop(db, sop_id)
    ids = [each.id for each in sop.sections]
    clauses = get_clauses(db, ids) if is_there else {}
    waiting, history = get_waiting(db, ids, today), get_history(db, ids)
    parts = tuple(
        Part(
            each,
            number,
            name_section(sop.title, each.heading),
            clauses.get(each.id, ()),
            waiting.get(each.id, ()),
            history.get(each.id, ()),
        )
        for number, each in enumerate(sop.sections, 1)
    )
    return Procedure(sop, is_there, _sum_up(chain.from_iterable(clauses.values())), parts)


def name_section(title: str, heading: Sequence[str]) -> str:
    """The way down to a Section of the SOP with this title; the title itself where there is none."""
    return path(heading[1:] if heading[:1] == (title,) else heading) or title


def _group(stale: Iterable[Stale], tallies: Mapping[str, Tally]) -> list[OutOfDate]:
    """By Section; they stay in the order in which they went stale."""
    sections: defaultdict[str, list[Stale]] = defaultdict(list)
    for each in stale:
        sections[each.section_id].append(each)
    return [
        OutOfDate(tallies[own[0].sop_id], section_id, _name(own[0], tallies), tuple(own))
        for section_id, own in sections.items()
    ]


def _name(stale: Stale, tallies: Mapping[str, Tally]) -> str:
    return name_section(tallies[stale.sop_id].title, stale.heading)


def _count(stale: Sequence[OutOfDate], today: date) -> dict[str, int]:
    return {
        "all": len(stale),
        "edited": sum(each.revised_at is not None for each in stale),
        "sops": len({each.sop.sop_id for each in stale}),
        "oldest": (today - stale[0].since_at.date()).days if stale else 0,
    }


def _sum_up(clauses: Iterable[Clause]) -> tuple[Footing, ...]:
    documents: defaultdict[str, list[Clause]] = defaultdict(list)
    for each in clauses:
        documents[each.document_id].append(each)
    found = [Footing(tuple(own)) for own in documents.values()]
    return tuple(
        sorted(found, key=lambda each: (each.stale_since is None, str(each.stale_since), each.clauses[0].name))
    )
