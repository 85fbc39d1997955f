"""What people decided, in words: each Decision, and what came of those that were made at once.

Does not do: deciding (`monitor.triage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING

from digests.wording import person_name, written_date
from digests.words import count
from monitor.model import Verdict
from monitor.store.decisions import OPEN, get_sections
from monitor.store.inbox import get_stale, iter_made
from monitor.store.items import get_decided, get_facts
from monitor.triage import Done, get_state, iter_effects, say_reason
from monitor.undoing import find_last, find_obstacle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Decision, Person
    from monitor.store import Database
    from monitor.store.decisions import Standing

MOST_TRIED = 200
"""Decisions of somebody among which the last that still stands is looked for."""
_VERDICTS = {
    Verdict.CONFIRMED: "Confirmed",
    Verdict.NOT_APPLICABLE: "Not applicable",
    Verdict.ASSIGNED: "Assigned",
    Verdict.SNOOZED: "Put off",
    Verdict.UNDONE: "Taken back",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody is told after they decided."""

    words: str
    """As in "Confirmed for 2 sections"."""
    change_ids: tuple[int, ...]
    effects: tuple[tuple[str, str], ...]
    """What matching learned: (name of the Section, "confirmed once for this source: it is tagged sooner for it")."""
    decision_ids: tuple[int, ...]
    can_take_back: bool
    since: str
    """What keeps it from being taken back now, as in "Otto has decided since."; "" = nothing does."""


def say_decision(decision: Decision, people: Sequence[Person] = ()) -> str:
    """As in "Assigned to Tom, due 1 Dec 2026", without who says so and why."""
    day = written_date(decision.due) if decision.due else ""
    to = f" to {person_name(decision.assignee, people)}" if decision.assignee else ""
    until = f" until {day}" if decision.verdict is Verdict.SNOOZED else f", due {day}" if day else ""
    return f"{_VERDICTS[decision.verdict]}{to}{until}"


def say_ruling(db: Database, decision: Decision, people: Sequence[Person] = ()) -> str:
    """As in "Not applicable by Maria for SOP-7 Appeals: nothing that we do changes"."""
    why = f": {say_reason(decision.reason)}" if decision.reason else ""
    named = (each for each in get_sections(db, decision.change_id) if each.section.id == decision.section_id)
    where = "".join(f" for {name_section(each.sop.id, each.section.heading)}" for each in named)
    return f"{_VERDICTS[decision.verdict]} by {person_name(decision.by, people)}{where}{why}"


def say_standing(standing: Standing, people: Sequence[Person] = ()) -> str:
    """As in "Confirmed by Maria: our limit is stricter · in hand: Tom, due 1 Dec 2026"; "" = open."""
    facts = []
    if standing.decision:
        why = f": {say_reason(standing.decision.reason)}" if standing.decision.reason else ""
        by = person_name(standing.decision.by, people)
        facts.append(f"{_VERDICTS[standing.decision.verdict]} by {by}{why}")
    if standing.assignee:
        due = f", due {written_date(standing.due)}" if standing.due else ""
        facts.append(f"in hand: {person_name(standing.assignee, people)}{due}")
    if standing.snoozed_until:
        facts.append(f"put off until {written_date(standing.snoozed_until)}")
    return " · ".join(facts)


def say_since(db: Database, made: Sequence[Decision], people: Sequence[Person] = ()) -> str:
    """What was decided after these Decisions, so that they cannot be taken back; "" = nothing.

    As in "Otto has decided since: Not applicable."
    """
    since = find_obstacle(db, made)
    if since is None:
        return ""
    if since.verdict is Verdict.UNDONE:
        return "It was taken back since."
    return f"{person_name(since.by, people)} has decided since: {say_decision(since, people)}."


def say_done(
    db: Database, made: Sequence[Decision], people: Sequence[Person] = (), *, is_new: bool = True
) -> Said | None:
    """What came of Decisions that somebody made at once; None where there are none.

    `is_new` False: they stood already. Only what is new can be taken back.
    Of several Changes, that they mean the same is what matching learned of the first.
    """
    if not made:
        return None
    change_ids = tuple(dict.fromkeys(each.change_id for each in made))
    first = [each for each in made if each.change_id == change_ids[0]]
    names = {
        each.section.id: name_section(each.sop.id, each.section.heading) for each in get_sections(db, change_ids[0])
    }
    if any(each.section_id is None for each in first):
        sections = [each.section_id for each in get_state(db, change_ids[0]).sections if each.is_in_view]
    else:
        sections = [each.section_id for each in first if each.section_id]
    can_take_back = is_new and made[-1].verdict is not Verdict.UNDONE
    since = say_since(db, made, people) if can_take_back else ""
    effects = iter_effects(db, Done(first[-1], is_new=True, sections=tuple(sections)))
    return Said(
        words=f"{say_decision(made[0], people)}{'' if is_new else ' already'}{_say_where(made, change_ids, names)}",
        change_ids=change_ids,
        effects=tuple((names[section_id], effect) for section_id, effect in effects),
        decision_ids=tuple(each.id for each in made),
        can_take_back=can_take_back and not since,
        since=since,
    )


def find_last_made(db: Database, by: str) -> tuple[Decision, ...]:
    """What this person decided last and at once, of what is the last that stands; () = nothing, or long ago."""
    standing = (each for each in islice(iter_made(db, by), MOST_TRIED) if each in find_last(db, each.change_id))
    _, made = next(groupby(standing, attrgetter("at")), (None, ()))
    return tuple(reversed(tuple(made)))


def say_outcome(db: Database, made: Sequence[Decision], people: Sequence[Person] = ()) -> str:
    """As in "Confirmed: Community guidelines. 8 sections are out of date", of Decisions that somebody made at once."""
    change_ids = list(dict.fromkeys(each.change_id for each in made))
    names = [each["name"] for each in get_facts(db, change_ids[:1]).values()]
    where = names[0] if len(change_ids) == 1 else count(len(change_ids), "change")
    return f"{say_decision(made[0], people)}: {where}{_say_stale(db, made[0].verdict, change_ids)}"


def _say_stale(db: Database, verdict: Verdict, change_ids: Sequence[int]) -> str:
    if verdict is not Verdict.CONFIRMED:
        return ""
    decided = get_decided(db, change_ids)
    stale = {
        section_id
        for change_id, section_id in get_stale(db, change_ids)
        if decided[change_id].sections.get(section_id, OPEN).is_confirmed
    }
    if not stale:
        return ". No section is out of date by it"
    number = len(stale)
    return f". {count(number, 'section')} {'is' if number == 1 else 'are'} out of date"


def name_section(sop_id: str, heading: Sequence[str]) -> str:
    """As in "SOP-7 Appeals": the shortest by which people know which one is meant."""
    return " ".join([sop_id, *heading[-1:]])


def _say_where(made: Sequence[Decision], change_ids: Sequence[int], names: dict[str, str]) -> str:
    if len(change_ids) > 1:
        return f" in {count(len(change_ids), 'document')}"
    sections = [each.section_id for each in made if each.section_id]
    if len(sections) > 1:
        return f" for {count(len(sections), 'section')}"
    return f" for {names[sections[0]]}" if sections else ""
