"""How long the desk takes to answer, with a database as large as one may ever get and with an empty one.

    python benchmarks/desk.py [--changes 100000] [--sources 2000] [--sops 500] [--rounds 30] [--keep FOLDER]

Each database is served in a process of its own, as `monitor serve` does, and asked over HTTP, one page after the other,
round by round. Printed are median and 95th percentile, the CPU of the server (which other work on the machine hardly
changes), the median with the empty database, and the size. Each round decides about other changes. Exit status 1 where
inbox, change, deciding, ledger or search takes longer than 100 ms at the median.

`--keep`: build in this folder, which stays, or use what was built there before. Deciding happens in a copy.

Does not do: inventing the database (`big_desk.py`).
"""

from __future__ import annotations

import argparse
import logging
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from multiprocessing import get_context
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import structlog

sys.path.insert(0, str(Path(__file__).parent.parent))

from big_desk import NOW, Size, build

from monitor.config import read_config
from monitor.model import Role
from monitor.service import listen
from monitor.store import open_store, transaction, write_time
from monitor.store.changes import get_change
from monitor.store.flagged import get_flagged
from monitor.store.inbox import Wanted, iter_waiting
from monitor.store.passes import PassSort, add_pass
from monitor.store.procedures import get_stale
from monitor.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

    from monitor.config import Config
    from monitor.store import Database

MOST_MS = 100
WARM = 2
"""Rounds that do not count."""
WHO = "Maria Costa"


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for; with a `form` something is decided, and `{}` stands for another Change each time."""

    name: str
    path: str
    form: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    is_judged: bool = False
    """Whether it must answer within MOST_MS."""


class Took(NamedTuple):
    """What one answer took."""

    ms: float
    """Until all of it was there."""
    cpu_ms: float
    """Of the server."""
    kb: float


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in. `server` says how many seconds of CPU it has used, as often as something is sent."""

    connection: HTTPConnection
    cookie: str
    server: Connection

    def ask(self, page: Page, change_id: int) -> Took:
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.connection.host}:{self.connection.port}"}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if page.form else {}
        used, began = self._get_used(), time.perf_counter()
        self.connection.request(
            "POST" if page.form else "GET", page.path.format(change_id), page.form.format(change_id) or None,
            headers | page.headers,
        )  # fmt: skip
        answer = self.connection.getresponse()
        size, ended = len(answer.read()), time.perf_counter()
        if answer.status not in {HTTPStatus.OK, HTTPStatus.SEE_OTHER}:
            raise SystemExit(f"{page.name}, {page.path}: answered with {answer.status}")
        return Took(1000 * (ended - began), 1000 * (self._get_used() - used), size / 1000)

    def _get_used(self) -> float:
        self.server.send(None)
        return float(self.server.recv())


def configure(folder: Path) -> Config:
    """What is in that folder, as of NOW."""
    return read_config(
        {"MONITOR_NOW": write_time(NOW)}, db=str(folder / "monitor.db"), sources=str(folder / "sources.yaml")
    )


