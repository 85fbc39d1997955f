"""The outbox: Deliveries and how far each has come.

    pending ──claim──▶ sending ──▶ sent
       ▲                │ ▲  └───▶ failed ──claim──▶ sending
       └ definitely not ┘ │        (tried again every hour: a person must mend something)
             posted       └ nobody knows

`sending` at rest means that an attempt was begun and nobody knows how it ended. `next_attempt_at` of one that is `sent`
is when its message may be edited next, and `error` why nobody knows what it shows.

Does not do: sending and editing, judging outcomes (`digests.send`, `digests.revising`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitor.model import Delivery, DeliveryState, Problem, ProblemKind
from monitor.store import read_rows, read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.store import Database

FAILED_PAUSE = timedelta(hours=1)
"""Between two attempts to deliver what was refused."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A message in Slack that shows older Decisions than there are."""

    delivery: Delivery
    last_decision: int
    """The id of the last Decision about a Change that it shows the state of."""


def name_channel(channel: str) -> str:
    """The channel as people may read it: of a web address only the host, because the rest may hold a secret."""
    kind, _, address = channel.partition(":")
    return f"{kind}:{urlsplit(address).hostname or ''}" if "://" in address else channel


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
            "shown_decision": each.shown_decision,
        }
        for each in deliveries
    )


def get_deliveries(db: Database, digest_id: str) -> tuple[Delivery, ...]:
    """All of one Digest, by channel and part."""
    rows = db.query("SELECT * FROM delivery WHERE digest_id = ? ORDER BY channel, part", [digest_id])
    return tuple(map(_read, rows))


def get_open(db: Database) -> tuple[Delivery, ...]:
    """What is not sent, refused ones too, in the order in which it is to arrive: oldest Digest first, part by part."""
    rows = db.query(
        """
        SELECT delivery.* FROM delivery JOIN digest ON digest.id = delivery.digest_id
        WHERE delivery.state <> 'sent'
        ORDER BY digest.composed_at, digest.id, delivery.channel, delivery.part
        """
    )
    return tuple(read_rows("delivery", rows, _read))


def get_undelivered(db: Database) -> tuple[Problem, ...]:
    """One Problem for each channel that refuses, as old as the oldest Digest that is not there; oldest first.

    The channel stands where other Problems name their Source. It is gone as soon as all is there.
    """
    rows = db.query(
        """
        SELECT delivery.channel, delivery.digest_id, delivery.error, delivery.next_attempt_at, digest.composed_at
        FROM delivery JOIN digest ON digest.id = delivery.digest_id
        WHERE delivery.state = 'failed' ORDER BY delivery.channel, digest.composed_at, digest.id, delivery.part
        """
    )
    found = [_sum_up(channel, list(failed)) for channel, failed in groupby(rows, itemgetter("channel"))]
    return tuple(sorted(found, key=lambda problem: problem.opened_at))


def _sum_up(channel: str, failed: list[dict[str, Any]]) -> Problem:
    digests = len({each["digest_id"] for each in failed})
    number = "1 digest" if digests == 1 else f"{digests} digests"
    oldest = read_time(failed[0]["composed_at"])
    tried = [read_time(each["next_attempt_at"]) - FAILED_PAUSE for each in failed if each["next_attempt_at"]]
    return Problem(
        id=0,
        source_id=name_channel(channel),
        url="",
        kind=ProblemKind.UNDELIVERED,
        detail=f"{number} not delivered, the first of them {failed[0]['digest_id']}. {failed[0]['error']}",
        advice="It is tried again every hour. Once mended, to send it at once: monitor deliver",
        opened_at=oldest,
        last_seen_at=max(tried, default=oldest),
    )


def get_messages(db: Database, change_id: int) -> tuple[Delivery, ...]:
    """The messages in Slack that show the state of this Change, whatever they say of it."""
    rows = db.query(
        """
        SELECT * FROM delivery
        WHERE state = 'sent' AND ts IS NOT NULL AND channel LIKE 'slack:%' AND EXISTS (
            SELECT 1 FROM json_each(payload, '$.blocks') AS block
            WHERE replace(block.value ->> 'block_id', ':', ':,') || ',' LIKE 'state:%,' || ? || ',%'
        )
        """,
        [change_id],
    )
    return tuple(map(_read, rows))


