"""Can this answer be the next text of the document whose last text we know?

Does not do: judging an answer by itself (`quality`), saying what changed (`monitor.compare`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitor.model import Block, Extract


def check_continuity(
    before: Sequence[Block], after: Extract, *, url: str = "", final_url: str = "", accepted: Collection[str] = ()
) -> None:
    """Raise ExtractionError (SOFT_404, SHRUNK, WRONG_LANGUAGE) unless `after` can follow `before`.

    `url` was asked for, `final_url` answered. `accepted` holds the marks that a person has overruled.
    """
