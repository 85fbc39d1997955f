"""Pages: one URL, one answer, as HTML or PDF.

Does not do: feeds (`spiders.feed`), pages made by scripts.
"""

from __future__ import annotations

from spiders.base import BaseSpider

PAGE_BYTES = 16 * 1024 * 1024
"""The largest policy documents are PDFs of some 10 MB; a page of 30 MB is a mistake or an attack."""


class PageSpider(BaseSpider):
    name = "page"
    kinds = frozenset({"html", "pdf"})
    max_bytes = PAGE_BYTES
    accept = "text/html,application/xhtml+xml,application/pdf,*/*;q=0.8"
