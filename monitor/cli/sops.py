"""`monitor sops list` and `check`.

Does not do: reading SOP files (`monitor.sops`).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click
from rich.table import Table

from digests.wording import count
from monitor.cli import pass_config
from monitor.cli.output import console
from monitor.sops import load_sops

if TYPE_CHECKING:
    from monitor.config import Config


@click.group()
def sops() -> None:
    """Your procedures, as the monitor reads them.

    \b
    Example: monitor sops list
    """


@sops.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def list_sops(config: Config, *, as_json: bool) -> None:
    """Every SOP with its owner and sections.

    \b
    Example: monitor sops list
    """
    library = load_sops(config.sops)
    if as_json:
        rows = [
            {
                "id": each.id,
                "title": each.title,
                "owner": each.owner,
                "path": each.path,
                "topics": each.topics,
                "jurisdictions": each.jurisdictions,
                "cites": each.cites,
                "sections": [section.id for section in each.sections],
            }
            for each in library.sops
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("id", "title", "owner", "sections", "jurisdictions", "cites", box=None)
    for each in library.sops:
        sections = str(len(each.sections))
        table.add_row(each.id, each.title, each.owner, sections, " ".join(each.jurisdictions), " ".join(each.cites))
    out = console()
    out.print(table)
    files = {mistake.partition(":")[0] for mistake in library.mistakes}
    if files:
        out.print(f"{count(len(files), 'file')} cannot be used: monitor sops check")


@sops.command()
@pass_config
def check(config: Config) -> None:
    """Name every SOP file that cannot be used, and why. Exit status 1 if there is one.

    \b
    Example: monitor --sops procedures sops check
    """
    library = load_sops(config.sops)
    sections = count(sum(len(each.sections) for each in library.sops), "section")
    click.echo(f"{config.sops}: {count(len(library.sops), 'SOP')} with {sections} can be used")
    for mistake in library.mistakes:
        click.echo(f"  {mistake}")
    sys.exit(1 if library.mistakes else 0)
