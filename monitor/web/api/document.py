"""The OpenAPI document: what every operation can answer besides what it is for, and who may ask.

Problems are told as RFC 9457 has it, whoever tells them: the guard, the door, FastAPI or a view.

Does not do: describing operations and models, which stands beside them.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.routing import BaseRoute

from monitor import __version__
from monitor.web.api.models.shared import Model
from monitor.web.problems import API, MEDIA_TYPE

TAGS = {
    "changes": "What changed, and what is decided about it.",
    "procedures": "How current the procedures are.",
    "sources": "What is watched, and its texts at any time.",
    "finding": "Search, calendar, numbers.",
    "told": "All that was told and decided, for other programs.",
    "desk": "Who asks, and who there is.",
}
_ABOUT = """\
Everything that the pages of the desk show and do, by the same functions.

* Send a key (`monitor web key NAME`) as `Authorization: Bearer KEY`. What a program decides is kept under its name.
* Times are in UTC. Days are as precise as the text has them: `2026-12-01`, `2026-12` or `2026`. `""` is not known.
* Texts come from publishers: they are text, never markup, and an address in them is not checked.
* A field may be added at any time; one that is here stays, and means the same.
"""
_SAID = {
    HTTPStatus.BAD_REQUEST: "The body cannot be read as JSON at all.",
    HTTPStatus.UNAUTHORIZED: "There is no key or session, or it is good no longer.",
    HTTPStatus.FORBIDDEN: "The role does not suffice, or another site sent it.",
    HTTPStatus.NOT_FOUND: "It is not there.",
    HTTPStatus.CONFLICT: "It is not as it was sealed, and so no evidence.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not sent as application/json.",
    HTTPStatus.MISDIRECTED_REQUEST: "The desk does not go by the name in Host.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "What is asked for cannot be: `mistakes` or `detail` say why.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The desk met something it was not made for, or there is no database yet.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Another program holds the database. Try again.",
}
_TOO_LARGE = {413: {"description": "More than a megabyte.", "content": {"text/plain": {"schema": {"type": "string"}}}}}
_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "A key: `monitor web key NAME --role specialist`."},
    "session": {
        "type": "apiKey", "in": "cookie", "name": "__Host-desk",
        "description": "What a browser has after signing in; over http on loopback it is called `desk-PORT`.",
    },
}  # fmt: skip


class Mistake(Model):
    """A part of a request that cannot be."""

    where: str
    """As in `query.page` or `body.change_ids.0`."""
    what: str


class ProblemDetails(Model):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str
    """Of the status."""
    status: int
    detail: str
    """What, which, why, and what to do."""
    mistakes: tuple[Mistake, ...] = ()
    """Where the request does not fit this document."""


def _tell(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {int(each): {"description": _SAID[each], "content": content} for each in statuses}


READING = _tell(
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""What any operation can answer."""
FINDING = READING | _tell(HTTPStatus.NOT_FOUND)
"""And one about something that need not be there."""
_FILE = {"description": "A ZIP.", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
PROVING: dict[int | str, dict[str, Any]] = {200: _FILE, **FINDING, **_tell(HTTPStatus.CONFLICT)}
"""And one that sends evidence."""
DECIDING = FINDING | _tell(HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.UNSUPPORTED_MEDIA_TYPE) | _TOO_LARGE
"""And one that writes."""


def name_operation(route: APIRoute) -> str:
    """The name of the function that runs it: there is one of each."""
    return route.name


class Documented(FastAPI):
    """FastAPI with our document."""

    def openapi(self) -> dict[str, Any]:
        """Written once, when somebody first asks for it."""
        if not self.openapi_schema:
            self.openapi_schema = _write(self.routes)
        return self.openapi_schema


def _write(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    written = get_openapi(
        title="Policy Monitor",
        version=__version__,
        summary="The desk, for programs.",
        description=_ABOUT,
        routes=routes,
        servers=[{"url": API}],
        tags=[{"name": name, "description": said} for name, said in TAGS.items()],
    )
    for operation in (each for path in written["paths"].values() for each in path.values()):
        operation["summary"] = operation["description"].partition(". ")[0].rstrip(".")
    problem = ProblemDetails.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    written["components"]["schemas"] |= problem.pop("$defs") | {"ProblemDetails": problem}
    written["components"]["securitySchemes"] = _SCHEMES
    return written | {"security": [{name: []} for name in _SCHEMES]}
