"""Blocks and views of Slack as HTML.

It draws exactly what our messages, modals and App Home are made of and raises ValueError on anything else, so that a
picture cannot quietly differ from what people see.

Does not do: mrkdwn, interaction: nothing opens and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, TypeAlias

Node: TypeAlias = Mapping[str, Any]
Names: TypeAlias = Mapping[str, str]
"""Of members, by their ids."""
Drawers: TypeAlias = Mapping[str, Callable[[Node, Names], str]]

_EMOJI = {
    "red_circle": "🔴",
    "large_orange_circle": "🟠",
    "white_circle": "⚪\ufe0f",
    "warning": "⚠️",
    "white_check_mark": "✅",
}

_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}


def draw(blocks: Iterable[Node], names: Names) -> str:
    """The blocks one below the other. Raises ValueError for what it cannot draw."""
    return "\n".join(_draw(_BLOCKS, each, names) for each in blocks)


def _draw(drawers: Drawers, node: Node, names: Names) -> str:
    kind = node["type"]
    if kind not in drawers:
        raise ValueError(f"no picture of {kind} here: {node}")
    return drawers[kind](node, names)


def _draw_all(drawers: Drawers, nodes: Iterable[Node], names: Names) -> str:
    return "".join(_draw(drawers, each, names) for each in nodes)


def _text(text: Node) -> str:
    if text["type"] != "plain_text":
        raise ValueError(f"no picture of text of the type {text['type']}")
    return escape(text["text"])


def _context(block: Node, _: Names) -> str:
    return f'<div class="context">{" ".join(map(_text, block["elements"]))}</div>'


def _rich_text(block: Node, names: Names) -> str:
    return f'<div class="block">{_draw_all(_PARTS, block["elements"], names)}</div>'


def _section(block: Node, names: Names) -> str:
    texts = [block["text"]] if "text" in block else []
    words = "".join(f"<p>{_text(each)}</p>" for each in (*texts, *block.get("fields", ())))
    beside = _draw(_CONTROLS, block["accessory"], names) if "accessory" in block else ""
    return f'<div class="section"><div>{words}</div>{beside}</div>'


def _actions(block: Node, names: Names) -> str:
    return f'<div class="actions">{_draw_all(_CONTROLS, block["elements"], names)}</div>'


def _input(block: Node, names: Names) -> str:
    optional = ' <span class="hint">(optional)</span>' if block.get("optional") else ""
    hint = f'<div class="hint">{_text(block["hint"])}</div>' if "hint" in block else ""
    control = _draw(_CONTROLS, block["element"], names)
    return f'<div class="input"><label>{_text(block["label"])}{optional}</label>{control}{hint}</div>'


_BLOCKS: Drawers = {
    "header": lambda block, _: f"<h2>{_text(block['text'])}</h2>",
    "context": _context,
    "divider": lambda *_: "<hr>",
    "rich_text": _rich_text,
    "section": _section,
    "actions": _actions,
    "input": _input,
}


def _button(element: Node, _: Names) -> str:
    return f'<span class="button {element.get("style", "")}">{_text(element["text"])}</span>'


def _text_input(element: Node, _: Names) -> str:
    style = "field tall" if element.get("multiline") else "field"
    return _field(style, escape(element.get("initial_value", "")), element)


def _select(element: Node, _: Names) -> str:
    chosen = element.get("initial_option")
    return _field("field select", _text(chosen["text"]) if chosen else "", element)


def _users_select(element: Node, names: Names) -> str:
    member = element.get("initial_user", "")
    return _field("field select", escape(names.get(member, member)), element)


def _datepicker(element: Node, _: Names) -> str:
    return _field("field select", escape(element.get("initial_date", "")), element)


def _radio_buttons(element: Node, _: Names) -> str:
    return _choices("radio", element["options"], [element["initial_option"]] if "initial_option" in element else [])


def _checkboxes(element: Node, _: Names) -> str:
    return _choices("check", element["options"], element.get("initial_options", []))


def _field(style: str, value: str, element: Node) -> str:
    """With what is in it, else with its placeholder."""
    if not value and "placeholder" in element:
        value = f'<span class="placeholder">{_text(element["placeholder"])}</span>'
    return f'<span class="{style}">{value or "&nbsp;"}</span>'


def _choices(style: str, options: Iterable[Node], chosen: Iterable[Node]) -> str:
    values = {each["value"] for each in chosen}
    return "".join(
        f'<div class="choice"><span class="{style}{" on" if each["value"] in values else ""}"></span>'
        f"<span>{_text(each['text'])}{_description(each)}</span></div>"
        for each in options
    )


def _description(option: Node) -> str:
    return f'<span class="description">{_text(option["description"])}</span>' if "description" in option else ""


_CONTROLS: Drawers = {
    "button": _button,
    "overflow": lambda *_: '<span class="button more">⋯</span>',
    "plain_text_input": _text_input,
    "static_select": _select,
    "users_select": _users_select,
    "datepicker": _datepicker,
    "radio_buttons": _radio_buttons,
    "checkboxes": _checkboxes,
}


def _rich_section(part: Node, names: Names) -> str:
    return f"<p>{_draw_all(_ELEMENTS, part['elements'], names)}</p>"


def _rich_quote(part: Node, names: Names) -> str:
    return f"<blockquote>{_draw_all(_ELEMENTS, part['elements'], names)}</blockquote>"


def _rich_list(part: Node, names: Names) -> str:
    lines = (f"<li>{_draw_all(_ELEMENTS, each['elements'], names)}</li>" for each in part["elements"])
    return f"<ul>{''.join(lines)}</ul>"


_PARTS: Drawers = {
    "rich_text_section": _rich_section,
    "rich_text_quote": _rich_quote,
    "rich_text_list": _rich_list,
}


def _link(element: Node, _: Names) -> str:
    return _styled(f'<a href="{escape(element["url"])}" rel="noreferrer">{escape(element["text"])}</a>', element)


def _emoji(element: Node, _: Names) -> str:
    if element["name"] not in _EMOJI:
        raise ValueError(f"no picture of the emoji {element['name']}")
    return _EMOJI[element["name"]]


def _mention(element: Node, names: Names) -> str:
    return f'<span class="mention">@{escape(names.get(element["user_id"], element["user_id"]))}</span>'


def _styled(html: str, element: Node) -> str:
    for style in element.get("style", {}):
        html = f"<{_TAGS[style]}>{html}</{_TAGS[style]}>"
    return html


_ELEMENTS: Drawers = {
    "text": lambda element, _: _styled(escape(element["text"]), element),
    "link": _link,
    "emoji": _emoji,
    "user": _mention,
}
