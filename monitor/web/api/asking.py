"""What can be asked for in an address, and what every route needs.

    with opened(request) as visit:              # who was let in, with the open database
        return tell_agenda(get_agenda(visit.db, …))

Does not do: letting in (`monitor.web.api.door`).
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from enum import IntEnum
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import HTTPException, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from monitor.model import DateKind, Severity
from monitor.store.exports import Span
from monitor.store.inbox import Wanted
from monitor.store.subjects import Subject
from monitor.views.inbox import Shown
from monitor.views.search import LONGEST
from monitor.views.sources import State
from monitor.web.api.models.deciding import MOST_ID, Day
from monitor.web.desk.calendar import FIRST, LAST
from monitor.web.desk.feeds import make_span
from monitor.web.desk.visits import find_names
from monitor.web.serving import Visit, open_database

MOST_PAGES = 9_999
_LONGEST_NAME = 300

ChangeId = Annotated[int, Path(ge=1, le=MOST_ID, description="The number of a change.")]
ProblemId = Annotated[int, Path(ge=1, le=MOST_ID, description="The number of a problem.")]
VersionId = Annotated[int, Path(ge=-MOST_ID, le=MOST_ID, description="The number of a version.")]
Name = Annotated[str, Field(max_length=_LONGEST_NAME)]
PageNumber = Annotated[int, Field(ge=1, le=MOST_PAGES, description="From 1; beyond the last one there is nothing.")]
Kind = Literal[DateKind.EFFECTIVE, DateKind.COMPLIANCE, DateKind.COMMENTS_CLOSE, DateKind.SUNSET, "due"]


class Within(IntEnum):
    """Days to a deadline."""

    WEEK = 7
    MONTH = 30
    QUARTER = 90


class Weeks(IntEnum):
    """How far back the numbers go."""

    MONTH = 4
    QUARTER = 12
    HALF_YEAR = 26
    YEAR = 52


class Query(BaseModel):
    """Parameters of an address. One that is not known is a mistake: a filter that is passed over finds too much."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class About(Query):
    """By what it is about; "" = all."""

    jurisdiction: Name = ""
    """Of the source, as in `EU`."""
    topic: Name = ""
    """Of the source."""


class Mine(About):
    """And by whom it touches."""

    mine: Name = ""
    """What touches a procedure of this person, or is in their hands: a name, e-mail address or Slack id."""

    def subject(self, visit: Visit) -> Subject:
        return Subject(self.jurisdiction, self.topic, find_names(visit, self.mine))


class InboxFilters(Mine):
    """What the inbox is filtered by."""

    severity: Severity | None = None
    """How grave."""
    publisher: Name = ""
    """By name."""
    source: Name = ""
    """The id of a source."""
    sop: Name = ""
    """The id of a procedure."""
    due: Within | None = None
    """A deadline within so many days."""

    def wanted(self, visit: Visit) -> Wanted:
        return Wanted(
            jurisdiction=self.jurisdiction,
            topic=self.topic,
            severity=self.severity or "",
            source=self.source,
            publisher=self.publisher,
            sop=self.sop,
            owners=find_names(visit, self.mine),
            due_by=visit.now.date() + timedelta(days=self.due) if self.due else None,
        )


class InboxQuery(InboxFilters):
    """One page of a list."""

    shown: Shown = Shown.TO_DECIDE
    """Which list."""
    page: PageNumber = 1


class ChangeQuery(Query):
    """How much of a change."""

    whole: bool = False
    """Nothing is left out, however much it is."""
    section: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None
    """The evidence of the section with this `number` alone is marked in the text."""


class DraftQuery(Query):
    """Of which section."""

    section: Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)]
    """Its id."""


class LedgerQuery(Query):
    """One page of the ledger."""

    owner: Name = ""
    """As the procedures name them; "" = whoever."""
    edited: bool = False
    """Of the stale sections only those that were edited since."""
    page: PageNumber = 1


class SourcesQuery(About):
    """One page of the sources."""

    state: State | None = None
    """How far it can be trusted."""
    pack: Name = ""
    """What it is switched on and off with."""
    text: Name = ""
    """In the name, publisher or id."""
    page: PageNumber = 1


class DocumentsQuery(Query):
    """Which documents of a source."""

    text: Name = ""
    """Words in title, address or identity."""


class TextQuery(Query):
    """As of when."""

    at: Name = ""
    """A day (2026-03-01, at its end) or a time; "" = now."""


class TimelineQuery(Query):
    """Which versions."""

    before: Annotated[int, Field(ge=-MOST_ID, le=MOST_ID)] | None = None
    """Those before this one, and the newest."""


class ComparisonQuery(Query):
    """How much of a comparison."""

    whole: bool = False
    """Nothing is left out."""


class SearchQuery(Query):
    """What is looked for."""

    q: Annotated[str, Field(max_length=10 * LONGEST)] = Field(
        default="",
        description='`child "age check"`, `verif*`, `-advert`, `jurisdiction:EU`, `source:ID`, `kind:text`. '
        f"{LONGEST} characters of it count.",
    )
    page: Annotated[int, Field(ge=1, le=99)] = 1
    """Where one sort alone is asked for."""


class CalendarQuery(Mine):
    """Which days."""

    kind: Kind | None = None
    """`due` = what somebody has in hand."""
    first: Annotated[Day, Field(ge=FIRST, le=LAST)] | None = Field(default=None, alias="from")
    """The day on which it begins; without it today, with what is over and overdue."""


class NumbersQuery(Query):
    """How far back."""

    weeks: Weeks = Weeks.QUARTER
    """With this one."""


class SpanQuery(About):
    """A span of days, each from its beginning to its end, in UTC."""

    since: Day | None = None
    """The first day."""
    until: Day | None = None
    """The last day."""

    def span(self) -> Span:
        return make_span(Subject(self.jurisdiction, self.topic), self.since, self.until)


async def require_json(request: Request) -> None:
    """What is sent says that it is JSON, which no form of another site can say. FastAPI reads nothing else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


@contextmanager
def opened(request: Request) -> Iterator[Visit]:
    """The visit of whom the door let in. The database is closed afterwards.

    Raises StoreError.
    """
    config = request.app.state.config
    with closing(open_database(request, config)) as db:
        yield Visit(request, config, db, {}, config.now(), request.state.visitor)
