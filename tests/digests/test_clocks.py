"""Each audience gets the digest of each of its local days exactly once, whatever clocks and processes do."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from digests.compose import compose_due
from digests.due import find_day
from digests.wording import headline, title
from monitor.model import Audience, Period, Severity
from monitor.store.digests import get_digest
from told import at, ids

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ROOT = Path(__file__).parents[2]

CLOCKS = [
    ("UTC", "09:00", "2026-11-23"),
    ("Pacific/Honolulu", "23:30", "2026-11-23"),
    ("Pacific/Auckland", "00:00", "2026-11-23"),
    ("Pacific/Kiritimati", "00:00", "2026-11-23"),
    ("Pacific/Kiritimati", "23:59", "2026-11-23"),
    ("Pacific/Niue", "23:59", "2026-11-23"),
    ("Asia/Kathmandu", "08:15", "2026-11-23"),
    ("Europe/Brussels", "02:30", "2026-03-29"),
    ("Europe/Brussels", "02:30", "2026-10-25"),
    ("Europe/London", "01:30", "2026-03-29"),
    ("Europe/London", "01:30", "2026-10-25"),
    ("America/New_York", "02:00", "2026-03-08"),
    ("America/New_York", "01:30", "2026-11-01"),
    ("America/St_Johns", "00:01", "2026-11-01"),
    ("Australia/Lord_Howe", "01:45", "2026-04-05"),
    ("Australia/Lord_Howe", "02:15", "2026-10-04"),
    ("Pacific/Auckland", "02:30", "2026-04-05"),
    ("Pacific/Auckland", "02:30", "2026-09-27"),
    ("Africa/Cairo", "00:00", "2026-04-24"),
    ("Africa/Casablanca", "02:30", "2026-03-22"),
]
"""(time zone, digest at, the day in the middle): also days on which clocks skip or repeat the due time."""


def dates(digests):
    return [each.local_date for each in digests if each.period is Period.DAILY]


@pytest.fixture
def run(world, config):
    """The Digests that one Audience gets in runs from one moment to another."""

    def run(desk, start, end, every=timedelta(minutes=30)):
        found, now = [], start
        while now < end:
            found += compose_due(world.db, [desk], config, now)
            now += every
        return found

    return run


@pytest.mark.parametrize(("timezone", "digest_at", "around"), CLOCKS)
def test_every_local_day_has_one_digest_also_when_clocks_change(world, run, timezone, digest_at, around):
    start = datetime.combine(date.fromisoformat(around), datetime.min.time(), UTC) - 3 * DAY
    desk = Audience("desk", "Desk", timezone, digest_at)
    world.see(desk, at=start)
    found = dates(run(desk, start, start + 6 * DAY))
    assert found == [found[0] + number * DAY for number in range(len(found))]
    assert len(found) in {5, 6, 7}


@pytest.mark.parametrize(("timezone", "digest_at", "around"), CLOCKS)
def test_every_change_is_told_once_also_when_clocks_change(world, run, timezone, digest_at, around):
    """A change each hour, and now and then a grave one: in full once, the week's roll-up beside it."""
    start = datetime.combine(date.fromisoformat(around), datetime.min.time(), UTC) - 1 * DAY
    desk = Audience("desk", "Desk", timezone, digest_at, weekly_on="sun")
    world.see(desk, at=start)
    changes = [
        world.change(start + number * 6 * HOUR, severity=Severity.LOW if number % 3 else Severity.HIGH)
        for number in range(8)
    ]
    found = run(desk, start, start + 4 * DAY, HOUR)
    in_full = [each for digest in found if digest.period is not Period.WEEKLY for each in ids(digest.changes)]
    assert sorted(in_full) == changes


