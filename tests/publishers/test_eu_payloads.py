"""Answers that CELLAR and Have Your Say really gave, from a folder that is not part of the project."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from publishers.conftest import dates, texts

FOLDER = Path(os.environ.get("POLICY_MONITOR_PAYLOADS", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="POLICY_MONITOR_PAYLOADS names no folder of real answers")


def content_of(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def days_of(entry, kind):
    return [day for each, day, _ in dates(entry) if each == kind]


@pytest.fixture
def acts(read):
    return read("cellar", content_of("eurlex_cellar/oblag_acts_aiact_window.json"))


def test_every_act_of_the_window_is_read_by_its_number(acts):
    assert len(acts) == 35
    assert all(identity in entry.url and entry.title for identity, entry in acts.items())
    assert {entry.published_at.isoformat() for entry in acts.values()} == {"2024-06-13T00:00:00+02:00"}
    assert not any(entry.withdrawal for entry in acts.values())


def test_the_ai_act_has_all_its_days(acts):
    act = acts["32024R1689"]
    assert days_of(act, "effective") == ["2024-08-01", "2025-02-02", "2025-08-02", "2026-08-02", "2027-08-02"]
    assert days_of(act, "compliance") == [
        "2027-08-02",
        "2028-08-02",
        "2029-08-01",
        "2029-08-02",
        "2030-08-02",
        "2030-12-31",
        "2031-08-02",
    ]


def test_corrigenda_set_no_dates_and_all_other_acts_do(acts):
    corrigenda = {identity for identity in acts if "R(" in identity}
    assert corrigenda == {"32023R2878R(04)", "32021R2115R(09)", "32014L0049R(05)", "32024R1611R(01)"}
    assert {identity for identity, entry in acts.items() if not entry.dates} == corrigenda
    assert texts(acts["32024R1611R(01)"])[-1] == "Corrects 32024R1611"


def test_every_proposal_of_the_window_is_read_without_dates(read):
    proposals = read("cellar", content_of("eurlex_cellar/oblag_proposals_window.json"))
    assert len(proposals) == 25
    assert all(identity.startswith("52026PC") for identity in proposals)
    assert not any(entry.dates or entry.withdrawal for entry in proposals.values())
    assert proposals["52026PC0137R(01)"].title.startswith("Corrigendum to Proposal for a COUNCIL DECISION")


def test_every_initiative_of_the_page_is_read_and_only_those_with_a_time_for_feedback_have_a_date(read):
    answer = content_of("have_your_say/oblag_digital_page0.json")
    answer["initiativeResultDtoPage"]["totalElements"] = 10  # it is the first of 16 pages
    initiatives = read("have-your-say", answer)
    assert len(initiatives) == 10
    assert {identity: days_of(entry, "comments_close") for identity, entry in initiatives.items() if entry.dates} == {
        "14628": ["2026-09-07"],
        "14842": ["2026-09-07"],
        "14709": ["2026-09-07"],
        "14578": ["2026-05-12"],
    }
    assert "Planned initiative" in texts(initiatives["14095"])
