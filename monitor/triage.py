"""What people decide about Changes and their Impacts: every decision, from wherever it comes, goes through here.

A Decision is added, never changed. What it says for the clause-to-section links and for later matching holds at once:
the links are laid or ended in the same transaction, and matching reads its memory from the Decisions that stand.

Does not do: finding out what stands (`monitor.store.decisions`), weighing it (`monitor.impact.memory`), asking people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import structlog

from monitor.errors import ConfigurationError, NotFoundError
from monitor.links import clear_links, end_links, lay_links
from monitor.model import Verdict
from monitor.store import transaction
from monitor.store.changes import get_change
from monitor.store.deadlines import find_next, get_days
from monitor.store.decisions import (
    OPEN,
    Standing,
    add_decision,
    count_taught,
    get_decisions,
    get_standings,
    get_whole_standing,
    has_section,
    is_rejected,
    read_word,
    was_match_right,
)
from monitor.store.impacts import get_impacts, get_tagged
from monitor.store.items import note_standing
from monitor.store.links import get_stale_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from monitor.model import Decision, Impact
    from monitor.store import Database

log = structlog.get_logger()

REASONS = {
    "out-of-scope": "the rule does not bind us",
    "elsewhere": "it holds where we do not operate",
    "unrelated": "the section is about something else",
    "covered": "the section says so already",
    "no-effect": "nothing that we do changes",
    "duplicate": "decided with another change",
}
"""Words that stand for the common reasons why a Section is not touched; any other text is a reason too.

More may stand behind a word: "covered: see 4.2". A duplicate names the other Change: "duplicate of 12".
"""
_DUPLICATE = re.compile(r"duplicate of ([0-9]{1,18})(?=: |\Z)")

AHEAD = timedelta(days=14)
"""So long before a deadline the work is due, unless somebody says otherwise: a week to edit, a week to train."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of deciding."""

    decision: Decision
    is_new: bool
    """False: it was decided so already, and nothing was written."""
    sections: tuple[str, ...]
    """The Sections that it holds for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One Section that a Change touches, or that a person named, and what stands for it."""

    section_id: str
    impact: Impact | None
    """None = matching did not find it; a person added it."""
    standing: Standing
    is_in_view: bool
    """What is decided about the Change as a whole holds for it: people were shown it, or named it themselves."""


@dataclass(frozen=True, slots=True)
class State:
    """Where the triage of one Change stands."""

    change_id: int
    whole: Standing
    sections: tuple[Judged, ...]
    """As `monitor show` lists the Impacts, then what people added."""
    history: tuple[Decision, ...]


def get_state(db: Database, change_id: int) -> State:
    """Raises NotFoundError."""
    get_change(db, change_id)
    decisions = get_decisions(db, change_id)
    impacts = {each.section_id: each for each in get_impacts(db, change_id)}
    standings = get_standings(decisions, {each.section_id: each.probability for each in impacts.values()})
    sections = tuple(
        Judged(each, impacts.get(each), standings.get(each, OPEN), is_in_view=each in standings)
        for each in _name_sections(impacts, decisions)
    )
    return State(change_id, get_whole_standing(decisions), sections, decisions)


def find_target(db: Database, text: str) -> tuple[int, str | None]:
    """What `12`, `12:age-checks#id-upload` or `12:2` (its second Impact) names: the Change, and the Section or None.

    Raises NotFoundError where there is no such Change or Impact.
    """
    number, colon, section = text.partition(":")
    if not number.isdecimal():
        raise NotFoundError(
            f'"{text}" names no change. Write its number (monitor triage 12), and for one section its id or its place '
            "in the list: 12:age-checks#id-upload or 12:1. See: monitor changes"
        )
    change_id = get_change(db, int(number)).id
    if not section.isdecimal():
        return change_id, section if colon else None
    impacts = get_impacts(db, change_id)
    if not 0 < int(section) <= len(impacts):
        raise NotFoundError(f"change {change_id} touches {len(impacts)} sections. See: monitor show {change_id}")
    return change_id, impacts[int(section) - 1].section_id


def decide(
    db: Database,
    change_id: int,
    section_id: str | None,
    verdict: Verdict,
    *,
    reason: str = "",
    assignee: str | None = None,
    due: str | None = None,
    by: str,
    now: datetime,
) -> Done:
    """Add a Decision about one Section, or about the Change as a whole and so about each Section in view.

    `reason`, `assignee` and `due` are as `check` wants them. A Section that was not tagged can be confirmed or assigned
    all the same: matching missed it. The very same decision twice in a row is one, unless it takes something back.

    Raises ConfigurationError for what cannot be decided so, NotFoundError for what is not there.
    """
    (done,) = decide_all(
        db, [(change_id, section_id)], verdict, reason=reason, assignee=assignee, due=due, by=by, now=now
    )
    return done


