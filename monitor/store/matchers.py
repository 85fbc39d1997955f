"""Which weights of the matcher were live from when on. Append-only: the last row is live.

Does not do: matching, trying weights out (`monitor.replaying`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.impact.weights import Weights
from monitor.store import add_row, write_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store import Database


def add_weights(db: Database, named: Mapping[str, object], *, by: str, note: str, at: datetime) -> None:
    """Live from now on. `named`: the weights that differ from those shipped, by name, as `Weights.of` reads them."""
    row: dict[str, object] = {
        "weights": json.dumps(dict(named), ensure_ascii=False, sort_keys=True),
        "adopted_at": write_time(at),
        "by": by,
        "note": note,
    }
    add_row(db, "matcher", row)


def find_live_weights(db: Database) -> Weights:
    """Those adopted last; as shipped where none were."""
    named = [json.loads(row["weights"]) for row in db.query("SELECT weights FROM matcher ORDER BY id DESC LIMIT 1")]
    return Weights.of(named[0] if named else {})
