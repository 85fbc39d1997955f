"""`monitor doctor` as people call it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from monitor.cli import cli


@pytest.fixture
def call(patient, monkeypatch):
    """The command on a folder that is in order, in this process."""
    patient.ask()  # writes sources.yaml

    def run(*words, **environ):
        for name, value in (patient.environ | environ).items():
            monkeypatch.setenv(name, value)
        options = [
            "--db",
            patient.path,
            "--sources",
            patient.folder / "sources.yaml",
            "--sops",
            patient.folder / "sops",
        ]
        return CliRunner().invoke(cli, [*map(str, options), "doctor", *words], catch_exceptions=False)

    return run


def test_each_finding_is_a_line_and_what_to_do_stands_below_it(call, db):
    done = call()
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert "✓ integrity: every page is whole; indexes too: --full" in lines
    place = next(number for number, line in enumerate(lines) if line.startswith("! audiences: "))
    assert lines[place + 1].startswith("    → Set up Slack")
    assert lines[-1].endswith(" warnings, 0 failed")


def test_what_has_failed_is_the_exit_status(call, db):
    done = call("--full", SLACK_BOT_TOKEN="nonsense")
    assert done.exit_code == 1
    assert "✗ Slack: SLACK_BOT_TOKEN: no bot token, which begins with xoxb-" in done.output
    assert "✓ integrity: every page and index is whole" in done.output
    assert done.output.endswith(" 1 failed\n")


def test_json_is_one_document(call, db):
    done = call("--json")
    said = json.loads(done.output)
    assert (done.exit_code, said["ok"]) == (0, True)
    assert {"check": "schema", "state": "ok", "detail": "of this version", "advice": ""} in said["checks"]
    assert not json.loads(call("--json", SLACK_BOT_TOKEN="nonsense").output)["ok"]
