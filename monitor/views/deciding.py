"""What people decided, in words: each Decision, and what came of those that were made at once.

Does not do: deciding (`monitor.triage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digests.wording import person_name, written_date
from digests.words import count
from monitor.model import Verdict
from monitor.store.decisions import get_sections
from monitor.triage import Done, get_state, iter_effects, say_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Decision, Person
    from monitor.store import Database
    from monitor.store.decisions import Standing

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
    can_take_back: bool


def say_decision(decision: Decision, people: Sequence[Person] = ()) -> str:
    """As in "Assigned to Tom, due 1 Dec 2026", without who says so and why."""
    day = written_date(decision.due) if decision.due else ""
    to = f" to {person_name(decision.assignee, people)}" if decision.assignee else ""
    until = f" until {day}" if decision.verdict is Verdict.SNOOZED else f", due {day}" if day else ""
    return f"{_VERDICTS[decision.verdict]}{to}{until}"


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


def say_done(db: Database, made: Sequence[Decision], people: Sequence[Person] = ()) -> Said | None:
    """What came of Decisions that somebody made at once; None where there are none.

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
    effects = iter_effects(db, Done(first[-1], is_new=True, sections=tuple(sections)))
    return Said(
        words=f"{say_decision(made[0], people)}{_say_where(made, change_ids, names)}",
        change_ids=change_ids,
        effects=tuple((names[section_id], effect) for section_id, effect in effects),
        can_take_back=made[-1].verdict is not Verdict.UNDONE,
    )


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
