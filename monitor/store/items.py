"""What is still to be done: told Changes that nobody decided, and Sections that a decided one still asks for.

A told Change is one item as a whole until somebody confirms, rejects or gives away the whole of it, or each of its
Sections in view. Beside that there is an item for each Section of it that

* is confirmed, and a clause of the Document that it is linked to is stale since this Change or an earlier one; or
* is confirmed and in somebody's hands, and there was no clause that it could be linked to; or
* nobody decided about, but it was given to somebody, or a clause that it is linked to went stale by the Change.

So an item closes when it is rejected, or when the Section is said to be current again (`monitor.links`).

`change.is_settled`, `put_off_until` and `due` say the same of each Change, so that no Decision need be read to find out
what waits and what is in hand. `note_standing` keeps them true in the transaction of each Decision, `note_in_hand` in
that of each Link.

Does not do: deciding (`monitor.triage`), saying whom an item concerns.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from monitor.model import OpenItem, Severity
from monitor.store import read_time
from monitor.store.deadlines import find_next, get_days
from monitor.store.decisions import OPEN, Standing, get_standings, get_whole_standing, read_decision
from monitor.store.impacts import get_tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from monitor.store import Database
    from monitor.store.deadlines import Stated

NO_DAY = "9999-12-31"
"""Stands in `change.due` for what is in hand without a day: after every day."""
_STEP = " \u203a "


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands for a Change about which there are Decisions."""

    document_id: str
    whole: Standing
    sections: Mapping[str, Standing]
    """Of each Section in view (`monitor.store.decisions`)."""
    named: frozenset[str]
    """The Sections about which there is a Decision of their own."""

    @property
    def is_decided(self) -> bool:
        """Whether anybody confirmed or rejected it, or one of its Sections."""
        return any(each.verdict for each in (self.whole, *self.sections.values()))

    @property
    def is_left(self) -> bool:
        """Whether anything of it is left to decide: the whole, or a Section in view."""
        if self.whole.verdict:
            return False
        own = [
            each.verdict or (section_id in self.named and each.assignee) for section_id, each in self.sections.items()
        ]
        return not own or not all(own)


@dataclass(slots=True)
class _Links:
    """The links of Sections to clauses, by (Document, Section)."""

    known: set[tuple[str, str]] = field(default_factory=set)
    stale: dict[tuple[str, str], int] = field(default_factory=dict)
    """The first Change by which one that is open went stale."""
    by_change: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The Sections of which one went stale by a Change."""


def get_decided(db: Database, change_ids: Iterable[int]) -> dict[int, Decided]:
    """What stands for each of these Changes about which there are Decisions, by its id."""
    rows = db.query(
        """
        SELECT decision.*, change.document_id FROM decision JOIN change ON change.id = decision.change_id
        WHERE decision.change_id IN (SELECT value FROM json_each(?)) ORDER BY decision.change_id, decision.id
        """,
        [json.dumps(list(change_ids))],
    )
    decided = {change_id: tuple(each) for change_id, each in groupby(rows, itemgetter("change_id"))}
    tagged = get_tagged(db, decided)
    return {change_id: _sum_up(each, tagged[change_id]) for change_id, each in decided.items()}


def get_decided_of(db: Database, change_ids: Iterable[int]) -> frozenset[int]:
    """Those of these Changes about which there are Decisions."""
    ids = json.dumps(list(change_ids))
    rows = db.query(
        "SELECT DISTINCT change_id FROM decision WHERE change_id IN (SELECT value FROM json_each(?))", [ids]
    )
    return frozenset(row["change_id"] for row in rows)


def get_last_decision(db: Database) -> int:
    """The id of the last Decision about anything; 0 = there is none."""
    return int(next(db.query("SELECT coalesce(max(id), 0) AS id FROM decision"))["id"])


def _sum_up(rows: Sequence[dict[str, Any]], tagged: Mapping[str, float]) -> Decided:
    decisions = tuple(map(read_decision, rows))
    named = frozenset(each.section_id for each in decisions if each.section_id)
    return Decided(rows[0]["document_id"], get_whole_standing(decisions), get_standings(decisions, tagged), named)


def get_open_items(db: Database, now: datetime) -> tuple[OpenItem, ...]:
    """All of them, the oldest first. What is put off is there with the day on which it comes back."""
    links = _get_links(db)
    told = {row["change_id"] for row in db.query("SELECT DISTINCT change_id FROM digest_change")}
    touched = {row["change_id"] for row in db.query("SELECT DISTINCT change_id FROM decision")}
    found: dict[int, dict[str | None, Standing]] = {each: {None: OPEN} for each in told - touched}
    for change_id, each in get_decided(db, _get_unsettled(db)).items():
        found[change_id] = dict(_iter_open(change_id, each, links, is_told=change_id in told))
    for change_id in links.by_change.keys() - touched - told:
        found[change_id] = dict.fromkeys(links.by_change[change_id], OPEN)
    return _make_items(db, found, now.date())


def get_items_in_hand(db: Database, change_ids: Iterable[int], today: date) -> tuple[OpenItem, ...]:
    """Those of these Changes that are in somebody's hands, the oldest first."""
    return _make_items(db, get_in_hand(db, change_ids), today)


