"""Silence is noticed: what a source usually does is kept as it is read, and what it does not do any more is a Problem.

    note_round    how much text each new answer gave, and whether it is in doubt for that (drifting, keeps-less); or the
                  day, where a feed brought news
    watch         what nobody is told of because nothing happens: no answer (silent), no news (no-entries)
    judge_size    one doubt about the size of what an address gives

Each doubt is closed by the same judgement that opened it, as soon as it holds no more; `silent` by the next answer that
is read. A person can set a doubt aside (`monitor sources accept`): then only what comes after that day counts. Who
confirms a Change of a text that is drifting has seen the text, which says the same.

Not judged: what another Problem makes blind, and what was not watched. A source that is new, was switched off, moved to
another address, or is read otherwise begins a new history there.

Does not do: judging numbers (`monitor.rhythm`).
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import structlog

from monitor.errors import ExtractionError
from monitor.failing import tolerate
from monitor.model import ProblemKind
from monitor.rhythm import LEAST_QUIET, Decay, Drift, Quiet, find_decay, find_drift, find_quiet, is_silent
from monitor.sources import next_due
from monitor.store import problems, rhythm, transaction
from monitor.store.rhythm import Doubted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitor.steps import Reading, Round, Step
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch
    from monitor.store.rhythm import Feed, Reached

log = structlog.get_logger()

PAUSE = timedelta(days=15)
"""A longer one between two answers is a break in the watch. Old answers may be dropped but for one of each week."""

_ACCEPT = "If all is well with it: monitor sources accept ID"
_ADVICE = {
    ProblemKind.NO_ENTRIES: "Look on the publisher's pages: perhaps news comes by another feed or address now.",
    ProblemKind.DRIFTING: "Compare the text with the page: perhaps parts of it stand where `select` does not look.",
    ProblemKind.KEEPS_LESS: "Look at it with `monitor sources try ID`: perhaps the text moves out of what is kept.",
}
_NEVER_ASKED = "Nothing asks it: is the service running, or its crawl stuck? Look: monitor doctor"
_NOTHING_READ = "It is asked, and nothing is read of it: its failures are in the log and in what `monitor run` prints."


def note_round(db: Database, round_: Round, steps: Sequence[Step]) -> None:
    """What one crawl brought and the Steps that it led to, inside the caller's transaction."""
    for part in round_.parts:
        if same := round_.read.get(part.resource_id):
            if not round_.source.is_feed:
                _note_size(db, same[-1], part.readings[0], round_.recipe)
            elif any(step.is_told for step in steps):
                rhythm.add_arrival(db, part.resource_id, same[-1].at)
                problems.close_doubt(db, part.resource_id, ProblemKind.NO_ENTRIES, same[-1].at)


def _note_size(db: Database, fetch: PendingFetch, reading: Reading, recipe: str) -> None:
    letters = sum(len(block.text) for block in reading.blocks)
    share = min(1.0, letters / reading.page_letters) if reading.page_letters else None
    way = sha256(recipe.encode()).hexdigest()[:12]
    rhythm.add_measure(db, fetch.resource_id, fetch.at, recipe=way, letters=letters, share=share)
    for kind in (ProblemKind.DRIFTING, ProblemKind.KEEPS_LESS):
        judge_size(db, Doubted(fetch.source_id, fetch.resource_id, fetch.url, kind), fetch.at)


def watch(db: Database, now: datetime) -> None:
    """What is silent now. After all that is due was asked: what nobody had the time to ask is silent as well."""
    blind = rhythm.get_blind_ids(db)
    silent = [each for each in _iter_silent(db, now) if each.source_id not in blind]
    blind |= {each.source_id for each in silent}
    doubts = {feed.resource_id: doubt for feed, doubt in _iter_quiet(db, now) if feed.source_id not in blind}
    with transaction(db):
        for each in silent:
            _open_silent(db, each, now)
    with transaction(db):
        for resource_id, doubt in doubts.items():
            problems.open_doubt(db, resource_id, doubt, now)
        rhythm.close_left(db, now)
    for doubted in rhythm.get_doubted(db):
        is_over = doubted.resource_id not in doubts and doubted.source_id not in blind
        with tolerate("rhythm not judged", f"{doubted.source_id}: {doubted.kind} cannot be judged"), transaction(db):
            if doubted.kind is not ProblemKind.NO_ENTRIES:
                judge_size(db, doubted, now)
            elif is_over:
                problems.close_doubt(db, doubted.resource_id, doubted.kind, now)
    if silent or doubts:
        log.info("silence noticed", silent=len(silent), quiet=len(doubts))


