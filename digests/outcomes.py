"""How one attempt to deliver ended. The whole difference between "once" and "twice" is which of these it was.

Does not do: deciding what follows (`digests.send`, `digests.revising`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import timedelta

    from monitor.model import Delivery


class Reach(StrEnum):
    """How much is concerned by the reason that a Delivery is not there."""

    DIGEST = "digest"
    """This Digest in this channel: what comes after the part cannot be there before it."""
    CHANNEL = "channel"
    SERVICE = "service"
    """Every channel of that sort: the token or the password is no longer good."""


@dataclass(frozen=True, slots=True)
class Posted:
    """It is there. `ts` is Slack's name for the message, None for everything else."""

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
    reach: Reach = Reach.DIGEST


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may be there: look before trying again, not before `pause` has passed.

    Where nobody can look, the receiver must know what it has by the Delivery's id.
    """

    error: str
    pause: timedelta | None = None


Outcome: TypeAlias = Posted | Later | Refused | Unknown


def scope(delivery: Delivery, reach: Reach) -> str:
    """The name of all that is concerned with this Delivery: equal for two that share it."""
    match reach:
        case Reach.SERVICE:
            return delivery.channel.partition(":")[0] + ":"
        case Reach.CHANNEL:
            return delivery.channel
        case Reach.DIGEST:
            return f"{delivery.channel} {delivery.digest_id}"
