"""What is due, and doing it: one function that the command line, cron and the service all call.

The database knows what is due (`source.due_at`, pending Fetches, digests not yet composed, deliveries not yet sent);
APScheduler only ticks. So a restart, a suspended laptop or a clock that jumps loses nothing and repeats nothing.

Does not do: any of the steps itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import structlog

from digests.compose import compose_due
from digests.send import send_pending
from monitor.crawl.runner import crawl
from monitor.failing import tolerate
from monitor.links import follow_links, note_revisions
from monitor.model import MISSING_HERE, TOLD_KINDS, ChangeKind, Outcome
from monitor.pinging import ping_digest
from monitor.reading import Reader
from monitor.silence import watch
from monitor.sources import next_due, parse_interval
from monitor.store import problems, sources, transaction
from monitor.store.fetches import FetchState, find_waiting_since
from monitor.store.health import LATE, count_late
from monitor.store.locks import sole
from monitor.store.overrules import forget_overrules
from monitor.store.pulse import has_delivered_day
from monitor.store.search import catch_up
from monitor.tagging import Tagger
from monitor.tracing import span
from monitor.tracking import Processed, accept, confirm, has_work, process, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from monitor.desk import Desk
    from monitor.model import Fetch, Problem, Request, Source
    from monitor.store import Database

log = structlog.get_logger()

AFTER_LOST = timedelta(minutes=10)
JUDGED = timedelta(minutes=15)
"""Between two looks of a service for what is silent."""
BUSY = "Another process is crawling just now; what is due is in its hands."
STUCK = (
    "Another process has been crawling while sources were due for more than {} hours. Find it with `ps`, look whether "
    "it does anything, and end it."
)
NAMED = 5
"""Sources that are named where many lack the same thing."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run did; every count is of rows written by it, except `problems`, which are all open ones."""

    sources: int = 0
    fetched: int = 0
    unchanged: int = 0
    snapshots: int = 0
    failed: int = 0
    first: int = 0
    changes: int = 0
    quiet: int = 0
    rejected: int = 0
    confirmed: int = 0
    held_hours_median: float | None = None
    """Of those that were confirmed: from the first sight to the second one, and so what the hold cost."""
    problems: int = 0
    digests: int = 0
    sent: int = 0
    unsent: int = 0
    failures: tuple[str, ...] = ()
    """One line for each failure, naming what and why; not empty = exit status 1."""
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    @property
    def counts(self) -> dict[str, int]:
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}


def run(desk: Desk, *, on_fetch: Callable[[Fetch], None] | None = None) -> Summary:
    """The main job: crawl what is due, process, deliver what is due.

    Where another process crawls just now, only deliver: what is due is in good hands.
    """
    with span("run") as count:
        with sole(desk.config.db, "crawling") as alone:
            summary = _collect(desk, desk.due, on_fetch, is_all=True) if alone else _stand_aside(desk)
        summary = deliver(desk, summary)
        count(**summary.counts)
    return summary


