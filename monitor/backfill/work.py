"""The history that a publisher's interface gives, under way: what is asked and recorded, read, judged and written.

Two steps, as ever. What is asked is recorded as it arrives: a Fetch of the day on which it was asked, its bytes, a
Resource that is never due. Then it is read from the stored bytes, in a process of its own, and each text becomes a
Version of the day that its publisher gives it. Killed at any moment, the next call asks only for what did not arrive,
reads only what was not read, and writes nothing twice.

Does not do: asking (a function that is handed over does), choosing what to ask for, SQL, tagging.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from monitor.answers import read_entry
from monitor.backfill import Place
from monitor.backfill.writing import write_text
from monitor.compare.kinds import compare
from monitor.envelope import unpack
from monitor.extract import recipe
from monitor.model import Outcome
from monitor.steps import Reading, origin_of, state
from monitor.store import fetches, history, transaction
from monitor.store.fetches import MARK, FetchState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from monitor.envelope import Answer
    from monitor.errors import ExtractionError
    from monitor.feeds import Feed
    from monitor.model import Block, ChangeKind, Entry, Fetch, Judgement, Origin, Request, Source
    from monitor.reading import Reader
    from monitor.store import Database
    from monitor.store.history import Recorded

BATCH = 50
"""Texts that are written together: other processes write meanwhile."""
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that was asked for and gave no text."""

    url: str
    problem: str
    """An Outcome, or the kind of a Problem."""
    detail: str
    is_gone: bool = False
    """The publisher has no text there; else it may come with the next call."""


@dataclass(slots=True)
class Brought:
    """What one backfill found and wrote."""

    places: Counter[Place] = field(default_factory=Counter)
    """How many texts lie where."""
    kinds: Counter[ChangeKind] = field(default_factory=Counter)
    """How many Changes of each kind lead to the new Versions."""
    documents: set[str] = field(default_factory=set)
    """The ids of those that got a new Version."""
    days: list[datetime] = field(default_factory=list)
    """Of the new Versions."""
    unchanged: int = 0
    """Texts that say what the one before said."""
    undated: int = 0
    refused: list[Missing] = field(default_factory=list)
    """What is gone or cannot be read: there is no text of it."""
    failed: list[Missing] = field(default_factory=list)
    """What did not arrive: the next call asks again."""


@dataclass(slots=True)
class _Line:
    """What history has of one Document up to now, and what is about to be written."""

    times: set[datetime]
    blocks: tuple[Block, ...] = ()
    version_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Text:
    """One text to be written."""

    reading: Reading
    judgement: Judgement
    at: datetime


