"""`monitor prune` as people call it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.store import retention
from monitor.store.locks import sole
from store.test_retention import Watched


@pytest.fixture
def call(db, tmp_path, monkeypatch):
    watched = Watched(db)
    watched.other_text()
    for _ in range(200):
        watched.pass_time(12)
        watched.other_bytes()
    monkeypatch.setenv("MONITOR_NOW", "2026-10-01T00:00:00Z")

    def run(*words):
        words = ["--db", str(tmp_path / "monitor.db"), "prune", *words]
        return CliRunner().invoke(cli, words, catch_exceptions=False)

    return run


def test_nothing_is_dropped_unless_somebody_says_how_old_it_must_be(call):
    done = call()
    assert done.exit_code == 2
    assert "Missing option '--older-than'" in done.output


@pytest.mark.parametrize("age", ["29d", "0", "1y", "soon"])
def test_the_last_month_is_always_kept(call, age):
    done = call("--older-than", age)
    assert done.exit_code == 2
    assert "no age of 30 days or more. Example: 365d" in done.output


def test_it_says_how_much_it_would_be_and_drops_as_much_once(call):
    facts = {"before": "2026-08-22T00:00:00Z"}
    tried = json.loads(call("--older-than", "40d", "--dry-run", "--json").output)
    done = json.loads(call("--older-than", "40d", "--json").output)
    assert tried == facts | {
        "dry_run": True,
        "fetches": tried["fetches"],
        "snapshots": tried["fetches"],
        "free_bytes": 0,
    }
    assert (done["fetches"], done["snapshots"], done["dry_run"]) == (tried["fetches"], tried["fetches"], False)
    assert done["fetches"] > 100
    assert done["free_bytes"] > 0
    assert (
        call("--older-than", "40d").output.splitlines()[0]
        == "0 attempts and 0 answers from before 2026-08-22 00:00 UTC were dropped."
    )


def test_the_setting_says_how_old_as_well_and_the_space_is_given_back_when_asked_for(call, monkeypatch):
    monkeypatch.setenv("MONITOR_KEEP", "40d")
    first = call().output.splitlines()
    assert first[0].endswith("were dropped.")
    assert first[1].endswith("are free for what comes next. To make it smaller: --compact")
    assert json.loads(call("--compact", "--json").output)["free_bytes"] == 0


def test_nobody_crawls_or_sends_while_the_file_is_made_smaller(call, tmp_path, monkeypatch):
    free = []

    def look(_):
        for work in ("crawling", "sending"):
            with sole(tmp_path / "monitor.db", work) as is_free:
                free.append(is_free)

    monkeypatch.setattr(retention, "compact", look)
    assert call("--older-than", "40d", "--compact").exit_code == 0
    assert free == [False, False]
