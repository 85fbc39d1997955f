"""How much happened: what was found, how soon it was seen and decided and how, who was told, what was not seen.

Only what was confirmed counts, and the first look at a Document is no change of it. Days are days of UTC.

Does not do: sums and percentiles, saying what the numbers mean (`monitor.views.numbers`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from monitor.model import Period
from monitor.store import write_time
from monitor.store.items import NO_DAY, get_in_hand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from monitor.store import Database

_COUNT_FOUND = """
SELECT count(*) FILTER (WHERE kind = 'substantive'), count(*) FILTER (WHERE kind = 'editorial'),
    count(*) FILTER (WHERE kind NOT IN ('substantive', 'editorial', 'first'))
FROM change INDEXED BY change_confirmed
WHERE confirmed_at >= :first AND confirmed_at < :end AND status = 'confirmed'
"""
_COUNT_PUBLISHERS = """
SELECT source.publisher, sum(number) FROM (
    SELECT change.document_id, count(*) AS number FROM change INDEXED BY change_confirmed
    WHERE change.confirmed_at >= :first
  AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive') GROUP BY change.document_id
) AS own CROSS JOIN document ON document.id = own.document_id CROSS JOIN source ON source.id = document.source_id
GROUP BY source.publisher
"""
_COUNT_WAITING = """
SELECT count(*) FROM change INDEXED BY change_waiting
WHERE is_settled = 0 AND status = 'confirmed' AND kind IN ('editorial', 'substantive')
"""
_SEEN = """
SELECT substr(change.confirmed_at, 1, 10),
    CAST(julianday(substr(change.detected_at, 1, 10)) - julianday(max(date_mention.date)) AS INTEGER)
FROM change INDEXED BY change_confirmed CROSS JOIN date_mention ON date_mention.change_id = change.id
WHERE change.confirmed_at >= :first
  AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')
  AND date_mention.kind IN ('last_updated', 'released') AND length(date_mention.date) = 10
  AND date_mention.date BETWEEN date(change.detected_at, '-90 days') AND substr(change.detected_at, 1, 10)
GROUP BY change.id
"""
_MADE = """
SELECT decision.change_id, decision.section_id, decision.verdict, decision.reason, substr(decision.at, 1, 10),
    max(0, julianday(decision.at) - julianday(change.confirmed_at)),
    change.confirmed_at < :first AND EXISTS (
        SELECT 1 FROM decision AS earlier
        WHERE earlier.change_id = change.id AND earlier.at < :first
          AND earlier.verdict IN ('confirmed', 'not-applicable')
    )
FROM decision INDEXED BY decision_by_time CROSS JOIN change ON change.id = decision.change_id
WHERE decision.at >= :first AND decision.verdict <> 'snoozed' AND change.confirmed_at IS NOT NULL
ORDER BY decision.at, decision.id
"""
_IN_HAND = "SELECT id FROM change INDEXED BY change_in_hand WHERE due IS NOT NULL"
_ALERTS = """
SELECT audience_id, local_date, count(*) FROM digest WHERE local_date >= :first AND period IN (:alert, :escalation)
GROUP BY audience_id, local_date
"""
_PROBLEMS = """
SELECT count(problem.id), count(problem.id) FILTER (WHERE problem.document_id IS NULL AND problem.kind <> 'gap')
FROM json_each(:moments) LEFT JOIN problem
    ON problem.opened_at < value AND (problem.closed_at IS NULL OR problem.closed_at >= value)
GROUP BY value ORDER BY value
"""


_COUNT_READ = """
SELECT count(*), count(*) FILTER (WHERE read_at > :since) FROM (
    SELECT (
        SELECT min(coalesce((
            SELECT fetch.at FROM fetch WHERE fetch.resource_id = resource.id AND fetch.state IN ('good', 'unchanged')
            ORDER BY fetch.id DESC LIMIT 1
        ), '')) FROM resource WHERE resource.source_id = source.id AND resource.position IS NOT NULL
    ) AS read_at
    FROM source WHERE source.enabled = 1
)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """How many Changes were confirmed: of each told kind, and of all others."""

    substantive: int
    editorial: int
    quiet: int


@dataclass(frozen=True, slots=True)
class Hands:
    """What one person has in hand: not decided yet, or confirmed and still to be put into a Section."""

    open: int
    overdue: int
    """Of those, whose day is past."""


class Made(NamedTuple):
    """A decision about something, or one that takes such a decision back; there are too many for more."""

    change_id: int
    section_id: str | None
    verdict: str
    reason: str
    day: str
    """On which it was made."""
    days: float
    """How long after the Change was told."""
    was_decided: int
    """1 = somebody had confirmed or rejected it, or a Section of it, before the time that is looked at."""


def count_found(db: Database, first: date, end: date) -> Found:
    """From the day `first` to the one before `end`."""
    return Found(*db.execute(_COUNT_FOUND, {"first": first.isoformat(), "end": end.isoformat()}).fetchone())


def count_by_publisher(db: Database, first: date) -> Counter[str]:
    """Publisher → told Changes that were confirmed from `first` on."""
    return Counter(dict(db.execute(_COUNT_PUBLISHERS, {"first": first.isoformat()})))


def count_waiting(db: Database) -> int:
    """Told Changes that nobody decided and nobody has in hand, with those that were put off."""
    (number,) = db.execute(_COUNT_WAITING).fetchone()
    return int(number)


def count_read(db: Database, since: datetime) -> tuple[int, int]:
    """How many Sources are switched on, and how many of them were read since then, at each of their addresses."""
    watched, read = db.execute(_COUNT_READ, {"since": write_time(since)}).fetchone()
    return watched, read


def iter_seen(db: Database, first: date) -> Iterator[tuple[str, int]]:
    """When each told Change was confirmed, and how many days after its publication it was seen.

    The day of publication is that of the last update, which some texts name; nothing else is stored of it. A day more
    than 90 days back is that of another update.
    """
    yield from db.execute(_SEEN, {"first": first.isoformat()})


def iter_made(db: Database, first: date) -> Iterator[Made]:
    """Every decision since `first` but those that put off, in their order."""
    return map(Made._make, db.execute(_MADE, {"first": first.isoformat()}))


def get_hands(db: Database, today: date) -> dict[str, Hands]:
    """By who has it in hand, as the decision writes it: how many Changes."""
    dues: defaultdict[str, list[str]] = defaultdict(list)
    for standings in get_in_hand(db, [change_id for (change_id,) in db.execute(_IN_HAND)]).values():
        for who in {each.assignee or "" for each in standings.values()}:
            dues[who].append(min(each.due or NO_DAY for each in standings.values() if each.assignee == who))
    return {who: Hands(len(own), sum(due < today.isoformat() for due in own)) for who, own in dues.items()}


def count_alerts(db: Database, first: date) -> Mapping[str, Counter[str]]:
    """Recipient (an Audience's id, or `@NAME`) → their own day → alerts and escalations, from `first` on."""
    found: dict[str, Counter[str]] = {}
    values = {"first": first.isoformat(), "alert": Period.ALERT, "escalation": Period.ESCALATION}
    for recipient, day, number in db.execute(_ALERTS, values):
        found.setdefault(recipient, Counter())[day] = number
    return found


def count_problems(db: Database, moments: Sequence[datetime]) -> tuple[tuple[int, int], ...]:
    """At each of these moments, in order: Problems that were open, and of those how many left us blind."""
    values = {"moments": json.dumps([write_time(each) for each in moments])}
    return tuple((number, blind) for number, blind in db.execute(_PROBLEMS, values))
