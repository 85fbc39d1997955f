"""The Slack app: the same handlers over Socket Mode and HTTP, as slack-bolt dispatches them.

Each handler acknowledges first and works afterwards in a thread of its own, as both ways in allow. Nothing is kept in
memory between two events, so any number of processes can answer.

Does not do: connecting (`monitor.service`, `monitor.web`), the handlers themselves.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt import App

from digests.slack import connect
from monitor.errors import ConfigurationError
from monitor.slack import actions, commands, modals
from monitor.slack.answering import note_arrival

if TYPE_CHECKING:
    from monitor.config import Config

log = structlog.get_logger()

TIMEOUT = 10
"""Seconds for each call of Slack's."""

HANDLERS = 20
"""At work at the same time. Each may wait for Slack or for the database; only one at most reads a Source."""


def build_app(config: Config) -> App:
    """The app with all its handlers. It asks Slack who it is with the first event, not now.

    Without a signing secret (Socket Mode needs none) no request over HTTP passes for Slack's.

    Raises ConfigurationError where there is no bot token.
    """
    if not config.slack_bot_token:
        raise ConfigurationError("SLACK_BOT_TOKEN is not set. It is the app's Bot User OAuth Token, xoxb-…")
    quiet = logging.getLogger("monitor.slack.bolt")
    quiet.setLevel(logging.CRITICAL)  # it would print whole requests; what went wrong is logged by `_log`
    app = App(
        name="policy-monitor",
        client=connect(config, TIMEOUT),
        signing_secret=config.slack_signing_secret or token_hex(),
        token_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(HANDLERS, "slack"),
        logger=quiet,
    )
    app.use(note_arrival)
    for part in (actions, commands, modals):
        part.register(app, config)
    app.error(_log)
    return app


def _log(error: Exception, body: dict[str, Any]) -> None:
    """The loop boundary: whatever one event meets, the next one is answered."""
    log.error("slack event failed", kind=body.get("type"), exc_info=error)