class Work:
    """The history of one Source under way.

    `ask` gives one Fetch for each Request (`monitor.crawl.runner`). `open_with` judges the first text of a Document.
    """

    def __init__(
        self,
        db: Database,
        source: Source,
        reader: Reader,
        ask: Callable[[Sequence[Request]], Iterator[Fetch]],
        *,
        open_with: Callable[[Reading, Origin], Judgement],
        now: datetime,
    ) -> None:
        self.source = source
        self.done = Brought()
        self.end = min(now, history.find_first_reading(db, source.id) or now)
        """When our own looks begin: of what comes later they tell."""
        self._db = db
        self._reader = reader
        self._ask = ask
        self._open_with = open_with
        self._recipe = recipe(source.kind, source.select, source.remove)
        self._lines: dict[str, _Line] = {}

    def ask(self, urls: Iterable[str]) -> dict[str, Missing]:
        """Record what these answer, each as it arrives. Returns what gave no answer, by URL."""
        missing = {}
        for fetch in self._ask([self.source.request(url) for url in urls]):
            self._record(fetch)
            if fetch.body is None:
                is_gone = fetch.outcome is Outcome.HTTP_ERROR and fetch.status in _GONE
                missing[fetch.url] = Missing(fetch.url, fetch.outcome, fetch.detail, is_gone)
        return missing

    def find(self, url: str) -> Recorded | None:
        """What the URL answered last, unless that could not be read."""
        return history.find_recorded(self._db, self.source.id, url)

    def open(self, recorded: Recorded) -> tuple[Answer, ...]:
        return unpack(fetches.read_body(self._db, recorded.snapshot_id))

    def read(self, envelope: bytes) -> tuple[Entry, ...]:
        """As our own looks at the Source are read. Raises ExtractionError."""
        feed = cast("Feed", self._reader.read(self.source, envelope, {}))  # of an interface it is one
        return feed.entries

    def refuse(self, url: str, recorded: Iterable[Recorded], error: ExtractionError) -> None:
        """The bytes stay as evidence; they are asked for again, as what is read today may be tomorrow."""
        self.done.refused.append(Missing(url, error.problem, error.detail))
        self._mark(recorded, FetchState.REJECTED)

    def write(self, entries: Sequence[Entry], recorded: Sequence[Recorded]) -> None:
        """The entries, each as a text of the day of its `published_at`; those of one Document in their order."""
        for start in range(0, len(entries), BATCH):
            texts = [text for entry in entries[start : start + BATCH] if (text := self._judge(entry))]
            with transaction(self._db):
                for text in texts:
                    self._write(text, recorded)
        self._mark(recorded, FetchState.GOOD)

    def _record(self, fetch: Fetch) -> None:
        with transaction(self._db):
            resource_id = history.declare_resource(self._db, self.source.id, fetch.url + MARK)
            snapshot_id = None
            if fetch.body is not None:
                sha256 = hashlib.sha256(fetch.body).hexdigest()
                snapshot_id = fetches.add_snapshot(self._db, resource_id, sha256, fetch, fetch.body)
            fetches.add_fetch(self._db, resource_id, fetch, snapshot_id=snapshot_id, state=FetchState.NONE)

    def _mark(self, recorded: Iterable[Recorded], how: FetchState) -> None:
        with transaction(self._db):
            for each in recorded:
                history.mark_recorded(self._db, each.fetch_id, how)

    def _judge(self, entry: Entry) -> _Text | None:
        """None where it is no new text of history, which is counted."""
        if entry.published_at is None:
            self.done.undated += 1
            return None
        at = begin(entry.published_at.date())
        reading = read_entry(self.source, entry)
        line = self._find_line(reading.id)
        place = self._place(at, line.times)
        self.done.places[place] += 1
        if place is not Place.NEXT:
            return None
        origin = origin_of(self.source, reading, at)
        if not line.blocks:
            judgement = self._open_with(reading, origin)
        elif compared := compare(line.blocks, reading.blocks, origin):
            judgement = state(compared, reading, line.blocks)
        else:
            self.done.unchanged += 1
            return None
        line.times.add(at)
        line.blocks = reading.blocks
        return _Text(reading, judgement, at)

    def _find_line(self, document_id: str) -> _Line:
        if document_id not in self._lines:
            last = history.find_last(self._db, document_id)
            times = set(history.get_times(self._db, document_id))
            self._lines[document_id] = _Line(times, last.blocks, last.id) if last else _Line(times)
        return self._lines[document_id]

    def _place(self, at: datetime, times: set[datetime]) -> Place:
        if at in times:
            return Place.KNOWN
        if at >= self.end:
            return Place.NEWER
        return Place.OLDER if times and at < max(times) else Place.NEXT

    def _write(self, text: _Text, recorded: Sequence[Recorded]) -> None:
        line = self._lines[text.reading.id]
        line.version_id = write_text(
            self._db,
            self.source.id,
            text.reading,
            text.judgement,
            at=text.at,
            recipe=self._recipe,
            fetch_id=recorded[-1].fetch_id,
            snapshot_ids=[each.snapshot_id for each in recorded],
            from_version_id=line.version_id,
        )
        self.done.kinds[text.judgement.kind] += 1
        self.done.documents.add(text.reading.id)
        self.done.days.append(text.at)


def begin(day: date) -> datetime:
    """When a text of that day begins to stand: a day of a publisher is the same day here, whatever its zone."""
    return datetime.combine(day, time(), UTC)
