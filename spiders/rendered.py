"""Pages that are empty until their scripts have run: the HTML that a browser makes of one URL.

Never asked for conditionally: what the publisher calls unchanged is the document, and not what scripts load into it.

Does not do: running the browser (`monitor.crawl.browser`); clicking, scrolling, logging in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import scrapy

from spiders.page import PageSpider

if TYPE_CHECKING:
    from monitor.model import Fetch, Request

RENDER = "render"
"""The meta key that sends a request to the browser; it holds the selectors to wait for."""


class RenderedSpider(PageSpider):
    name = "rendered"
    kinds = frozenset({"html"})
    renders = True

    def _ask(self, asked: Request) -> scrapy.Request | Fetch:
        question = super()._ask(replace(asked, etag=None, last_modified=None))
        if isinstance(question, scrapy.Request):
            question.meta[RENDER] = asked.wait_for
        return question
