"""Two texts of one Document in, one Judgement out.

    blocks.align          which blocks stand in both texts, and what became of the others
    blocks.find_passages  what of it a person reads, in reading order
    kinds.compare         what kind of change it is, how severe, in one line
    words.mark_words      the changed words inside a reworded passage
    citations             the laws that a text names

Does not do: kinds that need a history (`reverted`, `re-extracted`), SQLite, network, clock.
"""

from monitor.compare.kinds import compare, first, published, quiet

__all__ = ["compare", "first", "published", "quiet"]
