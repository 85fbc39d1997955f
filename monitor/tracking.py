"""Record first, understand later: what arrived is stored, then read.

`record` stores a Fetch and nothing else. `process` reads what is pending, oldest first. `confirm` settles the held
Changes that were seen again. Killed at any moment, the next call goes on with exactly what is still to be done.

Does not do: fetching, scheduling, telling people; reading and judging one Source's answers (`monitor.understanding`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from monitor.model import Outcome, ProblemKind
from monitor.store import changes, fetches, problems, sources, transaction
from monitor.store.fetches import FetchState
from monitor.understanding import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.impact import Index
    from monitor.model import ChangeKind, Fetch, Source
    from monitor.reading import Reader
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch

log = structlog.get_logger()

ADVICE = {
    Outcome.HTTP_ERROR: "Open the address in a browser. If the document moved, change `url` in sources.yaml.",
    Outcome.TIMEOUT: "The publisher may be slow or drop automated readers. It is asked again at the next due time.",
    Outcome.UNREACHABLE: "Check the host name in sources.yaml and this machine's network.",
    Outcome.TLS: "The publisher's certificate cannot be trusted. Open the address in a browser and look at it.",
    Outcome.ROBOTS: "robots.txt asks not to read this. Use a feed or API of the publisher, or ask for permission.",
    Outcome.REFUSED_ADDRESS: "Only public http(s) addresses are read. For one of your own set MONITOR_ALLOW_PRIVATE=1.",
    Outcome.TOO_LARGE: "Point `url` at the text itself rather than at a download or archive.",
    Outcome.BROKEN: "The answer was cut short or damaged. It is asked again at the next due time.",
    Outcome.LOST: "The crawl stopped early; run `monitor crawl` for this source and look at its messages.",
}
PROBLEMS = {
    outcome: ProblemKind.CRAWL_FAILED if outcome is Outcome.LOST else ProblemKind(outcome) for outcome in ADVICE
}


def record(db: Database, fetch: Fetch) -> FetchState:
    """Store one Fetch, and its Snapshot where it brought bytes that are not the ones read last.

    Bytes that were read successfully before are `unchanged`, unless a Problem is open: only a new reading can close it.
    """
    resource = sources.get_resource(db, fetch.source_id, fetch.url)
    with transaction(db):
        if fetch.body is not None:
            state = _record_bytes(db, resource, fetch, fetch.body)
        elif fetch.outcome is Outcome.UNCHANGED:
            state = FetchState.UNCHANGED
            fetches.add_fetch(db, resource.id, fetch, snapshot_id=resource.snapshot_id, state=state)
        else:
            state = FetchState.NONE
            fetches.add_fetch(db, resource.id, fetch, snapshot_id=None, state=state)
            _open_problem(db, resource.id, fetch)
    log.info("fetch recorded", source=fetch.source_id, url=fetch.url, outcome=str(fetch.outcome), state=str(state))
    return state


def _record_bytes(db: Database, resource: sources.Resource, fetch: Fetch, body: bytes) -> FetchState:
    sha256 = hashlib.sha256(body).hexdigest()
    known = resource.snapshot_id is not None and fetches.get_sha256(db, resource.snapshot_id) == sha256
    if known and not problems.has_problem(db, resource.id):
        state, snapshot_id = FetchState.UNCHANGED, resource.snapshot_id
    else:
        state, snapshot_id = FetchState.PENDING, fetches.add_snapshot(db, resource.id, sha256, fetch, body)
    fetches.add_fetch(db, resource.id, fetch, snapshot_id=snapshot_id, state=state)
    return state


def _open_problem(db: Database, resource_id: int, fetch: Fetch) -> None:
    status = f"HTTP {fetch.status}" if fetch.status else ""
    detail = ": ".join(part for part in (status, fetch.detail) if part) or str(fetch.outcome)
    problems.open_problem(
        db, resource_id, PROBLEMS[fetch.outcome], detail=detail, advice=ADVICE[fetch.outcome], at=fetch.at
    )


@dataclass(frozen=True, slots=True)
class Processed:
    """What one `process` wrote: the kinds of the Changes found, and how many readings were rejected."""

    kinds: tuple[ChangeKind, ...] = ()
    rejected: int = 0


def process(db: Database, watched: Mapping[str, Source], index: Index, reader: Reader) -> Processed:
    """Read everything pending of the Sources in `watched`, each in the order it arrived."""
    kinds: list[ChangeKind] = []
    rejected = 0
    for source_id in fetches.iter_pending_sources(db):
        if source := watched.get(source_id):
            tracker = Tracker(db, source, index, reader)
            for group in split_rounds(fetches.get_pending(db, source_id)):
                kinds += tracker.process_round(group)
            rejected += tracker.rejected
    return Processed(tuple(kinds), rejected)


def confirm(db: Database) -> int:
    """Confirm what was seen again after its hold. Returns how many."""
    with transaction(db):
        seen = list(changes.iter_seen_again(db))
        for change_id, at in seen:
            changes.mark_confirmed(db, change_id, at)
            log.info("change confirmed", change=change_id)
    return len(seen)


def split_rounds(pending: Sequence[PendingFetch]) -> Iterator[tuple[PendingFetch, ...]]:
    """Fetches of one crawl belong together: a round ends where a Resource comes again."""
    group: dict[int, PendingFetch] = {}
    for fetch in pending:
        if fetch.resource_id in group:
            yield tuple(group.values())
            group = {}
        group[fetch.resource_id] = fetch
    if group:
        yield tuple(group.values())
