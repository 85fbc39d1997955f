"""What was parsed → Entries: what each is known by, where it is, when it was published, what it says.

An Entry's identity is its id (guid) without the time of a revision in it, else its link without tracking parameters,
else its title. One that has none of them cannot be told from another and is left out. An id that entries with other
titles and addresses share is none. Where a feed holds one identity several times, the newest counts (the first of
equally new ones: feeds begin with the newest); where it holds one text at one address under several ids, the first.

Does not do: recognising an Entry whose id changed since the last time (`monitor.entries`).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from monitor.extract.html import read_fragment, read_text
from monitor.extract.links import clean_link
from monitor.feeds.dates import find_time_element, read_time
from monitor.feeds.excerpts import without_footer
from monitor.feeds.markup import unescape_again
from monitor.model import Block, BlockKind, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

REVISIONS = 2
"""So many titles may one entry have in one feed, before and after an edit; more are of different entries."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_WEB = re.compile(r"https?://[^/?#\s]+(?:[/?#]|$)", re.IGNORECASE)
_REVISED = re.compile(r"/modified/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?$")
"""An id that names the moment of its last edit: the same thing has another one after the next."""


@dataclass(frozen=True, slots=True)
class _Found:
    entry: Entry
    written_at: datetime


def read_entries(raw_entries: Sequence[Mapping[str, Any]], addresses: Sequence[str]) -> tuple[Entry, ...]:
    """In the order of the feed; `addresses` is where relative links may begin, the likeliest first."""
    found = [_find(raw, addresses) for raw in raw_entries]
    kept = [each for same in _by_identity(found).values() for each in _tell_apart(same)]
    newest = [_newest(same) for identity, same in _by_identity(kept).items() if identity]
    return tuple({(entry.url or entry.identity, entry.blocks): entry for entry in reversed(newest)}.values())[::-1]


def read_line(detail: Mapping[str, str] | None) -> str:
    """A title as one line of text."""
    return read_text(_markup(detail))


def _find(raw: Mapping[str, Any], addresses: Sequence[str]) -> _Found:
    title = read_line(raw.get("title_detail"))
    link = clean_link(raw.get("link") or "")
    published_at, updated_at = _time(raw, "published"), _time(raw, "updated")
    entry = Entry(
        identity=_REVISED.sub("", (raw.get("id") or "").strip()) or link or title,
        url=next(_iter_urls(raw, link, addresses), ""),
        title=title,
        published_at=published_at or updated_at or _find_time_element(raw),
        blocks=_read_blocks(title, raw),
    )
    return _Found(entry, max(filter(None, (updated_at, entry.published_at)), default=_EARLIEST))


def _find_time_element(raw: Mapping[str, Any]) -> datetime | None:
    return next(
        (found for each in _details(raw) if each and (found := find_time_element(each.get("value") or ""))), None
    )


def _by_identity(found: Sequence[_Found]) -> dict[str, list[_Found]]:
    groups: dict[str, list[_Found]] = {}
    for each in found:
        groups.setdefault(each.entry.identity, []).append(each)
    return groups


def _tell_apart(same: Sequence[_Found]) -> Iterator[_Found]:
    """Entries under one id, which is dropped where it is that of several."""
    urls, titles = ({getattr(each.entry, name) for each in same} for name in ("url", "title"))
    if len(titles) <= REVISIONS and min(len(urls), len(titles)) == 1:
        yield from same
        return
    for each in same:
        own = each.entry.url if len(urls) == len(same) else each.entry.title
        yield replace(each, entry=replace(each.entry, identity=own or each.entry.identity))


def _newest(same: Sequence[_Found]) -> Entry:
    return max(same, key=lambda each: each.written_at).entry  # of equals the first


def _iter_urls(raw: Mapping[str, Any], link: str, addresses: Sequence[str]) -> Iterator[str]:
    """Where people can read it, if anywhere: its page, else what is attached to it."""
    own = "" if raw.get("guidislink") and not _WEB.match(link) else link  # a bare id is no relative address
    attached = [each.get("href") or "" for each in raw.get("links") or () if each.get("rel") == "enclosure"]
    for target in (own, *map(clean_link, attached)):
        for address in ("", *addresses) if target else ():
            found = _join(address, target)
            if _WEB.match(found):
                yield found


def _join(address: str, target: str) -> str:
    try:
        return urlsplit(urljoin(address, target)).geturl()
    except ValueError:  # no address, such as `http://[`
        return ""


def _read_blocks(title: str, raw: Mapping[str, Any]) -> tuple[Block, ...]:
    """The title as a heading, and the content under it; with the summary, where that says more than the content."""
    content, summary = (without_footer(read_fragment(_markup(each))) for each in _details(raw))
    if _length(content) < _length(summary):
        content = (*(block for block in content if block not in summary), *summary)
    if not title:
        return content
    heading = Block(BlockKind.HEADING, title, (title,))
    return (heading, *(replace(block, heading=(title, *block.heading)) for block in content))


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _details(raw: Mapping[str, Any]) -> tuple[Mapping[str, str] | None, Mapping[str, str] | None]:
    """Content and summary."""
    return next(iter(raw.get("content") or ()), None), raw.get("summary_detail")


def _markup(detail: Mapping[str, str] | None) -> str:
    """A text construct as HTML: what the feed calls plain text may hold a `<` that is one."""
    if not detail:
        return ""
    value = detail.get("value") or ""
    return unescape_again(html.escape(value) if detail.get("type") == "text/plain" else value)


def _time(raw: Mapping[str, Any], name: str) -> datetime | None:
    if name not in raw:  # asked for an absent "updated", feedparser gives "published" and a DeprecationWarning
        return None
    return read_time(raw[name] or "", raw.get(f"{name}_parsed"))
