"""What is watched, and each attempt to read it.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum

PUBLISHER_KINDS = frozenset({
    "federal-register", "regulations-gov", "ecfr", "congress", "govinfo", "legiscan",
    "cellar", "have-your-say", "legislation-gov-uk", "govuk", "legislation-gov-au", "legisinfo", "oireachtas",
})  # fmt: skip
"""Kinds of Sources that are read through an interface of their publisher (`spiders`, `monitor.publishers`)."""
ENTRY_KINDS = PUBLISHER_KINDS | {"rss", "atom"}
"""Kinds of Sources that hold many Documents."""


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
    owners: tuple[str, ...] = ()
    """Only Changes that touch SOPs of these owners; empty = also those that touch none."""
    weekly_on: str | None = None
    """The weekday (`mon` … `sun`) of the weekly roll-up; None = none."""
    alerts: bool = True
    """Whether grave and urgent Changes are told at once, and not only in the next daily Digest."""
    send_to: tuple[str, ...] = ()
    """Other ways out beside Slack and files: `email:ADDRESS`, `webhook:URL`, `apprise:NAME`."""
    lead: str | None = None
    """The Person who is told of what nobody decided within `sla`."""
    sla: timedelta | None = None


class Role(StrEnum):
    """What somebody may do at the desk. Each may do what the one before may."""

    READER = "reader"
    """Look at everything."""
    SPECIALIST = "specialist"
    """Decide."""
    LEAD = "lead"
    """Say who else is let in."""

    def may(self, needed: Role) -> bool:
        return list(Role).index(self) >= list(Role).index(needed)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who owns SOPs, decides, or is reminded. Known by `name`, `email` or `slack`, whichever is met."""

    name: str
    slack: str | None = None
    """The id of a Slack member, `U0123456789`."""
    email: str | None = None
    timezone: str = "UTC"
    role: Role = Role.SPECIALIST
    """At the desk, once signed in."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Sources that are switched on and off together. It rules those that say nothing themselves."""

    id: str
    name: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Range:
    """Everything from one element of a page to another, in the order of the page. CSS selectors name the two.

    One of the starts and one of the ends is given: `before` an element keeps it in a range that starts there, and out
    of one that ends there.
    """

    start_before: str | None = None
    start_after: str | None = None
    end_before: str | None = None
    end_after: str | None = None

    def __str__(self) -> str:
        """As `sources.yaml` has it, without quotes: `{start_before: #terms, end_before: footer}`."""
        ends = ((each.name, getattr(self, each.name)) for each in fields(self))
        return f"{{{', '.join(f'{name}: {selector}' for name, selector in ends if selector)}}}"


Selector = str | Range
"""What chooses parts of a page: a CSS selector, or a Range."""


@dataclass(frozen=True, slots=True)
class Source:
    """One declaration in `sources.yaml`."""

    id: str
    name: str
    publisher: str
    jurisdiction: str
    kind: str
    urls: tuple[str, ...]
    select: tuple[Selector, ...] = ()
    remove: tuple[Selector, ...] = ()
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    every: str = "12h"
    hold: timedelta | None = None
    """How long a change must last before it is told; None = the default of the kind (monitor.tracking)."""
    render: bool = False
    """Whether a browser is to run the scripts of the page first."""
    enabled: bool = True
    """What it says itself, else what its Pack says."""
    pack: str | None = None
    note: str | None = None
    """Why it is off, or what whoever reads of it should know."""
    checked: date | None = None
    """The last day on which anything proved its addresses; None = nothing with a date did."""

    def request(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Request:
        """The Request for one of its URLs."""
        wait_for = tuple(each for each in self.select if isinstance(each, str)) if self.render else ()
        return Request(self.id, url, self.kind, etag, last_modified, self.render, wait_for)

    @property
    def is_feed(self) -> bool:
        """A feed, or a query to an interface: one Resource with many Documents.

        Every other kind is 1..n Resources with one Document.
        """
        return self.kind in ENTRY_KINDS


@dataclass(frozen=True, slots=True)
class Request:
    """One URL of one Source to ask for, with the validators of the last processed answer. All a spider needs."""

    source_id: str
    url: str
    kind: str
    etag: str | None = None
    last_modified: str | None = None
    render: bool = False
    wait_for: tuple[str, ...] = ()
    """CSS selectors of what a rendered page is to hold; it is waited for."""


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
    NO_KEY = "no-key"
    """The publisher's interface wants a key, and the environment holds none: nothing was asked."""
    NO_BROWSER = "no-browser"
    """The page needs a browser, and none starts here: nothing was asked."""
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
