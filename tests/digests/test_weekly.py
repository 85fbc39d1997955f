"""The weekly digest: each told change of the week once, with what became of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.compose import compose, compose_due
from digests.due import find_week_end
from monitor.model import ChangeKind, Period, Severity, Verdict
from monitor.store.deliveries import get_deliveries
from told import at, decide, ids

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
MONDAY = at("2026-11-23T08:00Z")
"""09:00 at the desk."""


@pytest.fixture
def desk(eu_desk):
    return replace(eu_desk, weekly_on="mon")


@pytest.fixture
def run(world, desk, config):
    world.see(desk, at=MONDAY - 6 * DAY)

    def run(now, audience=desk):
        return {each.period: each for each in compose_due(world.db, [audience], config, now)}

    return run


def test_it_comes_on_its_weekday_at_the_time_of_the_daily_digest_and_once(world, desk, run):
    run(MONDAY - DAY)
    periods = [[*run(MONDAY + number * HOUR)] for number in range(-8, 7 * 24 + 1, 8)]
    both = [Period.DAILY, Period.WEEKLY]
    assert periods == [[], both, [], [], *[[Period.DAILY], [], []] * 6, both]


def test_without_a_weekday_there_is_none(run, eu_desk):
    assert [*run(MONDAY, eu_desk)] == [Period.DAILY]


def test_it_lists_what_was_told_since_the_one_before_as_alert_or_daily(world, run):
    first = world.change(MONDAY - 3 * DAY)
    run(MONDAY - 2 * DAY)
    weekly = run(MONDAY)[Period.WEEKLY]
    assert (weekly.id, ids(weekly.changes)) == ("2026-11-23-weekly-eu-desk", [first])
    alerted = world.change(MONDAY + DAY, severity=Severity.HIGH)
    assert [*run(MONDAY + DAY - HOUR), *run(MONDAY + 2 * DAY)] == [Period.ALERT, Period.DAILY]
    usual = world.change(MONDAY + 3 * DAY)
    run(MONDAY + 3 * DAY)
    assert ids(run(MONDAY + WEEK)[Period.WEEKLY].changes) == [alerted, usual]


def test_what_the_daily_digest_of_the_same_run_tells_is_in_it(world, run):
    change = world.change(MONDAY - HOUR)
    assert [ids(each.changes) for each in run(MONDAY).values()] == [[change], [change]]


def test_what_was_confirmed_and_not_told_yet_waits_for_the_next_one(world, run):
    run(MONDAY - DAY)
    run(MONDAY)
    change = world.change(MONDAY + HOUR)
    assert ids(run(MONDAY + DAY)[Period.DAILY].changes) == [change]
    assert ids(run(MONDAY + WEEK)[Period.WEEKLY].changes) == [change]


def test_its_lines_say_what_became_of_each_change(world, desk, config, run):
    done, still = world.change(MONDAY - HOUR), world.change(MONDAY - HOUR)
    compose_due(world.db, [replace(desk, weekly_on=None)], config, MONDAY)
    decide(world, done, Verdict.NOT_APPLICABLE, reason="covered", by="Maria Lopez")
    (weekly,) = run(MONDAY + HOUR).values()
    text = get_deliveries(world.db, weekly.id)[0].payload[f"{weekly.id}.md"]
    said_of_done, said_of_still = text.split(f"change {done}")[1].split(f"change {still}")
    assert "Not applicable by Maria Lopez" in said_of_done
    assert "Nobody has decided yet" in said_of_still


def test_a_process_that_was_down_on_the_day_makes_it_up_once(world, run):
    run(MONDAY - DAY)
    late = MONDAY + 2 * DAY
    assert run(late)[Period.WEEKLY].local_date.isoformat() == "2026-11-23"
    assert run(late + HOUR) == {}


def test_after_weeks_without_a_process_it_is_one_with_all_that_was_told(world, run):
    run(MONDAY)
    change = world.change(MONDAY + DAY)
    run(MONDAY + 2 * DAY)
    weekly = run(MONDAY + 5 * WEEK)[Period.WEEKLY]
    assert (weekly.local_date.isoformat(), ids(weekly.changes)) == ("2026-12-28", [change])
    assert run(MONDAY + 5 * WEEK + HOUR) == {}


@pytest.mark.parametrize(
    ("weekly_on", "moment", "expected"),
    [
        ("mon", "2026-11-23T07:59Z", "2026-11-16"),
        ("mon", "2026-11-23T08:00Z", "2026-11-23"),
        ("sun", "2026-11-23T08:00Z", "2026-11-22"),
        ("tue", "2026-11-23T08:00Z", "2026-11-17"),
        ("mon", "2026-11-29T23:30Z", "2026-11-23"),
        ("mon", "2026-11-30T07:00Z", "2026-11-23"),
        (None, "2026-11-23T08:00Z", None),
    ],
)
def test_the_week_ends_on_the_last_such_day_that_has_come_there(desk, weekly_on, moment, expected):
    found = find_week_end(replace(desk, weekly_on=weekly_on), at("2026-01-01T00:00Z"), at(moment))
    assert str(found) == str(expected)


def test_an_audience_that_came_after_the_weekday_has_its_first_one_a_week_later(desk):
    assert find_week_end(desk, MONDAY, MONDAY + HOUR) is None
    assert find_week_end(desk, MONDAY, MONDAY + WEEK) is not None


def test_another_weekday_brings_no_second_one_within_a_week(world, desk, run):
    run(MONDAY)
    assert [*run(MONDAY + 2 * DAY, replace(desk, weekly_on="wed"))] == [Period.DAILY]
    assert [*run(MONDAY + 9 * DAY, replace(desk, weekly_on="wed"))] == [Period.DAILY, Period.WEEKLY]


def test_a_clock_that_jumped_a_year_ahead_and_back_stops_no_weekly_digest(world, run):
    run(MONDAY + 52 * WEEK)
    assert Period.WEEKLY in run(MONDAY)
    assert Period.WEEKLY in run(MONDAY + WEEK)


def test_quiet_changes_of_the_week_are_counted(world, run):
    run(MONDAY - DAY)
    run(MONDAY)
    world.change(MONDAY + DAY, kind=ChangeKind.LINKS)
    world.change(MONDAY + 2 * DAY, kind=ChangeKind.LINKS)
    for number in range(1, 7):
        run(MONDAY + number * DAY)
    assert run(MONDAY + WEEK)[Period.WEEKLY].quiet == {"links": 2}


def test_asked_for_without_a_weekday_it_rolls_up_seven_days(world, eu_desk, config):
    world.see(eu_desk, at=MONDAY - 20 * DAY)
    for number in (9, 6):
        change = world.change(MONDAY - number * DAY)
        compose_due(world.db, [eu_desk], config, MONDAY - number * DAY + HOUR)
    digest = compose(world.db, eu_desk, MONDAY, period=Period.WEEKLY)
    assert ids(digest.changes) == [change]
    assert digest.id == "2026-11-23-weekly-eu-desk"
    assert world.db.table("digest").count_where("period = 'weekly'") == 0
