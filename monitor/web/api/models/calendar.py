"""The days that people must act by.

Does not do: anything. No I/O, no rules.
"""

from typing import Literal

from monitor.model import DateKind
from monitor.views import calendar
from monitor.web.api.models.shared import Model, Moment


class Entry(Model):
    """A deadline, or the day by which somebody is to have done something."""

    kind: DateKind | Literal["due"]
    date: str
    change_id: int
    name: str
    """Of the document."""
    publisher: str
    jurisdiction: str
    summary: str
    sentence: str
    """That the day stands in; "" where it is `due`."""
    moved_from: str | None
    is_decided: bool
    sections: tuple[str, ...]
    """Names of those that the change touches, the likeliest first."""
    assignee: str
    """Who has it in hand, where it is `due`."""
    uid: str
    """The same for the same event, on whatever day it stands; as in `/calendar.ics`."""
    touched_at: Moment
    """When that was last said, or decided about."""


class Agenda(Model):
    """What there is to do, in the order of its days."""

    overdue: tuple[Entry, ...]
    """In hand, and the day is past; empty where a first day was asked for."""
    past: tuple[Entry, ...]
    """Deadlines that are over, the last ones first; empty where a first day was asked for."""
    entries: tuple[Entry, ...]
    """From the first day on. A month stands before its days, a year before its months."""
    next_day: str | None
    """`from` that asks for more; null = that is all."""
    more_overdue: int
    """Changes with something overdue that are not in `overdue`; the changes `in-hand` have them all."""
    more_due: int
    """The same of what is due from the first day on."""


def tell_agenda(agenda: calendar.Agenda) -> Agenda:
    return Agenda.model_validate(agenda)
