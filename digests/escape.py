"""Text from outside, made harmless for the place where it is shown.

Whoever writes a policy page writes our quotes. Nothing in them may ping a channel, fake a link, reverse the reading
direction or end our markup.

Does not do: cutting to length for sense (`digests.quotes`), HTML (`html.escape` in `digests.preview`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRICKS = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""Control characters, marks that turn the reading direction, signs without width, lone surrogates, tag characters."""

_MARKDOWN = re.compile(r"([\\`*_\[\]<~]|&(?=#?\w+;))")
_MARKDOWN_START = re.compile(r"^(\d*)([-+=#>.)])")
_CODE = re.compile(r"`([^`]+)`")
_UNSAFE_IN_URL = re.compile(r"[\s<>\"'`\\|()\[\]]")


def plain(text: str, limit: int | None = None) -> str:
    """The text on one line without invisible tricks; at most `limit` characters, the last one then "…"."""
    line = " ".join(_TRICKS.sub("", " ".join(text.split())).split())
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def mrkdwn(text: str) -> str:
    """For Slack's mrkdwn: the three characters that open mentions, links and commands there.

    Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown(text: str) -> str:
    """For Markdown with inline HTML: nothing in the text is markup, also at the start of a line."""
    return _MARKDOWN_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text))


def code_spans(text: str) -> Iterator[tuple[str, bool]]:
    """The text in stretches, and whether each stood in `backticks`, which are left out; never an empty stretch."""
    for number, stretch in enumerate(_CODE.split(text)):
        if stretch:
            yield stretch, number % 2 == 1


def markdown_with_code(text: str) -> str:
    """The same as `markdown`, but what stands in backticks is code: there, nothing is markup anyway."""
    stretches = (f"`{each}`" if code else _MARKDOWN.sub(r"\\\1", each) for each, code in code_spans(text))
    return _MARKDOWN_START.sub(r"\1\\\2", "".join(stretches))


def find_link(url: str) -> str | None:
    """The address if it may be a link: http(s) with a host, and no character that could end the markup around it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or plain(url) != url:
        return None
    return _UNSAFE_IN_URL.sub(lambda match: f"%{ord(match[0]):02X}", url)
