import subprocess
import sys

import pytest

from monitor.errors import StoreError
from monitor.store import Database, open_store, open_to_read, read_time, transaction, write_time
from monitor.store.migrations import MIGRATIONS
from store.conftest import NOON, nothing_writable


def test_the_folder_and_every_table_are_made_at_first_opening(tmp_path):
    db = open_store(tmp_path / "new" / "folder" / "monitor.db")
    assert {"source", "fetch", "snapshot", "version", "change", "delivery"} <= set(db.table_names())
    db.close()


def test_opening_again_changes_nothing(tmp_path):
    open_store(tmp_path / "monitor.db").close()
    before = (tmp_path / "monitor.db").read_bytes()
    open_store(tmp_path / "monitor.db").close()
    assert (tmp_path / "monitor.db").read_bytes() == before


def test_every_table_is_strict_and_commits_survive_a_power_cut(db):
    tables = [row for row in db.query("PRAGMA table_list") if row["type"] == "table" and row["schema"] == "main"]
    own = [row for row in tables if not row["name"].startswith(("_", "sqlite_"))]
    assert len(own) > 20
    assert [row["name"] for row in own if not row["strict"]] == []
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path):
    path = tmp_path / "monitor.db"
    path.write_text("this is a shopping list, not a database")
    with pytest.raises(StoreError, match=r"monitor\.db: the database cannot be opened"):
        open_store(path)
    assert path.read_text().startswith("this is a shopping list")


def test_a_database_of_a_newer_program_is_refused(tmp_path):
    db = open_store(tmp_path / "monitor.db")
    db.table("_sqlite_migrations").insert(
        {"migration_set": "policy-monitor", "name": "m9999_from_the_future", "applied_at": "2031-01-01"}
    )
    db.close()
    with pytest.raises(StoreError, match="m9999_from_the_future"):
        open_store(tmp_path / "monitor.db")


def test_steps_that_another_process_took_meanwhile_are_noticed(tmp_path):
    path = tmp_path / "monitor.db"
    old = Database(path)
    MIGRATIONS.apply(old, stop_before="m0005_desk")
    old.close()
    with pytest.raises(StoreError, match="of an earlier version"):
        open_to_read(path)
    subprocess.run(
        [sys.executable, "-c", f"import pathlib, monitor.store as s; s.open_store(pathlib.Path({str(path)!r}))"],
        check=True,
    )
    open_to_read(path).close()
    newer = Database(path)
    newer.table("_sqlite_migrations").insert(
        {"migration_set": "policy-monitor", "name": "m9999_from_the_future", "applied_at": "2031-01-01"}
    )
    newer.close()
    for opening in (open_to_read, open_store):
        with pytest.raises(StoreError, match="m9999_from_the_future"):
            opening(path)


@pytest.mark.slow
def test_processes_that_start_together_migrate_once(tmp_path):
    script = (
        f"from pathlib import Path; from monitor.store import open_store; open_store(Path({str(tmp_path / 'm.db')!r}))"
    )
    started = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(each.wait(), each.stderr.read()) for each in started] == [(0, b"")] * 4
    for each in started:
        each.stderr.close()


def test_a_transaction_that_fails_leaves_nothing_behind(db):
    def fail():
        with transaction(db):
            db.table("audience").insert({"id": "desk", "since_at": "2026-01-01T00:00:00Z"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert db.table("audience").count == 0


def test_a_second_writer_waits_for_the_first(tmp_path):
    """BEGIN IMMEDIATE: the second one queues instead of failing at its first write."""
    db = open_store(tmp_path / "m.db")
    script = (
        "from pathlib import Path; from monitor.store import open_store, transaction\n"
        f"db = open_store(Path({str(tmp_path / 'm.db')!r})); print('ready', flush=True)\n"
        "with transaction(db): db['audience'].insert({'id': 'second', 'since_at': 'x'})"
    )
    with transaction(db):
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "ready\n"
        db.table("audience").insert({"id": "first", "since_at": "x"})
    assert child.wait() == 0
    child.stdout.close()
    assert [row["id"] for row in db.table("audience").rows] == ["first", "second"]
    db.close()


def test_times_are_written_so_that_text_sorts_like_time():
    assert write_time(NOON) == "2026-03-01T12:00:00Z"
    assert read_time(write_time(NOON)) == NOON


def test_looking_makes_no_database(tmp_path):
    with pytest.raises(StoreError, match=r'monitor\.db: no database here yet\. Run "monitor run" first'):
        open_to_read(tmp_path / "new" / "monitor.db")
    assert list(tmp_path.iterdir()) == []


def test_looking_cannot_write(tmp_path):
    open_store(tmp_path / "monitor.db").close()
    db = open_to_read(tmp_path / "monitor.db")
    with pytest.raises(Exception, match="readonly database"):
        db.table("audience").insert({"id": "desk", "since_at": "x"})
    db.close()


def test_looking_sees_what_a_writer_committed_just_now(tmp_path):
    writer = open_store(tmp_path / "monitor.db")
    with transaction(writer):
        writer.table("audience").insert({"id": "desk", "since_at": "x"})
    reader = open_to_read(tmp_path / "monitor.db")
    assert reader.table("audience").count == 1
    reader.close()
    writer.close()


def test_looking_migrates_nothing_and_says_how(tmp_path):
    path = tmp_path / "monitor.db"
    path.touch()
    with pytest.raises(StoreError, match=r"of an earlier version.* Run a command that writes once"):
        open_to_read(path)
    assert path.read_bytes() == b""


def test_looking_at_a_file_that_is_no_database_says_so(tmp_path):
    path = tmp_path / "monitor.db"
    path.write_text("this is a shopping list, not a database")
    with pytest.raises(StoreError, match=r"monitor\.db: the database cannot be read \(file is not a database\)"):
        open_to_read(path)


def test_a_database_in_a_folder_that_cannot_be_written_can_be_looked_at(open_folder):
    open_store(open_folder / "monitor.db").close()  # the last one to close moves the WAL into the file
    assert [path.name for path in open_folder.iterdir()] == ["monitor.db"]
    with nothing_writable(open_folder):
        db = open_to_read(open_folder / "monitor.db")
        assert db.table("audience").count == 0
        db.close()


def test_newer_rows_in_a_wal_that_cannot_be_read_are_never_passed_over(open_folder):
    path = open_folder / "monitor.db"
    writer = open_store(path)
    (open_folder / "copy.db").write_bytes(path.read_bytes())
    (open_folder / "copy.db-wal").write_bytes((open_folder / "monitor.db-wal").read_bytes())
    writer.close()
    with nothing_writable(open_folder), pytest.raises(StoreError, match=r"copy\.db: the database cannot be read"):
        open_to_read(open_folder / "copy.db")


def test_a_database_that_another_program_holds_says_so(tmp_path):
    holder = open_store(tmp_path / "m.db")
    waiting = open_store(tmp_path / "m.db")
    waiting.execute("PRAGMA busy_timeout = 50")
    with transaction(holder), pytest.raises(StoreError, match="another program holding it"), transaction(waiting):
        pass
    holder.close()
    waiting.close()
