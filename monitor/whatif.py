"""What if it had always been read and judged as it is now? Stored Changes, judged again from their bytes.

For each Change with a Version before and after it both texts are read again as it is done now, looked at by the gate
and compared; a new entry of a feed is read and judged as one. Which of them would have been judged otherwise is the
price and the gain of a new extractor, new selectors or new rules, known before anybody is told anything.

Does not do: writing anything; kinds that history decides (`first`, `reverted`, `re-extracted`), which stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.answers import Answers
from monitor.compare.kinds import compare, published
from monitor.errors import ExtractionError
from monitor.extract.continuity import check_continuity
from monitor.model import TOLD_KINDS, ChangeKind, ChangeStatus, Extract
from monitor.steps import origin_of
from monitor.store import changes, fetches, versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.model import Change, Judgement, Passage, Source
    from monitor.reading import Reader
    from monitor.steps import Reading
    from monitor.store import Database

_BY_HISTORY = frozenset({ChangeKind.FIRST, ChangeKind.REVERTED, ChangeKind.RE_EXTRACTED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a Change is judged: a kind of change, `none` where the texts are equal, or the name of a Problem."""

    kind: str
    severity: str
    reason: str
    passages: tuple[Passage, ...] = ()

    @property
    def is_told(self) -> bool:
        return self.kind in TOLD_KINDS


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A Change as it was judged, and as it would be."""

    change: Change
    was: Verdict
    would_be: Verdict

    @property
    def differs(self) -> bool:
        """In kind or, where people are told, in severity or in the passages."""
        told = self.was.is_told or self.would_be.is_told
        return self.was.kind != self.would_be.kind or (told and _told(self.was) != _told(self.would_be))


def _told(verdict: Verdict) -> tuple[str, tuple[Passage, ...]]:
    return verdict.severity, verdict.passages


def iter_rejudged(db: Database, watched: Mapping[str, Source], reader: Reader) -> Iterator[Rejudged]:
    """Every confirmed Change of the Sources in `watched`, in the order of their sources and of their detection."""
    for source in watched.values():
        answers = Answers(db, source, reader)
        for change in changes.iter_changes(db, source_id=source.id, everything=True):
            if change.status is ChangeStatus.CONFIRMED and change.judgement.kind not in _BY_HISTORY:
                verdict = _judge_again(db, source, answers, change)
                if verdict:
                    yield Rejudged(change, _verdict(change.judgement), verdict)


def _judge_again(db: Database, source: Source, answers: Answers, change: Change) -> Verdict | None:
    """None where its bytes say nothing of the Document any more."""
    try:
        after = _read(db, answers, change.document_id, change.to_version_id)
        if change.from_version_id is None:
            return _judge_entry(source, after, change) if after else None
        before = _read(db, answers, change.document_id, change.from_version_id)
        if before and after:
            _check_continuity(db, answers, change, before, after)
    except ExtractionError as error:
        return Verdict(error.problem, "", error.detail)
    if before is None or after is None:
        return None
    judgement = compare(before.blocks, after.blocks, origin_of(source, after, change.detected_at))
    return _verdict(judgement) if judgement else Verdict("none", "", "the texts are equal")


def _judge_entry(source: Source, entry: Reading, change: Change) -> Verdict:
    origin = origin_of(source, entry, change.detected_at)
    origin = replace(origin, published=entry.published_on or origin.published)
    return _verdict(published(entry.blocks, entry.title, origin))


def _read(db: Database, answers: Answers, document_id: str, version_id: int) -> Reading | None:
    snapshot_ids = [snapshot_id for _, snapshot_id in versions.get_snapshots(db, version_id)]
    return answers.read_document(document_id, snapshot_ids)


def _check_continuity(db: Database, answers: Answers, change: Change, before: Reading, after: Reading) -> None:
    """As when it came. Not for entries of feeds and texts of several addresses, of which no part stands alone here."""
    parts = versions.get_snapshots(db, change.to_version_id)
    if change.document_id == change.source_id and len(parts) == 1:
        url, final_url = fetches.get_asked_url(db, parts[0][1]), fetches.get_final_url(db, parts[0][1])
        page = Extract(after.title, after.blocks, after.language)
        check_continuity(before.blocks, page, url=url, final_url=final_url, accepted=answers.accepted)


def _verdict(judgement: Judgement) -> Verdict:
    return Verdict(judgement.kind, judgement.severity, judgement.reason, judgement.passages)
