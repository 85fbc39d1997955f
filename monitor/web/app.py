"""The web application: the desk, its API, what Slack posts, and whether the service is up.

    desk       pages for people, drawn on the server (`monitor.web.desk`)
    /api       the same for programs, with its OpenAPI document (`monitor.web.api`)
    /static    style, script, nothing from anywhere else

Does not do: listening (`monitor.service`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from monitor.web.desk import ROUTES
from monitor.web.slack import PATH, receive_from

if TYPE_CHECKING:
    from slack_bolt import App
    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.config import Config


def create_app(config: Config, slack: App | None = None) -> Starlette:
    """`slack` None: buttons and commands come over Socket Mode, or not at all. Nothing is taken without a secret."""
    routes = [Route("/healthz", _answer), Mount("/static", StaticFiles(packages=[("monitor.web", "static")])), *ROUTES]
    if slack and config.slack_signing_secret:
        routes.append(Route(PATH, receive_from(slack, config.slack_signing_secret), methods=["POST"]))
    app = Starlette(routes=routes)
    app.state.config = config
    return app


async def _answer(_: Request) -> Response:
    """The process answers. Whether it does its work is another question."""
    return PlainTextResponse("ok\n")
