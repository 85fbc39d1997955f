"""The crawl process: reads one Work from standard input, crawls, writes frames. `python -m monitor.crawl.child`.

Standard output belongs to the frames alone: whatever else prints ends up on standard error. The process limits its own
memory, and that of a browser, and ends when its parent is gone; a browser ends with it.

Does not do: storing anything, judging completeness (the runner counts what is missing).
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import threading
import time
from typing import IO, TYPE_CHECKING

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from monitor.crawl.frames import Verdict, write_fetch, write_verdict
from monitor.crawl.settings import crawl_settings
from monitor.crawl.work import Work
from spiders.base import BaseSpider

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from monitor.model import Fetch, Request

MEMORY = 2 * 1024**3
"""Bytes, in each process. A crawl of hundreds of pages needs about 150 MB, a page in a browser some 700; what needs
more than this is an attack or a leak."""
PARENT_CHECK_S = 0.5


class Crawl:
    """One Work in Scrapy's hands: Fetches go out as they come, what went wrong is kept for the Verdict."""

    def __init__(self, work: Work, frames: IO[bytes]) -> None:
        self.work = work
        self.frames = frames
        self.process = AsyncCrawlerProcess(crawl_settings(work))
        self.reasons: dict[str, str] = {}
        self.errors: list[str] = []

    def run(self) -> Verdict:
        """Crawls until every spider has finished."""
        for spider, requests in self._assign().items():
            self._start(spider, requests)
        self.process.start()
        return Verdict(self.reasons, tuple(self.errors))

    def _assign(self) -> dict[type[BaseSpider], list[Request]]:
        """Each Request to the spider that declares its kind, in a browser or without."""
        loader = self.process.spider_loader
        spiders = [cls for cls in map(loader.load, loader.list()) if issubclass(cls, BaseSpider)]
        by_kind = {kind: spider for spider in spiders if spider.renders is self.work.renders for kind in spider.kinds}
        assigned: dict[type[BaseSpider], list[Request]] = {}
        for request in self.work.requests:
            if request.kind in by_kind:
                assigned.setdefault(by_kind[request.kind], []).append(request)
            else:
                self.errors.append(f'no spider collects the kind "{request.kind}"')
        return assigned

    def _start(self, spider: type[BaseSpider], requests: list[Request]) -> None:
        crawler = self.process.create_crawler(spider)
        crawler.signals.connect(self._fetched, signals.item_scraped)
        crawler.signals.connect(self._raised, signals.spider_error)
        crawler.signals.connect(self._raised, signals.item_error)
        crawler.signals.connect(self._closed, signals.spider_closed)
        self.process.crawl(crawler, requests=requests, now=self.work.now)

    def _fetched(self, item: Fetch) -> None:
        write_fetch(self.frames, item)

    def _raised(self, failure: Failure, spider: Spider) -> None:
        self.errors.append(f"{spider.name}: {type(failure.value).__name__}: {failure.getErrorMessage()}")

    def _closed(self, spider: Spider, reason: str) -> None:
        self.reasons[spider.name] = reason


def main() -> None:
    frames = _take_stdout()
    work = Work.from_json(sys.stdin.buffer.read())
    # A browser reserves far more addresses than it ever writes to, so only what can be written counts for it.
    resource.setrlimit(resource.RLIMIT_DATA if work.renders else resource.RLIMIT_AS, (MEMORY, MEMORY))
    threading.Thread(target=_end_with_parent, args=(work.parent_pid,), daemon=True).start()
    crawl = Crawl(work, frames)
    logging.disable(logging.INFO)  # Scrapy builds a line for every step; at WARNING none of them is shown
    write_verdict(frames, crawl.run())


def _take_stdout() -> IO[bytes]:
    """Standard output for the frames alone; everything that prints later goes to standard error."""
    frames = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return frames


def _end_with_parent(parent_pid: int) -> None:
    """Ends this process once the parent is gone.

    Asked for by process id, not by waiting for the end of a pipe: a worker that the parent forks meanwhile would keep
    the pipe open.
    """
    while os.getppid() == parent_pid:
        time.sleep(PARENT_CHECK_S)
    os._exit(1)


if __name__ == "__main__":
    main()
