"""Search, the calendar, the numbers, what was told and decided, and who asks.

Does not do: finding any of it (`monitor.views`).
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from monitor.views import exports
from monitor.views.calendar import Asked, get_agenda
from monitor.views.numbers import get_numbers
from monitor.views.search import search
from monitor.web.api.asking import CalendarQuery, NumbersQuery, SearchQuery, SpanQuery, opened
from monitor.web.api.document import READING, name_operation
from monitor.web.api.models.calendar import Agenda, tell_agenda
from monitor.web.api.models.desk import Me, Person
from monitor.web.api.models.numbers import Numbers, tell_numbers
from monitor.web.api.models.search import Results, tell_results
from monitor.web.api.models.told import MadeDecision, ToldChange, tell_made
from monitor.web.desk.declared import find_declared
from monitor.web.desk.feeds import get_desk
from monitor.web.desk.visits import get_people

router = APIRouter(generate_unique_id_function=name_operation)


@router.get("/me", tags=["desk"], responses=READING)
def show_me(request: Request) -> Me:
    """Under which name you decide, and what you may."""
    return Me.model_validate(request.state.visitor)


@router.get("/people", tags=["desk"], responses=READING)
def list_people(request: Request) -> list[Person]:
    """Whom something can be assigned to by name: `people` in `sources.yaml`."""
    with opened(request) as visit:
        return list(map(Person.model_validate, get_people(visit)))


@router.get("/search", tags=["finding"], responses=READING)
def find_texts(request: Request, asked: Annotated[SearchQuery, Query()]) -> Results:
    """Changes and current texts with some words."""
    with opened(request) as visit:
        return tell_results(search(visit.db, asked.q, visit.now, asked.page))


@router.get("/calendar", tags=["finding"], responses=READING)
def show_calendar(request: Request, asked: Annotated[CalendarQuery, Query()]) -> Agenda:
    """What must be done by when. As a file for calendar programs: `/calendar.ics`."""
    with opened(request) as visit:
        about = Asked(asked.subject(visit), asked.kind or "")
        return tell_agenda(get_agenda(visit.db, about, visit.now.date(), asked.first))


@router.get("/numbers", tags=["finding"], responses=READING)
def show_numbers(request: Request, asked: Annotated[NumbersQuery, Query()]) -> Numbers:
    """The numbers that a lead needs, week by week."""
    with opened(request) as visit:
        declared = find_declared(visit)
        return tell_numbers(get_numbers(visit.db, visit.now, asked.weeks, declared.people, declared.audiences))


@router.get("/told", tags=["told"], responses=READING, response_model=list[ToldChange])
def list_told(request: Request, asked: Annotated[SpanQuery, Query()]) -> StreamingResponse:
    """All told changes of a span, the first confirmed first. It is sent as it is read, however long it is."""
    with opened(request) as visit:
        batches = exports.iter_changes(visit.config.db, asked.span())
        return _stream(exports.write_changes_json(batches, get_desk(visit)))


@router.get("/decisions", tags=["told"], responses=READING, response_model=list[MadeDecision])
def list_decisions(request: Request, asked: Annotated[SpanQuery, Query()]) -> StreamingResponse:
    """Every decision of a span, in the order in which they were made. It is sent as it is read."""
    with opened(request) as visit:
        people = get_people(visit)
        batches = exports.iter_decisions(visit.config.db, asked.span())
        return _stream(
            exports.write_json([tell_made(each, people).model_dump_json() for each in batch] for batch in batches)
        )


def _stream(pieces: Iterator[str]) -> StreamingResponse:
    return StreamingResponse(pieces, media_type="application/json")
