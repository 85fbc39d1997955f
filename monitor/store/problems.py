"""Problems: what cannot be trusted now.

Two sorts, which may be open side by side. A Resource that cannot be read: one open Problem at most, and it makes us
blind. And what is tied to a Document, because we see all the same: a Document that does not stand still (`unstable`),
one Problem for each at most; entries of a feed that may have been missed (`gap`), one for each Source, which is kept at
one of its entries; a Resource that does not keep its rhythm, one of each kind, which is kept at the first Document.

Does not do: recognising them (`monitor.extract`, `monitor.tracking`, `monitor.alternation`, `monitor.silence`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.errors import NotFoundError
from monitor.model import Acknowledgement, Problem, ProblemKind
from monitor.store import read_rows, read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from monitor.errors import ExtractionError
    from monitor.store import Database


def open_problem(
    db: Database,
    resource_id: int,
    kind: ProblemKind,
    *,
    detail: str,
    advice: str,
    at: datetime,
    mark: str | None = None,
) -> None:
    """Open it, or note that it is still there. When its kind changes, it keeps its age: we were blind all along.

    `mark` None = there was no answer at all: the last one, if it was doubted, can still be accepted.
    """
    db.execute(
        """
        INSERT INTO problem (resource_id, kind, detail, advice, mark, opened_at, last_seen_at)
        VALUES (:resource, :kind, :detail, :advice, coalesce(:mark, ''), :at, :at)
        ON CONFLICT (resource_id) WHERE closed_at IS NULL AND document_id IS NULL DO UPDATE
        SET kind = :kind, detail = :detail, advice = :advice, mark = coalesce(:mark, mark), last_seen_at = :at
        """,
        {
            "resource": resource_id,
            "kind": kind,
            "detail": detail,
            "advice": advice,
            "mark": mark,
            "at": write_time(at),
        },
    )


def open_rejection(db: Database, resource_id: int, error: ExtractionError, at: datetime, more: str = "") -> None:
    """The Problem of an answer that cannot be read as the text; `more` is added to the advice."""
    advice = f"{error.advice} {more}".rstrip()
    open_problem(db, resource_id, error.problem, detail=error.detail, advice=advice, at=at, mark=error.mark)


def close_problem(db: Database, resource_id: int, *, fetch_id: int, at: datetime) -> bool:
    """Only a successful extraction ends blindness: that of the Fetch `fetch_id`, made `at` this time.

    One from before the Problem was last seen says nothing about now, and closes nothing.
    """
    cursor = db.execute(
        "UPDATE problem SET closed_at = ?, closed_by = ? WHERE resource_id = ? AND closed_at IS NULL "
        "AND document_id IS NULL AND last_seen_at <= ?",
        [write_time(at), fetch_id, resource_id, write_time(at)],
    )
    return bool(cursor.rowcount)


def has_problem(db: Database, resource_id: int) -> bool:
    """Whether we are blind to this Resource."""
    return bool(
        db.table("problem").count_where("resource_id = ? AND closed_at IS NULL AND document_id IS NULL", [resource_id])
    )


def open_instability(
    db: Database, document_id: str, *, resource_id: int, detail: str, advice: str, at: datetime
) -> None:
    """A Document that does not stand still; noted again, it is as old as it was, and its detail is the new one."""
    db.execute(
        """
        INSERT INTO problem (resource_id, document_id, kind, detail, advice, opened_at, last_seen_at)
        VALUES (:resource, :document, :kind, :detail, :advice, :at, :at)
        ON CONFLICT (document_id) WHERE closed_at IS NULL AND document_id IS NOT NULL AND kind = 'unstable' DO UPDATE
        SET resource_id = :resource, detail = :detail, last_seen_at = :at
        """,
        {
            "resource": resource_id,
            "document": document_id,
            "kind": ProblemKind.UNSTABLE,
            "detail": detail,
            "advice": advice,
            "at": write_time(at),
        },
    )


def is_unstable(db: Database, document_id: str) -> bool:
    rows = db.query(
        "SELECT id FROM problem WHERE document_id = ? AND kind = ? AND closed_at IS NULL",
        [document_id, ProblemKind.UNSTABLE],
    )
    return any(rows)


def open_gap(db: Database, resource_id: int, error: ExtractionError, at: datetime) -> None:
    """Entries of a feed may have been missed; found again, the Problem still says since when.

    It is kept at the oldest entry without a Problem, which is least likely to be in the feed still.
    """
    facts = {"resource": resource_id, "kind": error.problem, "at": write_time(at)}
    known = db.execute(
        """
        UPDATE problem SET last_seen_at = :at
        WHERE kind = :kind AND closed_at IS NULL AND document_id IN (
            SELECT document.id FROM document JOIN resource ON resource.source_id = document.source_id
            WHERE resource.id = :resource)
        """,
        facts,
    )
    if known.rowcount:
        return
    db.execute(
        """
        INSERT INTO problem (resource_id, document_id, kind, detail, advice, mark, opened_at, last_seen_at)
        SELECT :resource, document.id, :kind, :detail, :advice, :mark, :at, :at
        FROM document JOIN resource ON resource.source_id = document.source_id
        WHERE resource.id = :resource AND NOT EXISTS (
            SELECT 1 FROM problem WHERE problem.document_id = document.id AND problem.closed_at IS NULL)
        ORDER BY document.rowid LIMIT 1
        """,
        facts | {"detail": error.detail, "advice": error.advice, "mark": error.mark},
    )


def close_gaps(db: Database, *, seen_before: datetime, at: datetime) -> int:
    """Close the gaps that were last seen before then: people were told of them long enough. Returns how many."""
    cursor = db.execute(
        "UPDATE problem SET closed_at = ? WHERE kind = ? AND closed_at IS NULL AND last_seen_at <= ?",
        [write_time(at), ProblemKind.GAP, write_time(seen_before)],
    )
    return int(cursor.rowcount)


def open_doubt(db: Database, resource_id: int, error: ExtractionError, at: datetime) -> None:
    """A Resource does not keep its rhythm: open its Problem of this kind, or note that it is still there."""
    facts = {"resource": resource_id, "kind": error.problem, "detail": error.detail, "at": write_time(at)}
    known = db.execute(
        """
        UPDATE problem SET detail = :detail, last_seen_at = :at
        WHERE resource_id = :resource AND kind = :kind AND closed_at IS NULL
        """,
        facts,
    )
    if known.rowcount:
        return
    db.execute(
        """
        INSERT INTO problem (resource_id, document_id, kind, detail, advice, mark, opened_at, last_seen_at)
        SELECT :resource, document.id, :kind, :detail, :advice, :mark, :at, :at
        FROM document JOIN resource ON resource.source_id = document.source_id
        WHERE resource.id = :resource ORDER BY document.rowid LIMIT 1
        """,
        facts | {"advice": error.advice, "mark": error.mark},
    )


def close_doubt(db: Database, resource_id: int, kind: ProblemKind, at: datetime) -> bool:
    """The Resource keeps its rhythm again. False where nobody doubted it."""
    cursor = db.execute(
        "UPDATE problem SET closed_at = ? WHERE resource_id = ? AND kind = ? AND closed_at IS NULL",
        [write_time(at), resource_id, kind],
    )
    return bool(cursor.rowcount)


def claim_acknowledgement(db: Database, problem: Problem, acknowledgement: Acknowledgement) -> bool:
    """Note that somebody has seen the Problem as it is now; False where somebody had before."""
    cursor = db.execute(
        "INSERT INTO acknowledgement (problem_id, kind, by, at, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [problem.id, problem.kind, acknowledgement.by, write_time(acknowledgement.at), acknowledgement.note],
    )
    return bool(cursor.rowcount)


def mark_looked_after(db: Database, problem_id: int, at: datetime) -> None:
    """A person did what was to be done about it."""
    db.execute("UPDATE problem SET closed_at = ? WHERE id = ?", [write_time(at), problem_id])


def find_steady_since(db: Database, document_id: str) -> datetime | None:
    """When the Document was last found to stand still again; None = it was never unstable."""
    rows = db.query(
        "SELECT max(closed_at) AS at FROM problem WHERE document_id = ? AND kind = ?",
        [document_id, ProblemKind.UNSTABLE],
    )
    return next((read_time(row["at"]) for row in rows if row["at"]), None)


def iter_settled(db: Database, stood: timedelta) -> Iterator[tuple[int, int, datetime]]:
    """Unstable Documents that stood so long without another alternation: (Problem, Fetch that saw it, when).

    Seen so by a Fetch of every address of their Source: any of them may be the one that alternates.
    """
    rows = db.query(
        """
        SELECT problem.id, problem.last_seen_at, document.source_id
        FROM problem JOIN document ON document.id = problem.document_id
        WHERE problem.closed_at IS NULL AND problem.kind = ?
        """,
        [ProblemKind.UNSTABLE],
    )

    def find(row: dict[str, Any]) -> tuple[int, int, datetime] | None:
        seen = _find_fetches(db, row["source_id"], read_time(row["last_seen_at"]) + stood)
        if not seen:
            return None
        at, fetch_id = max(seen)
        return row["id"], fetch_id, read_time(at)

    return filter(None, read_rows("problem", list(rows), find))


def _find_fetches(db: Database, source_id: str, since: datetime) -> list[tuple[str, int]]:
    """Of each address the first Fetch since then that found a text: (when, id). Empty where one has none."""
    rows = db.query(
        """
        SELECT min(fetch.at) AS at, fetch.id
        FROM resource LEFT JOIN fetch
            ON fetch.resource_id = resource.id AND fetch.at >= ? AND fetch.state IN ('good', 'unchanged')
        WHERE resource.source_id = ? AND resource.position IS NOT NULL GROUP BY resource.id
        """,
        [write_time(since), source_id],
    )
    found = [(row["at"], row["id"]) for row in rows]
    return found if all(at for at, _ in found) else []


def mark_settled(db: Database, problem_id: int, *, fetch_id: int, at: datetime) -> None:
    db.execute("UPDATE problem SET closed_at = ?, closed_by = ? WHERE id = ?", [write_time(at), fetch_id, problem_id])


def get_open(db: Database, source_id: str | None = None) -> tuple[Problem, ...]:
    """Open Problems of enabled Sources, or of one of them, oldest first.

    That of a Document stands beside an address of today: its own may have left `sources.yaml`.
    """
    rows = db.query(
        """
        SELECT problem.*, resource.source_id, resource.url, seen.by, seen.at AS acknowledged_at, seen.note
        FROM problem
        LEFT JOIN acknowledgement AS seen ON seen.problem_id = problem.id AND seen.kind = problem.kind
        LEFT JOIN document ON document.id = problem.document_id
        JOIN resource ON resource.id = CASE WHEN document.id IS NULL THEN problem.resource_id ELSE (
            SELECT own.id FROM resource AS own WHERE own.source_id = document.source_id AND own.position IS NOT NULL
            ORDER BY own.id = problem.resource_id DESC, own.position LIMIT 1
        ) END
        JOIN source ON source.id = resource.source_id
        WHERE problem.closed_at IS NULL AND source.enabled AND resource.position IS NOT NULL
          AND resource.source_id = coalesce(?, resource.source_id)
        ORDER BY problem.opened_at, problem.id
        """,
        [source_id],
    )
    return tuple(read_rows("problem", rows, _read))


def get_open_problem(db: Database, problem_id: int) -> Problem:
    """Raises NotFoundError."""
    for each in get_open(db):
        if each.id == problem_id:
            return each
    raise NotFoundError(f"{problem_id}: no problem with this number is open. See: monitor problems")


def _read(row: dict[str, Any]) -> Problem:
    return Problem(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        kind=ProblemKind(row["kind"]),
        detail=row["detail"],
        advice=row["advice"],
        opened_at=read_time(row["opened_at"]),
        last_seen_at=read_time(row["last_seen_at"]),
        mark=row["mark"],
        acknowledged=Acknowledgement(row["by"], read_time(row["acknowledged_at"]), row["note"]) if row["by"] else None,
    )
