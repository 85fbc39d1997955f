"""Finding and marking what changed between two texts, against difflib and `git diff --word-diff`, in the same run.

    python benchmarks/compare.py [--pairs FILE] [--rounds 3] [--limit 10]

Ours aligns the lines of a pair as blocks, finds the passages and marks the words of every reworded one. difflib
compares the words of both texts, and for information only the lines and then the words of those that were replaced. It
gets the texts as lines or words already, and skips none for being frequent. git gets files and is a process, as it
would be in use.
Each method in Python runs in a child process of its own that has its modules loaded, so that a runaway can be stopped:
"stopped" counts the pairs at which that happened, with the limit as their time.

The pairs are written by this program, policies of 5 to 300 kB with typical edits and awkward texts, or read from FILE,
JSON Lines with "before" and "after". Prints milliseconds, the best of the rounds. Exit status 1 where ours is not
faster than difflib on words and than git at the median, at the 95th percentile and in the worst case.

Does not do: judging which marks are better; reading HTML.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from monitor.compare.alignment.blocks import align, find_passages
from monitor.compare.alignment.words import mark_words
from monitor.model import Block, BlockKind, PassageOp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

GIT = "git diff --word-diff"
FORK = multiprocessing.get_context("fork")
SUBJECTS = (
    "You",
    "Users",
    "Advertisers",
    "Minors",
    "We",
    "Our partners",
    "Moderators",
    "Creators",
    "Anybody who buys from us",
    "The desk",
)
VERBS = (
    "must",
    "may not",
    "may",
    "can",
    "should",
    "will never",
    "are asked to",
    "have the right to",
    "agree to",
    "do not have to",
)
DEEDS = (
    "report",
    "publish",
    "delete",
    "share",
    "appeal against",
    "keep a copy of",
    "pay for",
    "verify",
    "label",
    "withdraw consent to",
    "translate",
    "archive",
)
THINGS = (
    "harassment",
    "every advertisement",
    "a decision",
    "personal data",
    "the content in question",
    "accounts of other people",
    "a strike",
    "sponsored posts",
    "live streams",
    "the age of a child",
    "payment details",
    "a copyright notice",
    "comments",
    "photographs of others",
)
LIMITS = (
    "within {} hours",
    "for at most {} days",
    "unless a law says otherwise",
    "in each of {} countries",
    "as section {} explains",
    "at a fee of {} euro",
    "when asked to",
    "if nobody objects in {} weeks",
    "before the end of the year",
    "without undue delay",
)


class Pair(NamedTuple):
    before: str
    after: str


class Measured(NamedTuple):
    seconds: float
    stopped: bool = False


def write_sentence(chance: random.Random) -> str:
    limit = chance.choice(LIMITS).format(chance.randint(2, 90))
    return f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(DEEDS)} {chance.choice(THINGS)} {limit}."


def write_paragraph(chance: random.Random) -> str:
    return " ".join(write_sentence(chance) for _ in range(chance.randint(1, 6)))


def write_policy(chance: random.Random, size: int) -> list[str]:
    lines = ["Terms of service", "Last updated: 3 May 2024"]
    while sum(map(len, lines)) < size:
        lines.append(f"{len(lines)}. {write_sentence(chance)[:40]}")
        lines += [write_paragraph(chance) for _ in range(chance.randint(1, 8))]
    return lines


def edit_policy(chance: random.Random, lines: list[str]) -> list[str]:
    """Typical edits: a new date, sentences reworded, paragraphs that came, went and moved, a product renamed."""
    edited = ["Last updated: 1 June 2025" if line.startswith("Last updated") else line for line in lines]
    for _ in range(chance.randint(0, 3 + len(lines) // 20)):
        at = chance.randrange(2, len(edited))
        words = edited[at].split()
        words[chance.randrange(len(words))] = chance.choice(["must", "30", "never", "immediately", "harassment"])
        edited[at] = " ".join(words)
    for _ in range(chance.randint(0, 3)):
        edited.insert(chance.randrange(2, len(edited)), write_paragraph(chance))
        edited.pop(chance.randrange(2, len(edited)))
    if chance.random() < 1 / 4:
        edited.append(edited.pop(chance.randrange(2, len(edited))))
    if chance.random() < 1 / 8:
        edited = [line.replace("desk", "help centre") for line in edited]
    return edited


def write_pairs(chance: random.Random) -> Iterator[Pair]:
    for _ in range(100):
        lines = write_policy(chance, int(5_000 * 60 ** chance.random()))
        yield Pair("\n".join(lines), "\n".join(edit_policy(chance, lines)))
    yield from write_awkward_pairs(chance)


def write_awkward_pairs(chance: random.Random) -> Iterator[Pair]:
    lines = write_policy(chance, 300_000)
    rows = [f"Article {n} | fine of {n % 7} units | region {n % 11} | in force" for n in range(12_000)]
    yield Pair("\n".join(lines), "\n".join(chance.sample(lines, len(lines))))
    yield Pair("\n".join(lines), "\n".join(write_policy(chance, 300_000)))
    yield Pair(" ".join(lines), " ".join(edit_policy(chance, lines)))
    yield Pair("\n".join(rows), "\n".join([*rows[:6000], "Article 6000a | none", *rows[6000:]]))
    yield Pair("\n".join(rows), "\n".join(f"{row} | since 2024" for row in rows))
    yield Pair("\n".join(["Be kind to all."] * 10_000), "\n".join(["Be kind to all.", "Be safe."] * 7_000))
    yield Pair("word " * 60_000, "word " * 59_000 + "other " * 1_000)


def read_pairs(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Pair(row["before"], row["after"])


def prepare_ours(pair: Pair) -> Callable[[], object]:
    old, new = (
        [Block(BlockKind.PARAGRAPH, " ".join(line.split())) for line in text.splitlines() if line.strip()]
        for text in pair
    )

    def run() -> object:
        passages = find_passages(align(old, new))
        return [mark_words(each.before, each.after) for each in passages if each.op is PassageOp.REWORDED]

    return run


def prepare_difflib(pair: Pair) -> Callable[[], object]:
    old, new = ([line for line in text.splitlines() if line.strip()] for text in pair)

    def run() -> object:
        changed = [
            each
            for each in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
            if each[0] == "replace"
        ]
        return [mark_with_difflib(" ".join(old[a:b]).split(), " ".join(new[c:d]).split()) for _, a, b, c, d in changed]

    return run


def prepare_difflib_words(pair: Pair) -> Callable[[], object]:
    old, new = (text.split() for text in pair)
    return lambda: mark_with_difflib(old, new)


def mark_with_difflib(old: list[str], new: list[str]) -> object:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


METHODS = {
    "ours": prepare_ours,
    "difflib, words": prepare_difflib_words,
    "difflib, lines then words": prepare_difflib,
}
RIVALS = ("difflib, words", GIT)


class Worker:
    """A child process that measures one method, replaced when it had to be stopped."""

    def __init__(self, name: str, limit: float) -> None:
        self.name, self.limit = name, limit
        self.megabytes = 0.0
        self._start()

    def _start(self) -> None:
        self._pipe, other = FORK.Pipe()
        self._process = FORK.Process(target=serve, args=(self.name, other), daemon=True)
        self._process.start()

    def measure(self, pair: Pair) -> Measured:
        self._pipe.send(pair)
        if self._pipe.poll(self.limit + 1):
            seconds, megabytes = self._pipe.recv()
            self.megabytes = max(self.megabytes, megabytes)
            return Measured(seconds)
        self._process.kill()
        self._process.join()
        self._start()
        return Measured(self.limit, stopped=True)


def serve(name: str, pipe: Connection) -> None:
    """Answers each pair with the seconds it took, and by how many MB the process has grown at most."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while True:
        run = METHODS[name](pipe.recv())
        began = time.perf_counter()
        run()
        seconds = time.perf_counter() - began
        pipe.send((seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024))


