"""A change in one line that quotes the decisive words.

Does not do: marking words (`monitor.compare.words`), weighing them (`monitor.compare.severity`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.compare.severity import WEIGHTY, changed_text
from monitor.compare.words import SegmentOp, cut_quote, mark_words, split_words
from monitor.model import Passage, PassageOp

if TYPE_CHECKING:
    from collections.abc import Sequence

LENGTH = 160
"""Characters: one line of a digest, of a terminal that is wide, of a notification."""
HEADING = 60
"""Characters of it that the heading may take, so that the words have room."""
WORDS, FEWER_WORDS = 10, 4
"""Of each quote; the fewer where the line would be too long."""
BESIDE = 2
"""Unchanged words beside the decisive change."""

_SENTENCE_END = re.compile(r"\n|(?<=[.!?;])\s+")


def summarise(passages: Sequence[Passage]) -> str:
    """The heading and the decisive words, quoted, of the passage with the most weight; "" where there is none."""
    decisive = next((passage for passage in passages if WEIGHTY.search(changed_text(passage))), None)
    told = decisive or next((passage for passage in passages if passage.op is not PassageOp.MOVED), None)
    shown = told or next(iter(passages), None)
    return _summarise(shown) if shown else ""


def _summarise(passage: Passage) -> str:
    """The heading and the decisive words, quoted."""
    heading = shorten(" \u203a ".join(passage.heading[-2:]), HEADING)
    prefix = f"{heading}: " if heading else ""
    part = _decisive_part(passage)
    line = prefix + _quote(part, WORDS)
    if len(line) > LENGTH:
        line = prefix + _quote(part, FEWER_WORDS)
    return shorten(line, LENGTH)


def _decisive_part(passage: Passage) -> Passage:
    """Of a reworded passage the change with weight and the words beside it, of any other the sentence with weight."""
    cut = _decisive_change if passage.op is PassageOp.REWORDED else _decisive_sentences
    before, after = cut(passage.before, passage.after)
    return replace(passage, before=before, after=after)


def _decisive_change(before: str, after: str) -> tuple[str, str]:
    segments = mark_words(before, after)
    changes = [at for at, segment in enumerate(segments) if segment.op is not SegmentOp.SAME]
    at = next((at for at in changes if WEIGHTY.search(segments[at].text)), changes[0])
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
    return next((sentence for sentence in sentences if WEIGHTY.search(sentence)), sentences[0])


def _quote(passage: Passage, limit: int) -> str:
    before, after = cut_quote(passage, limit)
    if passage.op is PassageOp.REWORDED:
        return f'"{before}" → "{after}"'
    return f'{passage.op} "{after or before}"'


def shorten(text: str, length: int) -> str:
    """The text on one line, cut to `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
