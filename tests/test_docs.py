"""The docs say what is so: every command, setting, kind and problem stands in them, and what they name exists."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from monitor.cli import COMMANDS, cli
from monitor.model import ChangeKind, ProblemKind

ROOT = Path(__file__).parent.parent
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def iter_commands():
    for name, (module, _) in COMMANDS.items():
        command = getattr(importlib.import_module(module), name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", each) for sub, each in command.commands.items())
        else:
            yield name, command


ALL = list(iter_commands())


@pytest.mark.parametrize(
    ("name", "command"), list(iter_commands()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_the_reference_names_the_command_with_each_of_its_options(name, command):
    lines = "\n".join(line for line in REFERENCE.splitlines() if f"`monitor {name}" in line)
    assert lines
    for option in command.params:
        if isinstance(option, click.Option):
            assert max(option.opts, key=len) in lines


@pytest.mark.parametrize(
    ("name", "command"), list(iter_commands()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_the_help_of_a_command_has_an_example(name, command):
    assert "Example: " in command.help


def test_the_reference_names_each_variable_that_is_read():
    source = "".join((ROOT / "monitor" / name).read_text(encoding="utf-8") for name in ("config.py", "proposing.py"))
    names = set(re.findall(r'"((?:MONITOR|SLACK)_[A-Z_]+)"', source))
    assert len(names) > 8
    assert {name for name in names if f"`{name}`" not in REFERENCE} == set()


@pytest.mark.parametrize("kinds", [ChangeKind, ProblemKind])
def test_the_reference_names_each_kind(kinds):
    assert {kind for kind in kinds if f"`{kind}`" not in REFERENCE} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
    assert {target for target in targets if "://" not in target and not (page.parent / target).exists()} == set()


def iter_shell_lines():
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.splitlines():
                yield page.name, line


def test_every_monitor_command_in_the_docs_can_be_called():
    words = [shlex.split(line, comments=True) for _, line in iter_shell_lines()]
    called = [each[1:] for each in words if each and each[0].endswith("monitor")]
    assert called
    for each in called:
        result = CliRunner().invoke(cli, [*each, "--help"])
        assert result.exit_code == 0, (each, result.output)


def test_every_make_target_in_the_docs_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {line.split()[1] for _, line in iter_shell_lines() if line.startswith("make ")}
    assert {"demo", "test", "run"} <= targets
    assert {target for target in targets if f"\n{target}:" not in makefile} == set()
