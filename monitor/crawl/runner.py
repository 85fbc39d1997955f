"""Runs one crawl in a child process and gives its own verdict on it: one Fetch for every Request, whatever happens.

What needs a browser is asked after the rest, in a process of its own: a browser that breaks costs no other page its
Fetch, and no host is asked by both at once.

Why a process: Scrapy's reactor cannot start twice, its imports and memory go away with it, and a page that brings it
down brings down nothing else. Why our own verdict: Scrapy's finish reason is "finished" also when every callback
raised, and a killed process says nothing at all. So what was asked is counted against what arrived, and what is missing
is a Fetch with the Outcome LOST.

Does not do: importing Scrapy, storing, deciding what is due, retrying what was lost (it is due again).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, cast

from monitor.crawl.frames import Verdict, iter_frames
from monitor.crawl.work import Patience, Work
from monitor.errors import CrawlError
from monitor.model import Fetch, Outcome, Request
from monitor.settings import read_settings, without_secrets
from spiders.keys import hide

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

COMMAND = (sys.executable, "-P", "-m", "monitor.crawl.child")
"""-P: a module that lies in the current folder must not be imported in place of ours."""
LOG_LINE_BYTES = 4096
LOOK_S = 0.2
"""Between two looks whether a crawl is to be ended."""
LAST_WORDS_S = 10.0
"""A browser that is killed with its crawl is gone in half a second."""
KEYS = "_API_KEY"
"""How the variables end that hold a key to an interface (`spiders`)."""
EXTRA = "scrapy_playwright"
"""What the extra `browser` installs."""


def crawl(
    requests: Sequence[Request],
    *,
    allow_private: bool,
    contact: str | None,
    now: Callable[[], datetime],
    patience: Patience | None = None,
    open_hosts: Collection[str] = (),
    chromium: str | None = None,
    ended: threading.Event | None = None,
) -> Iterator[Fetch]:
    """One Fetch for every Request, each as soon as it arrives, stamped with `now()` on arrival.

    A Request is known by its source and URL; asked twice, it is answered once. What the crawl process gave no answer
    for comes last, as LOST with the reason. Closing the iterator early ends the process.

    `open_hosts`, `chromium`: see Work. Once `ended` is set, the process is ended within LOOK_S: what arrived is given,
    and what did not has no Fetch, so that it stays due. Raises CrawlError only if the process cannot be started.
    """
    ended = ended or threading.Event()
    asked = {(each.source_id, each.url): each for each in requests}.values()
    rendered = [each for each in asked if each.render]
    work = Work(
        requests=tuple(each for each in asked if not each.render),
        now=now(),
        parent_pid=os.getpid(),
        allow_private=allow_private,
        open_hosts=tuple(open_hosts),
        contact=contact,
        chromium=chromium,
        patience=patience or Patience(),
    )
    yield from _crawl(work, now, ended)
    if find_spec(EXTRA):
        yield from _crawl(replace(work, requests=tuple(rendered)), now, ended)
    else:
        for each in rendered:
            yield Fetch(
                each.source_id, each.url, now(), Outcome.NO_BROWSER, detail="scrapy-playwright is not installed"
            )


def _crawl(work: Work, now: Callable[[], datetime], ended: threading.Event) -> Iterator[Fetch]:
    """All of it in one process; none where nothing is asked."""
    waiting = {(each.source_id, each.url): each for each in work.requests}
    if not waiting or ended.is_set():
        return
    with _started(work) as child:
        for fetch in child.iter_fetches(ended):
            if waiting.pop((fetch.source_id, fetch.url), None):
                yield replace(fetch, at=now())
        reason = child.explain()
    if ended.is_set():
        return
    for request in waiting.values():
        yield Fetch(request.source_id, request.url, now(), Outcome.LOST, detail=reason)


@dataclass(slots=True)
class _Child:
    """A crawl process under way, and what it has said about itself."""

    process: subprocess.Popen[bytes]
    log: _Log
    limit_s: float
    verdict: Verdict | None = None
    ended: list[str] = field(default_factory=list)
    """Why we ended it ourselves, if we did."""
    done: threading.Event = field(default_factory=threading.Event)

    def end(self, reason: str) -> None:
        self.ended.append(reason)
        self.process.kill()

    def iter_fetches(self, ended: threading.Event) -> Iterator[Fetch]:
        """The Fetches as they arrive, until the process is done, its time is over, or `ended` is set."""
        threading.Thread(target=self._watch, args=[ended, time.monotonic() + self.limit_s], daemon=True).start()
        try:
            yield from self._iter_fetches()
            self.process.wait()
        except ValueError as error:
            self.end(f"it wrote something else than frames ({error})")
            self.process.wait()
        finally:
            self.done.set()

    def _watch(self, ended: threading.Event, end: float) -> None:
        while not self.done.wait(LOOK_S):
            if ended.is_set():
                return self.end("whoever asked ends")
            if time.monotonic() >= end:
                return self.end(f"it was ended after its time limit of {self.limit_s:.0f} s")
        return None

    def _iter_fetches(self) -> Iterator[Fetch]:
        for frame in iter_frames(cast("IO[bytes]", self.process.stdout)):
            if isinstance(frame, Verdict):
                self.verdict = frame
            else:
                yield frame

    def explain(self) -> str:
        """Why there is no answer, in one line; for the Requests that got none."""
        said = self._verdict(self.verdict) if self.verdict else self._log_tail()
        reasons = [*self.ended, *self._exit(), *said]
        return hide_keys(f"the crawl process gave no answer: {'; '.join(reasons)}", read_keys())

    def _exit(self) -> list[str]:
        code = self.process.returncode
        if code < 0 and not self.ended:
            return [f"killed by {signal.Signals(-code).name}"]
        return [f"exit status {code}"] if code > 0 else []

    @staticmethod
    def _verdict(verdict: Verdict) -> list[str]:
        return [*dict.fromkeys(verdict.errors), *(f"{spider} {reason}" for spider, reason in verdict.reasons.items())]

    def _log_tail(self) -> list[str]:
        self.log.wait_for_end()
        return [f"last log line: {self.log.last}"] if self.log.last else []


def read_keys() -> dict[str, str]:
    """The keys to interfaces, by the names of their variables. Raises ConfigurationError, see `read_settings`."""
    return {name: value for name, value in read_settings(os.environ).items() if name.endswith(KEYS)}


def hide_keys(text: str, keys: Mapping[str, str]) -> str:
    """The text without these keys to interfaces, also as they stand in an address.

    Scrapy logs addresses with the key that some interfaces take as a parameter.
    """
    for key in keys.values():
        text = hide(text, key)
    return text


class _Log:
    """Reads what a process logs, and whatever it has started: the log ends when all of them have ended."""

    def __init__(self, reading: int) -> None:
        """`reading`: the descriptor, which is closed at the end."""
        self.last = ""
        self._thread = threading.Thread(target=self._read, args=[reading], daemon=True)
        self._thread.start()

    def _read(self, reading: int) -> None:
        with open(reading, "rb") as stream:
            while line := stream.readline(LOG_LINE_BYTES):
                self.last = line.decode(errors="replace").strip()[:300] or self.last

    def wait_for_end(self) -> None:
        self._thread.join(LAST_WORDS_S)


@contextmanager
def _started(work: Work) -> Iterator[_Child]:
    """A crawl process with its work handed over; when the block is left it is gone, with its browser and its files."""
    with tempfile.TemporaryDirectory(prefix="policy-monitor-", ignore_cleanup_errors=True) as folder:
        process, log = _popen(folder)
        with process:
            try:
                _hand_over(process, work)
                yield _Child(process, log, work.patience.run_limit(len(work.requests)))
            finally:
                process.kill()
                log.wait_for_end()


def _popen(folder: str) -> tuple[subprocess.Popen[bytes], _Log]:
    reading, writing = os.pipe()
    log = _Log(reading)
    try:
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module, nothing from outside
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=writing,
            env=_child_environment() | {"TMPDIR": folder},
        )
    except OSError as error:
        raise CrawlError(
            f"the crawl process cannot be started with {COMMAND[0]} ({error}). Check the installation with "
            f"`{COMMAND[0]} -m monitor.crawl.child --help`."
        ) from error
    finally:
        os.close(writing)
    return process, log


def _child_environment() -> dict[str, str]:
    """Ours with no other secrets than the keys to interfaces, and the parent's import path.

    Hostile pages have no business near the rest.
    """
    return without_secrets(os.environ) | read_keys() | {"PYTHONPATH": os.pathsep.join(sys.path)}


def _hand_over(process: subprocess.Popen[bytes], work: Work) -> None:
    """Writes the work and closes the pipe. A child that is dead already is found out by what is missing."""
    with suppress(BrokenPipeError), cast("IO[bytes]", process.stdin) as stdin:
        stdin.write(work.to_json())
