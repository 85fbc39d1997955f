"""What leads from the texts that are stored to the one that was read now: the Changes to be written, in order.

| The text that was read now                        | becomes                                                         |
|---------------------------------------------------|-----------------------------------------------------------------|
| the first of its Document                         | `first`; news, where it is an entry of a feed read before       |
| equal to the current one                          | nothing                                                         |
| other than the last confirmed one                 | what `compare` says, held until it is seen again                |
| the held one but for what nobody is told of       | the same Change with the new text, held no longer than it was   |
| equal to the last confirmed one, after a held one | `reverted`: nobody was told of what came between                |
| the same entry of a feed, cut elsewhere           | `boilerplate`                                                   |
| one that was confirmed before, in an unstable     | what `compare` says, held until the Document stands still       |
| Document (`monitor.alternation`)                  |                                                                 |
| read in another way than the confirmed one        | `re-extracted`, and what differs from the old bytes read anew   |

"Another way" means other selectors, another extractor, or another list of addresses. Where the old bytes cannot be read
the new way, the old text itself is compared: better told once too often than a change of theirs taken for one of ours.

Does not do: reading bytes, matching SOPs, writing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.alternation import SETTLED, WINDOW, is_habit
from monitor.compare.kinds import compare, first, published, quiet
from monitor.compare.summary import LENGTH, shorten
from monitor.feeds.excerpts import is_same_text_cut
from monitor.model import PUBLISHER_KINDS, TOLD_KINDS, ChangeKind, Origin, Severity
from monitor.store import changes, versions
from monitor.store.deadlines import WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from monitor.model import Block, DateMention, Impact, Judgement, Source
    from monitor.store import Database
    from monitor.store.changes import Held
    from monitor.store.fetches import PendingFetch
    from monitor.store.versions import Version

HOLD = timedelta(hours=1)
"""How long a new text must stand before it is told: returning texts return after hours, deploys after minutes."""
LONGEST_HOLD = timedelta(days=1)
"""A document that has differed from its last confirmed text for this long is told, however often it changes again."""
KNOWN_TEXTS = 6
"""Of so many texts that stood lately a new one may differ in what nobody is told of, and be one of them come back."""
AHEAD = timedelta(days=1)
"""By so much may the day of a publisher be ahead of ours."""
CUT_ELSEWHERE = "the feed gives more or less of the same text than before"
READ_ANEW = "read in another way: selectors, addresses or the extractor changed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one Document says now."""

    id: str
    identity: str
    url: str
    title: str
    blocks: tuple[Block, ...]
    language: str = ""
    published_on: date | None = None
    """As the publisher says; only entries do, as in the next two."""
    dates: tuple[DateMention, ...] = ()
    withdrawal: str = ""
    page_letters: int = 0
    """Of the whole page that it is a part of; 0 = it is of none."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one Resource says now: one Reading, or for a feed one for each entry."""

    resource_id: int
    snapshot_id: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The attempt that found a text first. Only a later one can confirm it."""

    fetch_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """What one crawl brought of a Source, read."""

    source: Source
    recipe: str
    parts: tuple[Part, ...]
    read: Mapping[int, Sequence[PendingFetch]]
    """By Resource, the Fetches that were read; several where an interrupted crawl had brought the same bytes before."""

    @property
    def found(self) -> Sighting:
        """The Fetch with which all of it had been seen once."""
        last = max((same[0] for same in self.read.values()), key=lambda fetch: fetch.id)
        return Sighting(last.id, last.at)

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
    found: Sighting
    observed_at: datetime
    """When the bytes of the text were seen first; `found` may be earlier, of a text that says the same."""
    from_version_id: int | None = None
    follows: bool = False
    """The Change starts at the Version of the step before, instead of `from_version_id`."""
    hold_until: datetime | None = None
    """None = told at once."""
    returns_to: int | None = None
    """The first Version with the text that came back; None = it was never seen before."""
    is_alternation: bool = False
    """One return too many: the Document is unstable."""
    impacts: tuple[Impact, ...] = ()

    @property
    def is_told(self) -> bool:
        return self.judgement.kind in TOLD_KINDS


def combine(readings: Sequence[Reading]) -> Reading:
    """Several addresses as one text, in their order."""
    return replace(readings[0], blocks=tuple(block for each in readings for block in each.blocks))


def origin_of(source: Source, reading: Reading, at: datetime) -> Origin:
    """By what the dates and laws of a text are read that was found `at` this time."""
    return Origin(published=at.date(), region=source.jurisdiction, language=reading.language)


def state(judgement: Judgement, reading: Reading, before: Sequence[Block] = ()) -> Judgement:
    """The judgement of a text, with what its publisher states as data and did not state in the text `before`.

    A date that is stated is never quiet, whatever the words look like. Nor is a withdrawal, which comes first of all.
    What is withdrawn has no dates but those that are stated: its words say until when it was to hold.
    """
    known = {block.text for block in before}
    dates = [each for each in reading.dates if each.sentence not in known]
    stated = replace(judgement, dates=_join_dates(dates, () if reading.withdrawal else judgement.dates))
    if reading.withdrawal and reading.withdrawal not in known:
        summary = shorten(f"Withdrawn: {reading.title}", LENGTH)
        severity = Severity.MEDIUM if judgement.severity is Severity.LOW else judgement.severity
        stated = replace(stated, reason=f"{WITHDRAWN}{stated.reason}", summary=summary, severity=severity)
        return replace(stated, kind=ChangeKind.SUBSTANTIVE)
    return replace(stated, kind=ChangeKind.SUBSTANTIVE) if dates else stated


def _join_dates(stated: Sequence[DateMention], found: Sequence[DateMention]) -> tuple[DateMention, ...]:
    """The stated dates, with what is known of the same dates from the words; then the others that were found there."""
    by_date = {(each.kind, each.date): each for each in found}
    moved = {key: each.moved_from for key, each in by_date.items()}
    joined = [replace(each, moved_from=each.moved_from or moved.get((each.kind, each.date))) for each in stated]
    return (*joined, *(each for key, each in by_date.items() if key not in {(d.kind, d.date) for d in stated}))


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the steps for the Documents of one Round.

    An unknown Document is news from `news_since` on, by the day it gives, or where it gives none; None = it never is.
    `reread` gives what old Snapshots say of a Document, read as it is done now; None where they cannot be read so.
    """

    db: Database
    round: Round
    news_since: date | None
    reread: Callable[[str, Sequence[int]], Reading | None]

    def plan(self, reading: Reading) -> Iterator[Step]:
        """The steps from what is stored to `reading`, each with how long it must stand before it is told."""
        for step in self._plan(reading):
            yield self._hold(step)

    def _hold(self, step: Step) -> Step:
        if step.found != self.round.found:  # the held text but for what nobody is told of: as it was held
            return step
        is_alternation = step.returns_to is not None and is_habit(self.db, step.reading.id, step.found.at)
        watched = replace(step, is_alternation=is_alternation)
        return replace(watched, hold_until=self._hold_until(watched)) if step.is_told else watched

    def _plan(self, reading: Reading) -> Iterator[Step]:
        current = versions.find_current(self.db, reading.id)
        if current is not None and current.blocks == reading.blocks:
            return
        baseline_id = changes.find_baseline_version(self.db, reading.id)
        if current is None or baseline_id is None:  # unknown, or nobody was told of it yet
            yield self._plan_unknown(reading, current)
            return
        baseline = versions.get_version(self.db, baseline_id)
        if _is_read_alike(self.db, self.round, baseline):
            yield self._plan_next(reading, baseline, current)
        else:
            yield from self._plan_read_anew(reading, baseline, current)

    def _step(self, reading: Reading, judgement: Judgement, from_id: int | None = None) -> Step:
        found = self.round.found
        return Step(reading, judgement, self.round.snapshot_ids, found, found.at, from_id)

    def _origin(self, reading: Reading) -> Origin:
        return origin_of(self.round.source, reading, self.round.found.at)

    def _plan_unknown(self, reading: Reading, current: Version | None) -> Step:
        """An entry that is held as news stays news."""
        held = changes.find_held(self.db, reading.id)
        if not held and not self._is_news(reading):
            return self._step(reading, first(reading.blocks))
        origin = self._origin(reading)
        dated = replace(origin, published=self._find_day(reading))
        step = self._step(reading, state(published(reading.blocks, reading.title, dated), reading))
        return _as_held(step, held) if held and current and _tells_nothing(current, reading) else step

    def _find_day(self, reading: Reading) -> date:
        """When it was published; a day to come is a mistake, or of what it announces."""
        today = self.round.found.at.date()
        day = reading.published_on or today
        return day if day <= today + AHEAD else today

    def _is_news(self, reading: Reading) -> bool:
        since = self.news_since
        return since is not None and (reading.published_on or since) >= since

    def _plan_next(self, reading: Reading, baseline: Version, current: Version) -> Step:
        judgement = compare(baseline.blocks, reading.blocks, self._origin(reading))
        if judgement is None:
            return self._plan_return(reading, baseline, current)
        judgement = state(judgement, reading, baseline.blocks)
        if self._may_be_cut and is_same_text_cut(baseline.blocks, reading.blocks):
            judgement = quiet(ChangeKind.BOILERPLATE, CUT_ELSEWHERE)
        step = self._step(reading, judgement, baseline.id)
        if not step.is_told:
            return step
        held = changes.find_held(self.db, reading.id)
        if held and _tells_nothing(current, reading):
            return self._name_return(_as_held(step, held))
        return self._name_return(replace(step, returns_to=self._find_return(reading)))

    @property
    def _may_be_cut(self) -> bool:
        """Feeds give more or less of a text from one poll to the next; an interface means what it adds or drops."""
        source = self.round.source
        return source.is_feed and source.kind not in PUBLISHER_KINDS

    def _find_return(self, reading: Reading) -> int | None:
        """The first Version with this text, or with one that differs only in what nobody is told of."""
        known = versions.find_twin(self.db, reading.id, reading.blocks) or self._find_alike(reading)
        return changes.get_origin(self.db, known.id) if known else None

    def _find_alike(self, reading: Reading) -> Version | None:
        since = self.round.found.at - WINDOW
        recent = versions.get_recent_texts(self.db, reading.id, since, KNOWN_TEXTS)
        return next((each for each in recent if _tells_nothing(each, reading)), None)

    def _name_return(self, step: Step) -> Step:
        if step.returns_to is None:
            return step
        seen_at = versions.get_version(self.db, step.returns_to).observed_at
        return replace(step, judgement=_because(f"returns to the text of {seen_at:%Y-%m-%d}", step.judgement))

    def _plan_return(self, reading: Reading, baseline: Version, current: Version) -> Step:
        reason = f"back to the text of {baseline.observed_at:%Y-%m-%d} before it was told"
        step = self._step(reading, quiet(ChangeKind.REVERTED, reason), current.id)
        return replace(step, returns_to=self._find_return(reading))

    def _plan_read_anew(self, reading: Reading, baseline: Version, current: Version) -> Iterator[Step]:
        """Other selectors give another text: ours to know, not theirs to be told of."""
        old_snapshots = _find_old_snapshots(self.db, self.round, baseline)
        old = self.reread(reading.id, old_snapshots) if old_snapshots else None
        judgement = compare((old or baseline).blocks, reading.blocks, self._origin(reading))
        judgement = judgement and state(judgement, reading, (old or baseline).blocks)
        if old is None:
            if judgement:
                yield self._step(reading, _because("read in another way now", judgement), baseline.id)
            return
        is_new = old.blocks != baseline.blocks
        if is_new:
            ours = self._step(old, quiet(ChangeKind.RE_EXTRACTED, READ_ANEW), current.id)
            yield replace(ours, snapshot_ids=old_snapshots)
        if judgement:
            yield replace(self._step(reading, judgement, baseline.id), follows=is_new)
        elif not is_new:
            yield self._plan_return(reading, baseline, current)

    def _hold_until(self, step: Step) -> datetime | None:
        source, at = self.round.source, step.found.at
        hold = source.hold
        if hold is None:
            hold = timedelta(0) if source.is_feed else HOLD
        longest = LONGEST_HOLD
        if self.round.is_partial:  # perhaps cut short: it is not believed before a second look
            hold = hold or HOLD
        if step.is_alternation and step.returns_to and changes.was_confirmed(self.db, step.returns_to):
            hold = longest = max(hold, SETTLED)
        since = changes.find_held_since(self.db, step.reading.id, step.from_version_id)
        if not hold or (since and at - since >= longest):
            return None
        return at + hold


def _tells_nothing(before: Version, reading: Reading) -> bool:
    """Whether nobody would be told of the difference."""
    judgement = compare(before.blocks, reading.blocks)
    return judgement is None or judgement.kind not in TOLD_KINDS


def _as_held(step: Step, held: Held) -> Step:
    """The same Change with another text: it was found when that one was, and is held no longer."""
    found = Sighting(held.fetch_id, held.detected_at)
    return replace(step, found=found, hold_until=held.hold_until, returns_to=held.returns_to)


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


def _because(reason: str, judgement: Judgement) -> Judgement:
    return replace(judgement, reason=f"{reason}: {judgement.reason}")
