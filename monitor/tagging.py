"""Which SOP sections a Change touches, by all that is known now.

That is the library, sentence models, links that people confirmed, what they decided before, and the weights in force.

Does not do: matching itself (`monitor.impact`), storing Impacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from monitor.impact import Asked, load_meaning, match
from monitor.store import transaction
from monitor.store.decisions import load_memory
from monitor.store.links import get_links
from monitor.store.matchers import find_live_weights
from monitor.store.vectors import StoredVectors

if TYPE_CHECKING:
    from monitor.impact import Index, Meaning, Memory, Weights
    from monitor.model import Impact, Judgement, Source
    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Tagger:
    """Everything that is needed to tag, loaded once."""

    index: Index
    meaning: Meaning | None
    memory: Memory
    weights: Weights
    vectors: StoredVectors

    @classmethod
    def load(cls, db: Database, index: Index) -> Self:
        vectors = StoredVectors(db)
        meaning = load_meaning(vectors=vectors)
        return cls(index, meaning, load_memory(db), find_live_weights(db), vectors)

    def tag(
        self, db: Database, judgement: Judgement, source: Source, document_id: str, language: str
    ) -> tuple[Impact, ...]:
        """The Sections that a Change of this Document touches, best first; often none.

        The vectors of sentences that were computed for it are stored, in a transaction of their own.
        """
        asked = Asked(
            judgement,
            source_id=source.id,
            topics=source.topics,
            jurisdiction=source.jurisdiction,
            language=language,
            links=get_links(db, document_id),
        )
        found = match(asked, self.index, self.meaning, self.memory, weights=self.weights)
        with transaction(db):
            self.vectors.save()
        return found
