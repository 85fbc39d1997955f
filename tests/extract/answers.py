"""Invented pages from the folder `pages`: what publishers answer instead of a page, and pages that say similar things.

A page is its blocks in lines: headings begin with #, entries of a menu are `- [name](target)`.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

POLICY = "\n".join(
    f"# {number}. Rules\nYou may not use the service to harm others in way {number}. We remove content like that when"
    " we find it or when people report it to us, tell the person who posted it which rule it broke, and keep it for"
    " ninety days so that the decision can be appealed."
    for number in range(12)
)


def iter_pages(name: str) -> Iterator[tuple[str, str, str]]:
    """What each page is, its title, and the page itself."""
    text = (Path(__file__).parent / "pages" / name).read_text("utf-8")
    for page in text.strip().split("\n\n")[1:]:
        head, blocks = page.split("\n", 1)
        kind, _, title = head.partition("|")
        yield kind.strip(), title.strip(), blocks


def as_html(page: str, title: str = "Example") -> bytes:
    return f"<title>{html.escape(title)}</title><body>{''.join(map(_element, page.splitlines()))}".encode()


def as_markdown(page: str) -> bytes:
    return page.replace("\n", "\n\n").encode()


def as_plain(page: str) -> bytes:
    return re.sub("^#+ ", "", page.replace("\n", "\n\n"), flags=re.MULTILINE).encode()


def _element(block: str) -> str:
    entry = re.fullmatch(r"- \[(.+)\]\((.+)\)", block)
    if entry:
        return f'<li><a href="{entry[2]}">{entry[1]}</a></li>'
    hashes = len(block) - len(block.lstrip("#"))
    name = f"h{hashes}" if hashes else "li" if block.startswith("- ") else "p"
    return f"<{name}>{html.escape(block.lstrip('#- '), quote=False)}</{name}>"
