"""The sources: all of them, and one.

In the address: `jurisdiction`, `topic`, `state`, `pack`, `text` and `page` of the list; `text` (which documents) and
`before` (older versions) of one.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse
from starlette.routing import Route

from monitor.acknowledging import acknowledge
from monitor.model import Role
from monitor.store import write_time
from monitor.views.sources import State, Wanted, get_catalogue, get_profile
from monitor.views.texts import get_timeline
from monitor.web.desk.deciding import MOST_WORDS, read_text
from monitor.web.desk.declared import find_declared
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from starlette.responses import Response

    from monitor.model import Source
    from monitor.web.serving import Visit

_PAGE = re.compile("[1-9][0-9]{0,5}")
_VERSION = re.compile("-?[0-9]{1,18}")
STATES = {
    State.PROBLEM: "cannot be read",
    State.DOUBT: "in doubt",
    State.NEW: "not read yet",
    State.READ: "read well",
    State.OFF: "off",
}
"""In the order in which they want to be looked at."""
_FILTERS = ("jurisdiction", "topic", "state", "pack", "text")


def show_sources(visit: Visit) -> Response:
    page = visit.asked("page")
    wanted = Wanted(**{name: visit.asked(name).strip() for name in _FILTERS})
    return draw(
        visit.request,
        "sources.html",
        catalogue=get_catalogue(visit.db, wanted, get_declared(visit), int(page) if _PAGE.fullmatch(page) else 1),
        wanted=wanted,
        states=STATES,
        today=visit.now.date(),
        query=partial(write_query, visit),
    )


def show_source(visit: Visit) -> Response:
    source_id, text = visit.request.path_params["source_id"], visit.asked("text").strip()
    profile = get_profile(visit.db, source_id, visit.now.date(), get_declared(visit), text=text)
    single = profile.documents[0] if profile.number == 1 and not text else None
    return draw(
        visit.request,
        "source.html",
        profile=profile,
        states=STATES,
        text=text,
        document=single,
        timeline=get_timeline(visit.db, single.id, read_before(visit)) if single else None,
        query=partial(write_query, visit),
        write_time=write_time,
        may_decide=visit.visitor.role.may(Role.SPECIALIST),
    )


def acknowledge_problem(visit: Visit) -> Response:
    """Back to the Source that the Problem is of."""
    note = read_text(visit.form, "note", MOST_WORDS)
    problem = acknowledge(
        visit.db, visit.request.path_params["problem_id"], by=visit.visitor.name, note=note, now=visit.now
    )
    return RedirectResponse(f"/sources/{quote(problem.source_id)}#mend", HTTPStatus.SEE_OTHER)


def read_before(visit: Visit) -> int | None:
    """The Version before which the older ones are shown."""
    before = visit.asked("before")
    return int(before) if _VERSION.fullmatch(before) else None


def write_query(visit: Visit, **changed: object) -> str:
    """The parameters of the address, with others; "" takes one out."""
    asked = dict(visit.request.query_params.items())
    return urlencode({name: value for name, value in (asked | changed).items() if value})


def get_declared(visit: Visit) -> dict[str, Source]:
    """The Sources of `sources.yaml`, as far as it can be read, by their id."""
    return {each.id: each for each in find_declared(visit).sources}


ROUTES = [
    Route("/sources", serve(show_sources)),
    Route("/sources/{source_id:path}", serve(show_source)),
    Route(
        "/problems/{problem_id:number}/acknowledge",
        serve(acknowledge_problem, needs=Role.SPECIALIST),
        methods=["POST"],
    ),
]
