"""The inbox: what waits, and what no longer does."""

from __future__ import annotations

from monitor.model import Verdict
from monitor.triage import decide, take_back
from store.conftest import NOON


def test_what_nobody_decided_waits(visitor):
    assert visitor.open("/").texts("article a") != []


def test_what_was_confirmed_waits_no_longer_and_what_was_taken_back_waits_again(desk, visitor):
    decide(desk.db, 1, None, Verdict.CONFIRMED, by="mia", now=NOON)
    assert "/changes/1" not in visitor.open("/").links()
    take_back(desk.db, 1, by="mia", now=NOON)
    assert "/changes/1" in visitor.open("/").links()
