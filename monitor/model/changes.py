"""What changed from one text to the next, and what it states.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    FIRST = "first"
    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    LINKS = "links"
    WHITESPACE = "whitespace"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    DATE_TICK = "date_tick"
    BOILERPLATE = "boilerplate"
    REVERTED = "reverted"
    TRANSLATION = "translation"
    RE_EXTRACTED = "re-extracted"


TOLD_KINDS = frozenset({ChangeKind.SUBSTANTIVE, ChangeKind.EDITORIAL})
"""The kinds that people are told of; every other kind is stored with its reason and kept quiet."""


class ChangeStatus(StrEnum):
    PROVISIONAL = "provisional"
    """Seen once; told when it is seen again after the hold."""
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"
    """Gone before it could be confirmed; the text that came next is compared with the last confirmed one."""
    HISTORY = "history"
    """Of the time before it was watched, as an archive saw it; nobody is told."""


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Aspect(StrEnum):
    """What a changed rule is about, gravest first."""

    PROHIBITION = "prohibition"
    OBLIGATION = "obligation"
    RIGHT = "right"
    ENFORCEMENT = "enforcement"
    THRESHOLD = "threshold"
    """An age, a size, a number of strikes or days."""
    FEE = "fee"
    DATE = "date"
    DEFINITION = "definition"
    SCOPE = "scope"
    CONTACT = "contact"
    WORDING = "wording"


class PassageOp(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Passage:
    """One added, removed, reworded or moved stretch with its heading path.

    `before` is empty for `added`, `after` for `removed`; of one that `moved` they are the same text or, where
    only clause numbers changed, not quite the same.
    """

    op: PassageOp
    heading: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A legal reference: the words as written, and its normal form (`eu:reg:2022/2065#art16`)."""

    text: str
    id: str


class DateKind(StrEnum):
    """What happens on a date."""

    EFFECTIVE = "effective"
    COMPLIANCE = "compliance"
    COMMENTS_CLOSE = "comments_close"
    SUNSET = "sunset"
    """The last day on which it applies."""
    LAST_UPDATED = "last_updated"
    VERSION = "version"
    REVIEWED = "reviewed"
    RELEASED = "released"
    NOTICE = "notice"
    SUPERSEDED = "superseded"
    """Of an earlier text that this one replaces."""


DEADLINE_KINDS = frozenset({DateKind.EFFECTIVE, DateKind.COMPLIANCE, DateKind.COMMENTS_CLOSE, DateKind.SUNSET})
"""What people must act by; the other kinds are facts about the text."""


@dataclass(frozen=True, slots=True)
class Origin:
    """When, where and in which language a text was published: what its dates and laws are read by."""

    published: date | None = None
    """The day that relative dates count from ("30 days after publication"); without it they are left out."""
    region: str = ""
    """The jurisdiction of its Source: `US`, `US-CA`, `EU`, `GB`, `global` …"""
    language: str = ""
    """`en-GB`, `fr` …, as declared or detected."""


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that a text states, with the sentence it stands in."""

    kind: DateKind
    date: str
    """ISO 8601, as precise as it is written: `2026-02-01`, `2026-02` or `2026`."""
    sentence: str
    moved_from: str | None = None
    """The date that stood here in the earlier text."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a comparison of two texts found: the part of a Change that is pure."""

    kind: ChangeKind
    reason: str
    severity: Severity
    summary: str
    passages: tuple[Passage, ...]
    citations: tuple[Citation, ...] = ()
    dates: tuple[DateMention, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    """What the changed words are about, gravest first; empty for the quiet kinds."""
    fingerprint: str = ""
    """Equal for the same words changed in several documents (a renamed product, a new footer); "" = no group."""


@dataclass(frozen=True, slots=True)
class Change:
    """From one Version of a Document to the next, as stored."""

    id: int
    source_id: str
    document_id: str
    url: str
    title: str
    from_version_id: int | None
    to_version_id: int
    status: ChangeStatus
    detected_at: datetime
    confirmed_at: datetime | None
    judgement: Judgement
    hold_until: datetime | None = None
    """Until then it had to stand before it was told; None = it was told at once."""
