"""Runs one crawl in one child process and gives its own verdict on it: one Fetch for every Request, whatever happens.

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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, cast

from monitor.crawl.frames import Verdict, iter_frames
from monitor.crawl.work import Patience, Work
from monitor.errors import CrawlError
from monitor.model import Fetch, Outcome, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

COMMAND = (sys.executable, "-P", "-m", "monitor.crawl.child")
"""-P: a module that lies in the current folder must not be imported in place of ours."""
LOG_TAIL_BYTES = 4096


def crawl(
    requests: Sequence[Request],
    *,
    allow_private: bool,
    contact: str | None,
    now: Callable[[], datetime],
    patience: Patience | None = None,
    open_hosts: Collection[str] = (),
) -> Iterator[Fetch]:
    """One Fetch for every Request, each as soon as it arrives, stamped with `now()` on arrival.

    A Request is known by its source and URL; asked twice, it is answered once. What the crawl process gave no answer
    for comes last, as LOST with the reason. Closing the iterator early ends the process.

    `open_hosts`: see Work. Raises CrawlError only if the process cannot be started.
    """
    waiting = {(each.source_id, each.url): each for each in requests}
    if not waiting:
        return
    work = Work(
        requests=tuple(waiting.values()),
        now=now(),
        parent_pid=os.getpid(),
        allow_private=allow_private,
        open_hosts=tuple(open_hosts),
        contact=contact,
        patience=patience or Patience(),
    )
    with _started(work) as child:
        for fetch in child.iter_fetches():
            if waiting.pop((fetch.source_id, fetch.url), None):
                yield replace(fetch, at=now())
        reason = child.explain()
    for request in waiting.values():
        yield Fetch(request.source_id, request.url, now(), Outcome.LOST, detail=reason)


@dataclass(slots=True)
class _Child:
    """A crawl process under way, what it has said about itself, and the file its log goes to."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]
    limit_s: float
    verdict: Verdict | None = None
    ended: list[str] = field(default_factory=list)
    """Why we ended it ourselves, if we did."""

    def end(self, reason: str) -> None:
        self.ended.append(reason)
        self.process.kill()

    def iter_fetches(self) -> Iterator[Fetch]:
        """The Fetches as they arrive, until the process is done or its time is over."""
        timer = threading.Timer(self.limit_s, self.end, [f"it was ended after its time limit of {self.limit_s:.0f} s"])
        timer.daemon = True  # a caller that ends with an error does not wait for it
        timer.start()
        try:
            yield from self._iter_fetches()
            self.process.wait()
        except ValueError as error:
            self.end(f"it wrote something else than frames ({error})")
            self.process.wait()
        finally:
            timer.cancel()

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
        return f"the crawl process gave no answer: {'; '.join(reasons)}"

    def _exit(self) -> list[str]:
        code = self.process.returncode
        if code < 0 and not self.ended:
            return [f"killed by {signal.Signals(-code).name}"]
        return [f"exit status {code}"] if code > 0 else []

    @staticmethod
    def _verdict(verdict: Verdict) -> list[str]:
        return [*dict.fromkeys(verdict.errors), *(f"{spider} {reason}" for spider, reason in verdict.reasons.items())]

    def _log_tail(self) -> list[str]:
        self.log.seek(max(0, self.log.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
        lines = self.log.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return [f"last log line: {last[:300]}"] if last else []


@contextmanager
def _started(work: Work) -> Iterator[_Child]:
    """A crawl process with its work handed over; it is gone when the block is left."""
    with tempfile.TemporaryFile() as log, _popen(log) as process:
        try:
            _hand_over(process, work)
            yield _Child(process, log, work.patience.run_limit(len(work.requests)))
        finally:
            process.kill()


def _popen(log: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  our own interpreter and module, nothing from outside
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_child_environment(),
        )
    except OSError as error:
        raise CrawlError(
            f"the crawl process cannot be started with {COMMAND[0]} ({error}). Check the installation with "
            f"`{COMMAND[0]} -m monitor.crawl.child --help`."
        ) from error


def _child_environment() -> dict[str, str]:
    """Ours without the secrets, which hostile pages have no business near; and the parent's import path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return kept | {"PYTHONPATH": os.pathsep.join(sys.path)}


def _hand_over(process: subprocess.Popen[bytes], work: Work) -> None:
    """Writes the work and closes the pipe. A child that is dead already is found out by what is missing."""
    with suppress(BrokenPipeError), cast("IO[bytes]", process.stdin) as stdin:
        stdin.write(work.to_json())
