"""One page in a browser: what its document was answered with, what it still asks for, and when it stands still.

Scripts write the text some time after the document has arrived, and no event says that they are done. A page stands
still when what is wanted of it holds text, that text has not changed for a second, and nothing that could change it is
under way; or when the text has not changed for longer, for pages that never stop asking.

Does not do: opening pages, time limits for the whole (`monitor.crawl.browser`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playwright.async_api import Error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import Page, Request, Response

POLL_S = 0.2
STILL_S = 1.0
STILL_THOUGH_ASKING_S = 4.0
SHAPING = frozenset({"document", "script", "xhr", "fetch"})
"""What can change the text. The others count and measure visitors, or look good."""

READ_TEXT = """selectors => {
    if (document.readyState === "loading") return "";
    const find = selector => { try { return [...document.querySelectorAll(selector)] } catch { return [] } };
    const wanted = selectors.length ? selectors.flatMap(find) : [document.body];
    return wanted.map(element => element?.innerText ?? "").join("").trim();
}"""
"""The text that is waited for; "" while it is not there. A selector that the browser does not know matches nothing."""


class Watch:
    """One page from before its first request on."""

    def __init__(self) -> None:
        self.answer: Response | None = None
        """The last one to a navigation of the page itself, redirects and those by scripts included."""
        self.refused: Request | None = None
        """The last navigation of the page itself that failed."""
        self._open: set[Request] = set()

    async def attach(self, page: Page, _asked: object) -> None:
        """Begins to watch, in the form in which scrapy-playwright calls before it navigates."""
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._failed)
        page.on("popup", lambda popup: popup.close())

    @property
    def is_answered(self) -> bool:
        """Whether the document itself has arrived to its end."""
        return self.answer is not None and self.answer.request not in self._open

    async def stands_still(self, page: Page, wanted: Sequence[str], limit_s: float) -> bool:
        """Waits until it does; False where it still does not after `limit_s`. `wanted`: selectors; none = all."""
        loop = asyncio.get_running_loop()
        began = since = loop.time()
        last = ""
        while (now := loop.time()) < began + limit_s:
            text = await _read_text(page, wanted)
            if text != last:
                last, since = text, now
            if text and now - since >= (STILL_THOUGH_ASKING_S if self._open else STILL_S):
                return True
            await asyncio.sleep(POLL_S)
        return False

    def _asked(self, request: Request) -> None:
        if request.resource_type in SHAPING:
            self._open.add(request)

    def _answered(self, response: Response) -> None:
        if _is_of_page(response.request):
            self.answer = response

    def _ended(self, request: Request) -> None:
        self._open.discard(request)

    def _failed(self, request: Request) -> None:
        self._ended(request)
        if _is_of_page(request):
            self.refused = request


def _is_of_page(request: Request) -> bool:
    return request.is_navigation_request() and request.frame.parent_frame is None


async def _read_text(page: Page, wanted: Sequence[str]) -> str:
    try:
        return str(await page.evaluate(READ_TEXT, list(wanted)))
    except Error:  # it has just navigated elsewhere
        return ""
