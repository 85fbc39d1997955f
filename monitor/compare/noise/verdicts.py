"""What each changed passage of an alignment is: rule text, or one of the quiet classes, with the noun people know.

Three looks, each at what the one before left open:

1. stretches: what was rewritten at one place differs in form only, or in addresses, stamps, spelling (`judge_pair`);
2. places: what went here came back there in the same wording but for these;
3. blocks: what came or went is an aside, a stamp, an address.

Whatever is left is rule text: in doubt it is told.

Does not do: naming the kind of the whole change (`kinds`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.compare.noise.addresses import fills_blanks, mask_addresses
from monitor.compare.noise.boilerplate import Surroundings
from monitor.compare.noise.form import has_same_sentences, spell, spell_all, spell_unnumbered, split_sentences
from monitor.compare.noise.ticks import is_bare_date, is_generated_date, is_stamp, mask_ticks
from monitor.compare.noise.typos import is_polished
from monitor.compare.noise.variants import find_languages, is_other_edition, is_same_but_for_spelling
from monitor.model import BlockKind, ChangeKind, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.compare.alignment.blocks import Step
    from monitor.model import Block

MAX_TICKING = 60
"""Characters by which a text can grow or shrink when only its stamps and counters change."""
FEW_WORDS = 20
MAX_PAIR = 40_000
"""Characters of a wording that is held word by word against another."""
MAX_STEPS, MAX_CHARACTERS = 1_000, 250_000
"""Of what changed, up to which each part is judged by itself: 1 ms a step, 1 s for 300,000 characters. The largest
rewrite of 700 real ones has 450 steps."""
MAX_TICKED = 20_000
"""Characters of a text that is searched for stamps; whole documents that changed have other news."""
NEAR = 0.3
"""Share of its length by which a text can grow or shrink when its addresses are written otherwise."""
HEAD = 10
"""Blocks at the beginning of a text, where its title and dates stand."""
FEW_REPEATED, REPEATED_WORDS = 3, 40
"""So many blocks of so many words in all, each standing elsewhere too, are a second copy and no second rule."""
MOST = 0.5
"""Share of both texts that is in another language when a text was translated; less is a part of a text in two."""
ALIKE = 0.8
"""How near the numbers of blocks that went and came are when a part of a text was translated."""
MANY_PLACES = 8
"""Passages that are only missing, or only come back, at so many places tell of a page that was loaded in part."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`noun` names what it is, in the singular: "counter", "link to another text"."""

    kind: ChangeKind
    noun: str


GRAVITY = (
    ChangeKind.WHITESPACE,
    ChangeKind.LINKS,
    ChangeKind.MOVED,
    ChangeKind.RENUMBERED,
    ChangeKind.DATE_TICK,
    ChangeKind.BOILERPLATE,
    ChangeKind.TRANSLATION,
    ChangeKind.EDITORIAL,
    ChangeKind.SUBSTANTIVE,
)
"""Of several kinds in one change, the last of these names it."""

RULE_TEXT = Verdict(ChangeKind.SUBSTANTIVE, "passage")
_FORM = Verdict(ChangeKind.WHITESPACE, "change of form")
_PUNCTUATION = Verdict(ChangeKind.EDITORIAL, "change of punctuation or capitals")
_NUMBERING = Verdict(ChangeKind.RENUMBERED, "clause number")
_ADDRESS = Verdict(ChangeKind.LINKS, "address")
_TICK = Verdict(ChangeKind.DATE_TICK, "stamp, clock or counter")
_SPELLING = Verdict(ChangeKind.TRANSLATION, "spelling of another region")
_POLISH = Verdict(ChangeKind.EDITORIAL, "correction of spelling or style")
_MOVED = Verdict(ChangeKind.MOVED, "moved passage")
_BARE_ADDRESS = Verdict(ChangeKind.EDITORIAL, "address")
_HEADING = Verdict(ChangeKind.EDITORIAL, "heading")
_SIGNS = Verdict(ChangeKind.WHITESPACE, "ornament")
_LINK = Verdict(ChangeKind.EDITORIAL, "link")
_PARTS = Verdict(ChangeKind.EDITORIAL, "passage at one of many places, nothing else")
_REPEATED = Verdict(ChangeKind.BOILERPLATE, "passage that still stands elsewhere")


def judge_steps(before: Sequence[Block], after: Sequence[Block], steps: Sequence[Step]) -> list[Verdict | None]:
    """The verdict of each step of the alignment of two texts; None for what was kept."""
    judge = _Judge(before, after, steps)
    judge.judge_translation()
    if not judge.is_too_much():
        judge.judge_closely()
    return [judge.verdicts.get(at, RULE_TEXT) if step.op else None for at, step in enumerate(steps)]


def judge_pair(old: Sequence[str], new: Sequence[str]) -> Verdict | None:
    """In what two wordings of one place differ, each as the texts of its blocks; None where it is more than that."""
    if spell_all(old) == spell_all(new):
        return _FORM if has_same_sentences(old, new) else _PUNCTUATION
    if spell_unnumbered(old) == spell_unnumbered(new):
        return _NUMBERING
    if sum(map(len, old)) > MAX_PAIR:
        return None
    if not (_is_near(sum(map(len, old)), sum(map(len, new))) and _shares_words(" ".join(old), " ".join(new))):
        return None
    return _judge_near([mask_addresses(text) for text in old], [mask_addresses(text) for text in new], (old, new))


