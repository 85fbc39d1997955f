"""One change: what changed, the procedures beside it, and the form in which it is decided.

In the address: `view=sides` lays the texts beside one another, `section=N` marks the evidence of this one alone,
`whole` leaves nothing out, `said=57-59.61` names what was just decided, `already=57` what was so already. The inbox's
filters go on from there, so that the next change is the next of what somebody was going through.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digests.wording import deadline, from_now, is_full, person_name, standing, written_date
from monitor.errors import MonitorError
from monitor.model import Role
from monitor.store.changes import get_change
from monitor.triage import AHEAD, REASONS, say_reason
from monitor.undoing import find_last, find_tops
from monitor.views.change import get_dossier
from monitor.views.deciding import say_decision, say_done, say_standing
from monitor.views.inbox import find_beside
from monitor.web.desk.deciding import read_ruling, rule
from monitor.web.desk.inbox import LATER, read_wanted
from monitor.web.desk.visits import find_made, find_repeated, get_people, is_partial, name_done, write_ids
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Decision
    from monitor.triage import Done
    from monitor.web.serving import Visit

_OF_THIS = frozenset({"said", "already", "section", "whole"})
"""What belongs to one change and does not go on to the next."""
_PLACE = re.compile("[0-9]{1,6}")
_ORIGIN = re.compile("whole|s[0-9]{1,6}")
"""Which form was sent: that about the change, or that of the section with this number."""
_WORDS = {
    "reasons": REASONS,
    "deadline": deadline,
    "from_now": from_now,
    "is_full": is_full,
    "lead": f"{AHEAD.days} days",
    "say_reason": say_reason,
    "standing": standing,
    "written_date": written_date,
}
"""How the template says things."""


def show_change(visit: Visit) -> Response:
    made = find_made(visit)
    return _draw(visit, made or find_repeated(visit), is_new=bool(made))


def decide(visit: Visit) -> Response:
    """Back to the change, or on to the next one in the inbox; what cannot be decided so is said beside the form."""
    change_id = get_change(visit.db, visit.request.path_params["change_id"]).id
    try:
        ruling = read_ruling(visit.form, change_id, get_people(visit))
        following = _find_beside(visit, change_id)[1]
        done = rule(visit.db, ruling, by=visit.visitor.name, now=visit.now)
    except MonitorError as error:
        return _refuse(visit, str(error))
    if "next" in visit.form:
        return _lead(visit, following, done)
    if is_partial(visit):
        new = [each.decision for each in done if each.is_new]
        return _draw(visit, new or [each.decision for each in done], is_new=bool(new))
    return _lead(visit, change_id, done)


def lead_on(visit: Visit, step: int) -> Response:
    """To the change before (0) or after (1) this one in the inbox, or to the inbox where none waits there."""
    found = _find_beside(visit, visit.request.path_params["change_id"])[step]
    return RedirectResponse(f"{_find_path(found)}{_write_query(visit)}", HTTPStatus.SEE_OTHER)


def _draw(visit: Visit, made: Sequence[Decision], error: str = "", *, is_new: bool = True) -> Response:
    """The page, or where htmx asks only what a decision changes of it. `is_new` False: what is told stood already."""
    change_id, people, today = visit.request.path_params["change_id"], get_people(visit), visit.now.date()
    section = visit.asked("section")
    dossier = get_dossier(
        visit.db,
        change_id,
        today,
        is_whole=bool(visit.asked("whole")),
        section=int(section) if _PLACE.fullmatch(section) else None,
        with_texts=not is_partial(visit),
    )
    return draw(
        visit.request,
        "change_decided.html" if is_partial(visit) else "change.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error and not is_partial(visit) else HTTPStatus.OK,
        dossier=dossier,
        said=say_done(visit.db, made, people, is_new=is_new),
        undoable=write_ids(each.id for each in find_last(visit.db, change_id)),
        tops=find_tops(visit.db, change_id),
        write_ids=write_ids,
        is_partial=is_partial(visit),
        error=error,
        form=visit.form if error else {},
        people=people,
        today=today,
        tomorrow=today + timedelta(days=1),
        later=today + LATER,
        may_decide=visit.visitor.role.may(Role.SPECIALIST),
        is_aside=visit.asked("view") == "sides",
        query=partial(_write_query, visit),
        who=partial(person_name, people=people),
        name_of={
            each.section_id: f"{each.sop.id} {each.name}" for each in (*dossier.beside, *dossier.unlikely)
        }.__getitem__,
        say_decision=partial(say_decision, people=people),
        say_standing=partial(say_standing, people=people),
        **_WORDS,
    )


def _refuse(visit: Visit, error: str) -> Response:
    """What is wrong with the form, beside what was typed: htmx puts it there, and leaves all else as it is."""
    if not is_partial(visit):
        return _draw(visit, (), error)
    found = _ORIGIN.fullmatch(visit.form.get("origin", ""))
    answer = draw(visit.request, "change_error.html", error=error)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = f"#error-{found[0] if found else 'whole'}", "innerHTML"
    return answer


def _find_beside(visit: Visit, change_id: int) -> tuple[int | None, int | None]:
    return find_beside(visit.db, read_wanted(visit), visit.now.date(), change_id)


def _find_path(change_id: int | None) -> str:
    return f"/changes/{change_id}" if change_id else "/"


def _lead(visit: Visit, change_id: int | None, done: Sequence[Done]) -> Response:
    """To a change, or to the inbox, where it is said what was decided."""
    address = f"{_find_path(change_id)}{_write_query(visit, **name_done(done))}"
    if is_partial(visit):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _write_query(visit: Visit, **changed: str) -> str:
    """The parameters of the address that go on, with others, as in "?source=rules"; "" takes one out."""
    asked = {name: value for name, value in visit.request.query_params.items() if name not in _OF_THIS}
    query = urlencode({name: value for name, value in (asked | changed).items() if value})
    return f"?{query}" if query else ""


ROUTES = [
    Route("/changes/{change_id:number}", serve(show_change)),
    Route("/changes/{change_id:number}/previous", serve(partial(lead_on, step=0))),
    Route("/changes/{change_id:number}/next", serve(partial(lead_on, step=1))),
    Route("/changes/{change_id:number}/decide", serve(decide, needs=Role.SPECIALIST), methods=["POST"]),
]
