"""The procedures: the ledger of all, one of them, and the draft of an edit that a stale Section asks for.

In the address: `owner`, `stale=edited` and `page` of the ledger; `said=SECTION`, which was just said to be current.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digests.wording import likelihood, person_name, written_date
from monitor.drafting import draft_edit
from monitor.errors import MonitorError
from monitor.links import close_links
from monitor.model import Role
from monitor.store import write_time
from monitor.store.changes import get_change
from monitor.store.digests import get_source_facts
from monitor.store.impacts import get_impacts
from monitor.store.procedures import find_checked, get_section
from monitor.triage import say_reason
from monitor.views.deciding import name_section, say_decision
from monitor.views.procedures import get_overview, get_procedure
from monitor.web.desk.visits import get_people
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from monitor.drafting import Draft
    from monitor.store import Database
    from monitor.web.serving import Visit

_PAGE = re.compile("[1-9][0-9]{0,5}")
EDITED = "edited"


def show_ledger(visit: Visit, error: str = "") -> Response:
    page = visit.asked("page")
    ledger = get_overview(
        visit.db,
        visit.now.date(),
        owner=visit.asked("owner"),
        is_edited=visit.asked("stale") == EDITED,
        page=int(page) if _PAGE.fullmatch(page) else 1,
    )
    facts = {"ledger": ledger, "owner": visit.asked("owner"), "stale": visit.asked("stale")}
    return _draw(visit, "procedures.html", error, written_date=written_date, **facts)


def show_procedure(visit: Visit, error: str = "") -> Response:
    procedure = get_procedure(visit.db, visit.request.path_params["sop_id"], visit.now.date())
    people = get_people(visit)
    return _draw(
        visit,
        "procedure.html",
        error,
        procedure=procedure,
        who=partial(person_name, people=people),
        say_decision=partial(say_decision, people=people),
        say_reason=say_reason,
        likelihood=likelihood,
        write_time=write_time,
    )


def close(visit: Visit) -> Response:
    """Back to where it was sent from; what cannot be said so is told there."""
    section_id = visit.form.get("section", "")
    try:
        close_links(visit.db, section_id, visit.visitor.name, visit.now)
    except MonitorError as error:
        show = show_procedure if "sop_id" in visit.request.path_params else show_ledger
        return show(visit, str(error))
    path = quote(visit.request.scope["path"])
    return RedirectResponse(f"{path}?{_write_query(visit, said=section_id)}", HTTPStatus.SEE_OTHER)


def download_draft(visit: Visit) -> Response:
    draft = make_draft(visit.db, visit.request.path_params["change_id"], visit.asked("section"))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(draft.name)}.md"}
    return Response(draft.markdown, media_type="text/markdown; charset=utf-8", headers=headers)


def make_draft(db: Database, change_id: int, section_id: str) -> Draft:
    """What `monitor sops draft` writes, made from the SOP as it was last loaded. Raises NotFoundError."""
    change = get_change(db, change_id)
    section, sop = get_section(db, section_id)
    impact = next((each for each in get_impacts(db, change.id) if each.section_id == section.id), None)
    publisher = get_source_facts(db, change.source_id).publisher
    return draft_edit(change, publisher, sop, section, impact=impact, source_text=None)


def _draw(visit: Visit, template: str, error: str, **facts: object) -> Response:
    return draw(
        visit.request,
        template,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
        error=error,
        said=_find_said(visit),
        today=visit.now.date(),
        may_decide=visit.visitor.role.may(Role.SPECIALIST),
        query=partial(_write_query, visit),
        **facts,
    )


def _find_said(visit: Visit) -> str:
    """The Section that the visitor has just said is current, by its name; "" = there is none."""
    section = find_checked(visit.db, visit.asked("said"), visit.visitor.name)
    return name_section(section.sop_id, section.heading) if section else ""


def _write_query(visit: Visit, **changed: object) -> str:
    """The parameters of the address that go on, with others; "" takes one out."""
    asked = {name: value for name, value in visit.request.query_params.items() if name != "said"}
    return urlencode({name: value for name, value in (asked | changed).items() if value})


ROUTES = [
    Route("/procedures", serve(show_ledger)),
    Route("/procedures", serve(close, needs=Role.SPECIALIST), methods=["POST"]),
    Route("/procedures/{sop_id:path}", serve(show_procedure)),
    Route("/procedures/{sop_id:path}", serve(close, needs=Role.SPECIALIST), methods=["POST"]),
    Route("/changes/{change_id:number}/draft.md", serve(download_draft)),
]