def find_shown(db: Database, ts: str) -> int:
    """The last Decision that the message with this `ts` shows; 0 where nobody knows of such a message, or of any."""
    rows = db.query("SELECT shown_decision FROM delivery WHERE ts = ? AND channel LIKE 'slack:%'", [ts])
    return min((row["shown_decision"] for row in rows), default=0)


def get_stale(db: Database, since: datetime, now: datetime, change_id: int | None = None) -> tuple[Stale, ...]:
    """Messages sent to Slack since then that may be edited now and should be, oldest first; of one Change, or of all.

    What a message shows is read from its blocks: the state of the Changes 12 and 13 is in the block `state:12,13`.
    """
    rows = db.query(
        """
        SELECT delivery.*, max(decision.id) AS last_decision
        FROM delivery, json_each(delivery.payload, '$.blocks') AS block, json_each(iif(
            block.value ->> 'block_id' LIKE 'state:%', '[' || substr(block.value ->> 'block_id', 7) || ']', '[]'
        )) AS told
        JOIN decision ON decision.change_id = told.value
        WHERE delivery.state = 'sent' AND delivery.ts IS NOT NULL AND delivery.channel LIKE 'slack:%'
          AND delivery.sent_at >= :since AND coalesce(delivery.next_attempt_at, '') <= :now
          AND delivery.shown_decision < (SELECT max(id) FROM decision)
        GROUP BY delivery.id
        HAVING last_decision > delivery.shown_decision AND (:change IS NULL OR max(told.value = :change))
        ORDER BY delivery.sent_at, delivery.ts
        """,
        {"since": write_time(since), "now": write_time(now), "change": change_id},
    )
    return tuple(read_rows("delivery", rows, lambda row: Stale(_read(row), row["last_decision"])))


def find_audience_without_channel(db: Database, digest_id: str) -> str | None:
    """The id of the Audience whose Digest this is, where it goes to files only; else None."""
    rows = db.query(
        """
        SELECT audience_id FROM digest WHERE id = ? AND audience_id NOT LIKE '@%' AND NOT EXISTS (
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
    """To be tried again: `pending` (or `failed`, as it was) where it is certainly not there, else `sending`."""
    db.execute(
        "UPDATE delivery SET state = ?, error = ?, next_attempt_at = ? WHERE id = ?",
        [state, error, write_time(next_attempt_at) if next_attempt_at else None, delivery_id],
    )


def mark_failed(db: Database, delivery_ids: Iterable[str], *, error: str, at: datetime) -> None:
    """Refused at this time; also those that were not attempted, because the reason is theirs as well."""
    facts = [error, write_time(at + FAILED_PAUSE), json.dumps(list(delivery_ids))]
    db.execute(
        "UPDATE delivery SET state = 'failed', error = ?, next_attempt_at = ? "
        "WHERE id IN (SELECT value FROM json_each(?))",
        facts,
    )


def mark_shown(db: Database, stale: Stale, payload: dict[str, object]) -> None:
    """The message shows this payload now, and so all Decisions until `stale.last_decision`."""
    db.execute(
        "UPDATE delivery SET payload = ?, shown_decision = ?, next_attempt_at = NULL, error = NULL WHERE id = ?",
        [json.dumps(payload, ensure_ascii=False), stale.last_decision, stale.delivery.id],
    )


def mark_doubt(db: Database, delivery_id: str, error: str) -> None:
    """Why nobody knows what this message shows."""
    db.execute("UPDATE delivery SET error = ? WHERE id = ? AND state = 'sent'", [error, delivery_id])


def postpone_edits(db: Database, delivery_ids: Iterable[str], until: datetime) -> None:
    """Leave these messages as they are until then."""
    db.execute(
        "UPDATE delivery SET next_attempt_at = ? WHERE state = 'sent' AND id IN (SELECT value FROM json_each(?))",
        [write_time(until), json.dumps(list(delivery_ids))],
    )


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
        shown_decision=row["shown_decision"],
    )


def _time(text: str | None) -> datetime | None:
    return read_time(text) if text else None
