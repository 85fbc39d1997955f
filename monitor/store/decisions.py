"""Decisions, which of them stand, and the Memory made of those that do. Append-only: nothing here changes a row.

What stands for one Impact is read from its Decisions and those about its Change as a whole, in the order they were
made. A later one takes the earlier one's place, with three exceptions: `assigned` says who has it in hand and leaves a
confirmation as it is, `snoozed` leaves everything as it is until its day or the next decision, and `undone` brings back
what stood before.

Who decides about a Change as a whole speaks for the Sections in view: those that people were shown, being tagged with
`WORTH_SHOWING` or more, and those about which a Decision of their own stood by then. Of any other Section it says
nothing, however it was tagged.

Does not do: checking what people decide (`monitor.triage`), weighing it (`monitor.impact.memory`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from monitor.impact import MATCHER, WORTH_SHOWING
from monitor.impact.memory import Decided, Memory
from monitor.impact.query import build_questions, sum_weights
from monitor.model import Decision, Passage, PassageOp, Section, Sop, Verdict
from monitor.store import add_row, read_time, write_time
from monitor.store.impacts import get_tagged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.store import Database

MOST_STEMS = 64
"""Of each past Change, the weightiest: what a Change of a whole chapter is about is in them, and it loads in time."""

MATCH_WAS_RIGHT = frozenset({"covered", "no-effect", "duplicate"})
"""Reasons for which nothing is to be done although the Section is about what changed: no rejection to learn from."""

_LAST_DECIDED = """
SELECT decision.change_id, max(decision.id), decision.verdict, decision.section_id
FROM json_each(?) AS own CROSS JOIN decision ON decision.change_id = own.value
GROUP BY decision.change_id HAVING count(*) FILTER (WHERE verdict = 'not-applicable' AND section_id IS NULL)
"""
"""Of Changes that were ever rejected as a whole what was decided last: where that rejects it, nothing else stands."""
_ABOUT_SECTIONS = """
SELECT decision.* FROM (
    SELECT impact.change_id FROM json_each(:sections) AS own
    CROSS JOIN impact INDEXED BY impact_by_section ON impact.section_id = own.value
    UNION
    SELECT named.change_id FROM json_each(:sections) AS own
    CROSS JOIN decision AS named INDEXED BY decision_by_section ON named.section_id = own.value
) AS touching CROSS JOIN change ON change.id = touching.change_id
CROSS JOIN document ON document.id = change.document_id AND document.source_id = :source
CROSS JOIN decision ON decision.change_id = change.id
ORDER BY decision.change_id, decision.id
"""
"""What people decided about Changes of a Source that touch a Section, or of which somebody named it."""
_REASON = re.compile(r"[a-z-]+(?=: | of [0-9]|\Z)")


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for one Impact, or for a Change as a whole."""

    verdict: Verdict | None = None
    """CONFIRMED or NOT_APPLICABLE; None = open."""
    decision: Decision | None = None
    """The one that says so."""
    assignee: str | None = None
    """Who has it in hand."""
    due: str | None = None
    snoozed_until: str | None = None
    """It is put off until this day, on which it comes back; a day that is past says nothing."""

    @property
    def is_confirmed(self) -> bool:
        return self.verdict is Verdict.CONFIRMED


OPEN = Standing()


@dataclass(frozen=True, slots=True)
class Touched:
    """A Section that a Change touches, its SOP (without Sections), and whose Change it is."""

    publisher: str
    sop: Sop
    section: Section
    is_confirmed: bool
    """Whether what stands for this Section now is a confirmation."""


def add_decision(
    db: Database,
    change_id: int,
    section_id: str | None,
    verdict: Verdict,
    *,
    reason: str,
    assignee: str | None,
    due: str | None,
    by: str,
    at: datetime,
) -> Decision:
    row: dict[str, object] = {
        "change_id": change_id,
        "section_id": section_id,
        "verdict": verdict,
        "reason": reason,
        "assignee": assignee,
        "due": due,
        "by": by,
        "at": write_time(at),
    }
    _note_stems(db, change_id)
    return Decision(add_row(db, "decision", row), change_id, section_id, verdict, reason, assignee, due, by, at)


