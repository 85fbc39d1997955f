"""Whether the work is being done: the clock, what should have been asked, what waits to be read and to be sent.

Does not do: doing it.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from digests.words import count
from monitor.doctor.findings import failed, ok, warning
from monitor.model import DeliveryState
from monitor.store.fetches import find_waiting_since
from monitor.store.health import LATE, count_late, find_newest_at, get_outbox, iter_clock_differences
from monitor.store.problems import get_open

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.doctor.findings import Case, Finding

MOST_SKEW = timedelta(minutes=5)
"""So far signatures of Slack and of webhooks may be off."""
RECENT = timedelta(days=2)
ANSWERS = 50
FEWEST_ANSWERS = 5
"""Fewer may all come from a publisher whose clock is wrong."""
_GRAIN = timedelta(minutes=1)
"""Other processes write while we look."""
_SET_CLOCK = "Let the machine set its clock: systemctl status systemd-timesyncd, or chronyc tracking."


def check_clock(case: Case) -> Iterator[Finding]:
    if case.config.fixed_now:
        yield warning(
            f"MONITOR_NOW is set: the monitor takes every moment for {_say(case.now)}",
            "Unset it, unless this is a replay or a test.",
        )
    newest = find_newest_at(case.rows) if case.rows else None
    if newest and newest > case.now + _GRAIN:
        yield failed(
            f"it is {_say(case.now)}, but the newest row is from {_say(newest)}: the clock was set back, or was ahead",
            f"Whatever was written in between has times that are not true. {_SET_CLOCK}",
        )
    elif not case.config.fixed_now:
        yield ok(f"{_say(case.now)}, and nothing stored is of later")


def check_skew(case: Case) -> Iterator[Finding]:
    """Not where the clock is, or may have been, that of a replay."""
    if not case.rows or case.config.fixed_now:
        return
    differences = list(iter_clock_differences(case.rows, case.now - RECENT, ANSWERS))
    if len(differences) < FEWEST_ANSWERS:
        return
    skew = median(each / timedelta(minutes=1) for each in differences)
    if abs(skew) > MOST_SKEW / timedelta(minutes=1):
        side = "ahead" if skew > 0 else "behind"
        yield failed(
            f"our clock was {abs(skew):.0f} minutes {side} of the publishers' (median of {len(differences)} answers)",
            f"Digests leave at the wrong time, and signatures are refused. {_SET_CLOCK}",
        )
    else:
        yield ok(f"within {MOST_SKEW / timedelta(minutes=1):.0f} minutes of the publishers'")


def check_crawling(case: Case) -> Iterator[Finding]:
    if not case.rows:
        return
    late = count_late(case.rows, case.now - LATE)
    if late:
        yield warning(
            f"{count(late, 'source')} should have been asked more than {LATE / timedelta(hours=1):.0f} hours ago",
            "Nobody runs the main job, or it does not get through. Keep running: monitor serve, or cron monitor run.",
        )
    else:
        yield ok("nothing is late")


def check_reading(case: Case) -> Iterator[Finding]:
    if not case.rows:
        return
    since = find_waiting_since(case.rows)
    if since and case.now - since > LATE:
        yield warning(
            f"an answer has waited to be read since {_say(since)}",
            "See what stops it: monitor process. Those of a source that was switched off wait until it is on again.",
        )
    else:
        yield ok("every answer was read" if since is None else "answers are being read")


def check_deliveries(case: Case) -> Iterator[Finding]:
    if not case.rows:
        return
    outbox = get_outbox(case.rows)
    refused = outbox.pop(DeliveryState.FAILED, None)
    if refused:
        yield failed(
            f"{count(refused.number, 'message')} refused, the oldest of {_say(refused.oldest_at)}",
            "Why, and what to do: monitor problems",
        )
    oldest = min((each.oldest_at for each in outbox.values()), default=None)
    number = count(sum(each.number for each in outbox.values()), "message")
    if oldest and case.now - oldest > LATE:
        yield warning(f"{number} not sent since {_say(oldest)}", "Send them, and see why not: monitor deliver")
    elif not refused:
        yield ok(f"{number} on the way" if oldest else "everything was sent")


def check_problems(case: Case) -> Iterator[Finding]:
    if not case.rows:
        return
    found = get_open(case.rows)
    blind = sum(each.is_blind for each in found)
    if found:
        yield warning(
            f"{count(len(found), 'problem')} open, of which {blind} leave us blind",
            "Which, and what to do: monitor problems",
        )
    else:
        yield ok("none is open")


def _say(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
