"""What programs ask about the monitor itself, at addresses that answer to whatever name it was asked by.

    /healthz    the process answers
    /readyz     it does its work (`monitor.web.readiness`): 200 or 503. Anybody learns that, and who may watch why.
                `?only=database` leaves out the other checks; several `only` keep several, and another name is a 400
    /metrics    its numbers for Prometheus (`monitor.web.metrics`), for who may watch

What was found is kept for some seconds and found by one thread at a time: whoever asks often, or while the database is
busy, holds up no page.

Does not do: saying who may watch (`monitor.web.access.watchers`).
"""

from __future__ import annotations

import asyncio
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.errors import StoreError
from monitor.store import sqlite3
from monitor.web.access.watchers import may_watch
from monitor.web.guard import HEALTH, METRICS, READINESS
from monitor.web.metrics import build_registry
from monitor.web.readiness import NAMES, NOT_READY, assess

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from monitor.config import Config
    from monitor.pulse import Pulse
    from monitor.web.readiness import Readiness

T = TypeVar("T")

KEEP_READINESS_S = 5.0
KEEP_METRICS_S = 15.0
"""Prometheus looks every 15 to 60 seconds."""
_STRANGER = (
    "Only programs on this machine may read this, and those that show MONITOR_METRICS_TOKEN as a bearer token. "
    'docs/operations.md says more under "Watch the monitor".'
)
_UNKNOWN = f"only: there is no such check. There is: {', '.join(NAMES)}.\n"
_UNREADABLE = "A row of the database cannot be read. Which one: monitor verify\n"


def build_routes(config: Config, pulse: Pulse) -> list[Route]:
    readiness = _Kept(lambda: assess(config, pulse.life, config.now()), KEEP_READINESS_S)
    metrics = _Kept(partial(generate_latest, build_registry(config, pulse)), KEEP_METRICS_S)
    return [
        Route(HEALTH, _answer),
        Route(READINESS, _say_readiness(config, readiness)),
        Route(METRICS, _say_metrics(config, metrics)),
    ]


class _Kept(Generic[T]):
    """What `make` says, found anew when it is older than `seconds`."""

    def __init__(self, make: Callable[[], T], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._found: tuple[float, T] | None = None

    async def get(self) -> T:
        async with self._lock:
            if self._found is None or monotonic() - self._found[0] >= self._seconds:
                self._found = (monotonic(), await run_in_threadpool(self._make))
            return self._found[1]


async def _answer(_: Request) -> Response:
    """The process answers. Whether it does its work is another question."""
    return PlainTextResponse("ok\n")


def _say_readiness(config: Config, kept: _Kept[Readiness]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        names = request.query_params.getlist("only")
        if not set(names) <= set(NAMES):
            return PlainTextResponse(_UNKNOWN, HTTPStatus.BAD_REQUEST)
        found = (await kept.get()).narrowed(names)
        status = HTTPStatus.SERVICE_UNAVAILABLE if found.status == NOT_READY else HTTPStatus.OK
        return JSONResponse(found.as_dict() if may_watch(request, config) else {"status": found.status}, status)

    return answer


def _say_metrics(config: Config, kept: _Kept[bytes]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not may_watch(request, config):
            return PlainTextResponse(f"{_STRANGER}\n", HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"})
        try:
            return Response(await kept.get(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
        except (StoreError, sqlite3.Error) as error:
            return PlainTextResponse(f"{error}\n", HTTPStatus.SERVICE_UNAVAILABLE)
        except ValueError:  # what is no time
            return PlainTextResponse(_UNREADABLE, HTTPStatus.SERVICE_UNAVAILABLE)

    return answer
