"""The passages of a change as edits: one sentence each, as it read before and after, with the words that changed.

Does not do: saying what an edit means (`findings`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Indel

from monitor.compare.alignment.sequences import Candidate, choose_in_order
from monitor.compare.alignment.words import SegmentOp, fold, mark_words
from monitor.compare.severity.lexicon import read_words
from monitor.model import Passage, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.compare.alignment.words import Segment

MAX_READ, MAX_EDITS = 20_000, 500
"""Characters and number of changed sentences that are read of one change: a policy of ordinary length. Whoever rewrites
more than that is judged by the first of it, in a few hundredths of a second."""
SIMILAR = 0.5
"""Share of words kept in order from which two sentences of one passage are one, reworded; as `blocks.SIMILAR`."""
NEAR = 5
"""So many sentences to each side of the same relative place are compared."""

_ABBREVIATED = r"(?<!\b[A-Z][.])(?<!\bInc[.])(?<!\bNo[.])(?<!\be[.]g[.])(?<!\bi[.]e[.])(?<!\b\d[.])(?<!\b\d\d[.])"
_SENTENCE_END = re.compile(
    rf"\n|<br>|\s\|\s|(?<=[。\uff01\uff1f])|(?:(?<=[;!?…])|(?<=[.][\"”’»)])|(?<=[.]){_ABBREVIATED})\s+(?![a-zà-ÿ])"
)
"""A line, a table cell, or a full stop that is not one of "U.S. law", "Inc. (“we”)", "e.g. Spain", "4. Scope"."""


class Span(NamedTuple):
    """Words, perhaps none, with the rest of their sentence."""

    ahead: str
    words: str
    behind: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Words that were replaced in a sentence that stayed."""

    removed: Span
    added: Span


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence before and after: "" where it did not stand yet or stands no more.

    Where a sentence came or went, the one hunk is all of it.
    """

    before: str
    after: str
    hunks: tuple[Hunk, ...]
    passage: Passage

    @property
    def removed(self) -> str:
        return " ".join(hunk.removed.words for hunk in self.hunks)

    @property
    def added(self) -> str:
        return " ".join(hunk.added.words for hunk in self.hunks)


def find_edits(passages: Sequence[Passage]) -> list[Edit]:
    """The edits that these passages make, in their order; of a very large change the first (`MAX_READ`, `MAX_EDITS`).

    A sentence that left one passage and stands in another, word by word, has only moved and is no edit. Nor is one of
    which no word changed, but the white space before a sign.
    """
    found = _iter_bounded(edit for passage in _join_rewritten(passages) for edit in _iter_edits(passage))
    edits = [edit for edit in found if edit.hunks]
    stayed = Counter(edit.before for edit in edits) & Counter(edit.after for edit in edits)
    del stayed[""]
    return [edit for edit in edits if edit.before not in stayed and edit.after not in stayed] if stayed else edits


def _iter_bounded(edits: Iterator[Edit]) -> Iterator[Edit]:
    read = 0
    for edit in islice(edits, MAX_EDITS):
        yield edit
        read += len(edit.before) + len(edit.after)
        if read > MAX_READ:
            return


def _join_rewritten(passages: Sequence[Passage]) -> Iterator[Passage]:
    """The passages, with what was removed and then added under one heading as one: it may hold the same sentences."""
    waiting: Passage | None = None
    for passage in passages:
        if waiting and _is_rewritten(waiting, passage):
            waiting = Passage(PassageOp.REWORDED, passage.heading, waiting.before, passage.after)
            continue
        if waiting:
            yield waiting
        waiting = passage
    if waiting:
        yield waiting


def _is_rewritten(passage: Passage, following: Passage) -> bool:
    ops = (passage.op, following.op)
    return ops == (PassageOp.REMOVED, PassageOp.ADDED) and passage.heading == following.heading


def _iter_edits(passage: Passage) -> Iterator[Edit]:
    """What became of each sentence: gone ones where they stood, before those that came."""
    if passage.before == passage.after:
        return
    old, new = _sentences_below_heading(passage.before, passage), _sentences_below_heading(passage.after, passage)
    kept = Counter(map(fold, old)) & Counter(map(fold, new))
    gone = [sentence for sentence in old if fold(sentence) not in kept]
    come = [sentence for sentence in new if fold(sentence) not in kept]
    counterparts = {pair.old: pair.new for pair in choose_in_order(_find_similar(gone, come))}
    for at, sentence in enumerate(gone):
        if at in counterparts:
            yield _reword(sentence, come[counterparts[at]], passage)
        else:
            yield Edit(sentence, "", (Hunk(_all_of(sentence), _NOTHING),), passage)
    for at in sorted(set(range(len(come))) - set(counterparts.values())):
        yield Edit("", come[at], (Hunk(_NOTHING, _all_of(come[at])),), passage)


def _all_of(sentence: str) -> Span:
    return Span("", sentence, "")


_NOTHING = Span("", "", "")


def _sentences_below_heading(text: str, passage: Passage) -> list[str]:
    """The sentences of one side; the heading of a whole section says no more than they do."""
    sentences = split_sentences(text[:MAX_READ])[:MAX_EDITS]
    is_section = len(sentences) > 1 and fold(sentences[0]) == fold("".join(passage.heading[-1:]))
    return sentences[1:] if is_section else sentences


def split_sentences(text: str) -> list[str]:
    """The sentences, lines and table cells of a text that have words."""
    parts = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in parts if any(map(str.isalnum, part))]


def _find_similar(old: Sequence[str], new: Sequence[str]) -> Iterator[Candidate]:
    """Which sentences are like each other; numbers are no likeness, as in "Effective 1 May 2026"."""
    words = [[word for word in read_words(sentence) if not word.isdigit()] for sentence in new]
    for i, sentence in enumerate(old):
        own = [word for word in read_words(sentence) if not word.isdigit()]
        centre = i * len(new) // len(old)
        for j in range(max(0, centre - NEAR), min(len(new), centre + NEAR + 1)):
            score = Indel.normalized_similarity(own, words[j], score_cutoff=SIMILAR)
            if score:
                yield Candidate(i, j, score)


def _reword(before: str, after: str, passage: Passage) -> Edit:
    return Edit(before, after, tuple(_iter_hunks(mark_words(before, after), before, after)), passage)


def _iter_hunks(segments: Sequence[Segment], before: str, after: str) -> Iterator[Hunk]:
    """A removed and an added segment in a row are one hunk; white space is none."""
    i = j = 0
    for removed, added, same in _iter_changes(segments):
        hunk = Hunk(_span(before, i, i + len(removed)), _span(after, j, j + len(added)))
        if hunk.removed.words or hunk.added.words:
            yield hunk
        i += len(removed) + len(same)
        j += len(added) + len(same)


def _iter_changes(segments: Sequence[Segment]) -> Iterator[tuple[str, str, str]]:
    """The removed and the added text of each change, and what is the same after it."""
    texts = dict.fromkeys(SegmentOp, "")
    for segment in segments:
        texts[segment.op] = segment.text
        if segment.op is SegmentOp.SAME:
            yield texts[SegmentOp.REMOVED], texts[SegmentOp.ADDED], segment.text
            texts = dict.fromkeys(SegmentOp, "")
    yield texts[SegmentOp.REMOVED], texts[SegmentOp.ADDED], ""


def _span(text: str, start: int, stop: int) -> Span:
    return Span(text[:start].strip(), text[start:stop].strip(), text[stop:].strip())
