"""A limit for what comes before the body of an answer: status line and headers, and any interim answers before them.

Twisted limits the length of one line, and nothing limits how many there are: headers that never end filled the memory
of a crawl process until it died, and all that it had not yet asked for was lost with it.

Does not do: the limit for bodies, which is Scrapy's (DOWNLOAD_MAXSIZE); Chromium, which has a limit of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol
from twisted.web.client import HTTPConnectionPool

from monitor.model import Outcome
from spiders.outcomes import AttemptEndedError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request
    from twisted.web.iweb import IResponse

HEAD_BYTES = 512 * 1024
"""Chromium takes 256 kB. More, because the body may begin in the last part that is counted."""


class _Protocol(_LenientHTTP11ClientProtocol):
    head_bytes = 0

    def request(self, request: Request) -> Deferred[IResponse]:
        self.head_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        if self._parser is not None and self._parser.state in {STATUS, HEADER}:
            self.head_bytes += len(data)
        if self.head_bytes > HEAD_BYTES:
            self._giveUp(Failure(AttemptEndedError(Outcome.TOO_LARGE, "headers of more bytes than we accept")))
        else:
            HTTP11ClientProtocol.dataReceived(self, data)


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, _address: IAddress | None) -> _Protocol:
        return _Protocol(self._quiescentCallback)


class _Pool(HTTPConnectionPool):
    _factory = _Factory


class BoundedHeads(HTTP11DownloadHandler):
    """Scrapy's download handler for http and https, which hangs up on heads that are too long."""

    def __init__(self, crawler: Crawler) -> None:
        from twisted.internet import reactor  # installed by Scrapy

        super().__init__(crawler)
        self._pool = _Pool(reactor)
        self._pool.maxPersistentPerHost = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
