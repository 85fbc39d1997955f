"""A page of an export on its way to become an SOP file.

Does not do: knowing any export (`confluence`, `notion`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """One page with the facts that its export states. `id` is that of the page where it came from, and lasts."""

    id: str
    title: str
    text: str
    """Markdown, or the mark-up of the content."""
    suffix: str
    """Of the file: `.md` or `.html`."""
    facts: Mapping[str, str | list[str]] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        return f"{self.id}{self.suffix}"

    def as_file(self) -> bytes:
        """The page as `monitor.sops` reads it, its facts in front."""
        facts = {"id": self.id, "title": self.title, **self.facts}
        written = _with_front_matter(facts, self.text) if self.suffix == ".md" else _as_html(facts, self.text)
        return written.encode("utf-8", "replace")


def _with_front_matter(facts: Mapping[str, str | list[str]], text: str) -> str:
    front = yaml.safe_dump(dict(facts), allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front}---\n\n{text.strip()}\n"


def _as_html(facts: Mapping[str, str | list[str]], markup: str) -> str:
    metas = "\n".join(
        f'<meta name="{name if name == "author" else f"sop:{name}"}" content="{escape(_as_line(value))}">'
        for name, value in facts.items()
    )
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{escape(_as_line(facts["title"]))}</title>\n'
        f"{metas}\n</head>\n<body>\n<main>\n{markup.strip()}\n</main>\n</body>\n</html>\n"
    )


def _as_line(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def content_markup(content: LexborNode, without: str) -> str:
    """The mark-up of an element without what `without` selects, and without what a browser would run or style."""
    for node in content.css(f"script, style, {without}"):
        node.decompose()
    return content.html or ""


def has_text(content: LexborNode) -> bool:
    return bool(content.text().strip())


def text_of(node: LexborNode) -> str:
    """The text of an element as one line."""
    return " ".join(node.text().split())
