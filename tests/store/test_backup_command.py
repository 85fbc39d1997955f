"""`monitor backup`, and the drill of docs/backup.md: backup, disaster, restore, and on it goes."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.config import read_config
from monitor.doctor import State, examine, open_case
from monitor.errors import ConfigurationError
from monitor.store import open_store
from monitor.store.backup import back_up
from scenarios.desk import Desk
from scenarios.test_situations import OLDER, RULES, page
from store.conftest import HOUR, NOON


def call(path, *words):
    return CliRunner().invoke(cli, ["--db", str(path), "backup", *map(str, words)], catch_exceptions=False)


def test_it_says_what_it_made_and_what_else_is_to_be_kept(db, tmp_path, monkeypatch):
    monkeypatch.setenv("MONITOR_NOW", "2026-03-01T12:00:00Z")
    done = call(tmp_path / "monitor.db", tmp_path / "copy.db")
    assert done.exit_code == 0
    first, second = done.output.splitlines()
    assert first.startswith(f"{tmp_path / 'copy.db'}: ")
    assert first.endswith(" kB, complete and checked, as of 2026-03-01 12:00 UTC")
    assert second == "Not in it, and to be kept as well: sources.yaml, sops, and the secrets in the environment"


def test_json_is_one_document(db, tmp_path, monkeypatch):
    monkeypatch.setenv("MONITOR_NOW", "2026-03-01T12:00:00Z")
    done = call(tmp_path / "monitor.db", tmp_path, "--json")
    path = tmp_path / "monitor-20260301T120000Z.db"
    assert json.loads(done.output) == {
        "file": str(path),
        "bytes": path.stat().st_size,
        "taken_at": "2026-03-01T12:00:00Z",
    }


def test_a_folder_that_is_not_there_is_not_taken_for_the_name_of_a_file(db, tmp_path):
    with pytest.raises(ConfigurationError, match="there is no such folder"):
        call(tmp_path / "monitor.db", f"{tmp_path}/backup/")


def test_after_a_restore_everything_is_in_order_and_goes_on_where_it_was(tmp_path, reader):
    path, kept = tmp_path / "var" / "monitor.db", tmp_path / "kept.db"
    db = open_store(path)
    desk = Desk(db, reader)
    desk.see(page(RULES))
    desk.see(page(OLDER), 24)
    back_up(path, kept, NOON + 25 * HOUR)
    desk.see(page(RULES), 26)
    db.close()
    shutil.rmtree(path.parent)

    path.parent.mkdir()
    shutil.copy(kept, path)
    config = read_config({"MONITOR_NOW": "2026-03-02T14:00:00Z"}, db=str(path))
    with open_case(config, {}, full=True) as case:
        states = {each.check: each.state for each in examine(case)}
    ours = ("database", "integrity", "foreign keys", "schema", "seals", "reading", "deliveries", "problems")
    assert {states[name] for name in ours} == {State.OK}
    db = open_store(path)
    again = Desk(db, reader)
    assert again.kinds == ["substantive provisional"]
    again.see(page(OLDER), 26)
    assert again.kinds == ["substantive confirmed"]
    assert again.told == [OLDER[1]]
    db.close()
