"""Taking Decisions back: those that somebody names, as they saw them, and nothing that was decided since.

`undone` takes away what stands last for a Section, or for a Change as a whole. So what is to be taken back must stand
last: where somebody decided about the same since, it is refused, and of several Decisions none is taken back.

Does not do: what stands then, and what follows from it (`monitor.triage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.errors import ConfigurationError, NotFoundError
from monitor.model import Verdict
from monitor.store import transaction
from monitor.store.decisions import get_all_decisions, get_decisions, get_named, get_stack
from monitor.store.impacts import get_tagged
from monitor.triage import Done, rule_on, say_reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from monitor.model import Decision
    from monitor.store import Database

_SAME_MOMENT = timedelta(minutes=1)
"""So shortly after one another two people mean the same: neither has seen what the other did."""


@dataclass(frozen=True, slots=True)
class _Past:
    """All that was decided about one Change."""

    decisions: tuple[Decision, ...]
    tagged: Mapping[str, float]
    """The Sections that it was tagged with, each with its probability."""

    def stack(self, section_id: str | None, until: int | None = None) -> list[Decision]:
        """What stands, or stood when there were no Decisions but those up to this id."""
        made = self.decisions if until is None else [each for each in self.decisions if each.id <= until]
        return get_stack(made, section_id, self.tagged)

    def find_obstacle(self, decision: Decision, section_id: str | None) -> Decision | None:
        """What keeps it from being taken back for a Section: what was decided since, or what took it back already."""
        stack = self.stack(section_id)
        if decision in stack:
            return stack[-1] if stack[-1] != decision else None
        for each in self.decisions:
            is_about = each.verdict is Verdict.UNDONE and each.section_id in {None, section_id}
            if is_about and each.id > decision.id and decision not in self.stack(section_id, each.id):
                return each
        raise NotFoundError(
            f"change {decision.change_id}: decision {decision.id} is not one that can be taken back for "
            f"{section_id or 'the change as a whole'}. See: monitor triage {decision.change_id}"
        )

    def find_last(self) -> tuple[Decision, ...]:
        """What was decided last of all that stands: by one person at once, for whichever Sections it was."""
        made = [
            each
            for each in self.decisions
            if each.verdict is not Verdict.UNDONE and each in self.stack(each.section_id)
        ]
        return tuple(each for each in made if (each.by, each.at) == (made[-1].by, made[-1].at))


def find_last(db: Database, change_id: int) -> tuple[Decision, ...]:
    """The Decisions about a Change that are taken back next: all that one person decided at once; () = none stands."""
    return _get_past(db, change_id).find_last()


def find_tops(db: Database, change_id: int) -> dict[str, int]:
    """By Section of which anything stands the id of the Decision that is taken back next for it."""
    past = _get_past(db, change_id)
    sections = dict.fromkeys([*past.tagged, *(each.section_id for each in past.decisions if each.section_id)])
    stacks = {each: past.stack(each) for each in sections}
    return {section_id: stack[-1].id for section_id, stack in stacks.items() if stack}


def find_obstacle(db: Database, made: Sequence[Decision]) -> Decision | None:
    """What was decided since about the same as one of these, or took it back; None = they can be taken back."""
    change_ids = {each.change_id for each in made}
    decided, tagged = get_all_decisions(db, change_ids), get_tagged(db, change_ids)
    pasts = {each: _Past(decided[each], tagged[each]) for each in change_ids}
    newest_first = sorted(made, key=lambda each: -each.id)
    found = (pasts[each.change_id].find_obstacle(each, each.section_id) for each in newest_first)
    ids = {each.id for each in made}
    return next((each for each in found if each and each.id not in ids), None)


def take_back(
    db: Database,
    decision_ids: Collection[int],
    *,
    change_ids: Collection[int] = (),
    sections: Collection[str] = (),
    reason: str = "",
    by: str,
    now: datetime,
) -> list[Done]:
    """Undo these Decisions, all or none; with `sections` for these alone. What was taken back already stays so.

    `change_ids`: the Changes of which they are; () = whichever. Raises NotFoundError where one is not there,
    ConfigurationError where somebody decided about the same since.
    """
    with transaction(db):
        made = get_named(db, decision_ids)
        missing = set(decision_ids) - {each.id for each in made if not change_ids or each.change_id in change_ids}
        chosen = [(each, section_id) for each in reversed(made) for section_id in _choose(each, sections)]
        if missing or not chosen:
            which = f"decision {min(missing)}" if missing else "a decision about these sections"
            raise NotFoundError(f"{which} is not there. Load this again, and look what is decided.")
        return [_undo(db, *each, reason=reason, by=by, now=now) for each in chosen]


def take_last_back(db: Database, change_id: int, *, seen: int, by: str, now: datetime) -> list[Done]:
    """Undo what was decided last about a Change, of what somebody saw: Decisions up to this id, and their own.

    Where it was taken back within the last minute, or without their seeing it, it stays at that. Raises NotFoundError
    where nothing is decided, ConfigurationError where somebody else decided since.
    """
    with transaction(db):
        past = _get_past(db, change_id)
        newest = past.decisions[-1] if past.decisions else None
        is_unseen = newest is not None and newest.id > seen and newest.by != by
        if newest and newest.verdict is Verdict.UNDONE and (is_unseen or now - newest.at < _SAME_MOMENT):
            return [Done(newest, is_new=False, sections=())]
        if newest and is_unseen:
            raise _refuse(newest)
        last = past.find_last()
        if not last:
            raise NotFoundError(f"change {change_id}: nothing is decided here to take back.")
        return [_undo(db, each, each.section_id, reason="", by=by, now=now) for each in reversed(last)]


def _get_past(db: Database, change_id: int) -> _Past:
    return _Past(get_decisions(db, change_id), get_tagged(db, [change_id])[change_id])


def _choose(decision: Decision, sections: Collection[str]) -> list[str | None]:
    """For which Sections it is taken back; None = as it was made."""
    if not sections:
        return [decision.section_id]
    return [each for each in sections if decision.section_id in {None, each}]


def _undo(db: Database, decision: Decision, section_id: str | None, *, reason: str, by: str, now: datetime) -> Done:
    obstacle = _get_past(db, decision.change_id).find_obstacle(decision, section_id)
    if obstacle is None:
        return rule_on(db, decision.change_id, section_id, Verdict.UNDONE, reason=reason, by=by, now=now)
    if obstacle.verdict is Verdict.UNDONE:
        return Done(obstacle, is_new=False, sections=())
    raise _refuse(obstacle)


def _refuse(since: Decision) -> ConfigurationError:
    why = f" ({say_reason(since.reason)})" if since.reason else ""
    return ConfigurationError(
        f"change {since.change_id}: {since.by} has decided about it since: {since.verdict}{why}. "
        "Nothing was taken back. Look at what stands now, and decide anew."
    )
