"""A database of each released version is brought up to date with everything in it, or stays as it was."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from linked import GIFTS
from monitor.model import DeliveryState, ProblemKind
from monitor.store import Database, changes, open_store, problems
from monitor.store.deliveries import get_deliveries
from monitor.store.health import count_foreign_writes, find_faults, find_lost_references, get_pending_steps
from monitor.store.migrations import MIGRATIONS
from monitor.store.seals import FACTS, START, iter_seals
from monitor.store.search import catch_up, find_changes, find_texts, get_texts
from monitor.store.slack_events import claim_event
from scenarios.desk import Desk
from store.conftest import HOUR, NOON
from store.dumps import FOLDER, load_dump, write_dump

STEPS = [each.name for each in MIGRATIONS.pending(Database(memory=True))]
RELEASED = STEPS[:-1]
"""On the newest step all other tests run; it needs its dump as soon as another one follows it."""
WRITTEN_BY_OTHERS = {"unsealed", "foreign_write"}
"""What is empty where nothing but the monitor writes."""
DAY = 24 * HOUR


@pytest.fixture(params=RELEASED)
def step(request):
    return request.param


@pytest.fixture
def old(step, tmp_path):
    return load_dump(step, tmp_path / "monitor.db")


@pytest.fixture
def migrated(old):
    db = open_store(old)
    yield db
    db.close()


def read_rows(db, tables):
    """All rows, in any order; `tables`: name → columns."""
    return {
        name: sorted(map(repr, db.execute(f"SELECT {', '.join(map(repr_name, columns))} FROM {repr_name(name)}")))
        for name, columns in tables.items()
    }


def repr_name(name):
    return f'"{name}"'


def get_tables(db):
    return {each.name: [column.name for column in each.columns] for each in db.tables if each.name[:7] != "search_"}


def test_each_released_step_has_its_dump():
    assert {path.stem for path in FOLDER.glob("*.sql")} >= set(RELEASED)


def test_a_dump_is_of_its_step_and_has_rows_in_each_table(step, old):
    db = Database(old)
    assert get_pending_steps(db) == tuple(STEPS[STEPS.index(step) + 1 :])
    assert {each.name for each in db.tables if not each.count} <= WRITTEN_BY_OTHERS
    assert write_dump(db) == (FOLDER / f"{step}.sql").read_text(encoding="utf-8")
    db.close()


def test_every_row_is_there_with_what_was_known_of_it(old):
    before = Database(old)
    tables = get_tables(before)
    tables.pop("_sqlite_migrations")
    rows = read_rows(before, tables)
    before.close()
    db = open_store(old)
    assert read_rows(db, tables) == rows
    db.close()


def test_the_file_is_whole_and_every_row_is_sealed(migrated):
    assert find_faults(migrated, full=True) == ()
    assert find_lost_references(migrated) == ()
    assert count_foreign_writes(migrated) == 0
    before, sealed = START, set()
    for seal in iter_seals(migrated):
        assert seal.follows(before)
        before = seal.chain_sha256
        sealed.add((seal.noun, seal.key))
    assert sealed == {(noun, str(row[0])) for noun, facts in FACTS.items() for row in migrated.execute(facts.rows)}


def test_what_was_decided_waits_in_no_inbox(step, migrated):
    is_decided = step >= "m0003"
    rows = list(migrated.query("SELECT is_settled, due FROM change ORDER BY id"))
    assert rows == [
        {"is_settled": 0, "due": None},
        {"is_settled": int(is_decided), "due": "2026-03-10" if is_decided else None},
        {"is_settled": 0, "due": None},
    ]


def test_what_was_told_is_told_and_what_was_on_its_way_still_is(migrated):
    told = [row["change_id"] for row in migrated.query("SELECT change_id FROM digest_change ORDER BY change_id")]
    assert told == [2, 3]
    states = [
        {each.channel: each.state for each in get_deliveries(migrated, f"2026-03-{day:02}-daily-desk")}
        for day in (3, 5)
    ]
    both = "file", "slack:C0123456789"
    assert states == [dict.fromkeys(both, DeliveryState.SENT), dict.fromkeys(both, DeliveryState.PENDING)]


def test_an_open_problem_is_open(migrated):
    assert [each.kind for each in problems.get_open(migrated)] == [ProblemKind.BLOCKED]


def test_what_was_read_is_found_by_its_words(migrated):
    catch_up(migrated)
    assert {each.change_id for each in find_changes(migrated, "livestream", {})} == {2, 3}
    assert [each.document_id for each in get_texts(migrated, find_texts(migrated, "livestream", {}))] == ["rules"]


def test_the_work_goes_on_with_the_answer_that_waited(migrated, reader):
    desk = Desk(migrated, reader)
    desk.declare(select=("main",))
    desk.read(121)
    assert desk.failures == []
    newest = max(changes.iter_changes(migrated, everything=True), key=lambda change: change.id)
    assert (newest.judgement.kind, newest.status) == ("substantive", "provisional")
    assert [each.after for each in newest.judgement.passages] == [GIFTS]
    assert desk.problems == {}


def test_what_slack_sent_before_is_known(step, migrated):
    assert claim_event(migrated, "Ev01", NOON + 2 * DAY) is (step < "m0004")


KILLED = """
import os, signal, sys
from pathlib import Path
from monitor import store
from monitor.store import migrations
execute = migrations._execute
def die(db, step):
    execute(db, step)
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
migrations._execute = die
store.open_store(Path(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("last", [STEPS[1], STEPS[-1]])
def test_killed_in_the_middle_it_leaves_the_earlier_version_whole(tmp_path, last):
    path = load_dump(STEPS[0], tmp_path / "monitor.db")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), last], check=False)
    assert done.returncode == -signal.SIGKILL
    db = Database(path)
    assert write_dump(db) == (FOLDER / f"{STEPS[0]}.sql").read_text(encoding="utf-8")
    assert find_faults(db, full=True) == ()
    db.close()
    again = open_store(path)
    assert get_pending_steps(again) == ()
    again.close()
