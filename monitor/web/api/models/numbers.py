"""The numbers that a lead needs, week by week.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Mapping
from datetime import date

from monitor.views import numbers
from monitor.web.api.models.shared import Model


class Delay(Model):
    """How long it took, in days, of what one week brought."""

    number: int
    median: float
    ninetieth: float
    """Nine of ten took no longer."""


class WeekNumbers(Model):
    """One week, which begins on a Monday in UTC."""

    monday: date
    substantive: int
    """Changes that were told."""
    editorial: int
    quiet: int
    """Changes that were kept quiet."""
    seen: Delay | None
    """From the day that the text names as that of its last update to ours; null = nothing is known."""
    decided: Delay | None
    """From telling to the first decision, by the week of the decision."""
    problems: int
    """Open at its end, or now."""
    blind: int
    """Of those, for which an address cannot be read."""


class PublisherNumber(Model):
    """How many told changes a publisher brought."""

    name: str
    number: int


class Others(Model):
    """Publishers that are not named."""

    publishers: int
    number: int
    """Of their told changes."""


class InHand(Model):
    """What one person has in hand."""

    name: str
    open: int
    overdue: int


class Outcomes(Model):
    """What became of the changes that were decided."""

    acted: int
    dismissed: Mapping[str, int]
    """By the word of the reason; "" = own words."""


class Alerted(Model):
    """How often one desk or person was told at once."""

    name: str
    number: int
    a_day: float
    """On average of the working days."""
    most: int
    most_on: date


class Numbers(Model):
    """All of it."""

    weeks: tuple[WeekNumbers, ...]
    """The last one is this week."""
    publishers: tuple[PublisherNumber, ...]
    """The most first."""
    others: Others
    hands: tuple[InHand, ...]
    waiting: int
    """Told, not decided, and in nobody's hands."""
    outcomes: Outcomes
    alerted: tuple[Alerted, ...]
    watched: int
    """Sources."""
    read: int
    """Of those, read as a whole within the last seven days."""
    said: Mapping[str, str]
    """What each of them says, in one sentence."""


def tell_numbers(found: numbers.Numbers) -> Numbers:
    return Numbers(
        weeks=tuple(_tell_week(found, place) for place in range(len(found.weeks))),
        publishers=tuple(PublisherNumber(name=name, number=number) for name, number in found.publishers),
        others=Others(publishers=found.others[0], number=found.others[1]),
        hands=tuple(InHand(name=name, open=each.open, overdue=each.overdue) for name, each in found.hands),
        waiting=found.waiting,
        outcomes=Outcomes(acted=found.outcomes.acted, dismissed=found.outcomes.dismissed),
        alerted=tuple(map(Alerted.model_validate, found.alerted)),
        watched=found.watched,
        read=found.read,
        said=_say(found),
    )


def _tell_week(found: numbers.Numbers, place: int) -> WeekNumbers:
    counted, (problems, blind) = found.found[place], found.problems[place]
    seen, decided = found.seen[place], found.decided[place]
    return WeekNumbers(
        monday=found.weeks[place],
        substantive=counted.substantive,
        editorial=counted.editorial,
        quiet=counted.quiet,
        seen=Delay.model_validate(seen) if seen else None,
        decided=Delay.model_validate(decided) if decided else None,
        problems=problems,
        blind=blind,
    )


def _say(found: numbers.Numbers) -> dict[str, str]:
    return {
        "found": numbers.say_found(found),
        "publishers": numbers.say_publishers(found),
        "decided": numbers.say_decided(found),
        "outcomes": numbers.say_outcomes(found),
        "hands": numbers.say_hands(found),
        "alerted": numbers.say_alerted(found),
        "seen": numbers.say_seen(found),
        "problems": numbers.say_problems(found),
    }
