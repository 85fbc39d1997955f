"""The examples in the help can be typed as they stand."""

import importlib
import re
from pathlib import Path

import click
import pytest

from monitor.cli import COMMANDS
from monitor.sources import load_sources

DECLARED = {each.id for each in load_sources(Path(__file__).parents[2] / "sources.yaml").sources}


def iter_helps():
    for name, (module, _) in COMMANDS.items():
        command = getattr(importlib.import_module(module), name)
        yield name, command.help
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", each.help) for sub, each in command.commands.items())


HELPS = dict(iter_helps())


@pytest.mark.parametrize("name", HELPS)
def test_each_command_and_group_has_an_example_whose_sources_are_declared(name):
    example = HELPS[name].partition("Example: ")[2]
    assert example
    ids = {word for word in example.split() if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", word)}
    assert ids <= DECLARED


def test_there_are_sources_in_the_examples():
    assert "gb-ofcom-online-safety" in HELPS["crawl"]
