"""A Confluence space export: HTML pages named `Title_12345.html`, or `12345.html` where the title cannot be a name.

Each has its title in `#title-text` ("Space : Title"), its text in `#main-content`, and above it who wrote it: "Created
by Ana Lind, last modified by Kofi Mensah on Mar 03, 2026". The author becomes the owner where nobody else is named;
labels become topics. Attachments and comments stand outside the text. `index.html` is the list of pages and no page.

Does not do: the XML export, which is for moving to another Confluence.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from monitor.sops.exports.page import ExportedPage, content_markup, has_text, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = "confluence-"
_PAGE_NAME = re.compile(r"(?:.*_)?(\d+)")
_CONTENT = "#main-content, .wiki-content"
_AUTHOR = re.compile(r"Created by (.+?)\s*(?:,\s*last modified\b|\bon [A-Z][a-z]{2} \d|$)")
_FURNITURE = ".toc-macro, .plugin_pagetree, .expand-control-icon, #comments-section, .hidden"


def is_confluence(texts: Mapping[str, bytes]) -> bool:
    """Whether these are the pages of a Confluence space."""
    pages = [body for name, body in texts.items() if _page_id(name)]
    return any(b"main-content" in body or b"wiki-content" in body for body in pages)


def iter_pages(texts: Mapping[str, bytes]) -> Iterator[ExportedPage]:
    """The pages that have a text, in the order of their names."""
    for name in sorted(texts):
        page_id = _page_id(name)
        tree = LexborHTMLParser(texts[name]) if page_id else None
        content = tree.css_first(_CONTENT) if tree else None
        if tree is None or content is None:
            continue
        facts: dict[str, str | list[str]] = {}
        if author := _find_author(tree):
            facts["author"] = author
        if labels := [text_of(node) for node in tree.css(".label-list a, .labels-content a[rel=tag]")]:
            facts["topics"] = list(dict.fromkeys(labels))
        title = _title(tree) or PurePosixPath(name).stem
        markup = content_markup(content, _FURNITURE)
        if has_text(content):
            yield ExportedPage(f"{PREFIX}{page_id}", title, markup, ".html", facts)


def _page_id(name: str) -> str | None:
    path = PurePosixPath(name)
    found = _PAGE_NAME.fullmatch(path.stem) if path.suffix == ".html" and "attachments" not in path.parts else None
    return found[1] if found else None


def _title(tree: LexborHTMLParser) -> str:
    """Without the name of the space, which stands before it."""
    node = tree.css_first("#title-text") or tree.css_first("title")
    whole = text_of(node) if node else ""
    return whole.partition(" : ")[2] or whole


def _find_author(tree: LexborHTMLParser) -> str:
    node = tree.css_first(".page-metadata")
    found = _AUTHOR.search(text_of(node)) if node else None
    return found[1].removesuffix("(Unlicensed)").strip() if found else ""
