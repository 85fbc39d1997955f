"""Reminders to people and escalations to leads: who gets one, when, and through which channel."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.compose import compose, compose_due
from monitor.model import Audience, Period, Person, Verdict
from monitor.store import transaction
from monitor.store.deliveries import get_deliveries, mark_failed
from told import at, date, decide, ids

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONDAY = at("2026-11-23T08:00Z")
DESK = Audience("desk", "Desk", "Europe/Brussels", "09:00")
MARIA = Person("Maria Lopez", "U0MARIA00", "maria@example.org", "America/New_York")
SAM = Person("Sam Okafor", "U0SAM0000")
ASSIGNED = Verdict.ASSIGNED


@pytest.fixture
def told(world, slack_config):
    """A change that was told on the Monday."""
    world.see(DESK, at=MONDAY - DAY)
    change = world.change(MONDAY - HOUR)
    compose_due(world.db, [DESK], slack_config, MONDAY)
    return change


@pytest.fixture
def run(world, slack_config):
    """What people are told in one run, beside their audience's daily and weekly digests."""

    def run(now, audience=DESK, people=(MARIA, SAM)):
        found = compose_due(world.db, [audience], slack_config, now, people)
        return [each for each in found if each.period in {Period.REMINDER, Period.ESCALATION}]

    return run


def channels(world, digest):
    return [each.channel for each in get_deliveries(world.db, digest.id)]


# Reminders


def test_a_person_is_reminded_by_direct_message_in_the_morning_there_and_once_a_day(world, told, run):
    decide(world, told, ASSIGNED, assignee="maria@example.org", due="2026-11-25")
    moments = [at("2026-11-24T13:59Z"), at("2026-11-24T14:00Z"), at("2026-11-24T20:00Z"), at("2026-11-25T13:59Z")]
    assert [len(run(each)) for each in moments] == [0, 1, 0, 0]
    (again,) = run(at("2026-11-25T14:00Z"))
    assert (again.id, again.audience_id, again.audience_name) == (
        "2026-11-25-reminder-@Maria Lopez",
        "@Maria Lopez",
        "Maria Lopez",
    )
    assert [(each.change_id, each.due) for each in again.items] == [(told, "2026-11-25")]
    assert channels(world, again) == ["slack:U0MARIA00"]


def test_a_person_hears_of_an_overdue_item_on_the_day_after_and_then_on_mondays(world, told, run):
    decide(world, told, ASSIGNED, assignee="Maria Lopez", due="2026-11-25")
    days = [day for day in range(14) if run(at("2026-11-24T15:00Z") + day * DAY)]
    assert days == [0, 1, 2, 6, 13]


def test_a_person_who_cannot_be_reached_is_not_reminded(world, told, run):
    nobody = Person("Maria Lopez")
    decide(world, told, ASSIGNED, assignee="Maria Lopez", due="2026-11-25")
    assert run(at("2026-11-25T15:00Z"), people=(nobody,)) == []


def test_an_item_that_is_done_reminds_nobody(world, told, run):
    decide(world, told, ASSIGNED, assignee="Maria Lopez", due="2026-11-25")
    decide(world, told, Verdict.NOT_APPLICABLE, reason="covered")
    assert run(at("2026-11-25T15:00Z")) == []


def test_a_near_deadline_of_what_is_in_ones_hands_is_a_reason(world, told, run):
    date(world, told, "compliance", "2026-12-01")
    decide(world, told, ASSIGNED, assignee="Maria Lopez")
    assert [bool(run(at(f"2026-11-{day}T15:00Z"))) for day in (23, 24, 25)] == [False, True, False]


def test_each_is_reminded_of_their_own(world, told, run):
    other = world.change(MONDAY - HOUR)
    decide(world, told, ASSIGNED, assignee="Maria Lopez", due="2026-11-25")
    decide(world, other, ASSIGNED, assignee="U0SAM0000", due="2026-11-25")
    found = {each.audience_name: [one.change_id for one in each.items] for each in run(at("2026-11-25T15:00Z"))}
    assert found == {"Maria Lopez": [told], "Sam Okafor": [other]}


def test_a_member_of_slack_whom_nobody_listed_is_reminded_as_well(world, told, run):
    decide(world, told, ASSIGNED, assignee="U0TOM", due="2026-11-25")
    (reminder,) = run(at("2026-11-25T15:00Z"))
    assert (reminder.audience_name, channels(world, reminder)) == ("U0TOM", ["slack:U0TOM"])


def test_nobody_is_reminded_at_a_weekend(world, told, run):
    decide(world, told, ASSIGNED, assignee="Maria Lopez", due="2026-11-28")
    days = [bool(run(at(f"2026-11-{day}T15:00Z"))) for day in range(26, 31)]
    assert days == [False, True, False, False, True]