def get_decisions(db: Database, change_id: int) -> tuple[Decision, ...]:
    """All that people decided about a Change and its Impacts, in the order they did."""
    rows = db.query("SELECT * FROM decision WHERE change_id = ? ORDER BY id", [change_id])
    return tuple(map(read_decision, rows))


def get_all_decisions(db: Database, change_ids: Collection[int]) -> dict[int, tuple[Decision, ...]]:
    """As `get_decisions`, of several Changes; each of them is in it."""
    rows = db.query(
        "SELECT * FROM decision WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(list(change_ids))],
    )
    decided: dict[int, list[Decision]] = {each: [] for each in change_ids}
    for each in map(read_decision, rows):
        decided[each.change_id].append(each)
    return {change_id: tuple(own) for change_id, own in decided.items()}


def get_named(db: Database, decision_ids: Collection[int]) -> tuple[Decision, ...]:
    """Those with these ids, as far as there are any, in the order in which they were made."""
    rows = db.query(
        "SELECT * FROM decision WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(list(decision_ids))],
    )
    return tuple(map(read_decision, rows))


def get_stack(decisions: Iterable[Decision], section_id: str | None, tagged: Mapping[str, float]) -> list[Decision]:
    """Those about one Change that stand for a Section, or for it as a whole: `undone` takes away the last of them.

    `tagged`: as for `get_standings`.
    """
    is_shown = section_id is None or tagged.get(section_id, 0.0) >= WORTH_SHOWING
    return _find_standing(decisions, section_id, is_shown=is_shown)


def read_word(reason: str) -> str:
    """The word that a reason begins with: `covered` of "covered: see 4.2", `duplicate` of "duplicate of 12".

    "" where somebody says it in their own words alone.
    """
    found = _REASON.match(reason)
    return found[0] if found else ""


def was_match_right(reason: str) -> bool:
    """Whether a rejection for this reason says nothing against the match."""
    return read_word(reason) in MATCH_WAS_RIGHT


def has_section(db: Database, section_id: str) -> bool:
    """Whether the SOPs as last loaded have it."""
    return any(db.query("SELECT 1 FROM section WHERE id = ? AND removed_at IS NULL", [section_id]))


def get_whole_standing(decisions: Iterable[Decision]) -> Standing:
    """What the Decisions about one Change say of it as a whole."""
    return _sum_up(_find_standing(decisions, None, is_shown=True))


def is_rejected(whole: Standing, sections: Iterable[Standing]) -> bool:
    """Whether a Change of which this stands is nobody's concern: rejected as a whole, and no Section taken up since."""
    return whole.verdict is Verdict.NOT_APPLICABLE and not any(each.is_confirmed or each.assignee for each in sections)


def get_rejected(db: Database, change_ids: Iterable[int]) -> frozenset[int]:
    """Those of these Changes for which `is_rejected` holds."""
    rows = db.query(_LAST_DECIDED, [json.dumps(list(change_ids))])
    last = {row["change_id"]: row["section_id"] is None and row["verdict"] == Verdict.NOT_APPLICABLE for row in rows}
    others = [change_id for change_id, is_sure in last.items() if not is_sure]
    tagged = get_tagged(db, others)
    decided = {each: get_decisions(db, each) for each in others}
    return frozenset(change_id for change_id, is_sure in last.items() if is_sure) | {
        change_id
        for change_id, own in decided.items()
        if is_rejected(get_whole_standing(own), get_standings(own, tagged[change_id]).values())
    }


