"""What waits to be decided, as the inbox shows it: the same change in several documents as one, under its publisher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digests.grouping import SPAN
from monitor.store.inbox import count_waiting, find_waiting

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping
    from datetime import date, timedelta

    from monitor.store import Database
    from monitor.store.inbox import Flagged, Wanted

PAGE = 50
"""Changes on one page: more than anybody decides at a sitting."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is read and decided at once: one Change, or the same one in several Documents of a publisher."""

    lead: Flagged
    members: tuple[Flagged, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(each.change_id for each in self.members)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of what waits. `counts` are those of `count_waiting`."""

    publishers: tuple[tuple[str, tuple[Group, ...]], ...]
    counts: Mapping[str, Counter[str]]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return self.counts[""]["total"]


def get_inbox(db: Database, wanted: Wanted, today: date, page: int = 1) -> Inbox:
    """The page of this number, from 1; beyond the last one it is empty."""
    counts = count_waiting(db, wanted, today)
    flagged = find_waiting(db, wanted, today, limit=PAGE, offset=PAGE * (page - 1))
    return Inbox(_group(flagged), counts, page, max(1, -(-counts[""]["total"] // PAGE)))


def _group(flagged: Iterable[Flagged]) -> tuple[tuple[str, tuple[Group, ...]], ...]:
    """Under each publisher its groups, both where their first Change stands."""
    publishers: dict[str, list[list[Flagged]]] = {}
    for each in flagged:
        groups = publishers.setdefault(each.publisher, [])
        same = next((group for group in groups if _is_same(group[0], each)), None)
        if same is None:
            groups.append([each])
        else:
            same.append(each)
    return tuple(
        (publisher, tuple(Group(group[0], tuple(group)) for group in groups))
        for publisher, groups in publishers.items()
    )


def _is_same(one: Flagged, other: Flagged) -> bool:
    gap: timedelta = abs(one.since_at - other.since_at)
    return one.fingerprint != "" and one.fingerprint == other.fingerprint and gap <= SPAN
