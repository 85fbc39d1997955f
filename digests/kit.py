"""The few pieces of Slack's Block Kit that our messages are made of. No mrkdwn among them.

Rich and plain text are shown as they are, so a hostile page title can neither mention anybody nor fake a link. A member
is mentioned only by `user`, with an id that the caller took from `people:`.

Limits: https://docs.slack.dev/reference/block-kit/blocks and block-elements.

Does not do: what a message says (`digests.blocks`), cutting to length beyond what Slack refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from digests.escape import code_spans, find_link, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Block: TypeAlias = dict[str, Any]

LINK_LIMIT = 600
"""Longer addresses are left out of messages, where they weigh twice (name and button); they stay in the other forms."""

BUTTON_VALUE_LIMIT = 2_000
OPTION_VALUE_LIMIT = 150

DIVIDER: Block = {"type": "divider"}


def header(words: str) -> Block:
    return {"type": "header", "text": plain_text(words)}


def context(words: str, block_id: str | None = None) -> Block:
    return {"type": "context", **_named(block_id), "elements": [plain_text(words)]}


def rich(*parts: Block) -> Block:
    return {"type": "rich_text", "elements": list(parts)}


def section(elements: Iterable[Block]) -> Block:
    """Slack refuses an empty text, so those are dropped here and nowhere else."""
    return {"type": "rich_text_section", "elements": [each for each in elements if each.get("text") != ""]}


def quotation(elements: Iterable[Block]) -> Block:
    return {"type": "rich_text_quote", "elements": list(elements)}


def bullets(items: Iterable[Block]) -> Block:
    """Of sections."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def text(words: str, **style: bool) -> Block:
    return {"type": "text", "text": words, "style": style} if style else {"type": "text", "text": words}


def with_code(words: str, **style: bool) -> list[Block]:
    """The words, and those in `backticks` as code."""
    return [text(each, **style, **({"code": True} if code else {})) for each, code in code_spans(words)]


def link(url: str, words: str) -> Block:
    """Bold, and without the link where the address is no safe one or longer than LINK_LIMIT."""
    address = find_short_link(url)
    if address is None:
        return text(words, bold=True)
    return {"type": "link", "url": address, "text": words or address[:80], "style": {"bold": True}}


def find_short_link(url: str) -> str | None:
    """The address as it may stand in a message."""
    address = find_link(url)
    return address if address is not None and len(address) <= LINK_LIMIT else None


def emoji(name: str) -> Block:
    return {"type": "emoji", "name": name}


def user(member_id: str) -> Block:
    """A mention: the member is notified."""
    return {"type": "user", "user_id": member_id}


def actions(block_id: str, elements: Iterable[Block]) -> Block:
    return {"type": "actions", **_named(block_id), "elements": list(elements)}


def button(action_id: str, words: str, value: str) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain_text(words), "value": value}


def link_button(action_id: str, words: str, url: str) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain_text(words), "url": url}


def overflow(action_id: str, options: Mapping[str, str]) -> Block:
    """A menu behind three dots. `options`: value to words, at most five."""
    found = [{"text": plain_text(words), "value": value} for value, words in options.items()]
    return {"type": "overflow", "action_id": action_id, "options": found}


def plain_text(words: str) -> Block:
    return {"type": "plain_text", "text": plain(words), "emoji": False}


def _named(block_id: str | None) -> Block:
    return {"block_id": block_id} if block_id else {}
