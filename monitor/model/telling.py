"""What people are told, and how it reaches them.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.model.changes import Change, DateKind, Severity
from monitor.model.problems import Problem
from monitor.model.procedures import Impact, Verdict


class Period(StrEnum):
    """What sort of Digest it is, and so how often there is one."""

    DAILY = "daily"
    WEEKLY = "weekly"
    """A roll-up of what the daily ones told, and what became of it."""
    ALERT = "alert"
    """What cannot wait for the next daily Digest; its Changes are not told there again, only named."""
    REMINDER = "reminder"
    """To one Person: what is in their hands and due."""
    ESCALATION = "escalation"
    """To the lead of an Audience: what nobody decided in time."""


@dataclass(frozen=True, slots=True)
class DigestChange:
    """One Change in a Digest, with the facts of its Source and the SOP sections it touches."""

    change: Change
    source_name: str
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    impacts: tuple[Impact, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that people must act by, and the Change that says so."""

    change_id: int
    source_name: str
    publisher: str
    url: str
    kind: DateKind
    date: str
    """ISO 8601, as precise as it is written."""
    is_decided: bool


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is still to be done about one Change, or about one Section that it touches."""

    change_id: int
    section_id: str | None
    """None = the Change as a whole: nobody decided which Sections it touches."""
    source_id: str
    source_name: str
    """The title of the entry where the Source is a feed."""
    publisher: str
    url: str
    procedure: str
    """As in "SOP-7 Age checks \u203a Appeals"; "" for the Change as a whole."""
    severity: Severity
    since_at: datetime
    """When it was confirmed, and so could be told."""
    verdict: Verdict | None
    """CONFIRMED = it is to be put into the Section; None = nobody decided."""
    assignee: str | None
    due: str | None
    """A day, 2026-12-01."""
    deadline: str | None
    """The next full day to act by, wherever what the Change stated stands now; where all are over, the last."""
    snoozed_until: str | None = None
    """A day on which it comes back; None = it is not put off."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one Audience, or one Person, is told about one period. Composed once, stored as sent."""

    id: str
    audience_id: str
    """Of the Audience, or `@NAME` of a Person."""
    audience_name: str
    period: Period
    local_date: date
    composed_at: datetime
    """With the recipient's own offset from UTC."""
    changes: tuple[DigestChange, ...]
    problems: tuple[Problem, ...]
    quiet: dict[str, int]
    """How many changes of each quiet kind were stored and not told since the digest before."""
    watched: int
    """How many enabled Sources this Audience watches."""
    read: int
    """How many of them were read, each URL at least once, since the digest before."""
    last_read_at: datetime | None
    """When one of them was last read; None = none ever was."""
    held: int
    """How many changes of a told kind were seen and are not confirmed yet."""
    has_sops: bool
    """Whether there was any SOP that a change could have been matched to."""
    alerted: tuple[DigestChange, ...] = ()
    """Told as alerts since the daily Digest before: named once more, not told again."""
    deadlines: tuple[Deadline, ...] = ()
    """Of the next 30 days, the nearest first."""
    items: tuple[OpenItem, ...] = ()
    """What is overdue, the longest first; in a REMINDER or an ESCALATION all that it is about."""
    undelivered: tuple[str, ...] = ()
    """Channels of this Audience that cannot be reached now, and why: one line for each."""
    head: str = ""
    """Of the chain of Seals when it was composed, as in "12,345 · 9f3a77c1a2b4": so others keep it too; "" = none."""
    unreadable: int = 0
    """How many Changes should be in it, but what is stored of them cannot be read. They stay due."""


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    """An attempt was begun and its outcome is unknown: look for the message before any retry."""
    SENT = "sent"
    FAILED = "failed"
    """Permanently refused; stays so until a person mends it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of one Digest to one channel."""

    id: str
    digest_id: str
    channel: str
    """`file`, `slack:CHANNEL` (or `slack:MEMBER`), `email:ADDRESS`, `webhook:URL`, `apprise:NAME`."""
    part: int
    parts: int
    payload: dict[str, object]
    state: DeliveryState
    attempts: int
    first_attempt_at: datetime | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
    ts: str | None
    error: str | None
    shown_decision: int = 0
    """The id of the last Decision that the message shows; 0 = none."""
