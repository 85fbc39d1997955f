"""GovInfo: every page of a list of packages (`/collections/FR/{since}T00:00:00Z`, `/published/…`) or of granules.

The next page is named by a cursor (`offsetMark`) in an address, of which the cursor alone is taken.

Does not do: the texts of packages and granules.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from spiders.interface import DATA_GOV_KEY, MAX_PAGES, Conversation, InterfaceSpider, set_query

PAGE_SIZE = 1000


class GovInfoSpider(InterfaceSpider):
    name = "govinfo"
    kinds = frozenset({"govinfo"})
    key_name = DATA_GOV_KEY

    def converse(self, url: str) -> Conversation:
        mark, seen = "*", set[str]()
        while mark and mark not in seen and len(seen) < MAX_PAGES:
            seen.add(mark)
            content = (yield set_query(url, offsetMark=mark, pageSize=PAGE_SIZE)).content
            mark = _find_mark(str(content.get("nextPage") or ""))


def _find_mark(next_page: str) -> str:
    """The cursor in the address of the next page; "" where there is none."""
    try:
        query = urlsplit(next_page).query
    except ValueError:
        return ""
    return parse_qs(query).get("offsetMark", [""])[0]
