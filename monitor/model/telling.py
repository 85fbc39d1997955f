"""What people are told, and how it reaches them.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.model.changes import Change
from monitor.model.problems import Problem
from monitor.model.procedures import Impact


class Period(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


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
class Digest:
    """What one Audience is told about one period. Composed once, stored as sent."""

    id: str
    audience_id: str
    audience_name: str
    period: Period
    local_date: date
    composed_at: datetime
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
    """`file` or `slack:CHANNEL`."""
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