def get_in_hand(db: Database, change_ids: Iterable[int]) -> dict[int, dict[str | None, Standing]]:
    """What of each of these Changes is in somebody's hands, by Section, None = the whole; without the words for it."""
    return _find_in_hand(db, get_decided(db, change_ids))


def note_standing(db: Database, change_id: int) -> None:
    """Bring what `change` says of itself in line with the Decisions about it, and with the Links of its Document.

    The Links count for whatever else of the Document is in hand as well.
    """
    document_id = next(
        row["document_id"] for row in db.query("SELECT document_id FROM change WHERE id = ?", [change_id])
    )
    _note(db, {change_id, *_get_given(db, [document_id])})


def note_in_hand(db: Database, document_ids: Iterable[str]) -> None:
    """The same of all Changes of these Documents that somebody was ever given."""
    _note(db, _get_given(db, document_ids))


def note_all(db: Database) -> None:
    """The same of every Change that was decided about."""
    _note(db, [row["change_id"] for row in db.query("SELECT DISTINCT change_id FROM decision")])


def _get_given(db: Database, document_ids: Iterable[str]) -> list[int]:
    """The Changes of these Documents that somebody was ever given."""
    rows = db.query(
        """
        SELECT change.id FROM change WHERE change.document_id IN (SELECT value FROM json_each(?))
          AND EXISTS (SELECT 1 FROM decision WHERE change_id = change.id AND verdict = 'assigned')
        """,
        [json.dumps(list(document_ids))],
    )
    return [row["id"] for row in rows]


def _note(db: Database, change_ids: Iterable[int]) -> None:
    decided = get_decided(db, change_ids)
    in_hand = _find_in_hand(db, decided)
    for change_id, each in decided.items():
        db.execute(
            "UPDATE change SET is_settled = ?, put_off_until = ?, due = ? WHERE id = ?",
            [
                int(bool(each.whole.assignee) or not each.is_left),
                each.whole.snoozed_until,
                min((standing.due or NO_DAY for standing in in_hand[change_id].values()), default=None),
                change_id,
            ],
        )


def _find_in_hand(db: Database, decided: Mapping[int, Decided]) -> dict[int, dict[str | None, Standing]]:
    links = _get_links(db, {each.document_id for each in decided.values()})
    return {
        change_id: {
            section_id: standing
            for section_id, standing in _iter_open(change_id, each, links, is_told=False)
            if standing.assignee
        }
        for change_id, each in decided.items()
    }


def _make_items(db: Database, found: Mapping[int, Mapping[str | None, Standing]], today: date) -> tuple[OpenItem, ...]:
    """From what is open of each Change: the Section, None = the whole, and what stands for it."""
    still = {change_id: each for change_id, each in found.items() if each}
    facts, days = get_facts(db, still), get_days(db, still)
    names = _get_names(db, {section_id for each in still.values() for section_id in each if section_id})
    items = [
        _item(
            facts[change_id],
            section_id,
            standing,
            procedure=names[section_id] if section_id else "",
            deadline=_choose_day(days.get(change_id, ()), today),
            today=today,
        )
        for change_id, each in still.items()
        for section_id, standing in each.items()
    ]
    return tuple(sorted(items, key=lambda each: (each.since_at, each.change_id, each.section_id or "")))


def _get_unsettled(db: Database) -> list[int]:
    """The Changes with Decisions of which anything can be open: most were confirmed or rejected, and are done with."""
    rows = db.query(
        """
        SELECT DISTINCT change_id FROM decision WHERE section_id IS NOT NULL
            OR verdict NOT IN ('confirmed', 'not-applicable') OR change_id IN (
                SELECT change.id FROM link JOIN change ON change.document_id = link.document_id
                WHERE link.stale_since IS NOT NULL AND link.ended_at IS NULL
            )
        """
    )
    return [row["change_id"] for row in rows]


