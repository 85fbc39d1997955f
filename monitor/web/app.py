"""The web application: what Slack posts, and whether the service is up.

Does not do: listening (`monitor.service`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from monitor.web.slack import PATH, receive_from

if TYPE_CHECKING:
    from slack_bolt import App
    from starlette.requests import Request
    from starlette.responses import Response


def create_app(slack: App | None = None, signing_secret: str | None = None) -> Starlette:
    """`slack` None: buttons and commands come over Socket Mode, or not at all. Nothing is taken without a secret."""
    routes = [Route("/healthz", _answer)]
    if slack and signing_secret:
        routes.append(Route(PATH, receive_from(slack, signing_secret), methods=["POST"]))
    return Starlette(routes=routes)


async def _answer(_: Request) -> Response:
    """The process answers. Whether it does its work is another question."""
    return PlainTextResponse("ok\n")
