"""A database of an earlier version is brought up to date with everything in it."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.model import ProblemKind
from monitor.store import Database, changes, open_store, problems, transaction
from monitor.store.deliveries import get_deliveries
from monitor.store.items import get_items_in_hand
from monitor.store.migrations import MIGRATIONS

ROWS = """
INSERT INTO source VALUES ('rules', 'Rules', 'Example', 'EU', 'html', '[]', '[]', 1, '2026-03-01T12:00:00Z', '12h',
    NULL, '2026-03-01T12:00:00Z');
INSERT INTO resource VALUES (1, 'rules', 'https://example.org/rules', 0, NULL, NULL, NULL, NULL);
INSERT INTO fetch VALUES (1, 1, '2026-03-01T12:00:00Z', 'ok', 200, NULL, '{}', 1, 0, '', NULL, 'good');
INSERT INTO document VALUES ('rules', 'rules', 'rules', 'https://example.org/rules', 'Rules', '2026-03-01T12:00:00Z');
INSERT INTO version VALUES (1, 'rules', 'x', x'00', 'Rules', 'html/1', '2026-03-01T12:00:00Z');
INSERT INTO change VALUES (1, 'rules', NULL, 1, 'first', 'first look', 'low', '', 'confirmed', 1,
    '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z', NULL, NULL);
INSERT INTO problem VALUES (1, 1, 'empty', 'no text', 'Look.', '2026-03-02T12:00:00Z', '2026-03-02T12:00:00Z', NULL,
    NULL)
"""


@pytest.fixture
def upgraded(tmp_path):
    """A database that the first version of the program wrote, opened by this one."""
    old = Database(tmp_path / "monitor.db")
    MIGRATIONS.apply(old, stop_before="m0002_doubts_and_dates")
    old.executescript(ROWS)
    old.close()
    db = open_store(tmp_path / "monitor.db")
    yield db
    db.close()


def test_changes_are_read_with_what_was_not_known_of_them_then_left_empty(upgraded):
    judgement = changes.get_change(upgraded, 1).judgement
    assert (judgement.dates, judgement.aspects, judgement.fingerprint) == ((), (), "")


def test_an_open_problem_stays_open_and_is_still_the_only_one_of_its_resource(upgraded):
    (problem,) = problems.get_open(upgraded)
    assert (problem.kind, problem.mark) == (ProblemKind.EMPTY, "")
    with transaction(upgraded):
        problems.open_problem(
            upgraded, 1, ProblemKind.SHRUNK, detail="cut", advice="Look.", at=problem.opened_at, mark="shrunk"
        )
    (same,) = problems.get_open(upgraded)
    assert (same.id, same.kind, same.mark) == (problem.id, ProblemKind.SHRUNK, "shrunk")


def test_the_foreign_keys_hold_after_the_upgrade(upgraded):
    assert list(upgraded.query("PRAGMA foreign_key_check")) == []


TOLD = """
INSERT INTO audience VALUES ('desk', '2026-03-01T12:00:00Z');
INSERT INTO digest VALUES ('2026-03-02-daily-desk', 'desk', 'daily', '2026-03-02', '2026-03-02T09:00:00Z', '{}');
INSERT INTO digest_change VALUES ('desk', 1, 'daily', '2026-03-02-daily-desk');
INSERT INTO delivery VALUES ('d1', '2026-03-02-daily-desk', 'slack:C1', 1, 1, '{}', 'sent', 1, NULL, NULL, NULL,
    '1.2', NULL)
"""


def test_what_was_told_before_there_were_alerts_is_still_told(tmp_path):
    old = Database(tmp_path / "monitor.db")
    MIGRATIONS.apply(old, stop_before="m0002_doubts_and_dates")
    old.executescript(ROWS)
    MIGRATIONS.apply(old, stop_before="m0004_more_to_tell")
    old.executescript(TOLD)
    old.close()
    db = open_store(tmp_path / "monitor.db")
    assert [row["id"] for row in db.query("SELECT id FROM digest JOIN digest_change ON digest_id = id")] == [
        "2026-03-02-daily-desk"
    ]
    (delivery,) = get_deliveries(db, "2026-03-02-daily-desk")
    assert (delivery.ts, delivery.shown_decision) == ("1.2", 0)
    assert list(db.query("PRAGMA foreign_key_check")) == []
    db.close()


GIVEN = "INSERT INTO decision VALUES (1, 1, NULL, 'assigned', '', 'otto', '2026-03-09', 'mia', '2026-03-02T12:00:00Z')"
CONFIRMED = "INSERT INTO decision VALUES (2, 1, NULL, 'confirmed', '', NULL, NULL, 'otto', '2026-03-03T12:00:00Z')"
REJECTED = CONFIRMED.replace("confirmed", "not-applicable")
PUT_OFF = "INSERT INTO decision VALUES (1, 1, NULL, 'snoozed', '', NULL, '2026-03-20', 'mia', '2026-03-02T12:00:00Z')"


@pytest.mark.parametrize(
    ("decided", "is_settled", "put_off_until", "due", "hands"),
    [
        ((), 0, None, None, []),
        ((GIVEN,), 1, None, "2026-03-09", ["otto"]),
        ((GIVEN, CONFIRMED), 1, None, "2026-03-09", ["otto"]),
        ((GIVEN, REJECTED), 1, None, None, []),
        ((PUT_OFF,), 0, "2026-03-20", None, []),
    ],
)
def test_what_was_decided_before_there_was_a_desk_stands_there_as_it_did(
    tmp_path, decided, is_settled, put_off_until, due, hands
):
    old = Database(tmp_path / "monitor.db")
    MIGRATIONS.apply(old, stop_before="m0002_doubts_and_dates")
    old.executescript(ROWS)
    MIGRATIONS.apply(old, stop_before="m0005_desk")
    old.executescript(";".join(decided))
    old.close()
    db = open_store(tmp_path / "monitor.db")
    stands = {"is_settled": is_settled, "put_off_until": put_off_until, "due": due}
    assert list(db.query("SELECT is_settled, put_off_until, due FROM change")) == [stands]
    assert [each.assignee for each in get_items_in_hand(db, [1], date(2026, 3, 4))] == hands
    db.close()
