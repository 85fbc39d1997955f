"""Where a cited law can be read: normal form → address at the official publisher.

Does not do: finding citations in texts (`monitor.compare.citations`, whose table says what normal forms there are).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CELEX = {"reg": "R", "dir": "L", "dec": "D"}
_GERMAN = frozenset({"bgb", "ddg", "juschg", "netzdg", "stgb", "tdddg", "urhg", "vsbg"})
"""Codes that stand at gesetze-im-internet.de under their own name; others have a year behind it."""


def find_address(norm: str) -> str | None:
    """Of `eu:reg:2022/2065#art16` EUR-Lex, at the article; None where no address is sure for this form."""
    for form, build in _FORMS:
        if found := form.fullmatch(norm):
            return build(found)
    return None


def _eu(found: re.Match[str]) -> str:
    """By CELEX number: https://eur-lex.europa.eu/content/tools/TableOfSectors/types_of_documents_in_eurlex.html."""
    celex = f"3{found['year']}{_CELEX[found['kind']]}{int(found['serial']):04}"
    place = {"art": "art_", "rec": "rct_"}.get(found["part"] or "")
    pin = f"#{place}{found['at']}" if place and found["at"] else ""
    return f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{celex}{pin}"


def _us_code(found: re.Match[str]) -> str:
    granule = f"USC-prelim-title{found['title']}-section{found['section']}"
    return f"https://uscode.house.gov/view.xhtml?req=granuleid:{granule}&edition=prelim"


def _us_regulations(found: re.Match[str]) -> str:
    level = "section" if "." in found["section"] else "part"
    return f"https://www.ecfr.gov/current/title-{found['title']}/{level}-{found['section']}"


def _californian(found: re.Match[str]) -> str:
    base = "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml"
    return f"{base}?lawCode={found['code'].upper()}&sectionNum={found['section']}."


def _uk(found: re.Match[str]) -> str:
    section = f"/section/{found['section']}" if found["section"] else ""
    return f"https://www.legislation.gov.uk/{found['kind']}/{found['year']}/{found['number']}{section}"


def _german(found: re.Match[str]) -> str | None:
    if found["code"] not in _GERMAN:
        return None
    base = f"https://www.gesetze-im-internet.de/{found['code']}/"
    return f"{base}__{found['at']}.html" if found["at"] else base


def _fill(address: str) -> Callable[[re.Match[str]], str]:
    return lambda found: address.format_map(found.groupdict())


_REST = r"(?:#.*)?"
"""Articles and paragraphs that the address cannot lead to."""

_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (
        re.compile(
            r"eu:(?P<kind>reg|dir|dec):(?P<year>\d{4})/(?P<serial>\d{1,4})(?:#(?P<part>[a-z]+)(?P<at>\d+[a-z]?)?.*)?"
        ),
        _eu,
    ),
    (re.compile(rf"us:usc:(?P<title>\d+)/(?P<section>[\w.-]+){_REST}"), _us_code),
    (re.compile(rf"us:cfr:(?P<title>\d+)/(?P<section>[\w.-]+){_REST}"), _us_regulations),
    (
        re.compile(rf"us:publ:(?P<congress>\d+)-(?P<law>\d+)(?:/.*)?{_REST}"),
        _fill("https://www.govinfo.gov/link/plaw/{congress}/public/{law}"),
    ),
    (
        re.compile(rf"us:stat:(?P<volume>\d+)/(?P<at>\d+){_REST}"),
        _fill("https://www.govinfo.gov/link/statute/{volume}/{at}"),
    ),
    (
        re.compile(rf"us:fr:(?P<volume>\d+)/(?P<at>\d+){_REST}"),
        _fill("https://www.federalregister.gov/citation/{volume}-FR-{at}"),
    ),
    (re.compile(rf"us-ca:(?P<code>[a-z]+):(?P<section>[\d.]+[a-z]?){_REST}"), _californian),
    (
        re.compile(r"uk:(?P<kind>ukpga|uksi):(?P<year>\d{4})/(?P<number>\d+)(?:#(?:s(?P<section>\d+[a-zA-Z]*))?.*)?"),
        _uk,
    ),
    (
        re.compile(rf"ie:(?P<kind>act|si):(?P<year>\d{{4}})/(?P<number>\d+){_REST}"),
        _fill("https://www.irishstatutebook.ie/eli/{year}/{kind}/{number}"),
    ),
    (re.compile(r"de:(?P<code>[a-z]+)(?:#§(?P<at>\d+[a-z]?).*)?"), _german),
)
