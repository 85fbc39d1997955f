"""What several pages ask of a visit.

Does not do: who visits (`monitor.web.access`), what is decided (`monitor.web.desk.deciding`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digests.wording import find_person
from monitor.store.decisions import get_made
from monitor.web.desk.declared import find_declared

if TYPE_CHECKING:
    from monitor.model import Decision, Person
    from monitor.web.serving import Visit

_MADE = re.compile("([0-9]{1,18})-([0-9]{1,18})")


def is_partial(visit: Visit) -> bool:
    """Whether htmx asks, and wants only what has changed."""
    return visit.request.headers.get("HX-Request") == "true"


def get_people(visit: Visit) -> tuple[Person, ...]:
    """Whom `sources.yaml` lists, as far as it can be read."""
    return find_declared(visit).people


def find_names(visit: Visit, known_as: str) -> tuple[str, ...]:
    """All names of a person who is known by this one; () for ""."""
    person = find_person(known_as, get_people(visit)) if known_as else None
    names = (person.name, person.email, person.slack) if person else (known_as,)
    return tuple(each for each in names if each)


def find_made(visit: Visit) -> tuple[Decision, ...]:
    """What the visitor has just decided: `said=57-59` in the address."""
    found = _MADE.fullmatch(visit.asked("said"))
    return get_made(visit.db, int(found[1]), int(found[2]), visit.visitor.name) if found else ()