def _stand_aside(desk: Desk) -> Summary:
    """Another process crawls. Where it has held that up for too long, it hangs, and what is not asked is silent."""
    now = desk.config.now()
    if not count_late(desk.db, now - LATE):
        return Summary(notes=(BUSY,))
    with tolerate("silence not judged", "what is silent cannot be judged"):
        watch(desk.db, now)
    return Summary(failures=(STUCK.format(LATE // timedelta(hours=1)),))


def collect(desk: Desk, wanted: Sequence[Source], *, on_fetch: Callable[[Fetch], None] | None = None) -> Summary:
    """Crawl these Sources and understand what is pending, after another process that crawls just now."""
    with sole(desk.config.db, "crawling", wait=True):
        return _name_failures(desk, _collect(desk, wanted, on_fetch))


def _collect(
    desk: Desk, wanted: Sequence[Source], on_fetch: Callable[[Fetch], None] | None, *, is_all: bool = False
) -> Summary:
    """`is_all`: it is all that is due, so that what was not asked for long is silent, and was not merely left out."""
    began = desk.config.now()
    with span("crawl", sources=len(wanted)) as count:
        states, is_whole = _crawl(desk, wanted, on_fetch)
        count(fetched=states.total(), failed=states[FetchState.NONE])
    return replace(
        _understand(desk, began, judge=is_all and is_whole and not desk.kept.ended.is_set()),
        sources=len(wanted),
        fetched=states.total(),
        unchanged=states[FetchState.UNCHANGED],
        snapshots=states[FetchState.PENDING],
        failed=states[FetchState.NONE],
    )


def understand(desk: Desk) -> Summary:
    """Understand what is pending and read anew what was read in another way, after another process that crawls now."""
    with sole(desk.config.db, "crawling", wait=True):
        return _name_failures(desk, _understand(desk, find_waiting_since(desk.db) or desk.config.now()))


def accept_doubt(desk: Desk, source_id: str, note: str) -> tuple[str, ...]:
    """Overrule what is doubted of a Source now, and read the answer again. Returns the marks.

    Raises NotFoundError where there is nothing to accept.
    """
    with sole(desk.config.db, "crawling", wait=True):
        marks = accept(desk.db, source_id, desk.config.now(), note)
        _understand(desk, desk.config.now())
        return marks


def doubt_again(desk: Desk, source_id: str) -> tuple[str, ...]:
    """Forget what was accepted for a Source: the marks that were."""
    with transaction(desk.db):
        return forget_overrules(desk.db, source_id)


def _name_failures(desk: Desk, summary: Summary) -> Summary:
    return replace(summary, failures=(*summary.failures, *desk.failures))


def _understand(desk: Desk, began: datetime, *, judge: bool = False) -> Summary:
    """`began`: Problems that were seen since then are failures of this run. What one step meets stops no other.

    `judge`: look for what is silent as well, unless that was done lately.
    """
    db, now, processed = desk.db, desk.config.now(), Processed()
    held: tuple[timedelta, ...] = ()
    lasting = "what arrived cannot be processed; it is kept and tried again"
    with tolerate("processing failed", lasting), span("process") as count:
        processed = _process(desk)
        count(changes=len(processed.kinds), rejected=processed.rejected)
    with tolerate("confirming failed", "what was seen again cannot be confirmed"):
        held = confirm(db, now)
    with tolerate("revisions not noted", "edits of sections cannot be noted"):
        note_revisions(db, now)
    with tolerate("links not followed", "links to clauses cannot be followed"):
        follow_links(db)
    with tolerate("searching failed", "what is new cannot be found by the search"):
        catch_up(db)
    if judge and not (desk.kept.judged_at and desk.kept.judged_at <= now < desk.kept.judged_at + JUDGED):
        with tolerate("silence not judged", "what is silent cannot be judged"):
            watch(db, now)
            desk.kept.judged_at = now
    held = (*processed.held, *held)
    kinds = Counter(processed.kinds)
    told = sum(kinds[kind] for kind in TOLD_KINDS)
    found = problems.get_open(desk.db)
    seen_now = [each for each in found if each.last_seen_at >= began]
    return Summary(
        first=kinds[ChangeKind.FIRST],
        changes=told,
        quiet=kinds.total() - told - kinds[ChangeKind.FIRST],
        rejected=processed.rejected,
        confirmed=len(held),
        held_hours_median=_hours_in_the_middle(held),
        problems=len(found),
        failures=(*_describe(each for each in seen_now if each.is_blind), *desk.library.mistakes),
        notes=(*desk.notes, *_describe(each for each in seen_now if not each.is_blind)),
    )


def _hours_in_the_middle(held: Sequence[timedelta]) -> float | None:
    return round(median(each / timedelta(hours=1) for each in held), 1) if held else None


def _process(desk: Desk) -> Processed:
    """Understand what is pending. Where nothing is, as in most runs, no index is built and no worker started."""
    if not has_work(desk.db, desk.watched):
        return Processed()
    with Reader() as reader:
        tagger = Tagger.load(desk.db, desk.kept.index.updated(desk.library.sops))
        desk.kept.index = tagger.index
        return process(desk.db, desk.watched, tagger, reader, desk.config.now(), ended=desk.kept.ended)


def _crawl(
    desk: Desk, wanted: Sequence[Source], on_fetch: Callable[[Fetch], None] | None
) -> tuple[Counter[FetchState], bool]:
    """Record every Fetch as it arrives; whether the crawl came to its end.

    A Source is done only when each of its URLs has an outcome.
    """
    states: Counter[FetchState] = Counter()
    outcomes: dict[str, list[Outcome]] = {each.id: [] for each in wanted}
    by_id = {each.id: each for each in wanted}
    with tolerate("crawl failed", "nothing more can be crawled now"):
        for fetch in _ask(desk, wanted):
            source, seen = by_id[fetch.source_id], outcomes[fetch.source_id]
            seen.append(Outcome.LOST)
            with tolerate("fetch not recorded", f"{fetch.source_id}: what {fetch.url} answered cannot be recorded"):
                states[record(desk.db, fetch)] += 1
                seen[-1] = fetch.outcome
            if len(seen) == len(source.urls):
                _mark_attempted(desk.db, source, fetch.at, lost=Outcome.LOST in seen)
            if on_fetch:
                on_fetch(fetch)
        return states, True
    return states, False


def _ask(desk: Desk, wanted: Sequence[Source]) -> Iterator[Fetch]:
    requests: list[Request] = []
    for each in wanted:
        with tolerate("source not asked", f"{each.id}: what is stored of it cannot be read, so it is not asked"):
            requests += sources.get_requests(desk.db, each)
    return crawl(
        requests,
        allow_private=desk.config.allow_private,
        contact=desk.config.contact,
        chromium=desk.config.chromium,
        now=desk.config.now,
        ended=desk.kept.ended,
    )


def _mark_attempted(db: Database, source: Source, now: datetime, *, lost: bool) -> None:
    """`lost`: the crawl process failed, not the publisher, so it is tried again soon, and not at each tick."""
    due_at = now + AFTER_LOST
    with transaction(db):
        if not lost:
            with tolerate("rhythm not kept", f"{source.id}: when it was due cannot be read; it is asked again soon"):
                due_at = keep_rhythm(source.every, sources.get_due_at(db, source.id), now)
        sources.mark_attempted(db, source.id, at=now, due_at=due_at)


def keep_rhythm(every: str, due_at: datetime, now: datetime) -> datetime:
    """When a Source is due next, asked now.

    Intervals are counted from the due time and not from the answer, so that a slow crawl or a late tick does not shift
    them, and a look on demand or to confirm a Change leaves them as they are.
    """
    following = next_due(every, now)
    if now < due_at <= following:
        return due_at
    interval = parse_interval(every)
    if interval is None or now < due_at:  # so far ahead only where the clock was, or the rhythm was edited
        return following
    return due_at + ((now - due_at) // interval + 1) * interval


def deliver(desk: Desk, summary: Summary) -> Summary:
    """Compose the digests that are due and send everything that is pending."""
    now, declared = desk.config.now(), desk.declared
    with span("compose") as count:
        composed = compose_due(desk.db, declared.audiences, desk.config, now, declared.people)
        count(digests=len(composed))
    with span("send") as count:
        sent = send_pending(desk.db, desk.config, desk.config.now(), people=declared.people, ended=desk.kept.ended)
        count(sent=sent.sent, waiting=sent.waiting, failed=sent.failed)
    if sent.sent and has_delivered_day(desk.db, now):
        ping_digest(desk.config)
    summary = replace(
        summary,
        digests=len(composed),
        sent=sent.sent,
        unsent=sent.waiting + sent.failed,
        failures=(*summary.failures, *sent.messages),
    )
    return _name_failures(desk, summary)


def _describe(found: Iterable[Problem]) -> Iterator[str]:
    """A line for each; for all at once where the same thing is missing on this machine."""
    missing: dict[tuple[str, str, str], list[str]] = {}
    for each in found:
        if each.kind in MISSING_HERE:
            missing.setdefault((each.kind, each.detail, each.advice), []).append(each.source_id)
        else:
            yield f"{each.source_id}: {each.kind}: {each.detail} ({each.url}). {each.advice}"
    for (kind, detail, advice), ids in missing.items():
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        yield f"{', '.join(ids[:NAMED])}{more}: {kind}: {detail}. {advice}"
