"""Slack messages, modals and the App Home as one self-contained HTML file that looks as Slack shows them.

It is light, needs no script and nothing from outside.

Does not do: single blocks (`digests.drawing`), Slack's dark theme.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from digests.drawing import draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from digests.blocks import Message
    from monitor.model import Person

APP = "Policy Monitor"

_STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, Slack-Lato, "Helvetica Neue", Helvetica,
  "Segoe UI", "DejaVu Sans", Arial, sans-serif; font-variant-ligatures: common-ligatures }
main { max-width: 820px; margin: 0 auto; padding: 20px 20px 28px; overflow-wrap: anywhere }
.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 0 10px; padding: 8px 0 }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: linear-gradient(145deg, #2f6f6b, #17423f);
  display: grid; place-items: center }
.avatar svg { width: 22px; height: 22px }
.sender { display: flex; align-items: baseline; gap: 6px; line-height: 1.3 }
.sender b { font-weight: 900 }
.app { font-size: 10px; font-weight: 700; color: #454447; background: #ebeaeb; border-radius: 2px; padding: 1px 4px;
  align-self: center }
.time { font-size: 12px; color: #616061 }
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
.mention { color: #1264a3; background: #e8f5fa; border-radius: 3px; padding: 0 2px 1px }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 4px 0 8px }
.button { display: inline-flex; align-items: center; height: 30px; padding: 0 12px; border: 1px solid #bbbabb;
  border-radius: 8px; font-size: 13px; font-weight: 700; white-space: nowrap; background: #fff }
.button.primary { background: #007a5a; border-color: #007a5a; color: #fff }
.button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
.button.more { padding: 0 9px; letter-spacing: 1px }
.section { display: flex; justify-content: space-between; gap: 16px; margin: 8px 0 }
.input { margin: 0 0 20px }
label { display: block; font-weight: 700; margin: 0 0 6px }
.field { display: block; border: 1px solid #bbbabb; border-radius: 8px; padding: 7px 12px; white-space: pre-wrap }
.field.tall { min-height: 88px }
.field.select { position: relative; padding-right: 32px }
.field.select::after { content: ""; position: absolute; right: 14px; top: 14px; width: 7px; height: 7px;
  border: solid #616061; border-width: 0 2px 2px 0; transform: rotate(45deg) }
.actions .field { padding: 3px 32px 3px 12px; font-size: 13px } .actions .field.select::after { top: 9px }
.placeholder, .hint, .description { color: #616061; font-weight: 400 }
.hint { font-size: 13px; margin-top: 4px }
.description { display: block; font-size: 13px }
.choice { display: flex; gap: 8px; margin: 6px 0 }
.radio, .check { flex: none; width: 16px; height: 16px; margin-top: 3px; border: 1px solid #868686; border-radius: 50% }
.check { border-radius: 3px }
.radio.on { border: 5px solid #1264a3 }
.check.on { background: #1264a3; border-color: #1264a3; position: relative }
.check.on::after { content: ""; position: absolute; left: 4px; top: 1px; width: 6px; height: 10px; border: solid #fff;
  border-width: 0 2px 2px 0; transform: rotate(45deg) }
body:has(.modal) { background: #e9e8ea }
.modal { max-width: 520px; margin: 0 auto; background: #fff; border-radius: 12px; box-shadow: 0 8px 32px #0003 }
.modal header, .modal footer { display: flex; align-items: center; justify-content: space-between; padding: 16px 24px }
.modal header b { font-size: 20px; font-weight: 900 }
.modal header span { font-size: 20px; color: #616061 }
.modal section { padding: 4px 24px 8px }
.modal footer { justify-content: flex-end; gap: 12px; border-top: 1px solid #dddddd }
.modal .block { margin-bottom: 16px }
.modal .button { height: 36px; font-size: 15px }
.home header { display: flex; gap: 10px; align-items: center; font-size: 18px; font-weight: 900; padding-bottom: 10px }
.home .actions { margin-bottom: 18px }
nav { display: flex; gap: 20px; border-bottom: 1px solid #dddddd; margin-bottom: 12px; font-size: 13px; color: #616061 }
nav span { padding: 6px 0 } nav .on { color: #1d1c1d; font-weight: 700; box-shadow: inset 0 -2px #1d1c1d }
@media (max-width: 480px) { main { padding: 12px } .modal header, .modal footer { padding: 14px 16px }
  .modal section { padding: 4px 16px 8px } }
"""

_AVATAR = (
    '<div class="avatar"><svg viewBox="0 0 24 24" fill="none" stroke="#fff" stroke-width="1.9" stroke-linecap="round" '
    'stroke-linejoin="round" aria-hidden="true"><path d="M6 3.5h8.5L19 8v12.5H6z"/>'
    '<path d="M9 12.5l2.3 2.3 4.4-4.6"/></svg></div>'
)


def to_html(messages: Sequence[Message], *, title: str, clock: str, people: Iterable[Person] = ()) -> str:
    """One page with the messages in their order. `clock` is the time of day shown beside the sender's name.

    Members are mentioned by the names that `people` has for them. Raises ValueError for a block it cannot draw.
    """
    names = _names(people)
    return _page(title, "\n".join(_message(each, clock, names) for each in messages))


def view_to_html(view: Mapping[str, Any], *, people: Iterable[Person] = ()) -> str:
    """One page with a modal or an App Home as `views.open` and `views.publish` take it.

    Raises ValueError for another type of view, or a block that it cannot draw.
    """
    body = draw(view["blocks"], _names(people))
    match view["type"]:
        case "home":
            head = f"<header>{_AVATAR}{APP}</header>\n<nav><span class='on'>Home</span><span>Messages</span></nav>"
            return _page(APP, f'<article class="home">{head}\n{body}\n</article>')
        case "modal":
            title = view["title"]["text"]
            head = f"<header><b>{escape(title)}</b><span>✕</span></header>"
            return _page(title, f'<article class="modal">{head}\n<section>{body}</section>\n{_footer(view)}</article>')
        case other:
            raise ValueError(f"no picture of a view of the type {other}")


def _footer(view: Mapping[str, Any]) -> str:
    buttons = [
        f'<span class="button {style}">{escape(view[key]["text"])}</span>'
        for key, style in (("close", ""), ("submit", "primary"))
        if key in view
    ]
    return f"<footer>{''.join(buttons)}</footer>" if buttons else ""


def _names(people: Iterable[Person]) -> dict[str, str]:
    return {each.slack: each.name for each in people if each.slack}


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _message(message: Message, clock: str, names: Mapping[str, str]) -> str:
    sender = f'<b>{APP}</b><span class="app">APP</span><span class="time">{escape(clock)}</span>'
    return (
        f'<article class="message">{_AVATAR}<div><div class="sender">{sender}</div>\n'
        f"{draw(message.blocks, names)}\n</div></article>"
    )
