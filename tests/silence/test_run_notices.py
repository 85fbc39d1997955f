"""The main job looks for what is silent once it has asked everything that is due."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml

from monitor.config import read_config
from monitor.desk import Kept, open_desk
from monitor.schedule import JUDGED, collect, run
from monitor.store import problems, sources, transaction
from store.conftest import HOUR, NOON, URL

RULES = {"id": "rules", "name": "Rules", "publisher": "P", "jurisdiction": "EU", "kind": "html", "url": URL}


@pytest.fixture
def starved(tmp_path, desk):
    """Settings and times for a Source that was read at noon, and whose turn never comes."""
    desk.see("<p>Hosts of a livestream must be 16 or older.</p>")
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump({"sources": [RULES]}))
    with transaction(desk.db):
        sources.mark_attempted(desk.db, "rules", at=NOON, due_at=NOON + 900 * HOUR)

    def at(hour):
        settings = {
            "MONITOR_DB": str(tmp_path / "monitor.db"),
            "MONITOR_SOURCES": str(tmp_path / "sources.yaml"),
            "MONITOR_SOPS": str(tmp_path / "sops"),
            "MONITOR_NOW": (NOON + hour * HOUR).isoformat(),
        }
        return read_config(settings)

    return at


def found(config, kept=None):
    with open_desk(config, kept) as desk:
        summary = run(desk)
        return [each.kind for each in problems.get_open(desk.db)], summary


def test_what_is_silent_is_a_failure_of_the_run_that_finds_it(starved):
    kinds, summary = found(starved(26))
    assert (kinds, summary.problems) == (["silent"], 1)
    assert any(each.startswith("rules: silent: nothing was read of it since") for each in summary.failures)


def test_a_service_looks_every_fifteen_minutes_and_at_once_where_the_clock_was_ahead(starved):
    kept = Kept()
    assert found(starved(25), kept)[0] == []
    kept.judged_at = NOON + 26 * HOUR
    assert found(starved(26 + (JUDGED - timedelta(minutes=1)) / HOUR), kept)[0] == []
    assert found(starved(25.5), kept)[0] == ["silent"]


def test_a_crawl_of_what_somebody_names_says_nothing_of_the_others(starved):
    with open_desk(starved(26)) as desk:
        assert collect(desk, []).problems == 0


def test_a_run_that_is_told_to_end_judges_nothing_that_it_had_no_time_to_ask(starved):
    kept = Kept()
    kept.ended.set()
    assert found(starved(26), kept)[0] == []
