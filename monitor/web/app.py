"""The web application: the desk, its API, what Slack posts, and whether the service is up.

    desk       pages for people, drawn on the server (`monitor.web.desk`)
    /api       the same for programs, with its OpenAPI document (`monitor.web.api`)
    /static    style, script, nothing from anywhere else
    /healthz   how the monitor itself does, for programs, and /readyz, /metrics (`monitor.web.pulse`)
    doors      /sign-in, /enter, /leave (`monitor.web.access`); around everything stands `monitor.web.guard`

Does not do: listening (`monitor.service`).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from monitor.pulse import Pulse
from monitor.web import guard
from monitor.web.access import doors
from monitor.web.access.oidc import Provider
from monitor.web.desk import ROUTES
from monitor.web.problems import API, is_for_programs, tell_problem
from monitor.web.rendering import draw_failure
from monitor.web.slack import PATH, receive_from

if TYPE_CHECKING:
    from slack_bolt import App
    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.config import Config

_BROKEN = "The desk met something it was not made for. It stands in the service's log. Try again, or go another way."
_SAID = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is more than the desk takes at once.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Nothing can be sent to this address in this way.",
}


def create_app(config: Config, slack: App | None = None, pulse: Pulse | None = None) -> Starlette:
    """`slack` None: buttons and commands come over Socket Mode, or not at all. Nothing is taken without a secret.

    `pulse` None: nothing ticks beside it, and `/readyz` says so.

    Raises ConfigurationError where what lets people in lacks something.
    """
    from monitor.web.api import create_api  # FastAPI takes half a second, which is too long for any other command
    from monitor.web.pulse import build_routes

    pulse = pulse or Pulse()
    routes = [
        *build_routes(config, pulse),
        Mount("/static", StaticFiles(packages=[("monitor.web", "static")])),
        Mount(API, create_api(config)),
        *doors.ROUTES,
        *ROUTES,
    ]
    if slack and config.slack_signing_secret:
        routes.append(Route(PATH, receive_from(slack, config.slack_signing_secret), methods=["POST"]))
    around = [
        Middleware(guard.Guard, config=config),
        Middleware(RequestBodyLimitMiddleware, max_body_size=guard.MAX_BODY),
    ]
    app = Starlette(routes=routes, middleware=around, exception_handlers={HTTPException: _refuse, Exception: _fail})
    app.router.redirect_slashes = False  # behind a proxy it would name http:// and this machine
    app.state.config = config
    app.state.pulse = pulse
    app.state.provider = Provider(config.web.oidc, config.web.url or "") if config.web.oidc else None
    return app


async def _refuse(request: Request, error: Exception) -> Response:
    """What no route takes, as a page, or as programs read it."""
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    said = _SAID.get(status, "The desk could not read what was sent.")
    response = tell_problem(status, said) if is_for_programs(request) else draw_failure(request, status, said)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


async def _fail(request: Request, _: Exception) -> Response:
    """Starlette answers so from outside the guard, and then lets the server log the error."""
    response = draw_failure(request, HTTPStatus.INTERNAL_SERVER_ERROR, _BROKEN)
    guard.set_headers(response.headers, request, request.app.state.config)
    return response
