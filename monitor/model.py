"""The nouns: one frozen dataclass for each, and the closed sets they use.

Types mark the stage a text has reached: Fetch → Snapshot → Version → Change → Impact. Texts are `str` in NFC, times are
aware datetimes in UTC with names that end in `_at`, identifiers are `str` where people type them and `int` otherwise.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told: a team with a channel, a local time, and a choice of subjects (empty = everything)."""

    id: str
    name: str
    timezone: str = "UTC"
    digest_at: str = "09:00"
    slack_channel: str | None = None
    topics: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One declaration in `sources.yaml`."""

    id: str
    name: str
    publisher: str
    jurisdiction: str
    kind: str
    urls: tuple[str, ...]
    select: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    every: str = "12h"
    hold: timedelta | None = None
    """How long a change must last before it is told; None = the default of the kind (monitor.tracking)."""
    render: bool = False
    enabled: bool = True

    @property
    def is_readable(self) -> bool:
        """Whether it can be asked for: switched on, and not in need of a browser."""
        return self.enabled and not self.render

    @property
    def is_feed(self) -> bool:
        """A feed is one Resource with many Documents; every other kind is 1..n Resources with one Document."""
        return self.kind in {"rss", "atom"}


@dataclass(frozen=True, slots=True)
class Request:
    """One URL of one Source to ask for, with the validators of the last processed answer. All a spider needs."""

    source_id: str
    url: str
    kind: str
    etag: str | None = None
    last_modified: str | None = None


class Outcome(StrEnum):
    """How an attempt ended. Only `ok` carries bytes, only `ok` and `unchanged` are answers."""

    OK = "ok"
    UNCHANGED = "unchanged"
    """304: the publisher says that what we processed last still stands."""
    HTTP_ERROR = "http-error"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    """No connection: name not found, refused, reset."""
    TLS = "tls"
    ROBOTS = "robots"
    """The publisher's robots.txt asks us not to."""
    REFUSED_ADDRESS = "refused-address"
    """The address guard stopped it: private, loopback or another scheme than http(s)."""
    TOO_LARGE = "too-large"
    BROKEN = "broken"
    """An answer that is no whole one: cut short, undecodable, endless redirects."""
    LOST = "lost"
    """The crawl process ended without saying what became of this request."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """One attempt to retrieve one URL. Always stored, whatever came: it is the evidence that we were watching."""

    source_id: str
    url: str
    at: datetime
    outcome: Outcome
    status: int | None = None
    final_url: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case; several values of one name joined with ", "."""
    body: bytes | None = None
    partial: bool = False
    """The answer had no stated length and the connection closed: perhaps all of it, perhaps not."""
    duration_ms: int = 0
    detail: str = ""


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of text as people read it, the grain of comparison.

    `text` is one line: NFC, white space folded, no zero-width characters or soft hyphens. `heading` is the path of
    headings above it, outermost first; for a heading it ends with the heading itself. Link targets are kept apart from
    the text, without tracking parameters; so are the invisible characters that were dropped from it, in their order:
    nobody needs to read that they changed, but it stays provable that they did.
    """

    kind: BlockKind
    text: str
    heading: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    invisible: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """What an extractor reads out of one Snapshot."""

    title: str
    blocks: tuple[Block, ...]
    language: str = ""
    """As the document declares it (`en-GB`), "" where it does not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, with an identity that survives edits of its title."""

    identity: str
    url: str
    title: str
    published_at: datetime | None
    blocks: tuple[Block, ...]


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
    WRONG_LANGUAGE = "wrong-language"
    SELECTOR_LOST = "selector-lost"
    UNSTABLE = "unstable"
    """The document alternates between texts that are known; what is new in it is still told."""
    NOT_A_FEED = "not-a-feed"
    WRONG_TYPE = "wrong-type"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """A source that cannot be trusted now; closed by a successful extraction only."""

    id: int
    source_id: str
    url: str
    kind: ProblemKind
    detail: str
    advice: str
    opened_at: datetime
    last_seen_at: datetime


class ChangeKind(StrEnum):
    FIRST = "first"
    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    LINKS = "links"
    WHITESPACE = "whitespace"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    DATE_TICK = "date_tick"
    BOILERPLATE = "boilerplate"
    REVERTED = "reverted"
    TRANSLATION = "translation"
    RE_EXTRACTED = "re-extracted"


TOLD_KINDS = frozenset({ChangeKind.SUBSTANTIVE, ChangeKind.EDITORIAL})
"""The kinds that people are told of; every other kind is stored with its reason and kept quiet."""


class ChangeStatus(StrEnum):
    PROVISIONAL = "provisional"
    """Seen once; told when it is seen again after the hold."""
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"
    """Gone before it could be confirmed; the text that came next is compared with the last confirmed one."""


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Aspect(StrEnum):
    """What a changed rule is about, gravest first."""

    PROHIBITION = "prohibition"
    OBLIGATION = "obligation"
    RIGHT = "right"
    ENFORCEMENT = "enforcement"
    THRESHOLD = "threshold"
    """An age, a size, a number of strikes or days."""
    FEE = "fee"
    DATE = "date"
    DEFINITION = "definition"
    SCOPE = "scope"
    CONTACT = "contact"
    WORDING = "wording"


class PassageOp(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Passage:
    """One added, removed, reworded or moved stretch with its heading path.

    `before` is empty for `added`, `after` for `removed`; of one that `moved` they are the same text or, where it was
    reworded at once, not quite the same.
    """

    op: PassageOp
    heading: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A legal reference: the words as written, and its normal form (`eu:reg:2022/2065#art16`)."""

    text: str
    id: str


