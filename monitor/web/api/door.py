"""Who is let in to the API, before anything of a request is read: its address, its parameters, its body.

The same people as to the pages, by what they show: a key, the cookie of a session, the proxy's header. Reading is for
everybody who is let in; what is not reading needs a specialist. Whether a page of the desk sent it says the guard
(`monitor.web.guard`).

Does not do: anything for those who are in.
"""

from __future__ import annotations

from contextlib import closing
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from monitor.errors import MonitorError
from monitor.model import Role
from monitor.store import open_to_read
from monitor.web.access import SAFE, find_visitor, send_away
from monitor.web.problems import tell_problem
from monitor.web.serving import get_status, say_lack

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from monitor.config import Config


class Door:
    """ASGI middleware: who may not come in is told so, and nothing else."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._app = app
        self._config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = await run_in_threadpool(find_refusal, Request(scope), self._config)
        await (refusal or self._app)(scope, receive, send)


def find_refusal(request: Request, config: Config) -> Response | None:
    """The answer to whom is not let in; None = who it is stands in `request.state.visitor`."""
    try:
        with closing(open_to_read(config.db)) as db:
            visitor = find_visitor(request, config, db, config.now())
    except MonitorError as error:
        return tell_problem(get_status(error), str(error))
    if visitor is None:
        return send_away(request, config)
    if lack := say_lack(visitor, Role.READER if request.method in SAFE else Role.SPECIALIST):
        return tell_problem(HTTPStatus.FORBIDDEN, lack)
    return None
