"""Our change is not theirs: what was read by another extractor, other selectors or from other addresses is read again.

Of each Document the last confirmed text is read anew, at once and not only when the publisher changes something. Where
that gives another text, it is stored as a quiet `re-extracted` Change, and what comes next is compared with it. A text
that is still held is read anew as well and goes on being held, as old as it was, so that no change of theirs is lost
with ours. What cannot be read anew stays as it is, and so does a text of which nothing would be left: that is a
Problem, which a person can overrule.

One transaction for each Document: killed, the next call goes on with the rest; done, it is noted on the Source.

Does not do: texts that wait to be read (`monitor.understanding`), judging history anew (`monitor.whatif`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from monitor.answers import Answers
from monitor.compare.kinds import compare, quiet
from monitor.errors import ExtractionError
from monitor.extract import recipe
from monitor.model import TOLD_KINDS, ChangeKind
from monitor.steps import READ_ANEW, Sighting, Step, origin_of, state
from monitor.store import changes, problems, sources, transaction, versions
from monitor.writing import tag, write_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from monitor.model import Source
    from monitor.reading import Reader
    from monitor.steps import Reading
    from monitor.store import Database
    from monitor.store.versions import Version
    from monitor.tagging import Tagger

log = structlog.get_logger()


def is_read_otherwise(db: Database, source: Source) -> bool:
    """Whether some Document of the Source may have been read in another way than it is done now."""
    return sources.find_read_by(db, source.id) != _name_reading(source)


@dataclass(frozen=True, slots=True)
class Rereader:
    """Reads the Documents of one Source anew. `now` is when: the text is as old as its bytes, the Change is not."""

    db: Database
    source: Source
    tagger: Tagger
    reader: Reader
    now: datetime

    def reread_all(self) -> list[ChangeKind]:
        """The kinds of the Changes that were written."""
        answers = Answers(self.db, self.source, self.reader)
        kinds = [
            step.judgement.kind
            for document_id in self._get_read_otherwise(answers.recipe)
            for step in self._reread(document_id, answers)
        ]
        with transaction(self.db):
            sources.mark_read_by(self.db, self.source.id, _name_reading(self.source))
        return kinds

    def _get_read_otherwise(self, wanted: str) -> tuple[str, ...]:
        found = versions.get_documents_read_otherwise(self.db, self.source.id, wanted)
        current = versions.find_current(self.db, self.source.id)
        if current and current.document_id not in found and not self.source.is_feed:
            read_from = [resource_id for resource_id, _ in versions.get_snapshots(self.db, current.id)]
            declared = [resource.id for resource in sources.get_resources(self.db, self.source.id)]
            return found if read_from == declared else (*found, current.document_id)
        return found

    def _reread(self, document_id: str, answers: Answers) -> list[Step]:
        current = versions.find_current(self.db, document_id)
        baseline_id = changes.find_baseline_version(self.db, document_id)
        if current is None or baseline_id is None:  # nobody was told of it yet: the next answer is read as it is now
            return []
        stored = {version_id: versions.get_version(self.db, version_id) for version_id in (baseline_id, current.id)}
        texts = {key: text for key, each in stored.items() if (text := self._read_anew(each, answers))}
        if len(texts) < len(stored):
            log.info("text cannot be read anew", document=document_id, recipe=answers.recipe)
            return []
        try:
            for key, each in stored.items():
                answers.check_read_anew(each.blocks, texts[key].blocks)
        except ExtractionError as error:
            self._reject(error)
            return []
        planned = self._plan(stored[baseline_id], current, texts)
        steps = [tag(self.db, step, self.source, self.tagger) for step in planned]
        with transaction(self.db):
            for key, each in stored.items():
                if texts[key].blocks == each.blocks:
                    versions.mark_read_alike(self.db, key, answers.recipe)
            write_steps(self.db, self.source, steps, answers.recipe, self.now)
        return steps

    def _reject(self, error: ExtractionError) -> None:
        resource = sources.get_resources(self.db, self.source.id)[0]
        with transaction(self.db):
            problems.open_rejection(self.db, resource.id, error, self.now)
        log.info("reading doubted", source=self.source.id, problem=str(error.problem))

    def _read_anew(self, version: Version, answers: Answers) -> Reading | None:
        snapshot_ids = self._get_snapshots(version)
        return answers.find_document(version.document_id, snapshot_ids) if snapshot_ids else None

    def _get_snapshots(self, version: Version) -> tuple[int, ...]:
        """The bytes of the text for the addresses of today, in their order; of a new one the last that were good.

        Empty where no address is the same.
        """
        old = dict(versions.get_snapshots(self.db, version.id))
        declared = sources.get_resources(self.db, self.source.id)
        if not any(resource.id in old for resource in declared):
            return ()
        found = (old.get(resource.id, resource.snapshot_id) for resource in declared)
        return tuple(snapshot_id for snapshot_id in found if snapshot_id)

    def _plan(self, baseline: Version, current: Version, texts: Mapping[int, Reading]) -> Iterator[Step]:
        """What is ours goes before what is theirs and still held."""
        old, new = texts[baseline.id], texts[current.id]
        if (old.blocks, new.blocks) == (baseline.blocks, current.blocks):
            return
        held = changes.find_held(self.db, baseline.document_id)
        judgement = None
        if held:
            judgement = compare(old.blocks, new.blocks, origin_of(self.source, new, held.detected_at))
            judgement = judgement and state(judgement, new, old.blocks)
        is_ours = old.blocks != baseline.blocks or judgement is None
        if is_ours:
            found = Sighting(changes.get_fetch_id(self.db, baseline.id), self.now)
            ours = quiet(ChangeKind.RE_EXTRACTED, READ_ANEW)
            yield Step(old, ours, self._get_snapshots(baseline), found, baseline.observed_at, current.id)
        if held and judgement:
            yield Step(
                new,
                judgement,
                self._get_snapshots(current),
                Sighting(held.fetch_id, held.detected_at),
                current.observed_at,
                baseline.id,
                follows=is_ours,
                hold_until=held.hold_until if judgement.kind in TOLD_KINDS else None,
                returns_to=held.returns_to,
            )


def _name_reading(source: Source) -> str:
    """Extractor, selectors and addresses: what a text depends on besides its bytes."""
    return f"{recipe(source.kind, source.select, source.remove)} of {' '.join(source.urls)}"
