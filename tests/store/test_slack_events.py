"""What Slack sends twice counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.store import transaction
from monitor.store.slack_events import KEPT, claim_event
from store.conftest import NOON


@pytest.fixture
def claim(db):
    def run(event_id, after=timedelta(0)):
        with transaction(db):
            return claim_event(db, event_id, NOON + after)

    return run


def test_an_event_is_claimed_once(claim):
    assert claim("Ev1")
    assert not claim("Ev1", timedelta(minutes=5))
    assert claim("Ev2")


def test_old_events_are_forgotten(claim, db):
    claim("Ev1")
    assert not claim("Ev1", KEPT)
    claim("Ev2", KEPT + timedelta(seconds=1))
    assert [row["id"] for row in db.query("SELECT id FROM slack_event")] == ["Ev2"]


def test_what_was_rolled_back_can_be_claimed_again(claim, db):
    db.execute("BEGIN IMMEDIATE")
    assert claim_event(db, "Ev1", NOON)
    db.rollback()
    assert claim("Ev1")
