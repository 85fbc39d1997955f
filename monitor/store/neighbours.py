"""What stands around a Change: the other Changes of its Document, quiet ones too, and the same Change elsewhere.

Does not do: saying which Changes are the same (`monitor.compare.grouping`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.model import TOLD_KINDS, ChangeKind, ChangeStatus, Severity
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from monitor.model import Change
    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another Change, in short."""

    change_id: int
    name: str
    """Of its Document: the title of the entry where the Source is a feed, else the name of the Source."""
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    reason: str
    summary: str
    detected_at: datetime
    is_settled: bool

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is told of it."""
        return self.kind not in TOLD_KINDS or self.status is not ChangeStatus.CONFIRMED


_SELECT = """
SELECT change.id, change.kind, change.status, change.severity, change.reason, change.summary, change.detected_at,
    change.is_settled, iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
FROM change JOIN document ON document.id = change.document_id JOIN source ON source.id = document.source_id
"""


def get_around(db: Database, change: Change, most: int) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
    """Of the same Document up to `most` Changes before this one and after it, both the newest first."""
    before = db.query(
        f"""{_SELECT} WHERE change.document_id = ? AND change.to_version_id < ?
        ORDER BY change.to_version_id DESC LIMIT ?
        """,
        [change.document_id, change.to_version_id, most],
    )
    after = db.query(
        f"""{_SELECT} WHERE change.document_id = ? AND change.to_version_id > ?
        ORDER BY change.to_version_id LIMIT ?
        """,
        [change.document_id, change.to_version_id, most],
    )
    return _read_all(before), _read_all(after)[::-1]


def get_same(db: Database, change: Change, publisher: str, span: timedelta, most: int) -> tuple[Neighbour, ...]:
    """Confirmed Changes of the same words in other Documents of the publisher, confirmed within `span` of this one."""
    fingerprint = change.judgement.fingerprint
    if not fingerprint or change.confirmed_at is None:
        return ()
    rows = db.query(
        f"""{_SELECT} WHERE change.status = 'confirmed' AND change.confirmed_at BETWEEN ? AND ?
            AND change.fingerprint = ? AND source.publisher = ? AND change.id != ?
        ORDER BY change.id LIMIT ?
        """,
        [
            write_time(change.confirmed_at - span),
            write_time(change.confirmed_at + span),
            fingerprint,
            publisher,
            change.id,
            most,
        ],
    )
    return _read_all(rows)


def _read_all(rows: Iterable[dict[str, Any]]) -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(
            change_id=row["id"],
            name=row["name"],
            kind=ChangeKind(row["kind"]),
            status=ChangeStatus(row["status"]),
            severity=Severity(row["severity"]),
            reason=row["reason"],
            summary=row["summary"],
            detected_at=read_time(row["detected_at"]),
            is_settled=bool(row["is_settled"]),
        )
        for row in rows
    )
