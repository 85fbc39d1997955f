"""What a check looks at, and what it says.

Does not do: checking anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.config import Config
    from monitor.sources import Declared
    from monitor.store import Database


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, but something is left out or will go wrong."""
    FAILED = "failed"
    """It does not work, or cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says."""

    state: State
    detail: str
    """What was found, and where something is wrong also why that matters."""
    advice: str = ""
    """What to do; "" = nothing."""
    check: str = ""
    """The name of the check."""

    def of(self, check: str) -> Finding:
        return replace(self, check=check)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a check may look at."""

    config: Config
    environ: Mapping[str, str]
    now: datetime
    full: bool
    """Take the time to compare each index with its table."""
    declared: Declared | None
    """None = `sources.yaml` cannot be used."""
    file: Database | None
    """The database, read-only and of whatever version; None = there is none, or it is no database."""
    rows: Database | None
    """The same where it has the tables of this version."""


def ok(detail: str) -> Finding:
    return Finding(State.OK, detail)


def warning(detail: str, advice: str) -> Finding:
    return Finding(State.WARNING, detail, advice)


def failed(detail: str, advice: str) -> Finding:
    return Finding(State.FAILED, detail, advice)
