"""Pages: one URL, one answer, as HTML, PDF, DOCX or JSON.

Does not do: feeds (`spiders.feed`), pages that scripts make (`spiders.rendered`).
"""

from __future__ import annotations

from spiders.base import BaseSpider

PAGE_BYTES = 16 * 1024 * 1024
"""The largest policy documents are PDFs of some 10 MB; a page of 30 MB is a mistake or an attack."""


class PageSpider(BaseSpider):
    name = "page"
    kinds = frozenset({"html", "pdf", "docx", "json"})
    max_bytes = PAGE_BYTES
    accept = "text/html,application/xhtml+xml,application/pdf,application/json;q=0.9,*/*;q=0.8"
