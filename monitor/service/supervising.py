"""A part of the service that ends is started again, alone, after a pause that grows; the others go on.

Does not do: any part's work; ending a part that hangs (`monitor.service` tells systemd nothing more then).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

import structlog

from monitor.pulse import PartState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.pulse import Pulse

log = structlog.get_logger()

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
WELL_S = 600.0
"""What ran for so long was well: the next pause is the first one again. Longer than the longest pause."""
GRACE_S = 10.0
"""For the transaction, the message or the answer at hand when the end is asked for."""


class Part(Protocol):
    """Something that works until it is stopped."""

    @property
    def name(self) -> str: ...

    def run(self) -> None:
        """Returns once `stop` was called; whatever ends it earlier, with or without an error, is a failure."""

    def stop(self) -> None:
        """Called from another thread, and once; a `run` that begins afterwards returns at once."""


@contextmanager
def supervised(part: Part, pulse: Pulse) -> Iterator[None]:
    """It runs in a thread of its own inside the block. It has GRACE_S to end, and is left behind after that."""
    ended = Event()
    thread = Thread(target=_keep_running, args=[part, pulse, ended], name=part.name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        part.stop()
        thread.join(GRACE_S)
        if thread.is_alive():
            log.warning("part does not end", part=part.name, waited_s=GRACE_S)


def _keep_running(part: Part, pulse: Pulse, ended: Event) -> None:
    pause = FIRST_PAUSE_S
    while not ended.is_set():
        began = time.monotonic()
        pulse.note_part(part.name, PartState.RUNNING)
        _run(part, ended)
        if ended.is_set():
            return
        if time.monotonic() - began >= WELL_S:
            pause = FIRST_PAUSE_S
        pulse.note_part(part.name, PartState.RESTARTING)
        log.warning("part starts again", part=part.name, after_s=pause)
        ended.wait(pause)
        pause = min(2 * pause, LONGEST_PAUSE_S)


def _run(part: Part, ended: Event) -> None:
    try:
        part.run()
    except (Exception, SystemExit):  # the loop boundary: uvicorn ends its thread by SystemExit
        log.exception("part failed", part=part.name)
    else:
        if not ended.is_set():
            log.error("part failed", part=part.name, error="it ended, and nobody had asked for that")
