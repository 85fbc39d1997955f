"""A desk that runs the real command line in child processes against the local publisher, on simulated days.

A command is forked from a process that has imported the program already, as importing it takes longer than most of them
do, and so is what it starts itself (`scenarios.forked`); what is to be stopped or killed under way is started as from a
shell (`start`).

world = World(tmp_path)
world.watch(id="rules", url=site.url("/rules"), select=["main"])
summary = world.run(day=1, hour=7)                   # what `monitor run --json` printed
world.changes()                                      # rows of `monitor changes --json --all`
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

import monitor
from monitor.cli import COMMANDS, main
from scenarios.forked import fork_what_is_started

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    [
        "monitor.service",
        "monitor.crawl.child",
        *{module for module, _ in COMMANDS.values()},
        "tests.scenarios.rehearsed",
    ]
)
"""From the root of the repository: `tests` is not yet on the path of the process that imports them."""

SOP = """\
---
id: SOP-1
title: Age checks
owner: "@minors"
topics: [child-safety]
cites: ["eu:reg:2022/2065#art28"]
---
# Age checks

## Livestream hosts

A host of a livestream must be at least 16 years old. Ask for proof of age before the first livestream.

## Gifts

Gifts are sent by accounts of adults only.
"""


@dataclass(frozen=True)
class Done:
    """How one command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


def run_command(words, environment, folder=".", seconds=120):
    """What `python -m monitor` with these words does and prints in this folder."""
    with TemporaryDirectory() as kept:
        out, err = (Path(kept) / name for name in ("out", "err"))
        process = FORKED.Process(target=_be_command, args=[words, dict(environment), folder, out, err])
        process.start()
        process.join(seconds)
        if process.is_alive():
            process.kill()
            raise TimeoutError(f"{words} took longer than {seconds} s: {err.read_text()}")
        return Done(process.exitcode, *(each.read_bytes().decode() for each in (out, err)))


def _be_command(words, environment, folder, out, err):
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    sys.argv = [str(Path(monitor.__file__).with_name("__main__.py")), *words]
    fork_what_is_started()
    main()


class World:
    def __init__(self, folder, slack=None, **environment):
        self.folder = folder
        self.declared = {"sources": []}
        self.sops = folder / "sops"
        self.sops.mkdir(exist_ok=True)
        (self.sops / "ages.md").write_text(SOP)
        self.environment = {"MONITOR_ALLOW_PRIVATE": "1", **environment}
        if slack:
            self.environment |= {
                "SLACK_API_URL": slack.url,
                "SLACK_BOT_TOKEN": slack.token,
                "SLACK_CHANNEL": slack.channel,
            }

    def watch(self, **entry):
        """Declare one more Source; what is not said is an HTML page of the publisher Example."""
        facts = {"name": entry["id"].title(), "publisher": "Example", "jurisdiction": "EU", "kind": "html"}
        self.declared["sources"].append(facts | entry)
        self.write()

    def write(self):
        (self.folder / "sources.yaml").write_text(yaml.safe_dump(self.declared))

    def env(self, now):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("MONITOR_", "SLACK_"))}
        return kept | {
            "MONITOR_DB": str(self.folder / "var" / "monitor.db"),
            "MONITOR_SOURCES": str(self.folder / "sources.yaml"),
            "MONITOR_SOPS": str(self.sops),
            "MONITOR_NOW": now,
            **self.environment,
        }

    def start(self, *words, day=1, hour=7):
        """The command as a process under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "monitor", *words],
            env=self.env(f"2026-03-{day:02}T{hour:02}:00:00Z"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, *words, day=1, hour=7):
        """What a command printed and its exit status; a traceback is never an answer."""
        done = run_command(words, self.env(f"2026-03-{day:02}T{hour:02}:00:00Z"))
        assert "Traceback" not in done.err, done.err
        return done

    def run(self, day=1, hour=7):
        return self.call("run", "--json", day=day, hour=hour).json

    def changes(self, **filters):
        rows = self.call("changes", "--json", "--all").lines
        return [row for row in rows if all(row[key] == value for key, value in filters.items())]

    def problems(self):
        return {row["source"]: row["problem"] for row in self.call("problems", "--json").json}
