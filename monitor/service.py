"""The service: the main job twice a minute, what people click in Slack, and the web application, in one process.

Each part runs in threads of its own. The main job is the one that the process lives for; the others end with it.

Does not do: any of the work itself.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

import click
import structlog

from digests.slack import FAILURES, name_error
from monitor.config import is_loopback
from monitor.errors import ConfigurationError, MonitorError
from monitor.model import Role
from monitor.schedule import Kept, open_desk, run
from monitor.store import open_store
from monitor.tagging import warm_up
from monitor.web.access.invitation import invite, link
from monitor.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_bolt import App
    from slack_sdk.socket_mode.builtin import SocketModeClient
    from starlette.applications import Starlette

    from monitor.config import Config
    from monitor.schedule import Desk

log = structlog.get_logger()

_ENDS = (signal.SIGTERM, signal.SIGINT)
TICK_SECONDS = 30
WARM_SECONDS = 5
"""Of a tick with nothing else to do: so long whoever stops the service may have to wait."""

_ADVICE = "It is tried again all the time. If it lasts, check the network and SLACK_APP_TOKEN (xapp-…)."


def serve(config: Config, host: str, port: int, by: str) -> None:
    """Run until SIGTERM or SIGINT; the run at hand is finished first. `port` 0 = any that is free.

    Where nobody else says who comes to the desk, it prints a link that lets in `by`, once.

    Configuration is read again at each tick, so that an edited `sources.yaml` needs no restart; one that cannot be
    used any more is logged and the next tick tries again.

    Raises ConfigurationError or StoreError where it cannot be used from the start.
    """
    _refuse_open_door(config, host)
    with open_desk(config) as desk:
        watched = len(desk.watched)
    with ExitStack() as parts:
        told = parts.enter_context(_listen_for_the_end())
        slack = _build_slack(config)
        over_http = slack if slack and not config.slack_app_token else None
        address = parts.enter_context(listen(create_app(config, over_http), host, port))
        if slack and config.slack_app_token:
            parts.enter_context(stay_connected(slack, config.slack_app_token))
        way_in = _name_way_in(config, slack)
        log.info("service started", sources=watched, every_seconds=TICK_SECONDS, web=address, slack=way_in)
        click.echo(_say_where(config, address, by))
        _tick_until(told, config)
    log.info("service stopped")


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


def _tick_until(told: int, config: Config) -> None:
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    ticks = ThreadPoolExecutor(1)
    scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ticks})
    options = {"seconds": TICK_SECONDS, "max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(tick, "interval", args=[config, Kept()], next_run_time=datetime.now(UTC), **options)
    scheduler.start()
    os.read(told, 1)
    scheduler.shutdown(wait=False)
    ticks.shutdown()  # waits for the run at hand: once Python itself ends, no thread can be started any more


def tick(config: Config, kept: Kept) -> None:
    """One run of the service. Raises nothing: what one run meets, the next one tries again."""
    end = time.monotonic() + TICK_SECONDS
    try:
        with open_desk(config, kept) as desk:
            log.info("run finished", **run(desk).as_dict())
            if time.monotonic() + WARM_SECONDS <= end:
                _warm_up(desk)
    except MonitorError as error:
        log.warning("run failed", error=str(error))
    except Exception:  # the loop boundary: whatever one run meets, the next tick tries again
        log.exception("run failed")


def _warm_up(desk: Desk) -> None:
    """Get on with the vectors of procedures that are new or were edited since all had theirs."""
    if desk.library.sops == desk.kept.warm:
        return
    desk.kept.index = desk.kept.index.updated(desk.library.sops)
    left = warm_up(desk.db, desk.kept.index, WARM_SECONDS)
    if left:
        log.info("sections read ahead", left=left)
    else:
        desk.kept.warm = desk.library.sops


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


@contextmanager
def stay_connected(slack: App, token: str) -> Iterator[None]:
    """Socket Mode, in the background: the main job does not wait for Slack. What is lost and back again is logged."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    handler, stopped = SocketModeHandler(slack, token), Event()
    Thread(target=_watch, args=[handler.client, stopped], name="slack", daemon=True).start()
    try:
        yield
    finally:
        stopped.set()
        handler.close()


def _watch(client: SocketModeClient, stopped: Event) -> None:
    """slack-sdk connects again by itself after the first time, but where it cannot, it does not say so."""
    is_connected = None
    while not stopped.is_set():
        trouble = _find_trouble(client)
        if trouble and is_connected is not False:
            log.warning("slack is not connected: buttons do nothing", error=trouble, advice=_ADVICE)
        elif not trouble and not is_connected:
            log.info("slack connected")
        is_connected = not trouble
        stopped.wait(TICK_SECONDS)


def _find_trouble(client: SocketModeClient) -> str | None:
    """Why there is no connection, even after another attempt; None = there is one."""
    try:
        client.connect_to_new_endpoint()  # does nothing where there is one
    except FAILURES as error:
        return name_error(error)
    return None if client.is_connected() else "the connection could not be opened"


@contextmanager
def listen(app: Starlette, host: str, port: int) -> Iterator[str]:
    """The web application in a thread; the address at which it can be reached."""
    import uvicorn

    listener = _bind(host, port)
    settings = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # addresses can hold a token: a link, a calendar's key
        proxy_headers=False,  # else the peer, on whose word people are let in, would be whom a header names
        lifespan="off",
        server_header=False,
    )
    server = uvicorn.Server(settings)
    thread = Thread(target=server.run, args=[[listener]], name="web", daemon=True)
    thread.start()
    try:
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _bind(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        # asyncio sets it only for sockets that name their protocol; without it short answers wait 40 ms for the browser
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise ConfigurationError(
            f"{host}:{port}: nobody can be served there ({error.strerror or error}). Choose another with --port."
        ) from error
    return listener
