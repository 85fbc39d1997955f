"""The HTML of an e-mail, made from the Markdown of a Digest.

Mail programs drop style sheets, scripts and layout grids, so every element carries its own style and the order of the
text is its layout. The reader knows headings, quotes, lists, emphasis, code and links, but no raw HTML, no pictures and
no bare addresses: whatever a publisher writes stays text.

Does not do: wording, escaping (`digests.text`), headers (`digests.mail`).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

_READER = MarkdownIt("zero").enable(
    ["heading", "blockquote", "list", "emphasis", "strikethrough", "backticks", "link", "escape", "newline"]
)

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

_STYLES = {
    "h1": "margin:0 0 4px;font-size:20px;line-height:26px",
    "h2": "margin:28px 0 4px;padding-top:20px;border-top:1px solid #d9dde1;font-size:16px;line-height:22px",
    "p": "margin:6px 0",
    "blockquote": "margin:6px 0 12px;padding:1px 0 1px 12px;border-left:3px solid #c9cfd5",
    "ul": "margin:6px 0;padding-left:20px",
    "li": "margin:4px 0",
    "a": "color:#0b5cad",
    "em": "color:#57606a",
    "s": "color:#a1260d",
    "code": "font-family:Menlo,Consolas,monospace;font-size:13px;background:#f2f4f6;padding:1px 3px",
}

_ADDED = "color:#116329;background:#e6f4ea"
"""Of the bold words in a quote: those that are new."""


def to_letter(markdown: str, title: str) -> str:
    """A whole HTML document in light colours, without anything to be fetched."""
    tokens = _READER.parse(markdown)
    _style(tokens)
    body = _READER.renderer.render(tokens, _READER.options, {})
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light">\n'
        f"<title>{escape(title)}</title>\n</head>\n"
        '<body style="margin:0;padding:0;background:#ffffff">\n'
        f'<div style="max-width:680px;margin:0 auto;padding:20px 16px;color:#1f2328;{_FONT};font-size:15px;'
        f'line-height:22px;word-break:break-word">\n{body}</div>\n</body>\n</html>\n'
    )


def _style(tokens: Iterable[Token]) -> None:
    """Give each element the style of its tag."""
    quotes = 0
    for token in tokens:
        quotes += token.nesting if token.type.startswith("blockquote") else 0
        for each in (token, *(token.children or ())):
            style = _ADDED if quotes and each.tag == "strong" else _STYLES.get(each.tag)
            if style and each.nesting >= 0:
                each.attrSet("style", style)
