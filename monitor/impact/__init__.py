"""A Change and the SOP sections → Impacts with evidence: lexical, in plain Python, the same answer every time.

    index = build_index(library.sops)
    impacts = match(judgement, index, topics=source.topics, jurisdiction=source.jurisdiction)

Does not do: reading SOPs (`monitor.sops`), storing Impacts, learning from what people decide.
"""

from monitor.impact.index import Index, build_index
from monitor.impact.match import MATCHER, match

__all__ = ["MATCHER", "Index", "build_index", "match"]
