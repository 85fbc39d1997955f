"""Texts of entries that are cut short: "The Board calls for … [Read more]".

What a feed gives of an article is its publisher's setting, not the article. When the setting changes, every entry
changes at once, and none of them changed.

Does not do: fetching what an excerpt was cut from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Block

MIN_CHARACTERS = 40
"""A shorter beginning may be that of many texts."""

_FOOTER = re.compile(
    r"(?:The post|Der Beitrag|L['\u2019]article|La entrada|El post|Het bericht|L['\u2019]articolo|O post|Inlägget|Wpis)"
    r" .{1,400}? (?:appeared first on|first appeared on|erschien zuerst auf|est apparu en premier sur"
    r"|se publicó primero en|apareció primero en|verscheen eerst op|proviene da|apareceu primeiro em|dök först upp på"
    r"|pojawił się poczatkowo na) .{1,200}",
    re.IGNORECASE,
)
"""What WordPress puts below each entry: the titles of entry and site, once more."""
_MORE = (
    r"(?:(?:continue|keep) reading|read (?:the )?(?:more|on|full \w+|rest)|learn more|more|weiterlesen|mehr(?: lesen)?"
    r"|lire la suite|en savoir plus|leer más|seguir leyendo|leggi tutto|continua a leggere|lees (?:meer|verder)"
    r"|leia mais|続きを読む|阅读全文|더 보기)"
)
_CUT = re.compile(
    rf"(?:\s*(?:\[?(?:\u2026|\.\.\.)\]?|\[?&hellip;\]?))\s*[(\[]?(?:{_MORE}.{{0,120}})?$"
    rf"|\s*[(\[]?{_MORE}\s*(?:\u2026|\.\.\.|\u2192|\u00bb|>+)[)\]]?$",
    re.IGNORECASE,
)


def without_footer(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The text without the line that its blog puts below every entry."""
    last = blocks[-1].text if blocks else ""
    return tuple(blocks[:-1] if _FOOTER.fullmatch(last) else blocks)


def is_same_text_cut(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether one of the two is only a beginning of the other and says so, or both are beginnings of one text."""
    old, new = _body(before), _body(after)
    beginnings = [_CUT.sub("", text) for text in (old, new)]
    if beginnings == [old, new] or _title(before) != _title(after):
        return False
    cut_old, cut_new = beginnings
    shorter, longer = sorted((cut_old.rstrip(), cut_new.rstrip()), key=len)
    is_cut_there = (len(cut_old) <= len(cut_new) and cut_old != old) or (
        len(cut_new) <= len(cut_old) and cut_new != new
    )
    return is_cut_there and len(shorter) >= MIN_CHARACTERS and longer.startswith(shorter)


def _title(blocks: Sequence[Block]) -> str:
    return next((block.text for block in blocks[:1] if block.kind is BlockKind.HEADING), "")


def _body(blocks: Sequence[Block]) -> str:
    """The words below the title; how they are set apart differs between an excerpt and the whole."""
    return " ".join(block.text for block in blocks[bool(_title(blocks)) :])
