"""Where in a text a law is named.

Does not do: finding any.
"""

from __future__ import annotations

from typing import NamedTuple


class Mention(NamedTuple):
    """`text[start:end]` names the law `norm`; `pin` is the article or section where it is a part of the same words."""

    start: int
    end: int
    norm: str
    pin: str = ""
