"""Why a change is as severe as it is, in a short phrase.

Does not do: the severity itself (`scale`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.compare.quoting import quote_change, shorten
from monitor.compare.severity.findings import find_gravest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Passage

LENGTH = 100
"""Characters: it stands behind the severity on one line."""


def explain(passages: Sequence[Passage]) -> str:
    """The gravest thing that happened, with its words; "" where nothing did.

    `a prohibition was added: “… may not resell …”`, `the age changed from 13 to 16`
    """
    gravest = find_gravest(passages)
    if gravest is None:
        return ""
    edit, finding = gravest
    if finding.is_told:
        return shorten(finding.says, LENGTH)
    room = LENGTH - len(finding.says) - len(": “”")
    return f"{finding.says}: “{quote_change(edit, finding.key, room)}”"
