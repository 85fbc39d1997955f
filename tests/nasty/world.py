"""A world of publishers, some of them nasty, and visits of ours: crawl process, reader and store are the real ones.

    with World(folder) as world:
        visit = world.see(list_cases(world.inside))
        visit.problems["slow-body"], visit.texts["good-page"], visit.canaries

Does not do: saying what is right (the tests and `benchmarks/hostile.py`).
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self
from unittest.mock import patch

from monitor.crawl import runner
from monitor.crawl.work import Patience
from monitor.failing import gather
from monitor.impact import build_index
from monitor.model import ChangeKind, Source
from monitor.reading import Reader
from monitor.store import open_store, problems, sources, transaction, versions
from monitor.store.changes import iter_changes
from monitor.tagging import Tagger
from monitor.tracking import process, record
from nasty.memory import Watch
from nasty.wire import Canary, Publisher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.model import Change, Fetch, Problem
    from nasty.cases import Case

COMMAND = (sys.executable, "-P", "-m", "nasty.child")
BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HASTE = Patience(answer_s=5, retries=0, pause_s=0.05)


@dataclass(frozen=True)
class Visit:
    """What came of one crawl of all cases, and of reading it. By the names of the cases."""

    fetches: dict[str, Fetch]
    problems: dict[str, Problem]
    texts: dict[str, str]
    """Of those that were ever read: all their Documents, titles and links included."""
    canaries: int
    """Connections that came where nobody may come, so far."""
    failures: tuple[str, ...]
    peaks: dict[str, float]
    crawl_s: float
    read_s: float


class World:
    """One publisher for all names, a canary, and a store. `inside` is where nobody may come."""

    def __init__(self, folder: Path, patience: Patience = HASTE, reading_s: float = 4) -> None:
        self.db = open_store(folder / "monitor.db")
        self.tagger = Tagger.load(self.db, build_index(()))
        self.patience, self.reading_s = patience, reading_s
        self.publisher = Publisher({})
        self._visits = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.callback(self.db.close)
        self._stack.enter_context(self.publisher)
        self.canary = self._stack.enter_context(Canary(self.publisher.port))
        self._stack.enter_context(patch.object(runner, "COMMAND", COMMAND))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def inside(self) -> str:
        return f"http://127.0.0.1:{self.publisher.port}/"

    def see(self, cases: Sequence[Case]) -> Visit:
        """Crawls and reads all of them, an hour after the last time."""
        now = BEGIN + timedelta(hours=self._visits)
        self._visits += 1
        self.publisher.pages = {each.name: each.serve for each in cases}
        self.publisher.robots = {each.name: each.robots for each in cases}
        watched = [_source(each, each.url or self.publisher.url(each.name)) for each in cases]
        with transaction(self.db):
            sources.declare_sources(self.db, watched, now)
        with Watch() as watch:
            began = time.monotonic()
            fetches = self._crawl(watched, now)
            crawled = time.monotonic()
            failures = self._read(watched, now)
            read = time.monotonic()
        return Visit(
            fetches=fetches,
            problems={each.source_id: each for each in problems.get_open(self.db)},
            texts=self._texts(),
            canaries=self.canary.visitors,
            failures=failures,
            peaks=watch.peaks,
            crawl_s=crawled - began,
            read_s=read - crawled,
        )

    def changes(self) -> list[Change]:
        """Everything that differs from what was read before, told or not."""
        return [each for each in iter_changes(self.db, everything=True) if each.judgement.kind is not ChangeKind.FIRST]

    def _crawl(self, watched: Sequence[Source], now: datetime) -> dict[str, Fetch]:
        requests = [request for each in watched for request in sources.get_requests(self.db, each)]
        fetches = {}
        arriving = runner.crawl(requests, allow_private=False, contact=None, now=lambda: now, patience=self.patience)
        for fetch in arriving:
            record(self.db, fetch)
            fetches[fetch.source_id] = fetch
        return fetches

    def _read(self, watched: Sequence[Source], now: datetime) -> tuple[str, ...]:
        with gather({}) as failures, Reader(seconds=self.reading_s) as reader:
            process(self.db, {each.id: each for each in watched}, self.tagger, reader, now)
        return tuple(failures)

    def _texts(self) -> dict[str, str]:
        texts: dict[str, list[str]] = {}
        for row in self.db.query("SELECT id, source_id FROM document"):
            if version := versions.find_current(self.db, row["id"]):
                document = versions.get_document(self.db, row["id"])
                lines = [document.title, document.url, *(f"{each.text} {each.links}" for each in version.blocks)]
                texts.setdefault(row["source_id"], []).extend(lines)
        return {source_id: "\n".join(lines) for source_id, lines in texts.items()}


def _source(case: Case, url: str) -> Source:
    return Source(case.name, case.name, "Nobody", "EU", case.kind, (url,))
