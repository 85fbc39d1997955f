"""`monitor digest`: what is due is composed and stays as it was, what is not is only shown."""

import json

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from triaged import AGES, UPLOAD, Bench

AUDIENCES = """\
audiences:
  - {id: desk, name: Desk, weekly_on: thu, alerts: false}
  - {id: other, name: Other, topics: [nothing]}
people:
  - {name: Maria Lopez, slack: U0123456789}
"""


@pytest.fixture
def bench(tmp_path):
    """A change that was confirmed on the Sunday, 1 March, at 13:00; the desk is told since noon."""
    bench = Bench(tmp_path)
    with (tmp_path / "sources.yaml").open("a") as file:
        file.write(AUDIENCES)
    bench.db["audience"].insert_all({"id": each, "since_at": "2026-03-01T12:00:00Z"} for each in ("desk", "other"))
    bench.change(AGES, [UPLOAD])
    yield bench
    bench.db.close()


@pytest.fixture
def digest(bench):
    def digest(*words, now="2026-03-05T10:00Z"):
        names = {"DB": "monitor.db", "SOURCES": "sources.yaml", "SOPS": "sops"}
        env = {f"MONITOR_{name}": str(bench.folder / file) for name, file in names.items()} | {"MONITOR_NOW": now}
        done = CliRunner().invoke(cli, ["digest", *words], env=env, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return digest


def read(text):
    return {each["audience"]: each for each in json.loads(text)}


def ids(digest):
    return [each["id"] for each in digest["changes"]]


def stored(bench):
    return [row["id"] for row in bench.db.query("SELECT id FROM digest ORDER BY id")]


def test_what_is_due_is_composed_and_shown_as_it_was_composed(bench, digest):
    first = read(digest("--format", "json"))
    assert {name: ids(each) for name, each in first.items()} == {"desk": [1], "other": []}
    bench.change(AGES)
    assert read(digest("--format", "json", now="2026-03-05T11:00Z")) == first


def test_the_weekly_digest_is_shown_as_it_was_composed_all_the_week(bench, digest):
    weekly = read(digest("--period", "weekly", "--audience", "desk", "--format", "json"))["desk"]
    assert (weekly["id"], ids(weekly)) == ("2026-03-05-weekly-desk", [1])
    later = read(digest("--period", "weekly", "--audience", "desk", "--format", "json", now="2026-03-11T10:00Z"))
    assert later["desk"] == weekly


def test_without_a_weekday_the_weekly_digest_is_for_reading_and_not_stored(bench, digest):
    weekly = read(digest("--period", "weekly", "--audience", "other", "--format", "json"))["other"]
    assert weekly["id"] == "2026-03-05-weekly-other"
    assert weekly["id"] not in stored(bench)


@pytest.mark.parametrize("words", [["--dry-run"], ["--since", "2026-03-01"]])
def test_a_look_ahead_stores_nothing(bench, digest, words):
    assert ids(read(digest("--format", "json", *words))["desk"]) == [1]
    assert stored(bench) == []


@pytest.mark.parametrize("period", ["daily", "weekly"])
@pytest.mark.parametrize("form", ["text", "markdown", "slack"])
def test_every_form_says_what_was_decided_and_by_whom(bench, digest, form, period):
    digest()
    bench.reject(1, by="U0123456789")
    shown = digest("--format", form, "--period", period, "--audience", "desk")
    assert "Desk" in shown
    assert ("Not applicable by Maria Lopez" in shown) is (form == "slack" or period == "weekly")


@pytest.mark.parametrize("period", ["alert", "reminder", "escalation"])
def test_only_what_has_a_rhythm_can_be_asked_for(period):
    done = CliRunner().invoke(cli, ["digest", "--period", period])
    assert done.exit_code == 2
