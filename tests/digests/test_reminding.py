"""Whom it may concern: who is reminded of which open items, and on which days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from digests.reminding import choose_due, choose_unanswered, find_strangers
from monitor.model import OpenItem, Period, Person, Severity, Verdict
from told import at

TODAY = date(2026, 11, 24)
"""A Tuesday."""
DAY = timedelta(days=1)
MARIA = Person("Maria Lopez", "U0MARIA00", "maria@example.org", "Europe/London")
PEOPLE = (MARIA, Person("Tom Reed", email="tom@example.org"))


def an_item(change=1, **facts):
    item = OpenItem(
        change_id=change,
        section_id="ages#upload",
        source_id="code",
        source_name="Safety code",
        publisher="Borealis Regulator",
        url="https://borealis.example/code",
        procedure="ages Age checks",
        severity=Severity.MEDIUM,
        since_at=at("2026-11-20T09:00Z"),
        verdict=Verdict.CONFIRMED,
        assignee="Maria Lopez",
        due=None,
        deadline=None,
    )
    return replace(item, **facts)


@pytest.fixture
def remind(make):
    """What Maria is reminded of today; `before` are the items of her reminder of `days` ago."""

    def remind(*items, today=TODAY, before=(), days=1):
        last = make.digest(period=Period.REMINDER, local_date=today - days * DAY, items=before) if before else None
        return list(choose_due(items, MARIA, PEOPLE, today, last))

    return remind


@pytest.mark.parametrize(
    ("facts", "urgent"),
    [
        ({"due": "2026-11-24"}, True),
        ({"due": "2026-11-25"}, True),
        ({"due": "2026-11-26"}, False),
        ({"due": "2026-11-23"}, True),
        ({"due": "2026-01-23"}, True),
        ({}, False),
        ({"deadline": "2026-12-01"}, True),
        ({"deadline": "2026-12-02"}, False),
        ({"deadline": "2026-11-24"}, True),
        ({"deadline": "2026-11-23"}, False),
        ({"due": "2026-12-24", "deadline": "2026-12-01"}, True),
        ({"due": "2026-11-23", "snoozed_until": "2026-11-25"}, False),
        ({"due": "2026-11-23", "snoozed_until": "2026-11-24"}, True),
    ],
)
def test_an_item_is_urgent_from_the_day_before_it_is_due_or_a_week_before_its_deadline(remind, facts, urgent):
    item = an_item(**facts)
    assert remind(item) == ([item] if urgent else [])


@pytest.mark.parametrize(
    ("assignee", "hers"),
    [("Maria Lopez", True), ("maria@EXAMPLE.org", True), ("U0MARIA00", True), ("Tom Reed", False), (None, False)],
)
def test_people_are_known_by_any_of_their_names(remind, assignee, hers):
    assert bool(remind(an_item(assignee=assignee, due="2026-11-24"))) is hers


def test_the_most_urgent_comes_first(remind):
    later, sooner, near, overdue = (
        an_item(1, due="2026-11-25"),
        an_item(2, due="2026-11-24"),
        an_item(3, deadline="2026-11-26"),
        an_item(4, due="2026-11-01"),
    )
    assert remind(later, sooner, near, overdue) == [overdue, sooner, later, near]


@pytest.mark.parametrize(
    ("before", "now", "days", "reminded"),
    [
        ({"due": "2026-11-20"}, {"due": "2026-11-20"}, 1, False),
        ({"due": "2026-11-25"}, {"due": "2026-11-25"}, 0, False),
        ({"due": "2026-11-24"}, {"due": "2026-11-24"}, 1, True),
        ({"due": "2026-11-23"}, {"due": "2026-11-23"}, 1, True),
        ({"due": "2026-11-23"}, {"due": "2026-11-23"}, 5, True),
        ({"due": "2026-11-21"}, {"due": "2026-11-22"}, 1, True),
        ({"deadline": "2026-11-30"}, {"deadline": "2026-11-30"}, 1, False),
        ({"deadline": "2026-11-23"}, {"deadline": "2026-11-30"}, 1, True),
        ({"deadline": "2026-11-30"}, {"deadline": "2026-11-30", "due": "2026-11-25"}, 1, True),
    ],
)
def test_the_same_is_not_said_every_morning(remind, before, now, days, reminded):
    """Only where the item has come further, or its day is another one, since the reminder before."""
    assert bool(remind(an_item(**now), before=(an_item(**before),), days=days)) is reminded


def test_with_something_new_all_that_is_urgent_is_named_again(remind):
    old, new = an_item(1, due="2026-11-20"), an_item(2, due="2026-11-24")
    assert remind(old, new, before=(old,)) == [old, new]


def test_on_mondays_what_is_overdue_is_named_again(remind):
    monday, old = date(2026, 11, 30), an_item(due="2026-11-20")
    assert remind(old, today=monday, before=(old,), days=3) == [old]
    near = an_item(deadline="2026-12-02")
    assert remind(near, today=monday, before=(near,), days=3) == []


def test_nobody_has_taken_up_what_is_undecided_and_in_nobodys_hands():
    whole = an_item(section_id=None, verdict=None, assignee=None)
    items = [
        whole,
        replace(whole, change_id=2),
        replace(whole, change_id=3, assignee="Tom Reed"),
        replace(whole, change_id=4, snoozed_until="2026-11-25"),
        replace(whole, change_id=5, snoozed_until="2026-11-24"),
        an_item(6, assignee=None),
    ]
    assert [each.change_id for each in choose_unanswered(items, {1, 3, 4, 5, 6}, TODAY)] == [1, 5]


@pytest.mark.parametrize(
    ("due", "reminded"), [("2026-11-28", True), ("2026-11-29", True), ("2026-11-30", True), ("2026-12-01", False)]
)
def test_on_a_friday_what_is_due_until_monday_is_urgent(remind, due, reminded):
    assert bool(remind(an_item(due=due), today=date(2026, 11, 27))) is reminded


def test_members_of_slack_whom_nobody_listed_are_known_by_their_id():
    found = find_strangers(["U0TOM", "U0MARIA00", "Ursula", "U", "somebody", "W012ABC"], PEOPLE)
    assert found == [Person("U0TOM", slack="U0TOM"), Person("W012ABC", slack="W012ABC")]
