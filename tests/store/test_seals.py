"""Each transaction seals what it wrote; what anything else wrote is never sealed."""

from __future__ import annotations

import sqlite3
from hashlib import sha256

import pytest

from monitor.model import Outcome
from monitor.store import Database, fetches, open_store, seals, sources, transaction
from monitor.store.fetches import FetchState
from monitor.store.migrations import MIGRATIONS
from monitor.store.sealed import compare_schema, iter_edited, iter_foreign, iter_gone, iter_standings, sum_up
from store.conftest import a_fetch
from store.test_upgrades import CONFIRMED, GIVEN, ROWS

UNSEALED_COLUMNS = {"resource": {"position", "snapshot_id", "read_as", "etag", "last_modified"}}
"""They say where the monitor stands, and prove nothing."""


def ask(db, resource, state=FetchState.UNCHANGED, snapshot_id=None, **facts):
    with transaction(db):
        return fetches.add_fetch(db, resource.id, a_fetch(**facts), snapshot_id=snapshot_id, state=state)


def sealed(db):
    return [(each.noun, each.key) for each in seals.iter_seals(db)]


def wrong(db):
    """(noun, key) of every row that is not as its last Seal says."""
    sum_up(db)
    found = [
        (noun, each.key)
        for noun in seals.NOUNS
        for each in iter_standings(db, noun)
        if each.row_sha256 != each.sealed_sha256
    ]
    found += [(noun, key) for noun in seals.NOUNS for key, _ in iter_gone(db, noun)]
    found += [(noun, key) for noun, key, _ in iter_edited(db)]
    db.execute("DROP TABLE temp.last_seal")
    return found


def is_unbroken(db):
    before = seals.START
    for place, each in enumerate(seals.iter_seals(db), 1):
        if each.id != place or not each.follows(before):
            return False
        before = each.chain_sha256
    return True


def test_an_answer_that_brings_nothing_to_read_has_one_seal(db, rules):
    before = seals.get_head(db)[0]
    ask(db, rules)
    ask(db, rules, FetchState.NONE, outcome=Outcome.TIMEOUT, status=None, body=None)
    assert sealed(db)[before:] == [("fetch", "1"), ("fetch", "2")]
    assert wrong(db) == []


def test_what_becomes_of_an_answer_is_sealed_apart_and_anew_each_time(db, rules):
    before = seals.get_head(db)[0]
    fetch_id = ask(db, rules, FetchState.PENDING)
    with transaction(db):
        fetches.claim_fetch(db, fetch_id, FetchState.REJECTED)
    assert sealed(db)[before:] == [("fetch", "1"), ("fetch.state", "1"), ("fetch.state", "1")]
    assert wrong(db) == []


def test_a_seal_is_the_hash_of_one_line_that_anybody_can_compute(db, rules):
    ask(db, rules)
    *_, before, last = seals.iter_seals(db)
    row = seals.find_row(db, "fetch", "1")
    line = f"{before.chain_sha256.hex()} {last.id} fetch 1 1 {sha256(row).hexdigest()}"
    assert last.chain_sha256 == sha256(line.encode()).digest()
    assert row.startswith(b'[[1, 1, "2026-03-01T12:00:00Z", "ok", 200, ')


def test_a_transaction_that_writes_nothing_of_it_seals_nothing(db, rules):
    before = seals.get_head(db)
    with transaction(db):
        db.table("audience").insert({"id": "desk", "since_at": "x"})
        sources.save_good_snapshot(db, rules.id, None, read_as="html", etag='"x"', last_modified=None)
    assert seals.get_head(db) == before


def test_a_transaction_that_fails_leaves_no_seal(db, rules):
    before = seals.get_head(db)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        ask(db, rules, snapshot_id=99)
    assert seals.get_head(db) == before
    assert wrong(db) == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO document VALUES ('d', 'rules', 'i', 'u', 'New', 'a') ON CONFLICT (id) DO UPDATE SET title = 'New'",
        "INSERT OR ABORT INTO document VALUES ('e', 'rules', 'i', 'u', 'New', 'a')",
        "UPDATE OR FAIL document SET title = 'New'",
    ],
)
def test_a_row_that_is_written_twice_in_one_transaction_is_sealed_once_whatever_the_statement(db, rules, statement):
    before = seals.get_head(db)[0]
    with transaction(db):
        db.execute("INSERT INTO document VALUES ('d', 'rules', 'i', 'u', 'Old', 'a')")
        db.execute("UPDATE document SET title = 'Older'")
        db.execute(statement)
        db.execute(statement.replace("'e'", "'f'"))
    assert len({*sealed(db)[before:]}) == len(sealed(db)[before:])
    assert wrong(db) == []


def test_what_the_monitor_drops_itself_is_sealed_as_gone(db, rules):
    ask(db, rules)
    with transaction(db):
        db.execute("DELETE FROM fetch WHERE id = 1")
    last = list(seals.iter_seals(db))[-1]
    assert (last.noun, last.key, last.row_sha256) == ("fetch", "1", seals.GONE)
    assert wrong(db) == []


