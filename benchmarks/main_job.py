"""CPU of the main job over a local site, as a multiple of only downloading the same bytes.

    python benchmarks/main_job.py [--sources 200] [--rounds 3]

For each round the whole process tree of `monitor run` is measured (user + system seconds), and so is a child process
that downloads the same addresses with the standard library and does nothing with them. The median ratio is printed for
a first pass, an unchanged pass with validators, and a pass in which a tenth of the documents changed.

Does not do: asserting anything; compare ratios, never seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from local_site import Site

DOWNLOAD = "import sys, urllib.request\nfor url in sys.argv[1:]: urllib.request.urlopen(url).read()"
WORDS = [
    "every",
    "account",
    "must",
    "follow",
    "these",
    "rules",
    "and",
    "nobody",
    "may",
    "harm",
    "another",
    "person",
    "in",
    "any",
    "way",
    "at",
    "all",
]


def write_page(number: int, edition: int) -> str:
    """About 20 kB of policy-like text, the same for the same numbers."""
    paragraphs = "".join(
        f"<h2>Section {n}</h2><p>{' '.join(WORDS[(number + n + k) % len(WORDS)] for k in range(90))}.</p>"
        for n in range(30)
    )
    return (
        f"<html><title>Policy {number}</title><main><h1>Policy</h1><p>Edition {edition}.</p>{paragraphs}</main></html>"
    )


def measure(command: list[str], env: dict[str, str]) -> float:
    """CPU seconds of a command and all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def play(folder: Path, count: int) -> dict[str, float]:
    """The three passes once: how many times the floor each costs."""
    with Site() as site:
        urls = [site.url(f"/{number}") for number in range(count)]
        for number in range(count):
            site.put(f"/{number}", write_page(number, 1))
        sources = [
            {"id": f"s{n}", "name": f"S{n}", "publisher": "P", "jurisdiction": "EU", "kind": "html", "url": url}
            for n, url in enumerate(urls)
        ]
        (folder / "sources.yaml").write_text(json.dumps({"sources": sources}))
        (folder / "sops").mkdir()
        env = os.environ | {
            "MONITOR_DB": str(folder / "monitor.db"),
            "MONITOR_SOURCES": str(folder / "sources.yaml"),
            "MONITOR_SOPS": str(folder / "sops"),
            "MONITOR_ALLOW_PRIVATE": "1",
        }
        floor = measure([sys.executable, "-c", DOWNLOAD, *urls], env)
        ratios = {}
        for day, name in enumerate(["first", "unchanged, 304", "a tenth changed"], 1):
            if name == "a tenth changed":
                for number in range(0, count, 10):
                    site.put(f"/{number}", write_page(number, 2))
            now = {"MONITOR_NOW": f"2026-01-0{day}T06:00:00Z"}
            ratios[name] = measure([sys.executable, "-m", "monitor", "run", "--json"], env | now) / floor
    return ratios


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--sources", type=int, default=200)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    rounds = []
    for _ in range(chosen.rounds):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(play(Path(folder), chosen.sources))
    print(f"{chosen.sources} sources, CPU as a multiple of only downloading them, median of {chosen.rounds}")
    for name in rounds[0]:
        print(f"  {name:<16} {statistics.median(each[name] for each in rounds):5.1f}")


if __name__ == "__main__":
    main()
