"""A Change and the SOP sections → Impacts with evidence: what is alike in words and meaning, and what is known.

    index = build_index(library.sops)
    impacts = match(Asked(judgement, source_id=source.id, topics=source.topics), index, load_meaning())

Does not do: reading SOPs (`monitor.sops`), storing Impacts, following links (`monitor.links`).
"""

from monitor.impact.index import Index, build_index
from monitor.impact.match import MATCHER, WORTH_SHOWING, Asked, match
from monitor.impact.meaning import Meaning, load_meaning
from monitor.impact.memory import NO_MEMORY, Decided, Memory
from monitor.impact.weights import SHIPPED, Weights

__all__ = [
    "MATCHER",
    "NO_MEMORY",
    "SHIPPED",
    "WORTH_SHOWING",
    "Asked",
    "Decided",
    "Index",
    "Meaning",
    "Memory",
    "Weights",
    "build_index",
    "load_meaning",
    "match",
]
