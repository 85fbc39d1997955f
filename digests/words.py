"""The smallest words: a number of things, a day, the way down to a section.

Apart from `wording`, so that commands which need nothing else start fast.

Does not do: anything that needs to know what a Change is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

STEP = " \u203a "
"""Between the names on a way down: publisher, source, heading."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def count(number: int, one: str, many: str | None = None) -> str:
    """As in "1 source", "3 sources"; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(moment: date) -> str:
    """As in "23 Nov 2026", the same in every locale and on every platform."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def path(heading: Sequence[str]) -> str:
    """The way down to a section, outermost first."""
    return STEP.join(heading)
