"""What `monitor verify` finds in a database, and in which words."""

from __future__ import annotations

import pytest

from monitor.errors import ConfigurationError
from monitor.evidence.database import check_database, check_path, read_head
from monitor.store import sqlite3, transaction
from monitor.store.seals import Head, get_head, get_short_head


def findings(db, heads=()):
    return [str(each) for each in check_database(db, heads)]


def edit(path, *statements, silently=True):
    """With another program, and without the triggers unless they are to be seen at work."""
    db = sqlite3.connect(str(path))
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall() if silently else []
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    for _, sql in triggers:
        db.execute(sql)
    db.commit()
    db.close()


def test_what_the_monitor_wrote_is_in_order(db):
    assert findings(db) == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE fetch SET at = '2026-03-01T13:00:01Z' WHERE id = 1", "fetch 1: it is not what Seal"),
        ("UPDATE fetch SET state = 'none' WHERE id = 5", "fetch 5: it is not what Seal"),
        ("UPDATE impact SET probability = 0.71250000000001 WHERE id = 1", "impact 1: it is not what Seal"),
        ("UPDATE change SET status = 'held' WHERE id = 2", "change.state 2: it is not what Seal"),
        ("UPDATE passage SET after = 'x'", "change 2: it is not what Seal"),
        ("DELETE FROM citation", "change 2: it is not what Seal"),
        ("DELETE FROM decision", "decision 1: it is gone, and Seal"),
        ("INSERT INTO impact SELECT 9, 1, section_id, 1.0, '[]' FROM impact LIMIT 1", "impact 9: it has no Seal"),
        ("DELETE FROM seal WHERE id = 7", "seal 8: it comes after Seal 6: those between are gone"),
        ("UPDATE seal SET key = '9' WHERE id = 7", "seal 7: it does not follow Seal 6: one of the two was edited"),
        ("UPDATE seal SET noun = 'x' WHERE id = 7", ": Seal 7 is of nothing that this program knows"),
        ("DELETE FROM seal WHERE id = (SELECT max(id) FROM seal)", "delivery d1: it is not what Seal"),
        ("UPDATE snapshot SET length = length + 1 WHERE id = 1", "snapshot 1: its bytes are not those whose sha256"),
        ("UPDATE snapshot SET body = x'00' WHERE id = 1", "snapshot 1: its bytes cannot be unpacked"),
        ("UPDATE snapshot SET body = x'00' WHERE id = 1", "snapshot 2: its bytes cannot be unpacked (they stand on"),
        ("UPDATE snapshot SET base_id = 2 WHERE id = 2", "snapshot 2: its bytes cannot be unpacked (they stand on"),
        ("UPDATE version SET blocks = x'00' WHERE id = 1", "version 1: its text cannot be unpacked"),
        ("UPDATE version SET text_sha256 = 'x' WHERE id = 1", "version 1: its text is not the one whose sha256"),
        ("DELETE FROM resource", "fetch 1: it refers to a row of resource that is not there"),
        ("DROP TRIGGER seal_fetch_update", "schema seal_fetch_update: it is not as this program makes it"),
        ("CREATE TRIGGER mine AFTER INSERT ON fetch BEGIN SELECT 1; END", "schema mine: it is not as this program"),
    ],
)
def test_an_edit_behind_the_monitors_back_is_named(path, db, statement, finding):
    edit(path, statement, silently="TRIGGER" not in statement)
    assert [each for each in findings(db) if finding in each]


def test_tables_that_other_tools_add_are_none_of_its_business(path, db):
    edit(path, "CREATE TABLE mine (id INTEGER)", silently=False)
    assert findings(db) == []


def test_who_writes_with_another_tool_is_noticed_before_any_hash_is_compared(path, db):
    place = get_head(db)[0]
    edit(path, "UPDATE decision SET by = by", silently=False)
    assert findings(db) == [f"decision 1: something else wrote it; noticed after Seal {place}"]


def test_a_later_write_of_the_monitor_does_not_make_an_edit_right(path, db):
    """Somebody edits what is written once, and the monitor itself writes the row anew."""
    edit(path, "UPDATE digest SET content = '{}'")
    with transaction(db):
        db.execute("UPDATE digest SET content = '{}'")
    (finding,) = findings(db)
    assert finding.startswith("digest 2026-03-02-daily-desk: it was edited between two Seals")


def test_a_row_that_came_back_after_it_was_dropped_is_named(path, db):
    db.execute("CREATE TEMP TABLE kept AS SELECT * FROM delivery")
    with transaction(db):
        db.execute("DELETE FROM delivery")
    assert findings(db) == []
    db.execute("DROP TRIGGER seal_delivery_insert")
    db.execute("INSERT INTO delivery SELECT * FROM temp.kept")
    assert [each for each in findings(db) if each.endswith("says that it was dropped")]


def test_each_part_of_a_damaged_file_is_a_finding_and_no_failure(path, db):
    page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'decision'").fetchone()[0]
    db.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = bytes(4096)
    path.write_bytes(data)
    said = [str(each) for each in check_path(path)]
    assert [each for each in said if each.startswith("file: SQLite finds it damaged")]
    assert [each for each in said if each.startswith("decision: cannot be read to its end")]


def test_a_head_that_was_kept_elsewhere_shows_a_chain_that_was_written_anew(db):
    head = get_short_head(db)
    assert (
        findings(
            db, [head, Head(3, db.execute("SELECT hex(chain_sha256) FROM seal WHERE id = 3").fetchone()[0][:8].lower())]
        )
        == []
    )
    other = Head(head.place, "0123456789ab")
    assert findings(db, [other]) == [
        f"head {other}: the chain has {head.hash} there: it was written anew, or is another one"
    ]
    beyond = Head(head.place + 1, head.hash)
    assert findings(db, [beyond]) == [f"head {beyond}: the chain does not reach that far: it was cut, or written anew"]


@pytest.mark.parametrize(
    "text", ["Evidence 12,345 · 9f3a77c1a2b4.", "12345:9F3A77C1A2B4", "12.345 9f3a77c1a2b4", " 12 345 · 9f3a77c1a2b4 "]
)
def test_a_head_is_read_as_people_copy_it(text):
    assert read_head(text) == Head(12345, "9f3a77c1a2b4")


@pytest.mark.parametrize("text", ["", "9f3a77c1a2b4", "12 · xyz", "12 · 9f3a"])
def test_what_is_no_head_is_refused_with_an_example(text):
    with pytest.raises(ConfigurationError, match=r"is no head of a chain.*9f3a77c1a2b4"):
        read_head(text)


def test_others_can_write_while_a_database_is_checked(path, db):
    checking = check_database(db)
    edit(path, "UPDATE decision SET by = 'x'")
    assert next(checking, None) is not None
    checking.close()
    with transaction(db):
        db.execute("UPDATE document SET title = 'x'")