@pytest.mark.parametrize(
    ("timezone", "moment", "day"),
    [
        ("Europe/Brussels", "2026-11-23T07:59:59Z", 22),
        ("Europe/Brussels", "2026-11-23T08:00:00Z", 23),
        ("Europe/Brussels", "2026-11-23T22:59:59Z", 23),
        ("Europe/Brussels", "2026-11-23T23:00:00Z", 23),
        ("Pacific/Honolulu", "2026-11-23T18:59:00Z", 22),
        ("Pacific/Honolulu", "2026-11-23T19:00:00Z", 23),
        ("Pacific/Auckland", "2026-11-22T20:00:00Z", 23),
        ("Asia/Kathmandu", "2026-11-23T03:14:59Z", 22),
        ("Asia/Kathmandu", "2026-11-23T03:15:00Z", 23),
        ("Pacific/Kiritimati", "2026-11-22T19:00:00Z", 23),
    ],
)
def test_a_digest_is_due_by_the_audiences_own_clock_and_until_the_next_one_is(timezone, moment, day):
    desk = Audience("desk", "Desk", timezone, "09:00")
    assert find_day(desk, at("2026-11-01T00:00Z"), at(moment)) == date(2026, 11, day)


def test_an_audience_never_told_before_begins_with_the_day_on_which_it_came(eu_desk):
    early, late = at("2026-11-23T06:00Z"), at("2026-11-23T10:00Z")
    assert find_day(eu_desk, early, early) is None
    assert find_day(eu_desk, late, late) == date(2026, 11, 23)


def test_a_process_that_was_down_until_after_midnight_makes_up_the_day_before(world, run, eu_desk):
    desk = replace(eu_desk, digest_at="23:30")
    world.see(desk, at=at("2026-11-22T12:00Z"))
    run(desk, at("2026-11-22T22:30Z"), at("2026-11-22T23:00Z"))
    change = world.change(at("2026-11-23T13:00Z"))
    found = run(desk, at("2026-11-24T06:00Z"), at("2026-11-24T22:31Z"))
    assert [(each.local_date.day, ids(each.changes)) for each in found] == [(23, [change]), (24, [])]


def test_a_process_that_was_down_over_the_due_time_makes_it_up_once(world, run, eu_desk):
    world.see(eu_desk, at=at("2026-11-21T12:00Z"))
    change = world.change(at("2026-11-21T13:00Z"))
    (digest,) = run(eu_desk, at("2026-11-23T21:00Z"), at("2026-11-23T22:00Z"))
    assert (digest.local_date, ids(digest.changes)) == (date(2026, 11, 23), [change])


def test_a_process_that_was_down_for_days_makes_up_the_last_of_them_with_all_that_was_not_told(world, run, eu_desk):
    world.see(eu_desk, at=at("2026-11-10T12:00Z"))
    changes = [world.change(at(f"2026-11-{day}T13:00Z")) for day in range(11, 16)]
    (digest,) = run(eu_desk, at("2026-11-23T21:00Z"), at("2026-11-23T22:00Z"))
    assert ids(digest.changes) == changes


def test_a_clock_that_jumps_ahead_and_back_brings_each_day_once_and_loses_nothing(world, run, eu_desk, now):
    world.see(eu_desk, at=now - DAY)
    found = run(eu_desk, now, now + HOUR)
    ahead = world.change(now + 3 * DAY)
    found += run(eu_desk, now + 3 * DAY, now + 3 * DAY + HOUR)
    back = world.change(now + HOUR)
    found += run(eu_desk, now + HOUR, now + 6 * DAY)
    assert sorted(dates(found)) == [now.date() + number * DAY for number in range(7)]
    assert [each for digest in found for each in ids(digest.changes)] == [ahead, back]


def test_a_clock_that_was_a_year_ahead_at_the_very_start_silences_nobody(world, run, eu_desk, now):
    world.see(eu_desk, at=now + 365 * DAY)
    run(eu_desk, now + 365 * DAY, now + 365 * DAY + HOUR)
    world.see(eu_desk, at=now)
    change = world.change(now, severity=Severity.HIGH)
    assert ids(run(eu_desk, now, now + HOUR)[0].changes) == [change]


