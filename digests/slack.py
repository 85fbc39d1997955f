"""One Delivery to one Slack channel or member through slack-sdk, posted or edited, and what became of it.

slack-sdk's own retries are off: its default client posts again when an accepted message's answer is lost, and so tells
people twice. Slack has no idempotency key; instead each message carries its delivery's id as metadata, by which it is
found again in the channel's history. An edit names its message and can be repeated.

Direct messages to a member are a channel of their own (`D…`), which Slack names when asked, always the same. Slack
would post to the member's id as well, but neither show the history nor edit by it.

Scopes: chat:write to post and edit; channels:history, groups:history and im:history to look after a lost answer;
im:write to open direct messages.

Does not do: retries, states of Deliveries (`digests.send`), layout.
"""

from __future__ import annotations

import logging
import socket
import ssl
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from digests.outcomes import Later, Outcome, Posted, Reach, Refused, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Config
    from monitor.model import Delivery

SLACK = "slack:"
"""Before the id of a channel, or of a member, in the name of a channel."""

_MEMBER = ("U", "W")
"""How the ids of members begin; W in an Enterprise organisation."""

EVENT_TYPE = "policy_monitor_digest"

_CLOCK_ERROR = timedelta(days=3)
"""How far our clock may run ahead of Slack's without hiding our own message from us, in however busy a channel: the
wrong time zone, or the wrong day."""

_HISTORY_PAGE = 200
_FEWEST_PAGES = 5
"""These newest 1,000 messages are searched whatever our clock says."""
_MOST_PAGES = 100
"""20,000 messages: after so many nobody can say whether it is there."""

_LOOK_PAUSE = timedelta(hours=1)
"""Before the next search of a channel in which so many messages came that this one was in vain."""

_RATE_PAUSE = timedelta(seconds=30)
"""Where Slack says "too many" without saying for how long."""

FAILURES = (SlackClientError, HTTPException, OSError, ValueError, AttributeError)
"""What slack-sdk raises; AttributeError where the answer is JSON but no object."""

_NEVER_LEFT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
"""Reasons for which no byte of the message can have reached Slack."""

_PASSING = {"ratelimited", "rate_limited", "message_limit_exceeded"}

_DOUBTFUL = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack's own errors, after which the message may be there."""

_OF_THE_TOKEN = {
    "account_inactive", "access_denied", "ekm_access_denied", "enterprise_is_restricted", "invalid_auth",
    "not_allowed_token_type", "not_authed", "org_login_required", "team_access_not_granted", "token_expired",
    "token_revoked",
}  # fmt: skip
"""No channel can be reached with it."""

_OF_THE_CHANNEL = {
    "cannot_dm_bot", "cant_post_message", "channel_is_archived", "channel_not_found", "is_archived", "is_inactive",
    "method_not_supported_for_channel_type", "missing_scope", "not_in_channel", "restricted_action",
    "restricted_action_non_threadable_channel", "restricted_action_read_only_channel",
    "restricted_action_thread_locked", "restricted_action_thread_only_channel", "team_not_found", "user_disabled",
    "user_not_found", "user_not_visible",
}  # fmt: skip
"""Whatever is sent there, the answer is the same. Each other code is taken to be about the message."""

