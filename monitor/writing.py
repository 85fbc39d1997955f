"""Writing a Step: its Version, its Change and what belongs to them, inside the caller's transaction.

Does not do: planning Steps (`monitor.steps`), reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from monitor.alternation import note_alternation
from monitor.compare.kinds import RULES
from monitor.impact import MATCHER
from monitor.store import changes, impacts, versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.model import Source
    from monitor.steps import Step
    from monitor.store import Database
    from monitor.tagging import Tagger

log = structlog.get_logger()


def tag(db: Database, step: Step, source: Source, tagger: Tagger) -> Step:
    """With the SOP sections that it touches, for what is told."""
    if not step.is_told:
        return step
    reading = step.reading
    return replace(step, impacts=tagger.tag(db, step.judgement, source, reading.id, reading.language))


def write_steps(db: Database, source: Source, steps: Sequence[Step], recipe: str, now: datetime) -> None:
    """The Steps in their order. What was held of their Documents is superseded."""
    version_id = None
    for step in steps:
        from_id = version_id if step.follows else step.from_version_id
        version_id = _write_version(db, source, step, recipe)
        _write_change(db, step, from_id, version_id, now)
        log.info("change recorded", document=step.reading.id, kind=str(step.judgement.kind))


def _write_version(db: Database, source: Source, step: Step, recipe: str) -> int:
    reading = step.reading
    versions.declare_document(
        db,
        reading.id,
        source_id=source.id,
        identity=reading.identity,
        url=reading.url,
        title=reading.title,
        now=step.observed_at,
    )
    return versions.add_version(
        db,
        reading.id,
        title=reading.title,
        blocks=reading.blocks,
        recipe=recipe,
        observed_at=step.observed_at,
        snapshot_ids=step.snapshot_ids,
    )


def _write_change(db: Database, step: Step, from_id: int | None, version_id: int, now: datetime) -> None:
    reading = step.reading
    changes.supersede_provisional(db, reading.id)
    change_id = changes.add_change(
        db,
        document_id=reading.id,
        from_version_id=from_id,
        to_version_id=version_id,
        judgement=step.judgement,
        fetch_id=step.found.fetch_id,
        detected_at=step.found.at,
        hold_until=step.hold_until,
        rules=RULES,
        now=now,
        returns_to=step.returns_to,
    )
    if step.is_told:
        impacts.add_impacts(db, change_id, step.impacts, MATCHER)
    if step.is_alternation:
        resource_id = versions.get_snapshots(db, version_id)[0][0]
        note_alternation(db, reading.id, title=reading.title, resource_id=resource_id, at=step.found.at)
