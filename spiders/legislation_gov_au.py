"""Australia's Federal Register of Legislation: every page of a list of versions or titles, or one title.

`url` is a list with its `$filter` (`/v1/Versions?…`, `/v1/Titles?…`) or one title, `/v1/Titles('C2021A00076')`, of
which all versions are asked for as well. Public clients that asked in August and September 2026 found: more than 100
rows to a question are refused, `@odata.nextLink` loses the filter, and a single title is refused with `$top`. So pages
are counted by `$skip`. That rows stand in the same order on every page, where the URL sets none, is assumed; an order
is not set here, as `$orderby` together with a filter by collection is refused.

Does not do: the texts (EPUB, PDF and Word, at `/v1/Documents`).
"""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from monitor.envelope import rows
from spiders.interface import Conversation, InterfaceSpider, set_parameters, turn_pages

TOP = 100
_TITLE = re.compile(r".*/titles\('[^']+'\)/?", re.IGNORECASE)
_KEY = ("id", "titleId", "start", "retrospectiveStart")
"""A title has the first alone, a version the others: one title has many of them."""


class LegislationGovAuSpider(InterfaceSpider):
    name = "legislation-gov-au"
    kinds = frozenset({"legislation-gov-au"})
    zone: ClassVar[ZoneInfo] = ZoneInfo("Australia/Sydney")

    def converse(self, url: str) -> Conversation:
        if _TITLE.fullmatch(unquote(urlsplit(url).path)):
            yield set_parameters(url, {"$expand": ["versions"]})
            return
        yield from turn_pages(
            lambda page: set_parameters(
                url, {"$count": ["true"], "$top": [str(TOP)], "$skip": [str(TOP * (page - 1))]}
            ),
            _name_rows,
            lambda content: len(rows(content, "value")) >= TOP,
        )


def _name_rows(content: dict[str, Any]) -> list[list[Any]]:
    return [[each.get(name) for name in _KEY] for each in rows(content, "value")]
