"""The command line: parse, call one function, print.

Commands live in the modules beside this one and are imported when they are called, so that `monitor changes` does not
pay for Scrapy, and a worker process that imports this package pays for nothing.

Exit status: 0 done, 1 done with failures that the output names, 2 wrong usage or configuration.

Does not do: deciding or storing anything.
"""

from __future__ import annotations

import getpass
import importlib
import sys

import click

from monitor import __version__
from monitor.config import Config, read_config
from monitor.errors import ConfigurationError, MonitorError, NotFoundError, StoreError

COMMANDS = {
    "run": ("monitor.cli.run", "Crawl what is due, process it, deliver what is due: the main job."),
    "crawl": ("monitor.cli.run", "Crawl on demand."),
    "process": ("monitor.cli.process", "Read what is stored; --what-if judges earlier changes again."),
    "serve": ("monitor.cli.run", "Keep running: what is due, twice a minute, and Slack's buttons."),
    "digest": ("monitor.cli.tell", "What each audience is told."),
    "deliver": ("monitor.cli.tell", "Send what is pending, and what was refused before."),
    "changes": ("monitor.cli.look", "What changed."),
    "problems": ("monitor.cli.look", "What cannot be trusted now, and what to do."),
    "show": ("monitor.cli.look", "A change, or the text of a document as it stood on a day."),
    "trace": ("monitor.cli.trace", "The path of a document, from its source to the messages."),
    "sources": ("monitor.cli.sources", "What is watched: catalogue, list, check, add, try, coverage, import, export."),
    "backfill": ("monitor.cli.backfill", "The history of a document, from an archive or its publisher."),
    "sops": ("monitor.cli.sops", "Your procedures: list, check, history, import, ledger, replay, draft."),
    "triage": ("monitor.cli.triage", "Decide: confirm, not applicable, assign."),
    "web": ("monitor.cli.web", "Who may come to the desk: links for people, keys for programs."),
    "slack": ("monitor.cli.slack", "Set up Slack: what to click, and whether it works."),
    "mcp": ("monitor.cli.mcp", "Answer programs that reason, over the Model Context Protocol."),
    "compare": ("monitor.cli.judge", "What changed between two texts."),
    "inspect": ("monitor.cli.judge", "What a text is: a real page? Its language, dates, citations."),
    "match": ("monitor.cli.match", "Which SOP sections a change touches."),
    "evidence": ("monitor.cli.evidence", "All that proves a change, in one file."),
    "verify": ("monitor.cli.evidence", "Whether anything was edited since: in the database, or in a file."),
    "warc": ("monitor.cli.evidence", "What a source answered, as a web archive."),
    "backup": ("monitor.cli.backup", "Copy the database, whole and checked, while everything goes on."),
    "prune": ("monitor.cli.prune", "Drop what is old and proves nothing; by default everything is kept."),
    "doctor": ("monitor.cli.doctor", "Whether database, configuration and machine are as they should be."),
    "demo": ("monitor.cli.demo", "The whole product, offline, in under a minute."),
}
"""Each command with its module and one line of help, so that the list of commands needs none of the modules."""


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--db", metavar="FILE", help="The database. [MONITOR_DB, else var/monitor.db]")
@click.option("--sources", metavar="FILE", help="What is watched. [MONITOR_SOURCES, else sources.yaml]")
@click.option("--sops", metavar="FOLDER", help="Your procedures. [MONITOR_SOPS, else sops]")
@click.option("-v", "--verbose", is_flag=True, help="Print each recorded fact to standard error.")
@click.version_option(__version__, prog_name="monitor")
@click.pass_context
def cli(ctx: click.Context, db: str | None, sources: str | None, sops: str | None, *, verbose: bool) -> None:
    """Watch regulations and platform policies; tell which procedures a change touches.

    \b
    Example: monitor demo
             monitor run
             monitor changes --since 2026-11-01
    """
    from monitor.cli.log import set_up_log

    config = read_config(db=db, sources=sources, sops=sops)
    set_up_log(verbose=verbose, as_json=config.has_json_log)
    ctx.obj = config


def main() -> None:
    """The console script. Every MonitorError ends here, as a message and an exit status."""
    try:
        cli(prog_name="monitor")
    except (ConfigurationError, NotFoundError, StoreError) as error:
        _fail(error, 2)
    except MonitorError as error:
        _fail(error, 1)


def _fail(error: MonitorError, status: int) -> None:
    click.echo(f"monitor: {error}", err=True)
    sys.exit(status)


pass_config = click.make_pass_decorator(Config)


def _find_person(_: click.Context, __: click.Parameter, given: str | None) -> str:
    """Whom the option or the environment names, else whoever is logged in; in a container that may be a bare number."""
    try:
        return given or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


by_option = click.option(
    "--by",
    metavar="WHO",
    envvar="MONITOR_USER",
    callback=_find_person,
    help="Who says so. [MONITOR_USER, else the login name]",
)
"""Who decides, closes or adopts, as a command's parameter `by`."""
