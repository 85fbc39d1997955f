"""Whether the Slack app is set up: token, scopes, the way in for buttons, and each channel, with what to do next.

Does not do: clicking for people. It changes nothing but a test message, which it removes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from digests.outcomes import Posted
from digests.slack import FAILURES, classify, connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from slack_sdk import WebClient

    from digests.outcomes import Outcome
    from monitor.config import Config
    from monitor.model import Audience

SCOPES = ("chat:write", "commands", "channels:history", "groups:history", "im:history", "im:write")
"""What the app must be allowed to do: those of `slack-app.yaml`, and a test keeps it so."""

TIMEOUT = 10
"""Seconds for each question to Slack."""

TEST = "Policy Monitor is being set up. This message removes itself."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be right, and what to do where it is not."""

    name: str
    is_right: bool
    detail: str
    """What was found, or what to do."""


def check_setup(config: Config, audiences: Sequence[Audience]) -> Iterator[Check]:
    """Each check in the order in which things are set up; what hangs on a failed one is left out."""
    if not config.slack_bot_token:
        yield Check("Bot token", is_right=False, detail="SLACK_BOT_TOKEN is not set: see step 2.")
        return
    client = connect(config, TIMEOUT)
    scopes: list[str] = []
    yield _ask("Bot token", lambda: _test_token(client, scopes))
    if not scopes:
        return
    yield _check_scopes(scopes)
    yield _check_way_in(config, client)
    yield from _check_channels(config, client, audiences)


def _ask(name: str, question: Callable[[], str]) -> Check:
    """The answer in words; what Slack refuses is said with what to do about it."""
    try:
        return Check(name, is_right=True, detail=question())
    except FAILURES as error:
        return Check(name, is_right=False, detail=_explain(classify(error)))


def _explain(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Posted) else outcome.error


def _test_token(client: WebClient, scopes: list[str]) -> str:
    """`scopes` is filled with what the token allows."""
    answer = client.auth_test()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    scopes += [each.strip() for each in str(headers.get("x-oauth-scopes", "")).split(",")]
    return f"works in {_get(answer, 'team')} as {_get(answer, 'user')}"


def _get(answer: Any, name: str) -> str:
    return str(answer.get(name) or "?")


def _check_scopes(scopes: Sequence[str]) -> Check:
    missing = [each for each in SCOPES if each not in scopes]
    if not missing:
        return Check("Scopes", is_right=True, detail=", ".join(SCOPES))
    advice = f"missing: {', '.join(missing)}. Add them under OAuth & Permissions, and install the app again."
    return Check("Scopes", is_right=False, detail=advice)


def _check_way_in(config: Config, client: WebClient) -> Check:
    """How what people click reaches us."""
    name = "Buttons and commands"
    if config.slack_app_token:
        token = config.slack_app_token
        return _ask(name, lambda: _open_connection(client, token))
    if config.slack_signing_secret:
        return Check(name, is_right=True, detail="over HTTP: Slack must reach this host at /slack/events")
    advice = "nothing comes back from Slack: set SLACK_APP_TOKEN (step 3), or SLACK_SIGNING_SECRET for HTTP."
    return Check(name, is_right=False, detail=advice)


def _open_connection(client: WebClient, token: str) -> str:
    client.apps_connections_open(app_token=token)
    return "over Socket Mode, with no public address"


def _check_channels(config: Config, client: WebClient, audiences: Sequence[Audience]) -> Iterator[Check]:
    """One test message in each channel, removed at once. Who is told in other ways only (`send_to`) needs none."""
    named: dict[str, list[str]] = {}
    for each in audiences:
        channel = each.slack_channel or config.slack_channel or ""
        if channel or not each.send_to:
            named.setdefault(channel, []).append(each.name)
    for channel, names in named.items():
        of = f"Channel of {', '.join(names)}"
        note = f"; each of these {len(names)} gets a digest of its own there" if len(names) > 1 else ""
        if channel:
            yield _ask(of, partial(_try_channel, client, channel, note))
        else:
            yield Check(of, is_right=False, detail="none: set slack_channel in sources.yaml, or SLACK_CHANNEL for all.")


def _try_channel(client: WebClient, channel: str, note: str) -> str:
    answer = client.chat_postMessage(channel=channel, text=TEST)
    client.chat_delete(channel=_get(answer, "channel"), ts=_get(answer, "ts"))
    return f"{channel}: a test message was posted and removed{note}"