class DateKind(StrEnum):
    """What happens on a date."""

    EFFECTIVE = "effective"
    COMPLIANCE = "compliance"
    COMMENTS_CLOSE = "comments_close"
    SUNSET = "sunset"
    """The last day on which it applies."""
    LAST_UPDATED = "last_updated"
    VERSION = "version"
    REVIEWED = "reviewed"
    RELEASED = "released"
    NOTICE = "notice"
    SUPERSEDED = "superseded"
    """Of an earlier text that this one replaces."""


DEADLINE_KINDS = frozenset({DateKind.EFFECTIVE, DateKind.COMPLIANCE, DateKind.COMMENTS_CLOSE, DateKind.SUNSET})
"""What people must act by; the other kinds are facts about the text."""


@dataclass(frozen=True, slots=True)
class Origin:
    """When, where and in which language a text was published: what its dates and laws are read by."""

    published: date | None = None
    """The day that relative dates count from ("30 days after publication"); without it they are left out."""
    region: str = ""
    """The jurisdiction of its Source: `US`, `US-CA`, `EU`, `GB`, `global` …"""
    language: str = ""
    """`en-GB`, `fr` …, as declared or detected."""


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that a text states, with the sentence it stands in."""

    kind: DateKind
    date: str
    """ISO 8601, as precise as it is written: `2026-02-01`, `2026-02` or `2026`."""
    sentence: str
    moved_from: str | None = None
    """The date that stood here in the earlier text."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a comparison of two texts found: the part of a Change that is pure."""

    kind: ChangeKind
    reason: str
    severity: Severity
    summary: str
    passages: tuple[Passage, ...]
    citations: tuple[Citation, ...] = ()
    dates: tuple[DateMention, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    """What the changed words are about, gravest first; empty for the quiet kinds."""
    fingerprint: str = ""
    """Equal for the same words changed in several documents (a renamed product, a new footer); "" = no group."""


@dataclass(frozen=True, slots=True)
class Change:
    """From one Version of a Document to the next, as stored."""

    id: int
    source_id: str
    document_id: str
    url: str
    title: str
    from_version_id: int | None
    to_version_id: int
    status: ChangeStatus
    detected_at: datetime
    confirmed_at: datetime | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an SOP: the unit that an Impact points at."""

    id: str
    """`sop-id#slug-of-the-heading-path`, unique in the library."""
    sop_id: str
    heading: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Sop:
    """One procedure of the customer."""

    id: str
    title: str
    owner: str
    path: str
    topics: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a Section was tagged: `kind` is one of words, citation, topic, jurisdiction; `text` is what fired."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Impact:
    """That a Change touches a Section, with a probability between 0 and 1 and the reasons."""

    sop_id: str
    section_id: str
    sop_title: str
    heading: tuple[str, ...]
    owner: str
    probability: float
    evidence: tuple[Evidence, ...]


class Period(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestChange:
    """One Change in a Digest, with the facts of its Source and the SOP sections it touches."""

    change: Change
    source_name: str
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    impacts: tuple[Impact, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one Audience is told about one period. Composed once, stored as sent."""

    id: str
    audience_id: str
    audience_name: str
    period: Period
    local_date: date
    composed_at: datetime
    changes: tuple[DigestChange, ...]
    problems: tuple[Problem, ...]
    quiet: dict[str, int]
    """How many changes of each quiet kind were stored and not told since the digest before."""
    watched: int
    """How many enabled Sources this Audience watches."""
    read: int
    """How many of them were read, each URL at least once, since the digest before."""
    last_read_at: datetime | None
    """When one of them was last read; None = none ever was."""
    held: int
    """How many changes of a told kind were seen and are not confirmed yet."""
    has_sops: bool
    """Whether there was any SOP that a change could have been matched to."""


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    """An attempt was begun and its outcome is unknown: look for the message before any retry."""
    SENT = "sent"
    FAILED = "failed"
    """Permanently refused; stays so until a person mends it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of one Digest to one channel."""

    id: str
    digest_id: str
    channel: str
    """`file` or `slack:CHANNEL`."""
    part: int
    parts: int
    payload: dict[str, object]
    state: DeliveryState
    attempts: int
    first_attempt_at: datetime | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
    ts: str | None
    error: str | None
