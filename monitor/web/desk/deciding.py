"""What somebody decides in a form → Decisions.

    verdict        confirmed, not-applicable, assigned, snoozed or undone
    reason         of what does not apply: a word of `REASONS`; "" = the comment is the reason
    duplicate_of   with the reason `duplicate`: the number of the other Change
    assignee, due  who has it in hand, and until when
    until          the day on which what is put off comes back
    comment        kept with any decision
    about          "" = the Change as a whole; `sections` = each with a field `section:ID`; `all` = each in `together`
    together       numbers of Changes, with spaces between them

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
from monitor.store.changes import get_change
from monitor.triage import REASONS, check, decide, take_back

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
MOST_TOGETHER = 100
"""Changes that are decided at once: more than a group has."""
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

    def iter_targets(self) -> Iterator[tuple[int, str | None]]:
        for change_id in self.change_ids:
            yield from ((change_id, section_id) for section_id in self.sections or (None,))


def read_ruling(form: Mapping[str, str], change_id: int, people: Sequence[Person]) -> Ruling:
    """What the form of this Change says. Raises ConfigurationError for what it cannot say."""
    try:
        verdict = Verdict(form.get("verdict", ""))
    except ValueError:
        raise ConfigurationError("Say what you decide: confirm, not applicable, assign or put off.") from None
    assignee = _read_text(form, "assignee", MOST_NAME) if verdict is Verdict.ASSIGNED else ""
    day = {Verdict.ASSIGNED: "due", Verdict.SNOOZED: "until"}.get(verdict, "")
    sections = tuple(each.removeprefix(SECTION) for each in form if each.startswith(SECTION))
    if (form.get("about") == "sections") != bool(sections):
        raise ConfigurationError(
            'Tick the sections that you decide about and choose "the sections that I tick", or tick none of them.'
        )
    return Ruling(
        verdict,
        _read_reason(form, verdict),
        person_name(assignee, people) or None,
        form.get(day, "").strip() or None,
        sections if form.get("about") == "sections" else (),
        _read_together(form.get("together", "")) if form.get("about") == "all" else (change_id,),
    )


def rule(db: Database, ruling: Ruling, *, by: str, now: datetime) -> list[Done]:
    """Decide it. What was decided so already is not decided again.

    Raises as `monitor.triage.decide`; where one of the Changes is not there, before anything is decided.
    """
    for each in ruling.change_ids:
        get_change(db, each)
    verdict, reason, assignee, due = ruling.verdict, ruling.reason, ruling.assignee, ruling.due
    check(verdict, reason=reason, assignee=assignee, due=due, today=now.date())
    if verdict is Verdict.UNDONE and not ruling.sections:
        return [done for each in ruling.change_ids for done in take_back(db, each, by=by, now=now)]
    return [
        decide(db, *target, verdict, reason=reason, assignee=assignee, due=due, by=by, now=now)
        for target in ruling.iter_targets()
    ]


def _read_reason(form: Mapping[str, str], verdict: Verdict) -> str:
    comment = _read_text(form, "comment", MOST_WORDS)
    word = form.get("reason", "") if verdict is Verdict.NOT_APPLICABLE else ""
    if word not in REASONS:
        return comment
    original = form.get("duplicate_of", "").strip().removeprefix("#") if word == DUPLICATE else ""
    if original and not _NUMBER.fullmatch(original):
        raise ConfigurationError(
            f'duplicate of "{plain(original, 40)}": write the number of the other change, as in 12.'
        )
    return ": ".join(filter(None, [f"{word} of {original}" if original else word, comment]))


def _read_text(form: Mapping[str, str], name: str, most: int) -> str:
    text = plain(form.get(name, ""))
    if len(text) > most:
        raise ConfigurationError(f"{name}: {len(text):,} characters are too many. Say it in {most:,}.")
    return text


def _read_together(text: str) -> tuple[int, ...]:
    numbers = tuple(dict.fromkeys(text.split()))
    if not 0 < len(numbers) <= MOST_TOGETHER or not all(map(_NUMBER.fullmatch, numbers)):
        raise ConfigurationError("These changes cannot be decided together. Load this again, and decide once more.")
    return tuple(map(int, numbers))
