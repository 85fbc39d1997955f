"""robots.txt: asked for once per host and spider, before the first page, and obeyed.

Not Scrapy's RobotsTxtMiddleware: in 2.19 only one of the pages that wait for a robots.txt is given its rules, and the
others are fetched as if there were none (a Deferred that is awaited twice gives None the second time).

Does not do: remembering rules from one crawl to the next, Crawl-delay.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from monitor.crawl.settings import ROBOT
from monitor.model import Outcome
from spiders.outcomes import EXPECTED, AttemptEndedError, explain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

UNASKABLE = frozenset({Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.TLS})
IS_ROBOTS = "is_robots"
MAX_RULES = 2_000_000
"""Protego keeps a rule once for each robot that it is for: a megabyte of 30,000 names and rules makes a billion,
and the crawl ends there for all sources. Real ones have some 200 names and 5,000 lines."""


class Robots:
    """Downloader middleware. A robots.txt that is missing or unreadable allows everything.

    A host that cannot be asked for its robots.txt is not asked for its pages (RFC 9309, section 2.3.1.4); so a host
    that hangs costs one round of time-outs, not one for each page.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.rules: dict[str, asyncio.Task[RobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: scrapy.Request) -> None:
        if not request.meta.get(IS_ROBOTS):
            await self._obey(request.url)

    async def process_response(self, request: scrapy.Request, response: Response) -> Response:
        """A browser follows redirects past us: what came from where robots are not wanted is dropped."""
        if response.url != request.url:
            await self._obey(response.url)
        return response

    async def _obey(self, url: str) -> None:
        scheme, host, *_ = urlsplit(url)
        site = f"{scheme}://{host}"
        if site not in self.rules:
            self.rules[site] = asyncio.ensure_future(self._ask(site))
        rules = await self.rules[site]
        if not rules.allowed(url, ROBOT):
            raise AttemptEndedError(Outcome.ROBOTS, "robots.txt asks us not to fetch this page")

    async def _ask(self, site: str) -> RobotParser:
        """The rules of one host. Raises AttemptEndedError where it cannot be reached."""
        question = scrapy.Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta={IS_ROBOTS: True})
        try:
            response = await self.crawler.engine.download_async(question)
        except EXPECTED as error:
            outcome, detail = explain(error)
            if outcome in UNASKABLE:
                raise AttemptEndedError(outcome, f"robots.txt: {detail}") from error
            return self._parse(b"")
        return self._parse(response.body if response.status == HTTPStatus.OK else b"")

    def _parse(self, body: bytes) -> RobotParser:
        return ProtegoRobotParser.from_crawler(self.crawler, b"" if _is_explosive(body) else body)


def _is_explosive(body: bytes) -> bool:
    """Whether its rules, each for each of the robots that it names, are more than MAX_RULES. Counts rather too many."""
    text = body.decode(errors="replace").lower()
    return text.count("user") * len(text.splitlines()) > MAX_RULES
