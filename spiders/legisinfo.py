"""Canada's LEGISinfo: the bills of one session (`/legisinfo/en/bills/json?parlsession=45-1`), or one of them.

One question, one answer: an array of bills without pages. All sessions at once (`parlsession=all`) are 7,145 bills,
perhaps more than is accepted; without a session it was seen to move clients on to its overview, which is not followed.

Does not do: the texts of bills, votes, debates.
"""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from spiders.interface import Conversation, InterfaceSpider


class LegisInfoSpider(InterfaceSpider):
    name = "legisinfo"
    kinds = frozenset({"legisinfo"})
    zone: ClassVar[ZoneInfo] = ZoneInfo("America/Toronto")

    def converse(self, url: str) -> Conversation:
        yield url
