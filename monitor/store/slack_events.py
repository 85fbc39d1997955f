"""What Slack sent and was acted on. Slack repeats what it is not sure was heard, and a signed request can be replayed.

Does not do: naming what is the same event (`monitor.slack`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.store import write_time

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store import Database

KEPT = timedelta(days=2)
"""Slack repeats for six minutes and a signature holds for five. The rest is for a clock that was set wrong."""


def claim_event(db: Database, event_id: str, at: datetime) -> bool:
    """Whether it is the first of its id. What was claimed longer than KEPT ago is forgotten."""
    db.execute("DELETE FROM slack_event WHERE at < ?", [write_time(at - KEPT)])
    row = [event_id, write_time(at)]
    return db.execute("INSERT INTO slack_event (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", row).rowcount == 1
