"""What Slack posts over HTTP: buttons, forms, commands and events, each with Slack's signature.

slack-bolt checks the signature (HMAC of the time and the raw body) and that it is at most five minutes old. What is
replayed within those five minutes is signed as well: the handlers know what they have acted on before.

Does not do: acting on anything (`monitor.slack`).
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from slack_bolt import BoltRequest
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from slack_bolt import App
    from starlette.requests import Request

PATH = "/slack/events"
"""One address for everything; it stands in the app's settings at Slack."""

MAX_BODY = 1_000_000
"""Bytes. Slack's largest requests carry a view or a message, both far below 100 kB."""


_TIME = re.compile(r"[0-9]{1,12}")
"""Seconds since 1970. slack-sdk's check raises for what is no number."""


def receive_from(slack: App) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that hands each request to `slack`."""

    async def receive(request: Request) -> Response:
        if not _TIME.fullmatch(request.headers.get("x-slack-request-timestamp", "")):
            return _refuse(HTTPStatus.UNAUTHORIZED)
        body = await _read(request)
        if body is None:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        try:
            asked = BoltRequest(body=body, query=dict(request.query_params), headers=headers)
        except ValueError:  # it is parsed before its signature is checked
            return _refuse(HTTPStatus.BAD_REQUEST)
        answer = await run_in_threadpool(slack.dispatch, asked)
        return Response(answer.body, status_code=answer.status, headers=dict(answer.first_headers()))

    return receive


async def _read(request: Request) -> str | None:
    """The body, None where it is too large. What is no UTF-8 cannot have been signed as it stands."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body.decode("utf-8", "replace")


def _refuse(status: HTTPStatus) -> Response:
    return PlainTextResponse(f"{status.phrase}\n", status_code=status)
