"""What a change asks the library: weighted stems and a few stretches of text, from the changed words and their clause.

In a reworded passage the clauses that stand on one side only are set against each other; the words that differ count
fully, what both sides share and the nearest heading count as context (headings further up mostly name the document). A
moved passage says nothing new and asks nothing. Lines that only number what follows ("164.308(a)(1)") are left out.

Changes under different headings are different subjects and ask apart: one question for all would find the sections that
have a little of each. In words, the old and the new wording ask apart too, because a procedure restates one of them,
mostly the old one. In meaning they are nearly the same, and the new one asks for both.

Does not do: comparing texts properly (that made the passages), looking anything up.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from monitor.impact.words import is_label, stems
from monitor.model import PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.model import Passage

CONTEXT_WEIGHT = 0.4
"""What an unchanged word of a changed clause, or a word of its heading, counts beside a changed word."""
WINDOW_WORDS = 45
"""Words of one window: about as many as a sentence model reads of a query."""
MAX_WINDOWS = 3
"""Windows of one question, spread over its text from the beginning. With all of them, long texts find no better."""

_CLAUSE_END = re.compile(r"(?<=[.;:!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Wording:
    """The old or the new wording: the weight of each stem, and the stems that stand side by side in it."""

    weights: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What changed under one heading."""

    wordings: tuple[Wording, ...]
    windows: tuple[str, ...]
    """Stretches of its text for a sentence model."""


def build_questions(passages: Iterable[Passage]) -> list[Question]:
    """A question for each heading under which something changed; none that is empty."""
    under: dict[tuple[str, ...], list[Passage]] = {}
    for passage in passages:
        if passage.op is not PassageOp.MOVED:
            under.setdefault(passage.heading, []).append(passage)
    questions = (_ask(heading, together) for heading, together in under.items())
    return [each for each in questions if each.wordings]


def sum_weights(questions: Iterable[Question]) -> dict[str, float]:
    """The weighted stems of the whole change."""
    summed: Counter[str] = Counter()
    for wording in chain.from_iterable(question.wordings for question in questions):
        summed.update(wording.weights)
    return dict(summed)


def _ask(heading: tuple[str, ...], passages: Sequence[Passage]) -> Question:
    changed = [_changed_clauses(passage) for passage in passages]
    old = _without_labels([clause for before, _ in changed for clause in before])
    new = _without_labels([clause for _, after in changed for clause in after])
    nearest = "" if is_label(heading[-1] if heading else "") else " ".join(heading[-1:])
    wordings = (_word(old, new, nearest), _word(new, old, nearest))
    return Question(tuple(each for each in wordings if each.weights), _cut_windows(new or old, nearest))


def _changed_clauses(passage: Passage) -> tuple[list[str], list[str]]:
    """The clauses that stand only before, and those that stand only after."""
    before, after = (Counter(_split_clauses(text)) for text in (passage.before, passage.after))
    return list((before - after).elements()), list((after - before).elements())


def _split_clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE_END.split(text) if clause.strip()]


def _without_labels(clauses: Sequence[str]) -> Sequence[str]:
    """The clauses that say something; all of them where none does."""
    return [clause for clause in clauses if not is_label(clause)] or clauses


def _word(clauses: Sequence[str], others: Sequence[str], nearest: str) -> Wording:
    """The wording of `clauses`, in which the words that `others` have too are context."""
    found = [stems(clause) for clause in clauses]
    mine, theirs = Counter(chain.from_iterable(found)), Counter(stem for clause in others for stem in stems(clause))
    changed, context = mine - theirs, mine & theirs
    if not mine:
        return Wording({}, frozenset())  # a heading alone asks nothing
    context += Counter(set(stems(nearest)))
    weights = {stem: changed[stem] + CONTEXT_WEIGHT * context[stem] for stem in sorted(changed | context)}
    return Wording(weights, frozenset(pair for each in found for pair in pairwise(each)))


def _cut_windows(clauses: Sequence[str], nearest: str) -> tuple[str, ...]:
    """Windows of whole clauses where they are short, each below its heading; `MAX_WINDOWS` of them, evenly spread."""
    windows = list(_iter_windows(clauses))
    last = len(windows) - 1
    spread = sorted({round(last * each / (MAX_WINDOWS - 1)) for each in range(MAX_WINDOWS)}) if windows else []
    return tuple(". ".join(filter(None, (nearest, windows[each]))) for each in spread)


def _iter_windows(clauses: Iterable[str]) -> Iterator[str]:
    window: list[str] = []
    for clause in clauses:
        words = clause.split()
        if window and len(window) + len(words) > WINDOW_WORDS:
            yield " ".join(window)
            window = []
        window += words
        while len(window) > WINDOW_WORDS:
            yield " ".join(window[:WINDOW_WORDS])
            window = window[WINDOW_WORDS:]
    if window:
        yield " ".join(window)
