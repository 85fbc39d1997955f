"""An audience that takes the place of another one is told from where that one stopped."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.compose import compose_due
from monitor.model import Audience, Severity
from told import at, ids

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NINE = at("2026-11-23T09:00Z")
FIRST = Audience("a", "First", jurisdictions=("EU",))
SECOND = Audience("b", "Second", jurisdictions=("GB",))
RENAMED = replace(SECOND, id="b2")


@pytest.fixture
def run(world, config):
    """One run: the audiences are those that are declared now. What each is told in full."""
    world.watch("eu", jurisdiction="EU")
    world.watch("gb", jurisdiction="GB")

    def run(now, *declared):
        world.see(*declared, at=now)
        return {each.audience_id: ids(each.changes) for each in compose_due(world.db, declared, config, now)}

    return run


def test_an_alert_to_somebody_else_does_not_hide_what_waits_for_the_renamed_one(world, run):
    run(NINE, FIRST, SECOND)
    waiting = world.change(NINE + HOUR, source="gb")
    alerted = world.change(NINE + 3 * HOUR, source="eu", severity=Severity.HIGH)
    assert run(NINE + 3 * HOUR, FIRST, SECOND) == {"a": [alerted]}
    run(NINE + 7 * HOUR, FIRST, RENAMED)
    assert waiting in {*run(NINE + DAY, FIRST, RENAMED)["b2"], *_told(world, "b2")}


def test_the_daily_digest_of_somebody_else_does_not_hide_it_either(world, run):
    late = replace(SECOND, digest_at="08:00")
    run(NINE - HOUR, FIRST, late)
    waiting = world.change(NINE - HOUR / 2, source="gb")
    run(NINE, FIRST, late)
    run(NINE + HOUR, FIRST, RENAMED)
    assert waiting in _told(world, "b2")


def test_one_that_is_renamed_before_its_first_digest_loses_nothing(world, run):
    run(NINE - 3 * HOUR, SECOND)
    waiting = world.change(NINE - 2 * HOUR, source="gb")
    run(NINE - HOUR, RENAMED)
    run(NINE, RENAMED)
    assert waiting in _told(world, "b2")


def test_a_new_audience_beside_others_begins_now(world, run):
    run(NINE, FIRST)
    world.change(NINE + HOUR, source="gb")
    run(NINE + 2 * HOUR, FIRST, SECOND)
    assert run(NINE + DAY, FIRST, SECOND)["b"] == []


def test_one_that_was_given_up_long_ago_is_not_taken_for_the_older_name(world, run):
    run(NINE, FIRST, SECOND)
    world.change(NINE + HOUR, source="gb")
    for days in range(1, 9):
        run(NINE + days * DAY, FIRST)
    run(NINE + 8 * DAY + HOUR, FIRST, RENAMED)
    assert _told(world, "b2") == []


def _told(world, audience_id):
    rows = world.db.query("SELECT change_id FROM digest_change WHERE audience_id = ?", [audience_id])
    return [row["change_id"] for row in rows]
