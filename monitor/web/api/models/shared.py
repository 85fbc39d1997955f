"""What several answers have: Decisions, what stands, text with marks, days.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict

from monitor import model
from monitor.compare.alignment.words import SegmentOp
from monitor.model import BlockKind, ChangeKind, ChangeStatus, DateKind, PassageOp, ProblemKind, Severity, Verdict
from monitor.store.decisions import Standing as StoredStanding
from monitor.triage import say_reason
from monitor.views import comparison
from monitor.views.deciding import say_decision, say_standing

Moment = Annotated[AwareDatetime, "in UTC"]
People = Sequence[model.Person]


class Model(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(from_attributes=True, frozen=True, use_attribute_docstrings=True)


class Decision(Model):
    """A person's judgement, never changed afterwards: a later one takes its place."""

    id: int
    change_id: int
    section_id: str | None
    """null = about the change as a whole."""
    verdict: Verdict
    reason: str
    """As it was given: for `not-applicable` a word, or own words."""
    why: str
    """The reason as people read it."""
    assignee: str | None
    due: str | None
    """The day by which, or on which it comes back."""
    by: str
    at: Moment
    words: str
    """As in "Assigned to Tom, due 1 Dec 2026"."""


class Standing(Model):
    """What stands for a section, or for a change as a whole, after all decisions."""

    verdict: Verdict | None
    """`confirmed` or `not-applicable`; null = open."""
    decision_id: int | None
    """The decision that says so."""
    assignee: str | None
    due: str | None
    snoozed_until: str | None
    words: str
    """As in "Confirmed by Maria · in hand: Tom, due 1 Dec 2026"; "" = open."""


class Mention(Model):
    """A date that a text states."""

    kind: DateKind
    date: str
    sentence: str
    moved_from: str | None
    """The day that stood there in the earlier text."""


class Evidence(Model):
    """One reason why a section was tagged; `text` is what fired, as it can be found in both texts."""

    kind: model.EvidenceKind
    text: str


class Segment(Model):
    """Words to which the same happened, white space included."""

    op: SegmentOp
    text: str
    mark: str = ""
    """`phrase` or `word` where it is evidence for a section, `gap` where it says how many words are left out."""


class Line(Model):
    """One block of text: its segments are joined without anything between them."""

    kind: BlockKind
    segments: tuple[Segment, ...]


class Stretch(Model):
    """A run of blocks to which the same happened. The old text is all but `added`, the new one all but `removed`."""

    op: PassageOp | None
    """null = it stands in both texts."""
    heading: tuple[str, ...]
    lines: tuple[Line, ...]
    is_folded: bool
    """It stands in both texts, away from what changed."""
    words: int
    left_out: int
    """Words that are not told; ask with `whole` for them."""
    came_from: tuple[str, ...]
    """Of what moved: the headings under which it stood."""
    came_after: str
    """And the beginning of what it stood after; "" = it stood first."""


class Edition(Model):
    """One version of a text, and the change that led to it."""

    version_id: int
    observed_at: Moment
    change_id: int
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    reason: str
    summary: str
    is_quiet: bool
    """Nobody is told of it."""


class Acknowledgement(Model):
    """Somebody has seen a problem: digests do not repeat it."""

    by: str
    at: Moment
    note: str


class Problem(Model):
    """Why a source cannot be trusted now."""

    id: int
    source_id: str
    url: str
    kind: ProblemKind
    detail: str
    advice: str
    opened_at: Moment
    last_seen_at: Moment
    is_blind: bool
    """Nothing can be read; else the source is read, and something about it wants to be looked at."""
    acknowledged: Acknowledgement | None
    """null = nobody has."""


def tell_decision(decision: model.Decision, people: People) -> Decision:
    return Decision(
        id=decision.id,
        change_id=decision.change_id,
        section_id=decision.section_id,
        verdict=decision.verdict,
        reason=decision.reason,
        why=say_reason(decision.reason),
        assignee=decision.assignee,
        due=decision.due,
        by=decision.by,
        at=decision.at,
        words=say_decision(decision, people),
    )


def tell_standing(standing: StoredStanding, people: People) -> Standing:
    return Standing(
        verdict=standing.verdict,
        decision_id=standing.decision.id if standing.decision else None,
        assignee=standing.assignee,
        due=standing.due,
        snoozed_until=standing.snoozed_until,
        words=say_standing(standing, people),
    )


def tell_line(line: comparison.Line) -> Line:
    return Line(kind=line.kind, segments=tell_segments(line.pieces))


def tell_segments(pieces: Iterable[comparison.Piece]) -> tuple[Segment, ...]:
    return tuple(map(Segment.model_validate, pieces))


def tell_stretch(stretch: comparison.Stretch) -> Stretch:
    return Stretch(
        op=stretch.op,
        heading=stretch.heading,
        lines=tuple(map(tell_line, stretch.lines)),
        is_folded=stretch.is_folded,
        words=stretch.words,
        left_out=stretch.left_out,
        came_from=stretch.came_from,
        came_after=stretch.came_after,
    )
