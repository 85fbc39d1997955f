"""LegiScan: every page of a search (`op=getSearch`), or one bill (`op=getBill`).

The free key may ask 30,000 times a month. A search gives 50 bills to a question, with their last action: so no bill is
asked for by itself unless a Source watches that one.

Does not do: `getSearchRaw`, whose results have neither titles nor actions.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.envelope import part
from spiders.interface import Conversation, InterfaceSpider, set_query, turn_pages


class LegiScanSpider(InterfaceSpider):
    name = "legiscan"
    kinds = frozenset({"legiscan"})
    key_name = "LEGISCAN_API_KEY"

    def converse(self, url: str) -> Conversation:
        if parse_qs(urlsplit(url).query).get("op") != ["getSearch"]:
            yield url
            return
        yield from turn_pages(
            lambda page: set_query(url, page=page), lambda content: list(_iter_bills(content)), _has_more
        )

    def sign(self, url: str, key: str) -> tuple[str, dict[str, str]]:
        """LegiScan takes its key as a parameter only."""
        return set_query(url, key=key), {}


def _iter_bills(content: dict[str, Any]) -> Any:
    """The ids of the bills, which stand under "0", "1" … beside the summary."""
    found = part(content, "searchresult")
    return (part(found, key).get("bill_id") for key in found if key.isdigit())


def _has_more(content: dict[str, Any]) -> bool:
    summary = part(part(content, "searchresult"), "summary")
    try:
        return int(summary["page_current"]) < int(summary["page_total"])
    except (KeyError, TypeError, ValueError):
        return False
