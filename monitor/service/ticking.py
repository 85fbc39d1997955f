"""The main job as a part of the service: APScheduler says when, the database says what.

Does not do: the job (`monitor.schedule`).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

import structlog

from monitor.desk import open_desk
from monitor.errors import MonitorError, NewerDatabaseError
from monitor.failing import is_news
from monitor.pinging import ping_begin, ping_end
from monitor.schedule import run
from monitor.service.supervising import supervised
from monitor.tagging import warm_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.config import Config
    from monitor.desk import Desk, Kept
    from monitor.pulse import Pulse

log = structlog.get_logger()

TICK_SECONDS = 30
WARM_SECONDS = 5
"""Of a tick with nothing else to do: so long whoever stops the service may have to wait."""
STUCK_S = 30 * 60
"""Without a sign of life a run hangs. While it crawls, each Fetch is one, and an address that hangs costs nine minutes
at most, those of its robots.txt included. To read what hundreds of addresses brought takes some minutes. A run that is
ended for nothing loses nothing: what it has read is stored, and the next one goes on there."""


@contextmanager
def keep_ticking(config: Config, kept: Kept, pulse: Pulse) -> Iterator[Ticks]:
    """The main job at once and every TICK_SECONDS inside the block."""
    ticks = Ticks(config, kept, pulse)
    with supervised(ticks, pulse):
        yield ticks


class Ticks:
    """The thread of the main job, and when it last gave a sign of life."""

    name = "ticks"

    def __init__(self, config: Config, kept: Kept, pulse: Pulse) -> None:
        self._config = config
        self._kept = kept
        self._pulse = pulse
        self.refusal: NewerDatabaseError | None = None
        """Why this program can do nothing more with this database; None = it can."""
        self._due = Event()
        self._sign = time.monotonic()

    def run(self) -> None:
        """The scheduler only sets an Event, so a run that lasts is neither begun twice nor made up for."""
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(timezone="UTC")
        options = {"seconds": TICK_SECONDS, "coalesce": True, "misfire_grace_time": None}
        scheduler.add_job(self._due.set, "interval", next_run_time=datetime.now(UTC), **options)
        scheduler.start()
        try:
            self._tick_until_stopped()
        finally:
            scheduler.shutdown(wait=False)

    def stop(self) -> None:
        self._kept.ended.set()
        self._due.set()

    def is_stuck(self) -> bool:
        return time.monotonic() - self._sign > STUCK_S

    def _tick_until_stopped(self) -> None:
        while self._due.wait(3 * TICK_SECONDS):
            self._due.clear()
            if self._kept.ended.is_set():
                return
            self._note_sign()
            try:
                tick(self._config, self._kept, self._pulse, self._note_sign)
            except NewerDatabaseError as error:
                self.refusal = error
            self._note_sign()
        raise RuntimeError("the scheduler ticks no more; perhaps the clock of this machine was put back")

    def _note_sign(self, *_: object) -> None:
        self._sign = time.monotonic()


def tick(config: Config, kept: Kept, pulse: Pulse, on_sign: Callable[..., None] | None = None) -> None:
    """One run of the service; `on_sign` is called with each Fetch. What was tolerated is a failure of it as well.

    Raises NewerDatabaseError, which lasts, and nothing else: the next one tries again.
    """
    began, failure = time.monotonic(), ""
    pulse.begin_tick(config.now())
    ping_begin(config)
    try:
        with open_desk(config, kept) as desk:
            log.info("run finished", **run(desk, on_fetch=on_sign).as_dict())
            if time.monotonic() + WARM_SECONDS <= began + TICK_SECONDS and not kept.ended.is_set():
                _warm_up(desk)
            failure = "; ".join(desk.failures)
    except MonitorError as error:
        failure = str(error)
        if is_news(kept.known, failure):
            log.warning("run failed", error=failure)
        if isinstance(error, NewerDatabaseError):
            raise
    except Exception as error:  # the loop boundary: whatever one run meets, the next tick tries again
        failure = repr(error)
        if is_news(kept.known, failure):
            log.exception("run failed")
    finally:
        pulse.note_tick(config.now(), time.monotonic() - began, failure)
        ping_end(config, failure)


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
