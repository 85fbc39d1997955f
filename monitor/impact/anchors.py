"""Following clauses from one text of a Document to the next: where each stands now, and whether its words changed.

A clause is a block of a text, known by its heading path and its words. It keeps its identity when it moves, when it or
the headings above it are renumbered or renamed, and when it is cut into several blocks or joined to others; an Anchor
of several blocks has a line for each. What a person need not read is no rewording: white space and typographic signs,
link targets, the numbers of clauses, stamps and counters. Everything else is, be it a comma or a whole translation.

Does not do: saying what a rewording means (`monitor.compare.kinds`), storing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import LCSseq

from monitor.compare.alignment.blocks import align
from monitor.compare.alignment.words import fold, split_words, strip_ordinal
from monitor.compare.noise.verdicts import judge_pair, judge_steps
from monitor.model import Anchor, ChangeKind, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.compare.alignment.blocks import Step
    from monitor.compare.noise.verdicts import Verdict
    from monitor.model import Block

_UNREAD = frozenset(
    {ChangeKind.WHITESPACE, ChangeKind.LINKS, ChangeKind.MOVED, ChangeKind.RENUMBERED, ChangeKind.DATE_TICK}
)
"""The verdicts on a changed block that leave its words what they were."""
EDGE = 3
"""Words by which the beginning and the end of a block are known where it was joined to another."""


class Fate(StrEnum):
    """What became of a clause, the best first."""

    KEPT = "kept"
    MOVED = "moved"
    """It stands elsewhere, has another number, or stands below another heading."""
    REWORDED = "reworded"
    GONE = "gone"


_ORDER = tuple(Fate)
_STANDING = frozenset({Fate.KEPT, Fate.MOVED})
_COMING = frozenset({PassageOp.ADDED, PassageOp.REWORDED})


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a clause stands in the later text, in its wording there; of one that is gone, where it stood last."""

    anchor: Anchor
    fate: Fate


def follow(anchors: Iterable[Anchor], before: Sequence[Block], after: Sequence[Block]) -> tuple[Followed, ...]:
    """What became of each clause from one text to the next, in the order of `anchors`.

    Where the same words stand several times, those below the heading of the Anchor are meant, and of these the ones
    that fared best. A clause that stands in neither text is gone; one that was gone and is back has moved there.
    """
    trail = _Trail(before, after)
    return tuple([_follow(anchor, trail) for anchor in anchors])


def is_same_wording(one: str, other: str) -> bool:
    """Whether two clauses say the same, but for white space, typographic signs and the number at their head."""
    return _wording(one) == _wording(other)


class _Trace(NamedTuple):
    """One block of the earlier text, what became of it, and the blocks in which its words stand now."""

    block: Block
    fate: Fate
    after: tuple[Block, ...] = ()


