"""What kind of change it is, why, how severe, and in one line: the judgement of two texts by simple means.

| The texts differ in                                               | Kind          |
|-------------------------------------------------------------------|---------------|
| nothing                                                           | None          |
| link targets, perhaps also white space                            | `links`       |
| white space, typographic signs, block boundaries, block kinds     | `whitespace`  |
| the order of blocks, perhaps also any of the above                | `moved`       |
| words                                                             | `substantive` |

A new entry of a feed is an announcement, MEDIUM at most. Every quiet kind is LOW.

Does not do: kinds that need a history (`reverted`, `re-extracted`), which the caller decides and asks `quiet` for;
kinds that need to know what a text is about (`editorial`, `date_tick`, `boilerplate`, `translation`, `renumbered`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from monitor.compare.blocks import align, find_passages
from monitor.compare.citations import find_citations
from monitor.compare.dates import find_changed_dates
from monitor.compare.grouping import fingerprint
from monitor.compare.severity import weigh
from monitor.compare.summary import LENGTH, shorten, summarise
from monitor.model import UNKNOWN_ORIGIN, BlockKind, ChangeKind, Judgement, Passage, PassageOp, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.model import Block, Origin

MAX_ENTRY_PASSAGES = 40
"""A feed entry of more paragraphs is an attached document; the rest of it is read as one passage."""


def compare(before: Sequence[Block], after: Sequence[Block], origin: Origin = UNKNOWN_ORIGIN) -> Judgement | None:
    """What changed from one text to the next; None when they are equal in text, kinds, headings and links.

    `origin` is that of `after`.
    """
    if tuple(before) == tuple(after):
        return None
    passages = find_passages(align(before, after))
    if not passages:
        return _judge_unworded(before, after)
    if all(passage.op is PassageOp.MOVED for passage in passages):
        reason = f"paragraphs in another order ({_count_ops(passages)})"
        return Judgement(ChangeKind.MOVED, reason, Severity.LOW, summarise(passages), passages)
    return _judge_worded(_count_ops(passages), passages, origin)


def first(blocks: Sequence[Block]) -> Judgement:
    """The first look at a Document: nothing changed, everything is known from now on."""
    words = sum(len(block.text.split()) for block in blocks)
    return Judgement(ChangeKind.FIRST, "first look", Severity.LOW, f"first look at {words:,} words", ())


def published(blocks: Sequence[Block], title: str, origin: Origin = UNKNOWN_ORIGIN) -> Judgement:
    """A new entry of a feed that is watched already: every paragraph is new, its headings stand in the paths."""
    paragraphs = [block for block in blocks if block.kind is not BlockKind.HEADING]
    passages = [Passage(PassageOp.ADDED, block.heading, "", block.text) for block in paragraphs[:MAX_ENTRY_PASSAGES]]
    if rest := paragraphs[MAX_ENTRY_PASSAGES:]:
        passages.append(Passage(PassageOp.ADDED, rest[0].heading, "", "\n".join(block.text for block in rest)))
    judgement = _judge_worded("new entry published", tuple(passages), origin)
    severity = Severity.LOW if judgement.severity is Severity.LOW else Severity.MEDIUM
    return replace(judgement, severity=severity, summary=shorten(title, LENGTH))


def quiet(kind: ChangeKind, reason: str) -> Judgement:
    """A change that people are not told of, with the reason why."""
    return Judgement(kind, reason, Severity.LOW, reason, ())


def _judge_unworded(before: Sequence[Block], after: Sequence[Block]) -> Judgement:
    old, new = ([link for block in blocks for link in block.links] for blocks in (before, after))
    if changed := Levenshtein.distance(old, new):
        return quiet(ChangeKind.LINKS, f"only link targets differ ({changed} of {max(len(old), len(new))})")
    return quiet(
        ChangeKind.WHITESPACE, "only white space, invisible characters, typographic signs or block boundaries differ"
    )


def _judge_worded(reason: str, passages: tuple[Passage, ...], origin: Origin) -> Judgement:
    severity, aspects = weigh(passages)
    return Judgement(
        kind=ChangeKind.SUBSTANTIVE,
        reason=reason,
        severity=severity,
        summary=summarise(passages) or reason,
        passages=passages,
        citations=find_citations("\n".join(_worded_texts(passages))),
        dates=find_changed_dates(passages, origin),
        aspects=aspects,
        fingerprint=fingerprint(passages),
    )


def _worded_texts(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        if passage.op is not PassageOp.MOVED:
            yield passage.before
            yield passage.after


def _count_ops(passages: Sequence[Passage]) -> str:
    """How many of each, the most frequent first: 2 passages reworded, 1 added."""
    counts = Counter(passage.op for passage in passages).most_common()
    noun = "passage" if counts[0][1] == 1 else "passages"
    return ", ".join(f"{count} {noun} {op}" if not at else f"{count} {op}" for at, (op, count) in enumerate(counts))
