"""The eCFR: the versions of a part, and its text on the last day that the eCFR is up to date as of.

`url` is that of the versions (`/api/versioner/v1/versions/title-16.json?part=312`). A text of a later day than
`up_to_date_as_of`, which is some two days ago, is answered with 404; so the title is asked for it first.

Does not do: texts of earlier days.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from monitor.envelope import rows
from spiders.interface import Conversation, InterfaceSpider

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_VERSIONS = re.compile(r"(?P<base>.*)/versions/title-(?P<title>\d+)(?:\.json)?")


class EcfrSpider(InterfaceSpider):
    name = "ecfr"
    kinds = frozenset({"ecfr"})
    accept = "application/json,application/xml"

    def converse(self, url: str) -> Conversation:
        parts = urlsplit(url)
        named = _VERSIONS.fullmatch(parts.path)
        if not named:
            yield url
            return
        titles = (yield urlunsplit(parts._replace(path=f"{named['base']}/titles.json", query=""))).content
        versions = (yield url).content
        day = _find_day(titles, named["title"])
        if day and _stands(versions):
            yield urlunsplit(parts._replace(path=f"{named['base']}/full/{day}/title-{named['title']}.xml"))


def _find_day(titles: dict[str, Any], number: str) -> str:
    """The last day that the title is up to date as of; "" where it does not say so."""
    title = next((each for each in rows(titles, "titles") if str(each.get("number")) == number), {})
    day = str(title.get("up_to_date_as_of"))
    return day if _DAY.fullmatch(day) else ""


def _stands(versions: dict[str, Any]) -> bool:
    """Whether anything is left of the part: where all was removed, there is no text to ask for."""
    last = {str(each.get("identifier")): each for each in sorted(rows(versions, "content_versions"), key=_day_of)}
    return any(not each.get("removed") for each in last.values())


def _day_of(version: dict[str, Any]) -> str:
    return str(version.get("date") or "")
