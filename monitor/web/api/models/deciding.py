"""What somebody decides, as it is sent, and what came of it.

A request holds nothing but what it is made for: a name that is not known is a mistake, and no word of a reason is lost.

Does not do: deciding (`monitor.triage`).
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, model_validator

from digests.escape import plain
from digests.wording import person_name
from monitor.model import Verdict
from monitor.triage import AHEAD, REASONS, Done
from monitor.views import deciding
from monitor.web.api.models.shared import Decision, Model, People, tell_decision
from monitor.web.desk.deciding import MOST_NAME, MOST_TOGETHER, MOST_WORDS, Ruling
from monitor.web.desk.visits import MOST_IDS

MOST_ID = 2**53 - 1
"""The largest number that every JSON program holds as it is (RFC 8259, 6): no row has one as large."""
MOST_SECTION = 500
"""Characters of the id of a section."""

_WORDS = "\n".join(f"* `{word}`: {said}" for word, said in REASONS.items())
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
Number = Annotated[StrictInt, Field(ge=1, le=MOST_ID)]


def _read_id(text: str) -> str:
    """Never "", which would be the change as a whole."""
    if not plain(text):
        raise ValueError("name a section by its id")
    return plain(text)


def _read_day(text: object) -> object:
    """Pydantic would take a number for the seconds since 1970."""
    if not (isinstance(text, str) and _DAY.fullmatch(text)):
        raise ValueError("write a day as in 2026-11-30")
    return text


Day = Annotated[date, BeforeValidator(_read_day)]
SectionId = Annotated[str, Field(min_length=1, max_length=MOST_SECTION), AfterValidator(_read_id)]


class Request(BaseModel):
    """What is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class NewAcknowledgement(Request):
    """Somebody has seen a problem."""

    note: Annotated[str, Field(max_length=MOST_WORDS), AfterValidator(plain)] = ""
    """Kept with it."""


class NewDecision(Request):
    """What is decided about one change, or about sections that it touches."""

    verdict: Verdict
    """`assigned`: to whom, and until when. `snoozed`: until which day. `undone`: take `decision_ids` back."""
    reason: Annotated[
        str,
        Field(
            max_length=MOST_WORDS,
            description="Of `not-applicable` why: own words, or one of these words, behind which more may stand "
            f'("covered: see 4.2"; "duplicate of 12"):\n\n{_WORDS}\n\nOf any other verdict a comment.',
        ),
        AfterValidator(plain),
    ] = ""
    assignee: Annotated[str, Field(max_length=MOST_NAME), AfterValidator(plain)] | None = None
    """Only of `assigned`: a name, as `GET /api/people` lists them, an e-mail address, or anybody else."""
    due: Day | None = Field(
        default=None,
        description="Of `assigned` the day by which, today or later; of `snoozed` the day on which it comes back. "
        f"A change offers one: {AHEAD.days} days before its earliest deadline.",
    )
    sections: Annotated[list[SectionId], Field(max_length=MOST_TOGETHER)] = []
    """Ids of the sections that it is about; none = the change as a whole, and so each section in view."""

    decision_ids: Annotated[list[Number], Field(max_length=MOST_IDS)] = []
    """Only of `undone`: the decisions that are taken back, all or none. With `sections`, for these alone."""

    @model_validator(mode="after")
    def _name_undone(self) -> Self:
        """Nobody takes back what they have not seen; of what is decided, there is nothing yet to be named."""
        if (self.verdict is Verdict.UNDONE) != bool(self.decision_ids):
            raise ValueError("decision_ids: name the decisions that are `undone`, and none for any other verdict")
        if self.verdict is Verdict.UNDONE and (self.assignee or self.due):
            raise ValueError("undone: name nobody and no day")
        return self

    def rule(self, change_ids: Sequence[int], people: People) -> Ruling:
        return Ruling(
            self.verdict,
            self.reason,
            person_name(self.assignee, people) if self.assignee else None,
            self.due.isoformat() if self.due else None,
            tuple(dict.fromkeys(self.sections)),
            tuple(dict.fromkeys(change_ids)),
            tuple(dict.fromkeys(self.decision_ids)),
        )


class NewDecisions(NewDecision):
    """The same, about several changes."""

    change_ids: Annotated[list[Number], Field(min_length=1, max_length=MOST_TOGETHER)]
    """Each of them is there, or nothing is decided."""


class Effect(Model):
    """What matching learned of it."""

    section: str
    words: str
    """As in "confirmed once for this source: it is tagged sooner for it"."""


class Decided(Model):
    """What came of it."""

    decisions: tuple[Decision, ...]
    is_new: bool
    """False: all of it was decided so already, and nothing was written."""
    words: str
    """As in "Confirmed for 2 sections"; "Confirmed already" where nothing is new."""
    effects: tuple[Effect, ...]
    can_take_back: bool
    """By `undone` with the ids of these `decisions`."""


def tell_decided(done: Sequence[Done], said: deciding.Said | None, people: People) -> Decided:
    return Decided(
        decisions=tuple(tell_decision(each.decision, people) for each in done),
        is_new=any(each.is_new for each in done),
        words=said.words if said else "",
        effects=tuple(Effect(section=name, words=words) for name, words in said.effects) if said else (),
        can_take_back=bool(said and said.can_take_back),
    )
