"""Entries of a feed from one poll to the next: known again under new ids, and what a poll says of the feed itself.

An entry is known by its id. Publishers give new ids to old entries: after a move to another system, with `https` in
place of `http`, or at every answer. So an entry of an unknown id is the known Document that is not in the feed under
its own id any more and has

    the same id but for how it is spelt     scheme, `www.`, a slash at the end
    the same address and title
    the same address and a text alike       an address alone is not enough: some feeds have one for all entries
    the same title and text                 where that is long enough to be no coincidence

In doubt, where several come into question, the entry is new: better told twice than taken for another. What an entry
fell out of is the window of the feed; it is no deletion and its Document stays.

`judge_poll` also says where a feed was read and yet cannot be trusted. It may say itself that it has ended; that entry
is told like others: better once too often. And entries may have been missed: a rolling window that is asked often
enough still holds the newest of the entries that it held before. Where it holds none of them and only newer ones, what
came and went in between was never seen. Nothing is said of feeds that are empty or have few entries, that show entries
older than the known ones among the new (another order, another filter, a wider window), or that vary in size (all of a
day, all that match).

Does not do: parsing (`monitor.feeds`); entries of publishers' interfaces, whose ids are stable.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.errors import ExtractionError
from monitor.feeds import ADVICE_ON_RETIRED
from monitor.feeds.notices import is_notice
from monitor.model import PUBLISHER_KINDS, ProblemKind
from monitor.store import changes, entries, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from monitor.model import Block, Source
    from monitor.steps import Reading
    from monitor.store import Database
    from monitor.store.entries import KnownEntry
    from monitor.store.fetches import PendingFetch

    _Named = Reading | KnownEntry

MIN_LETTERS = 100
"""Shorter texts ("The minutes are available.") come again with other entries."""
ALIKE = 0.8
"""Share of the runs of characters in the shorter text that the longer one has too, after an edit."""
RUN = 12
"""Two or three words, or a clause where words are not set apart."""
MIN_WINDOW = 5
"""Fewer entries are no window: a feed that says only the latest word never overlaps."""
NEWEST = 3
"""So many of the newest may be taken back between two polls without a gap."""
PINNED = 2
"""So many may stand in a feed for good while the others go by."""
RESIZED = 0.1
"""By so much may the number of entries in a window vary, as when two are merged."""
FULL_DAY = 10
"""A window of one day with fewer entries is the issue of that day, complete as it is."""
GAP_SHOWN = timedelta(days=7)
"""Counted from when it was last seen. What was missed stays missed when the next answer is read, so the gap stands
until each digest, the weekly one too, has named it."""

_PASSING = re.compile(
    r"log-?in|sign-?in|sso\b|auth|consent|maintenance|error|unavailable|captcha|challenge", re.IGNORECASE
)
"""Addresses to which feeds are led in passing."""
_SPELLING = re.compile(r"^https?://(?:www\.)?|/(?:index\.\w+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """The entries of a feed under the ids of their Documents; `ids` are those that were known before."""

    readings: tuple[Reading, ...]
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll brought: the entries under the ids of their Documents.

    `finding` is why the feed cannot be trusted although it was read: RETIRED or GAP.
    """

    readings: tuple[Reading, ...]
    finding: ExtractionError | None = None


def has_entries(source: Source) -> bool:
    """Whether its Documents are entries of a feed, not of an interface."""
    return source.is_feed and source.kind not in PUBLISHER_KINDS


def know_again(db: Database, source_id: str, readings: Sequence[Reading]) -> Known:
    """The entries as the Documents that they are. Entries of one feed never become one Document."""
    documents = {each.id: each for each in entries.get_known(db, source_id)}
    found = {reading.id: reading.id for reading in readings if reading.id in documents}
    for name, holds in _SIGNS:
        if unknown := [each for each in readings if each.id not in found]:
            taken = set(found.values())
            pairs = [pair for pair in _pair(unknown, documents.values(), name) if pair[1].id not in taken]
            found |= {entry.id: known.id for entry, known in pairs if holds(entry, _find_text(db, known))}
    renamed = tuple(replace(each, id=found.get(each.id, each.id)) for each in readings)
    return Known(renamed, frozenset(found.values()))


def judge_poll(
    db: Database, source_id: str, readings: Sequence[Reading], read_before: Callable[[], Sequence[Reading]]
) -> Poll:
    """What a feed says now, `read_before` giving what it said last; that is read only in case of doubt."""
    known = know_again(db, source_id, readings)
    if notice := find_notice(known.readings):
        said = f'the newest entry of the feed says "{notice.title}"'
        return Poll(known.readings, ExtractionError(ProblemKind.RETIRED, said, ADVICE_ON_RETIRED))
    if len(known.ids) <= PINNED and find_gap(know_again(db, source_id, read_before()).readings, known.readings):
        return Poll(known.readings, _explain_gap(changes.find_last_seen_at(db, source_id)))
    return Poll(known.readings)


