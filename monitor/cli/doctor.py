"""`monitor doctor`: whether database, configuration and machine are as they should be.

With --json one document: {"ok", "checks": [{"check", "state", "detail", "advice"}]}. "state" is ok, warning or failed.

Does not do: checking (`monitor.doctor`), mending.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from digests.words import count
from monitor.cli import pass_config
from monitor.cli.output import console
from monitor.doctor import State, examine, open_case

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.config import Config
    from monitor.doctor import Finding

_MARKS = {State.OK: "[green]✓[/]", State.WARNING: "[yellow]![/]", State.FAILED: "[red]✗[/]"}


@click.command()
@click.option("--full", is_flag=True, help="Also compare each index of the database with its table: slower.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def doctor(config: Config, *, full: bool, as_json: bool) -> None:
    """Say what is not as it should be, why that matters, and what to do. Nothing is changed, nobody is asked.

    Exit status 1 where something has failed; what only leaves something out is a warning.

    \b
    Example: monitor doctor
             monitor --db /backup/monitor.db doctor --full
    """
    with open_case(config, os.environ, full=full) as case:
        findings = []
        for each in examine(case):
            findings.append(each)
            if not as_json:
                _print(console(), each)
    states = Counter(each.state for each in findings)
    if as_json:
        rows = [
            {"check": each.check, "state": each.state, "detail": each.detail, "advice": each.advice}
            for each in findings
        ]
        click.echo(json.dumps({"ok": not states[State.FAILED], "checks": rows}, ensure_ascii=False))
    else:
        click.echo(f"{states[State.OK]} ok, {count(states[State.WARNING], 'warning')}, {states[State.FAILED]} failed")
    sys.exit(1 if states[State.FAILED] else 0)


def _print(out: Console, finding: Finding) -> None:
    out.print(f"{_MARKS[finding.state]} [bold]{finding.check}[/]: ", end="")
    out.print(finding.detail, markup=False)
    if finding.advice:
        out.print(f"    → {finding.advice}", markup=False)
