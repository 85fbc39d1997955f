"""One Change with all that is known of it, as `get_change` answers.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Iterable, Mapping
from itertools import islice

from digests.escape import find_link
from digests.words import path
from monitor.agents.quoting import LONGEST, MOST, Answer, Quoted, cut, quote
from monitor.model import (
    ChangeKind,
    ChangeStatus,
    Citation,
    DateKind,
    DateMention,
    EvidenceKind,
    Passage,
    PassageOp,
    Severity,
)
from monitor.store.evidence import Reading
from monitor.views import change
from monitor.web.api.models.shared import Decision, Model, Moment, People, Standing, tell_decision, tell_standing

MOST_TEXT = 20_000
"""Characters of all passages of one answer: about 5,000 tokens."""


class PassageFacts(Model):
    """One added, removed, reworded or moved stretch of the text."""

    op: PassageOp
    heading: Quoted
    """The way down to it."""
    before: Quoted
    after: Quoted


class Date(Model):
    """A date that the text states."""

    kind: DateKind
    date: str
    """As precise as it is written: 2026-12-01, 2026-12 or 2026."""
    sentence: Quoted
    moved_from: str | None
    """The day that stood there in the earlier text."""


class Law(Model):
    """A law that the changed text cites."""

    text: Quoted
    norm: str
    """In normal form, as in `eu:reg:2022/2065#art16`."""


class Reason(Model):
    """One reason why a section was tagged, with the words that fired."""

    kind: EvidenceKind
    text: Quoted


class Section(Model):
    """A section of a procedure that the change touches."""

    section_id: str
    sop_id: str
    sop_title: str
    owner: str
    name: str
    """The way down to it in the procedure."""
    text: str
    """The user's own words."""
    probability: float | None
    """null = a person added it."""
    evidence: tuple[Reason, ...]
    standing: Standing


class Bytes(Model):
    """A snapshot, without its bytes."""

    sha256: str
    length: int
    """Bytes."""
    received_at: Moment


class Text(Model):
    """One of the two texts, without its words."""

    version_id: int
    observed_at: Moment
    text_sha256: str
    recipe: str
    """Which rules of ours read it from the bytes."""
    snapshots: tuple[Bytes, ...]


class WholeChange(Answer):
    """A change with all that is known of it."""

    change_id: int
    name: Quoted
    """Of the document."""
    source_id: str
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]
    address: Quoted | None
    """Where the publisher has it."""
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    summary: Quoted
    reason: Quoted
    """Why it is of this kind."""
    detected_at: Moment
    confirmed_at: Moment | None
    """When it was seen again, and so could be told."""
    passages: tuple[PassageFacts, ...]
    """From `first_passage` on."""
    deadlines: tuple[Date, ...]
    """What people must act by."""
    dates: tuple[Date, ...]
    """The others, which are facts about the text."""
    citations: tuple[Law, ...]
    sections: tuple[Section, ...]
    """Those that are worth showing, the likeliest first."""
    unlikely: int
    """How many more were looked at, and are not."""
    standing: Standing
    """Of the change as a whole."""
    decisions: tuple[Decision, ...]
    """The last ones, in the order in which they were made."""
    earlier: tuple[int, ...]
    later: tuple[int, ...]
    """Numbers of changes of the same document, the newest first."""
    same: tuple[int, ...]
    """Of the same change in other documents."""
    texts: tuple[Text, ...]
    """The old one, where there is one, and the new one."""
    left_out: Mapping[str, int]
    """Name of a list → how many more there are; `passages` come with a larger `first_passage`."""


def tell_whole(dossier: change.Dossier, people: People, first_passage: int) -> WholeChange:
    """`first_passage` counts from 1."""
    own, judgement, source = dossier.change, dossier.change.judgement, dossier.source
    rest = judgement.passages[first_passage - 1 :]
    passages, decisions = tuple(map(_tell_passage, _fit(rest))), dossier.state.history
    lists = {
        "deadlines": dossier.deadlines,
        "dates": dossier.dates,
        "citations": judgement.citations,
        "sections": dossier.beside,
        "decisions": decisions,
        "same": dossier.same,
    }
    left_out = {"passages": len(rest) - len(passages)} | {name: len(each) - MOST for name, each in lists.items()}
    address = find_link(own.url)
    return WholeChange(
        change_id=own.id,
        name=quote(dossier.name),
        source_id=own.source_id,
        publisher=source.publisher,
        jurisdiction=source.jurisdiction,
        topics=source.topics,
        address=quote(address) if address else None,
        kind=judgement.kind,
        status=own.status,
        severity=judgement.severity,
        summary=quote(judgement.summary),
        reason=quote(judgement.reason),
        detected_at=own.detected_at,
        confirmed_at=own.confirmed_at,
        passages=passages,
        deadlines=tuple(map(_tell_date, dossier.deadlines[:MOST])),
        dates=tuple(map(_tell_date, dossier.dates[:MOST])),
        citations=tuple(map(_tell_law, judgement.citations[:MOST])),
        sections=tuple(_tell_section(each, people) for each in dossier.beside[:MOST]),
        unlikely=len(dossier.unlikely),
        standing=tell_standing(dossier.state.whole, people),
        decisions=tuple(tell_decision(each, people) for each in decisions[-MOST:]),
        earlier=tuple(each.change_id for each in dossier.earlier),
        later=tuple(each.change_id for each in dossier.later),
        same=tuple(each.change_id for each in dossier.same[:MOST]),
        texts=tuple(map(_tell_text, dossier.proof.readings)),
        left_out={name: number for name, number in left_out.items() if number > 0},
    )


def _fit(passages: Iterable[Passage]) -> Iterable[Passage]:
    """The first ones: one at least, no more than MOST, and none behind MOST_TEXT."""
    room = MOST_TEXT
    for each in islice(passages, MOST):
        if room <= 0:
            return
        room -= min(len(each.before), LONGEST) + min(len(each.after), LONGEST)
        yield each


def _tell_passage(passage: Passage) -> PassageFacts:
    heading = quote(path(passage.heading))
    return PassageFacts(op=passage.op, heading=heading, before=quote(passage.before), after=quote(passage.after))


def _tell_date(mention: DateMention) -> Date:
    return Date(kind=mention.kind, date=mention.date, sentence=quote(mention.sentence), moved_from=mention.moved_from)


def _tell_law(citation: Citation) -> Law:
    return Law(text=quote(citation.text), norm=citation.id)


def _tell_section(beside: change.Beside, people: People) -> Section:
    impact = beside.judged.impact
    evidence = impact.evidence[:MOST] if impact else ()
    return Section(
        section_id=beside.section_id,
        sop_id=beside.sop.id,
        sop_title=beside.sop.title,
        owner=beside.sop.owner,
        name=beside.name,
        text=cut(" ".join("".join(each.text for each in line) for line in beside.lines)),
        probability=impact.probability if impact else None,
        evidence=tuple(Reason(kind=each.kind, text=quote(each.text)) for each in evidence),
        standing=tell_standing(beside.judged.standing, people),
    )


def _tell_text(reading: Reading) -> Text:
    return Text(
        version_id=reading.id,
        observed_at=reading.observed_at,
        text_sha256=reading.text_sha256,
        recipe=reading.recipe,
        snapshots=tuple(map(Bytes.model_validate, reading.snapshots[:MOST])),
    )
