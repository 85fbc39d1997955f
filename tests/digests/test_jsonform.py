"""A digest as JSON: everything that it says, for programs."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

from digests.jsonform import digest_json
from monitor.model import DateKind, Deadline, Digest, OpenItem, Severity, Verdict

NAMES = {"audience_id": "audience", "local_date": "date"}

DEADLINE = Deadline(
    change_id=7,
    source_name="Safety code",
    publisher="Borealis Regulator",
    url="https://borealis.example/code",
    kind=DateKind.EFFECTIVE,
    date="2026-12-01",
    is_decided=False,
)
ITEM = OpenItem(
    change_id=7,
    section_id=None,
    source_id="code",
    source_name="Safety code",
    publisher="Borealis Regulator",
    url="https://borealis.example/code",
    procedure="",
    severity=Severity.HIGH,
    since_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    verdict=Verdict.CONFIRMED,
    assignee="Maria Lopez",
    due="2026-12-01",
    deadline="2026-12-24",
)


def test_nothing_of_a_digest_is_left_out(make):
    keys = digest_json(make.digest()).keys()
    assert {NAMES.get(each.name, each.name) for each in fields(Digest)} | {"groups"} == set(keys)


def test_what_an_alert_told_before_is_there_in_full(make):
    (alerted,) = digest_json(make.digest(alerted=[make.told(7, publisher="Forum")]))["alerted"]
    assert (alerted["id"], alerted["publisher"], alerted["severity"]) == (7, "Forum", "high")


def test_deadlines_name_the_change_and_whether_anybody_decided(make):
    assert digest_json(make.digest(deadlines=(DEADLINE,)))["deadlines"] == [
        {
            "change": 7,
            "publisher": "Borealis Regulator",
            "source_name": "Safety code",
            "url": "https://borealis.example/code",
            "kind": "effective",
            "date": "2026-12-01",
            "is_decided": False,
        }
    ]


def test_open_items_name_who_has_them_and_until_when(make):
    assert digest_json(make.digest(items=(ITEM,)))["items"] == [
        {
            "change": 7,
            "section": None,
            "source": "code",
            "source_name": "Safety code",
            "publisher": "Borealis Regulator",
            "url": "https://borealis.example/code",
            "procedure": None,
            "severity": "high",
            "since": "2026-11-20T09:00:00Z",
            "verdict": "confirmed",
            "assignee": "Maria Lopez",
            "due": "2026-12-01",
            "deadline": "2026-12-24",
            "snoozed_until": None,
        }
    ]


def test_it_is_json(make):
    digest = make.digest([make.told(1, impacts=[make.impact()])], [make.problem()], items=(ITEM,), undelivered=("a",))
    assert json.loads(json.dumps(digest_json(digest))) == digest_json(digest)
