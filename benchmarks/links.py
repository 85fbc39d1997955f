"""Whether links survive: clauses followed through whole histories of texts, judged by exact text and difflib alone.

    python benchmarks/links.py [--history FILE.bundle|REPOSITORY ...] [--verbose]

In each Markdown document of a git history an anchor is laid at every paragraph of its first version and of every tenth
one after it, and followed from version to version to the end. Each step of each anchor is judged without the code that
follows it:

    stands     its exact words stand in the next text as often as before: it must be carried there. Counted apart where
               it did not simply stay: it is under another heading, or difflib has it in no matching block
    renumbered its words stand there but for the number at their head: it must be carried, too
    recut      its letters and signs stand there between the same ones as before, in other blocks: it must be carried
    extended   a block begins with its words and goes on with words that are new: it must be called reworded or gone
    reworded   its words do not stand there, not even with other signs: it must be called reworded or gone. Not judged
               where only addresses, or the dates and numbers of a short line, differ (a stamp, a counter)
    unclear    its words stand there less often than before, or with other signs: any answer will do

Without --history a history is invented: moves, renumbering, renamed headings, splits, joins, rewordings. Exit status 1
below 98 % carried, or where one reworded clause was called kept.

Does not do: judging whether the new wording that a reworded anchor points at is the right one.
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from monitor.extract.markdown import read_markdown
from monitor.impact.anchors import Fate, Followed, follow
from monitor.model import Anchor, Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GIT = shutil.which("git") or "git"
EVERY = 10
"""Versions after which anchors are laid anew."""
LEAST = 0.98
STAMP_WORDS, STAMP_CHANGED = 12, 6
"""A line of more words is no stamp, nor is one in which more of them changed on both sides together."""
NUMBER = re.compile(r"^\W*(?:(?:section|article|part)\s+)?(?:\d+(?:\.\d+)*|[a-z]|[ivx]+)[.):]?\s+", re.IGNORECASE)
ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\S+\.(?:com|org|net|html)\S*")
VIEWS = re.compile(r"\d[\d.,]*[KM]?(?=\s?views)")
CONTEXT, ADDED = 12, 24
"""Letters on each side by which a place is known, and letters by which new words behind it are."""
STANDING = (Fate.KEPT, Fate.MOVED)


def iter_git_history(repository: Path) -> Iterator[tuple[str, list[tuple[Block, ...]]]]:
    """Each Markdown document with its texts, the oldest first."""
    for path in run_git(repository, "ls-files", "-z", "*.md").split("\0"):
        if path and not path.endswith("README.md"):
            commits = run_git(repository, "log", "--reverse", "--diff-filter=AM", "--format=%H", "--", path).split()
            yield path, [read_markdown(run_git(repository, "show", f"{commit}:{path}")).blocks for commit in commits]


def run_git(folder: Path, *words: str) -> str:
    return subprocess.run([GIT, "-C", str(folder), *words], capture_output=True, text=True, check=True).stdout


def iter_invented_history(chance: random.Random) -> Iterator[tuple[str, list[tuple[Block, ...]]]]:
    for number in range(6):
        sections = [[write_sentence(chance) for _ in range(chance.randint(3, 9))] for _ in range(12)]
        texts = [render(sections, 1)]
        for edition in range(25):
            edit(chance, sections)
            texts.append(render(sections, 1 + edition % 3))
        yield f"invented {number}", texts


def write_sentence(chance: random.Random) -> str:
    who = chance.choice(["Hosts", "Sellers", "Moderators", "Creators", "Guests", "Parents", "Advertisers"])
    must = chance.choice(["must report", "may keep", "never publish", "have to label", "are asked to remove"])
    what = chance.choice(["gambling", "a threat", "paid posts", "the address of others", "a strike", "old notices"])
    limit = f"within {chance.randint(2, 90)} hours of {chance.choice(['notice', 'upload', 'the first look'])}"
    return f"{who} {must} {what} {limit}. Case {chance.randint(1, 99_999)} shows how."


def edit(chance: random.Random, sections: list[list[str]]) -> None:
    """A few edits of the kinds that publishers make."""
    for _ in range(chance.randint(1, 5)):
        section = chance.choice([each for each in sections if len(each) > 1])
        at = chance.randrange(len(section))
        match chance.choice(["reword", "move", "add", "remove", "reorder"]):
            case "reword":
                words = section[at].split()
                words[chance.randrange(2, len(words))] = chance.choice(["never", "always", "17", "promptly"])
                section[at] = " ".join(words)
            case "move":
                chance.choice(sections).append(section.pop(at))
            case "add":
                section.insert(at, write_sentence(chance))
            case "remove":
                section.pop(at)
            case "reorder":
                sections.append(sections.pop(chance.randrange(len(sections))))


def render(sections: list[list[str]], first: int) -> tuple[Block, ...]:
    """Numbered clauses below numbered headings; so a move renumbers what follows, and each edition begins elsewhere."""
    blocks = []
    for number, section in enumerate(sections, start=first):
        heading = (f"{number}. Chapter {section[0].split()[0]}",)
        blocks.append(Block(BlockKind.HEADING, heading[0], heading))
        blocks += [Block(BlockKind.ITEM, f"{at}. {text}", heading) for at, text in enumerate(section, start=1)]
    return tuple(blocks)


def is_carried(_: Anchor, found: Followed) -> bool:
    return found.fate in STANDING


def is_carried_as_it_was(anchor: Anchor, found: Followed) -> bool:
    return found.fate in STANDING and found.anchor.text == anchor.text


def is_noticed(_: Anchor, found: Followed) -> bool:
    return found.fate not in STANDING


ANSWERS = {
    "stayed": is_carried_as_it_was,
    "moved": is_carried_as_it_was,
    "renumbered": is_carried,
    "recut": is_carried,
    "extended": is_noticed,
    "reworded": is_noticed,
}


@dataclass(slots=True)
class Tally:
    """How many steps there were of each kind, and how many of them were followed well."""

    steps: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, kind: str, anchor: Anchor, found: Followed) -> None:
        is_right = ANSWERS.get(kind, lambda _, __: True)(anchor, found)
        self.steps[kind] += 1
        self.right[kind] += is_right
        if not is_right:
            self.wrong.append(f"{kind}, called {found.fate}\n  - {anchor}\n  + {found.anchor}")

    def share(self, *kinds: str) -> float:
        return sum(self.right[kind] for kind in kinds) / max(1, sum(self.steps[kind] for kind in kinds))


class Text:
    """One version as the judge sees it: its blocks by their exact words."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.lines = [block.text for block in blocks]
        self.counts = Counter(self.lines)
        self.places: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for block in blocks:
            self.places[block.text].add(block.heading)
        self.unnumbered = {NUMBER.sub("", line) for line in self.lines}
        self.letters = letters_of(" ".join(self.lines))
        self.plain = plain_of(self.letters)

    def cut_context(self, letters: str) -> str:
        """These letters with those around them."""
        at = self.letters.find(letters)
        return self.letters[max(0, at - CONTEXT) : at + len(letters) + CONTEXT]


