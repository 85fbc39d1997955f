"""How severe a change is, what it is about, and why.

The score of a change is the points of its gravest finding (`findings`), and one more for each doubling
of what changed in rules, counted from SIZE words: a short prohibition is HIGH by itself, one obligation is MEDIUM and
many are HIGH, data is LOW in passing and HIGH as a new chapter.

Does not do: naming the kind of a change (`monitor.compare.kinds`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitor.compare.severity.findings import FAINT, TOPIC, read_passages
from monitor.model import Aspect, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.compare.severity.findings import Read
    from monitor.model import Passage

SIZE = 150
"""Words: a long paragraph."""
MEDIUM, HIGH = 1.2, 4.0
"""Scores from which. HIGH is what an alarm has alone, MEDIUM a topic in two sentences. Both and SIZE were set so that
as many changes of real policies are HIGH and LOW as people call so; a third more or less of SIZE is no difference."""


def weigh(passages: Sequence[Passage]) -> tuple[Severity, tuple[Aspect, ...]]:
    """How severe the change is that these passages make, and its aspects, gravest first."""
    reads = read_passages(passages)
    score = measure(reads)
    severity = Severity.HIGH if score >= HIGH else Severity.MEDIUM if score >= MEDIUM else Severity.LOW
    return severity, _aspects(reads)


def measure(reads: Sequence[Read]) -> float:
    """The score, see above."""
    gravest = max((read.findings[0].points for read in reads), default=0)
    words = sum(read.words for read in reads if read.findings[0].points >= TOPIC)
    return gravest + math.log2(1 + words / SIZE)


def _aspects(reads: Sequence[Read]) -> tuple[Aspect, ...]:
    found = {finding.aspect for read in reads for finding in read.findings if finding.points >= FAINT}
    return tuple(aspect for aspect in Aspect if aspect in found) or (Aspect.WORDING,)
