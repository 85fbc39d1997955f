"""Changes with their Passages, Citations and dates.

Does not do: deciding what kind a Change is or when it is confirmed (`monitor.tracking`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.errors import NotFoundError
from monitor.model import (
    TOLD_KINDS,
    Aspect,
    Change,
    ChangeKind,
    ChangeStatus,
    Citation,
    DateKind,
    DateMention,
    Judgement,
    Passage,
    PassageOp,
    Severity,
)
from monitor.store import add_row, read_rows, read_time, write_time
from monitor.store.fetches import COMMIT, MARK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Held:
    """A provisional Change: where it was found first, and how long it must stand."""

    fetch_id: int
    detected_at: datetime
    hold_until: datetime
    returns_to: int | None


@dataclass(frozen=True, slots=True)
class Return:
    """A text that came back: when, when it was first seen, and when the text that it took the place of was."""

    at: datetime
    seen_at: datetime
    left_seen_at: datetime


_MAX_ID = 2**63 - 1
"""SQLite's largest integer."""

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
    rules: str,
    now: datetime,
    returns_to: int | None = None,
) -> int:
    """A Change, told from `now` on (`hold_until` None) or provisional until it is seen again at or after `hold_until`.

    `rules` is the version of what judged it, `returns_to` the first Version with the text that came back.
    """
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
        "confirmed_at": None if held else write_time(now),
        "hold_until": write_time(hold_until) if hold_until else None,
        "aspects": json.dumps(judgement.aspects),
        "fingerprint": judgement.fingerprint,
        "rules": rules,
        "returns_to": returns_to,
    }
    change_id = add_row(db, "change", row)
    _add_passages(db, change_id, judgement.passages)
    _add_citations(db, change_id, judgement.citations)
    _add_dates(db, change_id, judgement.dates)
    return change_id


