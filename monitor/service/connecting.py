"""Slack over Socket Mode as a part of the service: the main job does not wait for Slack.

slack-sdk connects again by itself after the first time, but where it cannot, it does not say so: what is lost and back
again is logged here.

Does not do: what a click leads to (`monitor.slack`).
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import structlog

from digests.slack import FAILURES, name_error
from monitor.pulse import Pulse
from monitor.service.supervising import supervised

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from slack_bolt import App
    from slack_sdk.socket_mode.builtin import SocketModeClient

log = structlog.get_logger()

LOOK_SECONDS = 30
_ADVICE = "It is tried again all the time. If it lasts, check the network and SLACK_APP_TOKEN (xapp-…)."


def stay_connected(slack: App, token: str, pulse: Pulse | None = None) -> AbstractContextManager[None]:
    """Connected inside the block, as far as Slack is there. `token`: SLACK_APP_TOKEN."""
    return supervised(_SocketMode(slack, token), pulse or Pulse())


class _SocketMode:
    name = "slack"

    def __init__(self, slack: App, token: str) -> None:
        self._slack = slack
        self._token = token
        self._stopped = Event()

    def run(self) -> None:
        from slack_bolt.adapter.socket_mode import SocketModeHandler

        handler = SocketModeHandler(self._slack, self._token)
        try:
            self._watch(handler.client)
        finally:
            handler.close()

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self, client: SocketModeClient) -> None:
        is_connected = None
        while not self._stopped.is_set():
            trouble = _find_trouble(client)
            if trouble and is_connected is not False:
                log.warning("slack is not connected: buttons do nothing", error=trouble, advice=_ADVICE)
            elif not trouble and not is_connected:
                log.info("slack connected")
            is_connected = not trouble
            if not (client.current_session_runner.is_alive() and client.message_processor.is_alive()):
                raise RuntimeError("a thread of slack-sdk has ended, so nothing that is clicked would arrive")
            self._stopped.wait(LOOK_SECONDS)


def _find_trouble(client: SocketModeClient) -> str | None:
    """Why there is no connection, even after another attempt; None = there is one."""
    try:
        client.connect_to_new_endpoint()  # does nothing where there is one
    except FAILURES as error:
        return name_error(error)
    return None if client.is_connected() else "the connection could not be opened"
