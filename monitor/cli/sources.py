"""`monitor sources list`, `check`, `try` and `accept`.

Does not do: reading `sources.yaml` (`monitor.sources`), crawling, reading what arrived. `try` stores nothing.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click
from rich.table import Column, Table

from digests.wording import count
from monitor.cli import pass_config
from monitor.cli.output import console, did_you_mean
from monitor.errors import ExtractionError, NotFoundError
from monitor.model import BlockKind, Outcome, Request
from monitor.sources import load_sources
from monitor.store import problems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from monitor.config import Config
    from monitor.feeds import Feed
    from monitor.model import Block, Extract, Fetch, Source
    from monitor.reading import Reader
    from monitor.sources import Declared

_PLURALS = {"block": "blocks", "entry": "entries"}

SHOWN_LINES = 5
"""How many lines of the beginning and of the end `try` shows: enough to see a menu or footer that came along."""


@click.group()
def sources() -> None:
    """What is watched, as `sources.yaml` declares it.

    \b
    Example: monitor sources list
             monitor sources try gb-ofcom-online-safety
    """


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
    shown = declared.sources if pack is None else _get_pack(declared, pack)
    if as_json:
        click.echo(json.dumps([_source_json(each) for each in shown], ensure_ascii=False))
        return
    off = {each.id for each in declared.packs if not each.enabled}
    widest = max(len(each.id) for each in shown)  # whole ids, however narrow the terminal: they are typed
    columns = ("publisher", "jurisdiction", "kind", "every", "pack", "enabled")
    table = Table(Column("id", min_width=widest), *columns, box=None)
    for each in shown:
        said = _say_enabled(each, off)
        table.add_row(each.id, each.publisher, each.jurisdiction, each.kind, each.every, each.pack, said)
    console().print(table)


def _get_pack(declared: Declared, name: str) -> tuple[Source, ...]:
    found = tuple(each for each in declared.sources if each.pack == name)
    if not found:
        known = {each.pack for each in declared.sources if each.pack}
        hint = did_you_mean(name, known, "`monitor sources list` shows them.")
        raise NotFoundError(f"{name}: no source is in a pack of this name. {hint}")
    return found


def _source_json(source: Source) -> dict[str, object]:
    hold, checked = source.hold, source.checked
    return asdict(source) | {
        "hold": None if hold is None else int(hold.total_seconds()),
        "checked": None if checked is None else checked.isoformat(),
    }


def _say_enabled(source: Source, off: Collection[str]) -> str:
    """`off`: the packs that are switched off."""
    if source.enabled:
        return "needs a browser" if source.render else "yes"
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


@sources.command("try")
@click.argument("source_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def try_source(config: Config, source_id: str, *, as_json: bool) -> None:
    """Fetch one source now and show what would be kept of it. Nothing is stored. Exit status 1 if it cannot be read.

    \b
    Example: monitor sources try gb-ofcom-online-safety
    """
    source = _get_source(config, source_id)
    parts = list(_iter_parts(config, source))
    if as_json:
        click.echo(json.dumps({"source": source.id, "parts": [asdict(each) for each in parts]}, ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_iter_lines(each)) for each in parts))
    sys.exit(1 if any(each.problem for each in parts) else 0)


def _get_source(config: Config, source_id: str) -> Source:
    for source in load_sources(config.sources).sources:
        if source.id == source_id:
            return source
    raise NotFoundError(f"{source_id}: no source in {config.sources} has this id. `monitor sources list` shows them.")


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

    source = _get_source(config, source_id)
    with schedule.open_desk(config) as desk:
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


@dataclass(frozen=True, slots=True)
class _Part:
    """What one URL of a Source gave: `problem` with `detail` and `advice`, or else what would be kept.

    `unit` is what is counted, a block or an entry of a feed; `first` and `last` are lines of the beginning and end.
    """

    url: str
    problem: str | None = None
    detail: str = ""
    advice: str = ""
    title: str = ""
    unit: str = "block"
    count: int = 0
    words: int = 0
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


def _iter_parts(config: Config, source: Source) -> Iterator[_Part]:
    """One part for each URL, in the order of the Source."""
    from monitor.crawl.runner import crawl
    from monitor.reading import Reader

    requests = [Request(source.id, url, source.kind) for url in source.urls]
    arrived = crawl(requests, allow_private=config.allow_private, contact=config.contact, now=config.now)
    fetches = {fetch.url: fetch for fetch in arrived}
    with Reader() as reader:
        for url in source.urls:
            yield _read_part(reader, source, fetches[url])


def _read_part(reader: Reader, source: Source, fetch: Fetch) -> _Part:
    from monitor.feeds import Feed

    if fetch.outcome is not Outcome.OK or fetch.body is None:
        return _failed_part(fetch)
    try:
        result = reader.read(source, fetch.body, fetch.headers)
    except ExtractionError as error:
        return _Part(fetch.url, problem=error.problem, detail=error.detail, advice=error.advice)
    return _entries_part(fetch.url, result) if isinstance(result, Feed) else _text_part(fetch.url, result)


def _failed_part(fetch: Fetch) -> _Part:
    from monitor.tracking import name_problem

    problem, detail, advice = name_problem(fetch)
    return _Part(fetch.url, problem=problem, detail=detail, advice=advice)


def _text_part(url: str, text: Extract) -> _Part:
    lines = [_write_line(block) for block in text.blocks]
    return _Part(
        url,
        title=text.title,
        count=len(lines),
        words=_count_words(each.text for each in text.blocks),
        first=tuple(lines[:SHOWN_LINES]),
        last=_tail(lines),
    )


def _write_line(block: Block) -> str:
    """The text after its path of headings; the path of a heading ends with itself."""
    path = block.heading if block.kind is BlockKind.HEADING else (*block.heading, block.text)
    return " › ".join(path)


def _entries_part(url: str, feed: Feed) -> _Part:
    lines = [f"{each.published_at:%Y-%m-%d} {each.title}" if each.published_at else each.title for each in feed.entries]
    return _Part(
        url,
        title=feed.title,
        unit="entry",
        count=len(lines),
        words=_count_words(block.text for each in feed.entries for block in each.blocks),
        first=tuple(lines[:SHOWN_LINES]),
        last=_tail(lines),
    )


def _tail(lines: list[str]) -> tuple[str, ...]:
    """The last lines that are not among the first."""
    return tuple(lines[SHOWN_LINES:][-SHOWN_LINES:])


def _count_words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _iter_lines(part: _Part) -> Iterator[str]:
    """What people read of one part."""
    yield part.url
    if part.problem:
        yield f"  {part.problem}: {part.detail}" if part.detail else f"  {part.problem}"
        yield f"  {part.advice}"
        return
    kept = count(part.count, part.unit, _PLURALS[part.unit])
    yield f"  {part.title or 'no title'}: {kept}, {count(part.words, 'word')} would be kept"
    yield from (f"    {line}" for line in part.first)
    hidden = part.count - len(part.first) - len(part.last)
    if hidden:
        yield f"    … {count(hidden, part.unit, _PLURALS[part.unit])} between …"
    yield from (f"    {line}" for line in part.last)
