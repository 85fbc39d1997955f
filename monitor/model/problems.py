"""Why a source cannot be trusted now, or people are not reached.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProblemKind(StrEnum):
    """Why a source cannot be trusted now. One word that people learn; the detail says the rest."""

    HTTP_ERROR = "http-error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    ROBOTS = "robots"
    REFUSED_ADDRESS = "refused-address"
    TOO_LARGE = "too-large"
    BROKEN = "broken"
    NO_KEY = "no-key"
    NO_BROWSER = "no-browser"
    CRAWL_FAILED = "crawl-failed"
    EMPTY = "empty"
    BLOCKED = "blocked"
    CONSENT = "consent"
    LOGIN = "login"
    OUTAGE = "outage"
    SOFT_404 = "soft-404"
    """Answered as if all were well, but it says that there is no such page, or it is the home page."""
    SHRUNK = "shrunk"
    """So much less text than before that it is more likely a part of the page than the whole of it."""
    INCOMPLETE = "incomplete"
    """The interface says that there is more than it gave."""
    WRONG_LANGUAGE = "wrong-language"
    SELECTOR_LOST = "selector-lost"
    UNSTABLE = "unstable"
    """The document alternates between texts that are known; what is new in it is still told."""
    NOT_A_FEED = "not-a-feed"
    RETIRED = "retired"
    """The feed says that it has ended or moved, its address leads to a page now, or the answer is 410 Gone."""
    GAP = "gap"
    """Nothing of what the feed held last is in it any more: entries in between may have been missed."""
    SILENT = "silent"
    """It was not read for two of its cycles, and no other Problem says why."""
    NO_ENTRIES = "no-entries"
    """The feed is read, and has brought nothing for far longer than it ever did."""
    DRIFTING = "drifting"
    """Small steps, each of them harmless, have made it another size."""
    KEEPS_LESS = "keeps-less"
    """What is kept is a far smaller part of the page than it was."""
    WRONG_TYPE = "wrong-type"
    UNREADABLE = "unreadable"
    UNDELIVERED = "undelivered"
    """A channel refuses what people are to be told; the only kind that is about no source."""


OUT_OF_RHYTHM = frozenset({ProblemKind.NO_ENTRIES, ProblemKind.DRIFTING, ProblemKind.KEEPS_LESS})
"""What the history of a source makes doubtful (`monitor.rhythm`), and what is read says nothing of by itself."""
READ_WITH_DOUBT = frozenset({ProblemKind.UNSTABLE, ProblemKind.GAP}) | OUT_OF_RHYTHM
"""What stands open although the source is read."""
MISSING_HERE = frozenset({ProblemKind.NO_BROWSER, ProblemKind.NO_KEY})
"""What this machine lacks, so that many sources have the same Problem at once."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody has seen a Problem, as it is now: it stays open, and digests do not repeat it."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A source that cannot be trusted now; closed by a successful extraction, a gap by time or a person."""

    id: int
    source_id: str
    """Where it is UNDELIVERED, the channel."""
    url: str
    kind: ProblemKind
    detail: str
    advice: str
    opened_at: datetime
    last_seen_at: datetime
    mark: str = ""
    """What gave rise to the doubt, so that a person can overrule it; "" = beyond doubt."""
    acknowledged: Acknowledgement | None = None

    @property
    def is_blind(self) -> bool:
        """Whether nothing can be read; else the source is read, and something about it wants to be looked at."""
        return self.kind not in READ_WITH_DOUBT
