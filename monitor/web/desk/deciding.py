"""What somebody decides in a form → Decisions.

    verdict        confirmed, not-applicable, assigned, snoozed or undone
    reason         of what does not apply: a word of `REASONS`; "" = the comment is the reason
    duplicate_of   with the reason `duplicate`: the number of the other Change
    assignee, due  who has it in hand, and until when
    until          the day on which what is put off comes back
    comment        kept with any decision
    about          "" = the Change as a whole; `sections` = each with a field `section:ID`; `all` = each in `together`
    together       numbers of Changes, with spaces between them
    pick:…         several such lists: then these are all that it is about
    plan           when something is assigned without a day: the one that is offered then
    decisions      with `undone`: those that are taken back, as in "57-59.61"

Does not do: checking days and reasons, or what is there to be decided about (`monitor.triage`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digests.escape import plain
from digests.wording import person_name
from monitor.errors import ConfigurationError
from monitor.model import Verdict
from monitor.triage import REASONS, decide_all, propose_due
from monitor.undoing import take_back
from monitor.web.desk.visits import MOST_IDS, read_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.model import Person
    from monitor.store import Database
    from monitor.triage import Done

SECTION = "section:"
DUPLICATE = "duplicate"
MOST_WORDS = 2_000
"""Characters of a comment."""
MOST_NAME = 200
PICK = "pick:"
"""Begins the names of the boxes with which several groups are selected; their values are the numbers of Changes."""
MOST_TOGETHER = 100
"""Changes of one list: more than a group has."""
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody decides, and about what."""

    verdict: Verdict
    reason: str
    assignee: str | None
    due: str | None
    sections: tuple[str, ...]
    """Empty = about the Change as a whole."""
    change_ids: tuple[int, ...]
    decision_ids: tuple[int, ...] = ()
    """Those that are taken back, for `sections` alone where there are any; of whichever Changes where none is named."""
    is_planned: bool = False
    """It is due on the day that is offered for the Changes."""

    def iter_targets(self) -> Iterator[tuple[int, str | None]]:
        for change_id in self.change_ids:
            yield from ((change_id, section_id) for section_id in self.sections or (None,))


def read_ruling(form: Mapping[str, str], change_id: int, people: Sequence[Person]) -> Ruling:
    """What the form of this Change says. Raises ConfigurationError for what it cannot say."""
    try:
        verdict = Verdict(form.get("verdict", ""))
    except ValueError:
        raise ConfigurationError("Say what you decide: confirm, not applicable, assign or put off.") from None
    reason = _read_reason(form, verdict)
    if verdict is Verdict.NOT_APPLICABLE and not reason:
        raise ConfigurationError("Choose why it does not apply, or write it in your own words.")
    if verdict is Verdict.UNDONE:
        return _read_undoing(form)
    assignee = read_text(form, "assignee", MOST_NAME) if verdict is Verdict.ASSIGNED else ""
    day = {Verdict.ASSIGNED: "due", Verdict.SNOOZED: "until"}.get(verdict, "")
    sections = _read_sections(form)
    if (form.get("about") == "sections") != bool(sections):
        raise ConfigurationError(
            'Tick the sections that you decide about and choose "the sections that I tick", or tick none of them.'
        )
    return Ruling(
        verdict,
        reason,
        person_name(assignee, people) or None,
        form.get(day, "").strip() or None,
        sections if form.get("about") == "sections" else (),
        _read_together(form) if form.get("about") == "all" else (change_id,),
        is_planned=verdict is Verdict.ASSIGNED and "plan" in form,
    )


def rule(db: Database, ruling: Ruling, *, by: str, now: datetime) -> list[Done]:
    """Decide it, all of it or none. What was decided so already is not decided again.

    Raises as `monitor.triage.decide_all` and `monitor.undoing.take_back`.
    """
    if ruling.verdict is Verdict.UNDONE:
        return take_back(
            db,
            ruling.decision_ids,
            change_ids=ruling.change_ids,
            sections=ruling.sections,
            reason=ruling.reason,
            by=by,
            now=now,
        )
    due = propose_due(db, ruling.change_ids, now.date()) or None if ruling.is_planned else ruling.due
    return decide_all(
        db,
        ruling.iter_targets(),
        ruling.verdict,
        reason=ruling.reason,
        assignee=ruling.assignee,
        due=due,
        by=by,
        now=now,
    )


def _read_undoing(form: Mapping[str, str]) -> Ruling:
    decision_ids = read_ids(form.get("decisions", ""))
    if not decision_ids:
        raise ConfigurationError("Nothing is named to be taken back. Load this again, and look what is decided.")
    sections = _read_sections(form) if form.get("about") == "sections" else ()
    return Ruling(Verdict.UNDONE, "", None, None, sections, (), decision_ids)


def _read_sections(form: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(each.removeprefix(SECTION) for each in form if each.startswith(SECTION))


def _read_reason(form: Mapping[str, str], verdict: Verdict) -> str:
    comment = read_text(form, "comment", MOST_WORDS)
    word = form.get("reason", "") if verdict is Verdict.NOT_APPLICABLE else ""
    if word not in REASONS:
        return comment
    original = form.get("duplicate_of", "").strip().removeprefix("#") if word == DUPLICATE else ""
    if original and not _NUMBER.fullmatch(original):
        raise ConfigurationError(
            f'duplicate of "{plain(original, 40)}": write the number of the other change, as in 12.'
        )
    return ": ".join(filter(None, [f"{word} of {original}" if original else word, comment]))


def read_text(form: Mapping[str, str], name: str, most: int) -> str:
    """A field of a form. Raises ConfigurationError where it has more characters than `most`."""
    text = plain(form.get(name, ""))
    if len(text) > most:
        raise ConfigurationError(f"{name}: {len(text):,} characters are too many. Say it in {most:,}.")
    return text


def _read_together(form: Mapping[str, str]) -> tuple[int, ...]:
    picked = [value for name, value in form.items() if name.startswith(PICK)]
    lists = [each.split() for each in picked or [form.get("together", "")]]
    numbers = tuple(dict.fromkeys(number for each in lists for number in each))
    is_short = all(0 < len(each) <= MOST_TOGETHER for each in lists) and len(numbers) <= MOST_IDS
    if not is_short or not all(map(_NUMBER.fullmatch, numbers)):
        raise ConfigurationError("These changes cannot be decided together. Load this again, and decide once more.")
    return tuple(map(int, numbers))