def explain_answer(error: ExtractionError, fetch: PendingFetch) -> ExtractionError:
    """The error of an answer in place of a feed: where its address leads to a page now, the feed was retired."""
    asked, answered = (_SPELLING.sub("", url) for url in (fetch.url, fetch.final_url))
    if error.problem is not ProblemKind.NOT_A_FEED or asked == answered or _PASSING.search(answered):
        return error
    detail = f"the address of the feed leads to {fetch.final_url} now, and {error.detail}"
    return ExtractionError(ProblemKind.RETIRED, detail, ADVICE_ON_RETIRED)


def find_notice(readings: Sequence[Reading]) -> Reading | None:
    """The newest entry, or the first of a feed without dates, if it says that the feed has ended."""
    newest = max((each.published_on for each in readings if each.published_on), default=None)
    last = [each for each in readings if each.published_on == newest] if newest else readings[:1]
    return next((each for each in last if is_notice(each.title)), None)


def find_gap(before: Sequence[Reading], now: Sequence[Reading]) -> bool:
    """Whether entries may have been missed between two polls of one feed, given by the ids of their Documents."""
    known = {each.id for each in before} & {each.id for each in now}
    fresh = [each for each in now if each.id not in known]
    if not _is_window(before, now) or not fresh or len(known) > PINNED:
        return False
    days = [each.published_on for each in (*before, *fresh)]
    if None in days:
        return not known
    seen, new = [day for day in days[: len(before)] if day], [day for day in days[len(before) :] if day]
    if min(new) < max(seen):
        return False
    if len({*seen}) == len({*new}) == 1 and not len(before) == len(now) >= FULL_DAY:
        return False
    return known.isdisjoint(_newest_ids(before, seen))


def _explain_gap(seen_at: datetime | None) -> ExtractionError:
    since = f"{seen_at:%Y-%m-%d %H:%M} UTC" if seen_at else "before"
    return ExtractionError(
        ProblemKind.GAP,
        f"none of the newest entries of {since} is left in the feed: others may have come and gone unseen",
        "Look on the publisher's pages for what was published since then, and set a shorter `every` for this source. "
        "Then set the gap aside: monitor sources accept ID",
        f"{ProblemKind.GAP}: since {since}",
    )


def _is_window(before: Sequence[Reading], now: Sequence[Reading]) -> bool:
    fewer, more = sorted((len(before), len(now)))
    return fewer >= MIN_WINDOW and more - fewer <= max(1, RESIZED * more)


def _newest_ids(before: Sequence[Reading], days: Sequence[date]) -> Iterator[str]:
    """With all of the day of the last of them: within a day the order of a feed says nothing."""
    oldest = sorted(days, reverse=True)[NEWEST - 1]
    return (each.id for each, day in zip(before, days, strict=True) if day >= oldest)


def _pair(
    unknown: Sequence[Reading], documents: Iterable[KnownEntry], name: Callable[[_Named], str]
) -> Iterator[tuple[Reading, KnownEntry]]:
    """Those of one name, where no other entry and no other Document of the Source has it."""
    named = Counter(map(name, unknown))
    owners: dict[str, list[KnownEntry]] = {}
    for each in documents:
        owners.setdefault(name(each), []).append(each)
    for entry in unknown:
        own = name(entry)
        if own and named[own] == len(owners.get(own, ())) == 1:
            yield entry, owners[own][0]


def _name_identity(entry: _Named) -> str:
    return _SPELLING.sub("", entry.identity)


def _name_url(entry: _Named) -> str:
    """Empty where there is none, and for the home page, at which many entries may point."""
    address = _SPELLING.sub("", entry.url)
    return address if "/" in address or "?" in address else ""


def _name_title(entry: _Named) -> str:
    return entry.title.casefold()


def _name_url_and_title(entry: _Named) -> str:
    return f"{url} {_name_title(entry)}" if (url := _name_url(entry)) else ""


def _find_text(db: Database, known: KnownEntry) -> tuple[Block, ...]:
    current = versions.find_current(db, known.id)
    return current.blocks if current else ()


def _texts(blocks: Sequence[Block]) -> list[str]:
    return [block.text for block in blocks]


def _letters(blocks: Sequence[Block]) -> int:
    """In bytes, because a Chinese letter (three) says as much as a few Latin ones."""
    return len("".join(filter(str.isalpha, "".join(_texts(blocks)))).encode())


def _always(_entry: Reading, _text: Sequence[Block]) -> bool:
    return True


def _says_the_same(entry: Reading, text: Sequence[Block]) -> bool:
    return _letters(text) >= MIN_LETTERS and _texts(text) == _texts(entry.blocks)


def _is_alike(entry: Reading, text: Sequence[Block]) -> bool:
    if min(_letters(text), _letters(entry.blocks)) < MIN_LETTERS:
        return False
    old, new = _runs(text), _runs(entry.blocks)
    return len(old & new) >= ALIKE * min(len(old), len(new))


def _runs(blocks: Sequence[Block]) -> set[str]:
    text = " ".join(_texts(blocks))
    return {text[start : start + RUN] for start in range(max(1, len(text) - RUN + 1))}


_SIGNS: tuple[tuple[Callable[[_Named], str], Callable[[Reading, Sequence[Block]], bool]], ...] = (
    (_name_identity, _always),
    (_name_url_and_title, _always),
    (_name_url, _is_alike),
    (_name_title, _says_the_same),
)
"""What an entry may have in common with a Document, and what must hold of their texts then; the surest first."""