def measure_git(pair: Pair, folder: Path) -> Measured:
    paths = [folder / "before", folder / "after"]
    for path, text in zip(paths, pair, strict=True):
        path.write_text(text, encoding="utf-8")
    command = ["git", "diff", "--word-diff", "--no-index", *map(str, paths)]
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return Measured(time.perf_counter() - began)


def play(pairs: list[Pair], rounds: int, limit: float) -> tuple[dict[str, list[Measured]], dict[str, float]]:
    """The fastest of several rounds for each pair by each method, and the memory of those in Python.

    In each round all methods meet a pair one after the other, so that noise meets all of them. What was stopped is not
    tried again.
    """
    workers = [Worker(name, limit) for name in METHODS]
    results: dict[str, list[Measured]] = {name: [] for name in (*METHODS, GIT)}
    with tempfile.TemporaryDirectory() as folder:
        for round_number in range(rounds):
            for number, pair in enumerate(pairs):
                ways = [(each.name, partial(each.measure, pair)) for each in workers]
                for name, once in (*ways, (GIT, partial(measure_git, pair, Path(folder)))):
                    if not round_number:
                        results[name].append(once())
                    elif not results[name][number].stopped:
                        results[name][number] = min(results[name][number], once())
    return results, {each.name: each.megabytes for each in workers}


def summarise(measured: list[Measured]) -> tuple[float, float, float]:
    """Median, 95th percentile and worst case in milliseconds."""
    ordered = sorted(each.seconds * 1000 for each in measured)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)], ordered[-1]


def show(results: dict[str, list[Measured]], memory: dict[str, float]) -> bool:
    """Prints the table; whether ours is faster than the rivals by every figure."""
    ours = summarise(results["ours"])
    print(f"{'ms':<26}{'p50':>9}{'p95':>9}{'worst':>9}   {'times ours':<18}{'stopped':>9}{'MB more':>9}")
    fastest = True
    for name, measured in results.items():
        figures = summarise(measured)
        ratios = [figure / own for figure, own in zip(figures, ours, strict=True)]
        fastest &= name not in RIVALS or all(ratio > 1 for ratio in ratios)
        times = "".join(f"{ratio:6.1f}" for ratio in ratios)
        megabytes = f"{memory[name]:9.0f}" if name in memory else ""
        stopped = sum(each.stopped for each in measured)
        print(f"{name:<26}{figures[0]:9.2f}{figures[1]:9.2f}{figures[2]:9.1f}{times}{stopped:12d}{megabytes}")
    return fastest


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--pairs", type=Path, help='JSON Lines with "before" and "after"')
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--limit", type=float, default=10, help="seconds for one pair by one method")
    chosen = options.parse_args()
    pairs = list(read_pairs(chosen.pairs) if chosen.pairs else write_pairs(random.Random(7)))
    gc.freeze()
    print(f"{len(pairs)} pairs, best of {chosen.rounds}, at most {chosen.limit:g} s for one pair by one method")
    if not show(*play(pairs, chosen.rounds, chosen.limit)):
        sys.exit("benchmarks/compare.py: ours is not the fastest by every figure; see the ratios below 1 above")


if __name__ == "__main__":
    main()
