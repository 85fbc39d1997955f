"""The inbox: what waits to be decided, is in hand, was put off or decided, and deciding there without opening it.

All that is shown is in the address, so that whoever is sent it sees the same:

    show           in-hand, put-off or decided; "" = what waits
    mine=NAME      what touches an SOP of this person, or is in their hands
    severity, jurisdiction, topic, publisher, source, sop
    due            7, 30 or 90: a deadline within so many days
    page           from 1
    said=57-59.61  what was just decided; already=57: what was so already; said=last: what the visitor decided last

Does not do: finding changes (`monitor.views.inbox`), reading what a form says (`monitor.web.desk.deciding`).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digests.wording import IMPACTS, OPS, deadline, from_now, likelihood, person_name, written_date
from digests.words import count
from monitor.errors import MonitorError
from monitor.model import Role, Verdict
from monitor.store.inbox import DUE_WITHIN, Wanted
from monitor.triage import REASONS, plan_due
from monitor.views.deciding import say_outcome, say_ruling, say_since
from monitor.views.inbox import PAGE, Shown, find_beside, get_inbox, get_tally
from monitor.web.desk.deciding import PICK, read_ruling, rule
from monitor.web.desk.facets import FILTERS, build_facets, name_chosen, write_query
from monitor.web.desk.visits import (
    LAST,
    find_made,
    find_names,
    find_repeated,
    get_people,
    is_partial,
    name_done,
    write_ids,
)
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Decision
    from monitor.store.flagged import Flagged
    from monitor.triage import Done
    from monitor.views.inbox import Group, Tally
    from monitor.web.desk.deciding import Ruling
    from monitor.web.serving import Visit

LATER = timedelta(days=7)
"""So long something is put off, unless somebody says otherwise."""
_FILTERED = frozenset({Shown.TO_DECIDE, Shown.PUT_OFF})
"""Of these lists it is counted what each further filter leaves."""
_PAGE = re.compile("[1-9][0-9]{0,3}")
_NUMBER = re.compile("[0-9]{1,18}")


def show_inbox(visit: Visit) -> Response:
    return _draw(visit)


def decide(visit: Visit) -> Response:
    """Back to the list, or nothing but what was done where htmx takes the decided group out of it."""
    try:
        ruling = read_ruling({**visit.form, "about": "all"}, 0, get_people(visit))
        is_taken_out = _is_taken_out(visit, ruling)
        following = None if is_taken_out else _find_following(visit, ruling)
        done = rule(visit.db, ruling, by=visit.visitor.name, now=visit.now)
    except MonitorError as error:
        return _refuse(visit, str(error))
    if is_taken_out:
        return _draw_done(visit, done)
    is_undone = ruling.verdict is Verdict.UNDONE
    return _lead_back(visit, done, min(each.decision.change_id for each in done) if is_undone else following)


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
    return draw(
        visit.request,
        "inbox.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        inbox=inbox,
        chosen=name_chosen(visit.db, visit.request.query_params, visit.visitor.name),
        said=_say(visit, find_made(visit), find_repeated(visit)),
        error=error,
        is_said_below=any(_is_typed(visit, error, each) for each in inbox.groups),
        form=visit.form if error else {},
        people=people,
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
        write_ids=write_ids,
        say_ruling=partial(say_ruling, visit.db, people=people),
        likelihood=likelihood,
        written_date=written_date,
        from_now=partial(from_now, today=today),
        **_tell_tally(visit, inbox.shown, inbox.tally),
    )


def _draw_done(visit: Visit, done: Sequence[Done]) -> Response:
    tally = get_tally(visit.db, read_wanted(visit), visit.now.date())
    words = _tell_tally(visit, Shown.TO_DECIDE, tally)
    made, old = ([each.decision for each in done if each.is_new is is_new] for is_new in (True, False))
    return draw(visit.request, "inbox_done.html", said=_say(visit, made, old), **words)


def _tell_tally(visit: Visit, shown: Shown, tally: Tally) -> dict[str, Any]:
    """What stands around the list, and is another after each decision."""
    asked = visit.request.query_params
    return {
        "shown": shown,
        "is_partial": is_partial(visit),
        "tally": tally,
        "facets": build_facets(visit.db, tally.counts, asked) if shown in _FILTERED else (),
        "query": partial(write_query, asked),
        "may_decide": visit.visitor.role.may(Role.SPECIALIST),
        "counted": count,
    }


def _say(visit: Visit, made: Sequence[Decision], old: Sequence[Decision]) -> dict[str, object] | None:
    """What was just decided, and what takes it back; `old`: what stood already. None = nothing was."""
    people = get_people(visit)
    if not made and old:
        return {"words": f"It was so already. {say_outcome(visit.db, old, people)}"}
    if not made:
        return {"words": "There is nothing to take back."} if visit.asked("said") == LAST else None
    is_undone = made[-1].verdict is Verdict.UNDONE
    since = "" if is_undone else say_since(visit.db, made, people)
    return {
        "words": " ".join(filter(None, [say_outcome(visit.db, made, people), since])),
        "decisions": write_ids(each.id for each in made),
        "can_take_back": not is_undone and not since,
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
    query = write_query(visit.request.query_params, **name_done(done), page=visit.asked("page"))
    address = f"/?{query}#entry-{change_id}" if change_id else f"/?{query}"
    if is_partial(visit):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _is_taken_out(visit: Visit, ruling: Ruling) -> bool:
    """Whether all that happens to the list is that htmx takes one group out of it."""
    is_several = any(name.startswith(PICK) for name in visit.form)
    is_from_list = is_partial(visit) and _shown(visit) is Shown.TO_DECIDE
    return is_from_list and not is_several and ruling.verdict is not Verdict.UNDONE


def _find_following(visit: Visit, ruling: Ruling) -> int | None:
    """What comes after in the list; None = nothing does, or something is taken back."""
    if not ruling.change_ids:
        return None
    return find_beside(visit.db, read_wanted(visit), visit.now.date(), ruling.change_ids[-1])[1]


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
