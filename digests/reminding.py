"""Which open items somebody is reminded of, and which ones an Audience's lead is told of.

A Person is reminded of all that is due by the next working day, or whose Change must be acted on within `NEAR`, but
only on a day on which one of them has come further than it was at the reminder before, or on a Monday while anything is
overdue. So nobody is told the same every morning, and nothing is lost where no process ran on the day itself.

Does not do: storing, the words. Days are those of whoever is told.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from digests.due import is_working_day
from digests.wording import find_person
from monitor.model import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from monitor.model import Digest, OpenItem

NEAR = timedelta(days=7)
"""So long before a deadline of its Change an item is urgent, whenever it is due."""

_MONDAY = 0

_MEMBER = re.compile(r"[UW][A-Z0-9]{3,}")
"""As Slack writes the id of a member."""


class _Stage(IntEnum):
    """How far an item has come, the most urgent last."""

    LATER = 0
    NEAR_DEADLINE = 1
    DUE_NEXT = 2
    """By the next working day: on a Friday, by Monday."""
    DUE_TODAY = 3
    OVERDUE = 4


def find_strangers(assignees: Iterable[str], people: Collection[Person]) -> list[Person]:
    """Members of Slack who were given something and are not among `people`: their id is all that is known of them."""
    members = sorted(each for each in assignees if _MEMBER.fullmatch(each))
    return [Person(each, slack=each) for each in members if not find_person(each, people)]


def choose_due(
    items: Iterable[OpenItem], person: Person, people: Collection[Person], today: date, before: Digest | None
) -> tuple[OpenItem, ...]:
    """What the Person is to be reminded of today, the most urgent first; nothing where it can wait.

    `before` is the last reminder that the Person got.
    """
    urgent = [
        each
        for each in items
        if each.assignee and find_person(each.assignee, people) == person and _stage(each, today) > _Stage.LATER
    ]
    reminded = {_mark(each, before.local_date) for each in before.items} if before else set()
    is_news = any(_mark(each, today) not in reminded for each in urgent)
    is_monday = today.weekday() == _MONDAY and any(is_overdue(each, today) for each in urgent)
    chosen = urgent if is_news or is_monday else []
    return tuple(sorted(chosen, key=lambda each: (-_stage(each, today), each.due or each.deadline or "")))


def choose_unanswered(items: Iterable[OpenItem], told: Collection[int], today: date) -> tuple[OpenItem, ...]:
    """Of the Changes that were `told`, those about which nobody decided anything, not even whose they are."""
    return tuple(
        each
        for each in items
        if each.change_id in told and not each.section_id and not each.assignee and not is_put_off(each, today)
    )


def is_overdue(item: OpenItem, today: date) -> bool:
    """Whether its day is over."""
    return _stage(item, today) is _Stage.OVERDUE


def is_put_off(item: OpenItem, today: date) -> bool:
    """Whether it comes back on a later day."""
    return bool(item.snoozed_until and item.snoozed_until > today.isoformat())


def _stage(item: OpenItem, today: date) -> _Stage:
    if is_put_off(item, today):
        return _Stage.LATER
    if item.due and item.due <= _next_working_day(today).isoformat():
        if item.due > today.isoformat():
            return _Stage.DUE_NEXT
        return _Stage.DUE_TODAY if item.due == today.isoformat() else _Stage.OVERDUE
    is_near = item.deadline and today.isoformat() <= item.deadline <= (today + NEAR).isoformat()
    return _Stage.NEAR_DEADLINE if is_near else _Stage.LATER


def _next_working_day(today: date) -> date:
    ahead = (today + timedelta(days=number) for number in range(1, 4))
    return next(filter(is_working_day, ahead))


def _mark(item: OpenItem, today: date) -> tuple[int, str | None, _Stage, str | None]:
    """What is the same from day to day while nothing new is to be said of it."""
    stage = _stage(item, today)
    return item.change_id, item.section_id, stage, item.deadline if stage is _Stage.NEAR_DEADLINE else item.due
