"""Understanding what arrived: from pending Fetches of one Source to Versions, Changes and Impacts.

A round is what one crawl brought of a Source. It is read, compared with the last confirmed text and matched first, and
then written in one transaction: the Fetches off the queue, validators saved, Problem closed, Version, Change, Passages,
Impacts. Where another process read the same Fetches meanwhile, nothing is written.

Does not do: recording Fetches, choosing what is read when (`monitor.tracking`); reading bytes (`monitor.answers`);
deciding what leads from one text to the next (`monitor.steps`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor.answers import Answers
from monitor.errors import ExtractionError
from monitor.steps import Part, Planner, Round
from monitor.store import fetches, problems, sources, transaction
from monitor.store.fetches import FetchState
from monitor.writing import tag, write_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.impact import Index
    from monitor.model import ChangeKind, Source
    from monitor.reading import Reader
    from monitor.steps import Reading, Step
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch
    from monitor.store.sources import Resource

log = structlog.get_logger()


class Tracker:
    """The reading of one Source's pending Fetches; `rejected` counts those that were no answer."""

    def __init__(self, db: Database, source: Source, index: Index, reader: Reader) -> None:
        self.db = db
        self.source = source
        self.index = index
        self.answers = Answers(db, source, reader)
        self.rejected = 0

    def process_round(self, group: Mapping[int, Sequence[PendingFetch]]) -> list[ChangeKind]:
        """Read what one crawl brought, by Resource (each with equal bytes), and write it in one transaction."""
        texts = {resource_id: self._read_fetches(same) for resource_id, same in group.items()}
        read = {resource_id: group[resource_id] for resource_id, readings in texts.items() if readings is not None}
        if not read:
            return []
        known = {key: Part(key, same[-1].snapshot_id, texts[key] or ()) for key, same in read.items()}
        resources = sources.get_resources(self.db, self.source.id)
        latest = max((same[-1] for same in read.values()), key=lambda fetch: fetch.id)
        parts = tuple(self._complete(resources, known, latest.at))
        round_ = Round(self.source, self.answers.recipe, parts, read)
        steps = [tag(step, self.source, self.index) for step in self._plan(round_, resources)]
        try:
            self._write(round_, steps)
        except _OvertakenError:
            log.info("overtaken", source=self.source.id)
            return []
        return [step.judgement.kind for step in steps]

    def _read_fetches(self, same: Sequence[PendingFetch]) -> tuple[Reading, ...] | None:
        """The Documents in one answer; None where it is no answer, which becomes a Problem at once."""
        try:
            return self.answers.read_new(same[-1])
        except ExtractionError as error:
            self._reject(same, error)
            return None

    def _reject(self, same: Sequence[PendingFetch], error: ExtractionError) -> None:
        with transaction(self.db):
            if all(fetches.claim_fetch(self.db, fetch.id, FetchState.REJECTED) for fetch in same):
                self._open_problem(same[-1].resource_id, error, same[-1].at)
        self.rejected += 1
        log.info("snapshot rejected", source=self.source.id, url=same[-1].url, problem=str(error.problem))

    def _open_problem(self, resource_id: int, error: ExtractionError, at: datetime) -> None:
        problems.open_problem(
            self.db, resource_id, error.problem, detail=error.detail, advice=error.advice, at=at, mark=error.mark
        )

    def _complete(self, resources: Sequence[Resource], known: Mapping[int, Part], at: datetime) -> Iterator[Part]:
        """What each Resource says now, in the order of the URLs.

        A part that brought nothing new says what its last good Snapshot says. One that was never read, or cannot be
        read any more since the selectors were edited, is left out, so that it cannot silence the others.
        """
        for resource in resources:
            if resource.id in known:
                yield known[resource.id]
            elif resource.snapshot_id and (readings := self._read_again(resource.id, resource.snapshot_id, at)):
                yield Part(resource.id, resource.snapshot_id, readings)

    def _read_again(self, resource_id: int, snapshot_id: int, at: datetime) -> tuple[Reading, ...] | None:
        try:
            return self.answers.read_stored(snapshot_id)
        except ExtractionError as error:
            with transaction(self.db):
                self._open_problem(resource_id, error, at)
            return None

    def _plan(self, round_: Round, resources: Sequence[Resource]) -> Iterator[Step]:
        if not round_.parts:  # none of these addresses is declared any more
            return
        is_news = self.source.is_feed and resources[0].read_as == self.source.kind
        planner = Planner(self.db, round_, is_news, self.answers.find_document)
        for reading in round_.readings():
            yield from planner.plan(reading)

    def _write(self, round_: Round, steps: Sequence[Step]) -> None:
        with transaction(self.db):
            for same in round_.read.values():
                self._write_reading(same)
            write_steps(self.db, self.source, steps, round_.recipe)

    def _write_reading(self, same: Sequence[PendingFetch]) -> None:
        if not all(fetches.claim_fetch(self.db, fetch.id, FetchState.GOOD) for fetch in same):
            raise _OvertakenError
        fetch = same[-1]
        validators = {} if fetch.partial else fetch.headers
        sources.save_good_snapshot(
            self.db,
            fetch.resource_id,
            fetch.snapshot_id,
            read_as=self.source.kind,
            etag=validators.get("etag"),
            last_modified=validators.get("last-modified"),
        )
        if problems.close_problem(self.db, fetch.resource_id, fetch_id=fetch.id, at=fetch.at):
            log.info("problem closed", source=self.source.id, url=fetch.url)


class _OvertakenError(Exception):
    """Another process read these Fetches first; nothing of ours is written."""
