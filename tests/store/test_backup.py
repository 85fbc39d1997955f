"""A backup is whole or not there, whatever goes on or goes wrong meanwhile."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import stat
import subprocess
import sys
from datetime import timedelta

import pytest

from monitor.errors import BackupError, ConfigurationError, StoreError
from monitor.model import Role
from monitor.store import Database, backup, open_store, open_to_read, transaction
from monitor.store.backup import back_up
from monitor.store.health import find_faults, find_lost_references
from monitor.store.migrations import MIGRATIONS
from monitor.store.passes import PassSort, add_pass, get_passes
from monitor.store.seals import START, iter_seals
from store.conftest import HOUR, NOON, nothing_writable

WRITER = """
import sys, time
from itertools import count
from pathlib import Path
from monitor.store import open_store, transaction
db = open_store(Path(sys.argv[1]))
for number in count():
    with transaction(db):
        db.execute("INSERT INTO document VALUES (?, 'rules', ?, ?, 'T', ?)", [f"d{number}", "x" * 2000, "u", "a"])
    print(number, flush=True)
"""


@pytest.fixture
def full(db, rules):
    """Large enough that copying it takes more than a page or two."""
    with transaction(db):
        db.conn.executemany(
            "INSERT INTO document VALUES (?, 'rules', ?, 'u', 'T', 'a')",
            ((f"old{number}", os.urandom(2000).hex()) for number in range(1_000)),
        )
    return db


def read(path):
    return open_to_read(path)


def assert_is_whole(path):
    db = read(path)
    assert find_faults(db, full=True) == ()
    assert find_lost_references(db) == ()
    before = START
    for seal in iter_seals(db):
        assert seal.follows(before)
        before = seal.chain_sha256
    return db


def test_everything_acknowledged_before_it_began_is_in_it_while_another_process_writes(full, tmp_path):
    source = tmp_path / "monitor.db"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(source)], stdout=subprocess.PIPE, text=True)
    try:
        for number in range(3):
            acknowledged = int(writer.stdout.readline())
            made = back_up(source, tmp_path / f"copy{number}.db", NOON)
            copy = assert_is_whole(made.path)
            kept = {row["id"] for row in copy.query("SELECT id FROM document")}
            assert {f"d{each}" for each in range(acknowledged + 1)} <= kept
            assert len(kept) > 1_000 + acknowledged
            copy.close()
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()


def test_it_is_one_file_that_its_owner_alone_can_read(full, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    made = back_up(tmp_path / "monitor.db", folder / "copy.db", NOON)
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.size == made.path.stat().st_size > 4_000_000


def test_a_folder_gets_a_file_with_the_time_in_its_name(db, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    paths = [back_up(tmp_path / "monitor.db", folder, NOON + hours * HOUR).path for hours in range(2)]
    assert [path.name for path in paths] == ["monitor-20260301T120000Z.db", "monitor-20260301T130000Z.db"]
    assert all(path.parent == folder for path in paths)


def test_a_file_that_is_there_is_replaced_only_when_asked_for(db, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(ConfigurationError, match=r"copy\.db: there is a file already"):
        back_up(tmp_path / "monitor.db", target, NOON)
    assert target.read_text() == "precious"
    back_up(tmp_path / "monitor.db", target, NOON, force=True)
    assert_is_whole(target).close()


def test_the_database_itself_is_never_replaced(db, tmp_path):
    (tmp_path / "link.db").symlink_to(tmp_path / "monitor.db")
    with pytest.raises(ConfigurationError, match="this is the database itself"):
        back_up(tmp_path / "monitor.db", tmp_path / "link.db", NOON, force=True)


def test_a_folder_that_is_not_there_is_not_made_for_it_may_be_a_disk_that_is_not_mounted(db, tmp_path):
    with pytest.raises(ConfigurationError, match="is that one mounted"):
        back_up(tmp_path / "monitor.db", tmp_path / "mnt" / "copy.db", NOON)
    assert not (tmp_path / "mnt").exists()


def test_without_a_database_there_is_nothing_to_copy(tmp_path):
    with pytest.raises(StoreError, match="no database here yet"):
        back_up(tmp_path / "monitor.db", tmp_path / "copy.db", NOON)
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def largest_file(size):
    """A full disk, for this process: no file can grow beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("before", [None, "precious"])
