"""One text of history: its Document, its Version and the Change that leads to it, inside the caller's transaction.

Does not do: judging texts, deciding which of them belong to history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.compare.kinds import RULES
from monitor.store import history

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.model import Judgement
    from monitor.steps import Reading
    from monitor.store import Database


def write_text(
    db: Database,
    source_id: str,
    text: Reading,
    judgement: Judgement,
    *,
    at: datetime,
    recipe: str,
    fetch_id: int,
    snapshot_ids: Sequence[int],
    from_version_id: int | None,
) -> int:
    """The id of the new Version. `at` is the day of the text, whenever its bytes were fetched."""
    history.declare_document(
        db, text.id, source_id=source_id, identity=text.identity, url=text.url, title=text.title, at=at
    )
    version_id = history.add_version(
        db,
        text.id,
        title=text.title,
        blocks=text.blocks,
        recipe=recipe,
        observed_at=at,
        snapshot_ids=snapshot_ids,
    )
    history.add_change(
        db,
        text.id,
        from_version_id=from_version_id,
        to_version_id=version_id,
        judgement=judgement,
        fetch_id=fetch_id,
        at=at,
        rules=RULES,
    )
    return version_id
