"""legislation.gov.uk: the pages of one of its feeds (`…/data.feed`), or one document (`/ukpga/2023/50/data.xml`).

Of the changes to laws (`/changes/…`) every page is asked for: what one law does to another stands on several of them.
The other feeds go back to the beginning, the newest first: they are read as far as WINDOW_DAYS before their newest
entry. An address of the publication log (`/update/…`) gives 20 entries to a page, whatever is asked.

The publisher asks for 5 seconds between questions (robots.txt) and for a name with a contact; it answers 202 while it
still makes a document, 403 and 437 to those whom it does not want.

Does not do: the texts of the laws that a feed names.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from parsel import Selector

from spiders.interface import MAX_PAGES, Conversation, InterfaceSpider, set_parameters

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from monitor.envelope import Answer

CRAWL_DELAY = 5.0
"""Seconds between two questions, as its robots.txt asks for."""
PAGE_SIZE = 200
FEED_BYTES = 2 * 1024 * 1024
"""Of a page, as far as it is looked at here: what counts stands at its head. 200 effects have some 600 kB, and what is
much longer would be parsed for seconds while other spiders wait."""
WINDOW_DAYS = 30
"""As long as the usual window of a query (`{since}`)."""

_ENTRY = "/*[local-name()='feed']/*[local-name()='entry']"


class LegislationGovUkSpider(InterfaceSpider):
    name = "legislation-gov-uk"
    kinds = frozenset({"legislation-gov-uk"})
    accept = "application/atom+xml,application/xml"
    zone = ZoneInfo("Europe/London")

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("DOWNLOAD_DELAY", CRAWL_DELAY, priority="spider")

    def converse(self, url: str) -> Conversation:
        path = urlsplit(url).path
        if not path.endswith("/data.feed"):
            yield url
            return
        is_whole = path.startswith("/changes/")
        moment = "published" if path.startswith("/new/") else "updated"
        seen, newest = set[str](), None
        for page in range(1, MAX_PAGES + 1):
            answer = yield set_parameters(url, _choose(path) | {"page": [str(page)]})
            root = _parse(answer)
            ids = set(root.xpath(f"{_ENTRY}/*[local-name()='id']/text()").getall())
            last = _find_last_day(root, moment)
            newest = newest or last
            is_past = not is_whole and newest and last and newest - last > timedelta(days=WINDOW_DAYS)
            if not _has_more(root) or ids <= seen or is_past:
                return
            seen |= ids


def _choose(path: str) -> dict[str, list[str]]:
    """New laws and events are given in the order of their days; the others, unless told so, in one of their own."""
    size = {"results-count": [str(PAGE_SIZE)]}
    if path.startswith("/update/"):
        return {}
    return size if path.startswith("/new/") else size | {"sort": ["modified"]}


def _parse(answer: Answer) -> Selector:
    return Selector(body=answer.body[:FEED_BYTES] or b"<nothing/>", type="xml", encoding="utf-8")


def _find_last_day(root: Selector, moment: str) -> date | None:
    """The newest day on the page; None where it has none."""
    written = root.xpath(f"{_ENTRY}/*[local-name()='{moment}']/text()").getall()
    return max(filter(None, map(_parse_day, written)), default=None)


def _parse_day(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        return None


def _has_more(root: Selector) -> bool:
    """By the number of pages that are left, which is an estimate, or the link to the next."""
    left = root.xpath("string(/*/*[local-name()='morePages'])").get("").strip()
    following = root.xpath("/*/*[local-name()='link'][@rel='next']")
    return bool(following) or (left.isdecimal() and int(left) > 0)
