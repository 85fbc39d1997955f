"""What a lead asks on a Monday, in numbers: week by week, with what they say in one sentence each.

A week begins on a Monday, in UTC. The last one is not over yet.

Does not do: drawing (`monitor.web.charts`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING

from digests.wording import person_name
from digests.words import count, day
from monitor.model import Verdict
from monitor.store import numbers
from monitor.store.decisions import read_word
from monitor.store.numbers import Hands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.model import Audience, Person
    from monitor.store import Database
    from monitor.store.numbers import Found, Made

PUBLISHERS = 8
"""Shown by name; the rest is one number."""
_WEEK = timedelta(weeks=1)
_HOURS_UP_TO = 48
"""From there on it is said in days."""
_WEEKEND = 5
"""The weekday from which on nobody is at work."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long it took, in days, of what one week brought."""

    number: int
    median: float
    ninetieth: float
    """Nine of ten took no longer."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the Changes that were decided."""

    acted: int
    """Confirmed, or a Section of them."""
    dismissed: Counter[str]
    """By the word of the reason (`monitor.triage.REASONS`); "" = a reason in somebody's own words."""


@dataclass(frozen=True, slots=True)
class Alerted:
    """How often one desk or person was told at once."""

    name: str
    number: int
    a_day: float
    """On average of the working days."""
    most: int
    most_on: date


@dataclass(frozen=True, slots=True)
class Numbers:
    """All of it. What is by week has one place for each of `weeks`; None = nothing is known of that week."""

    weeks: tuple[date, ...]
    """Their Mondays, the last one that of this week."""
    found: tuple[Found, ...]
    publishers: tuple[tuple[str, int], ...]
    """Told Changes, the most first, at most PUBLISHERS."""
    others: tuple[int, int]
    """How many other publishers, and how many told Changes of theirs."""
    seen: tuple[Delay | None, ...]
    """From the day that the text names as that of its last update to ours, by the week in which it was told."""
    decided: tuple[Delay | None, ...]
    """From telling to the first decision, by the week of the decision."""
    hands: tuple[tuple[str, Hands], ...]
    """Who has how much in hand, the most first."""
    waiting: int
    """Told, not decided, and in nobody's hands."""
    outcomes: Outcomes
    alerted: tuple[Alerted, ...]
    """The most told first."""
    problems: tuple[tuple[int, int], ...]
    """At the end of each week, this week now: open Problems, and those of them for which an address cannot be read."""
    watched: int
    read: int
    """Of those, Sources that were read as a whole within the last seven days."""

    @property
    def told(self) -> int:
        return sum(each.substantive + each.editorial for each in self.found)

    @property
    def quiet(self) -> int:
        return sum(each.quiet for each in self.found)


def get_numbers(
    db: Database, now: datetime, weeks: int, people: Sequence[Person] = (), audiences: Sequence[Audience] = ()
) -> Numbers:
    """Of the last `weeks` weeks with this one. `people` and `audiences` say what their names are."""
    today = now.date()
    mondays = _list_mondays(today, weeks)
    first = mondays[0]
    made = list(numbers.iter_made(db, first))
    by_publisher = numbers.count_by_publisher(db, first).most_common()
    watched, read = numbers.count_read(db, now - _WEEK)
    return Numbers(
        weeks=mondays,
        found=tuple(numbers.count_found(db, each, each + _WEEK) for each in mondays),
        publishers=tuple(by_publisher[:PUBLISHERS]),
        others=(len(by_publisher[PUBLISHERS:]), sum(number for _, number in by_publisher[PUBLISHERS:])),
        seen=_sum_weeks(mondays, ((told, float(days)) for told, days in numbers.iter_seen(db, first))),
        decided=_sum_weeks(mondays, _iter_first(made)),
        hands=_name_hands(numbers.get_hands(db, today), people),
        waiting=numbers.count_waiting(db),
        outcomes=sum_outcomes(made),
        alerted=_sum_alerts(numbers.count_alerts(db, first), first, today, {each.id: each.name for each in audiences}),
        problems=numbers.count_problems(db, [min(_begin(each + _WEEK), now) for each in mondays]),
        watched=watched,
        read=read,
    )


def sum_delays(days: Iterable[float]) -> Delay | None:
    """By the nearest rank: median and 90th percentile are delays that occurred."""
    ranked = sorted(days)
    if not ranked:
        return None
    return Delay(len(ranked), *(ranked[ceil(len(ranked) * share) - 1] for share in (0.5, 0.9)))


def sum_outcomes(made: Iterable[Made]) -> Outcomes:
    """What stands of each Change, or of one of its Sections."""
    stands: defaultdict[tuple[int, str | None], list[Made]] = defaultdict(list)
    for each in made:
        own = stands[each.change_id, each.section_id]
        if each.verdict == Verdict.UNDONE:
            del own[-1:]
        else:
            own.append(each)
    standing: dict[int, Made] = {}
    for (change_id, _), own in stands.items():
        is_acted_on = change_id in standing and standing[change_id].verdict == Verdict.CONFIRMED
        decided = _find_verdict(own)
        if decided and not is_acted_on:
            standing[change_id] = decided
    rejected = [each for each in standing.values() if each.verdict == Verdict.NOT_APPLICABLE]
    return Outcomes(len(standing) - len(rejected), Counter(read_word(each.reason) for each in rejected))


def _find_verdict(made: Sequence[Made]) -> Made | None:
    """Whoever assigns what was rejected opens it again (`monitor.store.decisions`)."""
    verdict = None
    for each in made:
        if each.verdict != Verdict.ASSIGNED:
            verdict = each
        elif verdict and verdict.verdict == Verdict.NOT_APPLICABLE:
            verdict = None
    return verdict


