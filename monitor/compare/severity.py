"""How severe a change is, and what the changed rules are about.

HIGH when a word that changed inside a passage obliges, forbids, permits or excepts, or holds a digit (ages, amounts,
dates, deadlines), and when a whole passage that came or went obliges or forbids: almost any paragraph holds a digit or
a "not". Otherwise LOW when at most FEW_WORDS words changed, MEDIUM above.

Does not do: naming the kind of a change (`monitor.compare.kinds`).
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from monitor.compare.words import changed_words, split_words
from monitor.model import Aspect, Passage, PassageOp, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FEW_WORDS = 8
"""Up to a short phrase; more changed words are read as more than a matter of wording."""

WEIGHTY = re.compile(
    r"\d|\b(?:must|shall|may|cannot|can['\u2019]t|no|not|never|only|unless|except|requir\w+|mandatory|oblig\w+|prohibit\w*|"
    r"forbid\w*|forbidden|ban|bans|banned|illegal|unlawful|permit\w*|allow\w*)\b",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:must|shall|cannot|can['\u2019]t|never|(?:do|does|may|is|are) not|not (?:allowed|permitted)|requir\w+|"
    r"mandatory|oblig\w+|prohibit\w*|forbid\w*|forbidden|ban|bans|banned|illegal|unlawful)\b",
    re.IGNORECASE,
)


def weigh(passages: Sequence[Passage]) -> tuple[Severity, tuple[Aspect, ...]]:
    """How severe the change is that these passages make, and its aspects, gravest first."""
    return (Severity.HIGH if any(map(_is_grave, passages)) else _severity_by_length(passages)), ()


def _is_grave(passage: Passage) -> bool:
    return bool((WEIGHTY if passage.op is PassageOp.REWORDED else _DUTY).search(changed_text(passage)))


def changed_text(passage: Passage) -> str:
    """The removed and the added words; nothing of a passage that only moved."""
    if passage.op is PassageOp.MOVED:
        return ""
    if passage.op is PassageOp.REWORDED:
        return " ".join(changed_words(passage.before, passage.after))
    return passage.before or passage.after


def _severity_by_length(passages: Iterable[Passage]) -> Severity:
    """Counts no further than needed."""
    counts = accumulate(len(split_words(changed_text(passage))) for passage in passages)
    return Severity.MEDIUM if any(count > FEW_WORDS for count in counts) else Severity.LOW
