"""A desk that runs the real command line in child processes against the local publisher, on simulated days.

world = World(site, tmp_path)
world.watch(id="rules", url=site.url("/rules"), select=["main"])
summary = world.run(day=1, hour=7)                   # what `monitor run --json` printed
world.changes()                                      # rows of `monitor changes --json --all`
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import yaml

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
        process = self.start(*words, day=day, hour=hour)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err, err
        return Done(process.returncode, out, err)

    def run(self, day=1, hour=7):
        return self.call("run", "--json", day=day, hour=hour).json

    def changes(self, **filters):
        rows = self.call("changes", "--json", "--all").lines
        return [row for row in rows if all(row[key] == value for key, value in filters.items())]

    def problems(self):
        return {row["source"]: row["problem"] for row in self.call("problems", "--json").json}