def serve(folder: Path, ready: Connection) -> None:
    """Until the other end of `ready` is closed; for whatever it sends, the seconds of CPU used are sent back."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with listen(create_app(configure(folder)), "127.0.0.1", 0) as address:
        ready.send(address)
        with suppress(EOFError):
            while True:
                ready.recv()
                ready.send(time.process_time())


@contextmanager
def visit(folder: Path) -> Iterator[Visitor]:
    """Somebody at the desk of this database, which a process of its own serves."""
    config = configure(folder)
    with closing(open_store(config.db)) as db, transaction(db):
        token = add_pass(db, PassSort.SESSION, who=WHO, role=Role.LEAD, now=NOW, lasts=timedelta(days=1))
    start = get_context("spawn")
    ours, theirs = start.Pipe()
    server = start.Process(target=serve, args=[folder, theirs], daemon=True)
    server.start()
    theirs.close()
    host, _, port = ours.recv().removeprefix("http://").partition(":")
    yield Visitor(HTTPConnection(host, int(port), timeout=60), f"desk-{port}={token}", ours)
    ours.close()
    server.join()


def list_everywhere() -> list[Page]:
    """What there is at every desk."""
    return [
        Page("inbox", "/", is_judged=True),
        Page("inbox, filtered", "/?severity=high&jurisdiction=EU", is_judged=True),
        Page("inbox, of one person", f"/?mine={quote(WHO)}", is_judged=True),
        Page("inbox, page 2", "/?page=2", is_judged=True),
        Page("inbox, in hand", "/?show=in-hand", is_judged=True),
        Page("ledger", "/procedures", is_judged=True),
        Page("search, one word", "/search?q=minors", is_judged=True),
        Page("search, a rare word", "/search?q=R99", is_judged=True),
        Page("search, a phrase", "/search?q=%22threats+to+minors%22", is_judged=True),
        Page("sources", "/sources"),
        Page("calendar", "/calendar"),
        Page("numbers", "/numbers"),
        Page("calendar.ics", "/calendar.ics"),
        Page("feed.atom", "/feed.atom"),
        Page("API, changes", "/api/changes"),
    ]


def list_own(db: Database) -> list[Page]:
    """What there is at this one: the most and the least that waits, and what is around it."""
    flagged = [
        each for each in get_flagged(db, list_waiting(db), None, 1).values() if each.document_id == each.source_id
    ]
    short, long = (choose(flagged, key=attrgetter("passage_count")) for choose in (min, max))
    change = get_change(db, long.change_id)
    sop = Counter(each.sop_id for each in get_stale(db)).most_common(1)[0][0]
    return [
        Page("change, short", f"/changes/{short.change_id}", is_judged=True),
        Page("change, with much around it", f"/changes/{change.id}", is_judged=True),
        Page("procedure", f"/procedures/{sop}"),
        Page("source", f"/sources/{change.source_id}"),
        Page("text", f"/texts/{quote(change.document_id, safe='')}"),
        Page("two versions compared", f"/versions/{change.from_version_id}/{change.to_version_id}"),
    ]


DECIDING = (
    Page("deciding in the inbox", "/decide", "verdict=confirmed&together={}", is_judged=True),
    Page("deciding at the change", "/changes/{}/decide", "verdict=confirmed", is_judged=True),
    Page(
        "deciding there, with htmx", "/changes/{}/decide", "verdict=not-applicable&reason=unrelated",
        {"HX-Request": "true"}, is_judged=True,
    ),
)  # fmt: skip


def measure(folder: Path, pages: Sequence[Page], rounds: int, changes: Sequence[int] = ()) -> dict[str, list[Took]]:
    """What each page took in each round; `changes` can be decided, one for each form that is sent."""
    found: dict[str, list[Took]] = {each.name: [] for each in pages}
    others = iter(changes)
    with visit(folder) as visitor:
        for _ in range(WARM + rounds):
            for page in pages:
                found[page.name].append(visitor.ask(page, next(others) if page.form else 0))
    return {name: took[WARM:] for name, took in found.items()}


def list_waiting(db: Database) -> list[int]:
    """Changes that nobody decided, in the order of the inbox."""
    return [each.change_id for each in iter_waiting(db, Wanted(), NOW.date())]


def print_table(
    pages: Sequence[Page], here: Mapping[str, Sequence[Took]], empty: Mapping[str, Sequence[Took]]
) -> list[str]:
    """Returns the names of those that take too long."""
    print(f"{'':<28}{'median ms':>10}{'p95 ms':>8}{'CPU ms':>8}{'empty ms':>10}{'kB':>6}")
    slow = []
    for page in pages:
        median, cpu_ms, kb = (statistics.median(each) for each in zip(*here[page.name], strict=True))
        p95 = sorted(here[page.name])[int(len(here[page.name]) * 0.95)].ms
        nothing = f"{statistics.median(each.ms for each in empty[page.name]):.0f}" if page.name in empty else "–"
        is_slow = page.is_judged and median > MOST_MS
        slow += [page.name] if is_slow else []
        mark = "  too slow" if is_slow else ""
        print(f"{page.name:<28}{median:>10.0f}{p95:>8.0f}{cpu_ms:>8.0f}{nothing:>10}{kb:>6.0f}{mark}", flush=True)
    return slow


def compare(folder: Path, rounds: int) -> list[str]:
    """Print the table for the database in this folder. Returns the names of the pages that take too long."""
    with closing(open_store(folder / "monitor.db")) as db:
        own, waiting = list_own(db), list_waiting(db)
    with tempfile.TemporaryDirectory() as name:
        empty, copy = Path(name, "empty"), Path(name, "copy")
        for each in (empty, copy):
            each.mkdir()
            (each / "sources.yaml").write_text("sources: []")
        shutil.copy(folder / "sources.yaml", copy)
        shutil.copy(folder / "monitor.db", copy)
        pages = [*list_everywhere(), *own]
        here = measure(folder, pages, rounds) | measure(copy, DECIDING, rounds, waiting)
        return print_table([*pages, *DECIDING], here, measure(empty, list_everywhere(), rounds))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=Size().changes)
    options.add_argument("--sources", type=int, default=Size().sources)
    options.add_argument("--sops", type=int, default=Size().sops)
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="build there, or use what was built there before")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        if not (folder / "monitor.db").exists():
            folder.mkdir(parents=True, exist_ok=True)
            build(folder / "monitor.db", Size(chosen.changes, chosen.sources, chosen.sops))
        print(f"{chosen.changes:,} changes, {chosen.sources:,} sources, {chosen.sops:,} SOPs; {chosen.rounds} rounds")
        slow = compare(folder, chosen.rounds)
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
