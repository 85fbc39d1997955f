"""What several pages ask of a visit.

Does not do: who visits (`monitor.web.access`), what is decided (`monitor.web.desk.deciding`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digests.wording import find_person
from monitor.store.decisions import get_named
from monitor.store.subjects import get_spellings
from monitor.views.deciding import find_last_made
from monitor.web.desk.declared import find_declared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.model import Decision, Person
    from monitor.triage import Done
    from monitor.web.serving import Visit

LAST = "last"
"""In the address instead of numbers: what the visitor decided last."""
MOST_IDS = 5_000
"""Decisions or Changes that are named at once: more than a page of the inbox has."""
_IDS = re.compile(r"[0-9]{1,15}(-[0-9]{1,15})?(\.[0-9]{1,15}(-[0-9]{1,15})?)*")


def is_partial(visit: Visit) -> bool:
    """Whether htmx asks, and wants only what has changed."""
    return visit.request.headers.get("HX-Request") == "true"


def get_people(visit: Visit) -> tuple[Person, ...]:
    """Whom `sources.yaml` lists, as far as it can be read."""
    return find_declared(visit).people


def find_names(visit: Visit, known_as: str) -> tuple[str, ...]:
    """All names of a person who is known by this one, in whatever case, as they are written; () for ""."""
    person = find_person(known_as, get_people(visit)) if known_as else None
    names = (person.name, person.email, person.slack) if person else (known_as,)
    return get_spellings(visit.db, tuple(each for each in names if each))


def find_made(visit: Visit) -> tuple[Decision, ...]:
    """What the visitor has just decided: `said=57-59.61` in the address; `said=last`: what they decided last."""
    if visit.asked("said") == LAST:
        return find_last_made(visit.db, visit.visitor.name)
    named = get_named(visit.db, read_ids(visit.asked("said")))
    return tuple(each for each in named if each.by == visit.visitor.name)


def find_repeated(visit: Visit) -> tuple[Decision, ...]:
    """What was so already, whoever decided it: `already=57` in the address."""
    return get_named(visit.db, read_ids(visit.asked("already")))


def name_done(done: Iterable[Done]) -> dict[str, str]:
    """For the address: what is new, and where nothing is, what was decided so already."""
    new = [each.decision.id for each in done if each.is_new]
    return {"said": write_ids(new), "already": "" if new else write_ids(each.decision.id for each in done)}


def write_ids(ids: Iterable[int]) -> str:
    """As in "57-59.61"."""
    runs: list[list[int]] = []
    for each in sorted(set(ids)):
        if runs and runs[-1][1] == each - 1:
            runs[-1][1] = each
        else:
            runs.append([each, each])
    return ".".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def read_ids(text: str) -> tuple[int, ...]:
    """What `write_ids` wrote; () for anything else, and for more than `MOST_IDS`."""
    if not _IDS.fullmatch(text):
        return ()
    runs = [tuple(map(int, each.split("-"))) for each in text.split(".")]
    if sum(each[-1] - each[0] + 1 for each in runs) > MOST_IDS or any(each[-1] < each[0] for each in runs):
        return ()
    return tuple(number for each in runs for number in range(each[0], each[-1] + 1))
