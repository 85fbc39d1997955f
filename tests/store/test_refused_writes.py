"""A disk that is full, or may not be written: said in a sentence, nothing half-written, and over when it is over."""

import pytest

from monitor.errors import BusyError, StoreError
from monitor.store import open_store, sqlite3, transaction


def write(db, key="big", size=200_000):
    with transaction(db):
        db.execute("INSERT INTO audience (id, since_at) VALUES (?, ?)", [key, "x" * size])


def names(db):
    return [row["id"] for row in db.query("SELECT id FROM audience")]


@pytest.mark.parametrize(
    ("refuse", "allow", "said"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 100000", "database or disk is full"),
        ("PRAGMA query_only = 1", "PRAGMA query_only = 0", "attempt to write a readonly database"),
    ],
)
def test_what_the_disk_refuses_is_said_and_written_once_it_does_not(db, refuse, allow, said):
    db.execute(refuse)
    with pytest.raises(StoreError, match=rf"cannot be used \({said}\)\. Make room on its disk, or let"):
        write(db)
    assert names(db) == []
    db.execute(allow)
    write(db)
    assert names(db) == ["big"]


def test_a_database_that_is_held_is_busy_and_not_full(db, tmp_path):
    other = open_store(tmp_path / "monitor.db", busy_timeout_ms=1)
    with transaction(db), pytest.raises(BusyError, match="Is another program holding it"):
        write(other)
    other.close()


def write_nowhere(db):
    with transaction(db):
        db.execute("INSERT INTO audience (id, since_at) VALUES ('kept?', '')")
        db.execute("INSERT INTO nowhere VALUES (1)")


def test_a_mistake_of_ours_is_not_said_to_be_one_of_the_disk(db):
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        write_nowhere(db)
    assert names(db) == []


def commit_what_dangles(db):
    with transaction(db):
        db.execute("PRAGMA defer_foreign_keys = 1")
        db.execute("INSERT INTO resource (source_id, url) VALUES ('none', 'https://example.org/')")


def test_a_commit_that_is_refused_leaves_no_transaction_open(db):
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        commit_what_dangles(db)
    assert not db.conn.in_transaction
    write(db)
    assert names(db) == ["big"]