def get_change(db: Database, change_id: int) -> Change:
    """Raises NotFoundError, also for a number that is too large for any row."""
    if change_id <= _MAX_ID:
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
    """Changes in the order of their texts; only what people would be told of, unless `everything`."""
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
    for row in db.query(f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY change.to_version_id", values):
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


def find_held_since(db: Database, document_id: str, baseline_version_id: int | None) -> datetime | None:
    """When the Document first differed from `baseline_version_id`, if it was held ever since; else None.

    For a Document that nobody was told of yet there is no such Version: None.
    """
    for row in db.query(
        "SELECT min(detected_at) AS at FROM change WHERE document_id = ? AND from_version_id IS ? AND status != ?",
        [document_id, baseline_version_id, ChangeStatus.CONFIRMED],
    ):
        return read_time(row["at"]) if row["at"] else None
    return None


def find_held(db: Database, document_id: str) -> Held | None:
    """The provisional Change of a Document; there is one at most."""
    for row in db.query("SELECT * FROM change WHERE document_id = ? AND status = 'provisional'", [document_id]):
        return Held(row["fetch_id"], read_time(row["detected_at"]), read_time(row["hold_until"]), row["returns_to"])
    return None


def get_fetch_id(db: Database, version_id: int) -> int:
    """The attempt that found this Version."""
    return int(next(db.query("SELECT fetch_id FROM change WHERE to_version_id = ?", [version_id]))["fetch_id"])


def get_origin(db: Database, version_id: int) -> int:
    """The first Version with the text of this one: another one where the text had come back with it."""
    rows = db.query(
        "SELECT coalesce(returns_to, to_version_id) AS id FROM change WHERE to_version_id = ?", [version_id]
    )
    return int(next(rows)["id"])


def was_confirmed(db: Database, version_id: int) -> bool:
    """Whether the text of this Version was ever confirmed, in whatever Version of its Document, or as its return."""
    rows = db.query(
        """
        SELECT 1 FROM version AS wanted
        JOIN version AS same ON same.document_id = wanted.document_id AND same.text_sha256 = wanted.text_sha256
        JOIN change ON change.document_id = wanted.document_id AND same.id IN (change.to_version_id, change.returns_to)
        WHERE wanted.id = ? AND change.status = 'confirmed' LIMIT 1
        """,
        [version_id],
    )
    return any(rows)


def get_returns(db: Database, document_id: str, since: datetime) -> tuple[Return, ...]:
    """Texts that came back at or after this time, oldest first."""
    rows = db.query(
        """
        SELECT DISTINCT change.detected_at, back.observed_at AS seen_at, left_first.observed_at AS left_seen_at
        FROM change
        JOIN version AS back ON back.id = change.returns_to
        LEFT JOIN change AS left_change ON left_change.to_version_id = change.from_version_id
        JOIN version AS left_first ON left_first.id = coalesce(left_change.returns_to, change.from_version_id)
        WHERE change.document_id = ? AND change.detected_at >= ? ORDER BY change.detected_at
        """,
        [document_id, write_time(since)],
    )
    return tuple(Return(*(read_time(row[name]) for name in ("detected_at", "seen_at", "left_seen_at"))) for row in rows)


def supersede_provisional(db: Database, document_id: str) -> int:
    """Provisional Changes of a Document whose text is gone again. Returns how many there were."""
    cursor = db.execute(
        "UPDATE change SET status = ? WHERE document_id = ? AND status = ?",
        [ChangeStatus.SUPERSEDED, document_id, ChangeStatus.PROVISIONAL],
    )
    return int(cursor.rowcount)


def iter_seen_again(db: Database, source_id: str | None = None) -> Iterator[tuple[int, datetime]]:
    """Provisional Changes, of one Source or all, whose text was seen again after the hold: (id, time of that Fetch).

    Seen again means that every Resource the new Version was read from has a later Fetch at or after `hold_until` that
    found the same text: unchanged, or read well with nothing new in it (else the Change would be superseded).
    """
    rows = db.query(
        """
        SELECT change.id, max(again.at) AS at, count(DISTINCT snapshot.resource_id) AS wanted, count(again.at) AS seen
        FROM change
        JOIN document AS changed ON changed.id = change.document_id
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
        WHERE change.status = 'provisional' AND changed.source_id = coalesce(?, changed.source_id)
        GROUP BY change.id HAVING seen = wanted
        """,
        [source_id],
    )
    return read_rows("change", rows, lambda row: (row["id"], read_time(row["at"])))


def find_last_seen_at(db: Database, source_id: str) -> datetime | None:
    """When the Documents of the Source were last seen, changed or not, at whatever address; None = never.

    By us: when history was brought in does not count.
    """
    rows = db.query(
        """
        SELECT max(fetch.at) AS at FROM fetch JOIN resource ON resource.id = fetch.resource_id
        WHERE resource.source_id = ? AND fetch.state IN ('unchanged', 'good')
          AND resource.url NOT LIKE '%' || ? AND json_extract(fetch.headers, '$."' || ? || '"') IS NULL
        """,
        [source_id, MARK, COMMIT],
    )
    return next((read_time(row["at"]) for row in rows if row["at"]), None)


def get_overdue(db: Database, before: datetime) -> tuple[int, ...]:
    """Provisional Changes whose hold ended at or before this time and that nothing has replaced since."""
    rows = db.query(
        "SELECT id FROM change WHERE status = 'provisional' AND hold_until <= ? ORDER BY id", [write_time(before)]
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


def _add_dates(db: Database, change_id: int, dates: tuple[DateMention, ...]) -> None:
    db.table("date_mention").insert_all(
        {
            "change_id": change_id,
            "position": position,
            "kind": each.kind,
            "date": each.date,
            "sentence": each.sentence,
            "moved_from": each.moved_from,
        }
        for position, each in enumerate(dates)
    )


def _read(db: Database, row: dict[str, Any]) -> Change:
    judgement = Judgement(
        kind=ChangeKind(row["kind"]),
        reason=row["reason"],
        severity=Severity(row["severity"]),
        summary=row["summary"],
        passages=tuple(_iter_passages(db, row["id"])),
        citations=tuple(_iter_citations(db, row["id"])),
        dates=tuple(_iter_dates(db, row["id"])),
        aspects=tuple(Aspect(each) for each in json.loads(row["aspects"])),
        fingerprint=row["fingerprint"],
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
        hold_until=read_time(row["hold_until"]) if row["hold_until"] else None,
    )


def _iter_passages(db: Database, change_id: int) -> Iterator[Passage]:
    for row in db.query("SELECT * FROM passage WHERE change_id = ? ORDER BY id", [change_id]):
        yield Passage(PassageOp(row["op"]), tuple(json.loads(row["heading"])), row["before"], row["after"])


def _iter_citations(db: Database, change_id: int) -> Iterator[Citation]:
    for row in db.query("SELECT norm, text FROM citation WHERE change_id = ? ORDER BY rowid", [change_id]):
        yield Citation(text=row["text"], id=row["norm"])


def _iter_dates(db: Database, change_id: int) -> Iterator[DateMention]:
    for row in db.query("SELECT * FROM date_mention WHERE change_id = ? ORDER BY position", [change_id]):
        yield DateMention(DateKind(row["kind"]), row["date"], row["sentence"], row["moved_from"])
