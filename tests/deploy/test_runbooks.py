"""docs/operations.md knows every problem, every line of the log, and names only what exists."""

from __future__ import annotations

import ast
import importlib
import re

import click
import pytest

from deploy.packed import ROOT
from monitor.cli import COMMANDS
from monitor.model import ProblemKind
from monitor.settings import SETTINGS

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RUNBOOKS = PAGE[PAGE.index("## Runbooks") :]
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
QUIET = {"debug", "info"}


def iter_events():
    """(event, method) of each line that the program can log."""
    for part in ("monitor", "spiders", "digests"):
        for path in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id="log"), attr=method), args=[ast.Constant(value=event), *_]
                    ):
                        yield event, method
                    case ast.Call(func=ast.Name(id="tolerate" | "attempt"), args=[ast.Constant(value=event), *_]):
                        yield event, "error"


@pytest.mark.parametrize("kind", ProblemKind)
def test_each_problem_has_a_runbook_that_says_why_where_to_look_and_what_to_do(kind):
    (found,) = re.findall(rf"^### {kind}\n\n(.*?)(?=^### |\Z)", RUNBOOKS, re.DOTALL | re.MULTILINE)
    assert re.findall(r"^\* \*\*(\w+)", found, re.MULTILINE)[:3] == ["Why", "Look", "Do"]


def test_no_runbook_is_about_what_does_not_exist():
    assert set(re.findall(r"^### (.+)$", RUNBOOKS, re.MULTILINE)) == {str(kind) for kind in ProblemKind}


def test_each_line_of_the_log_is_explained_and_warnings_with_what_to_do():
    loud, quiet = PAGE.split("And what is only told with `--verbose`")
    events = set(iter_events())
    assert len(events) > 30
    assert {event for event, method in events if method not in QUIET and f"`{event}`" not in loud} == set()
    assert {event for event, method in events if method in QUIET and f"`{event}`" not in quiet} == set()


def exists(words):
    """Whether the first words name a command; of a group, one of its commands or the group itself."""
    module, _ = COMMANDS.get(words[0], (None, None))
    if module is None:
        return False
    command = getattr(importlib.import_module(module), words[0])
    return not isinstance(command, click.Group) or words[1:2] == () or words[1] in command.commands


@pytest.mark.parametrize("page", [PAGE, SECURITY], ids=["operations", "security"])
def test_every_command_that_is_named_exists(page):
    named = {tuple(each.split()) for each in re.findall(r"(?:`|^)monitor ([a-z][^`\n]*)", page, re.MULTILINE)}
    assert named
    assert {each for each in named if not exists(each)} == set()


def test_every_secret_is_one_that_can_be_rotated():
    rotate = PAGE[PAGE.index("## Rotate a secret") : PAGE.index("## Ask the database")]
    names = set(re.findall(r"`((?:MONITOR|SLACK)_[A-Z_]+)`", rotate))
    assert names <= {each.name for each in SETTINGS if each.is_secret}
    assert len(names) > 4


def test_every_file_that_the_threat_model_relies_on_exists():
    paths = re.findall(r"`((?:monitor|spiders|digests|tests|deploy)/[\w/.]+)`", SECURITY)
    assert len(set(paths)) > 30
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def find_headings(text):
    """As they stand in the address of the page."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each).lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize(("page", "folder"), [(PAGE, "docs"), (SECURITY, ".")], ids=["operations", "security"])
def test_links_lead_to_headings_that_are_there(page, folder):
    targets = re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", page)
    assert targets
    texts = {file: (ROOT / folder / file).read_text(encoding="utf-8") if file else page for file, _ in targets}
    assert {(file, heading) for file, heading in targets if heading not in find_headings(texts[file])} == set()
