"""docs/mcp.md says what the tools are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agents.asking import converse, serve, talk
from monitor.model import ChangeStatus
from monitor.store.search import catch_up
from triaged import SPAM, Bench

PAGE = (Path(__file__).parents[2] / "docs" / "mcp.md").read_text(encoding="utf-8")
CLIENT, EXAMPLE = (json.loads(each) for each in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("bench"))
    bench.change(("Be kind.", "Be calm."))
    bench.change(SPAM)
    catch_up(bench.db)
    return serve(bench)


def test_the_page_has_a_row_for_each_tool_with_each_of_its_arguments(server):
    rows = {name: line for line in PAGE.splitlines() for name in re.findall(r"^\| `(\w+)` \|", line)}
    _, tools, _ = converse(server)
    assert {each.name for each in tools} == rows.keys()
    for each in tools:
        assert {name for name in each.input_schema["properties"] if f"`{name}`" not in rows[each.name]} == set()
    assert {each for each in ChangeStatus if f"`{each}`" not in rows["search_changes"]} == set()


def test_the_example_on_the_page_is_what_comes_back(server):
    told = talk(server, "search_changes", text="followers", waiting=True)
    own = EXAMPLE["changes"][0] | {"summary": told["changes"][0]["summary"]}
    assert told == EXAMPLE | {"changes": [own]}


def test_the_file_for_clients_on_the_page_ends_with_the_command():
    assert CLIENT["mcpServers"]["policy-monitor"]["args"][-1] == "mcp"
