"""The campaign of `benchmarks/tampering.py` in short: each of some random single edits is found."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from monitor.store import Database

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "tampering.py"


@pytest.fixture(scope="module")
def campaign():
    spec = importlib.util.spec_from_file_location("tampering", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_random_single_edit_of_the_database_is_found(campaign, original):
    counts = campaign.try_database(original.path, 60, seed=1)
    assert sum(counts[sort, "found"] for sort in {sort for sort, _ in counts}) == 60


def test_each_random_single_byte_of_an_evidence_file_is_found(campaign, original):
    counts = campaign.try_bundle(original.zip, 60, seed=1)
    assert counts["byte of an evidence file", "found"] >= 55
    assert counts["byte of an evidence file", "missed"] == 0


def test_each_forgery_of_an_evidence_file_is_found_with_all_its_hashes_computed_anew(campaign, original, db):
    counts = campaign.try_forgeries(db, original.zip, 60, seed=1)
    assert {outcome for _, outcome in counts} == {"found"}
    assert sum(counts.values()) == 60


def test_a_file_with_its_hashes_computed_anew_and_nothing_else_is_no_forgery(campaign, original, db):
    files = campaign.Forgeries(original.zip, seed=1).files
    assert campaign.forge(files) == original.zip


def test_the_campaign_itself_sees_a_forgery_that_was_missed(campaign, original, db, monkeypatch, capsys):
    monkeypatch.setattr(campaign, "check_against", lambda *_: ())
    assert campaign.show(campaign.try_forgeries(db, original.zip, 12, seed=1)) > 0
    assert "MISSED: forged: the head" in capsys.readouterr().out


def test_the_campaign_itself_sees_what_was_missed(campaign, original, monkeypatch, capsys):
    monkeypatch.setattr(campaign, "is_found", lambda _: False)
    counts = campaign.try_database(original.path, 6, seed=1)
    assert campaign.show(counts) == 6
    assert "MISSED: row deleted" in capsys.readouterr().out


def test_an_untouched_copy_is_found_clean(campaign, path):
    assert not campaign.is_found(path)
    assert campaign.read_all(path) == campaign.read_all(path)
    db = Database(path)
    db.execute("DELETE FROM delivery")
    db.close()
    assert campaign.is_found(path)
