"""The days that people must act by, as the confirmed Changes of the told kinds say.

One for a Document, kind and date, of the last Change that states it. It is no deadline any more when a later Change of
the Document

* moves it; or
* takes out its sentence, where a publisher stated it as data: an interface states all that stands every time, while a
  page that no longer speaks of a date has not dropped it; or
* tells that the Document is withdrawn, where it stood in the words only.

Does not do: finding dates in texts (`monitor.compare`), saying whom a deadline concerns.
"""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from monitor.model import DEADLINE_KINDS, PUBLISHER_KINDS, TOLD_KINDS, DateKind, Deadline
from monitor.store.items import get_decided

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.store import Database

WITHDRAWN = "withdrawn; "
"""So begins the reason of a Change by which a Document is withdrawn (`monitor.steps.state`)."""

_MENTIONS = """
    SELECT date_mention.*, document.id AS document_id, document.source_id, document.url, source.publisher,
        iif(document.id = source.id OR document.title = '', source.name, document.title) AS name,
        NOT EXISTS (
            SELECT 1 FROM change AS later
            WHERE later.document_id = document.id AND later.id > change.id AND later.status = 'confirmed' AND CASE
                WHEN source.kind IN (SELECT value FROM json_each(:publishers)) AND sentence GLOB '* (*, *)' THEN
                    EXISTS (SELECT 1 FROM passage WHERE change_id = later.id AND instr(before, sentence))
                    AND NOT EXISTS (SELECT 1 FROM passage WHERE change_id = later.id AND instr(after, sentence))
                ELSE instr(later.reason, :withdrawn) = 1
            END
        ) AS stands
    FROM date_mention
    JOIN change ON change.id = date_mention.change_id
    JOIN document ON document.id = change.document_id
    JOIN source ON source.id = document.source_id
    WHERE change.status = 'confirmed' AND change.kind IN (SELECT value FROM json_each(:told))
      AND date_mention.kind IN (SELECT value FROM json_each(:kinds))
      AND (date_mention.date BETWEEN :first AND :last OR date_mention.moved_from BETWEEN :first AND :last)
    ORDER BY change.id, date_mention.position
"""
"""What is stated as data has a sentence that ends with the publisher and the field (`monitor.publishers.reading`)."""
_FULL = len("2026-12-01")
_MONTH = len("2026-12")


def get_deadlines(
    db: Database, first: date, last: date, concerns: Callable[[int, str], bool] = lambda *_: True
) -> tuple[Deadline, ...]:
    """Those that can fall on a day from `first` to `last`, the nearest first.

    A month can fall on any of its days; a year says too little to be here. Of Changes that were not rejected as a whole
    and that concern whoever asks (called with the ids of Change and Source), though what any other moves is moved.
    """
    rows = db.query(
        _MENTIONS,
        {
            "told": json.dumps([*TOLD_KINDS]),
            "kinds": json.dumps([*DEADLINE_KINDS]),
            "publishers": json.dumps([*PUBLISHER_KINDS]),
            "withdrawn": WITHDRAWN,
            "first": first.isoformat()[:_MONTH],
            "last": last.isoformat(),
        },
    )
    mentions = list(rows)
    decided = get_decided(db, {row["change_id"] for row in mentions})
    found: dict[tuple[str, str, str], Deadline] = {}
    for row in mentions:
        found.pop((row["document_id"], row["kind"], row["moved_from"]), None)
        known = decided.get(row["change_id"])
        is_left = row["stands"] and not (known is not None and known.is_rejected)
        if _falls(row["date"], first, last) and is_left and concerns(row["change_id"], row["source_id"]):
            found[row["document_id"], row["kind"], row["date"]] = Deadline(
                change_id=row["change_id"],
                source_name=row["name"],
                publisher=row["publisher"],
                url=row["url"],
                kind=DateKind(row["kind"]),
                date=row["date"],
                is_decided=known is not None and known.is_decided,
            )
    return tuple(sorted(found.values(), key=lambda each: (each.date, each.publisher.casefold(), each.change_id)))


def _falls(written: str, first: date, last: date) -> bool:
    if len(written) == _FULL:
        return first.isoformat() <= written <= last.isoformat()
    if len(written) != _MONTH:
        return False
    begins = date.fromisoformat(f"{written}-01")
    ends = begins.replace(day=monthrange(begins.year, begins.month)[1])
    return begins <= last and first <= ends
