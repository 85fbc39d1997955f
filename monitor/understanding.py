"""Understanding what arrived: from pending Fetches of one Source to Versions, Changes and Impacts.

A round is what one crawl brought of a Source. It is read, compared with the last confirmed text and matched first, and
then written in one transaction: the Fetches off the queue, validators saved, Problem closed, Version, Change, Passages,
Impacts. Where another process read the same Fetches meanwhile, nothing is written.

Does not do: recording Fetches, choosing what is read when (`monitor.tracking`); deciding what leads from one text to
the next (`monitor.steps`).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from monitor.errors import ExtractionError
from monitor.extract import recipe
from monitor.feeds import Feed
from monitor.impact import MATCHER, match
from monitor.model import TOLD_KINDS, ChangeKind
from monitor.steps import Part, Planner, Reading, Round, Step, combine
from monitor.store import changes, fetches, impacts, problems, sources, transaction, versions
from monitor.store.fetches import FetchState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.impact import Index
    from monitor.model import Entry, Source
    from monitor.reading import Reader
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
        self.reader = reader
        self.recipe = recipe(source.kind, source.select, source.remove)
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
        round_ = Round(self.source, self.recipe, tuple(self._complete(resources, known, latest.at)), read)
        steps = [self._tag(step) for step in self._plan(round_, resources)]
        try:
            self._write(round_, steps)
        except _OvertakenError:
            log.info("overtaken", source=self.source.id)
            return []
        return [step.judgement.kind for step in steps]

    def _read_fetches(self, same: Sequence[PendingFetch]) -> tuple[Reading, ...] | None:
        """The Documents in one answer; None where it is no answer, which becomes a Problem at once."""
        try:
            return self._read_snapshot(same[-1].snapshot_id, same[-1].headers)
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
        problems.open_problem(self.db, resource_id, error.problem, detail=error.detail, advice=error.advice, at=at)

    def _read_stored(self, snapshot_id: int) -> tuple[Reading, ...]:
        return self._read_snapshot(snapshot_id, fetches.get_headers(self.db, snapshot_id))

    def _read_snapshot(self, snapshot_id: int, headers: Mapping[str, str]) -> tuple[Reading, ...]:
        result = self.reader.read(self.source, fetches.read_body(self.db, snapshot_id), headers)
        if isinstance(result, Feed):
            return tuple(_read_entry(self.source, each) for each in result.entries)
        title = result.title or self.source.name
        return (Reading(self.source.id, self.source.id, self.source.urls[0], title, result.blocks),)

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
            return self._read_stored(snapshot_id)
        except ExtractionError as error:
            with transaction(self.db):
                self._open_problem(resource_id, error, at)
            return None

    def _plan(self, round_: Round, resources: Sequence[Resource]) -> Iterator[Step]:
        if not round_.parts:  # none of these addresses is declared any more
            return
        is_news = self.source.is_feed and resources[0].read_as == self.source.kind
        planner = Planner(self.db, round_, is_news, self._reread)
        for reading in round_.readings():
            yield from planner.plan(reading)

    def _reread(self, document_id: str, snapshot_ids: Sequence[int]) -> Reading | None:
        """What these bytes say of a Document, read as it is done now; None where they cannot be read so."""
        found: list[Reading] = []
        try:
            for snapshot_id in snapshot_ids:
                found += self._read_stored(snapshot_id)
        except ExtractionError:
            return None
        parts = [each for each in found if each.id == document_id]
        return combine(parts) if parts else None

    def _tag(self, step: Step) -> Step:
        """With the SOP sections that it touches, for what is told."""
        if step.judgement.kind not in TOLD_KINDS:
            return step
        touched = match(step.judgement, self.index, topics=self.source.topics, jurisdiction=self.source.jurisdiction)
        return replace(step, impacts=touched)

    def _write(self, round_: Round, steps: Sequence[Step]) -> None:
        with transaction(self.db):
            for same in round_.read.values():
                self._write_reading(same)
            version_id = None
            for step in steps:
                version_id = self._write_step(step, version_id if step.follows else step.from_version_id, round_)
        for step in steps:
            log.info("change recorded", document=step.reading.id, kind=str(step.judgement.kind))

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

    def _write_step(self, step: Step, from_id: int | None, round_: Round) -> int:
        reading, judgement, found = step.reading, step.judgement, round_.found
        changes.supersede_provisional(self.db, reading.id)
        versions.declare_document(
            self.db,
            reading.id,
            source_id=self.source.id,
            identity=reading.identity,
            url=reading.url,
            title=reading.title,
            now=found.at,
        )
        version_id = versions.add_version(
            self.db,
            reading.id,
            title=reading.title,
            blocks=reading.blocks,
            recipe=self.recipe,
            observed_at=found.at,
            snapshot_ids=step.snapshot_ids,
        )
        change_id = changes.add_change(
            self.db,
            document_id=reading.id,
            from_version_id=from_id,
            to_version_id=version_id,
            judgement=judgement,
            fetch_id=found.id,
            detected_at=found.at,
            hold_until=step.hold_until,
        )
        if judgement.kind in TOLD_KINDS:
            impacts.add_impacts(self.db, change_id, step.impacts, MATCHER)
        return version_id


class _OvertakenError(Exception):
    """Another process read these Fetches first; nothing of ours is written."""


def _read_entry(source: Source, entry: Entry) -> Reading:
    key = hashlib.sha256(entry.identity.encode()).hexdigest()[:12]
    return Reading(f"{source.id}/{key}", entry.identity, entry.url, entry.title, entry.blocks)