def _iter_silent(db: Database, now: datetime) -> Iterator[Reached]:
    for each in rhythm.iter_reached(db):
        with tolerate("rhythm not judged", f"{each.source_id}: whether it is silent cannot be judged"):
            if is_silent(each.every, each.seen_at, now):
                yield each


def _open_silent(db: Database, reached: Reached, now: datetime) -> None:
    is_asked = reached.asked_at is not None and reached.asked_at > reached.seen_at
    asked = f"asked last on {reached.asked_at:%Y-%m-%d %H:%M} UTC" if is_asked else "not asked since"
    problems.open_problem(
        db,
        reached.resource_id,
        ProblemKind.SILENT,
        detail=f"nothing was read of it since {reached.seen_at:%Y-%m-%d %H:%M} UTC, and it was {asked}; "
        f"every: {reached.every}",
        advice=_NOTHING_READ if is_asked else _NEVER_ASKED,
        at=now,
    )


def _iter_quiet(db: Database, now: datetime) -> Iterator[tuple[Feed, ExtractionError]]:
    today = now.date()
    for feed in rhythm.iter_quiet(db, today - LEAST_QUIET, today):
        with tolerate("rhythm not judged", f"{feed.source_id}: whether it is silent cannot be judged"):
            if doubt := _doubt_feed(db, feed, now):
                yield feed, doubt


def _doubt_feed(db: Database, feed: Feed, now: datetime) -> ExtractionError | None:
    """Days in a break of the watch are left out, and so are those before a person set the doubt aside."""
    mark, today = _mark(ProblemKind.NO_ENTRIES, feed.url), now.date()
    pause = max(PAUSE, 2 * (next_due(feed.every, now) - now))
    resumed = rhythm.get_resumed(db, feed, pause, now)
    settled_on = rhythm.find_accepted_on(db, feed.source_id, mark) or date.min
    quiet = find_quiet(feed.days, today, resumed=resumed, settled_on=settled_on)
    return _doubt(ProblemKind.NO_ENTRIES, mark, _say_quiet(quiet)) if quiet else None


def judge_size(db: Database, doubted: Doubted, at: datetime) -> None:
    """Open or close this one doubt. What a person has confirmed or set aside is asked only where there is a doubt."""
    mark, found = _mark(doubted.kind, doubted.url), _find_change(db, doubted, date.min)
    if found and (settled_on := _find_settled_on(db, doubted, mark)):
        found = _find_change(db, doubted, settled_on)
    if found:
        problems.open_doubt(db, doubted.resource_id, _doubt(doubted.kind, mark, found), at)
    elif problems.close_doubt(db, doubted.resource_id, doubted.kind, at):
        log.info("doubt closed", source=doubted.source_id, problem=str(doubted.kind))


def _find_settled_on(db: Database, doubted: Doubted, mark: str) -> date | None:
    """How much is kept of the page is nothing that who confirms a Change has seen."""
    days = [rhythm.find_accepted_on(db, doubted.source_id, mark)]
    if doubted.kind is ProblemKind.DRIFTING:
        days.append(rhythm.find_confirmed_on(db, doubted))
    return max(filter(None, days), default=None)


def _find_change(db: Database, doubted: Doubted, since: date) -> str:
    """What is doubtful about the sizes since then, in words; "" = nothing."""
    measures = rhythm.get_measures(db, doubted.resource_id, since)
    if doubted.kind is ProblemKind.DRIFTING:
        drift = find_drift(measures)
        return _say_drift(drift) if drift else ""
    decay = find_decay(measures)
    return _say_decay(decay) if decay else ""


def _mark(kind: ProblemKind, url: str) -> str:
    return f"{kind}: {url}"


def _doubt(kind: ProblemKind, mark: str, detail: str) -> ExtractionError:
    return ExtractionError(kind, detail, f"{_ADVICE[kind]} {_ACCEPT}", mark)


def _say_quiet(quiet: Quiet) -> str:
    return f"no news in {quiet.days} days, the last on {quiet.since}; it was never quiet for more than {quiet.usual}"


def _say_drift(drift: Drift) -> str:
    return f"{drift.now:,} letters, step by step from {drift.before:,} within a year"


def _say_decay(decay: Decay) -> str:
    return f"{decay.now:.0%} of the page is kept, of which {decay.before:.0%} was"