class _Trail:
    """What became of every block of the earlier text, by its words."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        self._texts = (before, after)

    def find(self, heading: tuple[str, ...], line: str) -> _Trace | None:
        """The block meant by these words below this heading."""
        found = self._traces.get(line) or self._traces.get(fold(line)) or ()
        here = [trace for trace in found if trace.block.heading == heading]
        return min(here or found, key=lambda trace: _ORDER.index(trace.fate), default=None)

    def find_back(self, line: str) -> Block | None:
        """A block of the later text with these words."""
        return next(iter(self._standing.get(_wording(line), ())), None)

    @cached_property
    def _traces(self) -> dict[str, list[_Trace]]:
        traces: defaultdict[str, list[_Trace]] = defaultdict(list)
        for trace in _iter_traces(*self._texts):
            for line in {trace.block.text, fold(trace.block.text)}:
                traces[line].append(trace)
        return traces

    @cached_property
    def _standing(self) -> dict[str, list[Block]]:
        return _by_wording(self._texts[1])


def _follow(anchor: Anchor, trail: _Trail) -> Followed:
    lines = anchor.text.split("\n")
    found = [_follow_line(anchor.heading, line, trail) for line in lines]
    blocks = list(dict.fromkeys(block for _, after in found for block in after))
    if not blocks:
        return Followed(anchor, Fate.GONE)
    fates = {fate for fate, _ in found}
    fate = Fate.REWORDED if Fate.GONE in fates else max(fates, key=_ORDER.index)
    return Followed(Anchor(blocks[0].heading, "\n".join(block.text for block in blocks)), fate)


def _follow_line(heading: tuple[str, ...], line: str, trail: _Trail) -> tuple[Fate, tuple[Block, ...]]:
    trace = trail.find(heading, line)
    if trace:
        return trace.fate, trace.after
    back = trail.find_back(line)
    return (Fate.MOVED, (back,)) if back else (Fate.GONE, ())


def _iter_traces(before: Sequence[Block], after: Sequence[Block]) -> Iterator[_Trace]:
    steps = align(before, after)
    elsewhere = _Elsewhere(before, after, steps)
    for step, verdict in zip(steps, judge_steps(before, after, steps), strict=True):
        for trace in _trace_step(step, verdict):
            yield trace if trace.fate in _STANDING else elsewhere.look_for(trace)


def _trace_step(step: Step, verdict: Verdict | None) -> Iterator[_Trace]:
    if not step.after:
        return (_Trace(block, Fate.GONE) for block in step.before)
    if step.op is PassageOp.REWORDED and not _is_unread(verdict) and _join(step.before) != _join(step.after):
        return _trace_reworded(step)
    moved = step.op is PassageOp.MOVED
    return (_Trace(old, _stand(old, new, moved=moved), new) for old, new in _find_places(step.before, step.after))


def _trace_reworded(step: Step) -> Iterator[_Trace]:
    """Rows that follow each other are one step, and not all of them need be reworded."""
    if len(step.before) != len(step.after):
        yield from (_Trace(block, Fate.REWORDED, step.after) for block in step.before)
        return
    for old, new in zip(step.before, step.after, strict=True):
        same = _is_unread(judge_pair([old.text], [new.text]))
        yield _Trace(old, _stand(old, (new,), moved=False) if same else Fate.REWORDED, (new,))


def _join(blocks: Iterable[Block]) -> str:
    return " ".join(fold(block.text) for block in blocks)


def _is_unread(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.kind in _UNREAD


def _stand(old: Block, stands: Sequence[Block], *, moved: bool) -> Fate:
    """Kept or moved, of a block whose words still stand."""
    new = stands[0]
    renumbered = fold(old.text) != fold(new.text) and _wording(old.text) == _wording(new.text)
    renamed = list(map(fold, old.heading)) != list(map(fold, new.heading))
    return Fate.MOVED if moved or renumbered or renamed else Fate.KEPT


def _find_places(before: Sequence[Block], after: Sequence[Block]) -> Iterator[tuple[Block, tuple[Block, ...]]]:
    """Where each block stands, of blocks with the same words that may be cut elsewhere."""
    if [_wording(block.text) for block in before] == [_wording(block.text) for block in after]:
        return ((old, (new,)) for old, new in zip(before, after, strict=True))
    return _find_by_words(before, after)


def _find_by_words(before: Sequence[Block], after: Sequence[Block]) -> Iterator[tuple[Block, tuple[Block, ...]]]:
    """By the words they share: a block stands in those others with which it shares half of the shorter one."""
    old, new = ([split_words(fold(block.text)) for block in blocks] for blocks in (before, after))
    owners = [[at for at, words in enumerate(side) for _ in words] for side in (old, new)]
    shared: Counter[tuple[int, int]] = Counter()
    for same in LCSseq.opcodes(list(chain(*old)), list(chain(*new))).as_matching_blocks():
        spans = (owners[0][same.a : same.a + same.size], owners[1][same.b : same.b + same.size])
        shared.update(zip(*spans, strict=True))
    for i, block in enumerate(before):
        stands = [j for j in range(len(after)) if 2 * shared[i, j] >= max(1, min(len(old[i]), len(new[j])))]
        yield block, tuple(after[j] for j in stands) or tuple(after)


class _Elsewhere:
    """Looks for the words of blocks that are missed at their place, in what came."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block], steps: Sequence[Step]) -> None:
        self._before, self._after = before, after
        self._came = [block for step in steps if step.op in _COMING for block in step.after]

    def look_for(self, trace: _Trace) -> _Trace:
        """The same trace where they are not found."""
        wording = _wording(trace.block.text)
        found = self._new.get(wording)
        if not found and trace.fate is Fate.GONE:
            found = self._standing.get(wording)
        found = found or self._find_joined(trace.block)
        return _Trace(trace.block, Fate.MOVED, tuple(found[:1])) if found else trace

    def _find_joined(self, block: Block) -> list[Block]:
        """The block in which the text stands whole, between the edges of the blocks that it stood between before."""
        text = fold(block.text)
        holders = [(holder, whole.partition(text)) for holder, whole in self._came_folded if text in whole]
        edges = [self._find_edges(at) for at in self._places[block]] if holders else []
        return [
            holder
            for holder, (ahead, _, behind) in holders
            if any(_is_between(ahead.rstrip(), behind.lstrip(), *edge) for edge in edges)
        ]

    def _find_edges(self, at: int) -> tuple[str, str]:
        """The last words of the block before and the first words of the one behind; "" at the ends of the text."""
        previous, following = self._before[max(0, at - 1) : at], self._before[at + 1 : at + 2]
        last = [word for block in previous for word in fold(block.text).split()[-EDGE:]]
        first = [word for block in following for word in fold(block.text).split()[:EDGE]]
        return " ".join(last), " ".join(first)

    @cached_property
    def _new(self) -> dict[str, list[Block]]:
        return _by_wording(self._came)

    @cached_property
    def _standing(self) -> dict[str, list[Block]]:
        return _by_wording(self._after)

    @cached_property
    def _came_folded(self) -> list[tuple[Block, str]]:
        return [(block, fold(block.text)) for block in self._came]

    @cached_property
    def _places(self) -> dict[Block, list[int]]:
        places: defaultdict[Block, list[int]] = defaultdict(list)
        for at, block in enumerate(self._before):
            places[block].append(at)
        return places


def _is_between(ahead: str, behind: str, last: str, first: str) -> bool:
    """Whether nothing is on a side, or what stood there before."""
    return (not ahead or bool(last and ahead.endswith(last))) and (
        not behind or bool(first and behind.startswith(first))
    )


def _by_wording(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    found: defaultdict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        found[_wording(block.text)].append(block)
    return found


def _wording(text: str) -> str:
    return strip_ordinal(fold(text))
