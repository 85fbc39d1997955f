"""The Federal Register: every page of a query to `/api/v1/documents.json`, with the fields that are read.

`url` holds the conditions alone; how many to a page, in which order and with which fields is set here. Beyond page 50,
or 10,000 documents, the interface silently gives page 1 again.

Does not do: the text of the documents; abstract, action and dates are what is asked for.
"""

from __future__ import annotations

from monitor.envelope import rows
from spiders.interface import Conversation, InterfaceSpider, set_parameters, set_query, turn_pages

PER_PAGE = 200
FIELDS = (
    "document_number",
    "type",
    "subtype",
    "title",
    "action",
    "abstract",
    "dates",
    "publication_date",
    "comments_close_on",
    "effective_on",
    "correction_of",
    "docket_ids",
    "regulation_id_numbers",
    "cfr_references",
    "agencies",
    "html_url",
)


class FederalRegisterSpider(InterfaceSpider):
    name = "federal-register"
    kinds = frozenset({"federal-register"})

    def converse(self, url: str) -> Conversation:
        query = set_parameters(url, {"fields[]": list(FIELDS)})
        return turn_pages(
            lambda page: set_query(query, order="newest", per_page=PER_PAGE, page=page),
            lambda content: [each.get("document_number") for each in rows(content, "results")],
            lambda content: content.get("next_page_url"),
        )
