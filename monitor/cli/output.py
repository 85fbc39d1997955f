"""What every command shows people in the same way: the console, times, near names, what a run did.

Does not do: reading the database; Changes (`monitor.cli.shown`).
"""

from __future__ import annotations

import difflib
import json
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rich.text import Text

    from monitor.schedule import Summary

LONGEST_ID = 18
"""Digits: no number of them is too great for SQLite."""


def is_change_id(text: str) -> bool:
    """Whether this names a Change and not a Document."""
    return text.isdecimal() and len(text) <= LONGEST_ID


def console() -> Console:
    """Standard output, with colours only where a person looks on, and no wrapping surprises for anything else."""
    return Console(highlight=False, soft_wrap=True)


def say_time(moment: datetime) -> str:
    """As in "2026-11-04 07:00 UTC"; `moment` is UTC, as every time that is stored."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """The ids that `name` may have been meant to be; `otherwise`, where none is near."""
    near = difflib.get_close_matches(name, known, n=3)
    return f"Did you mean {' or '.join(near)}?" if near else otherwise


def print_cut(out: Console, line: Text) -> None:
    """On a terminal one row, cut with … at its edge; anywhere else the whole line."""
    if out.is_terminal:
        line.truncate(out.width, overflow="ellipsis")
    out.print(line)


def report(summary: Summary, lines: Iterable[str], *, as_json: bool) -> None:
    """Print what a run did, its notes and its failures; exit status 1 where there are any."""
    if as_json:
        click.echo(json.dumps(summary.as_dict(), ensure_ascii=False))
    else:
        for line in lines:
            click.echo(line)
    for note in summary.notes:
        click.echo(f"  {note}", err=as_json)
    if summary.failures:
        for failure in summary.failures:
            click.echo(f"  {failure}", err=as_json)
        sys.exit(1)
