"""Bytes of a feed → its mark-up as text, ready for a parser; and mark-up in mark-up.

The encoding is the one the bytes were really written in (`monitor.extract.decode`), whatever header or declaration
claim: feedparser would believe a wrong header. What no XML parser takes, and a browser forgives, is mended: characters
that XML forbids, an emoji as the two halves of its UTF-16, anything before the declaration. Without that a single
character sends a feed of 5 MB through a parser that guesses.

Does not do: reading what is in it.
"""

from __future__ import annotations

import html
import re
from email.message import Message
from html.entities import html5
from xml.parsers.expat import ExpatError, ParserCreate

from monitor.extract.decode import decode

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")
"""XML 1.0, section 2.2."""
_DECLARED = re.compile(r"(<\?xml\b[^>]{0,200}?)\s+encoding\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_HALVES = re.compile(
    r"&#(5(?:529[6-9]|5[3-9]\d\d|6[0-2]\d\d|63[01]\d)|[xX][dD][89abAB][0-9a-fA-F]{2});"
    r"&#(5(?:632\d|63[3-9]\d|6[4-9]\d\d|7[0-2]\d\d|73[0-3]\d|734[0-3])|[xX][dD][c-fC-F][0-9a-fA-F]{2});"
)
"""An emoji as two character references, the halves of its UTF-16."""

_TAG = re.compile(r"<[a-zA-Z/!]")
_ELEMENTS = "p|div|ul|ol|li|h[1-6]|strong|em|b|i|a|span|table|blockquote|section|article"
_OPENED = re.compile(rf"&lt;({_ELEMENTS})\b", re.IGNORECASE)
_CLOSED = re.compile(rf"&lt;/({_ELEMENTS})\s*&gt;", re.IGNORECASE)
_BREAK = re.compile(r"&lt;br\s*/?&gt;", re.IGNORECASE)
_TWICE = re.compile(r"&amp;(#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z]{2,8});")


def read_markup(body: bytes, content_type: str | None) -> str:
    """The feed as text without an encoding declared. Never raises."""
    header = Message()
    header["content-type"] = content_type or ""
    text = decode(body, header.get_content_charset())
    text = _FORBIDDEN.sub("", text).lstrip().removeprefix("\ufeff")
    return _DECLARED.sub(r"\1", _HALVES.sub(_join, text), count=1)


def is_whole(markup: str) -> bool:
    """Whether it is well-formed to its end; names of HTML such as `&nbsp;` are no fault of it."""
    parser = ParserCreate()
    parser.UseForeignDTD()  # an entity that it does not know may be declared there
    try:
        parser.Parse(markup, True)
    except ExpatError:
        return False
    return True


def unescape_again(markup: str) -> str:
    """HTML that was escaped once too often, as HTML; anything else as it is."""
    if not _TAG.search(markup) and _looks_escaped(markup):
        markup = html.unescape(markup)
    return _TWICE.sub(_unescape_known, markup)


def _looks_escaped(markup: str) -> bool:
    """Whether elements are opened and closed, or lines broken, in what is no mark-up."""
    if _BREAK.search(markup):
        return True
    opened = {name.lower() for name in _OPENED.findall(markup)}
    return not opened.isdisjoint(name.lower() for name in _CLOSED.findall(markup))


def _unescape_known(found: re.Match[str]) -> str:
    name = found[1]
    return f"&{name};" if name.startswith("#") or f"{name};" in html5 else found[0]


def _join(found: re.Match[str]) -> str:
    """One character in place of its two halves: some publishers write an emoji so, and no XML parser takes it."""
    high, low = (int(half[1:], 16) if half[:1] in "xX" else int(half) for half in found.groups())
    return f"&#{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)};"
