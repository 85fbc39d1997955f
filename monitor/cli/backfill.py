"""`monitor backfill ota`: the history of a document, from an archive that watched it before.

Does not do: reading the archive or judging what it saw (`monitor.backfill`).
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from digests.wording import count
from monitor import schedule
from monitor.backfill import Place
from monitor.backfill import backfill as bring_in
from monitor.backfill.archive import open_archive
from monitor.cli import pass_config
from monitor.cli.look import parse_time
from monitor.cli.output import console, did_you_mean, say_time
from monitor.errors import NotFoundError
from monitor.reading import Reader
from monitor.store import write_time
from monitor.store.locks import sole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitor.backfill import Backfilled
    from monitor.config import Config
    from monitor.model import Source

_ENTRY = """\
{id}: sources.yaml declares no source with this id. {hint}To watch the document, add under `sources:`

  - id: {id}
    name: {name}
    publisher: {publisher}
    jurisdiction: global
    kind: html
    url: https://…   # where the publisher shows it"""


@click.group()
def backfill() -> None:
    """History from before a document was watched here. It is stored as history: nobody is told of it.

    \b
    Example: monitor backfill ota pga-versions "TikTok/Community Guidelines.md" --source tiktok-community-guidelines
    """


@backfill.command()
@click.argument("archive", metavar="REPOSITORY", type=click.Path(path_type=Path))
@click.argument("file")
@click.option("--source", "source_id", metavar="ID", required=True, help="Whose text it is, in sources.yaml.")
@click.option("--since", metavar="DATE", callback=parse_time, help="From then on. What is older cannot be added later.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def ota(config: Config, archive: Path, file: str, *, source_id: str, since: datetime | None, as_json: bool) -> None:
    """From a versions repository of Open Terms Archive: a clone, or a bundle.

    \b
    Example: monitor backfill ota pga-versions "TikTok/Community Guidelines.md" --source tiktok-community-guidelines
    """
    with schedule.open_desk(config) as desk, sole(config.db, "backfill", wait=True), open_archive(archive) as opened:
        source = _find_source(desk.declared.sources, source_id, file)
        with Reader() as reader:
            done = bring_in(desk.db, source, opened, file, reader, now=config.now(), since=since)
    if as_json:
        click.echo(json.dumps(_as_json(done, source_id), ensure_ascii=False))
        return
    out = console()
    for line in _say(done, source_id):
        out.print(line, markup=False)


def _find_source(declared: Sequence[Source], source_id: str, file: str) -> Source:
    """Raises NotFoundError, which says what to write into sources.yaml."""
    for source in declared:
        if source.id == source_id:
            return source
    near = did_you_mean(source_id, [each.id for each in declared], "")
    path = PurePosixPath(file)
    service, name = (json.dumps(each, ensure_ascii=False) for each in (path.parent.name, f"{path.parent} {path.stem}"))
    raise NotFoundError(_ENTRY.format(id=source_id, hint=f"{near} " if near else "", publisher=service, name=name))


def _say(done: Backfilled, source_id: str) -> Iterator[str]:
    """What came in, what was left out and why, and where to look."""
    if done.seen_at:
        days = f"{done.seen_at[0]:%Y-%m-%d} to {done.seen_at[-1]:%Y-%m-%d}"
        kinds = ", ".join(f"{number} {kind}" for kind, number in done.kinds.most_common())
        yield f"{source_id}: {count(len(done.seen_at), 'version')} of history, {days} ({kinds})"
    else:
        yield f"{source_id}: no version of history that is not stored already"
    for each in done.rejected:
        yield f"  not the document: {say_time(each.at)}, commit {each.commit[:10]}, {each.problem}: {each.detail}"
    for number, why in (
        (done.unchanged, "the text of the one before"),
        (done.places[Place.KNOWN], "stored before"),
        (done.places[Place.OLDER], "older than the history that is stored, left out"),
        (done.places[Place.NEWER], "no older than our own first look, left out"),
    ):
        if number:
            yield f"  {count(number, 'commit')}: {why}"
    yield f"See: monitor changes --all --source {source_id}"
    yield f"     monitor show {source_id} --at DATE"


def _as_json(done: Backfilled, source_id: str) -> dict[str, object]:
    return {
        "source": source_id,
        "versions": [write_time(at) for at in done.seen_at],
        "kinds": dict(done.kinds),
        "rejected": [
            {"commit": each.commit, "at": write_time(each.at), "problem": each.problem, "detail": each.detail}
            for each in done.rejected
        ],
        "unchanged": done.unchanged,
        "known": done.places[Place.KNOWN],
        "older": done.places[Place.OLDER],
        "newer": done.places[Place.NEWER],
    }
