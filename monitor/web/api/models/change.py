"""One Change with all that is known of it.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Sequence

from monitor import model
from monitor.model import Aspect, ChangeKind, ChangeStatus, Outcome, Severity
from monitor.store.fetches import FetchState
from monitor.triage import State
from monitor.views import change
from monitor.web.api.models.shared import (
    Decision,
    Evidence,
    Line,
    Mention,
    Model,
    Moment,
    People,
    Standing,
    Stretch,
    tell_decision,
    tell_segments,
    tell_standing,
    tell_stretch,
)


class ChangeFacts(Model):
    """What was found, and when."""

    id: int
    source_id: str
    document_id: str
    url: str
    """At the publisher, as it was declared or found: check it before you make a link of it."""
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    summary: str
    reason: str
    """Why it is of this kind."""
    aspects: tuple[Aspect, ...]
    """What the changed words are about, gravest first."""
    detected_at: Moment
    confirmed_at: Moment | None
    """When it was seen again, and so could be told."""
    hold_until: Moment | None
    """Until then it has to stand before it is told; null = it was told at once."""
    from_version_id: int | None
    """null = there is no earlier text."""
    to_version_id: int


class SourceFacts(Model):
    """Whose change it is."""

    id: str
    name: str
    publisher: str
    jurisdiction: str
    topics: tuple[str, ...]


class Citation(Model):
    """A law that the changed text cites."""

    text: str
    norm: str
    """In normal form, as in `eu:reg:2022/2065#art16`."""
    address: str | None
    """Where it can be read at the official publisher; null = not known."""


class TouchedSection(Model):
    """A section of a procedure that the change touches, as it is read beside the text."""

    section_id: str
    sop_id: str
    sop_title: str
    owner: str
    name: str
    """The way down to it in the procedure."""
    number: int
    """Its place in the list, from 1; `section` asks for its evidence alone."""
    is_likely: bool
    """Worth showing, or named by a person."""
    is_in_view: bool
    """What is decided about the change as a whole holds for it."""
    probability: float | None
    """null = a person added it."""
    likelihood: str
    """As in "likely 72 %"."""
    evidence: tuple[Evidence, ...]
    reasons: tuple[str, ...]
    """The evidence in words, as in "still says “within 48 hours”"."""
    lines: tuple[Line, ...]
    """Its text, with the evidence marked."""
    standing: Standing


class NearChange(Model):
    """Another change, in short."""

    change_id: int
    name: str
    """Of its document."""
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    reason: str
    summary: str
    detected_at: Moment
    is_settled: bool
    """Something is decided about it, or somebody has it in hand."""
    is_quiet: bool
    """Nobody is told of it."""


class Snapshot(Model):
    """The bytes as received, without them."""

    id: int
    url: str
    sha256: str
    length: int
    """Bytes."""
    received_at: Moment


class Reading(Model):
    """A version, without its text."""

    id: int
    observed_at: Moment
    text_sha256: str
    recipe: str
    """Which rules of ours read it from the bytes."""
    snapshots: tuple[Snapshot, ...]


class Fetch(Model):
    """One attempt to retrieve it."""

    id: int
    url: str
    at: Moment
    outcome: Outcome
    status: int | None
    """Of the HTTP answer."""
    state: FetchState
    """What became of it."""
    duration_ms: int
    detail: str
    sha256: str
    """Of what it brought; "" = nothing."""


class Proof(Model):
    """That it was so: what was read, from which bytes, and that somebody was looking all the time."""

    readings: tuple[Reading, ...]
    """The old text, where there is one, and the new one."""
    fetches: tuple[Fetch, ...]
    """Around the one that brought the new text, oldest first."""
    fetch_id: int
    """That one."""


class Links(Model):
    """Addresses that one text leads to and the other does not."""

    gone: tuple[str, ...]
    come: tuple[str, ...]


class Change(Model):
    """A change and all around it."""

    change: ChangeFacts
    name: str
    """Of its document."""
    source: SourceFacts
    language: str
    """ISO 639-1, of the new text."""
    stretches: tuple[Stretch, ...]
    """Both texts as one, in the reading order of the new one; a whole text where there was none before."""
    left_out: int
    """Words of changed text that are not told."""
    links: Links
    deadlines: tuple[Mention, ...]
    dates: tuple[Mention, ...]
    """The others, which are facts about the text."""
    citations: tuple[Citation, ...]
    sections: tuple[TouchedSection, ...]
    standing: Standing
    """Of the change as a whole."""
    decisions: tuple[Decision, ...]
    """In the order in which they were made."""
    earlier: tuple[NearChange, ...]
    later: tuple[NearChange, ...]
    """Of the same document, quiet ones too, the newest first."""
    same: tuple[NearChange, ...]
    """The same change in other documents."""
    together: tuple[int, ...]
    """The changes that can be decided together with this one, itself first."""
    proof: Proof
    due: str
    """The day that is offered for the work; "" = none."""


def tell_change(dossier: change.Dossier, people: People) -> Change:
    state = dossier.state
    return Change(
        change=_tell_facts(dossier.change),
        name=dossier.name,
        source=_tell_source(dossier),
        language=dossier.language,
        stretches=tuple(map(tell_stretch, dossier.stretches)),
        left_out=dossier.left_out,
        links=Links(gone=dossier.links[0], come=dossier.links[1]),
        deadlines=tuple(map(Mention.model_validate, dossier.deadlines)),
        dates=tuple(map(Mention.model_validate, dossier.dates)),
        citations=tuple(map(Citation.model_validate, dossier.laws)),
        sections=_tell_sections(dossier, people),
        standing=tell_standing(state.whole, people),
        decisions=_tell_decisions(state, people),
        earlier=_tell_near(dossier.earlier),
        later=_tell_near(dossier.later),
        same=_tell_near(dossier.same),
        together=dossier.waiting,
        proof=_tell_proof(dossier.proof),
        due=dossier.due,
    )


def _tell_facts(found: model.Change) -> ChangeFacts:
    judgement = found.judgement
    return ChangeFacts(
        id=found.id,
        source_id=found.source_id,
        document_id=found.document_id,
        url=found.url,
        kind=judgement.kind,
        status=found.status,
        severity=judgement.severity,
        summary=judgement.summary,
        reason=judgement.reason,
        aspects=judgement.aspects,
        detected_at=found.detected_at,
        confirmed_at=found.confirmed_at,
        hold_until=found.hold_until,
        from_version_id=found.from_version_id,
        to_version_id=found.to_version_id,
    )


def _tell_source(dossier: change.Dossier) -> SourceFacts:
    source = dossier.source
    return SourceFacts(
        id=dossier.change.source_id,
        name=source.name,
        publisher=source.publisher,
        jurisdiction=source.jurisdiction,
        topics=source.topics,
    )


def _tell_sections(dossier: change.Dossier, people: People) -> tuple[TouchedSection, ...]:
    likely = [_tell_section(each, people, is_likely=True) for each in dossier.beside]
    return (*likely, *(_tell_section(each, people, is_likely=False) for each in dossier.unlikely))


def _tell_section(beside: change.Beside, people: People, *, is_likely: bool) -> TouchedSection:
    judged, impact = beside.judged, beside.judged.impact
    return TouchedSection(
        section_id=beside.section_id,
        sop_id=beside.sop.id,
        sop_title=beside.sop.title,
        owner=beside.sop.owner,
        name=beside.name,
        number=beside.number,
        is_likely=is_likely,
        is_in_view=judged.is_in_view,
        probability=impact.probability if impact else None,
        likelihood=beside.likelihood,
        evidence=tuple(map(Evidence.model_validate, impact.evidence)) if impact else (),
        reasons=beside.reasons,
        lines=tuple(Line(kind=model.BlockKind.PARAGRAPH, segments=tell_segments(each)) for each in beside.lines),
        standing=tell_standing(judged.standing, people),
    )


def _tell_decisions(state: State, people: People) -> tuple[Decision, ...]:
    return tuple(tell_decision(each, people) for each in state.history)


def _tell_near(found: Sequence[object]) -> tuple[NearChange, ...]:
    return tuple(map(NearChange.model_validate, found))


def _tell_proof(proof: change.Proof) -> Proof:
    return Proof(
        readings=tuple(map(Reading.model_validate, proof.readings)),
        fetches=tuple(map(Fetch.model_validate, proof.attempts)),
        fetch_id=proof.fetch_id,
    )
