"""A Notion export: Markdown or HTML named `Title 0123456789abcdef0123456789abcdef.md`, in folders as the pages are.

The properties of a page in a database stand as lines below the title, or in a table; those that tell a fact of an SOP
are taken for it (`_FACTS`). Other lines stay in the text: they may be no properties at all. The tables of databases
(CSV) are not read.

Does not do: files that Notion keeps for a page.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.decode import decode
from monitor.sops.exports.page import ExportedPage, content_markup, has_text, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from selectolax.lexbor import LexborNode

PREFIX = "notion-"
_PAGE_NAME = re.compile(r"(?:(.*?)[ -])?([0-9a-f]{32})")
_PROPERTY = re.compile(r"(\w[\w /&()'-]{0,40}): (.*\S)[ \t]*")
_FACTS = {
    "owner": "owner",
    "author": "author",
    "created by": "author",
    "audience": "audience",
    "topic": "topics",
    "topics": "topics",
    "tags": "topics",
    "jurisdiction": "jurisdictions",
    "jurisdictions": "jurisdictions",
    "cites": "cites",
    "implements": "implements",
}
"""Names of properties in small letters, by the fact that they tell."""
_ONE_TEXT = frozenset({"owner", "author"})
_FURNITURE = ".table_of_contents, .properties"


def is_notion(texts: Iterable[str]) -> bool:
    """Whether files of these names are the pages of a Notion workspace."""
    return any(_page_id(name) for name in texts)


def iter_pages(texts: Mapping[str, bytes]) -> Iterator[ExportedPage]:
    """The pages that have a text, in the order of their names."""
    for name in sorted(texts):
        page_id = _page_id(name)
        if page_id:
            read = _read_markdown if name.endswith(".md") else _read_html
            page = read(PREFIX + page_id, _title_in(name), decode(texts[name], "utf-8"))
            if page:
                yield page


def _page_id(name: str) -> str | None:
    found = _PAGE_NAME.fullmatch(PurePosixPath(name).stem)
    return found[2] if found else None


def _title_in(name: str) -> str:
    found = _PAGE_NAME.fullmatch(PurePosixPath(name).stem)
    return (found and found[1]) or "Untitled"


def _read_markdown(page_id: str, named: str, text: str) -> ExportedPage | None:
    lines = text.strip().splitlines()
    title = lines.pop(0).removeprefix("# ").strip() if lines and lines[0].startswith("# ") else named
    begin = next((place for place, line in enumerate(lines) if line.strip()), 0)
    end = next((place for place in range(begin, len(lines)) if not _PROPERTY.fullmatch(lines[place])), len(lines))
    stated = [(place, *_split(lines[place])) for place in range(begin, end)]
    facts = _read_facts((name, value) for _, name, value in stated)
    told = {place for place, name, _ in stated if name in _FACTS}
    body = "\n".join(line for place, line in enumerate(lines) if place not in told).strip()
    return ExportedPage(page_id, title, body, ".md", facts) if body else None


def _split(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name.strip().casefold(), value.strip()


def _read_html(page_id: str, named: str, page: str) -> ExportedPage | None:
    tree = LexborHTMLParser(page)
    content = tree.css_first(".page-body") or tree.css_first("article") or tree.css_first("body")
    markup = content_markup(content, _FURNITURE) if content else ""
    if content is None or not has_text(content):
        return None
    title = tree.css_first(".page-title") or tree.css_first("title")
    facts = _read_facts((_text_in(row, "th").casefold(), _text_in(row, "td")) for row in tree.css(".properties tr"))
    return ExportedPage(page_id, (text_of(title) if title else "") or named, markup, ".html", facts)


def _text_in(row: LexborNode, selector: str) -> str:
    cell = row.css_first(selector)
    return text_of(cell) if cell else ""


def _read_facts(properties: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    facts: dict[str, str | list[str]] = {}
    for name, value in properties:
        key = _FACTS.get(name, "")
        if key in _ONE_TEXT:
            facts.setdefault(key, value)
        elif key:
            facts.setdefault(key, [part.strip() for part in value.split(",") if part.strip()])
    return facts