def _judge_near(old: Sequence[str], new: Sequence[str], written: tuple[Sequence[str], Sequence[str]]) -> Verdict | None:
    """The same of texts without their addresses; with them they are `written`."""
    if spell_unnumbered(old) == spell_unnumbered(new) or fills_blanks(*map(" ".join, written)):
        return _ADDRESS
    if _is_tick(old, new):
        return _TICK
    if is_same_but_for_spelling("\n".join(old), "\n".join(new)):
        return _SPELLING
    is_polish = len(old) == len(new) and all(map(is_polished, *written))
    return _POLISH if is_polish else None


def _is_near(one: int, other: int) -> bool:
    """Whether two lengths leave room for no more than addresses, stamps and spellings."""
    return abs(one - other) <= MAX_TICKING + NEAR * max(one, other)


def _shares_words(old: str, new: str) -> bool:
    """Whether at least half of the words of two texts are the same; of a few words it is believed."""
    ours, theirs = set(old.split()), set(new.split())
    most = max(len(ours), len(theirs))
    return most <= FEW_WORDS or 2 * len(ours & theirs) >= most


def _is_tick(old: Sequence[str], new: Sequence[str]) -> bool:
    length = sum(map(len, old))
    if length > MAX_TICKED or abs(length - sum(map(len, new))) > MAX_TICKING:
        return False
    if spell_unnumbered(map(mask_ticks, old)) == spell_unnumbered(map(mask_ticks, new)):
        return True
    return len(old) == len(new) == 1 and is_generated_date(old[0], new[0])


