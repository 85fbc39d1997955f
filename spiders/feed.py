"""Feeds: RSS and Atom, fetched like pages so that robots, retries and limits hold; `monitor.feeds` reads the bytes.

Does not do: parsing.
"""

from __future__ import annotations

from spiders.base import BaseSpider

FEED_BYTES = 5 * 1024 * 1024
"""Real feeds stay below 2 MB; 1.4 MB of nested tags cost feedparser 48 s of CPU."""


class FeedSpider(BaseSpider):
    name = "feed"
    kinds = frozenset({"rss", "atom"})
    max_bytes = FEED_BYTES
    accept = "application/atom+xml,application/rss+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5"
