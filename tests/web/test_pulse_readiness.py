"""/readyz: a table of how the monitor stands, and what is said of it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

import pytest

from monitor.pulse import Life, PartState, Pulse
from monitor.service import TICK_SECONDS, listen
from monitor.store import sqlite3, transaction
from monitor.store.history import declare_resource
from monitor.web import readiness
from monitor.web.app import create_app
from monitor.web.pulse import _Kept
from monitor.web.readiness import (
    GRACE,
    LATE,
    STUCK,
    TICK_LATE,
    assess,
    check_deliveries,
    check_failures,
    check_fetches,
    check_ticks,
    find_longest_silence,
)
from web.conftest import Desk
from web.knocking import NOW, Door, opened, settle

AT = datetime.fromisoformat(NOW)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
TICKED = Life(ticked_at=AT)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def ask(desk, life=TICKED, now=AT):
    return {each.name: each for each in assess(settle(desk), life, now).checks}


# The database


def test_a_database_that_can_be_written_is_well_and_left_as_it_was(desk):
    left = "SELECT total_changes(), (SELECT max(id) FROM seal), (SELECT count(*) FROM unsealed)"
    before = desk.db.execute(left).fetchone()
    found = ask(desk)["database"]
    assert (found.is_ok, found.limit_s) == (True, 5)
    assert 0 <= found.value_s < 5
    assert desk.db.execute(left).fetchone() == before


ASK = """
import os, resource, signal, sys
from pathlib import Path
from monitor.store.pulse import find_obstacle
path = Path(sys.argv[1])
{}
print(find_obstacle(path, 1))
"""
FULL = """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
"""
READ_ONLY = """
path.chmod(0o444)
if os.geteuid() == 0:
    os.setuid(65534)
