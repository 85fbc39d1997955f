"""GOV.UK: a list with every document that is in it, or one document of the Content API.

A list is the Atom feed of a finder (`/search/policy-papers-and-consultations.atom?organisations[]=…`) or an answer of
the Search API (`/api/search.json?filter_organisations=…`): titles of what was updated last. What they say, until when a
consultation is open and that something was withdrawn stands in the Content API, which is asked by the path of each. A
listed document may be gone (410), moved (303) or hidden (404) by then. One that is declared by itself
(`/api/content/PATH`) may be gone, too; where it was moved, it is asked for at its new path.

Does not do: the texts of attachments, HTML or not; each has a path of its own and can be declared.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from parsel import Selector

from monitor.envelope import rows
from spiders.interface import Conversation, InterfaceSpider, set_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.envelope import Answer

CONTENT = "/api/content"
SEARCH = "/api/search.json"
MAX_DOCUMENTS = 50
"""A finder lists no more."""
MAX_BYTES = 4 * 1024 * 1024
"""A finder has some 60 kB, a long guide some 1 MB. More than this is parsed for seconds while other spiders wait."""
FIELDS = "title,link,description,public_timestamp"


class GovUkSpider(InterfaceSpider):
    name = "govuk"
    kinds = frozenset({"govuk"})
    accept = "application/json,application/atom+xml"
    max_bytes = MAX_BYTES
    zone = ZoneInfo("Europe/London")
    bears: ClassVar[Mapping[int, int]] = {HTTPStatus.GONE: 1, HTTPStatus.NOT_FOUND: 2, HTTPStatus.SEE_OTHER: 2}

    def converse(self, url: str) -> Conversation:
        if urlsplit(url).path == SEARCH:
            url = set_query(url, order="-public_timestamp", count=MAX_DOCUMENTS, start=0, fields=FIELDS)
        first = yield url
        if urlsplit(url).path.startswith(f"{CONTENT}/"):
            moved_to = find_destination(first.content)
            paths = [moved_to] if moved_to else []
        else:
            paths = list(dict.fromkeys(_iter_paths(first, urlsplit(url).netloc)))[:MAX_DOCUMENTS]
        for path in paths:
            yield urlunsplit(urlsplit(url)._replace(path=f"{CONTENT}{path}", query="", fragment=""))


def find_destination(content: Mapping[str, Any]) -> str:
    """The path on GOV.UK to which a document was moved; "" where it was not, or elsewhere."""
    moves = rows(content, "redirects") if content.get("schema_name") == "redirect" else []
    own = [each for each in moves if each.get("path") == content.get("base_path")] or moves
    return next((_find_path(str(each.get("destination") or ""), "") for each in own), "")


def _iter_paths(answer: Answer, host: str) -> Iterator[str]:
    """Of the documents on this host, the newest first; some lists name what is elsewhere, too."""
    root = Selector(body=answer.body or b"<nothing/>", type="xml", encoding="utf-8")
    links = root.xpath("/*[local-name()='feed']/*[local-name()='entry']/*[local-name()='link']/@href").getall()
    found = [*links, *(str(each.get("link") or "") for each in rows(answer.content, "results"))]
    return filter(None, (_find_path(each, host) for each in found))


def _find_path(address: str, host: str) -> str:
    """The path of an address on this host, "" where it is on another."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path.rstrip("/") if parts.netloc in {"", host} and parts.path.startswith("/") else ""
