"""What Slack posts over HTTP: buttons, forms, commands and events, each with Slack's signature.

The signature (HMAC of the time and the raw body, at most five minutes old) is checked before anything is parsed. What
is replayed within those five minutes is signed as well: the handlers know what they have acted on before.

Does not do: acting on anything (`monitor.slack`).
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from slack_bolt import App, BoltResponse
    from starlette.requests import Request

log = structlog.get_logger()

PATH = "/slack/events"
"""One address for everything; it stands in the app's settings at Slack."""

MAX_BODY = 1_000_000
"""Bytes. Slack's largest requests carry a view or a message, both far below 100 kB."""

_TIME = re.compile(r"[0-9]{1,12}")
"""Seconds since 1970. slack-sdk's check raises for what is no number."""

_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
"""slack-sdk's check raises for what is not ASCII."""

_SENSELESS = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What slack-bolt raises where a body has another shape than Slack's."""


def receive_from(slack: App, signing_secret: str) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that hands each request to `slack`, provided that Slack signed it."""
    verifier = SignatureVerifier(signing_secret)

    async def receive(request: Request) -> Response:
        if not _is_plausible(request.headers):
            return _refuse(HTTPStatus.UNAUTHORIZED)
        body = await _read(request)
        if body is None:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not verifier.is_valid_request(body, dict(request.headers)):
            return _refuse(HTTPStatus.UNAUTHORIZED)
        answer = await run_in_threadpool(_dispatch, slack, request, body)
        if answer is None:
            return _refuse(HTTPStatus.BAD_REQUEST)
        return Response(answer.body, status_code=answer.status, headers=dict(answer.first_headers()))

    return receive


def _is_plausible(headers: Mapping[str, str]) -> bool:
    """Whether there are a time and a signature that can be checked at all."""
    time, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    return bool(_TIME.fullmatch(time) and _SIGNATURE.fullmatch(signature))


def _dispatch(slack: App, request: Request, body: str) -> BoltResponse | None:
    """None where it is signed, but nothing that Slack would say."""
    try:
        asked = BoltRequest(body=body, query=dict(request.query_params), headers={**request.headers})
        return slack.dispatch(asked)
    except _SENSELESS as error:
        log.warning("slack sent what makes no sense", error=type(error).__name__)
        return None


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
