"""Understanding what arrived: from pending Fetches of one Source to Versions, Changes and Impacts.

A round is what one crawl brought of a Source. It is read, compared with the last confirmed text and matched first, and
then written in one transaction: the Fetch off the queue, validators saved, Problem closed, Version, Change, Passages,
Impacts. Where another process read the same Fetches meanwhile, nothing is written.

Does not do: recording Fetches, choosing what is read when (`monitor.tracking`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from monitor.compare import compare, first, published, quiet
from monitor.errors import ExtractionError
from monitor.extract import recipe
from monitor.feeds import Feed
from monitor.impact import MATCHER, match
from monitor.model import TOLD_KINDS, ChangeKind
from monitor.store import changes, fetches, impacts, problems, sources, transaction, versions
from monitor.store.fetches import FetchState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.impact import Index
    from monitor.model import Block, Entry, Impact, Judgement, Source
    from monitor.reading import Reader
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch
    from monitor.store.versions import Version

log = structlog.get_logger()

HOLD = timedelta(hours=1)
"""How long a new text must stand before it is told: returning texts return after hours, deploys after minutes."""
LONGEST_HOLD = timedelta(days=1)
"""A document that has differed from its last confirmed text for this long is told, however often it changes again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one Document says now."""

    id: str
    identity: str
    url: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One new Version to be written, and the Change that leads to it."""

    document: Reading
    judgement: Judgement
    from_version_id: int | None = None
    follows: bool = False
    """The Change starts at the Version of the step before, instead of `from_version_id`."""
    impacts: tuple[Impact, ...] = ()
    hold_until: datetime | None = None


