"""Ireland's Oireachtas: every page of a query to `/v1/legislation`, counted by `skip`.

`last_updated` of the query is about all that is known of a bill; `date_start` about its last stage alone, which may be
long ago when the bill is withdrawn.

Does not do: debates, questions, votes, members.
"""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from monitor.envelope import part, rows
from spiders.interface import Conversation, InterfaceSpider, set_query, turn_pages

LIMIT = 100
"""A bill that became law has some 20 kB: with its debates, amendments and papers."""


class OireachtasSpider(InterfaceSpider):
    name = "oireachtas"
    kinds = frozenset({"oireachtas"})
    zone: ClassVar[ZoneInfo] = ZoneInfo("Europe/Dublin")

    def converse(self, url: str) -> Conversation:
        return turn_pages(
            lambda page: set_query(url, limit=LIMIT, skip=LIMIT * (page - 1)),
            _name_bills,
            lambda content: len(rows(content, "results")) >= LIMIT,
        )


def _name_bills(content: dict[str, Any]) -> list[tuple[Any, Any]]:
    bills = (part(each, "bill") for each in rows(content, "results"))
    return [(each.get("billYear"), each.get("billNo")) for each in bills]
