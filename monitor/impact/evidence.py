"""What is shown of a section that is alike to a change: the words that both have, and the sentence nearest in meaning.

Does not do: finding or weighing sections, what is known for a fact (`monitor.impact.facts`, `monitor.impact.quotes`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.impact.words import iter_words, stems
from monitor.model import Evidence, EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.impact.index import Index

MAX_WORDS = 6
"""How many words are shown: as many as are read at a glance."""
MAX_SENTENCES = 4
"""How many sentences are compared in meaning where none shares a word with the change: each may cost 45 ms."""

_SENTENCE_END = re.compile(r"(?<=[.;:!?])\s+|\n+")


def show_words(number: int, index: Index, query: Mapping[str, float]) -> tuple[Evidence, ...]:
    """The words of the section that the change has too, as the section writes them, the most telling first."""
    section = index.entries[number].section
    written = {stem: word for word, stem in iter_words(" ".join((*section.heading, section.text)))}
    gains = {
        stem: gain * query[stem] for stem, gain in index.gains(number).items() if stem in query and stem in written
    }
    telling = sorted(gains, key=lambda stem: (-gains[stem], stem))[:MAX_WORDS]
    return (Evidence(EvidenceKind.WORDS, ", ".join(written[stem] for stem in telling)),) if telling else ()


def show_sentence(
    number: int, index: Index, query: Mapping[str, float], near: Callable[[Sequence[str]], Sequence[float]]
) -> tuple[Evidence, ...]:
    """The sentence of the section that stands for what both are about, as the section has it.

    It is the one with the most telling shared words; where none shares a word, the nearest by `near` of the first ones.
    """
    sentences = [each.strip() for each in _SENTENCE_END.split(index.entries[number].section.text) if each.strip()]
    if not sentences:
        return ()
    telling = [sum(query.get(stem, 0.0) * index.idf(stem) for stem in set(stems(each))) for each in sentences]
    if not any(telling):
        sentences = sentences[:MAX_SENTENCES]
        telling = list(near(sentences))
    best = max(range(len(sentences)), key=lambda each: (telling[each], -each))
    return (Evidence(EvidenceKind.MEANING, sentences[best]),)
