"""Understanding what arrived: from pending Fetches of one Source to Versions, Changes and Impacts.

A round is what one crawl brought of a Source. It is read, compared with the last confirmed text and matched first, and
then written in one transaction: the Fetches off the queue, validators saved, Problem closed, Version, Change, Passages,
Impacts. Where another process read the same Fetches meanwhile, nothing is written. A feed that was read may have a
Problem all the same: it says that it has ended, or entries may have been missed.

A combined text is written only when each part of the last confirmed one can be read. With a part left out, all of it
would be told as removed, and what changed in it meanwhile would be taken for ours when it is back. Until then the round
waits with the next one, its Fetches stay on the queue, and a Problem names the part. A part whose address left
`sources.yaml` is not waited for.

Does not do: recording Fetches, choosing what is read when (`monitor.tracking`); reading bytes (`monitor.answers`);
deciding what leads from one text to the next (`monitor.steps`), which entries of a feed are which (`monitor.entries`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import structlog

from monitor.answers import Answers
from monitor.entries import explain_answer, has_entries, judge_poll
from monitor.errors import ExtractionError
from monitor.model import ProblemKind
from monitor.silence import note_round
from monitor.steps import Part, Planner, Round
from monitor.store import changes, entries, fetches, problems, sources, transaction, versions
from monitor.store.fetches import FetchState
from monitor.writing import tag, write_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.model import ChangeKind, Source
    from monitor.reading import Reader
    from monitor.steps import Reading, Step
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch
    from monitor.store.sources import Resource
    from monitor.tagging import Tagger

log = structlog.get_logger()

_ADVICE_ON_WAITING = "The other addresses of the source wait for this one: if it is gone, drop it from sources.yaml."


class Tracker:
    """The reading of one Source's pending Fetches; `rejected` counts those that were no answer."""

    def __init__(self, db: Database, source: Source, tagger: Tagger, reader: Reader, now: datetime) -> None:
        self.db = db
        self.source = source
        self.tagger = tagger
        self.now = now
        self.answers = Answers(db, source, reader)
        self.rejected = 0
        self._waiting: Mapping[int, Sequence[PendingFetch]] = {}
        self._passed: list[PendingFetch] = []  # waited in vain: their Resource brought other bytes in the meantime

    def process_round(self, group: Mapping[int, Sequence[PendingFetch]]) -> list[ChangeKind]:
        """Read what one crawl brought, by Resource (each with equal bytes), and write it in one transaction."""
        group = self._join_waiting(group)
        texts = {resource_id: self._read_fetches(same) for resource_id, same in group.items()}
        read = {resource_id: group[resource_id] for resource_id, readings in texts.items() if readings is not None}
        if not read:
            return []
        known = {key: Part(key, same[-1].snapshot_id, texts[key] or ()) for key, same in read.items()}
        resources = sources.get_resources(self.db, self.source.id)
        latest = max((same[-1] for same in read.values()), key=lambda fetch: fetch.id)
        parts = tuple(self._complete(resources, known, latest.at))
        if self._find_awaited(resources) - {part.resource_id for part in parts}:
            self._waiting = read
            log.info("round waits", source=self.source.id, read=len(parts), addresses=len(resources))
            return []
        parts, finding = self._judge_poll(parts, resources)
        round_ = Round(self.source, self.answers.recipe, parts, read)
        steps = [tag(self.db, step, self.source, self.tagger) for step in self._plan(round_, resources)]
        try:
            self._write(round_, steps, finding)
        except _OvertakenError:
            log.info("overtaken", source=self.source.id)
            return []
        return [step.judgement.kind for step in steps]

    def _join_waiting(self, group: Mapping[int, Sequence[PendingFetch]]) -> Mapping[int, Sequence[PendingFetch]]:
        """With the round that waits; what a Resource brought last is what it says."""
        joined = dict(self._waiting)
        for resource_id, same in group.items():
            before = joined.get(resource_id, ())
            if before and before[-1].snapshot_id == same[-1].snapshot_id:
                joined[resource_id] = [*before, *same]
            else:
                self._passed += before
                joined[resource_id] = same
        self._waiting = {}
        return joined

    def _find_awaited(self, resources: Sequence[Resource]) -> frozenset[int]:
        """The declared Resources that the last confirmed text was read from; none for the entries of a feed."""
        baseline_id = changes.find_baseline_version(self.db, self.source.id)
        parts = versions.get_snapshots(self.db, baseline_id) if baseline_id else ()
        return frozenset(resource_id for resource_id, _ in parts) & {resource.id for resource in resources}

    def _read_fetches(self, same: Sequence[PendingFetch]) -> tuple[Reading, ...] | None:
        """The Documents in one answer; None where it is no answer, which becomes a Problem at once."""
        try:
            return self.answers.read_new(same[-1])
        except ExtractionError as error:
            self._reject(same, explain_answer(error, same[-1]) if has_entries(self.source) else error)
            return None

    def _judge_poll(
        self, parts: tuple[Part, ...], resources: Sequence[Resource]
    ) -> tuple[tuple[Part, ...], ExtractionError | None]:
        """The entries of a feed as the Documents that they are, and why the feed cannot be trusted all the same."""
        if not parts or not has_entries(self.source):
            return parts, None
        poll = judge_poll(self.db, self.source.id, parts[0].readings, lambda: self._read_before(resources[0]))
        return (replace(parts[0], readings=poll.readings),), poll.finding

    def _read_before(self, resource: Resource) -> tuple[Reading, ...]:
        """What a feed said when it was read last; empty where that cannot be read any more."""
        try:
            return self.answers.read_stored(resource.snapshot_id) if resource.snapshot_id else ()
        except ExtractionError:
            return ()

    def _reject(self, same: Sequence[PendingFetch], error: ExtractionError) -> None:
        with transaction(self.db):
            if all(fetches.claim_fetch(self.db, fetch.id, FetchState.REJECTED) for fetch in same):
                problems.open_rejection(self.db, same[-1].resource_id, error, same[-1].at)
        self.rejected += 1
        log.info("snapshot rejected", source=self.source.id, url=same[-1].url, problem=str(error.problem))

    def _complete(self, resources: Sequence[Resource], known: Mapping[int, Part], at: datetime) -> Iterator[Part]:
        """What each Resource says now, in the order of the URLs.

        A part that brought nothing new says what its last good Snapshot says. One that was never read is left out, so
        that it cannot silence the others; one that cannot be read any more since the selectors were edited as well.
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
                problems.open_rejection(self.db, resource_id, error, at, _ADVICE_ON_WAITING)
            return None

    def _plan(self, round_: Round, resources: Sequence[Resource]) -> Iterator[Step]:
        if not round_.parts:  # none of these addresses is declared any more
            return
        readings = round_.readings()
        planner = Planner(self.db, round_, self._find_news_since(resources[0], readings), self.answers.find_document)
        for reading in readings:
            yield from planner.plan(reading)

    def _find_news_since(self, resource: Resource, readings: Sequence[Reading]) -> date | None:
        """The day from which on an unknown entry is news; None = never, as at the first look at a feed.

        At another address, or as another kind, a feed may list more of its past than before: news is only what was
        published since it was last seen.
        """
        if not self.source.is_feed:
            return None
        if resource.read_as == self.source.kind:
            return date.min if versions.has_any(self.db, self.source.id) else self._find_first_look(resource)
        was_feed = resource.read_as is not None and replace(self.source, kind=resource.read_as).is_feed
        is_known = was_feed or any(versions.find_current(self.db, each.id) for each in readings)
        seen_at = changes.find_last_seen_at(self.db, self.source.id) if is_known else None
        return seen_at.date() if seen_at else None

    def _find_first_look(self, resource: Resource) -> date:
        """Of a feed that was empty so far, only what was published since we look is news."""
        return fetches.get_first_good_at(self.db, resource.id).date()

    def _write(self, round_: Round, steps: Sequence[Step], finding: ExtractionError | None) -> None:
        passed, self._passed = self._passed, []
        with transaction(self.db):
            if not all(fetches.claim_fetch(self.db, fetch.id, FetchState.GOOD) for fetch in passed):
                raise _OvertakenError
            for same in round_.read.values():
                self._write_reading(same, finding)
            if has_entries(self.source):
                for reading in (each for part in round_.parts for each in part.readings):
                    entries.note_whereabouts(self.db, reading.id, identity=reading.identity, url=reading.url)
            write_steps(self.db, self.source, steps, round_.recipe, self.now)
            note_round(self.db, round_, steps)

    def _write_reading(self, same: Sequence[PendingFetch], finding: ExtractionError | None) -> None:
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
        self._write_standing(fetch, finding)

    def _write_standing(self, fetch: PendingFetch, finding: ExtractionError | None) -> None:
        """What is to be said of the Resource now. An answer after a gap was read: we are not blind."""
        is_gap = finding is not None and finding.problem is ProblemKind.GAP
        if finding and not is_gap:
            problems.open_rejection(self.db, fetch.resource_id, finding, fetch.at)
        elif problems.close_problem(self.db, fetch.resource_id, fetch_id=fetch.id, at=fetch.at):
            log.info("problem closed", source=self.source.id, url=fetch.url)
        if finding and is_gap:
            problems.open_gap(self.db, fetch.resource_id, finding, fetch.at)
        if finding:
            log.info("feed doubted", source=self.source.id, url=fetch.url, problem=str(finding.problem))


class _OvertakenError(Exception):
    """Another process read these Fetches first; nothing of ours is written."""
