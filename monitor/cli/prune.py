"""`monitor prune`: drop what is old and proves nothing.

With --json one document: {"before", "dry_run", "fetches", "snapshots", "free_bytes"}.

Does not do: choosing what goes (`monitor.store.retention`).
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from rich.filesize import decimal

from digests.words import count
from monitor.cli import pass_config
from monitor.cli.output import say_time
from monitor.sources import parse_interval
from monitor.store import open_store, open_to_read, retention, write_time
from monitor.store.health import count_free_bytes
from monitor.store.locks import sole

if TYPE_CHECKING:
    from monitor.config import Config

LEAST = timedelta(days=30)
"""Younger attempts are still needed: by held changes, Problems, and whoever looks at the last weeks."""


def parse_age(_: click.Context, option: click.Parameter, value: str) -> timedelta:
    """As `every` in `sources.yaml`."""
    age = parse_interval(value)
    if age is None or age < LEAST:
        message = f'"{value}" is no age of {LEAST.days} days or more. Example: 365d'
        raise click.BadParameter(message, param=option)
    return age


@click.command()
@click.option(
    "--older-than",
    "age",
    metavar="AGE",
    envvar="MONITOR_KEEP",
    required=True,
    callback=parse_age,
    help="What is younger is kept: 365d. [MONITOR_KEEP]",
)
@click.option("--dry-run", "dry", is_flag=True, help="Only say how much it would be.")
@click.option("--compact", "smaller", is_flag=True, help="Then make the file smaller; nobody can write meanwhile.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def prune(config: Config, age: timedelta, *, dry: bool, smaller: bool, as_json: bool) -> None:
    """Drop old attempts that brought nothing new, except one a week; and the bytes that only they brought.

    Never what a change, text, problem or digest rests on, nor what stands around it. See docs/backup.md.

    \b
    Example: monitor prune --older-than 365d --dry-run
             monitor prune --older-than 365d --compact
    """
    before = config.now() - age
    with closing(open_to_read(config.db) if dry else open_store(config.db)) as db:
        done = retention.prune(db, before, dry=dry)
        if smaller and not dry:
            with sole(config.db, "crawling", wait=True), sole(config.db, "sending", wait=True):
                retention.compact(db)  # a run that meets it half-way could not store what it was told or has sent
        free = count_free_bytes(db)
    facts = {"before": write_time(before), "dry_run": dry, "fetches": done.fetches, "snapshots": done.snapshots}
    if as_json:
        click.echo(json.dumps(facts | {"free_bytes": free}))
        return
    found = f"{count(done.fetches, 'attempt')} and {count(done.snapshots, 'answer')} from before {say_time(before)}"
    click.echo(f"{found} {'can be' if dry else 'were'} dropped.")
    if free and not dry:
        click.echo(f"{decimal(free)} in the file are free for what comes next. To make it smaller: --compact")
