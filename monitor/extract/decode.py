"""Bytes → text, in the encoding they were really written in.

The order is the browsers' (byte-order mark, Content-Type, the document's own declaration), with two differences that
spare the reader mojibake: a declaration counts only if every byte decodes, and where a one-byte encoding is declared
(which decodes anything) but the bytes are flawless UTF-8, they are UTF-8: no real Western or Cyrillic text is so by
chance. As in browsers, Latin-1 and ASCII mean windows-1252, and a few East Asian names mean their larger successors
(WHATWG Encoding Standard, section 4.2).

Does not do: HTML entities; guessing languages.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SUCCESSORS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_ONE_BYTE = re.compile(r"cp125|cp874|iso8859|koi8|mac-")
_ALIASES = {"iso-8859-8-i": "iso8859-8", "x-sjis": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp"}
NOISE = 0.05
"""Share of control characters. Texts have next to none."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_TEXT_CODECS = re.compile(r"utf-(?:8|16|32)|cp\d|iso8859|iso2022|koi8|mac-|gb|big5|euc|shift_jis|johab|hz$")
"""Python also has codecs that are no encodings of documents (utf-7, punycode, unicode_escape …)."""


def decode(body: bytes, charset: str | None) -> str:
    """`body` as text without its byte-order mark; `charset` is what Content-Type says. Never raises."""
    from bs4.dammit import EncodingDetector  # here, because most commands read no bytes

    for mark, marked in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(marked, "replace")
    declared = EncodingDetector.find_declared_encoding(body, is_html=True)
    for codec in (_codec(charset), _readable_codec(declared), "utf-8"):
        text = _try(body, codec)
        if text is not None:
            return text
    return _guess(body)


def is_noise(text: str) -> bool:
    """Whether bytes of something else were read as text: a picture or an archive has a control character in nine."""
    return len(_CONTROLS.findall(text)) > len(text) * NOISE


def _codec(label: str | None) -> str | None:
    """Python's name of the encoding that browsers take `label` for; None where it is unknown."""
    wanted = (label or "").strip(" \t\"'").lower()
    try:
        name = codecs.lookup(_ALIASES.get(wanted, wanted)).name
    except (LookupError, ValueError):
        return None
    name = _SUCCESSORS.get(name, name)
    return name if _TEXT_CODECS.match(name) else None


def _readable_codec(label: str | None) -> str | None:
    """As `_codec`, for a label that was itself read as ASCII and so cannot truly name a wide encoding."""
    codec = _codec(label)
    return "utf-8" if codec and codec.startswith(("utf-16", "utf-32")) else codec


def _try(body: bytes, codec: str | None) -> str | None:
    if codec is None or (codec.startswith(("utf-16", "utf-32")) and b"\0" not in body):
        return None
    if _ONE_BYTE.match(codec) and not body.isascii():
        text = _strictly(body, "utf-8")
        if text is not None:
            return text
    return _strictly(body, codec)


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeError:
        return None


def _guess(body: bytes) -> str:
    """Nothing fits every byte: UTF-8 with a few broken ones (a text cut within a character), else the likeliest."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * 10 <= sum(not each.isascii() for each in text):
        return text
    from bs4.dammit import UnicodeDammit

    return UnicodeDammit(body, is_html=True).unicode_markup or body.decode("cp1252", "replace")