class Tracker:
    """The reading of one Source's pending Fetches; `rejected` counts those that were no answer."""

    def __init__(self, db: Database, source: Source, index: Index, reader: Reader) -> None:
        self.db = db
        self.source = source
        self.index = index
        self.reader = reader
        self.recipe = recipe(source.kind, source.select, source.remove)
        self.rejected = 0

    def process_round(self, group: Sequence[PendingFetch]) -> list[ChangeKind]:
        """Everything that one crawl brought of this Source, in one transaction."""
        readings = {fetch.resource_id: (fetch, self._read_fetch(fetch)) for fetch in group}
        good = {key: (fetch, texts) for key, (fetch, texts) in readings.items() if texts is not None}
        if not good:
            return []
        documents, snapshot_ids = self._documents(good)
        read = [fetch for fetch, _ in good.values()]
        steps = [step for each in documents for step in self._plan(each, read)]
        try:
            return self._write(read, steps, snapshot_ids)
        except _OvertakenError:
            log.info("overtaken", source=self.source.id)
            return []

    def _read_fetch(self, fetch: PendingFetch) -> list[Reading] | None:
        """The Documents in one answer; None where it is no answer, which becomes a Problem at once."""
        try:
            return self._read_snapshot(fetch.snapshot_id, fetch.headers)
        except ExtractionError as error:
            self._reject(fetch, error)
            return None

    def _reject(self, fetch: PendingFetch, error: ExtractionError) -> None:
        with transaction(self.db):
            if fetches.claim_fetch(self.db, fetch.id, FetchState.REJECTED):
                problems.open_problem(
                    self.db, fetch.resource_id, error.problem, detail=error.detail, advice=error.advice, at=fetch.at
                )
        self.rejected += 1
        log.warning("snapshot rejected", source=self.source.id, url=fetch.url, problem=str(error.problem))

    def _read_snapshot(self, snapshot_id: int, headers: Mapping[str, str]) -> list[Reading]:
        result = self.reader.read(self.source, fetches.read_body(self.db, snapshot_id), headers)
        if isinstance(result, Feed):
            return [_entry_document(self.source, each) for each in result.entries]
        title = result.title or self.source.name
        return [Reading(self.source.id, self.source.urls[0], self.source.urls[0], title, result.blocks)]

    def _documents(
        self, good: Mapping[int, tuple[PendingFetch, list[Reading]]]
    ) -> tuple[list[Reading], tuple[int, ...]]:
        """The texts after this round, and the Snapshots they were read from, in the order of the URLs.

        A combined Document takes the parts that brought nothing new from their last good Snapshot; without one there
        is no whole text yet.
        """
        texts: list[list[Reading]] = []
        snapshot_ids: list[int] = []
        for resource in sources.get_resources(self.db, self.source.id):
            if resource.id in good:
                fetch, documents = good[resource.id]
                snapshot_ids.append(fetch.snapshot_id)
            elif resource.snapshot_id:
                headers = fetches.get_headers(self.db, resource.snapshot_id)
                documents = self._read_snapshot(resource.snapshot_id, headers)
                snapshot_ids.append(resource.snapshot_id)
            else:
                return [], ()
            texts.append(documents)
        if not texts:  # none of these addresses is declared any more
            return [], ()
        if self.source.is_feed:
            return texts[0], tuple(snapshot_ids)
        return [_combine([documents[0] for documents in texts])], tuple(snapshot_ids)

    def _plan(self, document: Reading, read: Sequence[PendingFetch]) -> Iterator[Step]:
        current = versions.find_current(self.db, document.id)
        if current is None:
            yield self._tag(Step(document, self._judge_new(document)), read)
        elif current.blocks == document.blocks:
            return
        elif current.recipe != self.recipe:
            yield from self._plan_after_recipe(document, current, read)
        else:
            yield self._plan_next(document, current, read)

    def _plan_after_recipe(self, document: Reading, current: Version, read: Sequence[PendingFetch]) -> Iterator[Step]:
        """Other selectors or another extractor give another text: ours to know, not theirs to be told of.

        The old bytes are read the new way first; only what differs from that is the publisher's change.
        """
        ours = quiet(ChangeKind.RE_EXTRACTED, "read in another way: the selectors or the extractor changed")
        old = self._reread(current)
        if old is None:
            yield Step(document, ours, current.id)
            return
        yield Step(old, ours, current.id)
        judgement = compare(old.blocks, document.blocks)
        if judgement:
            yield self._tag(Step(document, judgement, follows=True), read)

    def _reread(self, version: Version) -> Reading | None:
        """The text of a Version as it is read now; None where its bytes cannot be read this way."""
        documents: list[Reading] = []
        try:
            for snapshot_id in versions.get_snapshot_ids(self.db, version.id):
                documents += self._read_snapshot(snapshot_id, fetches.get_headers(self.db, snapshot_id))
        except ExtractionError:
            return None
        parts = [each for each in documents if each.id == version.document_id]
        return _combine(parts) if parts else None

    def _judge_new(self, document: Reading) -> Judgement:
        """A new entry of a feed that was read before is news; the first look at anything is not."""
        if self.source.is_feed and sources.find_baseline_at(self.db, self.source.id):
            return published(document.blocks, document.title)
        return first(document.blocks)

    def _plan_next(self, document: Reading, current: Version, read: Sequence[PendingFetch]) -> Step:
        baseline_id = changes.find_baseline_version(self.db, document.id) or current.id
        baseline = versions.get_version(self.db, baseline_id)
        judgement = compare(baseline.blocks, document.blocks)
        if judgement is None:
            day = f"{baseline.observed_at:%Y-%m-%d}"
            return Step(
                document, quiet(ChangeKind.REVERTED, f"back to the text of {day} before it was told"), current.id
            )
        twin = versions.find_twin(self.db, document.id, document.blocks)
        if twin and judgement.kind in TOLD_KINDS:
            returns = f"returns to the text of {twin.observed_at:%Y-%m-%d}: {judgement.reason}"
            judgement = replace(judgement, reason=returns)
        return self._tag(Step(document, judgement, baseline_id), read)

    def _tag(self, step: Step, read: Sequence[PendingFetch]) -> Step:
        """For what is told: the SOP sections it touches, and how long it must stand first."""
        if step.judgement.kind not in TOLD_KINDS:
            return step
        touched = match(step.judgement, self.index, topics=self.source.topics, jurisdiction=self.source.jurisdiction)
        return replace(step, impacts=touched, hold_until=self._hold_until(step, read))

    def _hold_until(self, step: Step, read: Sequence[PendingFetch]) -> datetime | None:
        hold = self.source.hold
        if hold is None:
            hold = timedelta(0) if self.source.is_feed else HOLD
        if any(fetch.partial for fetch in read):  # perhaps cut short: nothing is believed before a second look
            hold = hold or HOLD
        at = read[-1].at
        if step.from_version_id and hold:
            since = changes.find_held_since(self.db, step.document.id, step.from_version_id)
            if since and at - since >= LONGEST_HOLD:
                return None
        return at + hold if hold else None

    def _write(
        self, read: Sequence[PendingFetch], steps: Sequence[Step], snapshot_ids: Sequence[int]
    ) -> list[ChangeKind]:
        with transaction(self.db):
            for fetch in read:
                self._write_reading(fetch)
            sources.mark_baseline(self.db, self.source.id, read[-1].at)
            version_id = None
            for step in steps:
                from_id = version_id if step.follows else step.from_version_id
                version_id = self._write_step(step, from_id, read[-1], snapshot_ids)
        for step in steps:
            log.info("change recorded", document=step.document.id, kind=str(step.judgement.kind))
        return [step.judgement.kind for step in steps]

    def _write_reading(self, fetch: PendingFetch) -> None:
        if not fetches.claim_fetch(self.db, fetch.id, FetchState.GOOD):
            raise _OvertakenError
        validators = {} if fetch.partial else fetch.headers
        sources.save_good_snapshot(
            self.db,
            fetch.resource_id,
            fetch.snapshot_id,
            etag=validators.get("etag"),
            last_modified=validators.get("last-modified"),
        )
        if problems.close_problem(self.db, fetch.resource_id, fetch_id=fetch.id, at=fetch.at):
            log.info("problem closed", source=self.source.id, url=fetch.url)

    def _write_step(self, step: Step, from_id: int | None, fetch: PendingFetch, snapshot_ids: Sequence[int]) -> int:
        document, judgement = step.document, step.judgement
        self._settle_provisional(document.id, judgement.kind, fetch.at)
        versions.declare_document(
            self.db,
            document.id,
            source_id=self.source.id,
            identity=document.identity,
            url=document.url,
            title=document.title,
            now=fetch.at,
        )
        version_id = versions.add_version(
            self.db,
            document.id,
            title=document.title,
            blocks=document.blocks,
            recipe=self.recipe,
            observed_at=fetch.at,
            snapshot_ids=snapshot_ids,
        )
        change_id = changes.add_change(
            self.db,
            document_id=document.id,
            from_version_id=from_id,
            to_version_id=version_id,
            judgement=judgement,
            fetch_id=fetch.id,
            detected_at=fetch.at,
            hold_until=step.hold_until,
        )
        if judgement.kind in TOLD_KINDS:
            impacts.add_impacts(self.db, change_id, step.impacts, MATCHER)
        if step.hold_until:
            sources.mark_again(self.db, self.source.id, step.hold_until)
        return version_id

    def _settle_provisional(self, document_id: str, kind: ChangeKind, at: datetime) -> None:
        """A held Change is replaced by what came next; our own re-reading must not swallow it, so then it is told."""
        if kind is ChangeKind.RE_EXTRACTED:
            changes.confirm_provisional(self.db, document_id, at)
        else:
            changes.supersede_provisional(self.db, document_id)


class _OvertakenError(Exception):
    """Another process read these Fetches first; nothing of ours is written."""


def _entry_document(source: Source, entry: Entry) -> Reading:
    key = hashlib.sha256(entry.identity.encode()).hexdigest()[:12]
    return Reading(f"{source.id}/{key}", entry.identity, entry.url, entry.title, entry.blocks)


def _combine(parts: Sequence[Reading]) -> Reading:
    """Several URLs as one text, in their order."""
    return replace(parts[0], blocks=tuple(block for part in parts for block in part.blocks))
