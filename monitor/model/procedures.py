"""The customer's procedures, what touches them, and what people decided about that.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an SOP: the unit that an Impact points at."""

    id: str
    """`sop-id#slug-of-the-heading-path` as it was when the section was first seen, unique in the library: it stays the
    same when the section is renumbered, moved, renamed or edited a little."""
    sop_id: str
    heading: tuple[str, ...]
    text: str
    implements: tuple[str, ...] = ()
    """What this section declares to put into practice: ids of Sources, citations in normal form."""


@dataclass(frozen=True, slots=True)
class Sop:
    """One procedure of the customer."""

    id: str
    title: str
    owner: str
    path: str
    topics: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    audience: tuple[str, ...] = ()
    implements: tuple[str, ...] = ()
    """What the SOP as a whole declares to put into practice: ids of Sources, citations in normal form."""


class EvidenceKind(StrEnum):
    """Why a Section was tagged, the strongest reason first."""

    LINK = "link"
    """A person confirmed this clause for this section before, or the section declares that it implements it."""
    QUOTE = "quote"
    """The section has these words of the old text: it is now stale."""
    CITATION = "citation"
    MEANING = "meaning"
    """The sentence of the section that is nearest in meaning, as the section has it."""
    WORDS = "words"
    HISTORY = "history"
    """What people decided about this section before: "confirmed 3 times for this source"."""
    TOPIC = "topic"
    JURISDICTION = "jurisdiction"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why a Section was tagged; `text` is what fired, as a person can find it in both texts."""

    kind: EvidenceKind
    text: str


@dataclass(frozen=True, slots=True)
class Impact:
    """That a Change touches a Section, with a probability between 0 and 1 and the reasons."""

    sop_id: str
    section_id: str
    sop_title: str
    heading: tuple[str, ...]
    owner: str
    probability: float
    evidence: tuple[Evidence, ...]


class Verdict(StrEnum):
    """What a person decided about a Change, or about one of its Impacts."""

    CONFIRMED = "confirmed"
    NOT_APPLICABLE = "not-applicable"
    ASSIGNED = "assigned"
    """To whom, and until when: `assignee`, `due`."""
    SNOOZED = "snoozed"
    """Put off until `due`; who has it in hand, and what was decided, stays as it is."""
    UNDONE = "undone"
    """The decision before it holds no longer."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's judgement, never changed afterwards: a later one takes its place.

    About an Impact where `section_id` is set, else about the Change as a whole.
    """

    id: int
    change_id: int
    section_id: str | None
    verdict: Verdict
    reason: str
    assignee: str | None
    due: str | None
    """A day, 2026-12-01."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Anchor:
    """A clause of a Document: where it stands and what it says."""

    heading: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """That a Section puts a clause into practice, as a person confirmed; it follows the clause through the Versions."""

    id: int
    document_id: str
    anchor: Anchor
    """The clause as it stands in the current confirmed text, or stood last."""
    section_id: str
    since_at: datetime
    stale_since: datetime | None = None
    """When the words of the clause changed, or the clause went; None = the Section is current."""
    stale_by: int | None = None
    """The Change that made it stale."""
    why: str = ""
