"""Documents that alternate between known texts, as when two servers answer with two states of a page.

Told one by one, every alternation would be news. So a Document to which a second text comes back within WINDOW is
unstable: that is said once, as a Problem, and from then on a text that was confirmed before is told only when it has
stood for SETTLED, or the Document has differed for so long from the text told last. What is new in it is told as ever.
When it has stood still for SETTLED, the Problem is closed.

Does not do: recognising that a text came back (`monitor.steps`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from monitor.store import changes, problems, transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.store import Database
    from monitor.store.changes import Return

log = structlog.get_logger()

WINDOW = timedelta(days=30)
"""One return within it may be a correction; a second one is a habit."""
RETURNS = 2
SETTLED = timedelta(days=3)
"""Texts that return do so after a median of 12 to 24 hours; three days outlast most that will return once more."""

_ADVICE = (
    "Open the address several times: perhaps its servers disagree, or it is another text for each region. "
    "`select` or `remove` in sources.yaml can leave out what alternates."
)


def is_habit(db: Database, document_id: str, at: datetime) -> bool:
    """Whether a text that comes back now makes the Document unstable, or finds it so."""
    if problems.is_unstable(db, document_id):
        return True
    return 1 + len(changes.get_returns(db, document_id, _count_from(db, document_id, at))) >= RETURNS


def note_alternation(db: Database, document_id: str, *, title: str, resource_id: int, at: datetime) -> None:
    """Open the Problem, or note that it goes on; after the Change of the text that came back was written."""
    returns = changes.get_returns(db, document_id, _count_from(db, document_id, at))
    problems.open_instability(
        db, document_id, resource_id=resource_id, detail=describe(title, returns), advice=_ADVICE, at=at
    )


def close_settled(db: Database) -> None:
    """Close the Problem of every Document that has stood still for SETTLED, and was read since."""
    with transaction(db):
        for problem_id, fetch_id, at in list(problems.iter_settled(db, SETTLED)):
            problems.mark_settled(db, problem_id, fetch_id=fetch_id, at=at)
            log.info("document settled", problem=problem_id)


def describe(title: str, returns: Sequence[Return]) -> str:
    """As in "Rules: alternates between the texts of 2026-11-02 and 2026-11-04, 4 times in 3 days; …"."""
    moments = sorted({moment for each in returns for moment in (each.seen_at, each.left_seen_at)})
    form = "%Y-%m-%d" if len({moment.date() for moment in moments}) == len(moments) else "%Y-%m-%d %H:%M"
    *others, last = [f"{moment:{form}}" for moment in moments]
    times = "once" if len(returns) == 1 else f"{len(returns)} times"
    days = max(1, (returns[-1].at - returns[0].left_seen_at).days)
    span = "1 day" if days == 1 else f"{days} days"
    return (
        f"{title}: alternates between the texts of {' and '.join(filter(None, [', '.join(others), last]))}, "
        f"{times} in {span}; "
        "what is new is still told"
    )


def _count_from(db: Database, document_id: str, at: datetime) -> datetime:
    """Returns from before it last stood still count no more."""
    return max(at - WINDOW, problems.find_steady_since(db, document_id) or at - WINDOW)
