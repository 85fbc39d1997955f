"""How far what a Digest says can be trusted: what was read, what waits, what was kept quiet, what can be matched.

Does not do: saying whom it concerns (`monitor.store.digests`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.failing import tolerate
from monitor.model import TOLD_KINDS, ChangeStatus
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    import datetime as dt

    from monitor.store import Database

_TOLD_KINDS = json.dumps(sorted(TOLD_KINDS))


def get_readings(db: Database) -> dict[str, dt.datetime]:
    """When each Source was last read as a whole: of its URLs' last answers that were read or unchanged, the oldest.

    Without those of which a URL never had one.
    """
    rows = db.query(
        """
        SELECT source_id, min(good_at) AS read_at FROM (
            SELECT resource.source_id, (
                SELECT fetch.at FROM fetch
                WHERE fetch.resource_id = resource.id AND fetch.state IN ('good', 'unchanged')
                ORDER BY fetch.id DESC LIMIT 1
            ) AS good_at
            FROM resource WHERE resource.position IS NOT NULL
        ) GROUP BY source_id HAVING count(*) = count(good_at)
        """
    )
    readings = {}
    for row in rows:
        source_id = row["source_id"]
        what = f"{source_id}: when it was last read cannot be told, so it counts as not read"
        with tolerate("row not read", what, table="fetch", source=source_id):
            readings[source_id] = read_time(row["read_at"])
    return readings


def count_quiet(db: Database, after: dt.datetime, until: dt.datetime) -> dict[tuple[str, str], int]:
    """How many Changes that are not told were confirmed after `after` and by `until`: (source id, kind) → number."""
    rows = db.query(
        """
        SELECT document.source_id, change.kind, count(*) AS number
        FROM change JOIN document ON document.id = change.document_id
        WHERE change.status = ? AND change.kind NOT IN (SELECT value FROM json_each(?))
          AND change.confirmed_at > ? AND change.confirmed_at <= ?
        GROUP BY document.source_id, change.kind
        """,
        [ChangeStatus.CONFIRMED, _TOLD_KINDS, write_time(after), write_time(until)],
    )
    return {(row["source_id"], row["kind"]): row["number"] for row in rows}


def count_held(db: Database) -> dict[str, int]:
    """How many Changes of the told kinds are seen and not confirmed yet: source id → number."""
    rows = db.query(
        """
        SELECT document.source_id, count(*) AS number
        FROM change JOIN document ON document.id = change.document_id
        WHERE change.status = ? AND change.kind IN (SELECT value FROM json_each(?))
        GROUP BY document.source_id
        """,
        [ChangeStatus.PROVISIONAL, _TOLD_KINDS],
    )
    return {row["source_id"]: row["number"] for row in rows}


def has_sections(db: Database) -> bool:
    """Whether any SOP is loaded that a Change can be matched to."""
    return bool(db.table("section").count_where("removed_at IS NULL"))
