"""The inbox as people go through it: what waits to be decided, what is in hand, what was put off, what was decided.

The same Change in several Documents of a publisher is one group, which is read and decided at once. A page is so many
groups; nothing is counted or read that is not on it, apart from the numbers beside the filters.

Does not do: finding Changes (`monitor.store.inbox`), addresses and filters as links (`monitor.web.desk.inbox`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from digests import quotes
from digests.grouping import MOST, SPAN
from digests.words import day
from monitor.compare.alignment.words import MAX_REMEMBERED
from monitor.language import find_language
from monitor.model import ChangeKind
from monitor.store.coverage import count_quiet, get_readings
from monitor.store.flagged import get_flagged
from monitor.store.inbox import (
    count_in_hand,
    count_waiting,
    get_fingerprint,
    get_names,
    get_same,
    iter_decided,
    iter_in_hand,
    iter_waiting,
)
from monitor.store.items import get_decided, get_items_in_hand
from monitor.store.problems import get_open
from monitor.undoing import find_last

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from digests.quotes import Quote
    from monitor.model import Decision, OpenItem
    from monitor.store import Database
    from monitor.store.flagged import Flagged
    from monitor.store.inbox import Counts, Place, Wanted

Thing = TypeVar("Thing")

PAGE = 30
"""Groups on one page: what a specialist goes through in the morning."""
AHEAD = 1_000
"""Groups among which the one before and after a Change are looked for."""
_CHUNK = 4 * PAGE
"""Changes of which it is found out at once what is in hand: of many that somebody had, nothing is left to do."""
FEW = 300
"""Changes up to which it is counted as how many groups they are read."""
_WEEK = timedelta(days=7)


class Shown(StrEnum):
    """The lists."""

    TO_DECIDE = "to-decide"
    IN_HAND = "in-hand"
    PUT_OFF = "put-off"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a Change was decided."""

    decision: Decision
    """What confirmed or rejected it last, and still stands."""
    taken_back: tuple[int, ...]
    """The Decisions that go with it when it is taken back: all that were made at once; () = more was decided since."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is read and decided at once: one Change, or the same one in several Documents of a publisher."""

    lead: Flagged
    members: tuple[Flagged, ...]
    impacts: tuple[tuple[str, float], ...]
    """The Sections that any of them touches, as in `Flagged`."""
    quotes: tuple[Quote, ...]
    """The few words that changed; empty where a passage is too long to be looked through for them."""
    more: str
    """How many more passages there are, in words; "" = none."""
    items: tuple[OpenItem, ...] = ()
    """What is in hand of it."""
    language: str = ""
    """ISO 639-1, of the words that changed; "" = not known."""
    ruling: Ruling | None = None
    """Only of what was decided."""

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(each.change_id for each in self.members)

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.jurisdiction for each in self.members))