def letters_of(text: str) -> str:
    return "".join(text.split())


def plain_of(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def has_words(block: Block) -> bool:
    return block.kind is not BlockKind.HEADING and any(map(str.isalnum, block.text))


class Pair(NamedTuple):
    before: Text
    after: Text
    stayed: frozenset[str]
    """The words that difflib has in a matching block."""


def pair_up(before: Text, after: Text) -> Pair:
    matching = difflib.SequenceMatcher(None, before.lines, after.lines, autojunk=False).get_matching_blocks()
    return Pair(before, after, frozenset(line for at, _, size in matching for line in before.lines[at : at + size]))


def judge(anchor: Anchor, pair: Pair) -> str:
    """What became of the clause, by its exact words."""
    lines = anchor.text.split("\n")
    if all(pair.after.counts[line] >= pair.before.counts[line] for line in lines):
        return "stayed" if anchor.heading in pair.after.places[lines[0]] and lines[0] in pair.stayed else "moved"
    if any(line in pair.after.counts for line in lines):
        return "unclear"
    if all(NUMBER.sub("", line) in pair.after.unnumbered for line in lines):
        return "renumbered"
    letters = letters_of(anchor.text)
    if pair.before.cut_context(letters) in pair.after.letters:
        return "recut"
    if any(is_extended(line, pair) for line in lines):
        return "extended"
    return "unclear" if plain_of(letters) in pair.after.plain else "reworded"


def is_extended(line: str, pair: Pair) -> bool:
    """Whether a block says this and, behind it, something that the text said less often before."""
    for longer in pair.after.lines:
        more = plain_of(longer[len(line) :])[:ADDED] if longer.startswith(line) else ""
        if more and pair.after.plain.count(more) > pair.before.plain.count(more):
            return True
    return False


def is_stamp_or_address(before: str, after: str) -> bool:
    old, new = (VIEWS.sub("", ADDRESS.sub("", text)).casefold().split() for text in (before, after))
    changed = [
        word
        for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if op != "equal"
        for word in old[a:b] + new[c:d]
    ]
    is_dated = any(map(str.isdigit, f"{before}{after}"))
    return not changed or (is_dated and len(changed) <= STAMP_CHANGED and max(len(old), len(new)) <= STAMP_WORDS)


def measure(texts: Sequence[tuple[Block, ...]], tally: Tally) -> None:
    anchors: dict[Anchor, None] = {}
    for number, (before, after) in enumerate(pairwise(texts)):
        if number % EVERY == 0:
            anchors |= {Anchor(each.heading, each.text): None for each in filter(has_words, before)}
        pair = pair_up(Text(before), Text(after))
        started = time.perf_counter()
        followed = follow(list(anchors), before, after)
        tally.seconds.append(time.perf_counter() - started)
        for anchor, found in zip(anchors, followed, strict=True):
            kind = judge(anchor, pair)
            if kind == "reworded" and found.fate in STANDING and is_stamp_or_address(anchor.text, found.anchor.text):
                kind = "stamp or address"
            tally.add(kind, anchor, found)
        anchors = {found.anchor: None for found in followed if found.fate is not Fate.GONE}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--history", type=Path, nargs="*", default=[], metavar="FILE.bundle|REPOSITORY")
    parser.add_argument("--verbose", action="store_true", help="print what was followed wrongly")
    args = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for number, history in enumerate(args.history):
            clone = Path(folder, str(number))
            subprocess.run([GIT, "clone", "-q", str(history), str(clone)], check=True)
            for name, texts in iter_git_history(clone):
                measure(texts, tally)
                print(f"{name}: {len(texts)} versions", flush=True)
    for _, texts in () if args.history else iter_invented_history(random.Random(4)):
        measure(texts, tally)
    if args.verbose:
        print("\n".join(tally.wrong))
    for kind, steps in tally.steps.most_common():
        print(f"{kind:<18}{steps:>8} steps {tally.right[kind]:>8} right {tally.right[kind] / steps:8.2%}")
    carried, noticed = tally.share("moved", "renumbered", "recut"), tally.share("reworded", "extended")
    print(f"carried over moves, renumbering and other blocks {carried:.2%}, rewordings noticed {noticed:.2%}")
    seconds = sorted(tally.seconds)
    print(
        f"one pair of versions: {1000 * seconds[len(seconds) // 2]:.0f} ms at the median, {seconds[-1]:.1f} s at worst"
    )
    sys.exit(0 if carried >= LEAST and noticed == 1 else 1)


if __name__ == "__main__":
    main()
