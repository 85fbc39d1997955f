"""A command of the program that dies, or is refused something, at one chosen moment.

A command passes *points*: each statement that writes, each file that is opened to be written, put in place or removed,
each request to Slack, each answer of Slack that is waited for. A point belongs to the step of the main job that it is
passed in, so "the 17th point of process" is the same moment each time, and SIGKILL there is a crash that can be
repeated. Between points the system is asked to kill a process in the midst of a write: at a limit on the size of files.

Three things are replaced, because each costs more than all the rest of a run. What publishers answer is handed over
instead of asked for by a process of Scrapy; bytes are read in this very process; sections are found by words alone.

Does not do: choosing moments, judging what is left (`faults.py`).
"""

from __future__ import annotations

import codecs
import hashlib
import http.client
import inspect
import json
import multiprocessing
import os
import resource
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from digests import compose
from digests.send import Patience, send_pending
from monitor import desk, schedule, store
from monitor.cli import COMMANDS, main
from monitor.impact import meaning
from monitor.model import Fetch, Outcome
from monitor.reading import read_bytes
from monitor.store import backup, sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.model import Extract, Request, Source

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.scenarios.rehearsed", *{module for module, _ in COMMANDS.values()}])
"""From the root of the repository; elsewhere everything takes longer."""

STEPS = {
    vars(desk)["open_desk"].__wrapped__.__code__: "open",
    vars(schedule)["_crawl"].__code__: "crawl",
    vars(schedule)["_understand"].__code__: "process",
    compose.compose_due.__code__: "compose",
    schedule.deliver.__code__: "send",
    backup.back_up.__code__: "backup",
    vars(store)["_migrate"].__code__: "migrate",
}
"""The step that a point is passed in: that of the innermost function on the stack that is one of these."""
WRITES = ("ALTER", "BEGIN", "COMMIT", "CREATE", "DELETE", "DROP", "INSERT", "REPLACE", "UPDATE", "VACUUM")
FILES = {"open", "os.mkdir", "os.remove", "os.rename"}
NOBODY = 65534
UNCAUGHT = 70
"""In place of the exit status of a command that ends with a traceback: people are never to see one."""
TIMEOUT_S = 1.0
"""That Slack gets. It answers on this machine, or it hangs."""


@dataclass(frozen=True, slots=True)
class Doom:
    """What happens to a command."""

    step: str = ""
    point: int = 0
    """SIGKILL before what would be the n-th point of that step."""
    most_bytes: int | None = None
    """No file may grow beyond this."""
    is_killed: bool = False
    """Whoever writes more is killed in the midst of it; else the write is refused, as on a full disk."""
    is_nobody: bool = False
    """It runs as the user nobody, who may only write what all may."""


UNHARMED = Doom()


