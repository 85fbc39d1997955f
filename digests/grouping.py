"""The same change in several documents of one publisher, as one item with its list.

A renamed product or a new footer changes a hundred documents in a day: the words are the same, and read once is enough.
Each Change stays a row of its own, is told once and is counted.

Does not do: saying which changes are the same (`monitor.compare.grouping`), layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.model import DigestChange, Impact

SPAN = timedelta(days=3)
"""Documents that are asked at different rhythms show the same change within days, not weeks."""


MOST = 80
"""Changes of one item: their numbers have to fit behind each of its buttons, and all of it into one message."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is read at once: one Change, or the same one in several documents."""

    told: DigestChange
    """The first of them in the order of the Digest, with the Impacts of all."""
    members: tuple[DigestChange, ...]
    """All of them, in the order of the Digest."""

    @property
    def is_group(self) -> bool:
        return len(self.members) > 1

    @property
    def documents(self) -> tuple[DigestChange, ...]:
        """What is listed by name; nothing where the title names the only one."""
        return self.members if self.is_group else ()

    @property
    def fingerprint(self) -> str:
        return self.told.change.judgement.fingerprint


def group_changes(changes: Iterable[DigestChange]) -> tuple[Item, ...]:
    """The Changes as items of at most MOST, each where its first Change stood.

    Alike are those of one publisher within SPAN.
    """
    groups: list[list[DigestChange]] = []
    for each in changes:
        same = next((group for group in groups if len(group) < MOST and _is_same(group[0], each)), None)
        if same is None:
            groups.append([each])
        else:
            same.append(each)
    return tuple(
        Item(group[0] if len(group) == 1 else replace(group[0], impacts=_merge(group)), tuple(group))
        for group in groups
    )


def _is_same(one: DigestChange, other: DigestChange) -> bool:
    words = one.change.judgement.fingerprint
    return (
        words != ""
        and words == other.change.judgement.fingerprint
        and one.publisher == other.publisher
        and abs(one.change.detected_at - other.change.detected_at) <= SPAN
    )


def _merge(group: Sequence[DigestChange]) -> tuple[Impact, ...]:
    """Of each section the most likely Impact; best first, as for one Change."""
    best: dict[str, Impact] = {}
    for impact in (impact for each in group for impact in each.impacts):
        known = best.get(impact.section_id)
        if known is None or impact.probability > known.probability:
            best[impact.section_id] = impact
    return tuple(sorted(best.values(), key=lambda each: (-each.probability, each.section_id)))
