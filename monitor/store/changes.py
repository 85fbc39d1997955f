"""Changes with their Passages and Citations.

Does not do: deciding what kind a Change is or when it is confirmed (`monitor.tracking`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.errors import NotFoundError
from monitor.model import (
    TOLD_KINDS,
    Change,
    ChangeKind,
    ChangeStatus,
    Citation,
    Judgement,
    Passage,
    PassageOp,
    Severity,
)
from monitor.store import add_row, read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.store import Database

_SELECT = """
SELECT change.*, document.source_id, document.url, document.title
FROM change JOIN document ON document.id = change.document_id
"""


def add_change(
    db: Database,
    *,
    document_id: str,
    from_version_id: int | None,
    to_version_id: int,
    judgement: Judgement,
    fetch_id: int,
    detected_at: datetime,
    hold_until: datetime | None,
) -> int:
    """A Change, told at once (`hold_until` None) or provisional until it is seen again at or after `hold_until`."""
    held = hold_until is not None
    row: dict[str, object] = {
        "document_id": document_id,
        "from_version_id": from_version_id,
        "to_version_id": to_version_id,
        "kind": judgement.kind,
        "reason": judgement.reason,
        "severity": judgement.severity,
        "summary": judgement.summary,
        "status": ChangeStatus.PROVISIONAL if held else ChangeStatus.CONFIRMED,
        "fetch_id": fetch_id,
        "detected_at": write_time(detected_at),
        "confirmed_at": None if held else write_time(detected_at),
        "hold_until": write_time(hold_until) if hold_until else None,
    }
    change_id = add_row(db, "change", row)
    _add_passages(db, change_id, judgement.passages)
    _add_citations(db, change_id, judgement.citations)
    return change_id


def get_change(db: Database, change_id: int) -> Change:
    """Raises NotFoundError."""
    for row in db.query(f"{_SELECT} WHERE change.id = ?", [change_id]):
        return _read(db, row)
    raise NotFoundError(f"change {change_id}: there is none with this id. See: monitor changes --all")


def iter_changes(
    db: Database,
    *,
    since: datetime | None = None,
    source_id: str | None = None,
    kind: str | None = None,
    everything: bool = False,
) -> Iterator[Change]:
    """Changes in the order they were detected; only what people would be told of, unless `everything`."""
    conditions, values = ["1"], []
    if since:
        conditions.append("change.detected_at >= ?")
        values.append(write_time(since))
    if source_id:
        conditions.append("document.source_id = ?")
        values.append(source_id)
    if kind:
        conditions.append("change.kind = ?")
        values.append(kind)
    if not everything:
        conditions.append(f"change.status = '{ChangeStatus.CONFIRMED}' AND change.kind IN {told_kinds()}")
    for row in db.query(f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY change.id", values):
        yield _read(db, row)


def find_baseline_version(db: Database, document_id: str) -> int | None:
    """The last Version that was told or needed no telling: what the next text is compared with.

    A provisional text that is replaced before it was seen again never becomes one.
    """
    for row in db.query(
        "SELECT to_version_id FROM change WHERE document_id = ? AND status = ? ORDER BY id DESC LIMIT 1",
        [document_id, ChangeStatus.CONFIRMED],
    ):
        return int(row["to_version_id"])
    return None


def find_held_since(db: Database, document_id: str, baseline_version_id: int) -> datetime | None:
    """When the Document first differed from `baseline_version_id`, if it was held ever since; else None."""
    for row in db.query(
        "SELECT min(detected_at) AS at FROM change WHERE document_id = ? AND from_version_id = ? AND status != ?",
        [document_id, baseline_version_id, ChangeStatus.CONFIRMED],
    ):
        return read_time(row["at"]) if row["at"] else None
    return None


def supersede_provisional(db: Database, document_id: str) -> int:
    """Provisional Changes of a Document whose text is gone again. Returns how many there were."""
    cursor = db.execute(
        "UPDATE change SET status = ? WHERE document_id = ? AND status = ?",
        [ChangeStatus.SUPERSEDED, document_id, ChangeStatus.PROVISIONAL],
    )
    return int(cursor.rowcount)


def iter_seen_again(db: Database) -> Iterator[tuple[int, datetime]]:
    """Provisional Changes whose text was seen again after the hold: (id, time of that Fetch).

    Seen again means that every Resource the new Version was read from has a later Fetch at or after `hold_until` that
    found the same text: unchanged, or read well with nothing new in it (else the Change would be superseded).
    """
    rows = db.query(
        """
        SELECT change.id, max(again.at) AS at, count(DISTINCT snapshot.resource_id) AS wanted, count(again.at) AS seen
        FROM change
        JOIN version_snapshot ON version_snapshot.version_id = change.to_version_id
        JOIN snapshot ON snapshot.id = version_snapshot.snapshot_id
        LEFT JOIN (
            SELECT fetch.resource_id, change.id AS change_id, min(fetch.at) AS at
            FROM change
            JOIN document ON document.id = change.document_id
            JOIN resource ON resource.source_id = document.source_id
            JOIN fetch ON fetch.resource_id = resource.id
            WHERE change.status = 'provisional' AND fetch.id > change.fetch_id AND fetch.at >= change.hold_until
              AND fetch.state IN ('unchanged', 'good')
            GROUP BY change.id, fetch.resource_id
        ) AS again ON again.resource_id = snapshot.resource_id AND again.change_id = change.id
        WHERE change.status = 'provisional'
        GROUP BY change.id HAVING seen = wanted
        """
    )
    for row in rows:
        yield row["id"], read_time(row["at"])


def get_overdue(db: Database, before: datetime) -> tuple[int, ...]:
    """Provisional Changes found at or before this time that nothing has replaced since."""
    rows = db.query(
        "SELECT id FROM change WHERE status = 'provisional' AND detected_at <= ? ORDER BY id", [write_time(before)]
    )
    return tuple(row["id"] for row in rows)


def mark_confirmed(db: Database, change_id: int, at: datetime) -> None:
    db.execute(
        "UPDATE change SET status = ?, confirmed_at = ? WHERE id = ? AND status = ?",
        [ChangeStatus.CONFIRMED, write_time(at), change_id, ChangeStatus.PROVISIONAL],
    )


def told_kinds() -> str:
    """The told kinds as an SQL list."""
    return "(" + ", ".join(f"'{kind}'" for kind in sorted(TOLD_KINDS)) + ")"


def _add_passages(db: Database, change_id: int, passages: tuple[Passage, ...]) -> None:
    db.table("passage").insert_all(
        {
            "change_id": change_id,
            "op": each.op,
            "heading": json.dumps(each.heading, ensure_ascii=False),
            "before": each.before,
            "after": each.after,
        }
        for each in passages
    )


def _add_citations(db: Database, change_id: int, citations: tuple[Citation, ...]) -> None:
    db.table("citation").insert_all(
        ({"change_id": change_id, "norm": each.id, "text": each.text} for each in dict.fromkeys(citations)),
    )


def _read(db: Database, row: dict[str, Any]) -> Change:
    judgement = Judgement(
        kind=ChangeKind(row["kind"]),
        reason=row["reason"],
        severity=Severity(row["severity"]),
        summary=row["summary"],
        passages=tuple(_iter_passages(db, row["id"])),
        citations=tuple(_iter_citations(db, row["id"])),
    )
    return Change(
        id=row["id"],
        source_id=row["source_id"],
        document_id=row["document_id"],
        url=row["url"],
        title=row["title"],
        from_version_id=row["from_version_id"],
        to_version_id=row["to_version_id"],
        status=ChangeStatus(row["status"]),
        detected_at=read_time(row["detected_at"]),
        confirmed_at=read_time(row["confirmed_at"]) if row["confirmed_at"] else None,
        judgement=judgement,
    )


def _iter_passages(db: Database, change_id: int) -> Iterator[Passage]:
    for row in db.query("SELECT * FROM passage WHERE change_id = ? ORDER BY id", [change_id]):
        yield Passage(PassageOp(row["op"]), tuple(json.loads(row["heading"])), row["before"], row["after"])


def _iter_citations(db: Database, change_id: int) -> Iterator[Citation]:
    for row in db.query("SELECT norm, text FROM citation WHERE change_id = ? ORDER BY rowid", [change_id]):
        yield Citation(text=row["text"], id=row["norm"])
