"""All that was told and decided in a span of days: what `/exports` has as files.

Does not do: anything. No I/O, no rules.
"""

from typing import Literal

from monitor.model import ChangeKind, Severity, Verdict
from monitor.store import exports
from monitor.web.api.models.shared import Decision, Evidence, Mention, Model, Moment, People, tell_decision


class ToldImpact(Model):
    """A section that the change touches."""

    sop: str
    section: str
    probability: float
    evidence: tuple[Evidence, ...]


class ToldStanding(Model):
    """What stands for a section, or for the change as a whole (`section` null)."""

    section: str | None
    verdict: Verdict | None
    by: str | None
    at: Moment | None
    reason: str
    assignee: str | None
    due: str | None


class ToldChange(Model):
    """A told change with all that belongs to it, named as `monitor changes --json` names it."""

    id: int
    source: str
    document: str
    """Its name."""
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    url: str
    link: str
    """To its page at the desk."""
    detected_at: Moment
    confirmed_at: Moment
    """When it could be told."""
    kind: ChangeKind
    reason: str
    severity: Severity
    summary: str
    dates: tuple[Mention, ...]
    impacts: tuple[ToldImpact, ...]
    state: Literal["confirmed", "not-applicable", "open"]
    """`confirmed` where one section of it is, `not-applicable` where all of it is, else `open`."""
    standing: tuple[ToldStanding, ...]


class MadeDecision(Model):
    """A decision, with what it is about."""

    decision: Decision
    name: str
    """Of the document."""
    publisher: str
    jurisdiction: str
    section: tuple[str, ...]
    """The id of the procedure and the headings down to the section; empty = the change as a whole."""


def tell_made(decided: exports.Decided, people: People) -> MadeDecision:
    return MadeDecision(
        decision=tell_decision(decided.decision, people),
        name=decided.name,
        publisher=decided.publisher,
        jurisdiction=decided.jurisdiction,
        section=decided.section,
    )
