"""Pages that scripts make: opened in Chromium through scrapy-playwright, as one more download handler of the crawl.

    scrapy.Request with meta RENDER ─▶ fresh context ─▶ navigate ─▶ Watch until it stands still ─▶ its DOM as HTML

The response has the status, address and headers of the document that stands there in the end, and its DOM as body; the
header MARK says what made it. One browser serves the whole crawl and opens PAGES_AT_ONCE, each in a context of its own,
where it meets no cookie, cache or permission of another one. Its only way out is the Gate.

Where no browser starts, every request ends as NO_BROWSER, those for robots.txt included: nothing is asked at all.

Does not do: judging when a page is done (`monitor.crawl.watch`); robots.txt, retries, politeness (as for every page).
"""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, ClassVar, Self, cast
from urllib.parse import urlsplit

from playwright._impl._errors import TargetClosedError
from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy.http import Headers, HtmlResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.provider import PlaywrightBrowserProvider

from monitor.crawl.gate import Gate
from monitor.crawl.guard import refuse
from monitor.crawl.heads import BoundedHeads
from monitor.crawl.watch import POLL_S, Watch
from monitor.model import Outcome
from spiders.outcomes import AttemptEndedError
from spiders.rendered import RENDER

if TYPE_CHECKING:
    import scrapy
    import scrapy.http
    from playwright.async_api import Browser, Page, Response
    from playwright.async_api import Request as Asked
    from scrapy.crawler import Crawler
    from scrapy_playwright.handler import Config
    from scrapy_playwright.provider import BrowserProvider

MARK = "X-Policy-Monitor-Rendered"
PAGES_AT_ONCE = 2
"""Each takes some 100 MB."""
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What systems call their Chromium. The one that Playwright has installed itself goes before them."""
VISITOR = {
    "viewport": {"width": 1280, "height": 1024},
    "locale": "en-US",
    "timezone_id": "UTC",
    "color_scheme": "light",
    "reduced_motion": "reduce",
    "service_workers": "block",
    "accept_downloads": False,
    "permissions": [],
}
"""The same each time, so that a page differs only where its publisher changed it."""
UNREAD = frozenset({"image", "media", "font"})
UNTRUE = ("Content-Encoding", "Content-Length", "ETag", "Last-Modified", "Transfer-Encoding")
"""Headers that are true of the document as sent, and not of what scripts have made of it."""
LEFT = ("page is navigating", "because of a navigation", "interrupted by another navigation")
"""How Playwright says so (its frames.ts and javascript.ts); it has no class of its own for it."""
NET_ERRORS = (
    ("ERR_BAD_SSL_", Outcome.TLS),
    ("ERR_CERT_", Outcome.TLS),
    ("ERR_SSL_", Outcome.TLS),
    ("ERR_TIMED_OUT", Outcome.TIMEOUT),
    ("ERR_CONNECTION_", Outcome.UNREACHABLE),
    ("ERR_EMPTY_RESPONSE", Outcome.UNREACHABLE),
    ("ERR_SOCKS_", Outcome.UNREACHABLE),
)
"""What Chromium's net errors begin with (net_error_list.h). Every other one is an answer that is no whole one."""


