"""Doubts that a person has set aside for a Source: their marks are passed to the gate for ever after.

Does not do: doubting (`monitor.extract`), reading again what was rejected (`monitor.tracking`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store import write_time

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store import Database


def add_overrule(db: Database, source_id: str, mark: str, *, at: datetime, note: str) -> None:
    """Remember it; said again, the newer note stands."""
    facts = {"source_id": source_id, "mark": mark, "accepted_at": write_time(at), "note": note}
    db.table("overrule").insert(facts, pk=("source_id", "mark"), replace=True)


def get_marks(db: Database, source_id: str) -> frozenset[str]:
    return frozenset(row["mark"] for row in db.query("SELECT mark FROM overrule WHERE source_id = ?", [source_id]))


def forget_overrules(db: Database, source_id: str) -> tuple[str, ...]:
    """The marks that were remembered and are no more."""
    marks = tuple(sorted(get_marks(db, source_id)))
    db.execute("DELETE FROM overrule WHERE source_id = ?", [source_id])
    return marks
