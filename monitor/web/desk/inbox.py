"""The inbox: what waits to be decided, what is in hand, what was put off, and deciding there without opening it.

All that is shown is in the address, so that whoever is sent it sees the same:

    show           in-hand or put-off; "" = what waits
    mine=NAME      what touches an SOP of this person, or is in their hands
    severity, jurisdiction, topic, publisher, source, sop
    due            7, 30 or 90: a deadline within so many days
    page           from 1
    said=57-59     what was just decided

Does not do: finding changes (`monitor.views.inbox`), reading what a form says (`monitor.web.desk.deciding`).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digests.wording import IMPACTS, OPS, deadline, from_now, likelihood, person_name, written_date
from digests.words import count
from monitor.errors import MonitorError
from monitor.model import Role, Verdict
from monitor.store.inbox import DUE_WITHIN, Wanted
from monitor.triage import REASONS, plan_due
from monitor.views.deciding import say_decision
from monitor.views.inbox import PAGE, Shown, find_beside, get_inbox
from monitor.web.desk.deciding import read_ruling, rule
from monitor.web.desk.facets import FILTERS, build_facets, name_chosen, write_query
from monitor.web.desk.visits import find_made, find_names, get_people, is_partial
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Decision
    from monitor.store.flagged import Flagged
    from monitor.triage import Done
    from monitor.views.inbox import Group
    from monitor.web.serving import Visit

LATER = timedelta(days=7)
"""So long something is put off, unless somebody says otherwise."""
PICK = "pick:"
"""Begins the names of the boxes with which several groups are selected; their values are the numbers of Changes."""
_PAGE = re.compile("[1-9][0-9]{0,3}")
_NUMBER = re.compile("[0-9]{1,18}")


def show_inbox(visit: Visit) -> Response:
    return _draw(visit)


def decide(visit: Visit) -> Response:
    """Back to the list, or nothing but what was done where htmx takes the decided group out of it."""
    people = get_people(visit)
    picked = [value for name, value in visit.form.items() if name.startswith(PICK)]
    try:
        forms = [
            {**visit.form, "about": "all", "together": each} for each in picked or [visit.form.get("together", "")]
        ]
        rulings = [read_ruling(form, 0, people) for form in forms]
        following = find_beside(visit.db, read_wanted(visit), visit.now.date(), rulings[-1].change_ids[0])[1]
        done = [each for ruling in rulings for each in rule(visit.db, ruling, by=visit.visitor.name, now=visit.now)]
    except MonitorError as error:
        return _refuse(visit, str(error))
    is_undone = rulings[0].verdict is Verdict.UNDONE
    if is_partial(visit) and not picked and not is_undone and _shown(visit) is Shown.TO_DECIDE:
        return _draw_said(visit, [each.decision for each in done])
    return _lead_back(visit, done, rulings[0].change_ids[0] if is_undone else following)


def read_wanted(visit: Visit) -> Wanted:
    """The filters in the address; what makes no sense is no filter."""
    days = visit.asked("due")
    return Wanted(
        **{name: visit.asked(name) for name in FILTERS},
        owners=find_names(visit, visit.asked("mine")),
        due_by=visit.now.date() + timedelta(days=int(days)) if days in map(str, DUE_WITHIN) else None,
    )


def _shown(visit: Visit) -> Shown:
    asked = visit.asked("show")
    return Shown(asked) if asked in list(Shown) else Shown.TO_DECIDE


def _draw(visit: Visit, error: str = "") -> Response:
    page = int(visit.asked("page")) if _PAGE.fullmatch(visit.asked("page")) else 1
    people, today = get_people(visit), visit.now.date()
    inbox = get_inbox(visit.db, read_wanted(visit), visit.now, shown=_shown(visit), page=page)
    query = partial(write_query, visit.request.query_params)
    made = find_made(visit)
    return draw(
        visit.request,
        "inbox.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        inbox=inbox,
        chosen=name_chosen(visit.db, visit.request.query_params, visit.visitor.name),
        facets=() if inbox.shown is Shown.IN_HAND else build_facets(visit.db, inbox.counts, visit.request.query_params),
        query=query,
        said=_say(visit, made),
        error=error,
        is_said_below=any(_is_typed(visit, error, each) for each in inbox.groups),
        form=visit.form if error else {},
        people=people,
        may_decide=visit.visitor.role.may(Role.SPECIALIST),
        today=today,
        later=today + LATER,
        tomorrow=today + timedelta(days=1),
        first=PAGE * (page - 1) + 1,
        reasons={word: said for word, said in REASONS.items() if word != "duplicate"},
        ops=OPS,
        most=IMPACTS,
        find_due=partial(_find_due, today=today),
        say_deadline=partial(_say_deadline, today=today),
        is_typed=partial(_is_typed, visit, error),
        who=partial(person_name, people=people),
        likelihood=likelihood,
        written_date=written_date,
        from_now=partial(from_now, today=today),
        counted=count,
    )


def _draw_said(visit: Visit, made: Sequence[Decision]) -> Response:
    query = partial(write_query, visit.request.query_params)
    return draw(visit.request, "inbox_done.html", said=_say(visit, made), query=query)


def _say(visit: Visit, made: Sequence[Decision]) -> dict[str, object] | None:
    """What was just decided, and what takes it back; None = nothing was."""
    if not made:
        return None
    ids = list(dict.fromkeys(each.change_id for each in made))
    where = f"change {ids[0]}" if len(ids) == 1 else count(len(ids), "change")
    return {
        "words": f"{say_decision(made[0], get_people(visit))}: {where}",
        "ids": ids,
        "can_take_back": made[-1].verdict is not Verdict.UNDONE,
    }


def _refuse(visit: Visit, error: str) -> Response:
    """What is wrong, beside what was typed: htmx puts it there, and leaves all else as it is."""
    if not is_partial(visit):
        return _draw(visit, error)
    answer = draw(visit.request, "change_error.html", error=error)
    found = _NUMBER.match(visit.form.get("together", ""))
    answer.headers["HX-Retarget"] = f"#error-{found[0]}" if found else "#said"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer


def _lead_back(visit: Visit, done: Sequence[Done], change_id: int | None) -> Response:
    ids = [each.decision.id for each in done]
    query = write_query(visit.request.query_params, said=f"{min(ids)}-{max(ids)}", page=visit.asked("page"))
    address = f"/?{query}#entry-{change_id}" if change_id else f"/?{query}"
    if is_partial(visit):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _is_typed(visit: Visit, error: str, group: Group) -> bool:
    """Whether this is the group whose form could not be read."""
    return bool(error) and visit.form.get("together") == " ".join(map(str, group.ids))


def _say_deadline(flagged: Flagged, today: date) -> str:
    """As in "comments close in 12 days, 16 Nov 2026"."""
    if not flagged.deadline:
        return ""
    kind, day = flagged.deadline
    return f"{deadline(kind, day)}, {from_now(day, today)}"


def _find_due(flagged: Flagged, today: date) -> str:
    """The day that is offered for the work; "" = none."""
    return plan_due(flagged.deadline[1] if flagged.deadline else "", today)


ROUTES = [
    Route("/", serve(show_inbox)),
    Route("/decide", serve(decide, needs=Role.SPECIALIST), methods=["POST"]),
]
