"""Audiences, Digests, and which Changes each Audience was told of.

"Told exactly once" is two constraints and one question. A Digest's id is made of what there must be one of: audience,
period and local date. `digest_change` has one row for an audience, change and period. And whoever stores a Digest asks
first, in the same transaction, whether it `is_overtaken`: an alert and a daily Digest must not both tell in full.

Does not do: deciding when a Digest is due or what its texts are (`digests.compose`).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from monitor.errors import NotFoundError
from monitor.model import DEADLINE_KINDS, TOLD_KINDS, Digest, Period
from monitor.store import read_rows, read_time, write_time

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitor.model import Audience
    from monitor.store import Database

_CONTENT = TypeAdapter(Digest)
_CONTENT.rebuild(_types_namespace=vars(dt))  # the model imports its times for type checkers only

_TOLD_KINDS = json.dumps(sorted(TOLD_KINDS))
_DEADLINE_KINDS = json.dumps(sorted(DEADLINE_KINDS))

_FULL = frozenset({Period.DAILY, Period.ALERT})
_IN_FULL = json.dumps(sorted(_FULL))
"""The periods whose Digests tell their Changes with the Passages; every other one only names what they told."""

_REPLACED = dt.timedelta(days=7)
"""An audience that was told no daily Digest for longer than this, while others were, was given up and not renamed."""

_CONFIRMED = """
SELECT change.id, document.source_id FROM change JOIN document ON document.id = change.document_id
WHERE change.status = 'confirmed' AND change.kind IN (SELECT value FROM json_each(:kinds))
  AND change.confirmed_at >= :since
