"""SOPs and their Sections as last loaded. What left the folder is marked, never dropped: Impacts point at it.

Does not do: reading the SOP files (`monitor.sops`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.sops import fingerprint
from monitor.store import write_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.model import Sop
    from monitor.store import Database


def declare_sops(db: Database, sops: Sequence[Sop], now: datetime) -> None:
    """Make the database agree with the SOP folder; only files that changed are written."""
    at = write_time(now)
    known = {row["id"]: row["fingerprint"] for row in db.query("SELECT * FROM sop WHERE removed_at IS NULL")}
    for sop in sops:
        if known.pop(sop.id, None) != fingerprint(sop):
            _declare(db, sop, at)
    for gone in known:
        db.execute("UPDATE sop SET removed_at = ? WHERE id = ?", [at, gone])
        db.execute("UPDATE section SET removed_at = ? WHERE sop_id = ? AND removed_at IS NULL", [at, gone])


def _declare(db: Database, sop: Sop, at: str) -> None:
    db.table("sop").upsert(
        {
            "id": sop.id,
            "title": sop.title,
            "owner": sop.owner,
            "path": sop.path,
            "fingerprint": fingerprint(sop),
            "loaded_at": at,
            "removed_at": None,
        },
        pk="id",
    )
    db.execute("UPDATE section SET removed_at = ? WHERE sop_id = ? AND removed_at IS NULL", [at, sop.id])
    db.table("section").upsert_all(
        (
            {
                "id": each.id,
                "sop_id": sop.id,
                "heading": json.dumps(each.heading, ensure_ascii=False),
                "text": each.text,
                "removed_at": None,
            }
            for each in sop.sections
        ),
        pk="id",
    )
