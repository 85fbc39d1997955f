"""What would be tagged if it had always been matched as it is now, or with other weights: known before they go live.

Every Change that people were told of is matched again, with the SOPs as they are now, and compared with the Impacts as
stored. What was decided about the Change itself, and the links that came of it, are left out: they would bring back
whatever people confirmed, and hide what the matcher loses. Decisions about other Changes count, earlier or later.

The weights that are tried may be those that people's own decisions ask for: the live ones, recalibrated.

Does not do: changing stored Impacts, matching itself and fitting (`monitor.impact`).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Any

from monitor.errors import NotFoundError
from monitor.impact import MATCHER, Asked, Memory, build_index, match
from monitor.impact.calibration import LEAST_DECISIONS, SITUATIONS, recalibrate, to_odds, to_probability
from monitor.language import find_language
from monitor.model import Verdict
from monitor.store import transaction
from monitor.store.changes import iter_changes
from monitor.store.decisions import OPEN, get_decisions, get_standings, iter_decided, was_match_right
from monitor.store.impacts import get_decided_about, get_impacts
from monitor.store.links import get_links
from monitor.store.matchers import add_weights, find_live

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.impact import Meaning, Weights
    from monitor.impact.memory import Decided
    from monitor.model import Change, Impact, Sop, Source
    from monitor.store import Database


@dataclass(frozen=True, slots=True)
class Tag:
    """One Section that is tagged now or would be, but not both."""

    section_id: str
    before: float | None
    """Probability as stored; None = it would be added."""
    after: float | None
    """Probability as it would be; None = it would be lost."""
    verdict: Verdict | None
    """What a person said of it, if anybody did."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One Change matched again, with the tags that would differ, the most probable first."""

    change: Change
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a replay says, in numbers."""

    changes: int
    added: int
    lost: int
    lost_confirmed: int
    """Tags that would be lost although a person confirmed them: a warning."""
    added_confirmed: int
    """Tags that people had to add themselves, and that would be found now."""
    added_rejected: int
    """Tags that a person rejected, gone since, and that would be back: a warning too."""


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """The live weights, with the intercepts that fit what people decided about their tags."""

    named: Mapping[str, Any]
    """What differs from the shipped weights, as `Weights.of` reads it."""
    decisions: int
    shown: float
    """The mean of the probabilities with which these tags were shown,"""
    right: float
    """the share of them that were right,"""
    now: float
    """and the mean of the probabilities with which they would be shown."""


def recalibrate_live(db: Database) -> Recalibrated:
    """By every decision that stands about a tag which the live weights, and this version of the matcher, had given.

    Raises NotFoundError where there are fewer than `LEAST_DECISIONS`, ConfigurationError as `Weights.of`.
    """
    live = find_live(db)
    judged = [each for tags in get_decided_about(db, MATCHER, live.since).items() for each in _judge(db, *tags)]
    if len(judged) < LEAST_DECISIONS:
        raise NotFoundError(
            f"There are {len(judged)} decisions about tags that the weights in use have given, and {LEAST_DECISIONS} "
            "are needed to recalibrate them: fewer say more of chance than of your procedures. Decide about more tags "
            "with monitor triage."
        )
    fitted = recalibrate(live.weights, judged)
    biases = {name: round(getattr(fitted, name).bias, 3) for name in SITUATIONS}
    shift = fitted.joined.bias - live.weights.joined.bias
    return Recalibrated(
        {**live.named, **{name: {**live.named.get(name, {}), "bias": bias} for name, bias in biases.items()}},
        decisions=len(judged),
        shown=fmean(to_probability(odds) for odds, _ in judged),
        right=fmean(is_right for _, is_right in judged),
        now=fmean(to_probability(odds + shift) for odds, _ in judged),
    )


def _judge(db: Database, change_id: int, impacts: Sequence[Impact]) -> Iterator[tuple[float, bool]]:
    """The log-odds of each Impact that somebody decided about, and whether it was right: the Section is concerned.

    Whoever says that it is, but that nothing is to be done, says so too.
    """
    standings = get_standings(get_decisions(db, change_id), {each.section_id: each.probability for each in impacts})
    for each in impacts:
        decision = standings.get(each.section_id, OPEN).decision
        if decision:
            is_right = decision.verdict is Verdict.CONFIRMED or was_match_right(decision.reason)
            yield to_odds(each.probability), is_right


def iter_replayed(
    db: Database, sources: Mapping[str, Source], sops: Sequence[Sop], meaning: Meaning | None, weights: Weights
) -> Iterator[Replayed]:
    """Every told Change of these Sources, by their ids, in the order they were detected.

    A Section that is no more in `sops` counts as neither lost nor kept.
    """
    index = build_index(sops)
    known = {section.id for sop in sops for section in sop.sections}
    decided = list(iter_decided(db))
    memory = Memory([each for _, each in decided])
    own = {change_id for change_id, _ in decided}
    for change in iter_changes(db):
        if change.source_id in sources:
            remembered = _forget(decided, change.id) if change.id in own else memory
            asked = _ask(db, change, sources[change.source_id])
            found = match(asked, index, meaning, remembered, weights=weights)
            stored = [each for each in get_impacts(db, change.id) if each.section_id in known]
            yield Replayed(change, _compare(db, change.id, stored, found))


def _forget(decided: Iterable[tuple[int, Decided]], change_id: int) -> Memory:
    """All but what was decided about this Change."""
    return Memory([each for about, each in decided if about != change_id])


def _ask(db: Database, change: Change, source: Source) -> Asked:
    words = "\n".join(each.after or each.before for each in change.judgement.passages)
    return Asked(
        change.judgement,
        source_id=source.id,
        topics=source.topics,
        jurisdiction=source.jurisdiction,
        language=find_language(words),
        links=tuple(each for each in get_links(db, change.document_id) if each.since_at < change.detected_at),
    )


def _compare(db: Database, change_id: int, stored: Sequence[Impact], found: Sequence[Impact]) -> tuple[Tag, ...]:
    before = {each.section_id: each.probability for each in stored}
    after = {each.section_id: each.probability for each in found}
    differ = before.keys() ^ after.keys()
    standings = get_standings(get_decisions(db, change_id), before) if differ else {}
    tags = (Tag(each, before.get(each), after.get(each), standings.get(each, OPEN).verdict) for each in differ)
    return tuple(sorted(tags, key=lambda each: (-(each.before or each.after or 0.0), each.section_id)))


def sum_up(replayed: Sequence[Replayed]) -> Totals:
    tags = [tag for each in replayed for tag in each.tags]
    added = [each.verdict for each in tags if each.before is None]
    lost = [each.verdict for each in tags if each.after is None]
    return Totals(
        changes=len(replayed),
        added=len(added),
        lost=len(lost),
        lost_confirmed=lost.count(Verdict.CONFIRMED),
        added_confirmed=added.count(Verdict.CONFIRMED),
        added_rejected=added.count(Verdict.NOT_APPLICABLE),
    )


def adopt(db: Database, named: Mapping[str, object], *, by: str, note: str, now: datetime) -> None:
    """Make these weights live from now on; what was tagged before stays as it is."""
    with transaction(db):
        add_weights(db, named, by=by, note=note, at=now)
