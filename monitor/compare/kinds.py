"""What kind of change it is, why, how severe, and in one line: the judgement of two texts.

| The texts differ in                                              | Kind          | See             |
|------------------------------------------------------------------|---------------|-----------------|
| nothing                                                          | None          |                 |
| a passage of rule text                                           | `substantive` | `verdicts`      |
| wording that changes no rule: a typo, a comma, a heading         | `editorial`   | `typos`, `form` |
| the language, or the spelling of a region                        | `translation` | `variants`      |
| what surrounds the text: navigation, prompts, buttons            | `boilerplate` | `boilerplate`   |
| stamps, clocks, counters                                         | `date_tick`   | `ticks`         |
| the numbers of clauses                                           | `renumbered`  | `blocks`        |
| the order of passages                                            | `moved`       | `blocks`        |
| link targets, or how addresses are written                       | `links`       | `addresses`     |
| white space, signs, bullets, block boundaries, block kinds       | `whitespace`  | `form`          |

Of several the first in this table names the change. The passages of a change that is told are those that made it so;
how many others were kept quiet stands in the reason. A quiet change keeps all its passages, so that it can be audited.
A new entry of a feed is an announcement, MEDIUM at most; so is what is editorial. Every quiet kind is LOW.

Does not do: kinds that need a history (`reverted`, `re-extracted`), which the caller decides and asks `quiet` for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from monitor.compare.alignment.blocks import align, find_passages, find_renumbered
from monitor.compare.alignment.words import changed_words
from monitor.compare.citations import find_citations
from monitor.compare.dates.changed import find_changed_dates
from monitor.compare.grouping import fingerprint
from monitor.compare.noise.verdicts import GRAVITY, judge_steps
from monitor.compare.severity.explain import explain
from monitor.compare.severity.scale import weigh
from monitor.compare.summary import LENGTH, shorten, summarise
from monitor.model import TOLD_KINDS, UNKNOWN_ORIGIN, BlockKind, ChangeKind, Judgement, Passage, PassageOp, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.compare.alignment.blocks import Step
    from monitor.compare.noise.verdicts import Verdict
    from monitor.model import Block, Origin

RULES = "3"
"""Raised whenever the same two texts may be judged otherwise; stored with each Change."""
MAX_ENTRY_PASSAGES = 40
"""A feed entry of more paragraphs is an attached document; the rest of it is read as one passage."""
QUOTE = 40
"""Characters of a stamp or counter that a reason quotes."""


def compare(before: Sequence[Block], after: Sequence[Block], origin: Origin = UNKNOWN_ORIGIN) -> Judgement | None:
    """What changed from one text to the next; None when they are equal in text, kinds, headings and links.

    `origin` is that of `after`.
    """
    if tuple(before) == tuple(after):
        return None
    steps = align(before, after)
    changed = [
        (step, verdict) for step, verdict in zip(steps, judge_steps(before, after, steps), strict=True) if verdict
    ]
    if not changed:
        return _judge_unworded(before, after, steps)
    kind = max((verdict.kind for _, verdict in changed), key=GRAVITY.index)
    return _judge_told(kind, changed, origin) if kind in TOLD_KINDS else _judge_quiet(kind, changed)


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
    judgement = _judge_worded(ChangeKind.SUBSTANTIVE, "new entry published", tuple(passages), origin)
    return _announce(replace(judgement, summary=shorten(title, LENGTH)))


def quiet(kind: ChangeKind, reason: str) -> Judgement:
    """A change that people are not told of, with the reason why."""
    return Judgement(kind, reason, Severity.LOW, reason, ())


def _judge_unworded(before: Sequence[Block], after: Sequence[Block], steps: Sequence[Step]) -> Judgement:
    """Where no passage changed."""
    if renumbered := find_renumbered(steps):
        old, new = renumbered[0]
        example = f'"{shorten(old.text, QUOTE)}" \u2192 "{shorten(new.text, QUOTE)}"'
        return quiet(ChangeKind.RENUMBERED, f"only the numbers of {len(renumbered)} clauses differ ({example})")
    links = [[link for block in blocks for link in block.links] for blocks in (before, after)]
    if changed := Levenshtein.distance(*links):
        return quiet(ChangeKind.LINKS, f"only link targets differ ({changed} of {max(map(len, links))})")
    return quiet(
        ChangeKind.WHITESPACE, "only white space, invisible characters, typographic signs or block boundaries differ"
    )


def _judge_quiet(kind: ChangeKind, changed: Sequence[tuple[Step, Verdict]]) -> Judgement:
    passages = find_passages(step for step, _ in changed)
    reason = f"nothing but {_count_nouns(verdict for _, verdict in changed)}"
    if len(changed) == 1 and passages[0].op is PassageOp.REWORDED:
        old, new = (shorten(words, QUOTE) for words in changed_words(passages[0].before, passages[0].after))
        reason += f' ("{old}" \u2192 "{new}")'
    summary = "" if kind is ChangeKind.WHITESPACE else summarise(passages)
    return Judgement(kind, reason, Severity.LOW, summary or reason, passages)


def _judge_told(kind: ChangeKind, changed: Sequence[tuple[Step, Verdict]], origin: Origin) -> Judgement:
    passages = find_passages(step for step, verdict in changed if verdict.kind in TOLD_KINDS)
    rest = [verdict for _, verdict in changed if verdict.kind not in TOLD_KINDS]
    if kind is ChangeKind.EDITORIAL:
        reason = _count_nouns(verdict for _, verdict in changed if verdict.kind is kind)
    else:
        reason = "; ".join(filter(None, (explain(passages), _count_ops(passages))))
    if rest:
        reason += f"; kept quiet: {_count_nouns(rest)}"
    judgement = _judge_worded(kind, reason, passages, origin)
    return _announce(judgement) if kind is ChangeKind.EDITORIAL else judgement


def _announce(judgement: Judgement) -> Judgement:
    return replace(judgement, severity=Severity.MEDIUM) if judgement.severity is Severity.HIGH else judgement


def _judge_worded(kind: ChangeKind, reason: str, passages: tuple[Passage, ...], origin: Origin) -> Judgement:
    severity, aspects = weigh(passages)
    return Judgement(
        kind=kind,
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


def _count_nouns(verdicts: Iterable[Verdict]) -> str:
    """How many of each, the most frequent first: 2 x counter, 1 x menu."""
    counts = Counter(verdict.noun for verdict in verdicts).most_common()
    return ", ".join(f"{count} \u00d7 {noun}" for noun, count in counts)
