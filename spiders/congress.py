"""Congress.gov, version 3: one bill with what is listed below it, or every page of a list of bills.

Does not do: the texts themselves, amendments, members, votes.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from monitor.envelope import part, rows
from spiders.interface import (
    DATA_GOV_KEY,
    Conversation,
    InterfaceSpider,
    set_query,
    turn_pages,
)

LIMIT = 250
LISTS = {"summaries": "summaries", "text": "textVersions", "actions": "actions"}
"""What is asked below a bill, and the key of its rows."""
_BILL = re.compile(r".*/v3/bill/\d+/[a-z]+/\d+", re.IGNORECASE)


class CongressSpider(InterfaceSpider):
    name = "congress"
    kinds = frozenset({"congress"})
    key_name = DATA_GOV_KEY

    def converse(self, url: str) -> Conversation:
        parts = urlsplit(url)
        if not _BILL.fullmatch(parts.path):
            yield from _turn(url, "bills")
            return
        yield set_query(url, format="json")
        for below, key in LISTS.items():
            yield from _turn(urlunsplit(parts._replace(path=f"{parts.path}/{below}")), key)


def _turn(url: str, key: str) -> Conversation:
    """Without `format` the interface answers in XML."""
    return turn_pages(
        lambda page: set_query(url, format="json", limit=LIMIT, offset=LIMIT * (page - 1)),
        lambda content: rows(content, key),
        lambda content: part(content, "pagination").get("next"),
    )
