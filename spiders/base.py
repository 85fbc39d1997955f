"""What every spider does: ask for each Request once, and turn whatever comes back into one Fetch.

    Request ─▶ scrapy.Request (conditional, where validators are known)
                 ├─ answered ─▶ parse ──▶ Fetch ok | unchanged | http-error
                 └─ failed ───▶ failed ─▶ Fetch with the Outcome that `spiders.outcomes` reads from the exception

Does not do: robots, retries, limits, the address guard (downloader middlewares, see `monitor.crawl.settings`), clocks.
"""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

import scrapy

from monitor.model import Fetch, Outcome, Request
from spiders.outcomes import explain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from datetime import datetime

    from scrapy.http import Headers, Response

UNKEPT_HEADERS = frozenset({"set-cookie"})
"""Differs with every answer and may identify us; it is evidence of nothing."""
MAX_HEADERS = 64
MAX_HEADER_BYTES = 4096
"""Real answers carry some twenty headers; only an attack has more than this, or longer ones."""


class BaseSpider(scrapy.Spider):
    """A spider for the sources of its `kinds`."""

    kinds: ClassVar[frozenset[str]]
    accept: ClassVar[str]
    """The Accept header it asks with."""
    max_bytes: ClassVar[int]
    """The largest answer it takes, as sent and again when decompressed."""
    renders: ClassVar[bool] = False
    """Whether it asks by way of a browser."""

    def __init__(self, requests: Sequence[Request], now: datetime, **kwargs: Any) -> None:
        """`now` is put on every Fetch; the runner replaces it by the time of arrival."""
        super().__init__(**kwargs)
        self.requests = requests
        self.now = now

    async def start(self) -> AsyncIterator[scrapy.Request | Fetch]:
        for asked in self.requests:
            yield self._ask(asked)

    def parse(self, response: Response, asked: Request) -> Iterator[Fetch]:
        """The Fetch of an answer, whatever its status."""
        outcome = _outcome_of(response.status)
        yield Fetch(
            source_id=asked.source_id,
            url=asked.url,
            at=self.now,
            outcome=outcome,
            status=response.status,
            final_url=response.url,
            headers=_readable(response.headers),
            body=response.body if outcome is Outcome.OK else None,
            partial="partial" in response.flags,
            duration_ms=_milliseconds(response.meta),
            detail=_status_line(response) if outcome is Outcome.HTTP_ERROR else "",
        )

    def failed(self, failure: Any) -> Iterator[Fetch]:
        """The Fetch of an attempt without an answer, after the retries.

        `failure` is Twisted's Failure, on which Scrapy sets `request`: the last one after redirects and retries.
        """
        request = failure.request
        outcome, detail = explain(failure.value)
        attempts = request.meta.get("retry_times", 0) + 1
        yield self._unanswered(
            request.cb_kwargs["asked"],
            outcome,
            detail if attempts == 1 else f"{detail}, asked {attempts} times",
            final_url=request.url,
        )

    def _ask(self, asked: Request) -> scrapy.Request | Fetch:
        """The question for Scrapy, or at once the Fetch for something that is no URL."""
        try:
            return scrapy.Request(
                asked.url,
                headers=_headers_for(asked, self.accept),
                callback=self.parse,
                errback=self.failed,
                cb_kwargs={"asked": asked},
                meta={"download_maxsize": self.max_bytes},
                dont_filter=True,  # two sources may watch the same page
            )
        except ValueError as error:
            outcome, detail = explain(error)
            return self._unanswered(asked, outcome, detail)

    def _unanswered(self, asked: Request, outcome: Outcome, detail: str, final_url: str | None = None) -> Fetch:
        return Fetch(asked.source_id, asked.url, self.now, outcome, final_url=final_url, detail=detail)


def _headers_for(asked: Request, accept: str) -> dict[str, str]:
    validators = {"If-None-Match": asked.etag, "If-Modified-Since": asked.last_modified}
    return {"Accept": accept, **{name: value for name, value in validators.items() if value}}


def _outcome_of(status: int) -> Outcome:
    """206 is a part of the text, and we never ask for a part."""
    if status == HTTPStatus.NOT_MODIFIED:
        return Outcome.UNCHANGED
    if status == HTTPStatus.PARTIAL_CONTENT:
        return Outcome.HTTP_ERROR
    return Outcome.OK if HTTPStatus(200) <= status < HTTPStatus(300) else Outcome.HTTP_ERROR


def _readable(headers: Headers) -> dict[str, str]:
    """As on Fetch: names in lower case, several values joined. Bytes are latin-1 by the HTTP standard."""
    joined = {name.decode("latin-1").lower(): b", ".join(headers.getlist(name)) for name in headers}
    kept = islice((name for name in joined if name not in UNKEPT_HEADERS), MAX_HEADERS)
    return {name[:MAX_HEADER_BYTES]: joined[name][:MAX_HEADER_BYTES].decode("latin-1") for name in kept}


def _milliseconds(meta: dict[str, Any]) -> int:
    """From the question to the first byte of the last answer."""
    latency: float = meta.get("download_latency", 0)
    return round(latency * 1000)


def _status_line(response: Response) -> str:
    """`404 Not Found`, and for a redirect that was not followed, where it pointed to."""
    phrase = HTTPStatus(response.status).phrase if response.status in set(HTTPStatus) else "unknown status"
    location = response.headers.get("Location")
    target = f", not followed to {location.decode('latin-1')[:200]}" if location else ""
    return f"{response.status} {phrase}{target}"
