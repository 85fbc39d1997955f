"""The JSON API, mounted at /api: what the pages show and do, for programs, by the same functions.

    door       who is let in          document   the OpenAPI document, at /api/openapi.json
    asking     what can be asked for  models     the shapes of answers and of what is sent
    changes, procedures, sources, desk   the operations

A route opens the database with `opened`, calls a function of `monitor.views` (or what a form of the desk calls) and
turns what it gives into a model. Routes are plain functions, which FastAPI runs in threads.

The document stands behind the door as all else does: there is one rule for /api and no exception to think of, and
whoever may read it has a key to try it with. docs/api.md, which everybody can read, lists every operation. There is no
Swagger UI: it wants scripts from elsewhere, and code in the page.

Does not do: SQL, deciding, a second rule for anything. FastAPI takes half a second to import: only
`monitor.web.app.create_app` imports this package.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Match, Route

from digests.escape import plain
from monitor.errors import MonitorError
from monitor.web.api import changes, desk, procedures, sources
from monitor.web.api.document import Documented
from monitor.web.api.door import Door
from monitor.web.problems import tell_problem
from monitor.web.serving import get_status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from monitor.config import Config

ROUTES: list[BaseRoute] = [
    *changes.router.routes,
    *procedures.router.routes,
    *sources.router.routes,
    *desk.router.routes,
]
_SAID = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address. See docs/api.md for those there are.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Nothing can be sent to this address in this way.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send JSON, and say so: Content-Type: application/json",
    HTTPStatus.BAD_REQUEST: "The body cannot be read. Send one JSON object in UTF-8.",
}
_BROKEN = "The desk met something it was not made for. It stands in the service's log. Try again."
_MISTAKEN = "What is asked for cannot be."
_MOST = 20
"""Mistakes of one request that are told."""
_LONGEST = 100
"""Characters of a place in it."""


def create_api(config: Config) -> Documented:
    """To be mounted where `monitor.web.problems.API` says."""
    api = Documented(
        routes=ROUTES,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # as at the desk: behind a proxy it would name http:// and this machine
        root_path_in_servers=False,
        middleware=[Middleware(Door, config=config)],
        exception_handlers={
            MonitorError: _tell_error,
            RequestValidationError: _tell_mistakes,
            HTTPException: _tell_refusal,
            Exception: _tell_break,
        },
    )
    api.state.config = config
    return api


async def _tell_error(_: Request, error: Exception) -> Response:
    """What the desk calls a bad request is one that was understood, and cannot be."""
    status = get_status(error) if isinstance(error, MonitorError) else HTTPStatus.INTERNAL_SERVER_ERROR
    is_bad = status is HTTPStatus.BAD_REQUEST
    return tell_problem(HTTPStatus.UNPROCESSABLE_ENTITY if is_bad else status, str(error))


async def _tell_mistakes(_: Request, error: Exception) -> Response:
    """Where, and what: not what was sent, which may be long, or no text at all."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    mistakes = [_tell_mistake(each["loc"], each["msg"]) for each in found[:_MOST]]
    return tell_problem(HTTPStatus.UNPROCESSABLE_ENTITY, _MISTAKEN, mistakes=mistakes)


def _tell_mistake(place: Iterable[object], message: str) -> dict[str, str]:
    """From how pydantic has it. A place can be a name that somebody sent, as long as they like."""
    return {"where": plain(".".join(map(str, place)), _LONGEST), "what": message.removeprefix("Value error, ")}


async def _tell_refusal(request: Request, error: Exception) -> Response:
    """What no route takes."""
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    headers = {"Allow": _list_methods(request)} if status is HTTPStatus.METHOD_NOT_ALLOWED else None
    return tell_problem(status, _SAID.get(status, status.phrase), headers=headers)


def _list_methods(request: Request) -> str:
    """All that an address takes: Starlette names those of the first route that has it."""
    found = (route for route in ROUTES if route.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted(method for route in found if isinstance(route, Route) for method in route.methods or ()))


async def _tell_break(_: Request, __: Exception) -> Response:
    """Starlette answers so, and lets the server log the error."""
    return tell_problem(HTTPStatus.INTERNAL_SERVER_ERROR, _BROKEN)
