"""Which SOP sections a Change touches, by all that is known now.

That is the library, sentence models, links that people confirmed, what they decided before, and the weights in force.

Does not do: matching itself (`monitor.impact`), storing Impacts, finding time for what can be done ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from monitor.failing import attempt
from monitor.impact import NO_MEMORY, SHIPPED, Asked, load_meaning, match
from monitor.store import transaction
from monitor.store.decisions import load_memory
from monitor.store.links import get_links
from monitor.store.matchers import find_live
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
        """What people decided, or the weights in force, are left out where they cannot be read: that is a failure."""
        vectors = StoredVectors(db)
        meaning = load_meaning(vectors=vectors)
        undecided = "what people decided cannot be read, so nothing is learned from it"
        memory = attempt("decisions not read", undecided, lambda: load_memory(db), NO_MEMORY)
        unweighed = "the weights in force cannot be read, so matching uses those shipped"
        weights = attempt("weights not read", unweighed, lambda: find_live(db).weights, SHIPPED)
        return cls(index, meaning, memory, weights, vectors)

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


def warm_up(db: Database, index: Index, seconds: float) -> int:
    """Compute and store vectors of the library's sections, so that the first Changes need not wait for them.

    How many are missing after so many `seconds`; 0 as well where no sentence model is installed.
    """
    vectors = StoredVectors(db)
    meaning = load_meaning(vectors=vectors)
    left = meaning.warm([each.text for each in index.entries.values()], seconds) if meaning else 0
    with transaction(db):
        vectors.save()
    return left
