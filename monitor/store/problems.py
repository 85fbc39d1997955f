"""Problems: what cannot be trusted now. One open Problem per Resource at most.

Does not do: recognising them (`monitor.extract.quality`, `monitor.tracking`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.model import Problem, ProblemKind
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store import Database


def open_problem(db: Database, resource_id: int, kind: ProblemKind, *, detail: str, advice: str, at: datetime) -> None:
    """Open it, or note that it is still there. When its kind changes, it keeps its age: we were blind all along."""
    db.execute(
        """
        INSERT INTO problem (resource_id, kind, detail, advice, opened_at, last_seen_at)
        VALUES (:resource, :kind, :detail, :advice, :at, :at)
        ON CONFLICT (resource_id) WHERE closed_at IS NULL DO UPDATE
        SET kind = :kind, detail = :detail, advice = :advice, last_seen_at = :at
        """,
        {"resource": resource_id, "kind": kind, "detail": detail, "advice": advice, "at": write_time(at)},
    )


def close_problem(db: Database, resource_id: int, *, fetch_id: int, at: datetime) -> bool:
    """Only a successful extraction closes a Problem: that of the Fetch `fetch_id`, made `at` this time.

    One from before the Problem was last seen says nothing about now, and closes nothing.
    """
    cursor = db.execute(
        "UPDATE problem SET closed_at = ?, closed_by = ? WHERE resource_id = ? AND closed_at IS NULL "
        "AND last_seen_at <= ?",
        [write_time(at), fetch_id, resource_id, write_time(at)],
    )
    return bool(cursor.rowcount)


def has_problem(db: Database, resource_id: int) -> bool:
    return bool(db.table("problem").count_where("resource_id = ? AND closed_at IS NULL", [resource_id]))


def get_open(db: Database) -> tuple[Problem, ...]:
    """Open Problems of enabled Sources, oldest first."""
    rows = db.query(
        """
        SELECT problem.*, resource.source_id, resource.url
        FROM problem JOIN resource ON resource.id = problem.resource_id JOIN source ON source.id = resource.source_id
        WHERE problem.closed_at IS NULL AND source.enabled AND resource.position IS NOT NULL
        ORDER BY problem.opened_at, problem.id
        """
    )
    return tuple(
        Problem(
            id=row["id"],
            source_id=row["source_id"],
            url=row["url"],
            kind=ProblemKind(row["kind"]),
            detail=row["detail"],
            advice=row["advice"],
            opened_at=read_time(row["opened_at"]),
            last_seen_at=read_time(row["last_seen_at"]),
        )
        for row in rows
    )
