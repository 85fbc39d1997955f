"""The nouns: one frozen dataclass for each, and the closed sets they use.

Types mark the stage a text has reached: Fetch → Snapshot → Version → Change → Impact. Texts are `str` in NFC, times are
aware datetimes in UTC with names that end in `_at`, identifiers are `str` where people type them and `int` otherwise.

Does not do: anything. No I/O, no clock, no rules.
"""

from monitor.model.changes import (
    DEADLINE_KINDS,
    TOLD_KINDS,
    UNKNOWN_ORIGIN,
    Aspect,
    Change,
    ChangeKind,
    ChangeStatus,
    Citation,
    DateKind,
    DateMention,
    Judgement,
    Origin,
    Passage,
    PassageOp,
    Severity,
)
from monitor.model.problems import MISSING_HERE, Problem, ProblemKind
from monitor.model.procedures import (
    Anchor,
    Decision,
    Evidence,
    EvidenceKind,
    Impact,
    Link,
    Section,
    Sop,
    Verdict,
)
from monitor.model.telling import Deadline, Delivery, DeliveryState, Digest, DigestChange, OpenItem, Period
from monitor.model.texts import Block, BlockKind, Entry, Extract
from monitor.model.watched import (
    ENTRY_KINDS,
    PUBLISHER_KINDS,
    Audience,
    Fetch,
    Outcome,
    Pack,
    Person,
    Range,
    Request,
    Selector,
    Source,
)

__all__ = [
    "DEADLINE_KINDS",
    "ENTRY_KINDS",
    "MISSING_HERE",
    "PUBLISHER_KINDS",
    "TOLD_KINDS",
    "UNKNOWN_ORIGIN",
    "Anchor",
    "Aspect",
    "Audience",
    "Block",
    "BlockKind",
    "Change",
    "ChangeKind",
    "ChangeStatus",
    "Citation",
    "DateKind",
    "DateMention",
    "Deadline",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Digest",
    "DigestChange",
    "Entry",
    "Evidence",
    "EvidenceKind",
    "Extract",
    "Fetch",
    "Impact",
    "Judgement",
    "Link",
    "OpenItem",
    "Origin",
    "Outcome",
    "Pack",
    "Passage",
    "PassageOp",
    "Period",
    "Person",
    "Problem",
    "ProblemKind",
    "Range",
    "Request",
    "Section",
    "Selector",
    "Severity",
    "Sop",
    "Source",
    "Verdict",
]
