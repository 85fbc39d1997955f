"""`monitor run`, `crawl` and `serve`.

Does not do: the work itself (`monitor.schedule`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from digests.words import count
from monitor import schedule
from monitor.cli import by_option, pass_config
from monitor.cli.output import did_you_mean, report
from monitor.desk import open_desk
from monitor.errors import NotFoundError, ServiceError, StoreError
from monitor.store import sources
from monitor.tracing import set_up_tracing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.config import Config
    from monitor.desk import Desk
    from monitor.model import Source
    from monitor.schedule import Summary


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def run(config: Config, *, as_json: bool) -> None:
    """Crawl what is due, process it, deliver what is due: the main job.

    Run it from cron as often as you like; the database knows what is due.

    \b
    Example: MONITOR_SOURCES=sources.yaml monitor run
    """
    set_up_tracing(config)
    with open_desk(config) as desk:
        due = sources.get_due_ids(desk.db, config.now())
        wanted = [each for each in desk.watched.values() if each.id in due]
        with _progress(wanted, quiet=as_json) as progress:
            summary = schedule.run(desk, on_fetch=lambda _: progress.advance(progress.task_ids[0]))
    report(summary, _iter_lines(summary), as_json=as_json)


@click.command()
@click.argument("source", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All enabled sources.")
@click.option("--due", is_flag=True, help="Those that are due (what happens when no source is named).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def crawl(config: Config, source: tuple[str, ...], *, every: bool, due: bool, as_json: bool) -> None:
    """Crawl on demand: the named SOURCEs, else those that are due. Nothing is delivered.

    \b
    Example: monitor crawl gb-ofcom-online-safety us-ftc-press-rss
    """
    if len([choice for choice in (source, every, due) if choice]) > 1:
        raise click.UsageError("name sources, or give --all or --due: one of the three")
    with open_desk(config) as desk:
        wanted = _choose(desk, source, every=every)
        with _progress(wanted, quiet=as_json) as progress:
            summary = schedule.collect(desk, wanted, on_fetch=lambda _: progress.advance(progress.task_ids[0]))
    report(summary, _iter_lines(summary), as_json=as_json)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the web application listens.")
@click.option("--port", type=click.IntRange(0, 65535), default=8420, show_default=True, help="0 = any that is free.")
@by_option
@pass_config
def serve(config: Config, *, host: str, port: int, by: str) -> None:
    """Keep running: do what is due, twice a minute, show the desk, and answer what people click in Slack.

    It prints a link to the desk that is good once, for --by. Another: monitor web link. Stop it with Ctrl-C or SIGTERM.

    Status 1: the database cannot be used now. Start it again.

    \b
    Example: monitor -v serve
    """
    from monitor import service

    set_up_tracing(config)
    try:
        service.serve(config, host, port, by)
    except StoreError as error:  # a disk is full, another program holds it: nobody sits there to start it again
        raise ServiceError(str(error)) from error


def _choose(desk: Desk, named: Sequence[str], *, every: bool) -> list[Source]:
    if every:
        return list(desk.watched.values())
    if not named:
        due = sources.get_due_ids(desk.db, desk.config.now())
        return [each for each in desk.watched.values() if each.id in due]
    return [_get_source(desk, name) for name in dict.fromkeys(named)]


def _get_source(desk: Desk, name: str) -> Source:
    if name in desk.watched:
        return desk.watched[name]
    declared = {each.id: each for each in desk.declared.sources}
    if name in declared:
        raise NotFoundError(f"{name}: it is switched off. Set `enabled: true` in sources.yaml.")
    hint = did_you_mean(name, desk.watched, "See: monitor sources list")
    raise NotFoundError(f"{name}: no source has this id. {hint}")


def _progress(wanted: Sequence[Source], *, quiet: bool) -> Progress:
    """A bar on standard error while people look on; nothing where nobody does."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=quiet or not sys.stderr.isatty(),
    )
    progress.add_task("crawling", total=sum(len(each.urls) for each in wanted))
    return progress


def _iter_lines(summary: Summary) -> Iterator[str]:
    """What happened; where nothing was asked, the counts that say something all the same."""
    found = f"{summary.changes} found, {summary.confirmed} confirmed, {summary.quiet} kept quiet"
    if summary.sources:
        asked = f"{count(summary.sources, 'source')}, {count(summary.fetched, 'address', 'addresses')}"
        yield f"Asked    {asked}: {summary.unchanged} unchanged, {summary.snapshots} new, {summary.failed} failed"
    elif schedule.BUSY not in summary.notes:
        yield "Nothing is due."
    if summary.sources or summary.changes or summary.confirmed or summary.quiet or summary.first:
        yield f"Changes  {found}, {count(summary.first, 'first look')}"
    if summary.held_hours_median:
        yield f"Held     {summary.held_hours_median:g} hours until the second look (median)"
    if summary.sources:
        yield f"Problems {summary.problems} open"
    if summary.digests or summary.sent or summary.unsent:
        sent = f"{count(summary.sent, 'message')} sent, {summary.unsent} not sent"
        yield f"Digests  {summary.digests} composed; {sent}"
