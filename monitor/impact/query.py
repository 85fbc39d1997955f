"""What a change asks the library: weighted stems, from the changed words and their clause, never the whole text.

In a reworded passage the clauses that stand on one side only are set against each other; the words that differ count
fully, what both sides share and the nearest heading count as context (headings further up mostly name the document). A
moved passage says nothing new and asks nothing.

The old and the new wording are asked apart, because a procedure restates one of them, mostly the old one. And so is
each heading: changes under different headings are different subjects, and one query for all would find the sections
that have a little of each.

Does not do: comparing texts properly (that made the passages), looking anything up.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from monitor.impact.words import stems
from monitor.model import PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.model import Passage

CONTEXT_WEIGHT = 0.4
"""What an unchanged word of a changed clause, or a word of its heading, counts beside a changed word."""

_CLAUSE_END = re.compile(r"(?<=[.;:!?])\s+|\n+")

Weights = dict[str, float]


def build_queries(passages: Iterable[Passage]) -> list[Weights]:
    """The weight of each stem, for the old and the new wording under each heading; none that are empty."""
    under: dict[tuple[str, ...], list[Passage]] = {}
    for passage in passages:
        if passage.op is not PassageOp.MOVED:
            under.setdefault(passage.heading, []).append(passage)
    return [query for heading, together in under.items() for query in _ask(heading, together) if query]


def _ask(heading: tuple[str, ...], passages: Sequence[Passage]) -> tuple[Weights, Weights]:
    """The query of the old wording of all the passages under one heading, and that of the new."""
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    context: Counter[str] = Counter()
    for passage in passages:
        before, after = _changed_clauses(passage)
        old.update(before - after)  # in place: adding Counters up costs the whole sum each time
        new.update(after - before)
        context.update(before & after)
    nearest = Counter(set(stems(" ".join(heading[-1:]))))
    return _weigh(old, context, nearest), _weigh(new, context, nearest)


def _weigh(changed: Counter[str], context: Counter[str], nearest: Counter[str]) -> Weights:
    if not (changed or context):
        return {}  # a heading alone asks nothing
    context = context + nearest
    return {stem: changed[stem] + CONTEXT_WEIGHT * context[stem] for stem in sorted(changed | context)}


def _changed_clauses(passage: Passage) -> tuple[Counter[str], Counter[str]]:
    """The stems of the clauses that stand only before, and of those that stand only after."""
    before, after = (Counter(_CLAUSE_END.split(text)) for text in (passage.before, passage.after))
    return _count(before - after), _count(after - before)


def _count(clauses: Counter[str]) -> Counter[str]:
    return Counter(stem for clause in clauses.elements() for stem in stems(clause))
