"""regulations.gov, version 4: every page of a list (`/v4/documents`, `/v4/dockets`), or one document or docket.

Lists are asked by the date of their last change, so that what changed stands within the window of the query. It gives
20 pages of 250 at most; a key may ask 1,000 times an hour.

Does not do: comments of the public, attachments.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.envelope import part, rows
from spiders.interface import (
    DATA_GOV_KEY,
    Conversation,
    InterfaceSpider,
    set_query,
    turn_pages,
)

PAGE_SIZE = 250
_LIST = re.compile(r"/v4/(?:documents|dockets)/?")


class RegulationsGovSpider(InterfaceSpider):
    name = "regulations-gov"
    kinds = frozenset({"regulations-gov"})
    accept = "application/vnd.api+json,application/json"
    key_name = DATA_GOV_KEY

    def converse(self, url: str) -> Conversation:
        if not _LIST.fullmatch(urlsplit(url).path):
            yield url
            return
        yield from turn_pages(
            lambda page: set_query(url, sort="lastModifiedDate,documentId", page__size=PAGE_SIZE, page__number=page),
            lambda content: [each.get("id") for each in rows(content, "data")],
            lambda content: part(content, "meta").get("hasNextPage"),
        )
