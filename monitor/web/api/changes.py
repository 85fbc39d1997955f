"""The inbox, one change, and what is decided about it.

Does not do: finding and deciding (`monitor.views`, `monitor.triage`).
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from monitor.store.changes import get_change
from monitor.views.change import get_dossier
from monitor.views.deciding import say_done
from monitor.views.inbox import find_beside, get_inbox
from monitor.web.api.asking import ChangeId, ChangeQuery, DraftQuery, InboxFilters, InboxQuery, opened, require_json
from monitor.web.api.document import DECIDING, FINDING, PROVING, READING, name_operation
from monitor.web.api.models.change import Change, tell_change
from monitor.web.api.models.deciding import Decided, NewDecision, NewDecisions, tell_decided
from monitor.web.api.models.inbox import Beside, Inbox, tell_inbox
from monitor.web.api.models.procedures import Draft, tell_draft
from monitor.web.desk.deciding import rule
from monitor.web.desk.evidence import send_evidence
from monitor.web.desk.procedures import make_draft
from monitor.web.desk.visits import get_people
from monitor.web.serving import Visit

router = APIRouter(tags=["changes"], generate_unique_id_function=name_operation)


@router.get("/changes", responses=READING)
def list_changes(request: Request, asked: Annotated[InboxQuery, Query()]) -> Inbox:
    """The changes that wait to be decided, are in hand, or were put off, grouped as they are decided."""
    with opened(request) as visit:
        return tell_inbox(get_inbox(visit.db, asked.wanted(visit), visit.now, shown=asked.shown, page=asked.page))


@router.get("/changes/{change_id}", responses=FINDING)
def show_change(request: Request, change_id: ChangeId, asked: Annotated[ChangeQuery, Query()]) -> Change:
    """One change with all that is known of it: texts, dates, laws, procedures, decisions, evidence."""
    with opened(request) as visit:
        found = get_dossier(visit.db, change_id, visit.now.date(), is_whole=asked.whole, section=asked.section)
        return tell_change(found, get_people(visit))


@router.get("/changes/{change_id}/beside", responses=FINDING)
def find_neighbours(request: Request, change_id: ChangeId, asked: Annotated[InboxFilters, Query()]) -> Beside:
    """The changes before and after one in the inbox, with the same filters."""
    with opened(request) as visit:
        own = get_change(visit.db, change_id).id
        before, after = find_beside(visit.db, asked.wanted(visit), visit.now.date(), own)
        return Beside(previous=before, next=after)


@router.get("/changes/{change_id}/draft", responses=FINDING)
def draft_edit(request: Request, change_id: ChangeId, asked: Annotated[DraftQuery, Query()]) -> Draft:
    """The edit that a change asks of a section, as Markdown for a person to work on."""
    with opened(request) as visit:
        return tell_draft(make_draft(visit.db, change_id, asked.section))


@router.get("/changes/{change_id}/evidence", response_class=Response, responses=PROVING)
def load_evidence(request: Request, change_id: ChangeId) -> Response:
    """All that proves a change, in one ZIP: the file that `monitor evidence` writes and `monitor verify` checks."""
    with opened(request) as visit:
        return send_evidence(visit, change_id)


@router.post("/changes/{change_id}/decisions", responses=DECIDING, dependencies=[Depends(require_json)])
def decide_change(request: Request, change_id: ChangeId, sent: NewDecision) -> Decided:
    """Decide about a change as a whole, or about sections of it. The very same decision twice in a row is one."""
    with opened(request) as visit:
        return _decide(visit, sent, [change_id])


@router.post("/decisions", responses=DECIDING, dependencies=[Depends(require_json)])
def decide_changes(request: Request, sent: NewDecisions) -> Decided:
    """Decide the same about several changes: all of it, or nothing."""
    with opened(request) as visit:
        return _decide(visit, sent, sent.change_ids)


def _decide(visit: Visit, sent: NewDecision, change_ids: Sequence[int]) -> Decided:
    people = get_people(visit)
    done = rule(visit.db, sent.rule(change_ids, people), by=visit.visitor.name, now=visit.now)
    new = [each.decision for each in done if each.is_new]
    said = say_done(visit.db, new or [each.decision for each in done], people, is_new=bool(new))
    return tell_decided(done, said, people)
