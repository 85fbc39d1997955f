"""Pings: an address that is asked when work was done, so that somebody outside notices when nobody asks any more.

    MONITOR_PING_RUN       ADDRESS/start as a run of the service begins, then ADDRESS, or ADDRESS/fail with the reason
    MONITOR_PING_DIGEST    ADDRESS when the daily Digests of all were delivered

These are the addresses of healthchecks.io, which many others understand. A run does not wait for its pings: one thread
sends them in their order, asks twice at most, and gives up what it cannot send. As the program ends it waits a little
for what is left.

Whoever knows such an address can speak for us, so no message repeats one.

Does not do: retrying for long. The next run is the next ping.
"""

from __future__ import annotations

import atexit
from http.client import HTTPException
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog

if TYPE_CHECKING:
    from monitor.config import Config

log = structlog.get_logger()

TIMEOUT_S = 5.0
ATTEMPTS = 2
MOST_WAITING = 8
"""Those of some runs. More can only wait for somebody who does not answer."""
LONGEST = 10_000
"""Bytes of a reason: as much as even older versions of such services keep."""
_HEADERS = {"User-Agent": "policy-monitor", "Content-Type": "text/plain; charset=utf-8"}


class _Ping(NamedTuple):
    setting: str
    address: str
    said: str


def ping_begin(config: Config) -> None:
    """A run begins."""
    _ping("MONITOR_PING_RUN", config.watching.ping_run, "/start")


def ping_end(config: Config, failure: str) -> None:
    """A run has ended; `failure`: why it did not do its work, "" = it did."""
    _ping("MONITOR_PING_RUN", config.watching.ping_run, "/fail" if failure else "", failure)


def ping_digest(config: Config) -> None:
    """The daily Digests of all were delivered."""
    _ping("MONITOR_PING_DIGEST", config.watching.ping_digest)


def _ping(setting: str, address: str | None, end: str = "", said: str = "") -> None:
    if address:
        _POST.put(_Ping(setting, extend(address, end), said))


def extend(address: str, end: str) -> str:
    """With this behind its path."""
    parts = urlsplit(address)
    return parts._replace(path=parts.path.rstrip("/") + end, fragment="").geturl()


class _Post:
    """What waits to be sent, and the thread that sends it, which lives as long as there is something."""

    def __init__(self) -> None:
        self._waiting: Queue[_Ping] = Queue(MOST_WAITING)
        self._lock = Lock()
        self._thread: Thread | None = None
        self._failing: set[str] = set()

    def put(self, ping: _Ping) -> None:
        with self._lock:
            try:
                self._waiting.put_nowait(ping)
            except Full:
                return
            if self._thread is None:
                self._thread = Thread(target=self._send_all, name="pings", daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Wait for what is left to be sent, as long as one attempt may take."""
        with self._lock:
            thread = self._thread
        if thread:
            thread.join(TIMEOUT_S)

    def _send_all(self) -> None:
        while ping := self._take():
            self._note(ping.setting, send(ping.address, ping.said))

    def _take(self) -> _Ping | None:
        """The next one; where there is none, this thread is the one that sends no longer."""
        with self._lock:
            try:
                return self._waiting.get_nowait()
            except Empty:
                self._thread = None
                return None

    def _note(self, setting: str, trouble: str) -> None:
        """Said once, until one gets through."""
        if trouble and setting not in self._failing:
            log.warning("ping not sent", setting=setting, error=trouble)
        (self._failing.add if trouble else self._failing.discard)(setting)


def send(address: str, said: str) -> str:
    """Ask, and once more where that led to nothing. Returns what went wrong, without the address; "" = nothing."""
    trouble = ""
    for _ in range(ATTEMPTS):
        trouble = _ask(address, said)
        if not trouble:
            break
    return trouble


def _ask(address: str, said: str) -> str:
    body = said.encode(errors="replace")[:LONGEST]
    try:
        with _OPENER.open(_Question(address, body or None, _HEADERS), timeout=TIMEOUT_S):
            return ""
    except HTTPError as error:
        with error:
            return f"HTTP {error.code}"
    except (OSError, ValueError, HTTPException) as error:  # of http.client's errors not all are an OSError
        return type(getattr(error, "reason", error)).__name__


class _Question(Request):
    """An address that `monitor.config` has looked at: http(s) and nothing else."""


class _NoRedirects(HTTPRedirectHandler):
    """A ping that is sent elsewhere was not taken: the address is wrong."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_NoRedirects)
_POST = _Post()
atexit.register(_POST.finish)
