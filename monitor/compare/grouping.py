"""Whether two documents changed in the same way.

Does not do: comparing texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.model import Passage


def fingerprint(passages: Iterable[Passage]) -> str:
    """Equal for changes of the same words, in however many places and documents; "" where nothing can be grouped."""
    return ""
