"""How Slack reaches the app: one request over Socket Mode or as a signed HTTP POST, and what the app answered in time.

Does not do: what the request says (`payloads`), what the answer brings about (`people`).
"""

import json
import time
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

from slack.signing import signed_headers


class Kind(StrEnum):
    """As the envelopes of Socket Mode name them."""

    INTERACTIVE = "interactive"
    COMMAND = "slash_commands"
    EVENT = "events_api"


@dataclass(frozen=True)
class Telling:
    """One thing that Slack tells the app, with the very bytes in which it does."""

    kind: Kind
    payload: dict
    body: bytes
    headers: dict
    """The signature's, and the content type."""


@dataclass(frozen=True)
class Reply:
    """What the app answered to a Telling."""

    told: Telling
    acked: bool
    """Whether it did in time."""
    seconds: float
    payload: dict | None = None
    """What the acknowledgement said, if anything."""
    status: int | None = None
    """Over HTTP, and where there was an answer at all."""
    attempts: int = 1


def tell(kind, payload, secret, now, forgery=None):
    """The Telling of a payload, signed at `now` (seconds since the epoch)."""
    content_type = "application/x-www-form-urlencoded"
    if kind is Kind.EVENT:
        body, content_type = json.dumps(payload).encode(), "application/json"
    elif kind is Kind.COMMAND:
        body = urlencode(payload).encode()
    else:
        body = urlencode({"payload": json.dumps(payload)}).encode()
    return Telling(kind, payload, body, {"Content-Type": content_type, **signed_headers(secret, body, now, forgery)})


def over_socket(socket, told, seconds, failed=None):
    """`failed` is the Reply to the attempt before this one: Slack says why there is another."""
    attempt = failed.attempts if failed else 0
    envelope = {
        "envelope_id": str(uuid4()),
        "type": str(told.kind),
        "payload": told.payload,
        "accepts_response_payload": told.kind is not Kind.EVENT,
    }
    if told.kind is Kind.EVENT:
        envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
    began = time.monotonic()
    waiting = socket.send(envelope, seconds)
    return Reply(told, waiting.done.is_set(), time.monotonic() - began, waiting.payload, attempts=attempt + 1)


def over_http(url, told, seconds, failed=None):
    attempt, headers = 0, dict(told.headers)
    if failed:
        attempt, reason = failed.attempts, "http_error" if failed.status else "http_timeout"
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
    began = time.monotonic()
    status, text = _post(Request(url, told.body, headers), seconds)
    taken = time.monotonic() - began
    return Reply(told, status == 200, taken, read_payload(text), status, attempts=attempt + 1)


def _post(request, seconds):
    """(status, text); (None, "") where there was no answer in time."""
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except (OSError, HTTPException):
        return None, ""


def read_payload(text):
    """Slack takes an object, or plain text as the text of a message."""
    try:
        found = json.loads(text)
    except ValueError:
        found = text
    if isinstance(found, dict):
        return found or None
    return {"text": text} if text.strip() else None
