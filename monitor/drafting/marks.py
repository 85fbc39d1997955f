"""What is found in a procedure: a Mark where it quotes or restates what changed, with Edits where one is safe.

Does not do: finding them (`quotes`, `restated`), applying them (`patch`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model import Passage

_MARKUP = re.compile(r"[\\`*_<>\[\]{}|#~&]")


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `new` in the place of text[start:end]."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the procedure that quotes or restates what changed."""

    start: int
    end: int
    why: str
    """As in: says “two weeks”; “14 days” is now “30 days”."""
    passage: Passage
    edits: tuple[Edit, ...] = ()
    """Empty where nothing is safe."""


def is_harmless(text: str) -> bool:
    """Whether the publisher's words may stand in the customer's file as they are: no markup, no control characters."""
    return text.isprintable() and not _MARKUP.search(text)
