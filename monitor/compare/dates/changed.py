"""Which dates a change states newly, and which date stood in the place of each before.

Does not do: finding dates in a text (`find`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from monitor.compare.dates.find import find_dates_among
from monitor.compare.dates.months import find_month
from monitor.model import UNKNOWN_ORIGIN, PassageOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.model import DateKind, DateMention, Origin, Passage

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_MAX_PASSAGES = 1_000
"""So many passages with a digit are searched, at up to 1 ms each; a change of more of them is a table of data."""


def find_changed_dates(passages: Iterable[Passage], origin: Origin = UNKNOWN_ORIGIN) -> tuple[DateMention, ...]:
    """The dates that a change states newly, with the date that stood in their place before (`moved_from`).

    A date that the change only takes from one place to another is not new. What stood in its place is sought in the
    same passage, then among the removed ones that say the same but for the date.
    """
    told = list(islice(filter(_may_be_dated, passages), _MAX_PASSAGES))
    whole = "\n".join(text for passage in told for text in (passage.before, passage.after))
    before = [_find(passage, passage.before, whole, origin) for passage in told]
    after = [_find(passage, passage.after, whole, origin) for passage in told]
    known, stays = _keys(before), _keys(after)
    gone = [[each for each in mentions if (each.kind, each.date) not in stays] for mentions in before]
    removed = [each for passage, mentions in zip(told, gone, strict=True) if not passage.after for each in mentions]
    found: dict[tuple[DateKind, str], DateMention] = {}
    for old, new in zip(gone, after, strict=True):
        for each in new:
            if (each.kind, each.date) not in known:
                found.setdefault((each.kind, each.date), replace(each, moved_from=_find_moved(each, old, removed)))
    return tuple(found.values())


def _may_be_dated(passage: Passage) -> bool:
    return passage.op != PassageOp.MOVED and bool(_DIGIT.search(passage.before) or _DIGIT.search(passage.after))


def _find(passage: Passage, text: str, whole: str, origin: Origin) -> tuple[DateMention, ...]:
    """The dates of one side of a passage. A heading may be the label of a date that stands alone below it."""
    label = passage.heading[-1] if passage.heading and not _DIGIT.search(passage.heading[-1]) else ""
    return find_dates_among(f"{label}\n{text}" if label else text, origin, whole) if _DIGIT.search(text) else ()


def _keys(mentions: Iterable[Iterable[DateMention]]) -> set[tuple[DateKind, str]]:
    return {(each.kind, each.date) for some in mentions for each in some}


def _find_moved(new: DateMention, old: Sequence[DateMention], removed: Sequence[DateMention]) -> str | None:
    alike = [each for each in (*old, *removed) if each.kind == new.kind and _saying(each) == _saying(new)]
    same_kind = [each for each in old if each.kind == new.kind]
    return next((each.date for each in (*alike, *same_kind)), None)


def _saying(mention: DateMention) -> list[str]:
    """The words of the sentence without its dates."""
    return [word for word in _WORD.findall(mention.sentence.lower()) if not find_month(word)]
