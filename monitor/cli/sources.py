"""`monitor sources list`, `check`, `catalogue`, `try` and `accept`; `add` and others stand beside it.

Does not do: reading `sources.yaml` (`monitor.sources`), crawling, reading what arrived (`monitor.cli.trying`).
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click
from rich.table import Column, Table

from digests.words import count
from monitor.cli import pass_config
from monitor.cli.add import add
from monitor.cli.coverage import coverage
from monitor.cli.exchange import export, import_sources
from monitor.cli.output import console, did_you_mean
from monitor.cli.shipped import find_shipped
from monitor.errors import NotFoundError
from monitor.exchange.tables import source_json
from monitor.sources import load_sources
from monitor.store import problems

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitor.config import Config
    from monitor.model import Source

CATALOGUE = "sources.yaml"


@click.group()
def sources() -> None:
    """What is watched, as `sources.yaml` declares it.

    \b
    Example: monitor sources list
             monitor sources try gb-ofcom-online-safety
    """


sources.add_command(coverage)
sources.add_command(import_sources)
sources.add_command(export)
sources.add_command(add)


@sources.command("list")
@click.option("--pack", metavar="NAME", help="Only the sources of this pack.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def list_sources(config: Config, pack: str | None, *, as_json: bool) -> None:
    """Every source, in the order of the file, with its pack and why it is off.

    \b
    Example: monitor sources list
             monitor sources list --pack gb
    """
    declared = load_sources(config.sources)
    shown = declared.sources if pack is None else declared.get_pack(pack)
    if as_json:
        click.echo(json.dumps([source_json(each) for each in shown], ensure_ascii=False))
        return
    off = {each.id for each in declared.packs if not each.enabled}
    widest = max(len(each.id) for each in shown)  # whole ids, however narrow the terminal: they are typed
    columns = ("publisher", "jurisdiction", "kind", "every", "pack", "enabled")
    table = Table(Column("id", min_width=widest), *columns, box=None)
    for each in shown:
        said = _say_enabled(each, off)
        table.add_row(each.id, each.publisher, each.jurisdiction, each.kind, each.every, each.pack, said)
    console().print(table)


def _say_enabled(source: Source, off: Collection[str]) -> str:
    """`off`: the packs that are switched off."""
    if source.enabled:
        return "yes, in a browser" if source.render else "yes"
    why = f"pack {source.pack} is off" if source.pack in off else source.note
    return f"no: {why}" if why else "no"


@sources.command()
@pass_config
def check(config: Config) -> None:
    """Name every mistake in the file at once, each with its line. Exit status 2 if there is one.

    \b
    Example: monitor --sources my-sources.yaml sources check
    """
    declared = load_sources(config.sources)
    counts = [count(len(declared.sources), "source"), count(len(declared.audiences), "audience")]
    click.echo(f"{', '.join(counts)}: no mistakes")


@sources.command()
def catalogue() -> None:
    """Print the `sources.yaml` that comes with the program: real regulators and platforms, in packs.

    \b
    Example: monitor sources catalogue > sources.yaml
    """
    click.echo(find_shipped(CATALOGUE).read_text(encoding="utf-8"), nl=False)


@sources.command("try")
@click.argument("source_id", metavar="ID")
@click.option("--full", is_flag=True, help="Show all that would be kept, not only its beginning and end.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def try_source(config: Config, source_id: str, *, full: bool, as_json: bool) -> None:
    """Fetch one source now and show what would be kept of it and what dropped. Nothing is stored.

    Exit status 1 if it cannot be read.

    \b
    Example: monitor sources try gb-ofcom-online-safety
             monitor sources try gb-ofcom-online-safety --full
    """
    from monitor.cli import trying

    source = _get_source(config, source_id)
    parts = list(trying.iter_parts(config, source))
    if as_json:
        said = {"source": source.id, "parts": [trying.part_json(each, full=full) for each in parts]}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(trying.iter_lines(each, full=full)) for each in parts))
    sys.exit(1 if any(each.problem for each in parts) else 0)


def _get_source(config: Config, source_id: str) -> Source:
    known = {source.id: source for source in load_sources(config.sources).sources}
    if source_id in known:
        return known[source_id]
    hint = did_you_mean(source_id, known, "`monitor sources list` shows them.")
    raise NotFoundError(f"{source_id}: no source in {config.sources} has this id. {hint}")


@sources.command()
@click.argument("source_id", metavar="ID")
@click.option("--note", metavar="TEXT", default="", help="Why it is the text all the same; kept with it.")
@click.option("--undo", is_flag=True, help="Doubt again: forget everything that was accepted for this source.")
@pass_config
def accept(config: Config, source_id: str, *, note: str, undo: bool) -> None:
    """Overrule what is doubted of a source: the rejected answer is its text, and the like is never doubted again.

    What was accepted holds for this source only; `monitor trace ID` shows it. Exit status 1 if the answer still cannot
    be read.

    \b
    Example: monitor sources accept gb-ofcom-online-safety --note "they really cut it to one page"
    """
    from monitor import schedule
    from monitor.desk import open_desk

    source = _get_source(config, source_id)
    with open_desk(config) as desk:
        if undo:
            marks = schedule.doubt_again(desk, source.id)
            click.echo(f"{source.id}: forgotten: {'; '.join(marks)}" if marks else f"{source.id}: nothing was accepted")
            return
        if source.id not in desk.watched:
            raise NotFoundError(f"{source_id}: it is switched off. Set `enabled: true` in sources.yaml.")
        marks = schedule.accept_doubt(desk, source.id, note)
        left = [each for each in problems.get_open(desk.db, source.id) if each.is_blind]
    click.echo(f"{source.id}: accepted for good: {'; '.join(marks)}")
    for each in left:
        click.echo(f"  still {each.kind}: {each.detail}. {each.advice}")
    sys.exit(1 if left else 0)
