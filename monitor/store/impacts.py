"""Impacts: which Sections a Change touches, with the evidence, and the Sections themselves.

Does not do: matching (`monitor.impact`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.model import Evidence, EvidenceKind, Impact, Section, Sop, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True, slots=True)
class Touched:
    """A Section that a Change touches, its SOP (without Sections), and whose Change it is."""

    publisher: str
    sop: Sop
    section: Section
    is_confirmed: bool
    """Whether the last decision about this Section, else about the Change as a whole, is a confirmation."""


def get_sections(db: Database, change_id: int) -> tuple[Touched, ...]:
    """The Sections that were tagged or that people decided about, best first."""
    rows = db.query(
        """
        SELECT section.*, sop.title, sop.owner, sop.path, source.publisher, (
            SELECT verdict FROM decision
            WHERE change_id = :change AND coalesce(section_id, section.id) = section.id AND verdict != 'assigned'
            ORDER BY section_id IS NULL, decision.id DESC LIMIT 1
        ) AS verdict
        FROM section JOIN sop ON sop.id = section.sop_id
        JOIN change ON change.id = :change
        JOIN document ON document.id = change.document_id
        JOIN source ON source.id = document.source_id
        LEFT JOIN impact ON impact.section_id = section.id AND impact.change_id = :change
        WHERE impact.id IS NOT NULL OR section.id IN (SELECT section_id FROM decision WHERE change_id = :change)
        ORDER BY impact.probability DESC, section.id
        """,
        {"change": change_id},
    )
    return tuple(
        Touched(
            row["publisher"],
            Sop(row["sop_id"], row["title"], row["owner"], row["path"]),
            Section(row["id"], row["sop_id"], tuple(json.loads(row["heading"])), row["text"]),
            is_confirmed=row["verdict"] == Verdict.CONFIRMED,
        )
        for row in rows
    )