"""

_UNTOLD = """
NOT EXISTS (
    SELECT 1 FROM digest_change AS told WHERE told.audience_id = :audience AND told.change_id = change.id
    AND told.period IN (SELECT value FROM json_each(:in_full))
)
"""

_PRESSING = """
(change.severity = 'high' OR EXISTS (
    SELECT 1 FROM date_mention WHERE date_mention.change_id = change.id
    AND date_mention.kind IN (SELECT value FROM json_each(:deadlines))
    AND length(date_mention.date) = 10 AND date_mention.date BETWEEN :first AND :last
))
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a Digest says of a Source that its Audience watches."""

    name: str
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    enabled: bool


def ensure_audiences(db: Database, audiences: Sequence[Audience], now: dt.datetime) -> None:
    """A row for each of `audiences`, all that are declared, that was never seen before: it is told from a moment on.

    That is where the audiences stopped that are declared no more: nothing may fall between one and the one that takes
    its place. Where none is gone, it is `now`. Call it before a crawl, so that what that crawl confirms counts. A clock
    that was ahead once silences nobody.
    """
    at = write_time(now)
    db.execute("UPDATE audience SET since_at = ? WHERE since_at > ?", [at, at])
    since = _find_left_off(db, {each.id for each in audiences}, at) or at
    db.table("audience").insert_all(({"id": each.id, "since_at": since} for each in audiences), pk="id", ignore=True)


def _find_left_off(db: Database, declared: Collection[str], at: str) -> str | None:
    """Until when at least all were told who are declared no more. Who stopped a week before the others is not replaced.

    Only daily Digests count: each other sort may leave out a Change that waits.
    """
    rows = db.query(
        """
        SELECT id, coalesce((
            SELECT max(composed_at) FROM digest
            WHERE audience_id = audience.id AND period = 'daily' AND composed_at <= ?
        ), since_at) AS told_at FROM audience
        """,
        [at],
    )
    told = {row["id"]: row["told_at"] for row in rows}
    lately = write_time(read_time(max(told.values(), default=at)) - _REPLACED)
    return min((told_at for id_, told_at in told.items() if id_ not in declared and told_at >= lately), default=None)


def find_since(db: Database, audience_id: str) -> dt.datetime | None:
    """From when on this Audience is told; None where it has never been seen."""
    rows = db.query("SELECT since_at FROM audience WHERE id = ?", [audience_id])
    return next((read_time(row["since_at"]) for row in rows), None)


def get_watched(db: Database, audience: Audience) -> dict[str, Watched]:
    """The Sources that concern the Audience, by id, those switched off included: their last Changes are still told.

    An audience of "US" also gets regions of it ("US-CA"), and every one gets what is "global".
    """

    def read(row: dict[str, Any]) -> tuple[str, Watched, bool]:
        source = _source(row)
        return row["id"], source, _concerns(audience, json.loads(row["audience"]), source)

    rows = read_rows("source", db.query("SELECT * FROM source"), read)
    return {id_: source for id_, source, concerns in rows if concerns}


def get_source_facts(db: Database, source_id: str) -> Watched:
    """Of a Source that is stored, whomever it concerns."""
    return _source(next(db.query("SELECT * FROM source WHERE id = ?", [source_id])))


def _source(row: dict[str, Any]) -> Watched:
    return Watched(
        name=row["name"],
        publisher=row["publisher"],
        jurisdiction=row["jurisdiction"],
        topics=tuple(json.loads(row["topics"])),
        enabled=bool(row["enabled"]),
    )


def _concerns(audience: Audience, named: list[str], source: Watched) -> bool:
    return (
        (not named or audience.id in named)
        and (not audience.topics or not set(audience.topics).isdisjoint(source.topics))
        and (not audience.jurisdictions or _reaches(audience.jurisdictions, source.jurisdiction))
    )


def _reaches(jurisdictions: Sequence[str], jurisdiction: str) -> bool:
    return jurisdiction in {*jurisdictions, "global"} or jurisdiction.partition("-")[0] in jurisdictions


def get_owned(db: Database, owners: Collection[str], least: float) -> frozenset[int]:
    """The Changes that touch an SOP of one of these owners (in small letters) with at least this probability."""
    sops = [row["id"] for row in db.query("SELECT id, owner FROM sop") if row["owner"].casefold() in owners]
    rows = db.query(
        """
        SELECT DISTINCT impact.change_id FROM impact JOIN section ON section.id = impact.section_id
        WHERE impact.probability >= ? AND section.sop_id IN (SELECT value FROM json_each(?))
        """,
        [least, json.dumps(sops)],
    )
    return frozenset(row["change_id"] for row in rows)


def get_confirmed(db: Database, since: dt.datetime) -> list[tuple[int, str]]:
    """(change id, source id) of the told kinds confirmed at or after `since`."""
    return _pairs(db, f"{_CONFIRMED} ORDER BY change.id", since=since)


def get_untold(db: Database, audience_id: str, since: dt.datetime) -> list[tuple[int, str]]:
    """Of those, what this Audience was told in full in no daily Digest and in no alert."""
    return _pairs(db, f"{_CONFIRMED} AND {_UNTOLD} ORDER BY change.id", audience=audience_id, since=since)


def get_pressing(
    db: Database, audience_id: str, since: dt.datetime, *, first: dt.date, last: dt.date
) -> list[tuple[int, str]]:
    """Of the untold ones, those of high severity and those with a deadline from `first` to `last`, a full day."""
    days = {"first": first.isoformat(), "last": last.isoformat()}
    query = f"{_CONFIRMED} AND {_UNTOLD} AND {_PRESSING} ORDER BY change.id"
    return _pairs(db, query, audience=audience_id, since=since, **days)


def get_alerted(db: Database, audience_id: str) -> list[tuple[int, str]]:
    """(change id, source id) of what this Audience was told as an alert and no daily Digest has named yet."""
    rows = db.query(
        """
        SELECT change.id, document.source_id FROM digest_change AS told
        JOIN change ON change.id = told.change_id
        JOIN document ON document.id = change.document_id
        WHERE told.audience_id = :audience AND told.period = 'alert' AND NOT EXISTS (
            SELECT 1 FROM digest_change AS named WHERE named.audience_id = :audience
            AND named.change_id = told.change_id AND named.period = 'daily'
        )
        ORDER BY change.id
        """,
        {"audience": audience_id},
    )
    return [(row["id"], row["source_id"]) for row in rows]


def get_unrolled(db: Database, audience_id: str, since: dt.datetime) -> list[tuple[int, str]]:
    """What this Audience was told in full at or after `since`, and no weekly Digest has rolled up yet."""
    rows = db.query(
        """
        SELECT DISTINCT change.id, document.source_id FROM digest_change AS told
        JOIN digest ON digest.id = told.digest_id
        JOIN change ON change.id = told.change_id
        JOIN document ON document.id = change.document_id
        WHERE told.audience_id = :audience AND told.period IN (SELECT value FROM json_each(:in_full))
          AND digest.composed_at >= :since AND NOT EXISTS (
            SELECT 1 FROM digest_change AS rolled WHERE rolled.audience_id = :audience
            AND rolled.change_id = told.change_id AND rolled.period = 'weekly'
          )
        ORDER BY change.id
        """,
        {"audience": audience_id, "in_full": _IN_FULL, "since": write_time(since)},
    )
    return [(row["id"], row["source_id"]) for row in rows]


def get_unanswered(db: Database, audience_id: str, after: dt.datetime, told_by: dt.datetime) -> frozenset[int]:
    """What this Audience was told after `after` and by `told_by`, may be undecided and was not escalated.

    What was put off counts as told on the day on which it comes back. Only a first choice, which costs little: without
    what was decided more often than it was taken back.
    """
    rows = db.query(
        """
        SELECT told.change_id FROM digest_change AS told JOIN digest ON digest.id = told.digest_id
        WHERE told.audience_id = :audience AND told.period IN (SELECT value FROM json_each(:in_full))
          AND digest.composed_at <= :told_by
          AND (digest.composed_at > :after OR EXISTS (
            SELECT 1 FROM decision WHERE decision.change_id = told.change_id AND decision.verdict = 'snoozed'
            AND decision.due > :after
          ))
          AND NOT EXISTS (
            SELECT 1 FROM digest_change AS sent WHERE sent.audience_id = :audience
            AND sent.change_id = told.change_id AND sent.period = 'escalation'
          )
          AND (
            SELECT coalesce(sum(CASE verdict WHEN 'undone' THEN -1 WHEN 'snoozed' THEN 0 ELSE 1 END), 0)
            FROM decision WHERE decision.change_id = told.change_id
          ) <= 0
        """,
        {"audience": audience_id, "in_full": _IN_FULL, "after": write_time(after), "told_by": write_time(told_by)},
    )
    return frozenset(row["change_id"] for row in rows)


def _pairs(db: Database, query: str, *, since: dt.datetime, **values: str) -> list[tuple[int, str]]:
    known = {"kinds": _TOLD_KINDS, "deadlines": _DEADLINE_KINDS, "in_full": _IN_FULL, "since": write_time(since)}
    return [(row["id"], row["source_id"]) for row in db.query(query, known | values)]


def has_digest(db: Database, audience_id: str, period: Period, local_date: dt.date, *, days: int = 1) -> bool:
    """Whether there is one of that day, or of the `days` that end with it."""
    return bool(
        db.table("digest").count_where(
            "audience_id = ? AND period = ? AND local_date BETWEEN ? AND ?",
            [audience_id, period, *_span(local_date, days)],
        )
    )


def find_last_composed_at(db: Database, audience_id: str, period: Period, now: dt.datetime) -> dt.datetime | None:
    """By `now`: what a clock that was ahead has dated is no measure."""
    query = "SELECT max(composed_at) AS at FROM digest WHERE audience_id = ? AND period = ? AND composed_at <= ?"
    (row,) = db.query(query, [audience_id, period, write_time(now)])
    return read_time(row["at"]) if row["at"] else None


def get_assignees(db: Database) -> frozenset[str]:
    """Everybody who was ever given something, as they were named."""
    rows = db.query("SELECT DISTINCT assignee FROM decision WHERE assignee IS NOT NULL")
    return frozenset(row["assignee"] for row in rows)


def get_refused(db: Database, audience_id: str) -> dict[str, str]:
    """The channels that refuse what is for this Audience, each with its last reason."""
    rows = db.query(
        """
        SELECT delivery.channel, delivery.error FROM delivery JOIN digest ON digest.id = delivery.digest_id
        WHERE delivery.state = 'failed' AND digest.audience_id = ?
        ORDER BY delivery.channel, digest.composed_at
        """,
        [audience_id],
    )
    return {row["channel"]: row["error"] for row in rows}


def is_overtaken(db: Database, digest: Digest) -> bool:
    """Whether another process has stored this Digest, or told its Audience of one of its Changes."""
    if db.table("digest").count_where("id = ?", [digest.id]):
        return True
    in_full = [each.change.id for each in digest.changes] if digest.period in _FULL else []
    found = db.query(
        """
        SELECT 1 FROM digest_change AS told WHERE told.audience_id = :audience AND (
            (told.period = :period AND told.change_id IN (SELECT value FROM json_each(:named)))
            OR (told.period IN (SELECT value FROM json_each(:periods))
                AND told.change_id IN (SELECT value FROM json_each(:in_full)))
        ) LIMIT 1
        """,
        {
            "audience": digest.audience_id,
            "period": digest.period,
            "named": json.dumps(_named(digest)),
            "periods": _IN_FULL,
            "in_full": json.dumps(in_full),
        },
    )
    return any(found)


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
            "change_id": change_id,
            "period": digest.period,
            "digest_id": digest.id,
        }
        for change_id in _named(digest)
    )


def _named(digest: Digest) -> list[int]:
    """The Changes that this Digest tells its Audience of, and no other one of its period may."""
    escalated = [each.change_id for each in digest.items] if digest.period is Period.ESCALATION else []
    return [*(each.change.id for each in (*digest.changes, *digest.alerted)), *escalated]


def find_digest(db: Database, audience_id: str, period: Period, local_date: dt.date, *, days: int = 1) -> Digest | None:
    """The newest one of the `days` that end with this one, as it was sent."""
    rows = db.query(
        """
        SELECT content FROM digest WHERE audience_id = ? AND period = ? AND local_date BETWEEN ? AND ?
        ORDER BY local_date DESC LIMIT 1
        """,
        [audience_id, period, *_span(local_date, days)],
    )
    return next((_CONTENT.validate_json(row["content"]) for row in rows), None)


def _span(last: dt.date, days: int) -> tuple[str, str]:
    return (last - dt.timedelta(days=days - 1)).isoformat(), last.isoformat()


def get_digest(db: Database, digest_id: str) -> Digest:
    """The Digest as it was sent. Raises NotFoundError."""
    for row in db.query("SELECT content FROM digest WHERE id = ?", [digest_id]):
        return _CONTENT.validate_json(row["content"])
    raise NotFoundError(f"digest {digest_id}: there is none with this id. They are named 2026-11-22-daily-AUDIENCE.")