def decide_all(
    db: Database,
    targets: Iterable[tuple[int, str | None]],
    verdict: Verdict,
    *,
    reason: str = "",
    assignee: str | None = None,
    due: str | None = None,
    by: str,
    now: datetime,
) -> list[Done]:
    """The same about each of several: where one of them cannot be decided so, none is.

    Raises as `decide`.
    """
    check(verdict, reason=reason, assignee=assignee, due=due, today=now.date())
    with transaction(db):
        return [
            rule_on(db, *target, verdict, reason=reason, assignee=assignee, due=due, by=by, now=now)
            for target in targets
        ]


def rule_on(
    db: Database,
    change_id: int,
    section_id: str | None,
    verdict: Verdict,
    *,
    reason: str = "",
    assignee: str | None = None,
    due: str | None = None,
    by: str,
    now: datetime,
) -> Done:
    """As `decide`, in a transaction that is open, of what `check` has seen."""
    get_change(db, change_id)
    _check_original(db, change_id, section_id, verdict, reason)
    before, tagged = get_decisions(db, change_id), get_tagged(db, [change_id])[change_id]
    stood = get_standings(before, tagged)
    sections = (section_id,) if section_id else tuple(stood)
    about = [each for each in before if section_id is None or each.section_id in {None, section_id}]
    said = (section_id, verdict, reason, assignee, due, by)
    if about and _say(about[-1]) == said and verdict is not Verdict.UNDONE:
        return Done(about[-1], is_new=False, sections=sections)
    if section_id:
        _check_section(db, change_id, section_id, verdict, is_known=section_id in _name_sections(tagged, before))
    undone = stood.get(section_id, OPEN) if section_id else get_whole_standing(before)
    if verdict is Verdict.UNDONE and undone == OPEN:
        raise NotFoundError(
            f"change {change_id}: nothing is decided here to take back. See: monitor triage {change_id}"
        )
    decision = add_decision(
        db, change_id, section_id, verdict, reason=reason, assignee=assignee, due=due, by=by, at=now
    )
    stands = get_standings((*before, decision), tagged)
    for each in sections:
        _keep_links(db, each, decision, stood.get(each, OPEN), stands.get(each, OPEN))
    note_standing(db, change_id)
    log.info("decided", change=change_id, section=section_id, verdict=str(verdict), by=by)
    return Done(decision, is_new=True, sections=sections)


def set_due(db: Database, change_id: int, section_id: str | None, due: str, *, by: str, now: datetime) -> list[Done]:
    """Only the day: each who has it in hand keeps it, until then. Where nobody has, `by` takes it.

    Raises as `decide`.
    """
    check(Verdict.ASSIGNED, assignee=by, due=due, today=now.date())
    with transaction(db):
        assigned = _name_hands(get_state(db, change_id), section_id, by)
        return [
            rule_on(db, change_id, about, Verdict.ASSIGNED, assignee=assignee, due=due, by=by, now=now)
            for about, assignee in assigned
        ]


def _name_hands(state: State, section_id: str | None, by: str) -> list[tuple[str | None, str]]:
    """For what a day is set, and who has it then."""
    judged = [each for each in state.sections if (each.section_id == section_id if section_id else each.is_in_view)]
    hands = {each.standing.assignee for each in judged} or {state.whole.assignee}
    if section_id or len(hands) == 1:
        return [(section_id, next(iter(hands)) or by)]
    return [(each.section_id, each.standing.assignee) for each in judged if each.standing.assignee]


def check(
    verdict: Verdict, *, reason: str = "", assignee: str | None = None, due: str | None = None, today: date
) -> None:
    """Whether a decision has what it needs and nothing that it cannot have, whatever it is about.

    NOT_APPLICABLE has a `reason`, a word of `REASONS` or free text; with any other verdict it is a comment, from which
    nothing is learned. ASSIGNED has an `assignee` and perhaps a `due` day, `today` in UTC or later; SNOOZED has one
    after `today`, on which it comes back. Days are ISO 8601.

    Raises ConfigurationError.
    """
    if verdict is Verdict.NOT_APPLICABLE and not reason.strip():
        raise ConfigurationError(f"not applicable: say why, in one of the words {', '.join(REASONS)} or your own.")
    if (verdict is Verdict.ASSIGNED) != bool(assignee and assignee.strip()):
        raise ConfigurationError("assigned: say to whom, and name nobody for any other decision.")
    if verdict is Verdict.SNOOZED and not due:
        raise ConfigurationError("snoozed: say until which day, as in 2026-12-01.")
    if due and verdict not in {Verdict.ASSIGNED, Verdict.SNOOZED}:
        raise ConfigurationError("due: the day goes with whoever has it in hand. Assign it to somebody.")
    if due and _read_day(due) < today:
        raise ConfigurationError(f"due {due}: that day is over, today is {today} in UTC. Name today or a later day.")
    if due == today.isoformat() and verdict is Verdict.SNOOZED:
        raise ConfigurationError(f"snoozed until {due}: that is today in UTC. Name a later day: then it comes back.")


def plan_due(deadline: str, today: date) -> str:
    """The day that is offered for the work: `AHEAD` before a deadline, a full day to come, but not before today.

    "" = there is none.
    """
    return max(today, date.fromisoformat(deadline) - AHEAD).isoformat() if deadline else ""


