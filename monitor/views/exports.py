"""All told Changes, and all Decisions, as CSV and JSON: in pieces, each read from the database when it is asked for.

CSV is as RFC 4180 has it, every cell in quotes, in UTF-8 with a mark at its beginning, without which Excel takes it for
something else. What a program could take for a formula has an apostrophe before it (OWASP, CSV Injection): at the start
of a cell, and behind a semicolon, at which Excel cuts the file, quotes or not, where the system lists things with one.

Does not do: choosing what is told (`monitor.tracking`), sending (`monitor.web.desk.feeds`).
"""

from __future__ import annotations

import csv
import json
import re
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from digests.escape import plain
from digests.wording import section_name
from digests.words import path
from monitor.impact import WORTH_SHOWING
from monitor.model import DEADLINE_KINDS, Verdict
from monitor.store import open_to_read
from monitor.store.exports import get_dates, get_decided, get_told
from monitor.store.impacts import get_impacts
from monitor.store.items import get_decided as get_standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from monitor.model import DateMention, Impact
    from monitor.store import Database
    from monitor.store.decisions import Standing
    from monitor.store.exports import Decided, Span, Told
    from monitor.store.items import Decided as Standings

BATCH = 500
"""Changes or Decisions that are in memory at once."""
MARK = "\ufeff"
_FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With their full-width forms, which some programs take for the same."""
_INSIDE = re.compile(rf';(?=[\s"]*[{re.escape("".join(_FORMULAS))}])')
_CHANGES = (
    "change", "told", "detected", "publisher", "document", "source", "jurisdiction", "topics", "kind", "severity",
    "summary", "reason", "deadlines", "sections", "state", "decided_by", "decided", "why", "in_hand", "due", "address",
    "link",
)  # fmt: skip
_DECISIONS = (
    "decision", "at", "by", "verdict", "reason", "assignee", "due", "change", "section", "procedure", "publisher",
    "document", "jurisdiction", "link",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """A told Change with all that belongs to it."""

    told: Told
    dates: tuple[DateMention, ...]
    impacts: tuple[Impact, ...]
    standings: Standings | None
    """None = nobody decided anything about it."""

    @property
    def stands(self) -> tuple[Standing, ...]:
        """What stands for each of its Sections in view, and for it as a whole."""
        return (*self.standings.sections.values(), self.standings.whole) if self.standings else ()

    @property
    def state(self) -> str:
        """Confirmed where one Section of it is; not-applicable where all of it is."""
        if any(each.is_confirmed for each in self.stands):
            return Verdict.CONFIRMED
        *sections, whole = [each.verdict is Verdict.NOT_APPLICABLE for each in self.stands] or [False]
        return Verdict.NOT_APPLICABLE if whole or (sections and all(sections)) else "open"


def iter_changes(path: Path, span: Span) -> Iterator[tuple[Exported, ...]]:
    """In the order in which they were confirmed, BATCH at once. The database is open only while one batch is read.

    Raises StoreError where the database at `path` cannot be read.
    """
    after = None
    while True:
        with closing(open_to_read(path)) as db:
            told = get_told(db, span, after, BATCH)
            batch = _describe(db, told)
        if not batch:
            return
        yield batch
        after = told[-1]


def iter_decisions(path: Path, span: Span) -> Iterator[tuple[Decided, ...]]:
    """In the order in which they were made. As `iter_changes`."""
    after = 0
    while True:
        with closing(open_to_read(path)) as db:
            batch = get_decided(db, span, after, BATCH)
        if not batch:
            return
        yield batch
        after = batch[-1].decision.id


def write_changes_csv(batches: Iterable[Sequence[Exported]], desk: str) -> Iterator[str]:
    """`desk`: its address, without a slash at the end."""
    yield MARK + _write_rows([_CHANGES])
    for batch in batches:
        yield _write_rows(_change_row(each, desk) for each in batch)


def write_decisions_csv(batches: Iterable[Sequence[Decided]], desk: str) -> Iterator[str]:
    yield MARK + _write_rows([_DECISIONS])
    for batch in batches:
        yield _write_rows(_decision_row(each, desk) for each in batch)


def write_changes_json(batches: Iterable[Sequence[Exported]], desk: str) -> Iterator[str]:
    """One list, as `monitor changes --json` names things, with what was decided."""
    return write_json([json.dumps(say_change(each, desk), ensure_ascii=False) for each in batch] for batch in batches)


def write_json(batches: Iterable[Iterable[str]]) -> Iterator[str]:
    """One list of texts that are JSON already."""
    before = "["
    for batch in batches:
        yield before + ",\n".join(batch)
        before = ",\n"
    yield "[]\n" if before == "[" else "]\n"


def say_change(exported: Exported, desk: str) -> dict[str, object]:
    """One Change as JSON has it."""
    told = exported.told
    return {
        "id": told.id,
        "source": told.source_id,
        "document": told.name,
        "publisher": told.publisher,
        "jurisdiction": told.jurisdiction,
        "topics": told.topics,
        "url": told.url,
        "link": f"{desk}/changes/{told.id}",
        "detected_at": told.detected_at.isoformat(),
        "confirmed_at": told.confirmed_at.isoformat(),
        "kind": told.kind,
        "reason": told.reason,
        "severity": told.severity,
        "summary": told.summary,
        "dates": [
            {"kind": each.kind, "date": each.date, "sentence": each.sentence, "moved_from": each.moved_from}
            for each in exported.dates
        ],
        "impacts": [
            {
                "sop": each.sop_id,
                "section": each.section_id,
                "probability": round(each.probability, 4),
                "evidence": [{"kind": why.kind, "text": why.text} for why in each.evidence],
            }
            for each in exported.impacts
        ],
        "state": exported.state,
        "standing": [_say_standing(section_id, each) for section_id, each in _iter_standing(exported)],
    }


def guard(text: str) -> str:
    """A cell: on one line, without invisible tricks, and no formula."""
    line = _INSIDE.sub(";'", plain(text))
    return f"'{line}" if line.startswith(_FORMULAS) else line


def _describe(db: Database, told: Sequence[Told]) -> tuple[Exported, ...]:
    ids = [each.id for each in told]
    dates, standing = get_dates(db, ids), get_standing(db, ids)
    return tuple(
        Exported(each, dates.get(each.id, ()), get_impacts(db, each.id), standing.get(each.id)) for each in told
    )


def _iter_standing(exported: Exported) -> Iterator[tuple[str | None, Standing]]:
    """The Sections about which something was decided, then None with what was decided about the Change as a whole."""
    if exported.standings:
        every = [*exported.standings.sections.items(), (None, exported.standings.whole)]
        yield from ((section_id, each) for section_id, each in every if each.verdict or each.assignee)


def _say_standing(section_id: str | None, standing: Standing) -> dict[str, object]:
    decision = standing.decision
    return {
        "section": section_id,
        "verdict": standing.verdict,
        "by": decision.by if decision else None,
        "at": decision.at.isoformat() if decision else None,
        "reason": decision.reason if decision else "",
        "assignee": standing.assignee,
        "due": standing.due,
    }


def _change_row(exported: Exported, desk: str) -> tuple[str, ...]:
    told = exported.told
    decision = max((each.decision for each in exported.stands if each.decision), key=lambda each: each.id, default=None)
    in_hand = [each for each in exported.stands if each.assignee]
    return (
        str(told.id),
        told.confirmed_at.isoformat(),
        told.detected_at.isoformat(),
        told.publisher,
        told.name,
        told.source_id,
        told.jurisdiction,
        ", ".join(told.topics),
        told.kind,
        told.severity,
        told.summary,
        told.reason,
        "; ".join(f"{each.kind} {each.date}" for each in exported.dates if each.kind in DEADLINE_KINDS),
        "; ".join(section_name(each) for each in exported.impacts if each.probability >= WORTH_SHOWING),
        exported.state,
        decision.by if decision else "",
        decision.at.isoformat() if decision else "",
        decision.reason if decision else "",
        ", ".join(dict.fromkeys(each.assignee or "" for each in in_hand)),
        min((each.due for each in in_hand if each.due), default=""),
        told.url,
        f"{desk}/changes/{told.id}",
    )


def _decision_row(decided: Decided, desk: str) -> tuple[str, ...]:
    decision = decided.decision
    return (
        str(decision.id),
        decision.at.isoformat(),
        decision.by,
        decision.verdict,
        decision.reason,
        decision.assignee or "",
        decision.due or "",
        str(decision.change_id),
        decision.section_id or "",
        path(decided.section),
        decided.publisher,
        decided.name,
        decided.jurisdiction,
        f"{desk}/changes/{decision.change_id}",
    )


def _write_rows(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([guard(each) for each in row] for row in rows)
    return text.getvalue()
