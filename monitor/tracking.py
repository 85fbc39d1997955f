"""Record first, understand later: what arrived is stored, then read.

`record` stores a Fetch and nothing else. `process` reads what is pending, oldest first, after what was read in another
way than it is now. `confirm` settles the held Changes that were seen again, as `process` does for a Source before it
reads on. `accept` lets a person overrule a doubt. Killed at any moment, the next call goes on with exactly what is
still to be done.

Does not do: fetching, scheduling, telling people; reading and judging one Source's answers (`monitor.understanding`,
`monitor.rereading`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog

from monitor.alternation import close_settled
from monitor.entries import GAP_SHOWN
from monitor.errors import NotFoundError
from monitor.failing import tolerate
from monitor.model import Outcome, ProblemKind
from monitor.rereading import Rereader, is_read_otherwise
from monitor.steps import LONGEST_HOLD
from monitor.store import changes, fetches, overrules, problems, sources, transaction
from monitor.store.fetches import FetchState
from monitor.understanding import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta
    from threading import Event

    from monitor.model import ChangeKind, Fetch, Problem, Source
    from monitor.reading import Reader
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch
    from monitor.tagging import Tagger

log = structlog.get_logger()

_ADVICE = {
    Outcome.TIMEOUT: "The publisher may be slow or drop automated readers. It is asked again at the next due time.",
    Outcome.UNREACHABLE: "Check the host name in sources.yaml and this machine's network.",
    Outcome.TLS: "The publisher's certificate cannot be trusted. Open the address in a browser and look at it.",
    Outcome.ROBOTS: "robots.txt asks not to read this. Use a feed or API of the publisher, or ask for permission.",
    Outcome.REFUSED_ADDRESS: "Only public http(s) addresses are read. For one of your own set MONITOR_ALLOW_PRIVATE=1.",
    Outcome.TOO_LARGE: "Point `url` at the text itself rather than at a download or archive.",
    Outcome.BROKEN: "The answer was cut short or damaged. It is asked again at the next due time.",
    Outcome.NO_KEY: "Ask the publisher for a key (docs/publishers.md says where) and put it into the environment.",
    Outcome.NO_BROWSER: 'Install one: pip install "policy-monitor[browser]" && playwright install chromium. Or name '
    "the Chromium of this machine in MONITOR_CHROMIUM (docs/browser.md).",
    Outcome.LOST: "The crawl stopped early; run `monitor crawl` for this source and look at its messages.",
}
_ADVICE_ON_GONE = "It is gone for good, says the publisher: look for its successor, or set `enabled: false`."
_REFUSALS = frozenset({401, 403, 405, 429})


def name_problem(fetch: Fetch) -> tuple[ProblemKind, str, str]:
    """The Problem that an attempt without an answer stands for: its kind, detail and advice."""
    if fetch.status == HTTPStatus.GONE:
        return ProblemKind.RETIRED, f"HTTP {fetch.detail}", _ADVICE_ON_GONE
    if fetch.outcome is Outcome.HTTP_ERROR:
        return ProblemKind.HTTP_ERROR, f"HTTP {fetch.detail}", _advise_on_status(fetch.status or 0)
    kind = ProblemKind.CRAWL_FAILED if fetch.outcome is Outcome.LOST else ProblemKind(fetch.outcome)
    return kind, fetch.detail or str(fetch.outcome), _ADVICE[fetch.outcome]


def _advise_on_status(status: int) -> str:
    if status == HTTPStatus.ACCEPTED:
        return "The publisher is still making the text. It is asked again at the next due time."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "The publisher's server is in trouble. It is asked again at the next due time."
    if status in _REFUSALS:
        return "The publisher refuses us. Set MONITOR_CONTACT, ask less often, or watch a feed of the publisher."
    return "Open the address in a browser. If the document moved, change `url` in sources.yaml."


def record(db: Database, fetch: Fetch) -> FetchState:
    """Store one Fetch, and its Snapshot where it brought bytes that are not the ones read last.

    Bytes that were read successfully before are `unchanged`, unless a Problem is open or other bytes wait to be read.
    """
    with transaction(db):
        resource = sources.get_resource(db, fetch.source_id, fetch.url)
        if fetch.outcome is Outcome.UNCHANGED and not _may_be_unchanged(db, resource):
            detail = "304 Not Modified, although nothing was asked conditionally"
            fetch = replace(fetch, outcome=Outcome.BROKEN, detail=detail)
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


def _may_be_unchanged(db: Database, resource: sources.Resource) -> bool:
    """Whether validators went out at all: a 304 to anything else would keep us blind without a sign."""
    return resource.snapshot_id is not None and _is_settled(db, resource)


def _is_settled(db: Database, resource: sources.Resource) -> bool:
    """Whether the last good reading is the last word: no Problem, and nothing that waits to be read."""
    return not problems.has_problem(db, resource.id) and not fetches.has_pending(db, resource.id)


def _record_bytes(db: Database, resource: sources.Resource, fetch: Fetch, body: bytes) -> FetchState:
    sha256 = hashlib.sha256(body).hexdigest()
    known = resource.snapshot_id is not None and fetches.get_sha256(db, resource.snapshot_id) == sha256
    if known and _is_settled(db, resource):
        state, snapshot_id = FetchState.UNCHANGED, resource.snapshot_id
    else:
        state, snapshot_id = FetchState.PENDING, fetches.add_snapshot(db, resource.id, sha256, fetch, body)
    fetches.add_fetch(db, resource.id, fetch, snapshot_id=snapshot_id, state=state)
    return state


def _open_problem(db: Database, resource_id: int, fetch: Fetch) -> None:
    kind, detail, advice = name_problem(fetch)
    problems.open_problem(db, resource_id, kind, detail=detail, advice=advice, at=fetch.at)


@dataclass(frozen=True, slots=True)
class Processed:
    """What one `process` wrote: the kinds of the Changes found, and how many answers were rejected.

    `held` says how long each Change was held that was confirmed on the way.
    """

    kinds: tuple[ChangeKind, ...] = ()
    held: tuple[timedelta, ...] = ()
    rejected: int = 0


def has_work(db: Database, watched: Mapping[str, Source]) -> bool:
    """Whether `process` would find anything to do."""
    return fetches.has_any_pending(db) or any(is_read_otherwise(db, source) for source in watched.values())


def process(
    db: Database,
    watched: Mapping[str, Source],
    tagger: Tagger,
    reader: Reader,
    now: datetime,
    *,
    ended: Event | None = None,
) -> Processed:
    """Read everything pending of the Sources in `watched`, each in the order it arrived.

    What was read in another way than it is now is read anew before that. What was seen again is confirmed before the
    next text is read, which would supersede it. One Source that fails stops no other. Once `ended` is set, no further
    one is begun.
    """
    kinds: list[ChangeKind] = []
    held: list[timedelta] = []
    rejected = 0
    otherwise = [each.id for each in watched.values() if is_read_otherwise(db, each)]
    for source_id in dict.fromkeys([*fetches.iter_pending_sources(db), *otherwise]):
        if ended and ended.is_set():
            break
        if source := watched.get(source_id):
            tracker = Tracker(db, source, tagger, reader, now)
            what = f"{source_id}: its answers cannot be processed; they are kept and tried again"
            with tolerate("processing failed", what, source=source_id):
                if source_id in otherwise:
                    held += _confirm_seen_again(db, now, source_id)
                    kinds += Rereader(db, source, tagger, reader, now).reread_all()
                for group in split_rounds(fetches.get_pending(db, source_id)):
                    held += _confirm_seen_again(db, now, source_id)
                    kinds += tracker.process_round(group)
            rejected += tracker.rejected
    return Processed(tuple(kinds), tuple(held), rejected)


def confirm(db: Database, now: datetime) -> tuple[timedelta, ...]:
    """Confirm what was seen again after its hold, and what could not be seen again for a day: better told than lost.

    Returns how long each was held. Documents that have settled are no longer unstable, and a gap in a feed that was
    shown for GAP_SHOWN is shown no more.
    """
    held = _confirm_seen_again(db, now)
    held += _confirm_each(db, [(change_id, now) for change_id in changes.get_overdue(db, now - LONGEST_HOLD)], now)
    with transaction(db):
        problems.close_gaps(db, seen_before=now - GAP_SHOWN, at=now)
    close_settled(db)
    return tuple(held)


def _confirm_seen_again(db: Database, now: datetime, source_id: str | None = None) -> list[timedelta]:
    return _confirm_each(db, list(changes.iter_seen_again(db, source_id)), now)


def _confirm_each(db: Database, seen: Sequence[tuple[int, datetime]], now: datetime) -> list[timedelta]:
    """Each in a transaction of its own, so that one that cannot be read holds up no other."""
    held = []
    for change_id, seen_at in seen:
        what = f"change {change_id}: what is stored of it cannot be read, so it is not confirmed"
        with tolerate("change not confirmed", what, change=change_id), transaction(db):
            held.append(_confirm(db, change_id, seen_at, now))
    return held


def _confirm(db: Database, change_id: int, seen_at: datetime, now: datetime) -> timedelta:
    """Confirmed is `now`, whenever it was seen again: what is told from a moment on must not lie before it."""
    changes.mark_confirmed(db, change_id, now)
    log.info("change confirmed", change=change_id)
    return seen_at - changes.get_change(db, change_id).detected_at


def accept(db: Database, source_id: str, now: datetime, note: str) -> tuple[str, ...]:
    """Overrule what is doubted of a Source now: the rejected bytes wait to be read again. Returns the marks.

    What is read all the same is closed with that: the next gap has a mark of its own, and of what is out of its rhythm
    only what comes after now counts.

    Raises NotFoundError where no Problem is open, or none that is a mere doubt.
    """
    found = [each for each in problems.get_open(db, source_id) if each.kind is not ProblemKind.UNSTABLE]
    doubts = [each for each in found if each.mark]
    if not doubts:
        raise NotFoundError(f"{source_id}: {_say_undoubted(found)}")
    with transaction(db):
        for each in doubts:
            overrules.add_overrule(db, source_id, each.mark, at=now, note=note)
            if not each.is_blind:
                problems.mark_looked_after(db, each.id, now)
            else:
                resource = sources.get_resource(db, source_id, each.url)
                fetches.requeue_rejected(db, resource.id, each.opened_at)
    log.info("doubt overruled", source=source_id, marks=[each.mark for each in doubts])
    return tuple(dict.fromkeys(each.mark for each in doubts))


def _say_undoubted(found: Sequence[Problem]) -> str:
    if not found:
        return "nothing to accept, because no problem is open. See: monitor problems"
    first = found[0]
    return (
        f"{first.kind} is beyond doubt and cannot be accepted ({first.detail}). {first.advice} "
        "Only what might be the text all the same can be accepted."
    )


def split_rounds(pending: Sequence[PendingFetch]) -> Iterator[dict[int, list[PendingFetch]]]:
    """Fetches of one crawl belong together: a round ends where a Resource comes again with other bytes.

    With the same bytes it is the crawl that was interrupted and begun again.
    """
    group: dict[int, list[PendingFetch]] = {}
    for fetch in pending:
        before = group.get(fetch.resource_id)
        if before and before[-1].snapshot_id != fetch.snapshot_id:
            yield group
            group = {}
        group.setdefault(fetch.resource_id, []).append(fetch)
    if group:
        yield group
