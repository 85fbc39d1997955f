"""What a reader of one format makes of one file, before anything is judged.

Does not do: anything. It is what the readers and the library share.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.sops.facts import Facts
    from monitor.sops.sections import Line


@dataclass(frozen=True, slots=True)
class Draft:
    """The facts that a file states and its text."""

    facts: Facts | None
    """None where the format has a place for facts and this file does not use it: Markdown without front matter."""
    lines: tuple[Line, ...]
    guesses: Facts = field(default_factory=dict)
    """What holds where nobody says anything: the author, what a program wrote as title."""


class UnusableError(Exception):
    """A file cannot be used: why, and what to do; `line` counts from 1."""

    def __init__(self, why: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(why)
