"""RSS, RDF, Atom and JSON Feed bytes → a Feed of Entries that keep their identity.

    markup      bytes → text: encodings, what no XML parser takes          dates      when an entry was published
    json_feed   JSON → what feedparser would make of it                    excerpts   a text that is cut short
    entries     what was parsed → Entries: identity, address, text         notices    a feed that says that it has ended

feedparser is given bytes in a file object: a string it might take for a URL or a path and open it. Its sanitising is
off, because only text is taken from mark-up (by the reader of pages, which runs nothing) and it costs as much time as
parsing. Its resolving of relative links in texts is off for the reason given in `monitor.extract.links`.

Does not do: fetching; deciding what a new, changed or missing Entry means.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.errors import ExtractionError
from monitor.extract.quality import check_challenge, kilobytes
from monitor.feeds.entries import read_entries, read_line
from monitor.feeds.json_feed import read_json
from monitor.feeds.markup import is_whole, read_markup
from monitor.feeds.notices import is_notice
from monitor.model import ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.model import Entry

MAX_BYTES = 5_000_000
"""Largest feed that is parsed: 500 entries of full text have about 1 MB, and feedparser takes a second for them."""
ADVICE_ON_RETIRED = "Look on the publisher's pages for the new feed and correct `url` in sources.yaml."

_HTML = re.compile(r"\s*+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_FIRST_SIGNS = {"": "empty", "{": "JSON of another kind", "[": "JSON of another kind", "<": "XML of another kind"}
_PARSER_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""What feedparser 6.0 raises itself on broken mark-up, such as `&#1114112;` or elements where none may be."""
_MOVED = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<redirect\b[^>]*>\s*<newLocation>\s*([^<\s]+)\s*</newLocation>", re.IGNORECASE
)
"""An answer in place of a feed that has moved: userland.com, "XML-level redirection"."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds now. No entry is possible and no fault."""

    title: str
    entries: tuple[Entry, ...]


def parse_feed(body: bytes, content_type: str | None, address: str = "") -> Feed:
    """The feed in `body`; `content_type` is the whole header, whose charset counts.

    Relative links begin at the address that the feed names, else at `address`, which it was fetched from.

    Raises ExtractionError: UNREADABLE above MAX_BYTES, RETIRED where the feed's title or an answer in its place says
    that it has ended or moved, BLOCKED for a bot challenge, NOT_A_FEED for anything else that is no feed, BROKEN for
    one that is cut off or damaged before its first entry.
    """
    if len(body) > MAX_BYTES:
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            f"the feed has {kilobytes(len(body))}, more than the {kilobytes(MAX_BYTES)} that are read",
            "Look for a feed of fewer entries, or watch a page of the publisher instead.",
        )
    markup = read_markup(body, content_type)
    is_json = markup[:1] in {"{", "["}
    parsed = read_json(markup) if is_json else _parse(markup, len(body))
    if not (parsed and parsed.get("version")):
        raise _explain_no_feed(markup, len(body))
    title = read_line(parsed["feed"].get("title_detail"))
    if is_notice(title):
        raise ExtractionError(ProblemKind.RETIRED, f'the feed calls itself "{title}"', ADVICE_ON_RETIRED)
    if not (parsed["entries"] or is_json or is_whole(markup)):
        raise _explain_broken(len(body))
    return Feed(title, read_entries(parsed["entries"], [*_iter_addresses(parsed["feed"]), address]))


def _parse(markup: str, size: int) -> Mapping[str, Any]:
    import feedparser  # by the worker that reads a feed alone

    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(markup.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _PARSER_FAULTS as error:
        if _HTML.match(markup):
            raise _explain_no_feed(markup, size) from error
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            f"the feed ({kilobytes(size)}) cannot be parsed: {error!r}",
            "Look at it with a feed validator; if it stays broken, watch a page of the publisher instead.",
        ) from error
    return parsed


def _iter_addresses(feed: Mapping[str, Any]) -> Iterator[str]:
    """Where the feed says that it or its publisher is."""
    yield feed.get("link") or ""
    yield from (each.get("href") or "" for each in feed.get("links") or () if each.get("rel") == "self")


def _explain_broken(size: int) -> ExtractionError:
    return ExtractionError(
        ProblemKind.BROKEN,
        f"the feed ({kilobytes(size)}) is cut off or damaged before its first entry",
        "It is asked for again when it is due. Look at it with a feed validator if it stays so.",
    )


def _explain_no_feed(markup: str, size: int) -> ExtractionError:
    if moved := _MOVED.match(markup):
        return ExtractionError(
            ProblemKind.RETIRED, f'the answer says that the feed is at "{moved[1]}" now', ADVICE_ON_RETIRED
        )
    if _HTML.match(markup):
        check_challenge(markup)
        found = "an HTML page"
    else:
        found = _FIRST_SIGNS.get(markup[:1], "text of some kind")
    return ExtractionError(
        ProblemKind.NOT_A_FEED,
        f"the answer ({kilobytes(size)}) is {found}, neither RSS nor Atom nor JSON Feed",
        "Look on the publisher's pages for the feed's new address, or set `kind: html` to watch the page itself.",
    )
