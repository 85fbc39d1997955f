"""SOPs and their Sections as last loaded. What left the folder is marked, never dropped: Impacts point at it.

A Section keeps the id under which it was first stored (`monitor.sops.identify` says when it is the same one).

Does not do: reading the SOP files (`monitor.sops`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor.failing import tolerate
from monitor.model import Section
from monitor.sops import fingerprint, identify
from monitor.sops.facts import stated_facts
from monitor.sops.identity import section_fingerprint
from monitor.store import write_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.model import Sop
    from monitor.store import Database

    Row = dict[str, Any]


def declare_sops(db: Database, sops: Sequence[Sop], now: datetime, unread: Collection[str] = ()) -> tuple[Sop, ...]:
    """Make the database agree with the SOP folder; only files that changed are written.

    An SOP whose path is among `unread` (its file is there and cannot be used for now) stays as it was, and so does one
    of which what is stored cannot be read. Returns all others of `sops` in their order, their Sections under the ids by
    which the database knows them.
    """
    at = write_time(now)
    known = {row["id"]: row for row in db.query("SELECT id, path, fingerprint FROM sop WHERE removed_at IS NULL")}
    ids = _ids_by_fingerprint(db)
    declared = []
    for sop in sops:
        row = known.pop(sop.id, None)
        with tolerate(
            "sop not taken in", f"{sop.path}: what is stored of this SOP cannot be read, so it is not tagged"
        ):
            if row is None or row["fingerprint"] != fingerprint(sop):
                declared.append(_declare(db, sop, at))
                continue
            if row["path"] != sop.path:
                db.execute("UPDATE sop SET path = ? WHERE id = ?", [sop.path, sop.id])
            declared.append(_with_known_ids(sop, ids) or _declare(db, sop, at))
    for gone in (sop_id for sop_id, row in known.items() if row["path"] not in unread):
        db.execute("UPDATE sop SET removed_at = ? WHERE id = ?", [at, gone])
        db.execute("UPDATE section SET removed_at = ? WHERE sop_id = ? AND removed_at IS NULL", [at, gone])
    return tuple(declared)


def has_sops(db: Database) -> bool:
    """Whether there are any that were not removed."""
    return bool(db.table("sop").count_where("removed_at IS NULL"))


def _ids_by_fingerprint(db: Database) -> dict[tuple[str, str], list[str]]:
    """The ids of the Sections that are there, by SOP and fingerprint; of equal ones the last stored first."""
    ids: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    rows = db.query("SELECT id, sop_id, fingerprint FROM section WHERE removed_at IS NULL ORDER BY rowid DESC")
    for row in rows:
        ids[row["sop_id"], row["fingerprint"]].append(row["id"])
    return ids


def _with_known_ids(sop: Sop, ids: Mapping[tuple[str, str], list[str]]) -> Sop | None:
    """None where its Sections are not the ones that were stored, whatever the fingerprint of the whole says."""
    keys = [(sop.id, section_fingerprint(each)) for each in sop.sections]
    if any(count > len(ids.get(key, ())) for key, count in Counter(keys).items()):
        return None
    sections = tuple(replace(each, id=ids[key].pop()) for key, each in zip(keys, sop.sections, strict=True))
    return replace(sop, sections=sections)


def _declare(db: Database, sop: Sop, at: str) -> Sop:
    known, gone = _stored_sections(db, sop.id)
    sections = identify([_section(row) for row in known], sop.sections, [_section(row) for row in gone])
    db.table("sop").upsert(
        {
            "id": sop.id,
            "title": sop.title,
            "owner": sop.owner,
            "path": sop.path,
            "fingerprint": fingerprint(sop),
            "facts": json.dumps(stated_facts(sop), ensure_ascii=False),
            "loaded_at": at,
            "removed_at": None,
        },
        pk="id",
    )
    _write_sections(db, {row["id"]: row for row in (*known, *gone)}, sections, at)
    staying = {each.id for each in sections}
    for row in known:
        if row["id"] not in staying and row["removed_at"] is None:
            db.execute("UPDATE section SET removed_at = ? WHERE id = ?", [at, row["id"]])
    return replace(sop, sections=sections)


def _stored_sections(db: Database, sop_id: str) -> tuple[list[Row], list[Row]]:
    """The Sections as last loaded, and those that were removed before.

    Where the whole SOP was away (its file was broken for a day), what went with it was last loaded with it.
    """
    away = next(db.query("SELECT removed_at FROM sop WHERE id = ?", [sop_id]), {"removed_at": None})["removed_at"]
    known: list[Row] = []
    gone: list[Row] = []
    for row in db.query("SELECT * FROM section WHERE sop_id = ? ORDER BY rowid", [sop_id]):
        (known if row["removed_at"] in {None, away} else gone).append(row)
    return known, gone


def _section(row: Row) -> Section:
    return Section(row["id"], row["sop_id"], tuple(json.loads(row["heading"])), row["text"])


def _write_sections(db: Database, stored: Mapping[str, Row], sections: Iterable[Section], at: str) -> None:
    """Write what differs. `revised_at` moves with the text only: under another heading it is still current."""
    rows = []
    for each in sections:
        before = stored.get(each.id)
        row = {
            "id": each.id,
            "sop_id": each.sop_id,
            "heading": json.dumps(each.heading, ensure_ascii=False),
            "text": each.text,
            "fingerprint": section_fingerprint(each),
            "revised_at": before["revised_at"] if before and before["text"] == each.text else at,
            "removed_at": None,
        }
        if before is None or not row.items() <= before.items():
            rows.append(row)
    db.table("section").upsert_all(rows, pk="id")