def get_standings(decisions: Sequence[Decision], tagged: Mapping[str, float]) -> dict[str, Standing]:
    """What the Decisions about one Change say of each Section in view; of any other Section it is `OPEN`.

    `tagged`: the Sections that it was tagged with, each with its probability. They come first, in their order.
    """
    standings = {}
    for section_id in dict.fromkeys([*tagged, *(each.section_id for each in decisions if each.section_id)]):
        is_shown = tagged.get(section_id, 0.0) >= WORTH_SHOWING
        standing = _find_standing(decisions, section_id, is_shown=is_shown)
        if standing or is_shown:
            standings[section_id] = _sum_up(standing)
    return standings


def _find_standing(decisions: Iterable[Decision], section_id: str | None, *, is_shown: bool) -> list[Decision]:
    """Those that stand for a Section; None = for the Change as a whole.

    What was undone for a Section holds for the others all the same; a Change undone as a whole leaves what was decided
    about a Section by itself.
    """
    standing: list[Decision] = []
    whole: list[Decision] = []
    for each in decisions:
        if each.section_id not in {None, section_id}:
            continue
        if each.verdict is not Verdict.UNDONE:
            is_in_view = is_shown or bool(standing)
            standing.extend([each] if each.section_id or is_in_view else [])
            whole.extend([each] if each.section_id is None else [])
        elif each.section_id is None:
            undone = whole.pop() if whole else None
            standing = [one for one in standing if one is not undone]
        elif standing:
            standing.pop()
    return standing


def _sum_up(decisions: Iterable[Decision]) -> Standing:
    """Whoever rejects it takes it out of all hands; whoever assigns it opens it again."""
    now = OPEN
    for each in decisions:
        if each.verdict is Verdict.ASSIGNED:
            kept = now if now.is_confirmed else OPEN
            now = Standing(kept.verdict, kept.decision, each.assignee, each.due)
        elif each.verdict is Verdict.CONFIRMED:
            now = Standing(each.verdict, each, now.assignee, now.due)
        elif each.verdict is Verdict.SNOOZED:
            now = replace(now, snoozed_until=each.due)
        else:
            now = Standing(each.verdict, each)
    return now


def load_memory(db: Database) -> Memory:
    """What matching learns from: every confirmation and rejection that stands."""
    return Memory([each for _, each in iter_decided(db)])


def iter_decided(db: Database) -> Iterator[tuple[int, Decided]]:
    """What stands for each Section in view of each Change that was decided about, with the id of the Change.

    Those of one Change share one mapping of stems. Rejections for a reason of `MATCH_WAS_RIGHT` are left out.
    """
    taught = dict(_iter_taught(db, db.query("SELECT * FROM decision ORDER BY change_id, id")))
    stems = dict(_iter_stems(db))
    sources = _sources(db)
    sops = {row["id"]: row["sop_id"] for row in db.query("SELECT id, sop_id FROM section")}
    for change_id, sections in taught.items():
        for section_id, is_confirmed in sections.items():
            own = stems.get(change_id, {})
            yield change_id, Decided(sources[change_id], section_id, is_confirmed, own, sops[section_id])