# What is overdue, in the daily digest


def test_the_daily_digest_lists_what_is_overdue_the_longest_first(world, told, slack_config):
    world.watch("elsewhere", audience=("others",))
    elsewhere = world.change(MONDAY - HOUR, source="elsewhere")
    second, today, put_off = (world.change(MONDAY - HOUR) for _ in range(3))
    for change, due in [(told, "2026-11-22"), (second, "2026-11-20"), (today, "2026-11-23"), (elsewhere, "2026-11-20")]:
        decide(world, change, ASSIGNED, assignee="Tom", due=due)
    decide(world, put_off, ASSIGNED, assignee="Tom", due="2026-11-20")
    decide(world, put_off, Verdict.SNOOZED, due="2026-11-24")
    assert [each.change_id for each in compose(world.db, DESK, MONDAY).items] == [second, told]
    assert [each.change_id for each in compose(world.db, DESK, MONDAY + DAY).items] == [second, put_off, told, today]


# Escalations

LED = replace(DESK, lead="Sam Okafor", sla=timedelta(days=2))


def test_the_lead_is_told_of_what_nobody_took_up_in_time_and_once(world, told, run):
    moments = [MONDAY + 2 * DAY - HOUR, MONDAY + 2 * DAY, MONDAY + 2 * DAY + HOUR, MONDAY + 9 * DAY]
    found = [run(each, LED) for each in moments]
    assert [len(each) for each in found] == [0, 1, 0, 0]
    ((escalation,),) = found[1:2]
    assert escalation.id == f"2026-11-25-escalation-desk-{told}"
    assert (escalation.audience_id, [each.change_id for each in escalation.items]) == ("desk", [told])
    assert channels(world, escalation) == ["slack:U0SAM0000"]


@pytest.mark.parametrize(
    ("decisions", "escalated"),
    [
        ([], True),
        ([{"verdict": Verdict.CONFIRMED}], False),
        ([{"verdict": Verdict.NOT_APPLICABLE, "reason": "covered"}], False),
        ([{"verdict": ASSIGNED, "assignee": "Tom"}], False),
        ([{"verdict": Verdict.SNOOZED, "due": "2026-11-30"}], False),
        ([{"verdict": Verdict.SNOOZED, "due": "2026-11-25"}], True),
        ([{"verdict": Verdict.CONFIRMED}, {"verdict": Verdict.UNDONE}], True),
        ([{"verdict": ASSIGNED, "assignee": "Tom"}, {"verdict": Verdict.UNDONE}], True),
        (
            [{"verdict": Verdict.CONFIRMED}, {"verdict": ASSIGNED, "assignee": "Tom"}, {"verdict": Verdict.UNDONE}],
            False,
        ),
        ([{"verdict": ASSIGNED, "assignee": "Tom", "section": "minors#age-checks"}], False),
    ],
)
def test_only_what_nobody_decided_or_has_in_hand_is_escalated(world, told, run, decisions, escalated):
    world.touch(told, 0.5) if any("section" in each for each in decisions) else None
    for each in decisions:
        decide(world, told, **each)
    assert bool(run(MONDAY + 2 * DAY + HOUR, LED)) is escalated


def test_days_without_a_decision_are_working_days_and_no_lead_is_told_at_a_weekend(world, run, slack_config):
    world.see(LED, at=MONDAY - DAY)
    world.change(MONDAY + 3 * DAY)
    compose_due(world.db, [DESK], slack_config, MONDAY + 4 * DAY)
    found = [len(run(MONDAY + days * DAY, LED)) for days in range(5, 10)]
    assert found == [0, 0, 0, 1, 0]


def test_hours_without_a_decision_are_hours_and_their_end_waits_for_monday(world, run, slack_config):
    world.see(LED, at=MONDAY - DAY)
    world.change(MONDAY + 3 * DAY)
    compose_due(world.db, [DESK], slack_config, MONDAY + 4 * DAY)
    led = replace(LED, sla=timedelta(hours=25))
    assert [len(run(MONDAY + days * DAY, led)) for days in range(5, 9)] == [0, 0, 1, 0]


def test_a_first_sla_tells_the_lead_of_what_waits_for_a_week_at_most(world, told, run, slack_config):
    """Beyond that it is history."""
    recent = world.change(MONDAY + 10 * DAY)
    compose_due(world.db, [DESK], slack_config, MONDAY + 11 * DAY)
    ((escalation),) = run(MONDAY + 16 * DAY, LED)
    assert [each.change_id for each in escalation.items] == [recent]


def test_what_was_put_off_for_long_is_escalated_when_it_comes_back(world, told, run):
    decide(world, told, Verdict.SNOOZED, due="2026-12-14")
    assert [len(run(MONDAY + days * DAY, LED)) for days in (18, 20, 21, 22)] == [0, 0, 1, 0]


