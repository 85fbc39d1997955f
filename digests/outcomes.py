"""How one attempt to deliver ended. The whole difference between "once" and "twice" is which of these it was.

Does not do: deciding what follows (`digests.send`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Posted:
    """It is there. `ts` is Slack's name for the message, None for files."""

    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It is certainly not there, and may be next time; not before `pause` has passed."""

    error: str
    pause: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It is certainly not there, and will not be until a person mends something; the error says what."""

    error: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may be there: look before trying again."""

    error: str


Outcome: TypeAlias = Posted | Later | Refused | Unknown
