"""`monitor sops list`, `check`, `history` and `import`.

Does not do: reading SOP files (`monitor.sops`) or exports (`monitor.sops.exports`).
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from digests.words import count
from monitor.cli import pass_config
from monitor.cli.draft import draft
from monitor.cli.ledger import ledger
from monitor.cli.output import console, did_you_mean, say_time
from monitor.cli.replay import replay
from monitor.errors import NotFoundError
from monitor.sops import format_of, load_sops
from monitor.store import write_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Config
    from monitor.sops.exports import Imported
    from monitor.sops.history import SopRevision


@click.group()
def sops() -> None:
    """Your procedures, as the monitor reads them.

    \b
    Example: monitor sops list
    """


for each in (ledger, replay, draft):
    sops.add_command(each)


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
                "format": format_of(each),
                "path": each.path,
                "audience": each.audience,
                "topics": each.topics,
                "jurisdictions": each.jurisdictions,
                "cites": each.cites,
                "implements": each.implements,
                "sections": [section.id for section in each.sections],
            }
            for each in library.sops
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("id", "title", "owner", "audience", "format", "sections", "jurisdictions", "cites", box=None)
    for each in library.sops:
        lists = [" ".join(each.audience), format_of(each), str(len(each.sections))]
        table.add_row(each.id, each.title, each.owner, *lists, " ".join(each.jurisdictions), " ".join(each.cites))
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


@sops.command()
@click.argument("sop", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, one for each revision.")
@pass_config
def history(config: Config, sop: str | None, *, as_json: bool) -> None:
    """Who revised which section when: from the git repository that the SOPs lie in, the earliest revision first.

    \b
    Example: monitor sops history
             monitor sops history SOP-003 --json
    """
    from monitor.sops.history import iter_revisions

    revisions = [*iter_revisions(config.sops)]
    known = {each.sop.id for each in revisions}
    if sop and sop not in known:
        advice = did_you_mean(sop, known, "See them all: monitor sops history")
        raise NotFoundError(f"{sop}: the history of {config.sops} has no such SOP. {advice}")
    wanted = [each for each in revisions if sop in {None, each.sop.id}]
    if as_json:
        for each in wanted:
            click.echo(json.dumps(_revision_json(each), ensure_ascii=False))
    else:
        _print_revisions(wanted)


def _revision_json(revision: SopRevision) -> dict[str, object]:
    return {
        "sop": revision.sop.id,
        "commit": revision.commit,
        "at": write_time(revision.at),
        "author": revision.author,
        "sections": [
            {"op": op, "section": section.id, "heading": list(section.heading)} for op, section in revision.sections
        ],
    }


def _print_revisions(revisions: Sequence[SopRevision]) -> None:
    """A line for each revision, below the SOP it is of, and one for each section that it changed."""
    for _, group in groupby(sorted(revisions, key=lambda each: each.sop.id), key=lambda each: each.sop.id):
        of_one = list(group)
        click.echo(f"{of_one[-1].sop.id}  {of_one[-1].sop.title}")
        for each in of_one:
            click.echo(f"  {say_time(each.at)}  {each.author}  {each.commit[:10]}")
            for op, section in each.sections:
                click.echo(f"    {op:<8} {' › '.join(section.heading)}")
            if not each.sections:
                click.echo("    facts only")


@sops.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to", "folder", metavar="FOLDER", required=True, type=click.Path(path_type=Path), help="Where to put it."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_sops(file: Path, folder: Path, *, as_json: bool) -> None:
    """Bring in the zip file of a Confluence space (HTML) or of Notion (Markdown or HTML); again to update it.

    \b
    Example: monitor sops import Confluence-space-export.html.zip --to sops/confluence
    """
    from monitor.sops.exports import import_export

    done = import_export(file, folder)
    if as_json:
        lists = {name: list(getattr(done, name)) for name in ("new", "updated", "unchanged", "gone")}
        click.echo(json.dumps({"made_by": done.made_by} | lists))
    else:
        _print_import(done, folder)


def _print_import(done: Imported, folder: Path) -> None:
    numbers = (
        f"{len(done.new)} new, {len(done.updated)} updated, {len(done.unchanged)} unchanged, {len(done.gone)} gone"
    )
    click.echo(f"{folder}: {numbers} ({done.made_by})")
    for name in done.gone:
        click.echo(f"  {folder / name} is no longer in the export. It is kept: remove it if the procedure has ended.")
    click.echo("See what can be used: monitor sops check")