def test_what_is_put_off_is_escalated_when_it_comes_back(world, told, run):
    decide(world, told, Verdict.SNOOZED, due="2026-11-30")
    assert [len(run(MONDAY + days * DAY, LED)) for days in (3, 6, 7, 8)] == [0, 0, 1, 0]


def test_several_of_one_day_are_one_escalation_and_later_ones_another(world, told, run, slack_config):
    others = [world.change(MONDAY + HOUR) for _ in range(2)]
    compose_due(world.db, [DESK], slack_config, MONDAY + DAY)
    assert [[each.change_id for each in found.items] for found in run(MONDAY + 2 * DAY, LED)] == [[told]]
    assert [[each.change_id for each in found.items] for found in run(MONDAY + 3 * DAY, LED)] == [others]


def test_without_a_lead_nobody_is_told(told, run):
    assert run(MONDAY + 9 * DAY) == []


def test_a_lead_who_cannot_be_reached_is_told_in_the_audiences_own_channel(world, told, run):
    (escalation,) = run(MONDAY + 2 * DAY, LED, people=(Person("Sam Okafor"),))
    assert channels(world, escalation) == ["file", "slack:C0POLICY"]


def test_each_audience_has_its_own_clock(world, slack_config, told):
    second = replace(LED, id="second", sla=timedelta(hours=12))
    world.see(second, at=MONDAY - DAY)
    compose_due(world.db, [LED, second], slack_config, MONDAY, (SAM,))
    found = compose_due(world.db, [LED, second], slack_config, MONDAY + 12 * HOUR, (SAM,))
    assert [(each.period, each.audience_id) for each in found] == [(Period.ESCALATION, "second")]


# Deadlines, owners, channels that refuse


def test_the_deadlines_of_the_next_thirty_days_are_listed_told_or_not(world, told):
    world.watch("elsewhere", audience=("others",))
    for change, day in [(told, "2026-11-23"), (told, "2026-12-23"), (told, "2026-12-24"), (told, "2026-11-22")]:
        date(world, change, "compliance", day)
    date(world, world.change(MONDAY, source="elsewhere"), "effective", "2026-12-01")
    found = compose(world.db, DESK, MONDAY).deadlines
    assert [(each.change_id, each.date, each.is_decided) for each in found] == [
        (told, "2026-11-23", False),
        (told, "2026-12-23", False),
    ]


def test_an_audience_of_owners_is_told_of_what_touches_their_procedures_only(world, slack_config):
    owners = {"owners": ("dana@example.org",)}
    desk, people = replace(DESK, **owners), (Person("Dana Lind", email="dana@example.org"),)
    world.see(desk, at=MONDAY - DAY)
    touching, weakly, other = (world.change(MONDAY - HOUR) for _ in range(3))
    world.touch(touching, 0.3)
    world.touch(weakly, 0.29)
    for each in (touching, other):
        date(world, each, "effective", "2026-12-20")
        decide(world, each, ASSIGNED, assignee="Tom", due="2026-11-20")
    (digest,) = compose_due(world.db, [desk], slack_config, MONDAY, people)
    assert ids(digest.changes) == [touching]
    assert [each.change_id for each in digest.deadlines] == [touching]
    assert [each.change_id for each in digest.items] == [touching]


@pytest.mark.parametrize("owner", ["Dana Lind", "DANA LIND", "Somebody Else"])
def test_an_owner_whom_people_do_not_list_is_known_by_the_name_in_the_procedure(world, slack_config, owner):
    world.see(DESK, at=MONDAY - DAY)
    change = world.change(MONDAY - HOUR)
    world.touch(change)
    found = ids(compose(world.db, replace(DESK, owners=(owner,)), MONDAY).changes)
    assert found == ([change] if owner.casefold() == "dana lind" else [])


def test_channels_that_refuse_are_named_without_what_may_be_secret_in_them(world, slack_config):
    desk = replace(DESK, send_to=("webhook:https://hooks.example/T0/s3cret", "email:desk@example.org"))
    (digest,) = compose_due(world.db, [desk], slack_config, MONDAY)
    refused = {each.channel: each.id for each in get_deliveries(world.db, digest.id) if each.channel != "file"}
    with transaction(world.db):
        for channel, delivery_id in refused.items():
            mark_failed(world.db, [delivery_id], error=f"{channel[0]} refused", at=MONDAY)
    assert compose(world.db, desk, MONDAY + DAY).undelivered == (
        "email:desk@example.org: e refused",
        "slack:C0POLICY: s refused",
        "webhook:hooks.example: w refused",
    )
    assert compose(world.db, replace(desk, id="other"), MONDAY + DAY).undelivered == ()
