"""One Delivery to one Slack channel through slack-sdk, and what became of it.

slack-sdk's own retries are off: its default client posts again when an accepted message's answer is lost, and so tells
people twice. Slack has no idempotency key; instead each message carries its delivery's id as metadata, by which it is
found again in the channel's history.

Does not do: retries, states of Deliveries (`digests.send`), layout.
"""

from __future__ import annotations

import logging
import socket
import ssl
from datetime import UTC, timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from digests.outcomes import Later, Outcome, Posted, Refused, Unknown

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.config import Config
    from monitor.model import Delivery

SLACK = "slack:"
"""Before the channel's id in the name of a channel."""

EVENT_TYPE = "policy_monitor_digest"

_HISTORY_MARGIN = timedelta(minutes=15)
"""How far our clock may run ahead of Slack's without hiding our own message from us."""

_HISTORY_PAGE = 200
_HISTORY_PAGES = 100
"""The search stops after this many pages, newest first: 20,000 messages since the attempt."""

_RATE_PAUSE = timedelta(seconds=30)
"""Where Slack says "too many" without saying for how long."""

_FAILURES = (SlackClientError, HTTPException, OSError, ValueError, AttributeError)
"""What slack-sdk raises; AttributeError where the answer is JSON but no object."""

_NEVER_LEFT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
"""Reasons for which no byte of the message can have reached Slack."""

_PASSING = {"ratelimited", "rate_limited", "message_limit_exceeded"}

_DOUBTFUL = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack's own errors, after which the message may be there."""

_ADVICE = {
    "channel_not_found": "Check the channel: its id (C…, not its name) from the channel's details; "
    "into a private channel the app must be invited first.",
    "not_in_channel": "Invite the app in that channel: /invite @Policy Monitor",
    "is_archived": "Unarchive the channel, or choose another one.",
    "invalid_auth": "Check SLACK_BOT_TOKEN: the Bot User OAuth Token (xoxb-…) of the app.",
    "not_authed": "Set SLACK_BOT_TOKEN.",
    "token_revoked": "Install the app again and set the new SLACK_BOT_TOKEN.",
    "token_expired": "Install the app again and set the new SLACK_BOT_TOKEN.",
    "account_inactive": "The app was removed from the workspace: install it again and set the new SLACK_BOT_TOKEN.",
    "missing_scope": "Give the app the scopes chat:write, channels:history and groups:history, and install it again.",
    "restricted_action": "A workspace rule keeps the app from posting there: ask a workspace admin, or change channel.",
}
_UNCERTAIN = (
    "no certain answer from Slack ({}). It is looked for in the channel before it is sent again. "
    "Check SLACK_API_URL if this lasts."
)
_NO_ADVICE = "See https://docs.slack.dev/reference/methods/chat.postMessage#errors"


def connect(config: Config, timeout: float) -> WebClient:
    """A client that tries once and takes at most `timeout` seconds for each step of it."""
    quiet = logging.getLogger("digests.slack.sdk")
    quiet.setLevel(logging.CRITICAL)  # the outcome is kept on the Delivery; slack-sdk would print it as well
    return WebClient(
        token=config.slack_bot_token,
        base_url=config.slack_api_url,
        timeout=max(1, round(timeout)),
        retry_handlers=[],
        logger=quiet,
    )


def post(client: WebClient, delivery: Delivery) -> Outcome:
    """Post it once."""
    try:
        answer = client.chat_postMessage(
            channel=_channel(delivery),
            text=str(delivery.payload["text"]),
            blocks=delivery.payload["blocks"],  # type: ignore[arg-type]  # JSON, as stored
            metadata={"event_type": EVENT_TYPE, "event_payload": _identity(delivery)},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(str(answer["ts"]))
    except _FAILURES as error:
        return classify(error)


def find_posted(client: WebClient, delivery: Delivery, *, since: datetime | None) -> Outcome | None:
    """The message of this Delivery if it is in the channel's history; None if it is not; or why nobody can say.

    `since` is when the first attempt began. It is None where the program's clock is fixed (replays) and tells nothing
    about Slack's: then the newest messages are searched.
    """
    oldest = f"{(since.astimezone(UTC) - _HISTORY_MARGIN).timestamp():.6f}" if since else None
    cursor: str | None = None
    try:
        for _ in range(_HISTORY_PAGES):
            answer = client.conversations_history(
                channel=_channel(delivery),
                oldest=oldest,
                cursor=cursor,
                limit=_HISTORY_PAGE,
                include_all_metadata=True,
            )
            for message in answer["messages"]:
                if _delivery_id(message) == delivery.id:
                    return Posted(str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
    except _FAILURES as error:
        return classify(error)
    return None


def classify(error: Exception) -> Outcome:
    """What an error says about the message: certainly not there, or perhaps."""
    if isinstance(error, SlackApiError):
        return _classify_answer(error)
    if isinstance(error, URLError) and isinstance(error.reason, _NEVER_LEFT):
        return Later(f"Slack cannot be reached ({error.reason}). Check the network and SLACK_API_URL.")
    return Unknown(_UNCERTAIN.format(f"{type(error).__name__}: {error}"))


def _classify_answer(error: SlackApiError) -> Outcome:
    status = error.response.status_code
    code = error.response.data.get("error", "") if isinstance(error.response.data, dict) else ""
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _PASSING:
        return Later("Slack asks for a pause (too many messages)", pause=_pause(error.response.headers))
    if status != HTTPStatus.OK or code in _DOUBTFUL or not _is_code(code):
        return Unknown(_UNCERTAIN.format(f"HTTP {status}{f', {code}' if _is_code(code) else ''}"))
    return Refused(f"Slack refused it: {code}. {_ADVICE.get(code, _NO_ADVICE)}")


def _is_code(code: object) -> bool:
    """slack-sdk puts a sentence of its own into `error` where the answer was no JSON."""
    return isinstance(code, str) and bool(code) and code.replace("_", "").isalnum()


def _pause(headers: dict[str, str]) -> timedelta:
    seconds = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else _RATE_PAUSE


def _channel(delivery: Delivery) -> str:
    return delivery.channel.removeprefix(SLACK)


def _identity(delivery: Delivery) -> dict[str, object]:
    return {
        "delivery_id": delivery.id,
        "digest_id": delivery.digest_id,
        "part": delivery.part,
        "parts": delivery.parts,
    }


def _delivery_id(message: dict[str, object]) -> object:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return payload.get("delivery_id") if isinstance(payload, dict) else None
