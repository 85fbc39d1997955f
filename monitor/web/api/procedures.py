"""The procedures: the ledger, one of them, and that an edited section is current again.

Does not do: finding (`monitor.views.procedures`), following clauses (`monitor.links`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from monitor.links import close_links
from monitor.views.procedures import get_overview, get_procedure
from monitor.web.api.asking import LedgerQuery, opened, require_json
from monitor.web.api.document import DECIDING, FINDING, READING, name_operation
from monitor.web.api.models.procedures import Closed, Current, Ledger, Procedure, tell_ledger, tell_procedure
from monitor.web.desk.visits import get_people

router = APIRouter(tags=["procedures"], generate_unique_id_function=name_operation)


@router.get("/procedures", responses=READING)
def show_ledger(request: Request, asked: Annotated[LedgerQuery, Query()]) -> Ledger:
    """Which procedures are out of date right now, and why."""
    with opened(request) as visit:
        today = visit.now.date()
        return tell_ledger(get_overview(visit.db, today, owner=asked.owner, is_edited=asked.edited, page=asked.page))


@router.post("/sections/current", responses=DECIDING, dependencies=[Depends(require_json)])
def close_section(request: Request, sent: Current) -> Closed:
    """Say that a section, as it was edited since it went stale, is current again."""
    with opened(request) as visit:
        clauses = close_links(visit.db, sent.section_id, visit.visitor.name, visit.now)
        return Closed(section_id=sent.section_id, clauses=clauses)


@router.get("/procedures/{sop_id:path}", responses=FINDING)
def show_procedure(request: Request, sop_id: Annotated[str, Path(description="The id of a procedure.")]) -> Procedure:
    """One procedure: as of which version of each source it is current, what touches it, what was decided."""
    with opened(request) as visit:
        return tell_procedure(get_procedure(visit.db, sop_id, visit.now.date()), get_people(visit))
