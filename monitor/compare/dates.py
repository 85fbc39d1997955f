"""The dates that a text states, and what happens on them.

Does not do: legal references (`monitor.compare.citations`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from monitor.model import DateMention, Passage


def find_dates(
    text: str, *, published: date | None = None, region: str = "", language: str = ""
) -> tuple[DateMention, ...]:
    """The dates of a text, in reading order, each kind and date once.

    `published` is the day that relative dates count from ("30 days after publication", "2 days ago"); without it they
    are left out. `region` is the publisher's (`US`, `EU`, `GB` …) and `language` that of the text (`en-GB`, `fr`): they
    decide whether 03/04/2026 is in March or in April.
    """
    return ()


def find_changed_dates(
    passages: Iterable[Passage], *, published: date | None = None, region: str = "", language: str = ""
) -> tuple[DateMention, ...]:
    """The dates that a change states newly, with the date that stood in their place before (`moved_from`)."""
    return ()
