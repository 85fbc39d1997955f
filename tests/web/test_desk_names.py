"""Whose something is, whatever the case of their name: SQLite folds the letters of ASCII alone."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from monitor.model import Verdict
from monitor.store import transaction
from monitor.store.subjects import get_spellings
from monitor.triage import decide
from store.conftest import NOON
from triaged import UPLOAD


def assign(desk, who):
    decide(desk.db, 1, UPLOAD, Verdict.ASSIGNED, assignee=who, due="2026-03-09", by="mia", now=NOON)


def list_shown(visitor, address):
    text = visitor.open(address).body.decode()
    return [number for number in (1, 2) if f"/changes/{number}" in text]


@pytest.mark.parametrize("name", ["\u00c9lodie", "\u00e9lodie", "\u00c9LODIE"])
def test_what_somebody_owns_or_has_in_hand_is_theirs_in_any_case_of_their_name(desk, visitor, name):
    with transaction(desk.db):
        desk.db.execute("UPDATE sop SET owner = '\u00c9lodie' WHERE id = 'ages'")
    assert list_shown(visitor, f"/?mine={quote(name)}") == [1]
    assert list_shown(visitor, f"/feed.atom?mine={quote(name)}") == [1]
    assign(desk, "\u00c9lodie")
    assert list_shown(visitor, f"/?show=in-hand&mine={quote(name)}") == [1]
    assert list_shown(visitor, f"/calendar?mine={quote(name)}") == [1]


def test_names_are_as_they_are_written_and_as_they_were_asked_for(desk):
    assign(desk, "\u00c9lodie")
    assert get_spellings(desk.db, ("\u00e9lodie", "e@example.org")) == ("\u00e9lodie", "e@example.org", "\u00c9lodie")
    assert get_spellings(desk.db, ("\u00e9tienne",)) == ("\u00e9tienne",)
    assert get_spellings(desk.db, ()) == ()
