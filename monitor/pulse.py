"""The service's own life, as it is known in its process: which parts run, and how the last tick ended.

Parts write it from their threads and the web application reads it from others; what is read together was true together.

Does not do: what the database knows (`monitor.store.health`), judging whether that is well (`monitor.web`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class PartState(StrEnum):
    """What a part of the service does."""

    RUNNING = "running"
    RESTARTING = "restarting"
    """It ended with an error and is started again after a pause."""
    STANDING_BY = "standing-by"
    """Another instance does its work on this database."""


@dataclass(frozen=True, slots=True)
class Life:
    """One look at a Pulse."""

    parts: Mapping[str, PartState] = field(default_factory=dict)
    restarts: Mapping[str, int] = field(default_factory=dict)
    """How often each part has ended with an error."""
    ticking_since: datetime | None = None
    """When the tick under way began; None = none is."""
    ticked_at: datetime | None = None
    """When a tick last ended, well or not; None = none has."""
    tick_s: float = 0.0
    """How long that one took."""
    failure: str = ""
    """Why that one did not do its work, or what it left out; "" = it did all of it."""

    @property
    def stands_by(self) -> bool:
        """Whether another instance does the work."""
        return PartState.STANDING_BY in self.parts.values()


class Pulse:
    """The one place where the parts say how they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._life = Life()

    @property
    def life(self) -> Life:
        return self._life

    def note_part(self, name: str, state: PartState) -> None:
        with self._lock:
            before = self._life
            restarts = dict(before.restarts)
            if state is PartState.RESTARTING:
                restarts[name] = restarts.get(name, 0) + 1
            self._life = replace(before, parts={**before.parts, name: state}, restarts=restarts)

    def begin_tick(self, at: datetime) -> None:
        with self._lock:
            self._life = replace(self._life, ticking_since=at)

    def note_tick(self, at: datetime, took_s: float, failure: str = "") -> None:
        """One has ended."""
        with self._lock:
            self._life = replace(self._life, ticking_since=None, ticked_at=at, tick_s=took_s, failure=failure)
