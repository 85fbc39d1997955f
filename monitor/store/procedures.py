"""The procedures as the desk shows them: what is out of date in all of them, and all that is known of one.

An open Change is one that waits in the inbox and touches a Section with a probability worth showing.

Does not do: following clauses (`monitor.links`), loading SOP files (`monitor.sops`), deciding.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.errors import NotFoundError
from monitor.impact import WORTH_SHOWING
from monitor.model import Anchor, Section, Severity, Sop
from monitor.store import read_time
from monitor.store.decisions import read_decision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from monitor.model import Decision
    from monitor.store import Database

_MOST_OPEN = 200
"""Open Changes of one SOP that are listed: more is for the inbox."""
_MOST_DECISIONS = 200


@dataclass(frozen=True, slots=True)
class Stale:
    """One open Link whose Section is out of date, as the ledger of all SOPs needs it."""

    link_id: int
    sop_id: str
    section_id: str
    heading: tuple[str, ...]
    document_id: str
    name: str
    """Of the Document: its title, or the name of the Source that it is all of."""
    since_at: datetime
    change_id: int
    why: str
    revised_at: datetime | None
    """When the Section was edited since: it is proposed for closing."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One SOP, counted."""

    sop_id: str
    title: str
    owner: str
    linked: int
    """Clauses that its Sections put into practice."""
    waiting: int
    """Open Changes."""
    gravest: Severity | None
    """Of the open Changes."""
    oldest: str
    """The day since which the first of them waits, ISO 8601; "" = none does."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One open Link of an SOP, with what its clause said and says."""

    link_id: int
    section_id: str
    source_id: str
    document_id: str
    name: str
    is_watched: bool
    anchor: Anchor
    known: str
    """What it said when the Section was last current; "" = nothing yet, it was new."""
    is_gone: bool
    current_id: int | None
    """The newest Version for which the Section is current with it; None = it never was for any."""
    current_as_of: datetime | None
    """When that was first seen."""
    version_id: int
    """The Version up to which it was followed."""
    stale_since: datetime | None
    stale_by: int | None
    why: str
    revised_at: datetime | None
    checked_at: datetime | None
    checked_by: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open Change that touches a Section."""

    change_id: int
    section_id: str
    probability: float
    severity: Severity
    summary: str
    name: str
    publisher: str
    detected_at: datetime


def get_stale(db: Database) -> tuple[Stale, ...]:
    """The longest stale first."""
    rows = db.query(
        """
        SELECT link.id, section.sop_id, link.section_id, section.heading, link.document_id,
            iif(document.id = source.id OR document.title = '', source.name, document.title) AS name,
            link.stale_since, link.stale_by, link.why, link.revised_at
        FROM link JOIN section ON section.id = link.section_id
        JOIN document ON document.id = link.document_id JOIN source ON source.id = document.source_id
        WHERE link.ended_at IS NULL AND link.stale_since IS NOT NULL AND section.removed_at IS NULL
        ORDER BY link.stale_since, link.id
        """
    )
    return tuple(
        Stale(
            link_id=row["id"],
            sop_id=row["sop_id"],
            section_id=row["section_id"],
            heading=tuple(json.loads(row["heading"])),
            document_id=row["document_id"],
            name=row["name"],
            since_at=read_time(row["stale_since"]),
            change_id=row["stale_by"],
            why=row["why"],
            revised_at=_read(row["revised_at"]),
        )
        for row in rows
    )


def get_tallies(db: Database, today: date) -> tuple[Tally, ...]:
    """Every SOP as last loaded, by its id."""
    linked = dict(
        db.execute(
            """
            SELECT section.sop_id, count(*) FROM link JOIN section ON section.id = link.section_id
            WHERE link.ended_at IS NULL AND section.removed_at IS NULL GROUP BY section.sop_id
            """
        )
    )
    waiting = _get_waiting_counts(db, today)
    rows = db.execute("SELECT id, title, owner FROM sop WHERE removed_at IS NULL ORDER BY id")
    return tuple(
        Tally(sop_id, title, owner, linked.get(sop_id, 0), *waiting.get(sop_id, (0, None, "")))
        for sop_id, title, owner in rows
    )


def _get_waiting_counts(db: Database, today: date) -> dict[str, tuple[int, Severity | None, str]]:
    """By SOP: how many Changes wait, the gravest, and the day since which the first of them does."""
    rows = db.execute(
        """
        SELECT section.sop_id, count(DISTINCT change.id),
            min(CASE change.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END),
            min(substr(change.confirmed_at, 1, 10))
        FROM change INDEXED BY change_waiting JOIN impact ON impact.change_id = change.id
        JOIN section ON section.id = impact.section_id
        WHERE change.is_settled = 0 AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')
            AND (change.put_off_until IS NULL OR change.put_off_until <= :today)
            AND impact.probability >= :worth AND section.removed_at IS NULL
        GROUP BY section.sop_id
        """,
        {"today": today.isoformat(), "worth": WORTH_SHOWING},
    )
    gravest = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
    return {sop_id: (number, gravest[rank], oldest) for sop_id, number, rank, oldest in rows}


def get_sop(db: Database, sop_id: str) -> tuple[Sop, bool]:
    """The SOP with its Sections as last loaded, and whether it is still there. Raises NotFoundError."""
    for row in db.query("SELECT * FROM sop WHERE id = ?", [sop_id]):
        facts = json.loads(row["facts"])
        own = db.query(
            "SELECT id, heading, text FROM section WHERE sop_id = ? AND removed_at IS ? ORDER BY rowid",
            [sop_id, row["removed_at"]],
        )
        sop = Sop(
            id=sop_id,
            title=row["title"],
            owner=row["owner"],
            path=row["path"],
            topics=tuple(facts.get("topics", ())),
            jurisdictions=tuple(facts.get("jurisdictions", ())),
            cites=tuple(facts.get("cites", ())),
            implements=tuple(facts.get("implements", ())),
            sections=tuple(_section(sop_id, each) for each in own),
        )
        return sop, row["removed_at"] is None
    raise NotFoundError(f'"{sop_id}": there is no procedure with this id. All of them: Procedures, above.')


def get_section(db: Database, section_id: str) -> tuple[Section, Sop]:
    """A Section that is there, and its SOP without Sections. Raises NotFoundError."""
    for row in db.query("SELECT * FROM section WHERE id = ? AND removed_at IS NULL", [section_id]):
        (sop,) = db.query("SELECT * FROM sop WHERE id = ?", [row["sop_id"]])
        return _section(sop["id"], row), Sop(sop["id"], sop["title"], sop["owner"], sop["path"])
    raise NotFoundError(f'"{section_id}": no procedure has a section with this id. See Procedures, above.')


def find_checked(db: Database, section_id: str, by: str) -> Section | None:
    """The Section if `by` was the last to say of it that it is current again, and that still stands."""
    rows = db.query(
        """
        SELECT section.id, section.sop_id, section.heading, section.text FROM link
        JOIN section ON section.id = link.section_id WHERE link.section_id = ?
        GROUP BY section.id HAVING count(link.stale_since) FILTER (WHERE link.ended_at IS NULL) = 0
            AND max(link.checked_at) = max(link.checked_at) FILTER (WHERE link.checked_by = ?)
        """,
        [section_id, by],
    )
    return next((_section(row["sop_id"], row) for row in rows), None)


def get_clauses(db: Database, section_ids: Iterable[str]) -> dict[str, tuple[Clause, ...]]:
    """The open Links of each of these Sections that has any, in the order they were laid."""
    rows = db.query(
        """
        SELECT link.*, document.source_id, source.enabled,
            iif(document.id = source.id OR document.title = '', source.name, document.title) AS name,
            version.id AS current_id, version.observed_at AS current_as_of
        FROM link JOIN document ON document.id = link.document_id JOIN source ON source.id = document.source_id
        LEFT JOIN change ON change.id = link.stale_by
        LEFT JOIN version ON version.id = iif(link.stale_since IS NULL, link.version_id, change.from_version_id)
        WHERE link.section_id IN (SELECT value FROM json_each(?)) AND link.ended_at IS NULL ORDER BY link.id
        """,
        [json.dumps(list(section_ids))],
    )
    found: defaultdict[str, list[Clause]] = defaultdict(list)
    for row in rows:
        found[row["section_id"]].append(_clause(row))
    return {section_id: tuple(own) for section_id, own in found.items()}


def get_waiting(db: Database, section_ids: Iterable[str], today: date) -> dict[str, tuple[Waiting, ...]]:
    """The open Changes that touch each of these Sections, the most probable first."""
    rows = db.query(
        """
        SELECT change.id AS change_id, impact.section_id, impact.probability, change.severity, change.summary,
            iif(document.id = source.id OR document.title = '', source.name, document.title) AS name,
            source.publisher, change.detected_at
        FROM json_each(:sections) AS wanted
        CROSS JOIN impact ON impact.section_id = wanted.value AND impact.probability >= :worth
        CROSS JOIN change ON change.id = impact.change_id  -- in this order: all that waits is much more
        JOIN document ON document.id = change.document_id JOIN source ON source.id = document.source_id
        WHERE change.is_settled = 0 AND change.status = 'confirmed' AND change.kind IN ('editorial', 'substantive')
            AND (change.put_off_until IS NULL OR change.put_off_until <= :today)
        ORDER BY impact.probability DESC, change.id DESC LIMIT :most
        """,
        {
            "sections": json.dumps(list(section_ids)),
            "worth": WORTH_SHOWING,
            "today": today.isoformat(),
            "most": _MOST_OPEN,
        },
    )
    found: defaultdict[str, list[Waiting]] = defaultdict(list)
    for row in rows:
        facts = {"severity": Severity(row["severity"]), "detected_at": read_time(row["detected_at"])}
        found[row["section_id"]].append(Waiting(**row | facts))
    return {section_id: tuple(own) for section_id, own in found.items()}


def get_history(db: Database, section_ids: Iterable[str]) -> dict[str, tuple[Decision, ...]]:
    """What people decided about each of these Sections, the newest first.

    Either about it alone, or about a Change as a whole that people were shown to touch it.
    """
    rows = db.query(
        """
        SELECT decision.*, decision.section_id AS of_section FROM decision
        WHERE decision.section_id IN (SELECT value FROM json_each(:sections))
        UNION
        SELECT decision.*, impact.section_id AS of_section FROM json_each(:sections) AS wanted
        JOIN impact ON impact.section_id = wanted.value AND impact.probability >= :worth
        JOIN decision ON decision.change_id = impact.change_id AND decision.section_id IS NULL
        ORDER BY id DESC LIMIT :most
        """,
        {"sections": json.dumps(list(section_ids)), "worth": WORTH_SHOWING, "most": _MOST_DECISIONS},
    )
    found: defaultdict[str, list[Decision]] = defaultdict(list)
    for row in rows:
        found[row["of_section"]].append(read_decision(row))
    return {section_id: tuple(own) for section_id, own in found.items()}


def _section(sop_id: str, row: dict[str, Any]) -> Section:
    return Section(row["id"], sop_id, tuple(json.loads(row["heading"])), row["text"])


def _clause(row: dict[str, Any]) -> Clause:
    return Clause(
        link_id=row["id"],
        section_id=row["section_id"],
        source_id=row["source_id"],
        document_id=row["document_id"],
        name=row["name"],
        is_watched=bool(row["enabled"]),
        anchor=Anchor(tuple(json.loads(row["heading"])), row["text"]),
        known=row["known"],
        is_gone=bool(row["is_gone"]),
        current_id=row["current_id"],
        current_as_of=_read(row["current_as_of"]),
        version_id=row["version_id"],
        stale_since=_read(row["stale_since"]),
        stale_by=row["stale_by"],
        why=row["why"],
        revised_at=_read(row["revised_at"]),
        checked_at=_read(row["checked_at"]),
        checked_by=row["checked_by"],
    )


def _read(text: str | None) -> datetime | None:
    return read_time(text) if text else None
