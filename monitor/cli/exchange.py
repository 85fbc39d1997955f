"""`monitor sources import` and `monitor sources export`: lists from and for other programs.

Does not do: reading or writing such lists (`monitor.exchange`), putting entries into the file (`monitor.sources.edit`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digests.words import count
from monitor.cli import pass_config
from monitor.cli.piped import until_closed
from monitor.errors import ConfigurationError, NotFoundError
from monitor.exchange.opml import FEED_KINDS, read_opml, write_opml
from monitor.exchange.ota import read_ota
from monitor.exchange.tables import source_json, write_csv
from monitor.exchange.taking import take
from monitor.sources import load_sources
from monitor.sources.edit import add_entries, check_writable, load_begun, replace_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.config import Config
    from monitor.exchange.taking import Listing, Taken
    from monitor.model import Source
    from monitor.sources import Declared


@click.group("import")
def import_sources() -> None:
    """Take over what another program watches: print it as entries of `sources.yaml`, or write it there.

    What is watched already is left out, and what cannot be used is named; exit status 1 if there is such.

    \b
    Example: monitor sources import opml feeds.opml
             monitor sources import ota ../pga-declarations --off --write
    """


def _takes_over(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every list has."""
    for option in (
        click.option("--write", is_flag=True, help="Write it into the file, and print what was done."),
        click.option("--off", is_flag=True, help="Nothing of it is asked for until you switch it on."),
        click.option("--pack", metavar="NAME", help="The pack to put all of it into; a new one if there is none."),
    ):
        command = option(command)
    return command


@import_sources.command("opml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_takes_over
@pass_config
def import_opml(config: Config, file: Path, pack: str | None, *, off: bool, write: bool) -> None:
    """The feeds of a feed reader, from the OPML file that it exports. Folders become packs, or topics that you use.

    \b
    Example: monitor sources import opml feeds.opml --pack newsletters --write
    """
    declared = _load(config.sources, write=write)
    _take_over(config.sources, read_opml(file, declared), declared, pack=pack, off=off, write=write)


@import_sources.command("ota")
@click.argument("folder", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_takes_over
@pass_config
def import_ota(config: Config, folder: Path, pack: str | None, *, off: bool, write: bool) -> None:
    """What a collection of Open Terms Archive tracks, from a clone of its repository of declarations.

    \b
    Example: git clone https://github.com/OpenTermsArchive/pga-declarations
             monitor sources import ota pga-declarations --off --write
    """
    declared = _load(config.sources, write=write)
    _take_over(config.sources, read_ota(folder), declared, pack=pack, off=off, write=write)


def _load(path: Path, *, write: bool) -> Declared:
    """What is watched so far. With `write`, a file that could not be written is refused before any list is read."""
    if write:
        check_writable(path)
    return load_begun(path)


def _take_over(path: Path, listing: Listing, declared: Declared, *, pack: str | None, off: bool, write: bool) -> None:
    taken = take(listing, declared, pack=pack, off=off)
    if not write:
        with until_closed():
            click.echo(_put_into("", taken), nl=False)
    elif taken.entries:
        _write(path, taken)
    begun = "" if declared.sources or not taken.entries else " (begun)"
    for line in _iter_report(taken, f"written to {path}{begun}" if write else None):
        click.echo(line, err=not write)
    sys.exit(1 if taken.refused else 0)


def _write(path: Path, taken: Taken) -> None:
    try:
        text = _put_into(path.read_bytes().decode() if path.exists() else "", taken)
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: nothing was written: {error}. Without --write it is printed, to be put in by hand."
        ) from error
    replace_sources(path, text)


def _put_into(text: str, taken: Taken) -> str:
    packs = [{"id": each.id, "name": each.name, "enabled": None if each.enabled else False} for each in taken.packs]
    return add_entries(add_entries(text, packs, "packs"), taken.entries)


def _iter_report(taken: Taken, written: str | None) -> Iterator[str]:
    """`written`: where to, if it was."""
    parts = [
        f"{count(len(taken.entries), 'source')} {written or 'to add'}",
        *([f"{len(taken.watched):,} watched already"] if taken.watched else []),
        *([f"{len(taken.refused):,} not taken"] if taken.refused else []),
    ]
    yield ", ".join(parts)
    yield from (f"  not taken: {each}" for each in taken.refused)
    yield from (f"  {each}" for each in taken.remarks)
    yield from (f"  new pack {each.id}{'' if each.enabled else ', switched off'}" for each in taken.packs)
    if taken.entries:
        yield (
            "`monitor sources try ID` shows what would be kept of one."
            if written
            else "With --write it goes into the file."
        )


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["opml", "json", "csv"]), default="opml", show_default=True,
    help="OPML for feed readers (feeds only), JSON for programs, CSV for spreadsheets.",
)  # fmt: skip
@click.option("--pack", metavar="NAME", help="Only the sources of this pack.")
@click.option("--on", "only_on", is_flag=True, help="Only what is switched on.")
@pass_config
def export(config: Config, form: str, pack: str | None, *, only_on: bool) -> None:
    """What is watched, for another program.

    \b
    Example: monitor sources export > feeds.opml
             monitor sources export --format csv --pack gb --on > sources.csv
    """
    declared = load_sources(config.sources)
    found = declared.sources if pack is None else declared.get_pack(pack)
    chosen = [each for each in found if each.enabled or not only_on]
    with until_closed():
        if form == "csv":
            click.echo(write_csv(chosen), nl=False)
        elif form == "json":
            click.echo(json.dumps([source_json(each) for each in chosen], ensure_ascii=False))
        else:
            _export_feeds(config, declared, chosen)


def _export_feeds(config: Config, declared: Declared, chosen: list[Source]) -> None:
    feeds = [each for each in chosen if each.kind in FEED_KINDS]
    if not feeds:
        raise NotFoundError("none of these sources is a feed, and OPML holds feeds only. Use --format json or csv.")
    click.echo(write_opml(feeds, declared.packs, config.now()), nl=False)
    if len(feeds) < len(chosen):
        left_out = count(len(chosen) - len(feeds), "source")
        click.echo(f"{count(len(feeds), 'feed')}; left out: {left_out} of other kinds (--format json or csv)", err=True)
