"""What cannot wait: told at once, never in full again, never lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from digests.compose import compose, compose_due
from monitor.model import ChangeKind, DeliveryState, Period, Severity, Verdict
from monitor.store import open_store
from monitor.store.deliveries import get_deliveries
from told import at, date, decide, ids

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NOON, MORNING = at("2026-11-23T11:00Z"), at("2026-11-23T08:00Z")
"""At the desk it is noon, and 09:00, when the daily digest is due."""


@pytest.fixture
def run(world, eu_desk, config):
    """One run of the service: the Digests that it composed, by their period."""
    world.see(eu_desk, at=MORNING - DAY)

    def run(now, audience=eu_desk):
        return {each.period: each for each in compose_due(world.db, [audience], config, now)}

    return run


@pytest.fixture
def told_today(run):
    """The daily digest of the day is composed."""
    assert [*run(MORNING)] == [Period.DAILY]


def test_a_grave_change_is_told_at_once_and_named_in_the_next_daily_digest(world, run, told_today):
    change = world.change(NOON, severity=Severity.HIGH)
    (alert,) = run(NOON).values()
    assert (alert.period, ids(alert.changes)) == (Period.ALERT, [change])
    assert alert.id == f"2026-11-23-alert-eu-desk-{change}"
    daily = run(MORNING + DAY)[Period.DAILY]
    assert (ids(daily.changes), ids(daily.alerted)) == ([], [change])
    following = run(MORNING + 2 * DAY)[Period.DAILY]
    assert (following.changes, following.alerted) == ((), ())


def test_it_is_told_once_however_often_the_service_runs(world, run, told_today):
    world.change(NOON, severity=Severity.HIGH)
    assert [len(run(NOON + number * MINUTE)) for number in range(3)] == [1, 0, 0]


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW])
def test_any_other_change_waits_for_the_daily_digest(world, run, told_today, severity):
    change = world.change(NOON, severity=severity)
    assert run(NOON) == {}
    assert ids(run(MORNING + DAY)[Period.DAILY].changes) == [change]


@pytest.mark.parametrize(
    ("kind", "day", "told"),
    [
        ("compliance", "2026-11-23", True),
        ("effective", "2026-12-07", True),
        ("comments_close", "2026-12-01", True),
        ("sunset", "2026-12-01", True),
        ("effective", "2026-12-08", False),
        ("effective", "2026-11-22", False),
        ("effective", "2026-12", False),
        ("effective", "2026", False),
        ("last_updated", "2026-12-01", False),
        ("superseded", "2026-12-01", False),
    ],
)
def test_a_change_that_must_be_acted_on_within_fourteen_days_is_told_at_once(world, run, told_today, kind, day, told):
    date(world, world.change(NOON), kind, day)
    assert [*run(NOON)] == ([Period.ALERT] if told else [])


def test_fourteen_days_are_counted_from_the_day_that_it_is_there(world, eu_desk, config):
    """In Auckland it is the 24th already."""
    desk = replace(eu_desk, timezone="Pacific/Auckland", digest_at="00:00")
    world.see(desk, at=NOON - DAY)
    compose_due(world.db, [desk], config, NOON)
    date(world, world.change(NOON), "effective", "2026-12-08")
    (alert,) = compose_due(world.db, [desk], config, NOON)
    assert alert.local_date.isoformat() == "2026-11-24"


def test_a_change_that_comes_near_while_it_waits_is_told_when_it_is_near(world, run):
    run(MORNING - DAY)
    date(world, world.change(NOON - DAY), "effective", "2026-12-07")
    assert run(at("2026-11-22T22:59Z")) == {}
    assert [*run(at("2026-11-22T23:00Z"))] == [Period.ALERT]


def test_where_the_daily_digest_is_composed_in_the_same_run_it_tells_it(world, run):
    change = world.change(MORNING, severity=Severity.HIGH)
    assert {period: ids(each.changes) for period, each in run(MORNING).items()} == {Period.DAILY: [change]}


def test_what_is_urgent_before_the_daily_digest_is_due_is_not_kept_waiting(world, run):
    change = world.change(MORNING - 3 * HOUR, severity=Severity.HIGH)
    assert [*run(MORNING - 3 * HOUR)] == [Period.ALERT]
    daily = run(MORNING)[Period.DAILY]
    assert (ids(daily.changes), ids(daily.alerted)) == ([], [change])


def test_several_at_once_are_one_alert_the_gravest_first(world, run, told_today):
    near = date(world, world.change(NOON), "effective", "2026-12-01")
    grave = [world.change(NOON, source=each, severity=Severity.HIGH) for each in ("b", "a")]
    (alert,) = run(NOON).values()
    assert ids(alert.changes) == [grave[1], grave[0], near]
    assert alert.id == f"2026-11-23-alert-eu-desk-{near}"


def test_two_alerts_of_one_day_are_two(world, run, told_today):
    for number in range(2):
        world.change(NOON + number * HOUR, severity=Severity.HIGH)
        assert [*run(NOON + number * HOUR)] == [Period.ALERT]
    assert len(run(MORNING + DAY)[Period.DAILY].alerted) == 2


def test_grave_changes_that_come_in_one_by_one_are_gathered_for_ten_minutes(world, run, told_today):
    found = []
    for number in range(20):
        world.change(NOON + number * MINUTE, severity=Severity.HIGH)
        found += run(NOON + number * MINUTE).values()
    found += run(NOON + 20 * MINUTE).values()
    assert [len(each.changes) for each in found] == [1, 10, 9]


def test_what_begins_to_concern_an_audience_after_its_daily_digest_is_no_alert(world, eu_desk, run):
    """Its subjects were widened: old changes reach it, and are told, but not as if they were news."""
    narrow = replace(eu_desk, topics=("minors",))
    world.watch("code", topics=("ads",))
    old = world.change(MORNING - HOUR, severity=Severity.HIGH)
    run(MORNING, narrow)
    assert run(NOON) == {}
    assert ids(run(MORNING + DAY)[Period.DAILY].changes) == [old]


def test_with_alerts_switched_off_the_daily_digest_tells_all(world, eu_desk, run, told_today):
    quiet = replace(eu_desk, alerts=False)
    change = world.change(NOON, severity=Severity.HIGH)
    assert run(NOON, quiet) == {}
    assert ids(run(MORNING + DAY, quiet)[Period.DAILY].changes) == [change]


def test_alerts_switched_off_and_on_again_tell_nothing_twice(world, eu_desk, run, told_today):
    quiet = replace(eu_desk, alerts=False)
    world.change(NOON, severity=Severity.HIGH)
    assert len(run(MORNING + DAY, quiet)[Period.DAILY].changes) == 1
    assert run(MORNING + DAY + MINUTE) == {}


@pytest.mark.parametrize(
    "facts", [{"held": True}, {"kind": ChangeKind.LINKS}, {"kind": ChangeKind.FIRST}, {"source": "elsewhere"}]
)
def test_what_the_audience_is_not_told_is_no_alert_either(world, run, told_today, facts):
    world.watch("elsewhere", audience=("uk-desk",))
    world.change(NOON, severity=Severity.HIGH, **facts)
    assert run(NOON) == {}


def test_history_from_before_the_audience_is_no_alert(world, run, told_today):
    world.change(MORNING - 2 * DAY, severity=Severity.HIGH)
    assert run(NOON) == {}


def test_each_audience_is_told_for_itself(world, eu_desk, config):
    desks = [eu_desk, replace(eu_desk, id="quiet", alerts=False), replace(eu_desk, id="third")]
    world.see(*desks, at=MORNING - DAY)
    compose_due(world.db, desks, config, MORNING)
    world.change(NOON, severity=Severity.HIGH)
    alerts = compose_due(world.db, desks, config, NOON)
    assert [each.audience_id for each in alerts] == ["eu-desk", "third"]
    daily = {each.audience_id: each for each in compose_due(world.db, desks, config, MORNING + DAY)}
    assert [len(daily[each].changes) for each in ("eu-desk", "quiet", "third")] == [0, 1, 0]
    assert [len(daily[each].alerted) for each in ("eu-desk", "quiet", "third")] == [1, 0, 1]


def test_an_alert_goes_to_every_channel_of_the_audience(world, eu_desk, slack_config):
    world.see(eu_desk, at=MORNING - DAY)
    compose_due(world.db, [eu_desk], slack_config, MORNING)
    world.change(NOON, severity=Severity.HIGH)
    (alert,) = compose_due(world.db, [eu_desk], slack_config, NOON)
    deliveries = get_deliveries(world.db, alert.id)
    assert [each.channel for each in deliveries] == ["file", "slack:C0POLICY"]
    assert {each.state for each in deliveries} == {DeliveryState.PENDING}


def test_processes_that_run_at_the_same_time_make_one_alert(world, eu_desk, config, told_today):
    change = world.change(NOON, severity=Severity.HIGH)

    def attempt(_):
        db = open_store(config.db)
        try:
            return compose_due(db, [eu_desk], config, NOON)
        finally:
            db.close()

    with ThreadPoolExecutor(4) as pool:
        alerts = [each for found in pool.map(attempt, range(4)) for each in found]
    assert [ids(each.changes) for each in alerts] == [[change]]


def test_a_daily_digest_overtaken_by_an_alert_is_made_anew(world, run, told_today, monkeypatch):
    """One process has composed the daily Digest and not stored it yet, when another one tells its Change at once."""
    change = world.change(NOON, severity=Severity.HIGH)

    def compose_while_another_alerts(*args, **kwargs):
        digest = compose(*args, **kwargs)
        monkeypatch.undo()
        assert [*run(MORNING + DAY - MINUTE)] == [Period.ALERT]
        return digest

    monkeypatch.setattr("digests.compose.compose", compose_while_another_alerts)
    assert run(MORNING + DAY) == {}
    daily = run(MORNING + DAY)[Period.DAILY]
    assert (ids(daily.changes), ids(daily.alerted)) == ([], [change])


def test_what_was_decided_before_the_daily_digest_is_said_beside_its_name(world, run, told_today):
    change = world.change(NOON, severity=Severity.HIGH)
    run(NOON)
    decide(world, change, Verdict.NOT_APPLICABLE, reason="covered", by="Maria Lopez", now=NOON)
    daily = run(MORNING + DAY)[Period.DAILY]
    (file,) = get_deliveries(world.db, daily.id)
    assert "Not applicable by Maria Lopez" in file.payload[f"{daily.id}.md"]
    last = next(world.db.query("SELECT max(id) AS id FROM decision"))["id"]
    assert file.shown_decision == last


def test_a_preview_of_the_day_names_what_was_alerted(world, eu_desk, run, told_today):
    change = world.change(NOON, severity=Severity.HIGH)
    run(NOON)
    preview = compose(world.db, eu_desk, NOON + HOUR)
    assert (ids(preview.changes), ids(preview.alerted)) == ([], [change])