@dataclass(frozen=True, slots=True)
class Part:
    """A day of what waits or was decided, a term of what is in hand."""

    name: str
    publishers: tuple[tuple[str, tuple[Group, ...]], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How much is in each list."""

    counts: Counts
    """By filters of what is put off where that is shown, else of what waits."""
    in_hand: int
    overdue: int
    """Of what is in hand."""
    entries: int | None
    """As how many groups what waits is read; None where more than FEW Changes wait."""


@dataclass(frozen=True, slots=True)
class Calm:
    """Why nothing is there: what was read, and what was kept quiet within the last week."""

    sources: int
    """Read as a whole at least once, and not blind now."""
    since_at: datetime | None
    """Since then each of them was read; None = none ever was."""
    quiet: Mapping[str, int]
    """Kind → how many Changes; first looks are none."""


@dataclass(frozen=True, slots=True)
class Blind:
    """A Source that cannot be read."""

    source_id: str
    name: str
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of a list."""

    shown: Shown
    parts: tuple[Part, ...]
    tally: Tally
    page: int
    has_more: bool
    blind: tuple[Blind, ...]
    """What cannot be read, the longest first."""
    calm: Calm | None
    """Only where there is nothing at all."""

    @property
    def counts(self) -> Counts:
        return self.tally.counts

    @property
    def groups(self) -> tuple[Group, ...]:
        """In reading order."""
        return tuple(group for part in self.parts for _, groups in part.publishers for group in groups)


def get_inbox(db: Database, wanted: Wanted, now: datetime, *, shown: Shown = Shown.TO_DECIDE, page: int = 1) -> Inbox:
    """The page of this number, from 1; beyond the last one it is empty."""
    today, blind = now.date(), _get_blind(db)
    if shown is Shown.DECIDED:
        groups, has_more = _get_decided(db, wanted, today, page)
    elif shown is Shown.IN_HAND:
        groups, has_more = _get_in_hand(db, wanted, today, page)
    else:
        groups, has_more = _get_waiting(db, wanted, today, page, put_off=shown is Shown.PUT_OFF)
    name: Callable[[Group], str] = {
        Shown.TO_DECIDE: lambda group: _say_day(_find_day(group.lead), today),
        Shown.IN_HAND: lambda group: _say_term(group.items, today),
        Shown.PUT_OFF: lambda group: f"Back on {day(date.fromisoformat(group.lead.put_off_until or ''))}",
        Shown.DECIDED: lambda group: _say_day(group.ruling.decision.at.date(), today) if group.ruling else "",
    }[shown]
    calm = None if groups else _get_calm(db, now, {each.source_id for each in blind})
    tally = get_tally(db, wanted, today, shown=shown)
    return Inbox(shown, _arrange(groups, name), tally, page, has_more, blind, calm)


def get_tally(db: Database, wanted: Wanted, today: date, *, shown: Shown = Shown.TO_DECIDE) -> Tally:
    """As it is beside this list."""
    counts = count_waiting(db, wanted, today, put_off=shown is Shown.PUT_OFF)
    entries = sum(1 for _ in _gather(iter_waiting(db, wanted, today))) if counts.waiting <= FEW else None
    return Tally(counts, *count_in_hand(db, wanted, today), entries)


def find_beside(db: Database, wanted: Wanted, today: date, change_id: int) -> tuple[int | None, int | None]:
    """The Changes that lead the groups before and after the one with this Change, among what waits.

    Of one that does not wait (any more), none and the first. Beyond the first AHEAD groups it is not looked for.
    """
    lead = _find_lead(db, wanted, today, change_id)
    leads = (group[0].change_id for group in islice(_gather(iter_waiting(db, wanted, today)), AHEAD))
    before: int | None = None
    first: int | None = None
    for each in leads:
        if each == lead:
            return before, next(leads, None)
        before, first = each, first or each
    return None, first


def _find_lead(db: Database, wanted: Wanted, today: date, change_id: int) -> int:
    """The Change that leads the group with this one; itself where nothing is the same."""
    fingerprint = get_fingerprint(db, change_id)
    groups = list(_gather(get_same(db, wanted, today, [fingerprint]))) if fingerprint else []
    own = (group[0].change_id for group in groups if any(each.change_id == change_id for each in group))
    return next(own, change_id)


def _get_waiting(
    db: Database, wanted: Wanted, today: date, page: int, *, put_off: bool
) -> tuple[tuple[Group, ...], bool]:
    gathered = _gather(iter_waiting(db, wanted, today, put_off=put_off))
    leads, has_more = _cut(gathered, page)
    prints = {each[0].fingerprint for each in leads} - {""}
    same = list(_gather(get_same(db, wanted, today, prints, put_off=put_off))) if prints else []
    whole = {group[0].change_id: group for group in same}
    groups = [[each.change_id for each in whole.get(group[0].change_id, group)] for group in leads]
    return _make_groups(db, groups, today), has_more


def _get_in_hand(db: Database, wanted: Wanted, today: date, page: int) -> tuple[tuple[Group, ...], bool]:
    items, has_more = _cut(_iter_items(db, wanted, today), page)
    return _make_groups(db, [[each[0].change_id] for each in items], today, items), has_more


def _get_decided(db: Database, wanted: Wanted, today: date, page: int) -> tuple[tuple[Group, ...], bool]:
    rulings, has_more = _cut(([each] for each in _iter_rulings(db, wanted, today)), page)
    groups = _make_groups(db, [[each.decision.change_id] for (each,) in rulings], today)
    return tuple(replace(group, ruling=own) for group, (own,) in zip(groups, rulings, strict=True)), has_more


def _iter_rulings(db: Database, wanted: Wanted, today: date) -> Iterator[Ruling]:
    """What was taken back since is passed over."""
    for each in iter_decided(db, wanted, today):
        decided = get_decided(db, [each.change_id])[each.change_id]
        standing = [own.decision for own in (decided.whole, *decided.sections.values()) if own.decision]
        if standing:
            ruling, last = max(standing, key=attrgetter("id")), find_last(db, each.change_id)
            yield Ruling(ruling, tuple(one.id for one in last) if ruling in last else ())


def _iter_items(db: Database, wanted: Wanted, today: date) -> Iterator[tuple[OpenItem, ...]]:
    """Of one Change after another what is in hand of it, what is due first before the rest."""
    ids, names = iter_in_hand(db, wanted, today), {each.casefold() for each in wanted.owners}
    while chunk := tuple(islice(ids, _CHUNK)):
        found: dict[int, list[OpenItem]] = {each: [] for each in chunk}
        for item in get_items_in_hand(db, chunk, today):
            if not names or (item.assignee or "").casefold() in names:
                found[item.change_id].append(item)
        yield from (tuple(items) for items in found.values() if items)


def _cut(found: Iterator[Sequence[Thing]], page: int) -> tuple[list[Sequence[Thing]], bool]:
    """One page, and whether there is another one."""
    cut = list(islice(found, PAGE * (page - 1), PAGE * page + 1))
    return cut[:PAGE], len(cut) > PAGE


def _gather(places: Iterable[Place]) -> Iterator[list[Place]]:
    """Each group as soon as its first Change comes; what joins it later is added to the list that was given."""
    known: dict[tuple[str, str], list[list[Place]]] = {}
    for each in places:
        groups = known.setdefault((each.publisher, each.fingerprint), []) if each.fingerprint else []
        group = next((group for group in groups if len(group) < MOST and _is_near(group[0], each)), None)
        if group is None:
            groups.append([each])
            yield groups[-1]
        else:
            group.append(each)


def _is_near(one: Place, other: Place) -> bool:
    return abs(one.since_at - other.since_at) <= SPAN


def _make_groups(
    db: Database, ids: Sequence[Sequence[int]], today: date, items: Sequence[Sequence[OpenItem]] = ()
) -> tuple[Group, ...]:
    flagged = get_flagged(db, [each for group in ids for each in group], today, quotes.PASSAGES)
    own = items or [()] * len(ids)
    return tuple(
        _make_group([flagged[each] for each in group], tuple(in_hand)) for group, in_hand in zip(ids, own, strict=True)
    )


def _make_group(members: Sequence[Flagged], items: tuple[OpenItem, ...]) -> Group:
    lead, best = members[0], dict[str, float]()
    for name, probability in (impact for each in members for impact in each.impacts):
        best[name] = max(best.get(name, 0.0), probability)
    is_short = all(len(each.before) + len(each.after) <= MAX_REMEMBERED for each in lead.passages)
    more = quotes.more_passages([*lead.passages, *lead.passages[:1] * (lead.passage_count - len(lead.passages))])
    return Group(
        lead=lead,
        members=tuple(members),
        impacts=tuple(sorted(best.items(), key=lambda each: -each[1])),
        quotes=quotes.quote(lead.passages) if is_short else (),
        more=more,
        items=items,
        language=find_language(" ".join(each.after or each.before for each in lead.passages)) if is_short else "",
    )


def _arrange(groups: Iterable[Group], name: Callable[[Group], str]) -> tuple[Part, ...]:
    """In parts and under their publishers, each where its first group stands."""
    parts: dict[str, dict[str, list[Group]]] = {}
    for group in groups:
        parts.setdefault(name(group), {}).setdefault(group.lead.publisher, []).append(group)
    return tuple(
        Part(each, tuple((publisher, tuple(own)) for publisher, own in publishers.items()))
        for each, publishers in parts.items()
    )


def _find_day(flagged: Flagged) -> date:
    """On which it came: told, or back from being put off."""
    back = flagged.put_off_until
    return max(flagged.since_at.date(), date.fromisoformat(back)) if back else flagged.since_at.date()


def _say_day(moment: date, today: date) -> str:
    return {0: "Today", 1: "Yesterday"}.get((today - moment).days, day(moment))


def _say_term(items: Iterable[OpenItem], today: date) -> str:
    due = min((each.due for each in items if each.due), default="")
    if not due:
        return "Without a day"
    if due < today.isoformat():
        return "Overdue"
    return "Due within a week" if due <= (today + _WEEK).isoformat() else "Due later"


def _get_calm(db: Database, now: datetime, blind: Collection[str]) -> Calm:
    readings = [read_at for source_id, read_at in get_readings(db).items() if source_id not in blind]
    quiet = Counter[str]()
    for (_, kind), number in count_quiet(db, now - _WEEK, now).items():
        quiet[kind] += number
    del quiet[ChangeKind.FIRST]
    return Calm(len(readings), min(readings, default=None), dict(quiet.most_common()))


def _get_blind(db: Database) -> tuple[Blind, ...]:
    since: dict[str, datetime] = {}
    for each in get_open(db):
        if each.is_blind:
            since.setdefault(each.source_id, each.opened_at)
    names, _ = get_names(db, since, ())
    return tuple(Blind(source_id, names[source_id], at) for source_id, at in since.items())
