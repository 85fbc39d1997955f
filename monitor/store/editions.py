"""The Versions of one Document without their texts, each with the Change that led to it.

Does not do: texts (`monitor.store.versions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.model import TOLD_KINDS, ChangeKind, ChangeStatus, Severity
from monitor.store import read_time

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Edition:
    """One Version, and what it brought."""

    version_id: int
    observed_at: datetime
    change_id: int
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    reason: str
    summary: str

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is told of it."""
        return self.kind not in TOLD_KINDS or self.status in {ChangeStatus.SUPERSEDED, ChangeStatus.HISTORY}


_SELECT = """
SELECT version.id, version.observed_at, change.id AS change_id, change.kind, change.status, change.severity,
    change.reason, change.summary
FROM version JOIN change ON change.to_version_id = version.id
"""


def get_editions(db: Database, document_id: str, most: int, before: int | None = None) -> tuple[Edition, ...]:
    """The newest first; only those before the Version `before`, if it is given."""
    rows = db.query(
        f"""{_SELECT} WHERE version.document_id = :document AND (:before IS NULL OR version.id < :before)
        ORDER BY version.id DESC LIMIT :most
        """,
        {"document": document_id, "before": before, "most": most},
    )
    return tuple(map(_edition, rows))


def get_edition(db: Database, version_id: int) -> Edition:
    """Of a Version that is stored."""
    return _edition(next(db.query(f"{_SELECT} WHERE version.id = ?", [version_id])))


def count_editions(db: Database, document_id: str) -> int:
    return int(db.table("version").count_where("document_id = ?", [document_id]))


def find_beside(db: Database, document_id: str, version_id: int) -> tuple[datetime | None, datetime | None]:
    """When the Versions before this one and after it were first seen; None = there is none."""
    rows = db.query(
        """
        SELECT
            (SELECT observed_at FROM version WHERE id =
                (SELECT max(id) FROM version WHERE document_id = :document AND id < :id)) AS old,
            (SELECT observed_at FROM version WHERE id =
                (SELECT min(id) FROM version WHERE document_id = :document AND id > :id)) AS new
        """,
        {"document": document_id, "id": version_id},
    )
    found = next(rows)
    return _read(found["old"]), _read(found["new"])


def find_first(db: Database, document_id: str) -> datetime | None:
    """When its first text was seen; None = there is none yet."""
    rows = db.query("SELECT observed_at FROM version WHERE document_id = ? ORDER BY id LIMIT 1", [document_id])
    return next((read_time(row["observed_at"]) for row in rows), None)


def _read(text: str | None) -> datetime | None:
    return read_time(text) if text else None


def _edition(row: dict[str, Any]) -> Edition:
    return Edition(
        version_id=row["id"],
        observed_at=read_time(row["observed_at"]),
        change_id=row["change_id"],
        kind=ChangeKind(row["kind"]),
        status=ChangeStatus(row["status"]),
        severity=Severity(row["severity"]),
        reason=row["reason"],
        summary=row["summary"],
    )
