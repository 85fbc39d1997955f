"""Audiences, Digests, and which Changes each Audience was told of.

"Told exactly once" is two constraints: one Digest for an audience, period and local date; one row for an audience,
change and period.

Does not do: deciding when a Digest is due or what its texts are (`digests.compose`).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from monitor.errors import NotFoundError
from monitor.model import TOLD_KINDS, ChangeStatus, Digest, Period
from monitor.store import read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Audience
    from monitor.store import Database

_CONTENT = TypeAdapter(Digest)
_CONTENT.rebuild(_types_namespace=vars(dt))  # the model imports its times for type checkers only

_TOLD_KINDS = json.dumps(sorted(TOLD_KINDS))


@dataclass(frozen=True, slots=True)
class Watched:
    """What a Digest says of a Source that its Audience watches."""

    name: str
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    enabled: bool
    read_at: dt.datetime | None
    """When it was last read as a whole: of its URLs' last answers that were read or unchanged, the oldest. None where a
    URL never had one."""


def ensure_audiences(db: Database, audiences: Sequence[Audience], now: dt.datetime) -> None:
    """A row for each Audience never seen before, which is told of what is confirmed from `now` on.

    Where there were Digests, from the newest on: nothing may fall between an audience and the one that takes its place.
    Call it before a crawl, so that what that crawl confirms counts. A clock that was ahead once silences nobody.
    """
    at = write_time(now)
    since = next(db.query("SELECT max(composed_at) AS at FROM digest"))["at"]
    db.table("audience").insert_all(
        ({"id": each.id, "since_at": min(since or at, at)} for each in audiences), pk="id", ignore=True
    )
    db.execute("UPDATE audience SET since_at = ? WHERE since_at > ?", [at, at])


def find_since(db: Database, audience_id: str) -> dt.datetime | None:
    """From when on this Audience is told; None where it has never been seen."""
    rows = db.query("SELECT since_at FROM audience WHERE id = ?", [audience_id])
    return next((read_time(row["since_at"]) for row in rows), None)


def get_watched(db: Database, audience: Audience) -> dict[str, Watched]:
    """The Sources that concern the Audience, by id, those switched off included: their last Changes are still told.

    An audience of "US" also gets regions of it ("US-CA"), and every one gets what is "global".
    """
    rows = db.query(
        """
        SELECT source.*, reading.read_at FROM source LEFT JOIN (
            SELECT source_id, iif(count(*) = count(good_at), min(good_at), NULL) AS read_at FROM (
                SELECT resource.source_id, max(fetch.at) AS good_at
                FROM resource
                LEFT JOIN fetch ON fetch.resource_id = resource.id AND fetch.state IN ('good', 'unchanged')
                WHERE resource.position IS NOT NULL GROUP BY resource.id
            ) GROUP BY source_id
        ) AS reading ON reading.source_id = source.id
        """
    )
    found = {
        row["id"]: (
            json.loads(row["audience"]),
            Watched(
                name=row["name"],
                publisher=row["publisher"],
                jurisdiction=row["jurisdiction"],
                topics=tuple(json.loads(row["topics"])),
                enabled=bool(row["enabled"]),
                read_at=read_time(row["read_at"]) if row["read_at"] else None,
            ),
        )
        for row in rows
    }
    return {key: source for key, (named, source) in found.items() if _concerns(audience, named, source)}


def _concerns(audience: Audience, named: list[str], source: Watched) -> bool:
    return (
        (not named or audience.id in named)
        and (not audience.topics or not set(audience.topics).isdisjoint(source.topics))
        and (not audience.jurisdictions or _reaches(audience.jurisdictions, source.jurisdiction))
    )


def _reaches(jurisdictions: Sequence[str], jurisdiction: str) -> bool:
    return jurisdiction in {*jurisdictions, "global"} or jurisdiction.partition("-")[0] in jurisdictions


def get_confirmed(db: Database, since: dt.datetime, *, untold_to: str | None = None) -> list[tuple[int, str]]:
    """(change id, source id) of the told kinds confirmed at or after `since`.

    With `untold_to`, an Audience's id, only those that were in no daily Digest of that Audience.
    """
    rows = db.query(
        """
        SELECT change.id, document.source_id FROM change JOIN document ON document.id = change.document_id
        WHERE change.status = ? AND change.kind IN (SELECT value FROM json_each(?)) AND change.confirmed_at >= ?
          AND NOT EXISTS (
            SELECT 1 FROM digest_change AS told
            WHERE told.audience_id = ? AND told.change_id = change.id AND told.period = ?
          )
        ORDER BY change.id
        """,
        [ChangeStatus.CONFIRMED, _TOLD_KINDS, write_time(since), untold_to, Period.DAILY],
    )
    return [(row["id"], row["source_id"]) for row in rows]


def count_quiet(db: Database, after: dt.datetime, until: dt.datetime) -> dict[tuple[str, str], int]:
    """How many Changes that are not told were confirmed after `after` and by `until`: (source id, kind) → number."""
    rows = db.query(
        """
        SELECT document.source_id, change.kind, count(*) AS number
        FROM change JOIN document ON document.id = change.document_id
        WHERE change.status = ? AND change.kind NOT IN (SELECT value FROM json_each(?))
          AND change.confirmed_at > ? AND change.confirmed_at <= ?
        GROUP BY document.source_id, change.kind
        """,
        [ChangeStatus.CONFIRMED, _TOLD_KINDS, write_time(after), write_time(until)],
    )
    return {(row["source_id"], row["kind"]): row["number"] for row in rows}


def count_held(db: Database) -> dict[str, int]:
    """How many Changes of the told kinds are seen and not confirmed yet: source id → number."""
    rows = db.query(
        """
        SELECT document.source_id, count(*) AS number
        FROM change JOIN document ON document.id = change.document_id
        WHERE change.status = ? AND change.kind IN (SELECT value FROM json_each(?))
        GROUP BY document.source_id
        """,
        [ChangeStatus.PROVISIONAL, _TOLD_KINDS],
    )
    return {row["source_id"]: row["number"] for row in rows}


def has_sections(db: Database) -> bool:
    """Whether any SOP is loaded that a Change can be matched to."""
    return bool(db.table("section").count_where("removed_at IS NULL"))


def has_digest(db: Database, audience_id: str, period: Period, local_date: dt.date) -> bool:
    return bool(
        db.table("digest").count_where(
            "audience_id = ? AND period = ? AND local_date = ?", [audience_id, period, local_date.isoformat()]
        )
    )


def find_last_composed_at(db: Database, audience_id: str, period: Period) -> dt.datetime | None:
    rows = db.query(
        "SELECT composed_at FROM digest WHERE audience_id = ? AND period = ? ORDER BY composed_at DESC LIMIT 1",
        [audience_id, period],
    )
    return next((read_time(row["composed_at"]) for row in rows), None)


def add_digest(db: Database, digest: Digest) -> None:
    """The Digest as sent, and that its Audience is told of its Changes. Raises IntegrityError where either is so."""
    db.table("digest").insert(
        {
            "id": digest.id,
            "audience_id": digest.audience_id,
            "period": digest.period,
            "local_date": digest.local_date.isoformat(),
            "composed_at": write_time(digest.composed_at),
            "content": _CONTENT.dump_json(digest).decode(),
        }
    )
    db.table("digest_change").insert_all(
        {
            "audience_id": digest.audience_id,
            "change_id": told.change.id,
            "period": digest.period,
            "digest_id": digest.id,
        }
        for told in digest.changes
    )


def get_digest(db: Database, digest_id: str) -> Digest:
    """The Digest as it was sent. Raises NotFoundError."""
    for row in db.query("SELECT content FROM digest WHERE id = ?", [digest_id]):
        return _CONTENT.validate_json(row["content"])
    raise NotFoundError(f"digest {digest_id}: there is none with this id. They are named 2026-11-22-daily-AUDIENCE.")