@pytest.mark.parametrize(
    ("edit", "row"),
    [
        ("UPDATE fetch SET at = 'never' WHERE id = 1", ("fetch", "1")),
        ("UPDATE fetch SET state = 'rejected' WHERE id = 1", ("fetch.state", "1")),
        ("DELETE FROM fetch WHERE id = 1", ("fetch", "1")),
        ("UPDATE resource SET url = 'x' WHERE id = 1", ("resource", "1")),
        ("INSERT INTO document VALUES ('other', 'rules', 'x', 'x', 'x', 'x')", ("document", "other")),
    ],
)
def test_what_something_else_writes_is_noticed_and_no_later_transaction_seals_it(db, rules, edit, row):
    ask(db, rules)
    with sqlite3.connect(db.conn.execute("PRAGMA database_list").fetchone()[2]) as other:
        other.execute(edit)
    other.close()
    for _ in range(2):
        assert row in [(noun, key) for noun, key, _ in iter_foreign(db)]
        with transaction(db):
            db.execute("UPDATE fetch SET at = 'later', state = 'good' WHERE id = 1")
            db.execute("UPDATE resource SET url = 'y'")
            db.execute("UPDATE document SET title = 'y'")
    assert row in wrong(db)
    assert is_unbroken(db)


def test_a_write_of_ours_outside_of_a_transaction_counts_as_somebody_elses(db, rules):
    ask(db, rules)
    db.execute("UPDATE fetch SET detail = 'x'")
    assert [(noun, key) for noun, key, _ in iter_foreign(db)] == [("fetch", "1")]


def test_what_is_written_once_and_sealed_in_two_states_shows(db, rules):
    """Somebody took the trigger off, edited the row, and the monitor wrote to it afterwards."""
    ask(db, rules)
    with transaction(db):
        db.execute("UPDATE fetch SET detail = 'never happened'")
    assert wrong(db) == [("fetch", "1")]


def test_every_column_of_a_sealed_table_is_hashed_or_named_as_proving_nothing(db):
    tables = {"version_snapshot": "version", "passage": "change", "citation": "change", "date_mention": "change"}
    tables |= {"digest_change": "digest"} | {each.partition(".")[0]: each.partition(".")[0] for each in seals.NOUNS}
    hashed = {}
    for noun in seals.NOUNS:
        names = {name for part in seals.get_columns(db, noun) for name in part}
        hashed[noun.partition(".")[0]] = hashed.get(noun.partition(".")[0], set()) | names
    for table, noun in tables.items():
        columns = {each.name for each in db.table(table).columns}
        parent = {"version_id", "change_id", "digest_id"} if table != noun else set()
        assert columns - parent - UNSEALED_COLUMNS.get(table, set()) <= hashed[noun], table


def test_each_sealed_table_has_a_trigger_for_each_way_of_writing(db):
    tables = {each.partition(".")[0] for each in seals.NOUNS}
    tables |= {"version_snapshot", "passage", "citation", "date_mention", "digest_change"}
    found = {(each.table, word) for each in db.triggers for word in ("INSERT", "UPDATE", "DELETE") if word in each.sql}
    assert {(table, word) for table in tables for word in ("INSERT", "UPDATE", "DELETE")} <= found


@pytest.fixture
def old(tmp_path):
    """A database of a version that sealed nothing."""
    db = Database(tmp_path / "old.db")
    MIGRATIONS.apply(db, stop_before="m0002_doubts_and_dates")
    db.executescript(ROWS)
    MIGRATIONS.apply(db, stop_before="m0006_seals")
    db.executescript(f"{GIVEN};{CONFIRMED}")
    db.close()
    return tmp_path / "old.db"


def test_what_an_earlier_version_wrote_is_sealed_when_it_is_brought_up_to_date(old):
    db = open_store(old)
    rows = {"fetch", "resource", "document", "version", "change", "decision"}
    assert rows | {"fetch.state", "version.recipe", "change.state"} == {noun for noun, _ in sealed(db)}
    assert (wrong(db), list(iter_foreign(db)), is_unbroken(db)) == ([], [], True)
    assert list(compare_schema(db)) == []
    db.close()


def test_what_a_later_step_of_the_schema_writes_is_sealed_and_what_others_wrote_before_is_not(old, monkeypatch):
    db = open_store(old)
    db.execute("UPDATE decision SET by = 'somebody else' WHERE id = 1")
    db.close()
    later = type(MIGRATIONS)("policy-monitor")
    later._migrations = [*MIGRATIONS._migrations]

    @later(name="m9999_later")
    def _(db):
        db.execute("UPDATE document SET title = 'Renamed'")
        db.execute("UPDATE decision SET reason = 'filled in'")

    monkeypatch.setattr("monitor.store.MIGRATIONS", later)
    db = open_store(old)
    assert [(noun, key) for noun, key, _ in iter_foreign(db)] == [("decision", "1")]
    assert ("document", "rules") in sealed(db)
    assert set(wrong(db)) == {("decision", "1"), ("decision", "2")}  # a step that edits what is fixed shows as well
    db.close()


def test_short_heads_are_read_as_messages_carry_them(db, rules):
    place, chain_sha256 = seals.get_head(db)
    assert str(seals.get_short_head(db)) == f"{place} · {chain_sha256.hex()[:12]}"
    assert str(seals.Head(12345, "9f3a77c1a2b4")) == "12,345 · 9f3a77c1a2b4"
