"""What a change asks the library: weighted stems, one query for each heading under which something changed.

Only the changed words and their clause count, never the whole text. In a reworded passage the clauses that stand on
one side only are set against each other; the words that differ count fully, what the clauses share and the headings
above count as context. Both sides are asked, because a procedure restates the old wording, not the new one. A moved
passage says nothing new and asks nothing.

Changes under different headings are different subjects: joined into one query they would find the sections that have
a little of each.

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
"""What an unchanged word of a changed clause, or a word of its headings, counts beside a changed word."""

_CLAUSE_END = re.compile(r"(?<=[.;:!?])\s+|\n+")

Weights = dict[str, float]


def build_queries(passages: Iterable[Passage]) -> list[Weights]:
    """For each heading path with a changed passage, in their order: the weight of each stem, of at least one."""
    under: dict[tuple[str, ...], list[Passage]] = {}
    for passage in passages:
        if passage.op is not PassageOp.MOVED:
            under.setdefault(passage.heading, []).append(passage)
    queries = (_weigh(heading, together) for heading, together in under.items())
    return [query for query in queries if query]


def _weigh(heading: tuple[str, ...], passages: Sequence[Passage]) -> Weights:
    changed: Counter[str] = Counter()
    context = Counter(set(stems(" ".join(heading))))
    for passage in passages:
        before, after = _changed_clauses(passage)
        changed += (before - after) + (after - before)
        context += before & after
    return {stem: changed[stem] + CONTEXT_WEIGHT * context[stem] for stem in (changed | context)}


def _changed_clauses(passage: Passage) -> tuple[Counter[str], Counter[str]]:
    """The stems of the clauses that stand only before, and of those that stand only after."""
    before, after = (Counter(_CLAUSE_END.split(text)) for text in (passage.before, passage.after))
    return _count(before - after), _count(after - before)


def _count(clauses: Counter[str]) -> Counter[str]:
    return Counter(stem for clause in clauses.elements() for stem in stems(clause))