def count_taught(db: Database, source_id: str, section_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """As `Memory.count` of each of these Sections: how often it was confirmed and rejected for Changes of the Source.

    Without reading what people decided about anything else.
    """
    rows = db.query(_ABOUT_SECTIONS, {"source": source_id, "sections": json.dumps(list(section_ids))})
    counts = Counter(taught for _, sections in _iter_taught(db, rows) for taught in sections.items())
    return {each: (counts[each, True], counts[each, False]) for each in section_ids}


def _iter_taught(db: Database, rows: Iterable[dict[str, Any]]) -> Iterator[tuple[int, dict[str, bool]]]:
    """The Sections of each Change of which something is to be learned, and whether they are confirmed.

    `rows` are all Decisions about these Changes, by Change and in the order in which they were made.
    """
    decided = {change_id: tuple(each) for change_id, each in groupby(map(read_decision, rows), attrgetter("change_id"))}
    tagged = get_tagged(db, decided)
    for change_id, decisions in decided.items():
        taught = {
            section_id: each.is_confirmed
            for section_id, each in get_standings(decisions, tagged[change_id]).items()
            if each.decision and (each.is_confirmed or not was_match_right(each.decision.reason))
        }
        yield change_id, taught


def _sources(db: Database) -> dict[int, str]:
    rows = db.query(
        """
        SELECT change.id, document.source_id FROM change JOIN document ON document.id = change.document_id
        WHERE change.id IN (SELECT change_id FROM decision)
        """
    )
    return {row["id"]: row["source_id"] for row in rows}


def _note_stems(db: Database, change_id: int) -> None:
    """Keep what the Change is about, so that the Memory is loaded without reading its text again."""
    noted = db.query("SELECT 1 FROM change_stems WHERE change_id = ? AND matcher = ?", [change_id, MATCHER])
    if not any(noted):
        passages = db.query("SELECT * FROM passage WHERE change_id = ? ORDER BY id", [change_id])
        stems = json.dumps(sum_stems(map(_passage, passages)), ensure_ascii=False)
        row = {"change_id": change_id, "matcher": MATCHER, "stems": stems}
        db.table("change_stems").insert(row, pk="change_id", replace=True)


def _iter_stems(db: Database) -> Iterator[tuple[int, dict[str, float]]]:
    """What each Change that was decided about is about; read anew where an earlier matcher had read it."""
    for row in db.query("SELECT change_id, stems FROM change_stems WHERE matcher = ?", [MATCHER]):
        yield row["change_id"], json.loads(row["stems"])
    rows = db.query(
        """
        SELECT * FROM passage
        WHERE change_id IN (SELECT change_id FROM change_stems WHERE matcher != ?) ORDER BY change_id, id
        """,
        [MATCHER],
    )
    for change_id, passages in groupby(rows, itemgetter("change_id")):
        yield change_id, sum_stems(map(_passage, passages))


def sum_stems(passages: Iterable[Passage]) -> dict[str, float]:
    """The weighted stems of a whole Change: all that it asks added up, the `MOST_STEMS` weightiest."""
    summed = sum_weights(build_questions(passages))
    return {stem: summed[stem] for stem in nlargest(MOST_STEMS, summed, key=summed.__getitem__)}


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(PassageOp(row["op"]), tuple(json.loads(row["heading"])), row["before"], row["after"])


def read_decision(row: dict[str, Any]) -> Decision:
    """From a row of the table `decision`."""
    return Decision(
        id=row["id"],
        change_id=row["change_id"],
        section_id=row["section_id"],
        verdict=Verdict(row["verdict"]),
        reason=row["reason"],
        assignee=row["assignee"],
        due=row["due"],
        by=row["by"],
        at=read_time(row["at"]),
    )


def get_sections(db: Database, change_id: int) -> tuple[Touched, ...]:
    """The Sections that were tagged or that people decided about, best first."""
    standings = get_standings(get_decisions(db, change_id), get_tagged(db, [change_id])[change_id])
    rows = db.query(
        """
        SELECT section.*, sop.title, sop.owner, sop.path, source.publisher
        FROM section JOIN sop ON sop.id = section.sop_id
        JOIN change ON change.id = :change
        JOIN document ON document.id = change.document_id
        JOIN source ON source.id = document.source_id
        LEFT JOIN impact ON impact.section_id = section.id AND impact.change_id = :change
        WHERE impact.id IS NOT NULL OR section.id IN (SELECT section_id FROM decision WHERE change_id = :change)
        ORDER BY impact.probability DESC, section.id
        """,
        {"change": change_id},
    )
    return tuple(
        Touched(
            row["publisher"],
            Sop(row["sop_id"], row["title"], row["owner"], row["path"]),
            Section(row["id"], row["sop_id"], tuple(json.loads(row["heading"])), row["text"]),
            is_confirmed=standings.get(row["id"], OPEN).is_confirmed,
        )
        for row in rows
    )