_POST_SCOPE = "chat:write"

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
    "missing_scope": "Give the app the scopes chat:write, channels:history, groups:history, im:history and im:write, "
    "and install it again.",
    "user_not_found": "Check the member's id (U…) under people: in sources.yaml.",
    "user_disabled": "That member's account is switched off: take the id out of people: in sources.yaml.",
    "restricted_action": "A workspace rule keeps the app from posting there: ask a workspace admin, or change channel.",
}
_UNCERTAIN = (
    "no certain answer from Slack ({}). It is looked for in the channel before it is sent again. "
    "Check SLACK_API_URL if this lasts."
)
_TOO_BUSY = (
    "no certain answer from Slack, and since then too many messages came into the channel to look for it among them, "
    "so it is not sent again. If it is missing there, it is in the folder of digests. Choose a channel with fewer "
    "messages for digests."
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
            channel=_find_channel(client, delivery),
            text=str(delivery.payload["text"]),
            blocks=delivery.payload["blocks"],  # type: ignore[arg-type]  # JSON, as stored
            metadata={"event_type": EVENT_TYPE, "event_payload": _identity(delivery)},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(str(answer["ts"]))
    except FAILURES as error:
        return classify(error)


def update(client: WebClient, delivery: Delivery, blocks: Sequence[dict[str, object]]) -> Outcome:
    """Put these blocks in place of those that its message has; its text and metadata stay.

    Refused with the reach of a Digest = this message cannot be edited any more.
    """
    try:
        answer = client.chat_update(
            channel=_find_channel(client, delivery),
            ts=str(delivery.ts),
            text=str(delivery.payload["text"]),
            blocks=blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": _identity(delivery)},
            parse="none",  # unlike chat.postMessage, it would look for names and links in the text
        )
        return Posted(str(answer["ts"]))
    except FAILURES as error:
        return classify(error)


def find_posted(client: WebClient, delivery: Delivery, *, since: datetime | None) -> Outcome | None:
    """The message of this Delivery if it is in the channel's history; None if it is not; or why nobody can say.

    `since` is when the first attempt began, by our clock. The search goes from the newest message back to well before
    that, and is Unknown where it does not get there. It is None where the program's clock is fixed (replays) and tells
    nothing about Slack's: then all of the history is searched.
    """
    earliest = since.astimezone(UTC) - _CLOCK_ERROR if since else datetime.min.replace(tzinfo=UTC)
    cursor: str | None = None
    try:
        channel = _find_channel(client, delivery)
        for number in range(1, _MOST_PAGES + 1):
            answer = client.conversations_history(
                channel=channel, cursor=cursor, limit=_HISTORY_PAGE, include_all_metadata=True
            )
            for message in answer["messages"]:
                if _delivery_id(message) == delivery.id:
                    return Posted(str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor or (number >= _FEWEST_PAGES and _goes_back_to(earliest, answer["messages"])):
                return None
    except FAILURES as error:
        return classify(error)
    return Unknown(_TOO_BUSY, _LOOK_PAUSE)


def _goes_back_to(moment: datetime, messages: Sequence[dict[str, object]]) -> bool:
    return any(datetime.fromtimestamp(float(str(each["ts"])), UTC) < moment for each in messages)


def classify(error: Exception) -> Outcome:
    """What an error says about the message: certainly not there, or perhaps."""
    if isinstance(error, SlackApiError):
        return _classify_answer(error)
    if isinstance(error, URLError) and isinstance(error.reason, _NEVER_LEFT):
        return Later(f"Slack cannot be reached ({error.reason}). Check the network and SLACK_API_URL.")
    return Unknown(_UNCERTAIN.format(f"{type(error).__name__}: {error}"))


def name_error(error: Exception) -> str:
    """What can be logged of it: Slack's code, and not its answer, which may be a proxy's and repeat the token."""
    if not isinstance(error, SlackApiError):
        return f"{type(error).__name__}: {error}"
    answer = error.response.data if isinstance(error.response.data, dict) else {}
    code = answer.get("error", "")
    return str(code) if _is_code(code) else f"HTTP {error.response.status_code}, and no answer of Slack's"


def _classify_answer(error: SlackApiError) -> Outcome:
    status = error.response.status_code
    answer = error.response.data if isinstance(error.response.data, dict) else {}
    code = answer.get("error", "")
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _PASSING:
        return Later("Slack asks for a pause (too many messages)", pause=_pause(error.response.headers))
    if status != HTTPStatus.OK or code in _DOUBTFUL or not _is_code(code):
        return Unknown(_UNCERTAIN.format(f"HTTP {status}{f', {code}' if _is_code(code) else ''}"))
    needed = f" ({answer['needed']})" if "needed" in answer else ""
    return Refused(f"Slack refused it: {code}{needed}. {_ADVICE.get(code, _NO_ADVICE)}", _reach(code, needed))


def _reach(code: str, needed: str) -> Reach:
    """Each sort of channel needs a scope of its own to be read, all of them the same one to be written."""
    if code in _OF_THE_TOKEN or (code == "missing_scope" and _POST_SCOPE in needed):
        return Reach.SERVICE
    return Reach.CHANNEL if code in _OF_THE_CHANNEL else Reach.DIGEST


def _is_code(code: object) -> bool:
    """slack-sdk puts a sentence of its own into `error` where the answer was no JSON."""
    return isinstance(code, str) and bool(code) and code.replace("_", "").isalnum()


def _pause(headers: dict[str, str]) -> timedelta:
    seconds = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else _RATE_PAUSE


def _find_channel(client: WebClient, delivery: Delivery) -> str:
    """The id of the channel, or that of the direct messages with the member; raises what slack-sdk raises."""
    address = delivery.channel.removeprefix(SLACK)
    if not address.startswith(_MEMBER):
        return address
    return str(client.conversations_open(users=address)["channel"]["id"])


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