def test_a_full_disk_leaves_no_part_and_what_was_there_before(full, tmp_path, before):
    folder = tmp_path / "backups"
    folder.mkdir()
    if before:
        (folder / "copy.db").write_text(before)
    with largest_file(1_000_000), pytest.raises(BackupError, match=r"copy\.db: the backup could not be made .*free"):
        back_up(tmp_path / "monitor.db", folder / "copy.db", NOON, force=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == ({"copy.db": before} if before else {})


def test_a_database_that_can_only_be_read_is_copied(open_folder):
    open_store(open_folder / "monitor.db").close()
    target = open_folder.with_name(f"{open_folder.name}-copies")
    target.mkdir()
    target.chmod(0o777)
    try:
        with nothing_writable(open_folder):
            back_up(open_folder / "monitor.db", target / "copy.db", NOON)
        assert_is_whole(target / "copy.db").close()
    finally:
        for path in target.iterdir():
            path.unlink()
        target.rmdir()


def test_a_damaged_database_is_no_backup(full, tmp_path):
    full.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with (tmp_path / "monitor.db").open("r+b") as file:
        file.seek(2_000_000)
        file.write(b"\xff" * 200_000)
    with pytest.raises(BackupError, match="the backup could not be made"):
        back_up(tmp_path / "monitor.db", tmp_path / "copy.db", NOON)
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_that_is_found_to_be_damaged_is_taken_away(full, tmp_path, monkeypatch):
    def copy_badly(database, part):
        part.write_bytes(database.read_bytes()[:200_000])

    full.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    monkeypatch.setattr(backup, "_copy", copy_badly)
    with pytest.raises(BackupError):
        back_up(tmp_path / "monitor.db", tmp_path / "copy.db", NOON)
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == []


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.store import backup
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
setattr(backup, sys.argv[3], die)
backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]), datetime.now(UTC), force=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("step", ["_part_from_original", "_check", "_flush"])
def test_killed_at_any_step_it_leaves_the_backup_before_and_the_next_one_clears_up(full, tmp_path, step):
    source, target = tmp_path / "monitor.db", tmp_path / "backups" / "copy.db"
    target.parent.mkdir()
    back_up(source, target, NOON)
    before = target.read_bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, str(source), str(target), step], check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == before
    back_up(source, target, NOON, force=True)
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]


def test_who_was_signed_in_is_not_in_it_but_keys_of_programs_are(db, tmp_path):
    with transaction(db):
        for sort in PassSort:
            add_pass(db, sort, who=f"by {sort}", role=Role.READER, now=NOON, lasts=timedelta(days=9))
    hashes = [row["token_sha256"].encode() for row in db.query("SELECT * FROM pass WHERE sort <> 'key'")]
    made = back_up(tmp_path / "monitor.db", tmp_path / "copy.db", NOON)
    copy = read(made.path)
    assert [each.who for each in get_passes(copy, NOON)] == ["by key"]
    copy.close()
    assert len(hashes) == 2
    assert not any(each in made.path.read_bytes() for each in hashes)
    assert len(get_passes(db, NOON)) == 3


def test_a_database_of_an_earlier_version_is_copied_as_it_is(tmp_path):
    old = Database(tmp_path / "monitor.db")
    MIGRATIONS.apply(old, stop_before="m0005_desk")
    old.close()
    made = back_up(tmp_path / "monitor.db", tmp_path / "copy.db", NOON)
    copy = Database(made.path)
    assert next(each.name for each in MIGRATIONS.pending(copy)) == "m0005_desk"
    copy.close()
