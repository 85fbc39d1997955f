"""`monitor demo`: the whole product, offline, in under a minute.

A local publisher serves three simulated days of an invented platform and regulator. Each day the same `monitor run` as
in production crawls it twice, in a process of its own, with MONITOR_NOW set: once early, and once after the hold, when
the digest is due. What people would have got is printed, and its files are named.

A folder that the demo made holds a file `.policy-monitor-demo`; in no other folder is anything deleted.

Does not do: anything that `monitor run` does not.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from digests.words import count
from monitor.cli.demo_publisher import DemoPublisher, date_of
from monitor.cli.output import console
from monitor.cli.shipped import find_shipped
from monitor.errors import ConfigurationError, MonitorError
from monitor.store import open_to_read
from monitor.store.trace import count_same_text

DAYS = (1, 2, 3)
HOURS = (7, 10)
"""In UTC: a first look before the digest at nine, and one after the hold of an hour."""

MARKER = ".policy-monitor-demo"
"""A file that says: this folder was made by a demo."""

MADE = ("monitor.db", "monitor.db-wal", "monitor.db-shm", "sources.yaml")
"""The files of an earlier demo, besides the folder `digests`."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The folder the demo plays in, and how to call `monitor` in it."""

    folder: Path
    data: Path

    def call(self, *words: str, now: str) -> str:
        """What `monitor` prints. Raises MonitorError where it cannot do its work."""
        env = {key: value for key, value in os.environ.items() if not key.startswith(("MONITOR_", "SLACK_"))} | {
            "MONITOR_DB": str(self.folder / "monitor.db"),
            "MONITOR_SOURCES": str(self.folder / "sources.yaml"),
            "MONITOR_SOPS": str(self.data / "sops"),
            "MONITOR_ALLOW_PRIVATE": "1",
            "MONITOR_NOW": now,
        }
        done = subprocess.run(  # noqa: S603 - this program itself
            [sys.executable, "-m", "monitor", *words], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode not in {0, 1} or "Traceback" in done.stderr:
            raise MonitorError(f"monitor {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Where its database and digests go; made anew each time.",
)
def demo(folder: Path) -> None:
    """Three days of an invented platform and regulator, crawled for real, in under a minute.

    \b
    Example: monitor demo
    """
    stage = _set_stage(folder)
    out = console()
    out.print("[bold]Policy Monitor[/]: three days of an invented platform and regulator, served on this machine.\n")
    with DemoPublisher(stage.data / "site") as publisher:
        text = (stage.data / "sources.yaml").read_text(encoding="utf-8")
        (folder / "sources.yaml").write_text(text.replace("{port}", str(publisher.port)), encoding="utf-8")
        for day in DAYS:
            publisher.day = day
            out.print(f"[bold]{date_of(day):%A, %d %B}[/]")
            for hour in HOURS:
                now = f"{date_of(day)}T{hour:02}:00:00Z"
                said = _describe(json.loads(stage.call("run", "--json", now=now)))
                out.print(f"  {hour:02}:00 UTC  {said}", markup=False)
    _show_result(stage, f"{date_of(DAYS[-1])}T12:00:00Z")


def _set_stage(folder: Path) -> Stage:
    """A folder without a past. Raises ConfigurationError where it belongs to somebody else or cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            _clear(folder)
        (folder / MARKER).touch()
    except OSError as error:
        raise ConfigurationError(
            f"{folder}: the demo cannot play there ({error.strerror or error}). "
            "Name a folder that can be made and written: monitor demo --folder my-demo"
        ) from error
    return Stage(folder, find_shipped("demo"))


def _clear(folder: Path) -> None:
    """Delete what an earlier demo made, and nothing else. Raises ConfigurationError where no demo made the folder."""
    if not (folder / MARKER).is_file():
        raise ConfigurationError(
            f"{folder}: not empty, and not made by an earlier demo; nothing was deleted. "
            "Name a new folder: monitor demo --folder my-demo"
        )
    for name in MADE:
        (folder / name).unlink(missing_ok=True)
    if (folder / "digests").exists():
        shutil.rmtree(folder / "digests")


def _describe(summary: dict[str, Any]) -> str:
    counts = [
        (summary["first"], "first look", "first looks"),
        (summary["changes"], "change found", "changes found"),
        (summary["confirmed"], "held one seen again", "held ones seen again"),
        (summary["quiet"], "kept quiet", "kept quiet"),
        (summary["rejected"] + summary["failed"], "problem", "problems"),
        (summary["digests"], "digest composed", "digests composed"),
    ]
    said = ", ".join(count(number, one, many) for number, one, many in counts if number)
    asked = f"{count(summary['sources'], 'source')} asked" if summary["sources"] else "nothing is due"
    return f"{asked}: {said or 'nothing new'}"


def _show_result(stage: Stage, now: str) -> None:
    out = console()
    for day in DAYS[1:]:
        out.rule(f"The digest of {date_of(day):%A, %d %B}")
        out.print(stage.call("digest", "--audience", "safety-desk", now=f"{date_of(day)}T12:00:00Z"), markup=False)
    out.rule("Kept quiet, with the reason (monitor changes --all)")
    out.print(_quiet(stage.call("changes", "--all", "--json", now=now)), markup=False)
    out.print(_same_text(stage.folder / "monitor.db"), markup=False)
    out.rule("As Slack shows it")
    out.print("Open in a browser:")
    for day in DAYS[1:]:
        out.print(f"  {(stage.folder / 'digests' / f'{date_of(day)}-daily-safety-desk.html').resolve()}", markup=False)
    own = ["--db", str(stage.folder / "monitor.db")]
    out.print("\nThe desk, as it stands on that day; it prints a link that lets you in:")
    desk = [*own, "--sources", str(stage.folder / "sources.yaml"), "--sops", _shorten(stage.data / "sops"), "serve"]
    out.print(f"  MONITOR_NOW={now} {shlex.join([*_this_program(), *desk])}", markup=False, soft_wrap=True)
    out.print("\nThe path of one page, from its source to the messages:")
    out.print(f"  {shlex.join([*_this_program(), *own, 'trace', 'chatterfen-guidelines'])}", markup=False)


def _this_program() -> list[str]:
    """The words that start this program in this folder, as it was started now."""
    if Path(sys.argv[0]).stem == "monitor":
        return [_shorten(Path(sys.argv[0]))]
    return [_shorten(Path(sys.executable)), "-m", "monitor"]


def _shorten(program: Path) -> str:
    """Relative where it is below the current folder; not in it, for a bare name is looked up on PATH."""
    here, program = Path.cwd(), program.absolute()
    return str(program.relative_to(here) if here in program.parents[1:] else program)


def _same_text(db: Path) -> str:
    answers = count(count_same_text(open_to_read(db)), "answer")
    return f"  {'same text':<11} {answers} had other bytes only: dates and counters in footers"


def _quiet(lines: str) -> str:
    rows = [json.loads(line) for line in lines.splitlines()]
    quiet = [row for row in rows if row["kind"] not in {"first", "substantive", "editorial"}]
    return "\n".join(f"  {row['kind']:<11} {row['source']}: {row['reason']}" for row in quiet)