def test_a_digest_dated_by_a_clock_that_was_ahead_is_no_measure_of_what_was_read_since(world, run, eu_desk, now):
    world.see(eu_desk, at=now - 3 * DAY)
    world.watch("code")
    run(eu_desk, now - 2 * DAY, now - 2 * DAY + HOUR)
    run(eu_desk, now + 2 * DAY, now + 2 * DAY + HOUR)
    world.fetch("code", now - HOUR)
    (digest,) = run(eu_desk, now, now + HOUR)
    assert (digest.read, headline(digest)) == (1, "No changes")


def test_a_day_that_is_made_up_says_so_in_its_title(world, run, eu_desk):
    world.see(eu_desk, at=at("2026-11-20T12:00Z"))
    late, timely = run(eu_desk, at("2026-11-23T07:00Z"), at("2026-11-23T08:30Z"))
    assert title(late) == "EU desk, Sun 22 Nov 2026, made up Mon 08:00"
    assert title(timely) == "EU desk, Mon 23 Nov 2026"


@pytest.mark.parametrize(("timezone", "digest_at"), [("Pacific/Auckland", "09:00"), ("Pacific/Honolulu", "20:00")])
def test_a_day_that_is_another_one_in_greenwich_is_not_made_up(world, run, eu_desk, now, timezone, digest_at):
    desk = replace(eu_desk, timezone=timezone, digest_at=digest_at)
    world.see(desk, at=now)
    found = run(desk, now, now + 3 * DAY)
    assert not any("made up" in title(get_digest(world.db, each.id)) for each in found[1:])


def test_an_audience_that_moves_to_another_zone_has_each_of_its_days_once(world, run, eu_desk, now):
    world.see(eu_desk, at=now - DAY)
    found = run(eu_desk, now, now + 2 * HOUR)
    found += run(replace(eu_desk, timezone="Pacific/Auckland"), now + 2 * HOUR, now + DAY)
    found += run(replace(eu_desk, timezone="Pacific/Honolulu"), now + DAY, now + 3 * DAY)
    assert len(dates(found)) == len(set(dates(found)))
    assert len(dates(found)) >= 3


TICK = """
import json, sys
from datetime import datetime, timedelta
from digests.compose import compose_due
from monitor.config import read_config
from monitor.model import Audience
from monitor.store import open_store

db_path, start, ticks = sys.argv[1:]
desks = [
    Audience("auckland", "Auckland", "Pacific/Auckland", "09:00", weekly_on="mon"),
    Audience("honolulu", "Honolulu", "Pacific/Honolulu", "09:00", weekly_on="mon"),
]
config, db = read_config({}, db=db_path), open_store(__import__("pathlib").Path(db_path))
sys.stdin.readline()
found = []
for number in range(int(ticks)):
    now = datetime.fromisoformat(start) + number * timedelta(hours=2)
    found += [each.id for each in compose_due(db, desks, config, now)]
print(json.dumps(found))
"""


@pytest.mark.slow
def test_processes_that_run_side_by_side_tell_everything_once(world, config, now):
    """Each goes through the same three days, as fast as it can; what one has told the others leave alone."""
    start = at("2026-11-22T12:00Z")
    desks = [Audience("auckland", "Auckland"), Audience("honolulu", "Honolulu")]
    world.see(*desks, at=start)
    for number in range(12):
        severity = Severity.LOW if number % 4 else Severity.HIGH
        world.change(start + number * 4 * HOUR, severity=severity)
    command = [sys.executable, "-c", TICK, str(config.db), start.isoformat(), "36"]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for each in processes:
        each.stdin.write("go\n")
        each.stdin.flush()
    found = [id_ for each in processes for id_ in json.loads(each.communicate(timeout=120)[0].splitlines()[-1])]
    assert [each.returncode for each in processes] == [0, 0, 0]
    assert sorted(found) == sorted(row["id"] for row in world.db.query("SELECT id FROM digest"))
    digests = [get_digest(world.db, id_) for id_ in found]
    for desk in desks:
        own = [each for each in digests if each.audience_id == desk.id]
        assert len(dates(own)) == len(set(dates(own))) >= 3
        in_full = [id_ for each in own if each.period is not Period.WEEKLY for id_ in ids(each.changes)]
        assert sorted(in_full) == list(range(1, 13))