"""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [("", ""), (FULL, "disk I/O error"), (READ_ONLY, "attempt to write a readonly database")],
    ids=["all is well", "a full disk", "a file that may only be read"],
)
def test_what_can_be_locked_and_not_written_is_not_well(desk, spoil, said):
    desk.db.close()
    with TemporaryDirectory() as folder:  # that of pytest is closed to others
        Path(folder).chmod(0o777)
        path = copy(desk.folder / "monitor.db", folder)
        asked = [sys.executable, "-c", ASK.format(spoil), path]
        done = subprocess.run(asked, check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout == f"{said}\n"


def test_another_program_that_holds_the_database_is_named_and_no_more_is_asked(desk, monkeypatch):
    monkeypatch.setattr(readiness, "PATIENCE", SECOND / 20)
    with closing(sqlite3.connect(desk.folder / "monitor.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        (found,) = ask(desk).values()
    assert (found.is_ok, found.said) == (False, "database is locked")
    assert "monitor doctor" in found.advice


def test_a_reader_holds_up_nothing(desk):
    desk.db.execute("BEGIN")
    desk.db.execute("SELECT count(*) FROM change").fetchone()
    assert ask(desk)["database"].is_ok
    desk.db.rollback()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), "unable to open database file"),
        (lambda path: path.write_bytes(b"no database" * 999), "file is not a database"),
        (lambda path: path.write_bytes(b""), "of an earlier version"),
    ],
)
def test_what_is_no_database_of_ours_is_not_well_and_is_not_made_one(tmp_path, spoil, said):
    desk = Desk(tmp_path)
    desk.db.execute("PRAGMA journal_mode = DELETE")
    desk.db.close()
    spoil(desk.folder / "monitor.db")
    (found,) = ask(desk).values()
    assert not found.is_ok
    assert said in found.said


# Ticks


@pytest.mark.parametrize(
    ("life", "moved_at", "is_ok", "seconds"),
    [
        (Life(), None, False, None),
        (Life(ticked_at=AT - TICK_LATE), None, True, 90),
        (Life(ticked_at=AT - TICK_LATE - SECOND), AT, False, 91),
        (Life(ticked_at=AT, failure="sources.yaml has mistakes"), AT, True, 0),
        (Life(ticking_since=AT - STUCK), None, True, 1800),
        (Life(ticking_since=AT - STUCK - SECOND), None, False, 1801),
        (Life(ticking_since=AT - 5 * HOUR), AT - HOUR / 4, True, 900),
        (Life(ticking_since=AT - 5 * HOUR), AT - HOUR, False, 3600),
        (Life(ticking_since=AT - HOUR / 4), AT - DAY, True, 900),
        (Life(ticking_since=AT, ticked_at=AT - DAY, failure="no network"), AT - DAY, True, 0),
    ],
    ids=[
        "none has ended yet", "ended just in time", "ended too long ago, though rows are written", "ended and failed",
        "begins", "hangs from the beginning", "crawls for hours and gets on", "crawled for hours and hangs",
        "begins after a day without rows", "goes on after one that failed",
    ],
)  # fmt: skip
def test_a_tick_is_well_that_ended_lately_or_gets_on(life, moved_at, is_ok, seconds):
    found = check_ticks(life, moved_at, AT)
    assert (found.is_ok, found.value_s) == (is_ok, seconds)


def test_three_ticks_may_be_missed():
    assert timedelta(seconds=3 * TICK_SECONDS) == TICK_LATE


@pytest.mark.parametrize(("failure", "is_ok"), [("", True), ("a.yaml has mistakes", False)])
def test_what_the_last_tick_could_not_do_is_told_also_while_the_next_one_works(failure, is_ok):
    for life in (Life(ticked_at=AT, failure=failure), Life(ticking_since=AT, ticked_at=AT, failure=failure)):
        assert check_failures(life).is_ok is is_ok


def test_a_failure_is_not_repeated_because_it_may_name_a_source():
    assert "yaml" not in str(check_failures(Life(ticked_at=AT, failure="a.yaml")))


# Deliveries


@pytest.mark.parametrize(
    ("oldest_at", "is_ok"), [(None, True), (AT - LATE, True), (AT - LATE - SECOND, False)], ids=["none", "new", "old"]
)
def test_a_message_may_wait_two_hours(oldest_at, is_ok):
    assert check_deliveries(oldest_at, AT).is_ok is is_ok


def add_delivery(db, state, composed_at, name="d1"):
    with transaction(db):
        db.table("digest").insert(
            {
                "id": name, "audience_id": "desk", "period": "daily", "local_date": "2026-03-05",
                "composed_at": composed_at, "content": "{}",
            }
        )  # fmt: skip
        row = {"digest_id": name, "channel": "slack:C1", "part": 1, "parts": 1, "payload": "{}"}
        db.table("delivery").insert({"id": name, "state": state, **row})


@pytest.mark.parametrize("state", ["pending", "sending", "failed"])
def test_whatever_is_not_sent_counts_refused_or_not(desk, state):
    add_delivery(desk.db, "sent", "2026-01-01T00:00:00Z", "d0")
    add_delivery(desk.db, state, "2026-03-05T13:00:00Z")
    found = ask(desk)["deliveries"]
    assert (found.is_ok, found.value_s) == (False, 3 * 3600)


# Fetches


@pytest.mark.parametrize(
    ("rhythms", "longest"),
    [
        ({"12h": 1}, 25 * HOUR),
        ({"30m": 1}, 2 * HOUR),
        ({"30m": 10, "1d": 31}, 49 * HOUR),
        ({"30m": 10, "1d": 30}, 2 * HOUR),
        ({"30m": 1, "6h": 1, "12h": 2, "1d": 6}, 25 * HOUR),
        ({"0 9 * * *": 4}, 42 * HOUR),
        ({"0 16 * * thu,fri": 4}, 7 * DAY + GRACE),
    ],
    ids=["one", "often", "too few are asked often", "a quarter is", "sorted by length", "cron", "two days a week"],
)
def test_the_limit_is_two_rounds_of_the_quarter_that_is_asked_most_often(rhythms, longest):
    assert find_longest_silence(rhythms, AT) == longest


@pytest.mark.parametrize(("age", "is_ok"), [(25 * HOUR, True), (25 * HOUR + SECOND, False)])
def test_an_address_must_have_been_read_within_that(age, is_ok):
    assert check_fetches(AT - age, {"12h": 3}, AT).is_ok is is_ok


@pytest.mark.parametrize(
    ("now", "is_ok"), [("2026-03-08T23:59:00Z", True), ("2026-03-10T07:00:00Z", True), ("2026-03-10T07:00:01Z", False)]
)
def test_where_nobody_looks_on_weekends_monday_and_tuesday_must_have_gone_by(now, is_ok):
    friday = datetime.fromisoformat("2026-03-06T06:00:20Z")
    assert check_fetches(friday, {"0 6 * * mon-fri": 3}, datetime.fromisoformat(now)).is_ok is is_ok


@pytest.mark.parametrize("good_at", [None, AT - 300 * DAY])
def test_where_nothing_is_switched_on_nothing_is_missed(good_at):
    found = check_fetches(good_at, {}, AT)
    assert (found.is_ok, found.value_s) == (True, None)


def test_what_a_backfill_took_from_an_archive_is_no_sign_of_life(desk):
    add_fetch(desk.db, "ok", "good", "2026-03-05T15:00:00Z")
    archive = declare_resource(desk.db, "rules", "git:rules")
    add_fetch(desk.db, "ok", "good", "2019-05-01T00:00:00Z", archive)
    assert ask(desk)["fetches"].value_s == 3600


def test_what_was_read_last_counts_also_when_it_was_unchanged_and_not_what_failed(desk):
    assert ask(desk)["fetches"].value_s == 98 * 3600
    assert not ask(desk)["fetches"].is_ok
    add_fetch(desk.db, "timeout", "none", "2026-03-05T15:00:00Z")
    assert ask(desk)["fetches"].value_s == 98 * 3600
    add_fetch(desk.db, "unchanged", "unchanged", "2026-03-05T15:00:00Z")
    assert ask(desk)["fetches"].value_s == 3600
    assert ask(desk)["fetches"].is_ok


def add_fetch(db, outcome, state, at, resource_id=1):
    row = {"resource_id": resource_id, "headers": "{}", "duration_ms": 1, "partial": 0, "detail": ""}
    with transaction(db):
        db.table("fetch").insert({"at": at, "outcome": outcome, "state": state, **row})


def test_until_a_new_source_is_read_it_has_the_time_since_it_was_declared(desk):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET added_at = '2026-03-05T10:00:00Z'")
    assert ask(desk)["fetches"].value_s == 98 * 3600, "it was read"
    desk.db.execute("PRAGMA foreign_keys = OFF")
    with transaction(desk.db):
        desk.db.execute("DELETE FROM fetch")
    assert ask(desk)["fetches"].value_s == 6 * 3600


# The whole, over HTTP


@pytest.fixture
def well(desk):
    add_fetch(desk.db, "ok", "good", "2026-03-05T15:00:00Z")
    return desk


def tell(desk, pulse, path="/readyz", **headers):
    config = settle(desk, MONITOR_METRICS_TOKEN="geheim")
    with listen(create_app(config, pulse=pulse), "127.0.0.1", 0) as address:
        answer = Door(desk, config, address).ask(path, **headers)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status, json.loads(answer.text)


def pulse_of(**parts):
    pulse = Pulse()
    pulse.note_tick(AT, 1.5)
    for name, state in parts.items():
        pulse.note_part(name, state)
    return pulse


def test_ready_says_of_each_check_what_was_found_and_its_limit(well):
    status, said = tell(well, pulse_of(ticks=PartState.RUNNING))
    assert (status, said["status"]) == (200, "ready")
    assert [each.pop("name") for each in said["checks"]] == ["database", "ticks", "failures", "deliveries", "fetches"]
    assert said["checks"][1:] == [
        {"ok": True, "said": "the last one ended so long ago", "seconds": 0.0, "limit_seconds": 90.0},
        {"ok": True, "said": "the last tick left nothing out", "seconds": None, "limit_seconds": None},
        {"ok": True, "said": "everything is sent", "seconds": None, "limit_seconds": 7200.0},
        {"ok": True, "said": "age of the newest answer that was read", "seconds": 3600.0, "limit_seconds": 90000.0},
    ]


def test_not_ready_says_what_to_do_about_what_is_not_well_alone(well):
    add_delivery(well.db, "failed", "2026-03-01T13:00:00Z")
    status, said = tell(well, pulse_of())
    assert (status, said["status"]) == (503, "not-ready")
    assert {each["name"]: each.get("advice") for each in said["checks"]} == {
        "database": None,
        "ticks": None,
        "failures": None,
        "deliveries": "Which, and why: monitor problems. What waits is sent by: monitor deliver",
        "fetches": None,
    }


def test_an_instance_that_stands_by_is_ready_for_what_it_serves(desk):
    status, said = tell(desk, pulse_of(ticks=PartState.STANDING_BY))
    assert (status, said["status"]) == (200, "standing-by")
    assert [each["name"] for each in said["checks"]] == ["database"]


def test_without_the_service_nothing_ticks(well):
    status, said = tell(well, None)
    assert (status, said["checks"][1]["said"]) == (503, "none has ended yet")


def test_a_tick_under_way_is_told_until_it_has_ended(well):
    pulse = pulse_of()
    pulse.begin_tick(AT)
    _, said = tell(well, pulse)
    assert said["checks"][1]["said"].startswith("one is under way")
    pulse.note_tick(AT, 1, "no network")
    status, said = tell(well, pulse)
    assert (status, said["checks"][2]["said"]) == (503, "the last tick could not do all its work")
    assert tell(well, pulse, "/readyz?only=ticks")[0] == 200


@pytest.mark.parametrize(
    ("path", "status", "names"),
    [
        ("/readyz?only=database", 200, ["database"]),
        ("/readyz?only=ticks", 200, ["database", "ticks"]),
        ("/readyz?only=deliveries&only=ticks", 503, ["database", "ticks", "deliveries"]),
    ],
)
def test_only_some_may_count_and_the_database_always_does(well, path, status, names):
    add_delivery(well.db, "failed", "2026-03-01T13:00:00Z")
    found, said = tell(well, pulse_of(), path)
    assert (found, [each["name"] for each in said["checks"]]) == (status, names)


@pytest.mark.parametrize("name", ["datbase", ""])
def test_whoever_asks_for_a_check_that_there_is_not_is_told_which_there_are(well, name):
    with opened(well) as door:
        answer = door.ask(f"/readyz?only=ticks&only={name}")
    assert answer.status == 400
    assert answer.text == "only: there is no such check. There is: database, ticks, failures, deliveries, fetches.\n"


@pytest.mark.parametrize("headers", [{"Host": "10.1.2.3:8420"}, {"X_Forwarded_For": "9.9.9.9"}])
def test_a_stranger_learns_whether_and_not_why_except_with_the_token(well, headers):
    assert tell(well, pulse_of(), **headers) == (200, {"status": "ready"})
    _, said = tell(well, pulse_of(), Authorization="Bearer geheim", **headers)
    assert len(said["checks"]) == 5


def test_what_was_found_is_kept_for_a_while_and_found_by_one_at_a_time():
    found, at_work = [], []

    def find():
        at_work.append(1)
        assert len(at_work) == 1
        found.append(len(found))
        at_work.pop()
        return found[-1]

    async def ask_often(seconds):
        kept = _Kept(find, seconds)
        return await asyncio.gather(*(kept.get() for _ in range(20)))

    assert asyncio.run(ask_often(3600)) == [0] * 20
    assert asyncio.run(ask_often(0)) == list(range(1, 21))


def test_no_check_names_a_source_a_channel_or_a_person(well):
    add_delivery(well.db, "failed", "2026-03-01T13:00:00Z")
    _, said = tell(well, pulse_of())
    assert not [word for word in ("rules", "other", "C1", "example", "maria") if word in json.dumps(said)]


def test_a_database_that_lacks_a_table_is_not_well(desk):
    desk.db.execute("ALTER TABLE delivery RENAME TO lost")
    (found,) = ask(desk).values()
    assert (found.name, found.is_ok, found.said) == ("database", False, "no such table: delivery")


@pytest.mark.parametrize(
    ("poison", "name"),
    [
        ("UPDATE source SET every = 'whenever'", "fetches"),
        ("UPDATE fetch SET at = 'garbage'", "fetches"),
        ("UPDATE digest SET composed_at = 'garbage'", "deliveries"),
    ],
)
def test_a_row_that_something_else_spoiled_spoils_one_answer_and_ticks_are_not_it(well, poison, name):
    add_delivery(well.db, "pending", "2026-03-05T15:00:00Z")
    well.db.execute(poison)
    well.db.conn.commit()
    (bad,) = [each for each in ask(well, Life(ticking_since=AT)).values() if not each.is_ok]
    assert (bad.name, bad.said) == (name, "a row cannot be read")
    assert "monitor verify" in bad.advice


def test_an_old_database_is_brought_up_by_nobody_who_only_asks(tmp_path):
    desk = Desk(tmp_path)
    desk.db.execute("DELETE FROM _sqlite_migrations WHERE name = (SELECT max(name) FROM _sqlite_migrations)")
    desk.db.conn.commit()
    (found,) = ask(desk).values()
    assert "of an earlier version" in found.said
