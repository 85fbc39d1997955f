"""Feeds: what is one, which ones a page links to, and which one says what the page lists."""

from __future__ import annotations

import pytest

from discovery.invented_pages import FEED, NEWS
from monitor.discovery.feeds import find_kind, find_linked, says_the_same
from monitor.extract.html import read_html
from monitor.feeds import parse_feed

PAGE = "https://fen.example/news/"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (FEED.encode(), "rss"),
        (b'<?xml version="1.0"?><!-- a --><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>', "atom"),
        (b'<rdf:RDF xmlns:rdf="x"><channel/></rdf:RDF>', "rss"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "rss"),
        (b'{"version": "2"}', ""),
        (b"<html><body><pre>&lt;rss></pre><rss></rss></body></html>", ""),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_a_feed_is_told_by_its_first_element(body, kind):
    assert find_kind(body) == kind


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', ["https://fen.example/feed"]),
        ('<link rel="alternate" type="application/atom+xml" href="a.atom">', ["https://fen.example/news/a.atom"]),
        ('<link rel="alternate" type="application/feed+json" href="//x.example/f">', ["https://x.example/f"]),
        ('<link rel="alternate" type="application/rss+xml" title="Comments" href="/c">', []),
        ('<link rel="alternate" hreflang="fr" href="/fr/">', []),
        ('<link rel="stylesheet" href="/feed.xml">', []),
        ('<a href="/rss.xml">RSS</a>', ["https://fen.example/rss.xml"]),
        ('<a href="/updates/feed/">Follow</a>', ["https://fen.example/updates/feed/"]),
        ('<a href="/search.atom?q=1">Follow</a>', ["https://fen.example/search.atom?q=1"]),
        ('<a type="application/rss+xml" href="/all">All</a>', ["https://fen.example/all"]),
        ('<a href="feed:https://fen.example/f">x</a>', ["https://fen.example/f"]),
        ('<a href="feed://fen.example/f">x</a>', ["https://fen.example/f"]),
        ('<a href="/feedback">Say something</a><a href="/press">x</a>', []),
        ('<a href="mailto:rss">x</a><a href="http://[/rss">x</a>', []),
        (
            "".join(f'<a href="/{each}.rss">x</a>' for each in range(9)),
            [f"https://fen.example/{n}.rss" for n in range(4)],
        ),
        (f'<a href="{PAGE}">x</a>', []),
    ],
)
def test_linked_feeds_are_whole_addresses(link, found):
    assert list(find_linked(f"<html><body>{link}</body></html>", PAGE)) == found


@pytest.mark.parametrize(
    ("base", "same"), [("https://fen.example", True), ("https://www.fen.example", True), ("https://x.example", False)]
)
def test_a_feed_says_the_same_where_the_text_links_to_what_it_announces(base, same):
    feed = parse_feed(FEED.format(base=base).encode(), "application/rss+xml")
    assert says_the_same(feed, read_html(NEWS).blocks, PAGE) is same


def test_a_feed_without_entries_says_nothing():
    feed = parse_feed(b"<rss version='2.0'><channel><title>x</title></channel></rss>", None)
    assert not says_the_same(feed, read_html(NEWS).blocks, PAGE)
