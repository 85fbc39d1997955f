"""`monitor backfill ota` and `api`: what was before a document was watched, from an archive or from its publisher.

Does not do: reading archives or interfaces, judging what they say (`monitor.backfill`).
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from digests.words import count
from monitor.backfill import Place
from monitor.backfill import backfill as bring_in
from monitor.backfill.archive import open_archive
from monitor.backfill.interfaces import backfill_interface
from monitor.cli import pass_config
from monitor.cli.look import parse_time
from monitor.cli.output import console, did_you_mean, say_time
from monitor.crawl.runner import crawl
from monitor.desk import open_desk
from monitor.errors import NotFoundError
from monitor.reading import Reader
from monitor.store import write_time
from monitor.store.locks import sole

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from monitor.backfill import Backfilled
    from monitor.backfill.work import Brought, Missing
    from monitor.config import Config
    from monitor.model import ChangeKind, Fetch, Request, Source

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
    Example: monitor backfill ota ../pga "TikTok/Community Guidelines.md" --source tiktok-cg-community-guidelines
             monitor backfill api --source us-fr-ftc-rules --since 2020-01-01
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
    Example: monitor backfill ota ../pga "TikTok/Community Guidelines.md" --source tiktok-cg-community-guidelines
    """
    with open_desk(config) as desk, sole(config.db, "backfill", wait=True), open_archive(archive) as opened:
        source = _find_source(desk.declared.sources, source_id, file)
        with Reader() as reader:
            done = bring_in(desk.db, source, opened, file, reader, now=config.now(), since=since)
    if as_json:
        click.echo(json.dumps(_as_json(done, source_id), ensure_ascii=False))
        return
    out = console()
    for line in _say(done, source_id):
        out.print(line, markup=False)


@backfill.command()
@click.option("--source", "source_id", metavar="ID", required=True, help="Whose history it is, in sources.yaml.")
@click.option("--since", metavar="DATE", callback=parse_time, required=True, help="From then on.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def api(config: Config, source_id: str, *, since: datetime, as_json: bool) -> None:
    """From the publisher's own interface: the Federal Register, legislation.gov.uk, CELLAR.

    Exit status 1 where something did not arrive: called again, it goes on from there.

    \b
    Example: monitor backfill api --source us-fr-ftc-rules --since 2020-01-01
             monitor backfill api --source eu-celex-32022r2065 --since 2022-10-19
    """
    with open_desk(config) as desk, sole(config.db, "backfill", wait=True), Reader() as reader:
        source = _get_source(desk.declared.sources, source_id)
        ask = partial(_ask, config)
        done = backfill_interface(desk.db, source, reader, ask, since=since, now=config.now())
    if as_json:
        click.echo(json.dumps(_brought_json(done, source_id), ensure_ascii=False))
    else:
        out = console()
        for line in _say_brought(done, source_id):
            out.print(line, markup=False)
    sys.exit(1 if done.failed else 0)


def _ask(config: Config, requests: Sequence[Request]) -> Iterator[Fetch]:
    """As any crawl asks, and not beside one: a publisher sees one of us at a time."""
    if requests:
        with sole(config.db, "crawling", wait=True):
            yield from crawl(requests, allow_private=config.allow_private, contact=config.contact, now=config.now)


def _get_source(declared: Sequence[Source], source_id: str) -> Source:
    for source in declared:
        if source.id == source_id:
            return source
    hint = did_you_mean(source_id, [each.id for each in declared], "See: monitor sources list")
    raise NotFoundError(f"{source_id}: sources.yaml declares no source with this id. {hint}")


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
    yield _say_versions(source_id, done.seen_at, done.kinds)
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


def _say_versions(source_id: str, days: Sequence[datetime], kinds: Counter[ChangeKind]) -> str:
    if not days:
        return f"{source_id}: no version of history that is not stored already"
    which = ", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common())
    span = f"{min(days):%Y-%m-%d} to {max(days):%Y-%m-%d}"
    return f"{source_id}: {count(len(days), 'version')} of history, {span} ({which})"


def _say_brought(done: Brought, source_id: str) -> Iterator[str]:
    """What came in, what did not and why, and where to look."""
    yield _say_versions(source_id, done.days, done.kinds)
    for number, why in (
        (done.unchanged, "the same as before"),
        (done.places[Place.OLDER], "older than the history that is stored, left out"),
        (done.places[Place.NEWER], "no older than our own first look, left out"),
        (done.undated, "without a date, left out"),
    ):
        if number:
            yield f"  {count(number, 'text')}: {why}"
    yield from (f"  no text: {each.url}: {each.problem}: {each.detail}" for each in done.refused)
    yield from (f"  did not arrive: {each.url}: {each.problem}: {each.detail}" for each in done.failed)
    if done.failed:
        yield "Call the command again: it goes on from there."
    yield f"See: monitor changes --all --source {source_id}"
    yield "     monitor show DOCUMENT --at DATE"


def _brought_json(done: Brought, source_id: str) -> dict[str, object]:
    return {
        "source": source_id,
        "versions": [write_time(at) for at in sorted(done.days)],
        "documents": sorted(done.documents),
        "kinds": dict(done.kinds),
        "unchanged": done.unchanged,
        "known": done.places[Place.KNOWN],
        "older": done.places[Place.OLDER],
        "newer": done.places[Place.NEWER],
        "undated": done.undated,
        "refused": [_missing_json(each) for each in done.refused],
        "failed": [_missing_json(each) for each in done.failed],
    }


def _missing_json(missing: Missing) -> dict[str, str]:
    return {"url": missing.url, "problem": missing.problem, "detail": missing.detail}


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
