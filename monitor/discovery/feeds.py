"""Feeds: whether bytes are one, which ones a page links to, and whether one says what the page lists.

A page names its feeds in its head (`link rel=alternate`), or links to them in its text; no path is guessed. A feed
stands for a page where the page's own text links to what the feed announces: a list of news does, a policy whose site
also has a blog does not.

Does not do: fetching; reading entries (`monitor.feeds`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from monitor.extract.html import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.feeds import Feed
    from monitor.model import Block

MOST_FEEDS = 4
"""Of those that a page links to: the first ones are its own, the others those of its comments and categories."""
LEAST_LINKED = 3
"""Entries of a feed that a page must link to, to say the same as the feed; all of them where it has fewer."""

_SNIFFED = 2000
_ROOT = re.compile(rb"<(rss|feed|[\w-]+:RDF|RDF)[\s>]")
_JSON_FEED = re.compile(rb'\s*\{[^}]*"version"\s*:\s*"https://jsonfeed\.org/')
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|text/rss\+?xml", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?)(?:\.(?:xml|json|aspx|php))?/?$|\.(?:rss|atom|rdf)(?:$|\?)|/feeds?/[^?#]*$|[?&]feed=",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comments?|kommentare|commentaires|comentarios", re.IGNORECASE)


def find_kind(body: bytes) -> str:
    """`rss` or `atom` as `sources.yaml` calls them; "" for what is no feed. Both are read alike, also JSON Feed."""
    head = body[:_SNIFFED]
    root = _ROOT.search(head)
    if root and b"<html" not in head[: root.start()].lower():
        return "atom" if root[1] == b"feed" else "rss"
    return "rss" if _JSON_FEED.match(head) else ""


def find_linked(markup: str, address: str) -> tuple[str, ...]:
    """Whole addresses of the feeds that a page links to, those it names first; comments are left out."""
    found = dict.fromkeys(_resolve(address, target) for target in _iter_targets(markup))
    return tuple(each for each in found if urlsplit(each).scheme in {"http", "https"} and each != address)[:MOST_FEEDS]


def _iter_targets(markup: str) -> Iterator[str]:
    page = parse(markup)
    for link in page.css("link[rel~=alternate][href]"):
        said = f"{link.attributes.get('title') or ''} {link.attributes['href']}"
        if _FEED_TYPE.match(link.attributes.get("type") or "") and not _COMMENTS.search(said):
            yield link.attributes["href"] or ""
    for link in page.css("a[href]"):
        target = (link.attributes["href"] or "").strip()
        typed = _FEED_TYPE.match(link.attributes.get("type") or "")
        if typed or target.startswith("feed:") or _FEED_PATH.search(target.partition("#")[0]):
            yield target


def _resolve(address: str, target: str) -> str:
    """`feed:https://…` and `feed://…` are what some browsers wrote before an address."""
    target = re.sub(r"^feed:(?=https?:)", "", target.strip())
    try:
        return urljoin(address, re.sub(r"^feed:(?=//)", "https:", target))
    except ValueError:
        return ""


def says_the_same(feed: Feed, blocks: Iterable[Block], address: str) -> bool:
    """Whether a page's text (`blocks`, at `address`) links to what the feed announces."""
    linked = {_spell(urljoin(address, target)) for block in blocks for target in block.links}
    entries = {_spell(entry.url) for entry in feed.entries if entry.url}
    return bool(entries) and len(entries & linked) >= min(LEAST_LINKED, len(entries))


def _spell(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url.partition("#")[0]).rstrip("/")
