"""Slack messages as one self-contained HTML file that looks as Slack shows them: no script, no outside address.

It renders exactly the blocks that `digests.blocks` makes and raises on any other, so that the picture cannot quietly
differ from the message.

Does not do: mrkdwn, interaction, Slack's dark theme.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digests.blocks import Message

_EMOJI = {
    "red_circle": "🔴",
    "large_orange_circle": "🟠",
    "white_circle": "⚪\ufe0f",
    "warning": "⚠️",
    "white_check_mark": "✅",
}

_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}

_STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, Slack-Lato, "Helvetica Neue", Helvetica,
  "Segoe UI", "DejaVu Sans", Arial, sans-serif; font-variant-ligatures: common-ligatures }
main { max-width: 820px; margin: 0 auto; padding: 20px 20px 28px }
.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 0 10px; padding: 8px 0 }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: linear-gradient(145deg, #2f6f6b, #17423f);
  display: grid; place-items: center }
.avatar svg { width: 22px; height: 22px }
.sender { display: flex; align-items: baseline; gap: 6px; line-height: 1.3 }
.sender b { font-weight: 900 }
.app { font-size: 10px; font-weight: 700; color: #454447; background: #ebeaeb; border-radius: 2px; padding: 1px 4px;
  align-self: center }
.time { font-size: 12px; color: #616061 }
.body { overflow-wrap: anywhere }
.block { margin: 4px 0 }
h2 { margin: 6px 0 2px; font-size: 18px; line-height: 1.33; font-weight: 900 }
.context { margin: 0 0 6px; font-size: 13px; color: #616061 }
hr { border: 0; border-top: 1px solid #dddddd; margin: 12px 0 }
p { margin: 0; white-space: pre-wrap }
blockquote { position: relative; margin: 3px 0 9px; padding-left: 16px; white-space: pre-wrap }
blockquote::before { content: ""; position: absolute; left: 0; top: 0; bottom: 0; width: 4px; border-radius: 8px;
  background: #dddddd }
ul { margin: 2px 0 4px; padding-left: 26px }
li { white-space: pre-wrap; padding-left: 2px; margin: 2px 0 }
a { color: #1264a3; text-decoration: none }
a:hover { text-decoration: underline }
b { font-weight: 700 }
s { color: #616061 }
code { font: 12px/1.5 Monaco, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-style: normal; color: #c01343;
  background: #f8f8f8; border: 1px solid #dddddd; border-radius: 3px; padding: 1px 3px }
@media (max-width: 480px) { main { padding: 12px } }
"""

_AVATAR = (
    '<svg viewBox="0 0 24 24" fill="none" stroke="#fff" stroke-width="1.9" stroke-linecap="round" '
    'stroke-linejoin="round" aria-hidden="true"><path d="M6 3.5h8.5L19 8v12.5H6z"/>'
    '<path d="M9 12.5l2.3 2.3 4.4-4.6"/></svg>'
)


def to_html(messages: Sequence[Message], *, title: str, clock: str) -> str:
    """One page with the messages in their order. `clock` is the time of day shown beside the sender's name."""
    body = "\n".join(_message(each, clock) for each in messages)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _message(message: Message, clock: str) -> str:
    sender = f'<b>Policy Monitor</b><span class="app">APP</span><span class="time">{escape(clock)}</span>'
    blocks = "\n".join(map(_block, message.blocks))
    return (
        f'<article class="message"><div class="avatar">{_AVATAR}</div>'
        f'<div><div class="sender">{sender}</div>\n<div class="body">\n{blocks}\n</div></div></article>'
    )


def _block(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"<h2>{escape(block['text']['text'])}</h2>"
        case "context":
            return f'<div class="context">{"".join(escape(each["text"]) for each in block["elements"])}</div>'
        case "divider":
            return "<hr>"
        case "rich_text":
            return f'<div class="block">{"".join(map(_rich, block["elements"]))}</div>'
        case other:
            raise ValueError(f"no picture of a block of the type {other}")


def _rich(part: Mapping[str, Any]) -> str:
    match part["type"]:
        case "rich_text_section":
            return f"<p>{_inline(part)}</p>"
        case "rich_text_quote":
            return f"<blockquote>{_inline(part)}</blockquote>"
        case "rich_text_list":
            return "<ul>" + "".join(f"<li>{_inline(each)}</li>" for each in part["elements"]) + "</ul>"
        case other:
            raise ValueError(f"no picture of rich text of the type {other}")


def _inline(part: Mapping[str, Any]) -> str:
    return "".join(map(_element, part["elements"]))


def _element(element: Mapping[str, Any]) -> str:
    match element["type"]:
        case "text":
            return _styled(escape(element["text"]), element)
        case "link":
            link = f'<a href="{escape(element["url"])}" rel="noreferrer">{escape(element["text"])}</a>'
            return _styled(link, element)
        case "emoji":
            return _EMOJI[element["name"]]
        case other:
            raise ValueError(f"no picture of an element of the type {other}")


def _styled(html: str, element: Mapping[str, Any]) -> str:
    for style in element.get("style", {}):
        html = f"<{_TAGS[style]}>{html}</{_TAGS[style]}>"
    return html
