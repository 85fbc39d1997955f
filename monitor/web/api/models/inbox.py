"""The lists of Changes that people go through.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Iterator, Mapping

from digests import quotes
from digests.wording import likelihood
from monitor.model import DateKind, PassageOp, Severity, Verdict
from monitor.store.flagged import Flagged
from monitor.views import inbox
from monitor.views.inbox import Shown
from monitor.web.api.models.shared import Model, Moment, Segment


class Quote(Model):
    """The few words that changed of one passage."""

    op: PassageOp
    heading: tuple[str, ...]
    segments: tuple[Segment, ...]
    """Empty for what only moved, where other words took all the room."""


class Touch(Model):
    """A section that the change touches."""

    name: str
    """As in "SOP-7 Age checks › Appeals"."""
    probability: float
    words: str
    """As in "likely 72 %"."""


class NextDeadline(Model):
    """The next day that people must act by."""

    kind: DateKind
    date: str


class Member(Model):
    """One change of a group."""

    change_id: int
    document_id: str
    source_id: str
    name: str
    """Of the document."""


class OpenItem(Model):
    """What somebody has in hand."""

    change_id: int
    section_id: str | None
    """null = the change as a whole."""
    procedure: str
    """As in "SOP-7 Age checks › Appeals"; "" for the change as a whole."""
    verdict: Verdict | None
    """`confirmed` = it is to be put into the section; null = nobody decided."""
    assignee: str | None
    due: str | None
    deadline: str | None
    """The next full day that people must act by, as the change says; where all are over, the last."""
    snoozed_until: str | None


class Group(Model):
    """What is read and decided at once: one change, or the same one in several documents of a publisher."""

    part: str
    """Under which it stands: a day ("Today"), or how soon it is due ("Overdue")."""
    change_id: int
    """The change that leads it."""
    name: str
    publisher: str
    jurisdiction: str
    severity: Severity
    summary: str
    since_at: Moment
    """When it could be told."""
    put_off_until: str | None
    deadline: NextDeadline | None
    members: tuple[Member, ...]
    """Itself first; they are decided together by `POST /api/decisions`."""
    sections: tuple[Touch, ...]
    """Those that any of them touches, the likeliest first."""
    quotes: tuple[Quote, ...]
    more: str
    """How many more passages there are, in words; "" = none."""
    items: tuple[OpenItem, ...]
    """What is in hand of it; only with `shown=in-hand`."""
    language: str
    """ISO 639-1, of the words that changed."""


class Calm(Model):
    """Why nothing is there: what was read, and what was kept quiet within the last week."""

    sources: int
    """Read as a whole at least once, and not blind now."""
    since_at: Moment | None
    """Since then each of them was read; null = none ever was."""
    quiet: Mapping[str, int]
    """Kind of change → how many."""


class Counts(Model):
    """How many changes there are, and how many of those asked for each further filter leaves."""

    waiting: int
    put_off: int
    by: Mapping[str, Mapping[str, int]]
    """`severity`, `jurisdiction`, `topic`, `publisher`, `source`, `due` (days) → value → number; `sop` if few wait."""


class Inbox(Model):
    """One page of a list. In hand and decided, `counts` are those of what waits."""

    shown: Shown
    groups: tuple[Group, ...]
    """In reading order."""
    counts: Counts
    page: int
    has_more: bool
    calm: Calm | None
    """Only where there is nothing at all."""


class Beside(Model):
    """The changes that lead the groups before and after one in the inbox; null = none does."""

    previous: int | None
    next: int | None


def tell_inbox(found: inbox.Inbox) -> Inbox:
    return Inbox(
        shown=found.shown,
        groups=tuple(_iter_groups(found)),
        counts=Counts.model_validate(found.counts),
        page=found.page,
        has_more=found.has_more,
        calm=Calm.model_validate(found.calm) if found.calm else None,
    )


def _iter_groups(found: inbox.Inbox) -> Iterator[Group]:
    for part in found.parts:
        for _, groups in part.publishers:
            yield from (_tell_group(part.name, each) for each in groups)


def _tell_group(part: str, group: inbox.Group) -> Group:
    lead = group.lead
    return Group(
        part=part,
        change_id=lead.change_id,
        name=lead.name,
        publisher=lead.publisher,
        jurisdiction=lead.jurisdiction,
        severity=lead.severity,
        summary=lead.summary,
        since_at=lead.since_at,
        put_off_until=lead.put_off_until,
        deadline=_tell_deadline(lead),
        members=tuple(map(Member.model_validate, group.members)),
        sections=tuple(
            Touch(name=name, probability=probability, words=likelihood(probability))
            for name, probability in group.impacts
        ),
        quotes=tuple(map(_tell_quote, group.quotes)),
        more=group.more,
        items=tuple(map(OpenItem.model_validate, group.items)),
        language=group.language,
    )


def _tell_deadline(flagged: Flagged) -> NextDeadline | None:
    return NextDeadline(kind=flagged.deadline[0], date=flagged.deadline[1]) if flagged.deadline else None


def _tell_quote(quote: quotes.Quote) -> Quote:
    return Quote(
        op=quote.passage.op,
        heading=quote.passage.heading,
        segments=tuple(Segment(op=each.op, text=each.text) for each in quote.segments),
    )
