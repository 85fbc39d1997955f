"""The service: the main job twice a minute, what people click in Slack, and the web application, in one process.

    ticking      the main job: what is due
    listening    the web application
    connecting   Slack over Socket Mode
    supervising  each of them is started again, alone, where it ends
    systemd      what the service manager is told

Of two instances on one database the second stands by: it shows the desk, and does the rest once the first is gone.

SIGTERM and SIGINT end it within seconds: a crawl is broken off, what arrived is kept, the rest stays due.

Does not do: any of the work itself.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import click
import structlog

from monitor.config import is_loopback
from monitor.desk import Kept, open_desk
from monitor.errors import ConfigurationError
from monitor.model import Role
from monitor.pulse import PartState, Pulse
from monitor.service import systemd
from monitor.service.connecting import stay_connected
from monitor.service.listening import listen
from monitor.service.supervising import GRACE_S
from monitor.service.ticking import TICK_SECONDS, Ticks, keep_ticking
from monitor.store import open_store
from monitor.store.locks import sole
from monitor.web.access.invitation import invite, link
from monitor.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from slack_bolt import App

    from monitor.config import Config
    from monitor.errors import StoreError

__all__ = ["listen", "serve", "stay_connected"]

log = structlog.get_logger()

_ENDS = (signal.SIGTERM, signal.SIGINT)
LOOK_S = 5
"""Between two looks whether all is well, or whether the instance that does the work is gone."""


def serve(config: Config, host: str, port: int, by: str) -> None:
    """Run until SIGTERM or SIGINT. `port` 0 = any that is free.

    Where nobody else says who comes to the desk, it prints a link that lets in `by`, once.

    What is declared is read again at each tick, so that an edited `sources.yaml` needs no restart; while one cannot be
    used, that is logged, and what it declared before goes on, also where it was read before the service took over.

    Raises ConfigurationError or StoreError where it cannot be used from the start, and NewerDatabaseError where a newer
    program has written the database since: then that one is to do the work.
    """
    _refuse_open_door(config, host)
    kept = Kept()
    with open_desk(config, kept) as desk:
        watched = len(desk.watched)
    pulse, slack, refusal = Pulse(), _build_slack(config), None
    with ExitStack() as parts:
        told = parts.enter_context(_listen_for_the_end())
        connects = bool(slack and config.slack_app_token)
        over_http = None if connects else slack
        address = parts.enter_context(listen(create_app(config, over_http, pulse), host, port, pulse))
        way_in = _name_way_in(config, slack)
        log.info("service started", sources=watched, every_seconds=TICK_SECONDS, web=address, slack=way_in)
        click.echo(_say_where(config, address, by))
        systemd.notify("READY=1")
        if parts.enter_context(_its_turn(config.db, told, pulse, ("ticks", "slack") if connects else ("ticks",))):
            if slack and config.slack_app_token:
                parts.enter_context(stay_connected(slack, config.slack_app_token, pulse))
            refusal = _watch(told, parts.enter_context(keep_ticking(config, kept, pulse)))
        systemd.notify("STOPPING=1")
    log.info("service stopped")
    _leave(slack, 1 if refusal else 0)
    if refusal:
        raise refusal


@contextmanager
def _listen_for_the_end() -> Iterator[int]:
    """A file descriptor that can be read from once SIGTERM or SIGINT came: no lock is safe in a handler of signals."""
    told, tell = os.pipe()
    before = {number: signal.signal(number, lambda *_: os.write(tell, b".")) for number in _ENDS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(tell)
        os.close(told)


def _is_told(told: int) -> bool:
    """Whether the end was asked for, within LOOK_S."""
    return bool(select.select([told], [], [], LOOK_S)[0])


@contextmanager
def _its_turn(database: Path, told: int, pulse: Pulse, names: Collection[str]) -> Iterator[bool]:
    """Waits until no other instance works on this database; False where the end was asked for before.

    `names`: of the parts that begin then. Each notes that it runs, so that nothing of the waiting is left.
    """
    stood_by = False
    while True:
        with sole(database, "serving") as alone:
            if alone:
                if stood_by:
                    log.warning("taking over: the other instance is gone")
                yield True
                return
        if not stood_by:
            log.warning("standing by: another instance works on this database", db=str(database))
            for part in names:
                pulse.note_part(part, PartState.STANDING_BY)
        stood_by = True
        systemd.notify("WATCHDOG=1")
        if _is_told(told):
            yield False
            return


def _watch(told: int, ticks: Ticks) -> StoreError | None:
    """Until the end is asked for, or why there is nothing more to do here.

    Where a tick hangs, systemd hears nothing more and starts the service again.
    """
    was_stuck = False
    while not (_is_told(told) or ticks.refusal):
        is_stuck = ticks.is_stuck()
        if is_stuck and not was_stuck:
            log.error("a run does not end", advice="Restart the service; systemd does so itself. Nothing is lost.")
        if not is_stuck:
            systemd.notify("WATCHDOG=1")
        was_stuck = is_stuck
    return ticks.refusal


def _leave(slack: App | None, status: int) -> None:
    """Python itself waits for the threads of pools, whatever they wait for: not for longer than GRACE_S."""
    if slack:
        slack.listener_runner.listener_executor.shutdown(wait=False, cancel_futures=True)
    end = time.monotonic() + GRACE_S
    left = [each for each in threading.enumerate() if not each.daemon and each is not threading.current_thread()]
    for each in left:
        each.join(max(0, end - time.monotonic()))
    if any(each.is_alive() for each in left):
        log.warning("ended in the middle of work", threads=[each.name for each in left if each.is_alive()])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _refuse_open_door(config: Config, host: str) -> None:
    """Whoever reaches another address than this machine's own must be known by somebody."""
    if not (is_loopback(host) or config.web.is_open_to_all):
        raise ConfigurationError(
            f"{host}: others can reach the desk there, and nothing says who may come in. Set MONITOR_WEB_PROXY_HEADER "
            "(a proxy signs people in) or MONITOR_OIDC_ISSUER (a provider does), or leave out --host and use a tunnel. "
            "docs/desk-access.md shows each."
        )


def _say_where(config: Config, address: str, by: str) -> str:
    """The one line that is for people and not for the log: a link is a secret until it was used."""
    if config.web.is_open_to_all:
        return f"The desk: {config.web.url}"
    with closing(open_store(config.db)) as db:
        token = invite(db, by, Role.LEAD, config.now())
    return f"The desk, good once and for 15 minutes: {link(config.web.url or address, token)}"


def _build_slack(config: Config) -> App | None:
    """None where nothing can come back from Slack."""
    if not config.slack_bot_token or not (config.slack_app_token or config.slack_signing_secret):
        return None
    from monitor.slack.app import build_app

    return build_app(config)


def _name_way_in(config: Config, slack: App | None) -> str:
    if slack is None:
        return "off"
    return "socket mode" if config.slack_app_token else "http"