class _Judge:
    """The verdicts so far, by the number of the step."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block], steps: Sequence[Step]) -> None:
        self.verdicts: dict[int, Verdict] = {at: _MOVED for at, step in enumerate(steps) if step.op is PassageOp.MOVED}
        self._steps = steps
        self._texts = (before, after)

    def _iter_open(self) -> Iterator[tuple[int, Step]]:
        """The steps that no look has explained yet."""
        return ((at, step) for at, step in enumerate(self._steps) if step.op and at not in self.verdicts)

    def _judge_open(self, verdict: Verdict) -> None:
        self.verdicts |= {at: verdict for at, _ in self._iter_open()}

    def is_too_much(self) -> bool:
        """Whether so much changed that some of it is rule text for certain, and judging each part would take long."""
        open_ = [step for _, step in self._iter_open()]
        return len(open_) > MAX_STEPS or sum(map(len, _join(open_))) > MAX_CHARACTERS

    def judge_closely(self) -> None:
        self.judge_stretches()
        self.judge_places()
        self.judge_blocks()
        self.judge_edition()
        self.judge_order()
        self.judge_parts()

    def judge_translation(self) -> None:
        """Most of the text, or as many blocks as there were before."""
        open_ = [step for _, step in self._iter_open()]
        texts = _join(open_)
        counts = sum(len(step.before) for step in open_), sum(len(step.after) for step in open_)
        is_most = all(len(part) >= MOST * _length(whole) for part, whole in zip(texts, self._texts, strict=True))
        if is_most or min(counts) >= ALIKE * max(counts):
            languages = find_languages(*texts)
            if languages:
                self._judge_open(
                    Verdict(ChangeKind.TRANSLATION, f"passage in {languages[1]} instead of {languages[0]}")
                )

    def judge_stretches(self) -> None:
        """Runs of steps between what was kept, as blocks may have been cut elsewhere, then each step alone."""
        for _, run in groupby(enumerate(self._steps), key=lambda numbered: bool(numbered[1].op)):
            stretch = [(at, step) for at, step in run if step.op and at not in self.verdicts]
            if len(stretch) > 1:
                self._judge_stretch(stretch)
        for numbered in list(self._iter_open()):
            self._judge_stretch([numbered])

    def _judge_stretch(self, stretch: Sequence[tuple[int, Step]]) -> None:
        old = [block.text for _, step in stretch for block in step.before]
        new = [block.text for _, step in stretch for block in step.after]
        verdict = judge_pair(old, new) if old and new else None
        if verdict:
            self.verdicts |= {at: verdict for at, _ in stretch}

    def judge_places(self) -> None:
        """Steps all of whose blocks went at one place and came back at another."""
        ops = {step.op for _, step in self._iter_open()}
        if not ops >= {PassageOp.ADDED, PassageOp.REMOVED}:
            return
        gone, come = (self._collect(side) for side in (0, 1))
        for at, step in list(self._iter_open()):
            pools = ((step.before, come), (step.after, gone))
            found = [_take(block.text, pool) for blocks, pool in pools for block in blocks]
            if step.op is not PassageOp.REWORDED and all(found):
                self.verdicts[at] = _gravest(verdict for verdict in found if verdict)

    def _collect(self, side: int) -> dict[str, list[str]]:
        """The texts that open steps removed (0) or added (1), by what is left of them without ticks and addresses."""
        pool: defaultdict[str, list[str]] = defaultdict(list)
        for _, step in self._iter_open():
            if step.op is not PassageOp.REWORDED:
                for block in (step.before, step.after)[side]:
                    pool[_key(block.text)].append(block.text)
        return pool

    def judge_blocks(self) -> None:
        open_ = list(self._iter_open())
        if not open_:
            return
        sides = [_Side(own, other) for own, other in (self._texts, self._texts[::-1])]
        for at, step in open_:
            verdicts = [
                verdict
                for side, blocks in zip(sides, (step.before, step.after), strict=True)
                for verdict in side.judge(blocks)
            ]
            if RULE_TEXT not in verdicts:
                self.verdicts[at] = _gravest(verdicts)

    def judge_edition(self) -> None:
        """The same text for readers in another region: not only spelled, but worded a little otherwise throughout."""
        open_ = [step for _, step in self._iter_open()]
        if not open_ or any(step.op is not PassageOp.REWORDED for step in open_):
            return
        reworded = [step for step in self._steps if step.op is PassageOp.REWORDED]
        is_edition, rules = is_other_edition(*_join(reworded))
        if is_edition:
            kind = ChangeKind.EDITORIAL if rules else ChangeKind.TRANSLATION
            self._judge_open(Verdict(kind, "wording of another region"))

    def judge_order(self) -> None:
        """The same sentences under other points."""
        old, new = _join(step for _, step in self._iter_open())
        if old and Counter(split_sentences(old)) == Counter(split_sentences(new)):
            self._judge_open(_MOVED)

    def judge_parts(self) -> None:
        """Where a publisher edits a text at many places, some of it is reworded."""
        open_ = list(self._iter_open())
        places = {at - number for number, (at, _) in enumerate(open_)}
        ops = {step.op for _, step in open_}
        if len(places) >= MANY_PLACES and len(ops) == 1 and PassageOp.REWORDED not in ops:
            self._judge_open(_PARTS)


class _Side:
    """One text, to judge what came or went of it by what it is and what surrounds it."""

    def __init__(self, own: Sequence[Block], other: Sequence[Block]) -> None:
        self._surroundings = Surroundings(own)
        self._numbers = {id(block): number for number, block in enumerate(own)}
        self._others = {block.text for block in other}
        self._other_headings = {spell(block.text) for block in other if block.kind is BlockKind.HEADING}

    def judge(self, blocks: Sequence[Block]) -> list[Verdict]:
        if _is_repeated(blocks, self._others):
            return [_REPEATED]
        verdicts: list[Verdict] = []
        for block in blocks:
            verdicts.append(self._judge_block(block, self._numbers.get(id(block))))
            if verdicts[-1] is RULE_TEXT:  # which settles it, of however many
                break
        return verdicts

    def _judge_block(self, block: Block, number: int | None) -> Verdict:
        if block.kind is BlockKind.HEADING and spell(block.text) in self._other_headings:
            return _REPEATED
        text = mask_addresses(block.text)
        if not spell(text):
            return _SIGNS if text == block.text else _BARE_ADDRESS
        if is_stamp(block.text) or (is_bare_date(block.text) and number is not None and number < HEAD):
            return _TICK
        if number is not None:
            return self._judge_in_place(block, number)
        return _HEADING if block.kind is BlockKind.HEADING else RULE_TEXT

    def _judge_in_place(self, block: Block, number: int) -> Verdict:
        """By what stands around it."""
        if number < HEAD and self._surroundings.names_document(number):
            return _REPEATED
        if noun := self._surroundings.name_aside(number):
            return Verdict(ChangeKind.BOILERPLATE, noun)
        if self._surroundings.is_lone_link(number):
            return _LINK
        return _HEADING if block.kind is BlockKind.HEADING or self._surroundings.is_title(number) else RULE_TEXT


def _is_repeated(blocks: Sequence[Block], others: set[str]) -> bool:
    words = sum(block.text.count(" ") + 1 for block in blocks)
    return len(blocks) >= FEW_REPEATED and words >= REPEATED_WORDS and all(block.text in others for block in blocks)


@lru_cache(maxsize=50_000)
def _key(text: str) -> str:
    return spell(mask_ticks(mask_addresses(text)))


def _take(text: str, pool: dict[str, list[str]]) -> Verdict | None:
    """In what a text differs from the one that is taken out of the pool for it: at least in its place."""
    found = pool.get(_key(text))
    verdict = judge_pair([text], [found.pop()]) if found else None
    return _MOVED if verdict is _FORM else verdict


def _gravest(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=lambda verdict: GRAVITY.index(verdict.kind))


def _join(steps: Iterable[Step]) -> tuple[str, str]:
    """What the steps removed and what they added, a line for each block."""
    old: list[str] = []
    new: list[str] = []
    for step in steps:
        old += (block.text for block in step.before)
        new += (block.text for block in step.after)
    return "\n".join(old), "\n".join(new)


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)