class BrowserHandler(ScrapyPlaywrightDownloadHandler, BoundedHeads):
    """The download handler for http and https in a crawl of pages that need a browser."""

    shared: ClassVar[Self | None] = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for both schemes: Scrapy makes one for each, and each would start a browser of its own."""
        cls.shared = cls.shared or cls(crawler)
        return cls.shared

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.answer_s = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.settle_s = settings.getfloat("RENDER_TIMEOUT")
        self.agent = settings["USER_AGENT"]
        self.gate = Gate(frozenset(settings.getlist("GUARD_OPEN_HOSTS")), guarded=settings.getbool("GUARD_ENABLED"))
        self.chromium = Chromium(self.config, self.gate, settings["CHROMIUM"])
        self.browser_provider_cls = cast("type[BrowserProvider]", lambda _: self.chromium)
        self.places = asyncio.Semaphore(PAGES_AT_ONCE)
        self.numbers = count()
        self.is_closed = False

    async def close(self) -> None:
        if not self.is_closed:  # once for each scheme
            self.is_closed = True
            await super().close()

    async def download_request(self, request: scrapy.Request) -> scrapy.http.Response:
        if self.chromium.fault:
            raise AttemptEndedError(Outcome.NO_BROWSER, self.chromium.fault)
        if RENDER not in request.meta:
            return await super().download_request(request)
        async with self.places:
            return await self._render(request, Watch())

    async def _render(self, request: scrapy.Request, watch: Watch) -> HtmlResponse:
        request.meta.update(
            playwright=True,
            playwright_include_page=True,  # it stays open until we have read it
            playwright_context=f"page {next(self.numbers)}",
            playwright_context_kwargs=VISITOR | {"user_agent": self._user_agent()},
            playwright_page_init_callback=watch.attach,
            playwright_page_goto_kwargs={"wait_until": "commit"},
        )
        try:
            async with asyncio.timeout(self.answer_s + self.settle_s):
                await self._open(request)
                return await self._read(request, request.meta["playwright_page"], watch)
        except (TimeoutError, PlaywrightTimeoutError) as error:
            raise AttemptEndedError(Outcome.TIMEOUT, "no whole answer in time, in a browser") from error
        except RuntimeError as error:  # of scrapy-playwright
            raise AttemptEndedError(Outcome.BROKEN, "it is a download and no page; remove `render`") from error
        except TargetClosedError:  # the browser broke, maybe by another page: LOST, and asked again soon
            raise
        except Error as error:
            raise self._explain(request.url, watch.refused, str(error)) from error
        finally:
            if page := request.meta.pop("playwright_page", None):
                with suppress(Error):  # it is gone with its browser
                    await page.context.close()

    async def _open(self, request: scrapy.Request) -> None:
        try:
            await super().download_request(request)
        except Error as error:
            if not _is_left(error):
                raise

    def _user_agent(self) -> str:
        """That of the browser, because scripts look at it, with our own name after it."""
        major = self.chromium.version.partition(".")[0]
        system = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        return f"{system} Chrome/{major}.0.0.0 Safari/537.36 {self.agent}"

    async def _read(self, request: scrapy.Request, page: Page, watch: Watch) -> HtmlResponse:
        is_still = await watch.stands_still(page, request.meta[RENDER], self.settle_s)
        body = await _read_document(page, request.meta["download_maxsize"])
        if urlsplit(page.url).scheme not in {"http", "https"}:
            raise self._explain(page.url, watch.refused, "neither http nor https")
        if watch.answer is None or not watch.is_answered:
            raise AttemptEndedError(Outcome.TIMEOUT, "no whole answer in time, in a browser")
        if failure := watch.answer.request.failure:
            raise AttemptEndedError(Outcome.BROKEN, f"the answer was cut short ({failure})")
        media_type = watch.answer.headers.get("content-type", "html")
        if watch.answer.ok and "html" not in media_type:
            raise AttemptEndedError(Outcome.BROKEN, f"it is {media_type} and no page; remove `render`")
        state = "still" if is_still else f"not still after {self.settle_s:g} s"
        headers = await _read_headers(watch.answer, f"Chromium {self.chromium.version}; {state}")
        return HtmlResponse(page.url, watch.answer.status, headers, body, request=request, encoding="utf-8")

    def _explain(self, url: str, refused: Asked | None, said: str) -> AttemptEndedError:
        """Why a page did not open. `refused`: the navigation that failed, which may be another than the first."""
        if refused:
            url, said = refused.url, refused.failure or said
        code = said.removeprefix("net::")
        host = urlsplit(url).hostname
        if code.startswith("ERR_SOCKS_") and host in self.gate.failures:
            outcome, reason = self.gate.failures[host]
            return refuse(url, reason) if outcome is Outcome.REFUSED_ADDRESS else AttemptEndedError(outcome, reason)
        outcome = next((meaning for start, meaning in NET_ERRORS if code.startswith(start)), Outcome.BROKEN)
        return AttemptEndedError(outcome, f"the browser did not open {url}: {code.splitlines()[0][:200]}")


async def _read_document(page: Page, most: int) -> bytes:
    """The DOM as HTML, of at most `most` characters. Read again while a script navigates away from what was there.

    A page that never stops doing so ends with the time limit of the whole.
    """
    while True:
        try:
            size = await page.evaluate("document.documentElement?.outerHTML.length ?? 0")
            if size > most:
                detail = f"scripts made a page of {size} characters, more than we accept"
                raise AttemptEndedError(Outcome.TOO_LARGE, detail)
            return (await page.content()).encode()
        except Error as error:
            if not _is_left(error):
                raise
        await asyncio.sleep(POLL_S)


def _is_left(error: Error) -> bool:
    """Whether a script has just left the page that Playwright was opening or reading: no fault, there is another."""
    return any(words in str(error) for words in LEFT)


async def _read_headers(answer: Response, mark: str) -> Headers:
    headers = Headers(await answer.all_headers())
    for name in UNTRUE:
        headers.pop(name, None)
    headers["Content-Type"] = "text/html; charset=utf-8"
    headers[MARK] = mark
    return headers


class Chromium(PlaywrightBrowserProvider):
    """Starts Chromium behind the gate, before the first request, so that a machine without one asks nothing."""

    def __init__(self, config: Config, gate: Gate, named: str | None) -> None:
        """`named`: the executable that was configured; None = the first that starts."""
        super().__init__(config)
        self.gate = gate
        self.named = named
        self.version = ""
        self.fault = "Playwright does not start"
        """Why there is no browser; "" = there is one."""
        self.started: Browser | None = None

    async def start(self) -> None:
        await super().start()
        self.config.launch_options["proxy"] = {"server": await self.gate.open()}
        self.started = await self._find()

    async def launch_browser(self) -> Browser:
        """The one that was started; after a crash another one."""
        browser, self.started = self.started, None
        browser = browser or await self._find()
        if browser is None:
            raise AttemptEndedError(Outcome.NO_BROWSER, self.fault)
        return browser

    async def close(self) -> None:
        await super().close()
        self.gate.close()

    async def _find(self) -> Browser | None:
        """The first that starts: the configured one alone, or else Playwright's own and then the system's."""
        for path in [self.named] if self.named else [None, *filter(None, map(shutil.which, INSTALLED))]:
            # Its own is the whole Chromium too, and not the headless shell, which has not all of the switches.
            self.config.launch_options |= {"executable_path": path, "channel": None if path else "chromium"}
            try:
                browser: Browser = await super().launch_browser()
            except Error as error:
                self.fault = f"Chromium does not start: {str(error).splitlines()[0][:300]}"
            else:
                self.version, self.fault = browser.version, ""
                return browser
        return None


def is_unread(request: Asked) -> bool:
    """For scrapy-playwright: what is not even asked for, because it holds no text."""
    return request.resource_type in UNREAD
