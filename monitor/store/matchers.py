"""Which weights of the matcher were live from when on. Append-only: the last row is live.

Does not do: matching, trying weights out (`monitor.replaying`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.impact.weights import Weights
from monitor.store import add_row, read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Live:
    """The weights that are live."""

    named: Mapping[str, Any]
    """Those that differ from the shipped ones, by name; a mapping where they are `Coefficients`."""
    since: datetime | None
    """When they were adopted; None = as shipped, from the beginning."""

    @property
    def weights(self) -> Weights:
        """Raises ConfigurationError where this version does not know one of their names."""
        return Weights.of(self.named)


def add_weights(db: Database, named: Mapping[str, object], *, by: str, note: str, at: datetime) -> None:
    """Live from now on. `named`: the weights that differ from those shipped, by name, as `Weights.of` reads them."""
    row: dict[str, object] = {
        "weights": json.dumps(dict(named), ensure_ascii=False, sort_keys=True),
        "adopted_at": write_time(at),
        "by": by,
        "note": note,
    }
    add_row(db, "matcher", row)


def find_live(db: Database) -> Live:
    """Those adopted last; as shipped where none were."""
    for row in db.query("SELECT weights, adopted_at FROM matcher ORDER BY id DESC LIMIT 1"):
        return Live(json.loads(row["weights"]), read_time(row["adopted_at"]))
    return Live({}, None)
