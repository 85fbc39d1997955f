"""`monitor mcp` in a child process, as a client starts it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from mcp.client.stdio import StdioServerParameters

from agents.asking import converse
from monitor.cli.mcp import mcp
from monitor.config import read_config
from monitor.errors import ConfigurationError
from monitor.store import open_store
from triaged import UPLOAD, Bench

EVERYTHING = [
    ("search_changes", {"text": "livestream"}),
    ("get_change", {"change_id": 1}),
    ("list_deadlines", {}),
    ("list_stale_sops", {}),
]
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "a client", "version": "1"},
}


def command(folder):
    return ["-m", "monitor", "-v", "--db", f"{folder}/monitor.db", "--sources", f"{folder}/sources.yaml", "mcp"]


def start(folder):
    return StdioServerParameters(command=sys.executable, args=command(folder))


def test_a_client_starts_it_and_each_tool_answers_and_nothing_is_written(tmp_path):
    bench = Bench(tmp_path)
    bench.change(("Hosts show a passport.", "Hosts of a livestream show one."), [UPLOAD])
    before = bench.db.execute("PRAGMA data_version").fetchone()
    instructions, tools, answers = converse(start(tmp_path), *EVERYTHING)
    assert "change nothing" in instructions
    assert [each.name for each in tools] == [name for name, _ in EVERYTHING]
    assert [each.is_error for each in answers] == [False] * 4
    assert answers[1].structured_content["sections"][0]["section_id"] == UPLOAD
    assert bench.db.execute("PRAGMA data_version").fetchone() == before


def test_a_database_in_which_nothing_happened_yet_is_answered_from(tmp_path):
    open_store(tmp_path / "monitor.db").close()
    _, _, answers = converse(start(tmp_path), *EVERYTHING)
    assert [each.is_error for each in answers] == [False, True, False, False]
    assert answers[0].structured_content["changes"] == []
    assert answers[2].structured_content["deadlines"] == []
    assert answers[3].structured_content["sections"] == []


def test_standard_output_carries_the_protocol_alone_and_it_ends_when_its_input_does(tmp_path):
    bench = Bench(tmp_path)
    bench.db.close()
    with subprocess.Popen(
        [sys.executable, *command(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        for number, (method, asked) in enumerate([("initialize", HELLO), ("tools/list", {}), ("nonsense", {})]):
            child.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": asked}) + "\n")
            child.stdin.flush()
            said = json.loads(child.stdout.readline())
            assert (said["jsonrpc"], said["id"]) == ("2.0", number)
        rest, _ = child.communicate(timeout=60)
    assert (rest, child.returncode) == ("", 0)
    assert said["error"]["message"] == "Method not found"


def test_without_a_database_it_says_what_to_do_and_speaks_no_protocol(tmp_path):
    done = subprocess.run(
        [sys.executable, *command(tmp_path)], input="", capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert 'no database here yet. Run "monitor run" first' in done.stderr


def test_without_its_extra_it_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "monitor.agents.server", None)
    open_store(tmp_path / "monitor.db").close()
    config = read_config({}, db=str(tmp_path / "monitor.db"))
    with pytest.raises(ConfigurationError, match=r'pip install "policy-monitor\[mcp\]"'):
        CliRunner().invoke(mcp, obj=config, catch_exceptions=False)
