"""`monitor backup`: a copy of the database, made while everything goes on.

With --json one document: {"file", "bytes", "taken_at"}.

Does not do: the copy itself (`monitor.store.backup`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.filesize import decimal

from monitor.cli import pass_config
from monitor.cli.output import say_time
from monitor.errors import ConfigurationError
from monitor.store import write_time
from monitor.store.backup import back_up

if TYPE_CHECKING:
    from monitor.config import Config


@click.command()
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace FILE if it is there, once the new copy is complete.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def backup(config: Config, file: str, *, force: bool, as_json: bool) -> None:
    """Copy the database to FILE, whole and checked, while everything goes on.

    FILE may be a folder: then the copy gets a name with the time. To restore it: docs/backup.md.

    \b
    Example: monitor backup /backup/monitor.db
             monitor backup /backup/
    """
    target = Path(file)
    if file.endswith("/") and not target.is_dir():
        raise ConfigurationError(f"{file}: there is no such folder. Make it first, or mount the disk that it lies on.")
    made = back_up(config.db, target, config.now(), force=force)
    if as_json:
        facts = {"file": str(made.path), "bytes": made.size, "taken_at": write_time(made.taken_at)}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{made.path}: {decimal(made.size)}, complete and checked, as of {say_time(made.taken_at)}")
    click.echo(
        f"Not in it, and to be kept as well: {config.sources}, {config.sops}, and the secrets in the environment"
    )