def say_found(found: Numbers) -> str:
    a_week = round(found.told / len(found.weeks))
    return (
        f"{count(found.told, 'change was', 'changes were')} told in {count(len(found.weeks), 'week')}"
        f"{f', {a_week:,} a week' if a_week else ''}; {count(found.quiet, 'other was', 'others were')} kept quiet."
    )


def say_publishers(found: Numbers) -> str:
    if not found.publishers:
        return "No publisher changed anything that was told."
    name, number = found.publishers[0]
    return f"{name} brought {_share(number, found.told)} of what was told: {count(number, 'change')}."


def say_seen(found: Numbers) -> str:
    known = sum(each.number for each in found.seen if each)
    last = next((each for each in reversed(found.seen) if each), None)
    if not last:
        return "No text named the day of its own update, so it is not known how soon it was seen."
    return (
        f"In the last week that is known half were seen within {say_days(last.median)} of the last update, and nine of "
        f"ten within {say_days(last.ninetieth)}; {known:,} of {count(found.told, 'text')} name the day of theirs."
    )


def say_decided(found: Numbers) -> str:
    last = next((each for each in reversed(found.decided) if each), None)
    if not last:
        return "Nobody decided anything in this time."
    return (
        f"In the last week with decisions half were made within {say_span(last.median)} of telling, "
        f"and nine of ten within {say_span(last.ninetieth)}."
    )


def say_hands(found: Numbers) -> str:
    in_hand, overdue = (sum(getattr(each, name) for _, each in found.hands) for name in ("open", "overdue"))
    waiting = f"{count(found.waiting, 'change waits', 'changes wait')} for a decision in nobody's hands."
    if not in_hand:
        return f"Nobody has anything in hand; {waiting}"
    return f"{count(in_hand, 'change is', 'changes are')} in somebody's hands, {overdue:,} of them overdue; {waiting}"


def say_outcomes(found: Numbers) -> str:
    acted, dismissed = found.outcomes.acted, found.outcomes.dismissed.total()
    if not acted + dismissed:
        return "Nothing was decided for or against in this time."
    decided = count(acted + dismissed, "change that was decided", "changes that were decided")
    return f"Of {decided}, {acted:,} ({_share(acted, acted + dismissed)}) called for action and {dismissed:,} did not."


def say_alerted(found: Numbers) -> str:
    if not found.alerted:
        return "Nobody was alerted in this time."
    most = found.alerted[0]
    return (
        f"{most.name} was alerted most, {most.a_day:.2g} times a working day; "
        f"the most on one day were {most.most:,}, on {day(most.most_on)}."
    )


def say_problems(found: Numbers) -> str:
    problems, blind = found.problems[-1]
    unread = count(blind, "address", "addresses")
    still = f"{count(problems, 'problem is', 'problems are')} open now, and {unread} cannot be read"
    read = f"{found.read:,} of {count(found.watched, 'source')} were read in the last seven days."
    return f"{still if problems else 'No problem is open now'}; {read}"


def say_span(days: float) -> str:
    """As in "5 hours" or "2.4 days": as precise as it matters."""
    hours = days * 24
    if hours < 1:
        return "less than an hour"
    return count(round(hours), "hour") if hours < _HOURS_UP_TO else f"{days:.2g} days"


def say_days(days: float) -> str:
    """Of whole days, as in "1 day"."""
    return count(round(days), "day")


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %"


def _list_mondays(today: date, weeks: int) -> tuple[date, ...]:
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - _WEEK * back for back in reversed(range(weeks)))


def _begin(monday: date) -> datetime:
    return datetime.combine(monday, time(), UTC)


def _sum_weeks(mondays: Sequence[date], found: Iterable[tuple[str, float]]) -> tuple[Delay | None, ...]:
    """From (day, how many days it took)."""
    week_of = {(mondays[0] + timedelta(days=each)).isoformat(): each // 7 for each in range(7 * len(mondays))}
    by_week = defaultdict(list)
    for when, days in found:
        if when in week_of:  # a clock that once ran ahead has left days that are not over
            by_week[week_of[when]].append(days)
    return tuple(sum_delays(by_week[week]) for week in range(len(mondays)))


def _iter_first(made: Iterable[Made]) -> Iterator[tuple[str, float]]:
    """The first decision for or against each Change: when, and how long after it was told."""
    decided = set()
    for each in made:
        is_verdict = each.verdict in {Verdict.CONFIRMED, Verdict.NOT_APPLICABLE}
        if not is_verdict or each.was_decided or each.change_id in decided:
            continue
        decided.add(each.change_id)
        yield each.day, each.days


def _name_hands(hands: Mapping[str, Hands], people: Sequence[Person]) -> tuple[tuple[str, Hands], ...]:
    """One Person is written in several ways: by name, e-mail address and Slack id."""
    named: dict[str, Hands] = {}
    for who, each in hands.items():
        name = person_name(who, people)
        before = named.get(name, Hands(0, 0))
        named[name] = Hands(before.open + each.open, before.overdue + each.overdue)
    return tuple(sorted(named.items(), key=lambda each: (-each[1].open, each[0].casefold())))


def _sum_alerts(
    alerts: Mapping[str, Counter[str]], first: date, today: date, names: Mapping[str, str]
) -> tuple[Alerted, ...]:
    working_days = sum((first + timedelta(days=each)).weekday() < _WEEKEND for each in range((today - first).days + 1))
    summed = [
        Alerted(
            name=names.get(recipient, recipient.removeprefix("@")),
            number=days.total(),
            a_day=days.total() / max(1, working_days),
            most=days.most_common(1)[0][1],
            most_on=date.fromisoformat(days.most_common(1)[0][0]),
        )
        for recipient, days in alerts.items()
    ]
    return tuple(sorted(summed, key=lambda each: (-each.number, each.name.casefold())))