def _iter_open(
    change_id: int, decided: Decided, links: _Links, *, is_told: bool
) -> Iterator[tuple[str | None, Standing]]:
    """What is open of a Change about which there are Decisions: the Section, None = the whole."""
    whole = decided.whole
    if decided.is_left and (is_told or whole.assignee):
        yield None, whole
    if whole.is_confirmed and whole.assignee and not decided.sections:
        yield None, whole
    for section_id in dict.fromkeys([*decided.sections, *links.by_change.get(change_id, ())]):
        standing, place = decided.sections.get(section_id, OPEN), (decided.document_id, section_id)
        if standing.is_confirmed:
            is_stale = links.stale.get(place, change_id + 1) <= change_id
            is_open = is_stale or (bool(standing.assignee) and place not in links.known)
        else:
            is_given = section_id in decided.named and bool(standing.assignee)
            is_open = standing.verdict is None and (is_given or section_id in links.by_change.get(change_id, ()))
        if is_open:
            yield section_id, standing


def _get_links(db: Database, document_ids: Iterable[str] | None = None) -> _Links:
    """Of these Documents; None = of all."""
    links = _Links()
    rows = db.query(
        """
        SELECT document_id, section_id, stale_by, ended_at FROM link
        WHERE :documents IS NULL OR document_id IN (SELECT value FROM json_each(:documents)) ORDER BY stale_by
        """,
        {"documents": None if document_ids is None else json.dumps(list(document_ids))},
    )
    for row in rows:
        place = (row["document_id"], row["section_id"])
        links.known.add(place)
        if row["stale_by"] and not row["ended_at"]:
            links.stale.setdefault(place, row["stale_by"])
            links.by_change[row["stale_by"]].append(row["section_id"])
    return links


def get_facts(db: Database, change_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """By id `severity`, `since_at`, `source_id`, `url`, `publisher`, and the `name` of the Document."""
    rows = db.query(
        """
        SELECT change.id, change.severity, coalesce(change.confirmed_at, change.detected_at) AS since_at,
            document.source_id, document.url, source.publisher,
            iif(document.id = source.id OR document.title = '', source.name, document.title) AS name
        FROM change JOIN document ON document.id = change.document_id JOIN source ON source.id = document.source_id
        WHERE change.id IN (SELECT value FROM json_each(?))
        """,
        [json.dumps(list(change_ids))],
    )
    return {row["id"]: row for row in rows}


def _choose_day(days: Sequence[Stated], today: date) -> str | None:
    """The next one; the last, where all are over."""
    chosen = find_next(days, today) or next(reversed(days), None)
    return chosen.date if chosen else None


def _get_names(db: Database, section_ids: Iterable[str]) -> dict[str, str]:
    """As in "SOP-7 Age checks › Appeals", the title of the SOP not twice."""
    rows = db.query(
        """
        SELECT section.id, section.heading, sop.id AS sop_id, sop.title
        FROM section JOIN sop ON sop.id = section.sop_id WHERE section.id IN (SELECT value FROM json_each(?))
        """,
        [json.dumps(list(section_ids))],
    )
    return {row["id"]: _say_name(f"{row['sop_id']} {row['title']}", row) for row in rows}


def _say_name(sop: str, row: dict[str, Any]) -> str:
    heading = json.loads(row["heading"])
    return _STEP.join([sop, *(heading[1:] if heading[:1] == [row["title"]] else heading)])


def _item(
    facts: dict[str, Any],
    section_id: str | None,
    standing: Standing,
    *,
    procedure: str,
    deadline: str | None,
    today: date,
) -> OpenItem:
    put_off = standing.snoozed_until
    return OpenItem(
        change_id=facts["id"],
        section_id=section_id,
        source_id=facts["source_id"],
        source_name=facts["name"],
        publisher=facts["publisher"],
        url=facts["url"],
        procedure=procedure,
        severity=Severity(facts["severity"]),
        since_at=read_time(facts["since_at"]),
        verdict=standing.verdict,
        assignee=standing.assignee,
        due=standing.due,
        deadline=deadline,
        snoozed_until=put_off if put_off and put_off > today.isoformat() else None,
    )
