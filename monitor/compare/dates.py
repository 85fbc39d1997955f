"""The dates that a text states, and what happens on them.

Does not do: legal references (`monitor.compare.citations`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.model import UNKNOWN_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.model import DateMention, Origin, Passage


def find_dates(text: str, origin: Origin = UNKNOWN_ORIGIN) -> tuple[DateMention, ...]:
    """The dates of a text, in reading order, each kind and date once.

    The origin decides what relative dates count from, and whether 03/04/2026 is in March or in April.
    """
    return ()


def find_changed_dates(passages: Iterable[Passage], origin: Origin = UNKNOWN_ORIGIN) -> tuple[DateMention, ...]:
    """The dates that a change states newly, with the date that stood in their place before (`moved_from`)."""
    return ()
