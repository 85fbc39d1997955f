"""Which changes an audience is told of, and when: every local day once, whatever clocks and processes do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from digests.compose import compose, compose_due
from monitor.errors import NotFoundError
from monitor.model import Audience, ChangeKind, DeliveryState, Severity
from monitor.store import open_store
from monitor.store.deliveries import get_deliveries
from monitor.store.digests import get_digest

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def ids(digest):
    return [each.change.id for each in digest.changes]


def compose_one(world, audience, config, now):
    (digest,) = compose_due(world.db, [audience], config, now)
    return digest


# What is told


def test_a_confirmed_change_is_told_in_the_next_digest_and_never_again(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    change = world.change(now - HOUR)
    assert ids(compose_one(world, eu_desk, config, now)) == [change]
    assert ids(compose_one(world, eu_desk, config, now + DAY)) == []


def test_a_change_confirmed_in_the_very_run_that_first_saw_the_audience_is_told(world, eu_desk, config, now):
    world.see(eu_desk, at=now)
    change = world.change(now)
    assert ids(compose_one(world, eu_desk, config, now)) == [change]


def test_history_before_the_audience_is_not_told(world, eu_desk, config, now):
    world.change(now - DAY)
    world.see(eu_desk, at=now)
    assert ids(compose_one(world, eu_desk, config, now)) == []


def test_an_audience_never_seen_before_begins_with_its_first_digest(world, eu_desk, config, now):
    world.change(now - HOUR)
    assert ids(compose_one(world, eu_desk, config, now)) == []
    later = world.change(now + HOUR)
    assert ids(compose_one(world, eu_desk, config, now + DAY)) == [later]


def test_a_held_change_is_not_told_before_it_is_confirmed(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    change = world.change(now - HOUR, held=True)
    assert ids(compose_one(world, eu_desk, config, now)) == []
    confirmed = {"status": "confirmed", "confirmed_at": "2026-11-23T12:00:00Z"}
    world.db.table("change").update(change, confirmed)
    assert ids(compose_one(world, eu_desk, config, now + DAY)) == [change]


def test_first_readings_and_quiet_kinds_are_counted_and_not_told(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    world.change(now - HOUR, kind=ChangeKind.FIRST)
    for _ in range(3):
        world.change(now - HOUR, kind=ChangeKind.LINKS)
    digest = compose_one(world, eu_desk, config, now)
    assert ids(digest) == []
    assert digest.quiet == {"first": 1, "links": 3}


def test_quiet_changes_are_counted_once_from_digest_to_digest(world, eu_desk, config, now):
    world.see(eu_desk, at=now)
    world.change(now, kind=ChangeKind.LINKS)
    assert compose_one(world, eu_desk, config, now).quiet == {"links": 1}
    world.change(now + HOUR, kind=ChangeKind.WHITESPACE)
    assert compose_one(world, eu_desk, config, now + DAY).quiet == {"whitespace": 1}


def test_the_gravest_come_first_and_of_one_severity_each_publisher_stands_together(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    world.watch("zebra", publisher="Zebra")
    world.watch("alpha", publisher="alpha")
    low = world.change(source="alpha", severity=Severity.LOW)
    zebra = world.change(source="zebra")
    alpha = world.change(source="alpha")
    touching = world.change(source="zebra")
    high = world.change(source="zebra", severity=Severity.HIGH)
    world.touch(touching)
    digest = compose_one(world, eu_desk, config, now)
    assert ids(digest) == [high, touching, zebra, alpha, low]
    assert digest.changes[1].impacts[0].sop_title == "Handling reports about minors"
    assert (digest.changes[3].publisher, digest.changes[3].source_name) == ("alpha", "The alpha")


def test_the_publisher_of_the_most_likely_touched_comes_first_and_weak_matches_count_as_none(
    world, eu_desk, config, now
):
    world.see(eu_desk, at=now - DAY)
    world.watch("beta", publisher="Beta")
    world.watch("alpha", publisher="Alpha")
    weak, possible, likely, none = (world.change(source=each) for each in ("beta", "beta", "beta", "alpha"))
    for change, probability in [(weak, 0.29), (possible, 0.3), (likely, 0.9)]:
        world.touch(change, probability)
    assert ids(compose_one(world, eu_desk, config, now)) == [likely, possible, weak, none]


@pytest.mark.parametrize("arrival", [("one", "two"), ("two", "one")])
def test_the_order_does_not_depend_on_what_arrived_first(world, eu_desk, config, now, arrival):
    world.see(eu_desk, at=now - DAY)
    for source in arrival:
        world.change(source=source)
    told = compose_one(world, eu_desk, config, now).changes
    assert [each.source_name for each in told] == ["The one", "The two"]


def test_open_problems_and_the_number_of_sources_watched_are_told(world, eu_desk, config, now):
    world.watch("forum")
    world.watch("others", audience=("uk-desk",))
    world.watch("asleep", enabled=False)
    world.break_source("forum")
    world.break_source("others")
    digest = compose_one(world, eu_desk, config, now)
    assert [each.source_id for each in digest.problems] == ["forum"]
    assert digest.watched == 1


def test_the_last_change_of_a_source_that_is_switched_off_is_still_told(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    change = world.change(now - HOUR)
    world.switch_off("code")
    digest = compose_one(world, eu_desk, config, now)
    assert ids(digest) == [change]
    assert digest.watched == 0


@pytest.mark.parametrize(
    ("wishes", "source", "told"),
    [
        ({}, {}, True),
        ({}, {"audience": ("desk",)}, True),
        ({}, {"audience": ("other",)}, False),
        ({"topics": ("minors", "ads")}, {"topics": ("ads", "news")}, True),
        ({"topics": ("minors",)}, {"topics": ("ads",)}, False),
        ({"topics": ("minors",)}, {"topics": ()}, False),
        ({"jurisdictions": ("EU",)}, {"jurisdiction": "EU"}, True),
        ({"jurisdictions": ("EU",)}, {"jurisdiction": "GB"}, False),
        ({"jurisdictions": ("EU",)}, {"jurisdiction": "global"}, True),
        ({"jurisdictions": ("US",)}, {"jurisdiction": "US-CA"}, True),
        ({"jurisdictions": ("US-CA",)}, {"jurisdiction": "US"}, False),
    ],
)
def test_an_audience_is_told_of_the_sources_it_watches(world, config, now, wishes, source, told):
    desk = Audience("desk", "Desk", **wishes)
    world.see(desk, at=now - DAY)
    world.watch("code", **source)
    change = world.change(now)
    assert ids(compose_one(world, desk, config, now)) == ([change] if told else [])


# Who is first


def test_processes_that_compose_at_the_same_time_make_one_digest(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    change = world.change(now)

    def attempt(_):
        db = open_store(config.db)
        try:
            return compose_due(db, [eu_desk], config, now)
        finally:
            db.close()

    with ThreadPoolExecutor(4) as pool:
        composed = [digest for digests in pool.map(attempt, range(4)) for digest in digests]
    assert [ids(each) for each in composed] == [[change]]
    assert len(get_deliveries(world.db, composed[0].id)) == 1


def test_a_digest_that_another_process_stored_meanwhile_is_dropped(world, eu_desk, config, now, monkeypatch):
    def compose_after_the_other(*args, **kwargs):
        digest = compose(*args, **kwargs)
        monkeypatch.undo()
        assert compose_due(world.db, [eu_desk], config, now)
        return digest

    monkeypatch.setattr("digests.compose.compose", compose_after_the_other)
    assert compose_due(world.db, [eu_desk], config, now) == []
    assert world.db.table("digest").count == 1


# What is stored


def test_the_digest_is_stored_as_it_was_sent(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    world.touch(world.change(now))
    world.break_source("code")
    digest = compose_one(world, eu_desk, config, now)
    assert digest.id == "2026-11-23-daily-eu-desk"
    assert get_digest(world.db, digest.id) == digest


def test_a_digest_that_does_not_exist_is_named(db):
    with pytest.raises(NotFoundError, match="digest 2020-01-01-daily-x"):
        get_digest(db, "2020-01-01-daily-x")


def test_without_slack_a_digest_goes_to_files_only(world, eu_desk, config, now):
    digest = compose_one(world, eu_desk, config, now)
    (delivery,) = get_deliveries(world.db, digest.id)
    assert (delivery.channel, delivery.state, delivery.attempts) == ("file", DeliveryState.PENDING, 0)
    assert sorted(delivery.payload) == [f"{digest.id}.html", f"{digest.id}.md"]
    assert '<span class="time">10:30</span>' in delivery.payload[f"{digest.id}.html"]


def test_a_long_digest_has_a_delivery_for_each_part(world, eu_desk, slack_config, now):
    world.see(eu_desk, at=now - DAY)
    for _ in range(30):
        world.change(now)
    digest = compose_one(world, eu_desk, slack_config, now)
    parts = [each for each in get_deliveries(world.db, digest.id) if each.channel == "slack:C0POLICY"]
    assert [(each.part, each.parts) for each in parts] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
    assert len(parts) > 1


# Previews


def test_a_preview_stores_nothing(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    change = world.change(now)
    assert ids(compose(world.db, eu_desk, now)) == [change]
    assert world.db.table("digest").count == 0
    assert ids(compose_one(world, eu_desk, config, now)) == [change]


def test_a_preview_since_a_time_shows_what_was_told_as_well(world, eu_desk, config, now):
    world.see(eu_desk, at=now - 9 * DAY)
    world.change(now - 3 * DAY)
    told = world.change(now - DAY)
    world.change(now - DAY, kind=ChangeKind.LINKS)
    compose_due(world.db, [eu_desk], config, now)
    digest = compose(world.db, eu_desk, now, since=now - DAY)
    assert ids(digest) == [told]
    assert digest.quiet == {"links": 1}
