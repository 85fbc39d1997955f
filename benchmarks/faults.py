"""Whether everything is there, once, after a thousand crashes and whatever else can fail.

    python benchmarks/faults.py                          1,000 crashes, some minutes
    python benchmarks/faults.py --crashes 60 --seed 7

Small worlds, each with a publisher, a Slack and three audiences (`faulty_world.py`): commands are killed at points of
each step or in the midst of a write, disks are full or read-only, clocks jump, publishers and Slack are not there. One
more is made of real processes, killed at any moment; and databases of each earlier version are upgraded by processes
that are killed. Then an oracle that knows what was published compares (`oracle.py`): no change lost or told twice, no
digest missed, `monitor verify` and `monitor doctor` find nothing. Prints the counts; ends with 1 if anything is wrong.

What is not tried: loss of power, after which even what was flushed may be gone if the disk lied about it.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import sys
import tempfile
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from crashing import Doom
from faulty_world import RealWorld, World, small_disk

from local_site import Site
from monitor.store import sqlite3
from store.dumps import FOLDER, load_dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Counts = Counter[tuple[str, str]]
STEPS = ("open", "crawl", "process", "compose", "send", "backup", "migrate", "torn", "whole run")
"""What counts as a crash. The others of the counts are faults that a process survives, or what was looked at."""
SMALL_DISK = 4
"""One world in so many has a disk of its own, where one can be mounted."""
REAL_ROUNDS = 5
UPGRADES = 12
"""Upgrades of each earlier version, each killed once or more."""
MOST_KILLS = 3
USUAL_UPGRADE = 100
"""Points of an upgrade, before one was seen."""


def play(seed: int, number: int, rounds: int | None = None) -> tuple[Counts, list[str]]:
    """One world to its end: what happened, and what is wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # a user who is nobody has to get at it
        if number % SMALL_DISK:
            return _play(World(folder, f"{seed} {number}", *([rounds] if rounds else [])))
        with small_disk(folder):
            return _play(World(folder, f"{seed} {number}", *([rounds] if rounds else [])))


def play_real(seed: int) -> tuple[Counts, list[str]]:
    """One world of real processes."""
    with tempfile.TemporaryDirectory() as name, Site() as site:
        return _play(RealWorld(Path(name), f"{seed} real", site, REAL_ROUNDS))


def _play(world: World) -> tuple[Counts, list[str]]:
    with world.slack:
        world.play()
        return world.counts, list(world.check())


def upgrade(seed: int, step: str, times: int = UPGRADES) -> tuple[Counts, list[str]]:
    """A database of that earlier version, upgraded so often: each time as by a process that nothing disturbs."""
    with tempfile.TemporaryDirectory() as name:
        world = World(Path(name), f"{seed} {step}")
        with world.slack:
            _begin(world, step)
            points = world.call("process").points or {}
            expected = read_all(world.db), world.call("verify").out
            for _ in range(times):
                _begin(world, step)
                for _ in range(world.chance.randint(1, MOST_KILLS)):
                    _kill_upgrade(world, points.get("migrate", USUAL_UPGRADE))
                world.call("process")
                world.complaints += _compare(world, step, expected)
            return world.counts, world.complaints


def _begin(world: World, step: str) -> None:
    for path in world.db.parent.glob(f"{world.db.name}*"):
        path.unlink()
    load_dump(step, world.db)


def _kill_upgrade(world: World, points: int) -> None:
    doom = Doom("migrate", world.chance.randint(1, points))
    if world.chance.random() < 1 / 4:
        doom = Doom(most_bytes=world.chance.randint(33_000, 2 * world.db.stat().st_size), is_killed=True)
    ending = world.call("process", doom=doom)
    world.counts["migrate" if ending.status < 0 else "got by", ending.what or "in the midst of a write"] += 1


def _compare(world: World, step: str, expected: tuple[str, str]) -> Iterator[str]:
    world.counts["checked", "upgrades"] += 1
    if (read_all(world.db), world.call("verify").out) != expected:
        yield f"{step}: a killed upgrade leaves something else than one that nothing disturbs"


def read_all(path: Path) -> str:
    """The hash of the schema and of all rows, but for when its steps were taken: by the clock of the machine."""
    with closing(sqlite3.connect(str(path))) as db:
        names = [name for _, name, kind, *_ in db.execute("PRAGMA table_list") if kind in {"table", "shadow"}]
        tables = {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)}
    del tables["_sqlite_migrations"]
    return hashlib.sha256(repr(tables).encode()).hexdigest()


def count_crashes(counts: Counts) -> int:
    return sum(number for (step, _), number in counts.items() if step in STEPS)


def run(seed: int, crashes: int) -> tuple[Counts, list[str]]:
    """Worlds side by side, one for each core, until there were so many crashes."""
    counts: Counts = Counter()
    complaints: list[str] = []
    worlds = iter_tasks(seed)
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        under_way: set[Future[tuple[Counts, list[str]]]] = set()
        while under_way or count_crashes(counts) < crashes:
            while count_crashes(counts) < crashes and len(under_way) < (os.cpu_count() or 1):
                under_way.add(pool.submit(next(worlds)))
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for each in done:
                counts.update(each.result()[0])
                complaints += each.result()[1]
                print(f"  {count_crashes(counts):,} crashes so far, {len(complaints)} things wrong", flush=True)
    return counts, complaints


def iter_tasks(seed: int) -> Iterator[Callable[[], tuple[Counts, list[str]]]]:
    yield partial(play_real, seed)
    yield from (partial(upgrade, seed, path.stem) for path in sorted(FOLDER.glob("*.sql")))
    number = 0
    while True:
        yield partial(play, seed, number)
        number += 1


def show(counts: Counts, complaints: list[str]) -> None:
    print(f"{count_crashes(counts):,} crashes")
    for step in (*STEPS, *dict.fromkeys(step for step, _ in sorted(counts) if step not in STEPS)):
        moments = {what: number for (each, what), number in sorted(counts.items()) if each == step}
        said = ", ".join(f"{what} {number:,}" for what, number in moments.items())
        print(f"  {step:<17} {sum(moments.values()):>6,}   {said}")
    for each in complaints:
        print(f"WRONG: {each}")
    print("Nothing is lost, and nothing was told twice." if not complaints else f"{len(complaints)} things are wrong.")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--crashes", type=int, default=1_000, help="at least so many (default: 1000)")
    options.add_argument("--seed", type=int, default=random.randrange(10_000))
    chosen = options.parse_args()
    os.chdir(ROOT)  # where what children are forked with is found
    print(f"seed {chosen.seed}", flush=True)
    counts, complaints = run(chosen.seed, chosen.crashes)
    show(counts, complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
