"""A Digest to a web address, signed as Standard Webhooks say (https://www.standardwebhooks.com).

The body is the Digest as `monitor digest --format json` prints it, in an envelope. Its `webhook-id` is the Delivery's
id: what is sent again after an uncertain answer has the same, so a receiver that remembers it takes a Digest once.

Does not do: following redirects (what is signed for one address goes to no other), reading answers, retries.
"""

from __future__ import annotations

import json
import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException, InvalidURL
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from digests.jsonform import digest_json
from digests.outcomes import Later, Outcome, Posted, Reach, Refused, Unknown
from monitor.store import write_time

if TYPE_CHECKING:
    from email.message import Message

    from monitor.config import Config
    from monitor.model import Delivery, Digest

WEBHOOK = "webhook:"
"""Before the address in the name of a channel."""

_PAUSE = timedelta(minutes=1)
"""Where the receiver asks for a pause and does not say for how long."""

_LONGEST_PAUSE = timedelta(hours=1)

_BUSY = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
"""Not taken this time."""

_UNSET = (
    "MONITOR_WEBHOOK_SECRET is not set, so that webhooks cannot be signed. Set it, here and at the receiver, to whsec_ "
    "and 32 random bytes in base64; then: monitor deliver"
)
_UNUSABLE = "MONITOR_WEBHOOK_SECRET cannot be used: it must be whsec_ and then base64."

_ADVICE: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "Set the same MONITOR_WEBHOOK_SECRET here and there.",
    HTTPStatus.FORBIDDEN: "Set the same MONITOR_WEBHOOK_SECRET here and there.",
    HTTPStatus.NOT_FOUND: "Check the address under send_to in sources.yaml.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Check the address under send_to in sources.yaml: it must take POST.",
    HTTPStatus.GONE: "It wants no more: take the address out of send_to in sources.yaml.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Let it take larger bodies.",
}
_MOVED = "It answers with a redirect, which is not followed: put the new address under send_to in sources.yaml."
_NO_ADVICE = "Ask who runs it."


def to_payload(digest: Digest) -> dict[str, object]:
    """The body: what happened, when, and the Digest."""
    return {
        "type": f"digest.{digest.period}",
        "timestamp": write_time(digest.composed_at),
        "data": digest_json(digest),
    }


def post(config: Config, delivery: Delivery, timeout: float) -> Outcome:
    """Post it once; `timeout` is in seconds, for each step."""
    if not config.webhook_secret:
        return Later(_UNSET)
    try:
        webhook = Webhook(config.webhook_secret)
    except (ValueError, EmptyWebhookSecretError):
        return Refused(_UNUSABLE, Reach.SERVICE)
    url = delivery.channel.removeprefix(WEBHOOK)
    name = urlsplit(url).hostname or url  # the rest of an address may hold a secret
    try:
        with closing(_OPENER.open(_Event(url, delivery, webhook), timeout=timeout)):
            return Posted()
    except HTTPError as error:
        with closing(error):
            return _classify_answer(name, error.code, error.headers)
    except (OSError, ValueError, HTTPException) as error:
        return _classify(name, error)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """So that the answer stays what it is, an error."""


_OPENER = build_opener(_NoRedirects)


class _Event(Request):
    """A POST of a Delivery to an http(s) address, which `sources.yaml` sees to. Raises ValueError for no address."""

    def __init__(self, url: str, delivery: Delivery, webhook: Webhook) -> None:
        body = json.dumps(delivery.payload, ensure_ascii=False)
        at = datetime.now(UTC)  # also where MONITOR_NOW is set: the receiver compares it with its own clock
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "policy-monitor",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": webhook.sign(delivery.id, at, body),
        }
        super().__init__(url, body.encode(), headers, method="POST")


def _classify_answer(name: str, status: int, headers: Message) -> Outcome:
    if status in _BUSY:
        return Later(f"{name} asks for a pause (HTTP {status})", pause=_pause(headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _uncertain(name, f"HTTP {status}")
    advice = _ADVICE.get(status, _NO_ADVICE) if status >= HTTPStatus.BAD_REQUEST else _MOVED
    return Refused(f"{name} refused it: HTTP {status}. {advice}", Reach.CHANNEL)


def _classify(name: str, error: Exception) -> Outcome:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Refused(f"{name} cannot be trusted: {reason.verify_message}. Its certificate is wrong.", Reach.CHANNEL)
    if isinstance(reason, ConnectionRefusedError | socket.gaierror):
        return Later(f"{name} cannot be reached ({reason}). Check the network and the address.")
    if isinstance(error, ValueError | InvalidURL) or isinstance(reason, str):  # raised before anything is sent
        return Refused(f"{name}: this address cannot be used. Mend it under send_to in sources.yaml.", Reach.CHANNEL)
    return _uncertain(name, f"{type(reason).__name__}: {reason}")


def _uncertain(name: str, what: str) -> Unknown:
    return Unknown(f"{name}: no certain answer ({what}). It is sent again with the same webhook-id.")


def _pause(headers: Message) -> timedelta:
    """What Retry-After asks for, in seconds or as a date by the receiver's own clock; at most _LONGEST_PAUSE."""
    asked = headers.get("Retry-After", "")
    try:
        if asked.isdecimal():
            return timedelta(seconds=min(int(asked), _LONGEST_PAUSE.total_seconds()))
        pause = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return _PAUSE
    return min(max(pause, timedelta()), _LONGEST_PAUSE)
