"""RSS and Atom bytes → a Feed of Entries that keep their identity.

feedparser is given bytes in a file object: a string it might take for a URL or a path and open it. Its sanitising is
off, because only text is taken from mark-up (by the reader of pages, which runs nothing) and it costs as much time as
parsing. Its resolving of relative links is off for the reason given in `monitor.extract.links`.

An Entry's identity is its id (guid), else its link without tracking parameters, else its title. One that has none of
them cannot be told from another and is left out. Where a feed holds one identity several times, the newest counts
(the first of equally new ones: feeds begin with the newest).

Does not do: fetching; deciding what a new, changed or missing Entry means.
"""

from __future__ import annotations

import html
import io
import re
from calendar import timegm
from codecs import BOM_UTF8
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import feedparser

from monitor.errors import ExtractionError
from monitor.extract.html import read_fragment, read_text
from monitor.extract.links import clean_link
from monitor.extract.quality import check_challenge, kilobytes
from monitor.model import Block, BlockKind, Entry, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 5_000_000
"""Largest feed that is parsed: 500 entries of full text have about 1 MB, and feedparser takes a second for them."""

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FIRST_BYTES = {b"": "empty", b"{": "JSON", b"[": "JSON", b"<": "XML of another kind"}
_PARSER_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What feedparser 6.0 raises itself on broken mark-up, such as `&#1114112;` or elements where none may be."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)

_SURROGATES = re.compile(
    rb"&#(5(?:529[6-9]|5[3-9]\d\d|6[0-2]\d\d|63[01]\d)|[xX][dD][89abAB][0-9a-fA-F]{2});"
    rb"&#(5(?:632\d|63[3-9]\d|6[4-9]\d\d|7[0-2]\d\d|73[0-3]\d|734[0-3])|[xX][dD][c-fC-F][0-9a-fA-F]{2});"
)
"""An emoji as two character references, the halves of its UTF-16."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds now. No entry is possible and no fault."""

    title: str
    entries: tuple[Entry, ...]


def parse_feed(body: bytes, content_type: str | None) -> Feed:
    """The feed in `body`; `content_type` is the whole header, whose charset counts.

    Raises ExtractionError: UNREADABLE above MAX_BYTES, BLOCKED for a bot challenge, NOT_A_FEED for anything else that
    is neither RSS nor Atom.
    """
    if len(body) > MAX_BYTES:
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            f"the feed has {kilobytes(len(body))}, more than the {kilobytes(MAX_BYTES)} that are read",
            "Look for a feed of fewer entries, or watch a page of the publisher instead.",
        )
    parsed = _parse(body, content_type)
    if not parsed.get("version"):
        raise _not_a_feed(body)
    return Feed(_text(parsed["feed"].get("title_detail")), _newest_of_each(parsed["entries"]))


def _parse(body: bytes, content_type: str | None) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = feedparser.parse(
            io.BytesIO(_SURROGATES.sub(_join_surrogates, body)),
            response_headers={"content-type": content_type} if content_type else {},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _PARSER_FAULTS as error:
        if _HTML.match(body):
            raise _not_a_feed(body) from error
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            f"the feed ({kilobytes(len(body))}) cannot be parsed: {error!r}",
            "Look at it with a feed validator; if it stays broken, watch a page of the publisher instead.",
        ) from error
    return parsed


def _join_surrogates(found: re.Match[bytes]) -> bytes:
    """One character in place of its two halves: some publishers write an emoji so, and no XML parser takes it."""
    high, low = (int(half[1:], 16) if half[:1] in b"xX" else int(half) for half in found.groups())
    return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _not_a_feed(body: bytes) -> ExtractionError:
    if _HTML.match(body):
        check_challenge(body.decode("utf-8", "replace"))
        found = "an HTML page"
    else:
        found = _FIRST_BYTES.get(body.removeprefix(BOM_UTF8).lstrip()[:1], "text of some kind")
    return ExtractionError(
        ProblemKind.NOT_A_FEED,
        f"the answer ({kilobytes(len(body))}) is {found}, neither RSS nor Atom",
        "Look on the publisher's pages for the feed's new address, or set `kind: html` to watch the page itself.",
    )


def _newest_of_each(raw_entries: list[Mapping[str, Any]]) -> tuple[Entry, ...]:
    newest: dict[str, tuple[datetime, Entry]] = {}
    for raw in raw_entries:
        entry = _read_entry(raw)
        written_at = max(filter(None, (_time(raw, "updated_parsed"), entry.published_at)), default=_EARLIEST)
        if entry.identity and (entry.identity not in newest or newest[entry.identity][0] < written_at):
            newest[entry.identity] = (written_at, entry)
    return tuple(entry for _, entry in newest.values())


def _read_entry(raw: Mapping[str, Any]) -> Entry:
    title = _text(raw.get("title_detail"))
    link = clean_link(raw.get("link") or "")
    return Entry(
        identity=(raw.get("id") or "").strip() or link or title,
        url=link if link.lower().startswith(("https://", "http://")) else "",
        title=title,
        published_at=_time(raw, "published_parsed") or _time(raw, "updated_parsed"),
        blocks=_read_blocks(title, raw),
    )


def _read_blocks(title: str, raw: Mapping[str, Any]) -> tuple[Block, ...]:
    """The title as a heading, and the content (else the summary) under it."""
    details = [*(raw.get("content") or [])[:1], raw.get("summary_detail")]
    content = next((blocks for detail in details if (blocks := read_fragment(_markup(detail)))), ())
    if not title:
        return content
    heading = Block(BlockKind.HEADING, title, (title,))
    return (heading, *(replace(block, heading=(title, *block.heading)) for block in content))


def _text(detail: Mapping[str, str] | None) -> str:
    return read_text(_markup(detail))


def _markup(detail: Mapping[str, str] | None) -> str:
    """A text construct as HTML: what the feed calls plain text may hold a `<` that is one."""
    if not detail:
        return ""
    value = detail.get("value") or ""
    return html.escape(value) if detail.get("type") == "text/plain" else value


def _time(raw: Mapping[str, Any], name: str) -> datetime | None:
    if name not in raw:  # asked for an absent "updated", feedparser gives "published" and a DeprecationWarning
        return None
    try:
        return datetime.fromtimestamp(timegm(raw[name]), UTC)
    except (TypeError, ValueError, OverflowError):  # a date it could not read, or one out of range
        return None