class Points:
    """Counts the points of this process, and ends it at the one that is doomed."""

    def __init__(self, doom: Doom, said: Path) -> None:
        self.doom = doom
        self.counts: Counter[str] = Counter()
        self._said = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def arm(self) -> Self:
        connect = sqlite3.connect
        sqlite3.connect = lambda *args, **kwargs: self._watch(connect(*args, **kwargs))
        answer = http.client.HTTPConnection.getresponse
        http.client.HTTPConnection.getresponse = lambda *args: (self.pass_by("answer awaited"), answer(*args))[1]
        sys.addaudithook(self._hear)
        return self

    def pass_by(self, what: str) -> None:
        step = find_step()
        self.counts[step] += 1
        if (step, self.counts[step]) == (self.doom.step, self.doom.point):
            self.say(what)
            os.kill(os.getpid(), signal.SIGKILL)

    def say(self, what: str = "") -> None:
        """For the parent: how many points there were, and what the last one was."""
        os.write(self._said, json.dumps({"what": what, "points": self.counts}).encode())

    def _watch(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        connection.set_trace_callback(self._trace)
        return connection

    def _trace(self, statement: str) -> None:
        verb = statement.split(maxsplit=1)[0].upper()
        if verb in WRITES:
            self.pass_by(verb)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if event == "http.client.send":
            self.pass_by("request sent")
        elif event in FILES and (event != "open" or _is_to_write(args)):
            self.pass_by(event)


def _is_to_write(args: tuple[object, ...]) -> bool:
    _, _, flags = args
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def find_step() -> str:
    frame = inspect.currentframe()
    while frame:
        if frame.f_code in STEPS:
            return STEPS[frame.f_code]
        frame = frame.f_back
    return "other"


class Crawl:
    """In place of `monitor.crawl`: each address with what it answers, or the reason why it does not."""

    def __init__(self, answers: Mapping[str, bytes | Outcome]) -> None:
        self.answers = answers

    def __call__(self, requests: Sequence[Request], *, now: Callable[[], datetime], **_: object) -> Iterator[Fetch]:
        for request in requests:
            yield answer(request, self.answers[request.url], now())


def answer(request: Request, said: bytes | Outcome, now: datetime) -> Fetch:
    """As the crawl process tells it, with an ETag."""
    if isinstance(said, Outcome):
        return Fetch(request.source_id, request.url, now, said, detail="so it was chosen")
    headers = {
        "content-type": "application/atom+xml" if said.startswith(b"<feed") else "text/html; charset=utf-8",
        "etag": f'"{hashlib.sha256(said).hexdigest()[:16]}"',
    }
    if request.etag == headers["etag"]:
        return Fetch(request.source_id, request.url, now, Outcome.UNCHANGED, 304, request.url, headers)
    return Fetch(request.source_id, request.url, now, Outcome.OK, 200, request.url, headers, said)


class ReaderHere:
    """In place of `monitor.reading.Reader`: without a process of its own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, source: Source, body: bytes, headers: Mapping[str, str], accepted: Sequence[str] = ()) -> Extract:
        return read_bytes(source, body, headers, accepted)


def replace_parts(crawl: Crawl) -> None:
    """In this process. Slack gets little time, and is looked at again at once."""
    schedule.crawl, schedule.Reader = crawl, ReaderHere
    meaning.find_english = lambda _folder: None
    patience = Patience(timeout=TIMEOUT_S, settle=0, pace=0, unknown=timedelta(seconds=1))
    send_pending.__kwdefaults__["patience"] = patience


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended."""

    status: int
    """As the shell has it; negative: the signal that killed it."""
    out: str
    err: str
    what: str = ""
    """Before which point it was killed; "" = not at a point."""
    points: Mapping[str, int] | None = None
    """How many each step has; None where it was killed elsewhere."""


def call(
    folder: Path,
    words: Sequence[str],
    environment: Mapping[str, str],
    answers: Mapping[str, bytes | Outcome],
    doom: Doom = UNHARMED,
) -> Ending:
    """What a command does in a process forked for it; `folder` takes what it prints."""
    paths = [folder / name for name in ("out", "err", "said")]
    for path in paths:
        path.write_bytes(b"")
    process = FORKED.Process(target=_be, args=[words, dict(environment), answers, doom, paths])
    process.start()
    process.join()
    out, err, said = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    facts = json.loads(said) if said else {}
    is_caught = f"Process {process.name}:\nTraceback" not in err
    return Ending(process.exitcode if is_caught else UNCAUGHT, out, err, **facts)


def _be(
    words: Sequence[str],
    environment: dict[str, str],
    answers: Mapping[str, bytes | Outcome],
    doom: Doom,
    paths: Sequence[Path],
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in zip((sys.stdout, sys.stderr), paths, strict=False):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    replace_parts(Crawl(answers))
    points = Points(doom, paths[2]).arm()
    if doom.most_bytes is not None:
        _limit_files(doom.most_bytes, is_killed=doom.is_killed)
    if doom.is_nobody:
        codecs.lookup("utf-8-sig")  # who is nobody may not even read the Python of root
        os.setuid(NOBODY)
    sys.argv = ["monitor", *words]
    try:
        main()
    finally:
        points.say()


def _limit_files(most_bytes: int, *, is_killed: bool) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if is_killed else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
