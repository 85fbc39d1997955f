"""Scrapy's own middlewares, changed in one point each.

* Redirects, Decompression: Scrapy ends both with a bare IgnoreRequest; here each says which Outcome it is.
* Retries: pauses before it asks again.
* Throttle: leaves alone the hosts whose delay is set.

Does not do: robots.txt and the address guard (modules of their own), choosing the order (`monitor.crawl.settings`).
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Self

import scrapy
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle

from monitor.model import Outcome
from spiders.outcomes import AttemptEndedError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response


DECODED = frozenset({"gzip", "x-gzip", "deflate"})
MAX_LAYERS = 2
"""A server that compresses what lies there compressed makes two. Each further one may cost as much as an answer."""


class Redirects:
    def __init__(self, crawler: Crawler) -> None:
        self.scrapys = RedirectMiddleware.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: scrapy.Request, response: Response) -> scrapy.Request | Response:
        try:
            return self.scrapys.process_response(request, response)
        except IgnoreRequest as error:
            detail = f"more than {self.scrapys.max_redirect_times} redirects, the last from {request.url}"
            raise AttemptEndedError(Outcome.BROKEN, detail) from error


class Decompression:
    """Takes gzip and deflate only: each further decoder is one more parser of hostile bytes.

    Scrapy decodes whatever a server claims, offered or not, as many layers as it names, and passes on as the text what
    it cannot decode.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.scrapys = HttpCompressionMiddleware.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: scrapy.Request) -> None:
        request.headers["Accept-Encoding"] = "gzip, deflate"

    def process_response(self, request: scrapy.Request, response: Response) -> scrapy.Request | Response:
        if not response.body:  # a 304 may name the encoding of the body that it does not send
            return response
        named = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        layers = [each for each in re.split(r"[,\s]+", named.lower()) if each not in {"", "identity"}]
        if len(layers) > MAX_LAYERS or not DECODED.issuperset(layers):
            detail = f"the answer is encoded as {named[:200]}, where gzip or deflate was asked for"
            raise AttemptEndedError(Outcome.BROKEN, detail)
        try:
            return self.scrapys.process_response(request, response)
        except IgnoreRequest as error:
            detail = f"{len(response.body)} bytes that decompress to more than we accept"
            raise AttemptEndedError(Outcome.TOO_LARGE, detail) from error


class Retries:
    """Waits RETRY_PAUSE seconds before the first retry, and twice as long before each next one."""

    def __init__(self, crawler: Crawler) -> None:
        self.scrapys = RetryMiddleware.from_crawler(crawler)
        self.pause_s = crawler.settings.getfloat("RETRY_PAUSE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: scrapy.Request, response: Response) -> scrapy.Request | Response:
        result = self.scrapys.process_response(request, response)
        if isinstance(result, scrapy.Request):
            await self._pause(result)
        return result

    async def process_exception(self, request: scrapy.Request, exception: Exception) -> scrapy.Request | None:
        result = self.scrapys.process_exception(request, exception)
        if not isinstance(result, scrapy.Request):
            return None
        await self._pause(result)
        return result

    async def _pause(self, retry: scrapy.Request) -> None:
        await asyncio.sleep(self.pause_s * 2 ** (retry.meta["retry_times"] - 1))


class Throttle(AutoThrottle):
    """AutoThrottle for the hosts that DOWNLOAD_SLOTS says nothing about."""

    def _response_downloaded(self, response: Response, request: scrapy.Request, spider: scrapy.Spider) -> None:
        if request.meta.get("download_slot") not in self.crawler.settings.getdict("DOWNLOAD_SLOTS"):
            super()._response_downloaded(response, request, spider)
