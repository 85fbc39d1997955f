"""The dates of one text: where they stand, which sentence each stands in, what it makes of them.

Does not do: comparing two texts (`changed`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.compare.dates.meaning import DATE, Context, Meaning, find_meaning, to_plain
from monitor.compare.dates.order import puts_day_first
from monitor.compare.dates.relative import find_relative
from monitor.compare.dates.written import Written, find_written
from monitor.model import UNKNOWN_ORIGIN, DateKind, DateMention, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_REACH_BEFORE, _REACH_AFTER = 240, 160
"""How many characters around a date may say what it is: a sentence of law runs on, but its verb stands near."""
_EXCERPT = 300
"""The most characters of a sentence that are kept, with the date inside."""
_LABEL = 60
"""The most characters of a line that is the label of the line below."""

_SENTENCE_END = re.compile(
    r"[.!?][\"')\]*_\u201d\u2019]*\s+(?=[\"'(\[*_\u2018\u201c]*[^\W\d_a-z])|[\u3002\uff01\uff1f]"
)
_ABBREVIATION = re.compile(
    r"(?:\b[^\W\d_]|\b(?:nos?|inc|ltd|corp|co|arts?|secs?|regs?|nrs?|abs|cf|etc|paras?|vs|approx|dr|st|bzw|núm|aprox))\Z",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s)\]>\"]+|www\.[^\s)\]>\"]+")
_DATED_SEGMENT = re.compile(r"(?<=/)(?:19|20)\d\d-\d\d-\d\d(?=/|\Z)")
_MAX_DATES = 1000
"""So many dates of a text are read, at 0.4 ms each; a text with more of them is a list of dates."""
_NEIGHBOURS = 3
"""So many dates before another one in a sentence have a say in what it is."""
_MARKS = " \t\n\u00a0*_#>|[](){}\\~`:-\u2013\u2022"
_PAST_KINDS = frozenset({DateKind.LAST_UPDATED, DateKind.REVIEWED, DateKind.RELEASED, DateKind.VERSION})


@dataclass(frozen=True, slots=True)
class _Stated:
    """A date with what it means; `start` and `end` are those of its sentence."""

    iso: str
    meaning: Meaning
    start: int
    end: int
    position: int


def find_dates(text: str, origin: Origin = UNKNOWN_ORIGIN) -> tuple[DateMention, ...]:
    """The dates of a text, in reading order, each kind and date once.

    The origin decides what relative dates count from, and whether 03/04/2026 is in March or in April, where the text
    itself does not tell.
    """
    return find_dates_among(text, origin, text)


def find_dates_among(text: str, origin: Origin, whole: str) -> tuple[DateMention, ...]:
    """As `find_dates`; `whole` is a longer text of the same writer, whose dates show the order of day and month."""
    found: dict[tuple[DateKind, str], DateMention] = {}
    for stated in _one_of_replaced(_iter_stated(text, origin, whole)):
        for kind in stated.meaning.kinds:
            if (kind, stated.iso) not in found:
                found[kind, stated.iso] = DateMention(kind, stated.iso, _excerpt(text, stated))
    return tuple(found.values())


def _iter_stated(text: str, origin: Origin, whole: str) -> Iterator[_Stated]:
    bare = _without_links(text)
    absolute = find_written(bare, origin.language)
    written = sorted([*absolute, *find_relative(bare, origin.published)], key=attrgetter("start"))[:_MAX_DATES]
    day_first = puts_day_first(_without_links(whole), origin) if any(each.swapped for each in absolute) else None
    for index, each in enumerate(written):
        start, end = _sentence_bounds(bare, each)
        if not bare[start : each.start].strip(_MARKS):
            start = _label_start(bare, start)
        meaning = find_meaning(_context(bare, written, index, start, end))
        in_link = text[each.start - 1 : each.start] == "/"
        if meaning.kinds and (not in_link or meaning.kinds == (DateKind.SUPERSEDED,)):
            yield _Stated(_choose_reading(each, meaning, day_first, origin), meaning, start, end, each.start)


def _without_links(text: str) -> str:
    """The text with addresses blanked, as the numbers in them are no dates, but for dated parts of a path."""
    if "://" not in text and "www." not in text:
        return text
    return _URL.sub(lambda url: _blank(url[0]), text)


def _blank(url: str) -> str:
    dated = _DATED_SEGMENT.search(url)
    kept = dated[0] if dated else ""
    return " " * (dated.start() if dated else 0) + kept + " " * (len(url) - (dated.end() if dated else 0))


def _sentence_bounds(text: str, written: Written) -> tuple[int, int]:
    """Where the sentence that holds a date begins and ends: within its line, as far as a cue can be."""
    low = max(0, written.start - _REACH_BEFORE)
    low = max(low, text.rfind("\n", low, written.start) + 1)
    newline = text.find("\n", written.end, written.end + _REACH_AFTER)
    high = newline if newline >= 0 else min(len(text), written.end + _REACH_AFTER)
    start = max((end.end() for end in _iter_sentence_ends(text, low, written.start)), default=low)
    return start, min((end.start() + 1 for end in _iter_sentence_ends(text, written.end, high)), default=high)


def _iter_sentence_ends(text: str, low: int, high: int) -> Iterator[re.Match[str]]:
    for end in _SENTENCE_END.finditer(text, low, high):
        if not _ABBREVIATION.search(text, max(low, end.start() - len("approx.")), end.start()):
            yield end


def _context(text: str, written: Sequence[Written], index: int, start: int, end: int) -> Context:
    """The words around one date, with other dates of the sentence as `DATE`."""
    each = written[index]
    neighbours = [other for other in written[max(0, index - _NEIGHBOURS) : index] if other.end > start]
    if len(neighbours) == _NEIGHBOURS:
        start = max(start, neighbours[0].start)
    before = ""
    for other in neighbours:
        before += f"{to_plain(text[start : other.start])} {DATE} "
        start = other.end
    before = f"{before}{to_plain(text[start : each.start])}".strip()
    following = written[index + 1] if index + 1 < len(written) else None
    cut = following is not None and following.start < end
    after = to_plain(text[each.end : following.start if following and cut else end])
    return Context(before, f"{after} {DATE}" if cut else after)


def _label_start(text: str, start: int) -> int:
    """Where the line above begins, if it is short enough to say what a date alone on its line is; else `start`."""
    low = max(0, start - 2 * _LABEL)
    above = text[low:start].rstrip(_MARKS)
    if "\n" not in text[low + len(above) : start]:
        return start
    line = above[above.rfind("\n") + 1 :]
    return low + len(above) - len(line) if len(line) <= _LABEL else start


def _choose_reading(written: Written, meaning: Meaning, day_first: bool | None, origin: Origin) -> str:
    """Which of two readings holds: not one in the future where the date tells what has been done."""
    if not written.swapped:
        return written.iso
    first, second = written.iso, written.swapped
    if day_first or (day_first is None and not meaning.is_english):
        first, second = second, first
    today = origin.published.isoformat() if origin.published else ""
    is_past = bool(_PAST_KINDS.intersection(meaning.kinds))
    return second if today and is_past and second <= today < first else first


def _one_of_replaced(stated: Iterable[_Stated]) -> list[_Stated]:
    """Of an older text only the date from which it applied, where its sentence has more than one."""
    listed = list(stated)
    applied = {(each.start, each.end) for each in listed if each.meaning.replaced == DateKind.EFFECTIVE}
    return [
        each
        for each in listed
        if (each.start, each.end) not in applied or each.meaning.replaced in {None, DateKind.EFFECTIVE}
    ]


def _excerpt(text: str, stated: _Stated) -> str:
    """The sentence in one line, cut to what fits around its date."""
    start = max(stated.start, min(stated.position - _EXCERPT // 2, stated.end - _EXCERPT))
    return " ".join(text[start : start + min(_EXCERPT, stated.end - start)].split())
