"""Which SOP sections a Change touches, by all that is known now: the library, sentence models, links that people
confirmed, what they decided before, and the weights that are live.

Does not do: matching itself (`monitor.impact`), storing Impacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from monitor.impact import Asked, build_index, load_meaning, match
from monitor.store.decisions import load_memory
from monitor.store.links import get_links
from monitor.store.matchers import find_live_weights
from monitor.store.vectors import StoredVectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.impact import Index, Meaning, Memory, Weights
    from monitor.model import Impact, Judgement, Link, Sop, Source
    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Tagger:
    """Everything that is needed to tag, loaded once."""

    index: Index
    meaning: Meaning | None
    memory: Memory
    weights: Weights

    @classmethod
    def load(cls, db: Database, sops: Sequence[Sop]) -> Self:
        """Sentence vectors that are computed from now on are stored in `db`."""
        meaning = load_meaning(vectors=StoredVectors(db))
        return cls(build_index(sops), meaning, load_memory(db), find_live_weights(db))

    def tag(self, db: Database, judgement: Judgement, source: Source, document_id: str, language: str) -> tuple[Impact, ...]:
        """The Sections that a Change of this Document touches, best first; often none."""
        asked = Asked(
            judgement,
            source_id=source.id,
            topics=source.topics,
            jurisdiction=source.jurisdiction,
            language=language,
            links=get_links(db, document_id),
        )
        return match(asked, self.index, self.meaning, self.memory, weights=self.weights)
