"""The sources and what is wrong with them, the texts of their documents at any time, and any two versions compared.

Does not do: finding (`monitor.views.sources`, `monitor.views.texts`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from monitor.acknowledging import acknowledge
from monitor.store.versions import get_document
from monitor.views.sources import Wanted, get_catalogue, get_profile
from monitor.views.texts import get_compared, get_text, get_timeline
from monitor.web.api.asking import (
    ComparisonQuery,
    DocumentsQuery,
    ProblemId,
    SourcesQuery,
    TextQuery,
    TimelineQuery,
    VersionId,
    opened,
    require_json,
)
from monitor.web.api.document import DECIDING, FINDING, READING, name_operation
from monitor.web.api.models.deciding import NewAcknowledgement
from monitor.web.api.models.shared import Problem
from monitor.web.api.models.sources import SourceProfile, Sources, tell_profile, tell_sources
from monitor.web.api.models.texts import Comparison, Text, Timeline, tell_comparison, tell_text, tell_timeline
from monitor.web.desk.sources import get_declared
from monitor.web.desk.texts import read_moment

router = APIRouter(tags=["sources"], generate_unique_id_function=name_operation)
DocumentId = Annotated[str, Path(description="The id of a document.")]


@router.get("/sources", responses=READING)
def list_sources(request: Request, asked: Annotated[SourcesQuery, Query()]) -> Sources:
    """All sources, and the problems that must be mended."""
    wanted = Wanted(asked.jurisdiction, asked.topic, asked.state or "", asked.pack, asked.text)
    with opened(request) as visit:
        return tell_sources(get_catalogue(visit.db, wanted, get_declared(visit), asked.page))


@router.get("/sources/{source_id:path}", responses=FINDING)
def show_source(
    request: Request,
    source_id: Annotated[str, Path(description="The id of a source.")],
    asked: Annotated[DocumentsQuery, Query()],
) -> SourceProfile:
    """One source: how it was read in the last 90 days, its problems, its documents."""
    with opened(request) as visit:
        today = visit.now.date()
        return tell_profile(get_profile(visit.db, source_id, today, get_declared(visit), text=asked.text))


@router.post("/problems/{problem_id}/acknowledgement", responses=DECIDING, dependencies=[Depends(require_json)])
def acknowledge_problem(request: Request, problem_id: ProblemId, sent: NewAcknowledgement) -> Problem:
    """Say that you have seen an open problem: digests do not repeat it. Who was first holds."""
    with opened(request) as visit:
        found = acknowledge(visit.db, problem_id, by=visit.visitor.name, note=sent.note, now=visit.now)
        return Problem.model_validate(found)


@router.get("/texts/{document_id:path}", responses=FINDING)
def show_text(request: Request, document_id: DocumentId, asked: Annotated[TextQuery, Query()]) -> Text:
    """The text of a document as it stood at a time."""
    with opened(request) as visit:
        return tell_text(get_text(visit.db, document_id, read_moment(asked.at) or visit.now))


@router.get("/timelines/{document_id:path}", responses=FINDING)
def list_versions(request: Request, document_id: DocumentId, asked: Annotated[TimelineQuery, Query()]) -> Timeline:
    """The versions of a document, each with the change that led to it."""
    with opened(request) as visit:
        return tell_timeline(get_timeline(visit.db, get_document(visit.db, document_id).id, asked.before))


@router.get("/versions/{before}/{after}", responses=FINDING)
def compare_versions(
    request: Request, before: VersionId, after: VersionId, asked: Annotated[ComparisonQuery, Query()]
) -> Comparison:
    """Any two versions of one document, with the words that went and came."""
    with opened(request) as visit:
        return tell_comparison(get_compared(visit.db, before, after, is_whole=asked.whole))
