"""Around every route: which requests are not answered at all, and the headers of every answer.

* A Host that is none of ours is refused (`monitor.web.access.hosts`).
* What changes something must come from a page of the desk: Sec-Fetch-Site, which every browser sends since 2023 and no
  page can forge, says so, or else Origin does. These are the rules of OWASP's Cross-Site Request Forgery Prevention
  Cheat Sheet and of Go's net/http.CrossOriginProtection; ours are narrower in that a request with neither is refused,
  unless it shows a key. No other site is ever allowed more (no CORS).
* Nothing runs in a page but our own files, and no other site may frame or embed what is here.
* Whoever shows a wrong key again and again waits for each answer. The right key is never held up.

Two go by any Host: what tells how the monitor does (`WATCHED`), because what asks may know but a number, and
`/slack/events`, because Slack signs.

Does not do: finding out who asks (`monitor.web.access`).
"""

from __future__ import annotations

from asyncio import sleep
from collections import deque
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from monitor import __version__
from monitor.web.access import SAFE
from monitor.web.access.hosts import get_origins, is_known, is_secure
from monitor.web.access.visitors import has_key
from monitor.web.problems import is_for_programs, tell_problem
from monitor.web.slack import PATH as SLACK

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from monitor.config import Config

MAX_BODY = 1_000_000
"""Bytes; as for what Slack posts, which is the largest that comes here."""

HEALTH, READINESS, METRICS = "/healthz", "/readyz", "/metrics"
WATCHED = frozenset({HEALTH, READINESS, METRICS})
STATIC = "/static/"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Nothing of an address leaves the desk. no-referrer would say as little, but makes Origin "null" in our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HSTS = "max-age=31536000"
"""A year, and not for other hosts of the domain, which are not ours to bind."""

_FREE_FAILURES = 10
"""In a minute: so often people and programs may be wrong at full speed."""
_MINUTE_S = 60
_WAIT_S = 1.0


class Guard:
    """ASGI middleware: refuse, or let pass; either way set the headers."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._app = app
        self._config = config
        self._failures: deque[float] = deque(maxlen=_FREE_FAILURES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_headers(MutableHeaders(raw=message["headers"]), request, self._config)
                if message["status"] in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
                    await self._hold_up()
            await send(message)

        await (find_refusal(request, self._config) or self._app)(scope, receive, send_guarded)

    async def _hold_up(self) -> None:
        """Longer than an instant only where this goes on. Nobody else waits for it."""
        now = monotonic()
        is_pressing = len(self._failures) == _FREE_FAILURES and now - self._failures[0] < _MINUTE_S
        self._failures.append(now)
        if is_pressing:
            await sleep(_WAIT_S)


def find_refusal(request: Request, config: Config) -> Response | None:
    """The answer to what is not let through to any route; None = it may go on."""
    if request.scope["path"] in {*WATCHED, SLACK}:
        return None
    if not is_known(request, config):
        known = config.web.url or "http://127.0.0.1 and its port"
        said = f"This desk does not go by that name. Open {known}, or set MONITOR_WEB_URL to the address you use."
        return _refuse(request, HTTPStatus.MISDIRECTED_REQUEST, said)
    if not _is_own(request, config):
        said = "This was not sent by a page of this desk, so nothing was done. Programs send a key: monitor web key"
        return _refuse(request, HTTPStatus.FORBIDDEN, said)
    return None


def _refuse(request: Request, status: HTTPStatus, said: str) -> Response:
    return tell_problem(status, said) if is_for_programs(request) else PlainTextResponse(f"{said}\n", status)


def _is_own(request: Request, config: Config) -> bool:
    """Whether it only reads, shows a key, or was sent by a page of the desk or by the person at the browser."""
    if request.method in SAFE or has_key(request, config):
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return request.headers.get("origin") in get_origins(request, config)


def set_headers(headers: MutableHeaders, request: Request, config: Config) -> None:
    """What every answer carries. How long it may be kept says the route, else nobody keeps it."""
    headers.update(_HEADERS)
    if request.scope["path"].startswith(STATIC):
        is_versioned = request.url.query == __version__
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_versioned else "no-cache"
    headers.setdefault("Cache-Control", "no-store")
    if is_secure(request, config):
        headers["Strict-Transport-Security"] = _HSTS
