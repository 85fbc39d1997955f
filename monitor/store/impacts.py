"""Impacts: which Sections a Change touches, with the evidence.

Does not do: matching (`monitor.impact`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.model import Evidence, EvidenceKind, Impact
from monitor.store import write_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.store import Database


def add_impacts(db: Database, change_id: int, impacts: Sequence[Impact], matcher: str) -> None:
    """The Impacts of one Change, and which matcher found them (also when it found none)."""
    db.execute("UPDATE change SET matcher = ? WHERE id = ?", [matcher, change_id])
    db.table("impact").insert_all(
        {
            "change_id": change_id,
            "section_id": each.section_id,
            "probability": each.probability,
            "evidence": json.dumps([[why.kind, why.text] for why in each.evidence], ensure_ascii=False),
        }
        for each in impacts
    )


def get_impacts(db: Database, change_id: int) -> tuple[Impact, ...]:
    """Best first; empty where no SOP is touched."""
    rows = db.query(
        """
        SELECT impact.*, section.sop_id, section.heading, sop.title, sop.owner
        FROM impact JOIN section ON section.id = impact.section_id JOIN sop ON sop.id = section.sop_id
        WHERE impact.change_id = ? ORDER BY impact.probability DESC, impact.section_id
        """,
        [change_id],
    )
    return tuple(
        Impact(
            sop_id=row["sop_id"],
            section_id=row["section_id"],
            sop_title=row["title"],
            heading=tuple(json.loads(row["heading"])),
            owner=row["owner"],
            probability=row["probability"],
            evidence=tuple(Evidence(EvidenceKind(kind), text) for kind, text in json.loads(row["evidence"])),
        )
        for row in rows
    )


def get_tagged(db: Database, change_ids: Iterable[int]) -> dict[int, dict[str, float]]:
    """The Sections that each of these Changes was tagged with, best first, each with its probability."""
    tagged: dict[int, dict[str, float]] = {each: {} for each in change_ids}
    rows = db.query(
        """
        SELECT change_id, section_id, probability FROM impact
        WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY probability DESC, section_id
        """,
        [json.dumps([*tagged])],
    )
    for row in rows:
        tagged[row["change_id"]][row["section_id"]] = row["probability"]
    return tagged


def get_decided_about(db: Database, matcher: str, since: datetime | None) -> dict[int, tuple[Impact, ...]]:
    """The Impacts that this matcher found, by the id of their Change, where people decided anything about the Change.

    Only of Changes detected from `since` on; None = of all.
    """
    rows = db.query(
        """
        SELECT id FROM change WHERE matcher = ? AND detected_at >= ? AND id IN (SELECT change_id FROM decision)
        ORDER BY id
        """,
        [matcher, write_time(since) if since else ""],
    )
    return {row["id"]: get_impacts(db, row["id"]) for row in rows}
