"""What the doctor says of the database: one spoilt thing at a time."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from doctor.conftest import NOW, Patient
from monitor.doctor import space
from monitor.doctor.findings import State
from monitor.model import Audience, ProblemKind
from monitor.store import problems, sources, transaction, write_time
from monitor.store.digests import ensure_audiences
from monitor.store.fetches import COMMIT, FetchState, add_fetch
from store.conftest import a_fetch, a_source

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(db):
    """A Source that was asked ten times in the ten hours before, the last time just now."""
    with transaction(db):
        sources.declare_sources(db, [a_source()], NOW - 10 * HOUR)
        for hour in range(10, -1, -1):
            add_answer(db, NOW - hour * HOUR)
        sources.mark_attempted(db, "rules", at=NOW, due_at=NOW + HOUR)
    return db


def add_answer(db, at, state=FetchState.NONE, **headers):
    (resource,) = sources.get_resources(db, "rules")
    fetch = a_fetch(at=at, headers=headers)
    return add_fetch(db, resource.id, fetch, snapshot_id=None, state=state)


def add_delivery(db, state, composed_at):
    with transaction(db):
        ensure_audiences(db, [Audience("desk", "Desk")], NOW)
        db.execute("INSERT INTO digest VALUES ('d', 'desk', 'daily', '2026-03-01', ?, '{}')", [write_time(composed_at)])
        facts = {"id": "1", "digest_id": "d", "channel": "file", "part": 1, "parts": 1, "payload": "{}"}
        db.table("delivery").insert(facts | {"state": state})


def test_a_desk_in_good_order_has_no_complaint_but_the_clock_that_the_tests_set(asked, patient):
    said = patient.ask(full=True)
    states = {name: max(state for state, _, _ in each) for name, each in said.items()}
    assert {name for name, state in states.items() if state is not State.OK} == {"clock", "audiences"}
    assert all(advice for each in said.values() for state, _, advice in each if state is not State.OK)
    assert said["integrity"][0][1] == "every page and index is whole"


def test_looking_changes_no_byte_of_the_database(asked, patient):
    asked.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    before = patient.path.read_bytes()
    patient.ask(full=True)
    assert patient.path.read_bytes() == before
    assert (patient.path.parent / "monitor.db-wal").stat().st_size == 0


def test_without_a_database_it_says_how_to_begin_and_makes_none(patient):
    state, detail = patient.say("database")
    assert (state, "there is none yet" in detail) == ("warning", True)
    assert "monitor run" in patient.ask()["database"][0][2]
    assert not patient.path.exists()
    assert not {"integrity", "schema", "seals", "deliveries"} & patient.ask().keys()


def test_a_file_that_is_no_database_is_called_so(patient):
    patient.path.write_text("this is a shopping list, not a database")
    state, detail = patient.say("database")
    assert (state, "cannot be read as a database" in detail) == ("failed", True)


def test_a_damaged_page_is_found_and_the_backup_named(patient, asked):
    with transaction(asked):
        asked.conn.executemany(
            "INSERT INTO slack_event VALUES (?, ?)", ((os.urandom(500).hex(), "x") for _ in range(2_000))
        )
    asked.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    asked.close()
    size = patient.path.stat().st_size
    with patient.path.open("r+b") as file:
        file.seek(size // 4096 // 2 * 4096)
        file.write(b"\xff" * 40_960)
    state, detail = patient.say("integrity")
    assert (state, "the file is damaged" in detail) == ("failed", True)
    assert "docs/backup.md" in patient.ask()["integrity"][0][2]


def test_a_row_that_names_nothing_is_found(patient, asked):
    asked.execute("PRAGMA foreign_keys = OFF")
    with transaction(asked):
        asked.execute("DELETE FROM source")
    assert patient.say("foreign keys") == ("failed", "1 row of resource name a row of source that is not there")


def test_what_something_else_wrote_is_found(patient, asked):
    asked.execute("UPDATE fetch SET status = 204 WHERE id = 3")
    state, detail = patient.say("seals")
    assert (state, detail) == ("failed", "1 row written by something else than the monitor: they prove nothing")


def test_a_database_of_a_newer_program_is_named_and_not_looked_into(patient, db):
    row = {"migration_set": "policy-monitor", "name": "m9999_from_the_future", "applied_at": "2031-01-01"}
    db.table("_sqlite_migrations").insert(row)
    assert patient.say("schema") == ("failed", "written by a newer Policy Monitor (m9999_from_the_future)")
    assert "deliveries" not in patient.ask()


def test_a_database_of_an_earlier_program_is_to_be_backed_up_first(patient, db):
    db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm0005%' OR name LIKE 'm0006%'")
    state, detail = patient.say("schema")
    assert state == "warning"
    assert "m0005_desk, m0006_seals" in detail
    assert patient.say("integrity")[0] == "ok"


@pytest.mark.parametrize(
    ("free", "size", "state"),
    [(10**12, 10**6, "ok"), (10**9, 10**6, "ok"), (10**9, 10**10, "warning"), (10**8, 10**6, "failed")],
)
def test_there_must_be_room_for_what_comes(patient, asked, monkeypatch, free, size, state):
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    monkeypatch.setattr(space, "measure_growth", lambda _: type("Growth", (), {"size": size, "since": None}))
    assert patient.say("disk space")[0] == state


def test_a_month_of_growth_is_reckoned_in(patient, asked, monkeypatch):
    growth = type("Growth", (), {"size": 10**9, "since": NOW - timedelta(days=10)})
    monkeypatch.setattr(space, "measure_growth", lambda _: growth)
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 3 * 10**9}))
    state, detail = patient.say("disk space")
    assert (state, detail.partition(", ")[2]) == ("warning", "database 1.0 GB, 100.0 MB more a day")


def test_a_wal_that_never_shrinks_is_named(patient, asked, monkeypatch):
    monkeypatch.setattr(space, "LARGE_WAL", 1_000)
    state, detail = patient.say("disk space")
    assert (state, "monitor.db-wal has grown to" in detail) == ("warning", True)


@pytest.mark.parametrize(
    ("folder", "file", "state"), [(0o755, 0o644, "warning"), (0o755, 0o640, "ok"), (0o700, 0o644, "ok")]
)
def test_a_database_that_everybody_can_read_is_named(folder, file, state):
    with tempfile.TemporaryDirectory() as name:  # in a folder that every user may enter, unlike `tmp_path`
        Path(name).chmod(0o755)
        patient = Patient(Path(name))
        patient.open().close()
        patient.path.chmod(file)
        patient.path.parent.chmod(folder)
        assert patient.say("permissions")[0] == state


def test_a_database_that_cannot_be_written_is_named(patient, db, monkeypatch):
    monkeypatch.setattr(space.os, "access", lambda *_: False)
    assert patient.say("permissions")[0] == "failed"


def test_a_clock_that_was_set_back_is_found(patient, asked):
    with transaction(asked):
        add_answer(asked, NOW + 5 * HOUR)
    state, detail = patient.say("clock")
    assert (state, "the newest row is from 2026-03-01 17:00 UTC" in detail) == ("failed", True)


@pytest.mark.parametrize(
    ("minutes", "state", "said"),
    [(0, "ok", ""), (30, "failed", "30 minutes ahead"), (-30, "failed", "30 minutes behind")],
)
def test_our_clock_is_held_against_those_of_the_publishers(patient, asked, minutes, state, said):
    """By the median: one of them is always wrong. What a cache answers says how old it is, archives are none."""
    patient.run_at(NOW)
    with transaction(asked):
        for number in range(9):
            sent_at = NOW - timedelta(minutes=minutes, seconds=600 * (number == 0), days=number == 1)
            answer = {"date": f"{sent_at - timedelta(seconds=600):%a, %d %b %Y %H:%M:%S GMT}", "age": "600"}
            add_answer(asked, NOW, **answer)
        for header in ("no date", "Thu, 99 Foo 2026", None):
            add_answer(asked, NOW, **({"date": header} if header else {}))
        for _ in range(30):
            add_answer(asked, NOW, **{COMMIT: "1", "date": "Sun, 01 Mar 2020 12:00:00 GMT"})
    found = patient.say("clock of others")
    assert (found[0], said in found[1]) == (state, True)


@pytest.mark.parametrize(("answers", "days"), [(4, 0), (9, 5)])
def test_few_or_old_answers_say_nothing_of_our_clock(patient, asked, answers, days):
    patient.run_at(NOW + timedelta(days=days))
    with transaction(asked):
        for _ in range(answers):
            add_answer(asked, NOW, date="Sun, 01 Mar 2020 12:00:00 GMT")
    assert "clock of others" not in patient.ask()


def test_a_source_that_nobody_asks_is_late(patient, asked):
    assert patient.say("crawling") == ("ok", "nothing is late")
    with transaction(asked):
        sources.mark_attempted(asked, "rules", at=NOW, due_at=NOW - 3 * HOUR)
    state, detail = patient.say("crawling")
    assert (state, detail) == ("warning", "1 source should have been asked more than 2 hours ago")


def test_an_answer_that_nobody_reads_is_named(patient, asked):
    with transaction(asked):
        add_answer(asked, NOW, FetchState.PENDING)
    assert patient.say("reading") == ("ok", "answers are being read")
    with transaction(asked):
        add_answer(asked, NOW - 3 * HOUR, FetchState.PENDING)
    assert patient.say("reading") == ("warning", "an answer has waited to be read since 2026-03-01 09:00 UTC")


@pytest.mark.parametrize(
    ("state", "age", "said"),
    [
        ("sent", 9, ("ok", "everything was sent")),
        ("pending", 1, ("ok", "1 message on the way")),
        ("sending", 9, ("warning", "1 message not sent since 2026-03-01 03:00 UTC")),
        ("failed", 9, ("failed", "1 message refused, the oldest of 2026-03-01 03:00 UTC")),
    ],
)
def test_what_was_not_sent_is_named(patient, asked, state, age, said):
    add_delivery(asked, state, NOW - age * HOUR)
    assert patient.say("deliveries") == said


def test_open_problems_are_counted(patient, asked):
    (resource,) = sources.get_resources(asked, "rules")
    with transaction(asked):
        problems.open_problem(asked, resource.id, ProblemKind.BLOCKED, detail="a wall", advice="ask", at=NOW)
    assert patient.say("problems") == ("warning", "1 problem open, of which 1 leave us blind")
