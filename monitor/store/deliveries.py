"""The outbox: Deliveries and how far each has come.

    pending ──claim──▶ sending ──▶ sent
       ▲                  │  └───▶ failed ──release──▶ pending
       └── definitely not ┘        (stays until a person mends it)
           posted

`sending` at rest means that an attempt was begun and nobody knows how it ended.

Does not do: sending, judging outcomes (`digests.send`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.model import Delivery, DeliveryState
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.store import Database


def add_deliveries(db: Database, deliveries: Iterable[Delivery]) -> None:
    """New ones, not yet attempted. One for a digest, channel and part, else IntegrityError."""
    db.table("delivery").insert_all(
        {
            "id": each.id,
            "digest_id": each.digest_id,
            "channel": each.channel,
            "part": each.part,
            "parts": each.parts,
            "payload": json.dumps(each.payload, ensure_ascii=False),
            "state": each.state,
        }
        for each in deliveries
    )


def get_deliveries(db: Database, digest_id: str) -> tuple[Delivery, ...]:
    """All of one Digest, by channel and part."""
    rows = db.query("SELECT * FROM delivery WHERE digest_id = ? ORDER BY channel, part", [digest_id])
    return tuple(map(_read, rows))


def get_open(db: Database) -> tuple[Delivery, ...]:
    """What is not sent and can be, oldest Digest first and part by part; nothing behind a part that failed."""
    rows = db.query(
        """
        SELECT delivery.* FROM delivery JOIN digest ON digest.id = delivery.digest_id
        WHERE delivery.state IN ('pending', 'sending') AND NOT EXISTS (
            SELECT 1 FROM delivery AS earlier
            WHERE earlier.digest_id = delivery.digest_id AND earlier.channel = delivery.channel
              AND earlier.part < delivery.part AND earlier.state = 'failed'
        )
        ORDER BY digest.composed_at, digest.id, delivery.channel, delivery.part
        """
    )
    return tuple(map(_read, rows))


def find_audience_without_channel(db: Database, digest_id: str) -> str | None:
    """The id of the Audience whose Digest this is, where it goes to files only; else None."""
    rows = db.query(
        """
        SELECT audience_id FROM digest WHERE id = ? AND NOT EXISTS (
            SELECT 1 FROM delivery WHERE delivery.digest_id = digest.id AND delivery.channel <> 'file'
        )
        """,
        [digest_id],
    )
    return next((row["audience_id"] for row in rows), None)


def claim_delivery(db: Database, delivery: Delivery, now: datetime) -> bool:
    """Begin an attempt; False where another sender did so since `delivery` was read."""
    cursor = db.execute(
        """
        UPDATE delivery SET state = 'sending', attempts = attempts + 1, next_attempt_at = NULL,
            first_attempt_at = coalesce(first_attempt_at, ?)
        WHERE id = ? AND state = ? AND attempts = ?
        """,
        [write_time(now), delivery.id, delivery.state, delivery.attempts],
    )
    return bool(cursor.rowcount)


def mark_sent(db: Database, delivery_id: str, *, ts: str | None, at: datetime) -> None:
    db.execute(
        "UPDATE delivery SET state = 'sent', ts = ?, sent_at = ?, error = NULL, next_attempt_at = NULL WHERE id = ?",
        [ts, write_time(at), delivery_id],
    )


def mark_waiting(
    db: Database, delivery_id: str, state: DeliveryState, *, error: str, next_attempt_at: datetime | None
) -> None:
    """To be tried again: `pending` where it is certain that nothing was posted, else `sending`."""
    db.execute(
        "UPDATE delivery SET state = ?, error = ?, next_attempt_at = ? WHERE id = ?",
        [state, error, write_time(next_attempt_at) if next_attempt_at else None, delivery_id],
    )


def mark_failed(db: Database, delivery_id: str, *, error: str) -> None:
    db.execute("UPDATE delivery SET state = 'failed', error = ? WHERE id = ?", [error, delivery_id])


def release_failed(db: Database) -> None:
    """Failed ones may be tried again: a person says that the cause is mended."""
    db.execute("UPDATE delivery SET state = 'pending', next_attempt_at = NULL WHERE state = 'failed'")


def _read(row: dict[str, Any]) -> Delivery:
    return Delivery(
        id=row["id"],
        digest_id=row["digest_id"],
        channel=row["channel"],
        part=row["part"],
        parts=row["parts"],
        payload=json.loads(row["payload"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        first_attempt_at=_time(row["first_attempt_at"]),
        next_attempt_at=_time(row["next_attempt_at"]),
        sent_at=_time(row["sent_at"]),
        ts=row["ts"],
        error=row["error"],
    )


def _time(text: str | None) -> datetime | None:
    return read_time(text) if text else None
