"""Have Your Say, the Commission's portal: every page of a search for initiatives, or one initiative.

    /info/law/better-regulation/brpapi/searchInitiatives?topic=DIGITAL   or feedbackStatus=OPEN, or text=…
    /info/law/better-regulation/brpapi/groupInitiatives/14628            one, with all its stages

The portal silently ignores what it does not know (`receivingFeedbackStatus`, `initiativeStatus`) and gives everything,
and it gives at most 100 to a page, whatever is asked for.

Does not do: the feedback that was given, attached files.
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.envelope import part, rows
from spiders.interface import Conversation, InterfaceSpider, set_query, turn_pages

SIZE = 100
_PAGE = "initiativeResultDtoPage"


class HaveYourSaySpider(InterfaceSpider):
    name = "have-your-say"
    kinds = frozenset({"have-your-say"})
    zone: ClassVar[ZoneInfo] = ZoneInfo("Europe/Brussels")

    def converse(self, url: str) -> Conversation:
        if not urlsplit(url).path.endswith("/searchInitiatives"):
            yield set_query(url, language="EN")
            return
        yield from turn_pages(
            lambda number: set_query(url, language="EN", size=SIZE, page=number - 1),
            lambda content: [each.get("id") for each in rows(part(content, _PAGE), "content")],
            _has_more,
        )


def _has_more(content: dict[str, Any]) -> bool:
    return part(content, _PAGE).get("last") is False
