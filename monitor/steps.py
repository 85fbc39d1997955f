"""What leads from the texts that are stored to the one that was read now: the Changes to be written, in order.

| The text that was read now                        | becomes                                                         |
|---------------------------------------------------|-----------------------------------------------------------------|
| the first of its Document                         | `first`; news, where it is an entry of a feed read before       |
| equal to the current one                          | nothing                                                         |
| other than the last confirmed one                 | what `compare` says, held until it is seen again                |
| equal to the last confirmed one, after a held one | `reverted`: nobody was told of what came between                |
| read in another way than the confirmed one        | `re-extracted`, and what differs from the old bytes read anew   |

"Another way" means other selectors, another extractor, or another list of addresses. Where the old bytes cannot be read
the new way, the old text itself is compared: better told once too often than a change of theirs taken for one of ours.

Does not do: reading bytes, matching SOPs, writing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.compare import compare, first, published, quiet
from monitor.model import TOLD_KINDS, ChangeKind
from monitor.store import changes, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.model import Block, Impact, Judgement, Source
    from monitor.store import Database
    from monitor.store.fetches import PendingFetch
    from monitor.store.versions import Version

HOLD = timedelta(hours=1)
"""How long a new text must stand before it is told: returning texts return after hours, deploys after minutes."""
LONGEST_HOLD = timedelta(days=1)
"""A document that has differed from its last confirmed text for this long is told, however often it changes again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one Document says now."""

    id: str
    identity: str
    url: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one Resource says now: one Reading, or for a feed one for each entry."""

    resource_id: int
    snapshot_id: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """What one crawl brought of a Source, read."""

    source: Source
    recipe: str
    parts: tuple[Part, ...]
    read: Mapping[int, Sequence[PendingFetch]]
    """By Resource, the Fetches that were read; several where an interrupted crawl had brought the same bytes before."""

    @property
    def found(self) -> PendingFetch:
        """The Fetch with which all of it had been seen once. Only a later one can confirm it."""
        return max((same[0] for same in self.read.values()), key=lambda fetch: fetch.id)

    @property
    def is_partial(self) -> bool:
        return any(same[-1].partial for same in self.read.values())

    @property
    def snapshot_ids(self) -> tuple[int, ...]:
        return tuple(part.snapshot_id for part in self.parts)

    def readings(self) -> tuple[Reading, ...]:
        """The Documents: all entries of a feed, or one text of all parts."""
        if self.source.is_feed:
            return self.parts[0].readings
        return (combine([part.readings[0] for part in self.parts]),)


@dataclass(frozen=True, slots=True)
class Step:
    """One new Version to be written, and the Change that leads to it."""

    reading: Reading
    judgement: Judgement
    snapshot_ids: tuple[int, ...]
    from_version_id: int | None = None
    follows: bool = False
    """The Change starts at the Version of the step before, instead of `from_version_id`."""
    hold_until: datetime | None = None
    impacts: tuple[Impact, ...] = ()


def combine(readings: Sequence[Reading]) -> Reading:
    """Several addresses as one text, in their order."""
    return replace(readings[0], blocks=tuple(block for each in readings for block in each.blocks))


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the steps for the Documents of one Round.

    `is_news`: an unknown Document is news. `reread` gives what old Snapshots say of a Document, read as it is done now;
    None where they cannot be read so.
    """

    db: Database
    round: Round
    is_news: bool
    reread: Callable[[str, Sequence[int]], Reading | None]

    def plan(self, reading: Reading) -> Iterator[Step]:
        """The steps from what is stored to `reading`, each with how long it must stand before it is told."""
        for step in self._plan(reading):
            told = step.judgement.kind in TOLD_KINDS
            yield replace(step, hold_until=_hold_until(self.db, self.round, step)) if told else step

    def _plan(self, reading: Reading) -> Iterator[Step]:
        current = versions.find_current(self.db, reading.id)
        if current is not None and current.blocks == reading.blocks:
            return
        baseline_id = changes.find_baseline_version(self.db, reading.id)
        if current is None or baseline_id is None:  # unknown, or nobody was told of it yet
            judgement = published(reading.blocks, reading.title) if self.is_news else first(reading.blocks)
            yield Step(reading, judgement, self.round.snapshot_ids)
            return
        baseline = versions.get_version(self.db, baseline_id)
        if _is_read_alike(self.db, self.round, baseline):
            yield self._plan_next(reading, baseline, current)
        else:
            yield from self._plan_read_anew(reading, baseline, current)

    def _plan_next(self, reading: Reading, baseline: Version, current: Version) -> Step:
        judgement = compare(baseline.blocks, reading.blocks)
        if judgement is None:
            return self._plan_return(reading, baseline, current)
        twin = versions.find_twin(self.db, reading.id, reading.blocks)
        if twin and judgement.kind in TOLD_KINDS:
            judgement = _because(f"returns to the text of {twin.observed_at:%Y-%m-%d}", judgement)
        return Step(reading, judgement, self.round.snapshot_ids, baseline.id)

    def _plan_return(self, reading: Reading, baseline: Version, current: Version) -> Step:
        reason = f"back to the text of {baseline.observed_at:%Y-%m-%d} before it was told"
        return Step(reading, quiet(ChangeKind.REVERTED, reason), self.round.snapshot_ids, current.id)

    def _plan_read_anew(self, reading: Reading, baseline: Version, current: Version) -> Iterator[Step]:
        """Other selectors give another text: ours to know, not theirs to be told of."""
        old_snapshots = _find_old_snapshots(self.db, self.round, baseline)
        old = self.reread(reading.id, old_snapshots) if old_snapshots else None
        judgement = compare((old or baseline).blocks, reading.blocks)
        if old is None:
            if judgement:
                because = _because("read in another way now", judgement)
                yield Step(reading, because, self.round.snapshot_ids, baseline.id)
            return
        is_new = old.blocks != baseline.blocks
        if is_new:
            ours = quiet(ChangeKind.RE_EXTRACTED, "read in another way: selectors, addresses or the extractor changed")
            yield Step(old, ours, old_snapshots, current.id)
        if judgement:
            yield Step(reading, judgement, self.round.snapshot_ids, baseline.id, follows=is_new)
        elif not is_new:
            yield self._plan_return(reading, baseline, current)


def _is_read_alike(db: Database, round_: Round, version: Version) -> bool:
    if version.recipe != round_.recipe:
        return False
    resources = [resource_id for resource_id, _ in versions.get_snapshots(db, version.id)]
    return resources == [part.resource_id for part in round_.parts]


def _find_old_snapshots(db: Database, round_: Round, version: Version) -> tuple[int, ...]:
    """The bytes of the old text for the addresses of today: what is new among them counts as it is now.

    Empty where no address is the same.
    """
    old = dict(versions.get_snapshots(db, version.id))
    if not any(part.resource_id in old for part in round_.parts):
        return ()
    return tuple(old.get(part.resource_id, part.snapshot_id) for part in round_.parts)


def _hold_until(db: Database, round_: Round, step: Step) -> datetime | None:
    """None = told at once."""
    hold = round_.source.hold
    if hold is None:
        hold = timedelta(0) if round_.source.is_feed else HOLD
    at = round_.found.at
    if round_.is_partial:  # perhaps cut short: nothing is believed before a second look
        return at + (hold or HOLD)
    since = changes.find_held_since(db, step.reading.id, step.from_version_id) if step.from_version_id else None
    if not hold or (since and at - since >= LONGEST_HOLD):
        return None
    return at + hold


def _because(reason: str, judgement: Judgement) -> Judgement:
    return replace(judgement, reason=f"{reason}: {judgement.reason}")
