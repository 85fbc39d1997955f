"""What in a Section quotes or restates what changed.

What is quoted is not marked again for its amounts, and what has a changed amount not for being alike.

Does not do: reading files (`places`), writing anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.drafting.marks import Edit, Mark
from monitor.drafting.places import hide_addresses
from monitor.drafting.quotes import iter_quotes
from monitor.drafting.restated import (
    find_gone_amounts,
    find_terms,
    iter_amounts,
    iter_renamed,
    iter_restated,
    read_clauses,
)
from monitor.drafting.rewording import find_words, read_rewording
from monitor.impact.words import stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.drafting.places import Place
    from monitor.drafting.restated import Clause, GoneAmount, Term
    from monitor.drafting.rewording import Rewording
    from monitor.model import Passage, Section

ALIKE = 3
"""Telling words that a passage shares with a Section that it concerns, though nothing there is marked."""


@dataclass(frozen=True, slots=True)
class _Sought:
    """Everything of a Change that a procedure may quote or restate."""

    heading: Sequence[str]
    rewordings: tuple[Rewording, ...]
    amounts: list[GoneAmount]
    terms: list[Term]
    clauses: list[Clause]


def find_marks(text: str, place: Place, heading: Sequence[str], passages: Sequence[Passage]) -> list[Mark]:
    """Every Mark in this place of a text, in reading order. `heading` is the path of headings it stands under."""
    rewordings = tuple(read_rewording(each) for each in passages if each.before != each.after)
    sought = _Sought(
        heading, rewordings, find_gone_amounts(rewordings), find_terms(rewordings), read_clauses(rewordings)
    )
    wording = hide_addresses(text)
    return [
        _shift(mark, block.start)
        for block in place.blocks
        for mark in sorted(_find_in_block(wording[block.start : block.end], sought), key=lambda each: each.start)
    ]


def _find_in_block(block: str, sought: _Sought) -> list[Mark]:
    words = find_words(block)
    marks: list[Mark] = []
    for rewording in sought.rewordings:
        _add_apart(marks, iter_quotes(block, words, rewording))
    _add_apart(marks, iter_amounts(block, sought.heading, sought.amounts))
    _add_apart(marks, iter_renamed(block, words, sought.terms))
    _add_apart(marks, iter_restated(block, sought.heading, sought.clauses))
    return marks


def _add_apart(marks: list[Mark], weaker: Iterator[Mark]) -> None:
    """Add those that overlap none of the stronger ones."""
    marks += [each for each in weaker if not any(each.start < mark.end and mark.start < each.end for mark in marks)]


def _shift(mark: Mark, by: int) -> Mark:
    edits = tuple(Edit(each.start + by, each.end + by, each.new) for each in mark.edits)
    return Mark(mark.start + by, mark.end + by, mark.why, mark.passage, edits)


def choose_passages(passages: Sequence[Passage], marks: Sequence[Mark], section: Section) -> tuple[Passage, ...]:
    """The passages that concern a Section: something there is marked for them, or they share telling words with it.

    All of them where that holds for none.
    """
    changed = tuple(each for each in passages if each.before != each.after)
    own = frozenset(stems(" ".join([*section.heading, section.text])))
    found = tuple(each for each in changed if any(mark.passage is each for mark in marks) or _is_alike(each, own))
    return found or changed


def _is_alike(passage: Passage, own: frozenset[str]) -> bool:
    return len(own.intersection(stems(f"{passage.before} {passage.after}"))) >= ALIKE
