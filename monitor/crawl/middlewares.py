"""Scrapy's own middlewares, changed in one point each.

* Robots, Redirects, Decompression: Scrapy ends all three with a bare IgnoreRequest; here each says which Outcome it is.
* Retries: pauses before it asks again.
* Throttle: leaves alone the hosts whose delay is set.

Does not do: the address guard (`monitor.crawl.guard`), choosing the order (`monitor.crawl.settings`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle

from monitor.model import Outcome
from spiders.outcomes import AttemptEndedError, explain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

UNASKABLE = frozenset({Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.TLS})


class Robots(RobotsTxtMiddleware):
    """A host whose robots.txt cannot be asked for is not asked for its pages (RFC 9309, section 2.3.1.4).

    So a host that hangs costs one round of time-outs, not one for each of its pages. A robots.txt that is missing or
    unreadable allows everything, as in Scrapy.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.unaskable: dict[str, AttemptEndedError] = {}

    def process_request_2(self, rp: RobotParser | None, request: scrapy.Request) -> None:
        ended = self.unaskable.get(urlsplit(request.url).netloc)
        if ended:
            raise ended
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise AttemptEndedError(Outcome.ROBOTS, "robots.txt asks us not to fetch this page") from error

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        outcome, detail = explain(exc)
        if outcome in UNASKABLE:
            self.unaskable[netloc] = AttemptEndedError(outcome, f"robots.txt: {detail}")
        super()._robots_error(exc, netloc)


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
    """Offers gzip and deflate only: each further decoder is one more parser of hostile bytes."""

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
