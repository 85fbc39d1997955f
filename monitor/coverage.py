"""What is watched and what is not: each declared Source with its standing now, and where the gaps are.

Does not do: reading `sources.yaml` or the database, words and layout (`monitor.cli.coverage`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.sources import next_due

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.model import Audience, Problem, Source
    from monitor.sources import Declared

GRACE = timedelta(days=1)
"""A Source that is due for longer than this is late: a machine that slept over night is no reason to worry."""


class Standing(StrEnum):
    """What can be said to whoever asks whether a Source is watched. Each has one."""

    WATCHED = "watched"
    """It was read when it was last asked."""
    LATE = "late"
    """It was read once, and is overdue since: nobody asks, or nobody reads what arrives."""
    BLIND = "blind"
    """A Problem is open, and nothing can be read."""
    UNREAD = "unread"
    """It is on, and was never read yet."""
    OFF = "off"


SEEING = frozenset({Standing.WATCHED, Standing.LATE, Standing.UNREAD})
"""Those from which a Change can be expected to be told."""


class Cause(StrEnum):
    """Why a Source is off."""

    PACK = "pack"
    NOTE = "note"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class WhyOff:
    cause: Cause
    detail: str
    """Id of the pack, or the note; "" where there is neither."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One Source and how it stands."""

    source: Source
    standing: Standing
    answered_at: datetime | None
    """When it was last read as a whole, each of its addresses; None = never."""
    problems: tuple[Problem, ...] = ()
    """What is open of it, also where it is read all the same."""
    why_off: WhyOff | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something of which a Change would be missed, or would be if one more Source failed."""

    audience: str | None
    """Name of the Audience that wants to hear of it; None = nobody in particular."""
    jurisdiction: str | None
    topic: str | None
    sources: tuple[Covered, ...]
    """All that are declared for it: at most one of them is SEEING."""


@dataclass(frozen=True, slots=True)
class Coverage:
    at: datetime
    sources: tuple[Covered, ...]
    """In the order of `sources.yaml`."""
    topics: tuple[str, ...]
    """Those that are looked at, by their names."""
    gaps: tuple[Gap, ...]


def take_stock(
    declared: Declared, answered: Mapping[str, datetime], problems: Iterable[Problem], now: datetime
) -> Coverage:
    """How each declared Source stands: `answered` has when each was last read, `problems` what is open now."""
    open_now: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        open_now[problem.source_id].append(problem)
    packs_off = frozenset(pack.id for pack in declared.packs if not pack.enabled)
    found = tuple(
        _cover(source, answered.get(source.id), tuple(open_now[source.id]), packs_off, now)
        for source in declared.sources
    )
    return Coverage(now, found, _get_topics(found), tuple(_iter_gaps(found, declared.audiences)))


def _cover(
    source: Source,
    answered_at: datetime | None,
    problems: tuple[Problem, ...],
    packs_off: frozenset[str],
    now: datetime,
) -> Covered:
    if not source.enabled:
        return Covered(source, Standing.OFF, answered_at, why_off=_say_why_off(source, packs_off))
    return Covered(source, _judge(source, answered_at, problems, now), answered_at, problems)


def _say_why_off(source: Source, packs_off: frozenset[str]) -> WhyOff:
    if source.pack in packs_off:
        return WhyOff(Cause.PACK, source.pack or "")
    return WhyOff(Cause.NOTE, source.note) if source.note else WhyOff(Cause.UNSAID, "")


def _judge(source: Source, answered_at: datetime | None, problems: Sequence[Problem], now: datetime) -> Standing:
    if any(each.is_blind for each in problems):
        return Standing.BLIND
    if answered_at is None:
        return Standing.UNREAD
    return Standing.LATE if next_due(source.every, answered_at) + GRACE < now else Standing.WATCHED


def narrow(
    coverage: Coverage, *, jurisdiction: str | None = None, topic: str | None = None, pack: str | None = None
) -> Coverage:
    """Only the Sources of this jurisdiction and its regions, of this topic, of this pack; and the gaps they are in."""
    if jurisdiction is None and topic is None and pack is None:
        return coverage
    chosen = tuple(
        each
        for each in coverage.sources
        if (jurisdiction is None or is_within(each.source.jurisdiction, jurisdiction))
        and (topic is None or topic in each.source.topics)
        and (pack is None or each.source.pack == pack)
    )
    ids = {each.source.id for each in chosen}
    gaps = tuple(gap for gap in coverage.gaps if any(each.source.id in ids for each in gap.sources))
    return replace(coverage, sources=chosen, gaps=gaps, topics=(topic,) if topic else _get_topics(chosen))


def is_within(jurisdiction: str, wanted: str) -> bool:
    """Whether it is this jurisdiction or a region of it, as US-CA is of US."""
    return wanted in {jurisdiction, jurisdiction.partition("-")[0]}


def count_standings(sources: Iterable[Covered]) -> Counter[Standing]:
    return Counter(each.standing for each in sources)


def cross(sources: Iterable[Covered]) -> dict[tuple[str, str], list[Covered]]:
    """The Sources of each jurisdiction and topic; one with two topics stands at both."""
    cells: dict[tuple[str, str], list[Covered]] = defaultdict(list)
    for each in sources:
        for topic in each.source.topics:
            cells[each.source.jurisdiction, topic].append(each)
    return cells


def group_off(sources: Iterable[Covered]) -> dict[WhyOff, list[Covered]]:
    """What is off, by its reason: packs first, then by how many."""
    groups: dict[WhyOff, list[Covered]] = defaultdict(list)
    for each in sources:
        if each.why_off:
            groups[each.why_off].append(each)
    causes = list(Cause)
    ranked = sorted(groups.items(), key=lambda group: (causes.index(group[0].cause), -len(group[1])))
    return dict(ranked)


def _get_topics(sources: Iterable[Covered]) -> tuple[str, ...]:
    return tuple(sorted({topic for each in sources for topic in each.source.topics}))


def _iter_gaps(sources: Sequence[Covered], audiences: Iterable[Audience]) -> Iterator[Gap]:
    """What audiences want and nobody sees, then what nobody sees, then topics that a single Source tells of."""
    for audience in audiences:
        for jurisdiction, topic, found in _iter_wanted(sources, audience):
            if not _get_seeing(found):
                yield Gap(audience.name, jurisdiction, topic, found)
    for jurisdiction in dict.fromkeys(each.source.jurisdiction for each in sources):
        found = tuple(each for each in sources if each.source.jurisdiction == jurisdiction)
        if not _get_seeing(found):
            yield Gap(None, jurisdiction, None, found)
    about = {topic: tuple(each for each in sources if topic in each.source.topics) for topic in _get_topics(sources)}
    for most in (0, 1):
        yield from (Gap(None, None, topic, found) for topic, found in about.items() if len(_get_seeing(found)) == most)


def _iter_wanted(
    sources: Iterable[Covered], audience: Audience
) -> Iterator[tuple[str | None, str | None, tuple[Covered, ...]]]:
    """Each jurisdiction and each topic that an Audience names, with the Sources that would tell it of that.

    One that names none wants to hear of whatever names it. What is global counts for a topic, and for no jurisdiction.
    """
    heard = [each for each in sources if not each.source.audience or audience.id in each.source.audience]
    on_topic = [each for each in heard if not audience.topics or set(audience.topics) & set(each.source.topics)]
    for jurisdiction in audience.jurisdictions:
        yield jurisdiction, None, tuple(each for each in on_topic if is_within(each.source.jurisdiction, jurisdiction))
    places = {*audience.jurisdictions, "global"}
    near = [each for each in heard if not audience.jurisdictions or _reaches(places, each.source.jurisdiction)]
    for topic in audience.topics:
        yield None, topic, tuple(each for each in near if topic in each.source.topics)
    if not audience.jurisdictions and not audience.topics:
        yield None, None, tuple(heard)


def _reaches(places: Iterable[str], jurisdiction: str) -> bool:
    return any(is_within(jurisdiction, place) for place in places)


def _get_seeing(sources: Iterable[Covered]) -> list[Covered]:
    return [each for each in sources if each.standing in SEEING]