def propose_due(db: Database, change_ids: Sequence[int], today: date) -> str:
    """`plan_due` by the first deadline to come of several Changes."""
    days = get_days(db, change_ids).values()
    to_come = [first.date for own in days if (first := find_next(own, today))]
    return plan_due(min(to_come, default=""), today)


def find_original(reason: str) -> int | None:
    """The other Change with which it was decided: 12 of "duplicate of 12"."""
    found = _DUPLICATE.match(reason)
    return int(found[1]) if found else None


def say_reason(reason: str) -> str:
    """As people read it: "the section says so already: see 4.2" of "covered: see 4.2"."""
    word, original = read_word(reason), find_original(reason)
    if original is not None:
        return _DUPLICATE.sub(f"decided with change {original}", reason)
    return REASONS.get(word, word) + reason[len(word) :]


def _check_original(db: Database, change_id: int, section_id: str | None, verdict: Verdict, reason: str) -> None:
    """Whether the Change of which it is said to be a duplicate is there, another one, and not rejected itself.

    Else two could be duplicates of one another, and nobody would decide about either.
    """
    original = find_original(reason) if verdict is Verdict.NOT_APPLICABLE else None
    if original is None:
        return
    if original == change_id:
        raise ConfigurationError(f"duplicate of {change_id}: that is this change itself. Name the other one.")
    state = get_state(db, original)
    own = [each.standing for each in state.sections if each.section_id == section_id]
    stands = state.whole if is_rejected(state.whole, (each.standing for each in state.sections)) else None
    stands = stands or next((each for each in own if each.verdict is Verdict.NOT_APPLICABLE), None)
    if stands and stands.decision:
        raise ConfigurationError(
            f"duplicate of {original}: change {original} does not apply itself: {say_reason(stands.decision.reason)}. "
            "Name the change that is decided for both, or another reason."
        )


def _say(decision: Decision) -> tuple[str | None, Verdict, str, str | None, str | None, str]:
    return decision.section_id, decision.verdict, decision.reason, decision.assignee, decision.due, decision.by


def _name_sections(tagged: Iterable[str], decisions: Sequence[Decision]) -> tuple[str, ...]:
    """What was tagged, and then what people named besides."""
    return tuple(dict.fromkeys([*tagged, *(each.section_id for each in decisions if each.section_id)]))


def _read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ConfigurationError(f'due "{text}": not a day. Write it as in 2026-12-01.')
    return day


def _check_section(db: Database, change_id: int, section_id: str, verdict: Verdict, *, is_known: bool) -> None:
    """Whether a Section can be decided so. `is_known`: it was tagged, or named before.

    Any other can be rejected where it is linked to a clause that went stale by the Change: then it needs no edit.
    """
    what = f"change {change_id}, section {section_id}"
    if verdict is Verdict.SNOOZED:
        raise ConfigurationError(f"{what}: no section is put off by itself. Put off change {change_id} as a whole.")
    if is_known:
        return
    if not has_section(db, section_id):
        raise NotFoundError(f"{what}: your SOPs have no section with this id. See: monitor show {change_id}")
    if verdict is Verdict.NOT_APPLICABLE and not get_stale_by(db, change_id, section_id):
        raise NotFoundError(f"{what}: it was not tagged, so there is nothing to reject. See: monitor show {change_id}")


def _keep_links(db: Database, section_id: str, decision: Decision, stood: Standing, stands: Standing) -> None:
    """Make the links agree with what stands for a Section since this Decision, and stood before it."""
    change_id, now = decision.change_id, decision.at
    if stands.is_confirmed and not stood.is_confirmed and stands.decision:
        lay_links(db, change_id, section_id, stands.decision.id, now)
    if stood.is_confirmed and not stands.is_confirmed:
        end_links(db, change_id, section_id, now)
    if stands.verdict is Verdict.NOT_APPLICABLE and stood.verdict is not Verdict.NOT_APPLICABLE:
        clear_links(db, change_id, section_id, decision.by, now)


def iter_effects(db: Database, done: Done) -> Iterator[tuple[str, str]]:
    """What matching learned of each Section, as in (id, "rejected 4 times for this source, so it is tagged less")."""
    if done.decision.verdict in {Verdict.ASSIGNED, Verdict.SNOOZED}:
        return
    change_id = done.decision.change_id
    standings = get_standings(get_decisions(db, change_id), get_tagged(db, [change_id])[change_id])
    counts = count_taught(db, get_change(db, change_id).source_id, done.sections)
    for section_id in done.sections:
        yield section_id, _say_effect(standings.get(section_id, OPEN), *counts[section_id])


def _say_effect(standing: Standing, confirmed: int, rejected: int) -> str:
    if standing.decision is None:
        return "open again, and nothing is learned from it"
    if standing.is_confirmed:
        return f"confirmed {_times(confirmed)} for this source: it is tagged sooner for it"
    if was_match_right(standing.decision.reason):
        return "tagged as before: the section is about what changed, though nothing is to be done"
    return f"rejected {_times(rejected)} for this source: it is tagged less for it"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
