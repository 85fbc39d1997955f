"""What kind of change it is, why, how severe, and in one line: the judgement of two texts by simple means.

| The texts differ in                                               | Kind          |
|-------------------------------------------------------------------|---------------|
| nothing                                                           | None          |
| link targets, perhaps also white space                            | `links`       |
| white space, typographic signs, block boundaries, block kinds     | `whitespace`  |
| the order of blocks, perhaps also any of the above                | `moved`       |
| words                                                             | `substantive` |

Severity of a substantive change: HIGH when a word that changed inside a passage obliges, forbids, permits or excepts,
or holds a digit (ages, amounts, dates, deadlines), and when a whole passage that came or went obliges or forbids:
almost any paragraph holds a digit or a "not". Otherwise LOW when at most FEW_WORDS words changed, MEDIUM above. A new
entry of a feed is an announcement, MEDIUM at most. Every other kind is LOW.

Does not do: kinds that need a history (`reverted`, `re-extracted`), which the caller decides and asks `quiet` for;
kinds that need to know what a text is about (`editorial`, `date_tick`, `boilerplate`, `translation`, `renumbered`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from monitor.compare.blocks import align, find_passages
from monitor.compare.citations import find_citations
from monitor.compare.words import SegmentOp, changed_words, cut_quote, mark_words, split_words
from monitor.model import BlockKind, ChangeKind, Judgement, Passage, PassageOp, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.model import Block

FEW_WORDS = 8
"""Up to a short phrase; more changed words are read as more than a matter of wording."""
SUMMARY_LENGTH = 160
"""Characters: one line of a digest, of a terminal that is wide, of a notification."""
SUMMARY_HEADING = 60
"""Characters of it that the heading may take, so that the words have room."""
SUMMARY_WORDS, SUMMARY_FEWER_WORDS = 10, 4
"""Of each quote; the fewer where the line would be too long."""
BESIDE = 2
"""Unchanged words beside the decisive change."""
MAX_ENTRY_PASSAGES = 40
"""A feed entry of more paragraphs is an attached document; the rest of it is read as one passage."""

_WEIGHTY = re.compile(
    r"\d|\b(?:must|shall|may|cannot|can['\u2019]t|no|not|never|only|unless|except|requir\w+|mandatory|oblig\w+|prohibit\w*|"
    r"forbid\w*|forbidden|ban|bans|banned|illegal|unlawful|permit\w*|allow\w*)\b",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:must|shall|cannot|can['\u2019]t|never|(?:do|does|may|is|are) not|not (?:allowed|permitted)|requir\w+|"
    r"mandatory|oblig\w+|prohibit\w*|forbid\w*|forbidden|ban|bans|banned|illegal|unlawful)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"\n|(?<=[.!?;])\s+")


def compare(before: Sequence[Block], after: Sequence[Block]) -> Judgement | None:
    """What changed from one text to the next; None when they are equal in text, kinds, headings and links."""
    if tuple(before) == tuple(after):
        return None
    passages = find_passages(align(before, after))
    if not passages:
        return _judge_unworded(before, after)
    if all(passage.op is PassageOp.MOVED for passage in passages):
        reason = f"paragraphs in another order ({_count_ops(passages)})"
        return Judgement(ChangeKind.MOVED, reason, Severity.LOW, _summarise(passages[0]), passages)
    return _judge_worded(_count_ops(passages), passages)


def first(blocks: Sequence[Block]) -> Judgement:
    """The first look at a Document: nothing changed, everything is known from now on."""
    words = sum(len(block.text.split()) for block in blocks)
    return Judgement(ChangeKind.FIRST, "first look", Severity.LOW, f"first look at {words:,} words", ())


def published(blocks: Sequence[Block], title: str) -> Judgement:
    """A new entry of a feed that is watched already: every paragraph is new, its headings stand in the paths."""
    paragraphs = [block for block in blocks if block.kind is not BlockKind.HEADING]
    passages = [Passage(PassageOp.ADDED, block.heading, "", block.text) for block in paragraphs[:MAX_ENTRY_PASSAGES]]
    if rest := paragraphs[MAX_ENTRY_PASSAGES:]:
        passages.append(Passage(PassageOp.ADDED, rest[0].heading, "", "\n".join(block.text for block in rest)))
    judgement = _judge_worded("new entry published", tuple(passages))
    severity = Severity.LOW if judgement.severity is Severity.LOW else Severity.MEDIUM
    return replace(judgement, severity=severity, summary=_shorten(title, SUMMARY_LENGTH))


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


def _judge_worded(reason: str, passages: tuple[Passage, ...]) -> Judgement:
    decisive = next((passage for passage in passages if _WEIGHTY.search(_changed_text(passage))), None)
    told = decisive or next((passage for passage in passages if passage.op is not PassageOp.MOVED), None)
    return Judgement(
        kind=ChangeKind.SUBSTANTIVE,
        reason=reason,
        severity=Severity.HIGH if any(map(_is_grave, passages)) else _severity_by_length(passages),
        summary=_summarise(told) if told else reason,
        passages=passages,
        citations=find_citations("\n".join(_worded_texts(passages))),
    )


def _is_grave(passage: Passage) -> bool:
    return bool((_WEIGHTY if passage.op is PassageOp.REWORDED else _DUTY).search(_changed_text(passage)))


def _changed_text(passage: Passage) -> str:
    """The removed and the added words; nothing of a passage that only moved."""
    if passage.op is PassageOp.MOVED:
        return ""
    if passage.op is PassageOp.REWORDED:
        return " ".join(changed_words(passage.before, passage.after))
    return passage.before or passage.after


def _severity_by_length(passages: Iterable[Passage]) -> Severity:
    """Counts no further than needed."""
    counts = accumulate(len(split_words(_changed_text(passage))) for passage in passages)
    return Severity.MEDIUM if any(count > FEW_WORDS for count in counts) else Severity.LOW


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


def _summarise(passage: Passage) -> str:
    """The heading and the decisive words, quoted."""
    heading = _shorten(" \u203a ".join(passage.heading[-2:]), SUMMARY_HEADING)
    prefix = f"{heading}: " if heading else ""
    part = _decisive_part(passage)
    line = prefix + _quote(part, SUMMARY_WORDS)
    if len(line) > SUMMARY_LENGTH:
        line = prefix + _quote(part, SUMMARY_FEWER_WORDS)
    return _shorten(line, SUMMARY_LENGTH)


def _decisive_part(passage: Passage) -> Passage:
    """Of a reworded passage the change with weight and the words beside it, of any other the sentence with weight."""
    cut = _decisive_change if passage.op is PassageOp.REWORDED else _decisive_sentences
    before, after = cut(passage.before, passage.after)
    return replace(passage, before=before, after=after)


def _decisive_change(before: str, after: str) -> tuple[str, str]:
    segments = mark_words(before, after)
    changes = [at for at, segment in enumerate(segments) if segment.op is not SegmentOp.SAME]
    at = next((at for at in changes if _WEIGHTY.search(segments[at].text)), changes[0])
    start = at - 1 if at - 1 in changes else at
    stop = start + 2 if start + 1 in changes else start + 1
    ahead = " ".join(split_words(segments[start - 1].text)[-BESIDE:]) if start else ""
    behind = " ".join(split_words(segments[stop].text)[:BESIDE]) if stop < len(segments) else ""
    removed, added = (
        "".join(segment.text for segment in segments[start:stop] if segment.op is op)
        for op in (SegmentOp.REMOVED, SegmentOp.ADDED)
    )
    return f"{ahead} {removed} {behind}", f"{ahead} {added} {behind}"


def _decisive_sentences(before: str, after: str) -> tuple[str, str]:
    return _decisive_sentence(before), _decisive_sentence(after)


def _decisive_sentence(text: str) -> str:
    sentences = _SENTENCE_END.split(text)
    return next((sentence for sentence in sentences if _WEIGHTY.search(sentence)), sentences[0])


def _quote(passage: Passage, limit: int) -> str:
    before, after = cut_quote(passage, limit)
    if passage.op is PassageOp.REWORDED:
        return f'"{before}" → "{after}"'
    return f'{passage.op} "{after or before}"'


def _shorten(text: str, length: int) -> str:
    """The text on one line, cut to `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
