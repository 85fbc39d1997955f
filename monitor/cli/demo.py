"""`monitor demo`: the whole product, offline, in under a minute.

A local publisher serves three simulated days of an invented platform and regulator. Each day the same `monitor run` as
in production crawls it twice, in a process of its own, with MONITOR_NOW set: once early, and once after the hold, when
the digest is due. What people would have got is printed, and its files are named.

Does not do: anything that `monitor run` does not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from monitor.cli.demo_publisher import DemoPublisher, date_of, demo_folder
from monitor.cli.output import console
from monitor.errors import MonitorError

DAYS = (1, 2, 3)
HOURS = (7, 10)
"""In UTC: a first look before the digest at nine, and one after the hold of an hour."""


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
                out.print(
                    f"  {hour:02}:00  {_describe(json.loads(stage.call('run', '--json', now=now)))}", markup=False
                )
    _show_result(stage, f"{date_of(DAYS[-1])}T12:00:00Z")


def _set_stage(folder: Path) -> Stage:
    """A fresh folder. Only one that an earlier demo made is emptied."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / "sources.yaml").is_file():
            raise MonitorError(f"{folder}: holds files that are no demo's. Name another folder with --folder.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return Stage(folder, demo_folder())


def _describe(summary: dict[str, Any]) -> str:
    counts = [
        (summary["first"], "first looks"),
        (summary["changes"], "changes found"),
        (summary["confirmed"], "held ones seen again"),
        (summary["quiet"], "kept quiet"),
        (summary["rejected"] + summary["failed"], "without a policy in the answer"),
        (summary["digests"], "digests composed"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"{summary['sources']} sources asked: {said or 'nothing new'}"


def _show_result(stage: Stage, now: str) -> None:
    out = console()
    for day in DAYS[1:]:
        out.rule(f"The digest of {date_of(day):%A, %d %B}")
        out.print(stage.call("digest", "--audience", "safety-desk", now=f"{date_of(day)}T12:00:00Z"), markup=False)
    out.rule("Kept quiet, with the reason (monitor changes --all)")
    out.print(_quiet(stage.call("changes", "--all", "--json", now=now)), markup=False)
    out.rule("As Slack shows it")
    for day in DAYS[1:]:
        out.print(f"  {(stage.folder / 'digests' / f'{date_of(day)}-daily-safety-desk.html').resolve()}", markup=False)
    out.print("\nThe path of one page, from its source to the messages:")
    out.print(f"  monitor --db {stage.folder / 'monitor.db'} trace chatterfen-guidelines", markup=False)


def _quiet(lines: str) -> str:
    rows = [json.loads(line) for line in lines.splitlines()]
    quiet = [row for row in rows if row["kind"] not in {"first", "substantive", "editorial"}]
    return "\n".join(f"  {row['kind']:<11} {row['source']}: {row['reason']}" for row in quiet)
