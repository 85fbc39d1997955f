"""Words of a text as a quote of at most so many characters, never cut inside a word.

Does not do: choosing what to quote (`monitor.compare.summary`, `monitor.compare.severity.scale`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.compare.alignment.words import fold, split_words

if TYPE_CHECKING:
    from monitor.compare.severity.edits import Edit, Hunk, Span

_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,40}>|\*+|`+|\\(?=\W)|[\u25aa\u25cf\u2022\u25e6]|\{%[^%]{0,80}%\}")
"""What is left of mark-up in a text: tags, stars, backticks, bullets, template calls."""
_INNER_QUOTES = str.maketrans({'"': "'", "“": "\u2018", "”": "’"})
_LOOSE_SIGN = re.compile(r"\s+(?=[,.;)\]](?:\s|$))|(?<=[(\[])\s+")
LEAD = 40
"""Per cent of a quote that the words ahead of the decisive ones may take."""
_EDGES = "…,;:|-–— "


def clean(text: str) -> str:
    """The text on one line, without mark-up, and with quotation marks that can stand inside others."""
    return " ".join(_MARKUP.sub(" ", _LINK.sub(r"\1", text)).translate(_INNER_QUOTES).split())


def shorten(text: str, length: int) -> str:
    """The text on one line, cut to `length` characters, between words unless the first one is longer."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    words = head if line[length - 1].isspace() else head.rpartition(" ")[0] or head
    return words.rstrip(_EDGES) + "…"


def cut_around(text: str, key: str, length: int) -> str:
    """The text cut to `length` characters so that its words `key` survive: its beginning, if the key stands there."""
    if len(text) <= length:
        return text
    words = split_words(text)
    start, stop = _find_words(words, key)
    if len(" ".join(words[:stop])) + 2 <= length:
        return shorten(text, length)
    ahead, core, behind = (" ".join(part) for part in (words[:start], words[start:stop], words[stop:]))
    return _compose(ahead, shorten(core, length - 2), behind, length)


def quote_change(edit: Edit, key: str, length: int) -> str:
    """What the sentence says now around its decisive change, or what it said where the decisive words are gone."""
    if not (edit.before and edit.after):
        return cut_around(clean(edit.after or edit.before), key, length)
    hunk = find_decisive_hunk(edit, key)
    is_gone = not hunk.added.words and _fold(key) not in _fold(edit.after)
    return quote_span(hunk.removed if is_gone else hunk.added, key, length)


def find_decisive_hunk(edit: Edit, key: str) -> Hunk:
    """The replaced words that hold the key; else the longest ones."""
    wanted = _fold(key)
    holding = (hunk for hunk in edit.hunks if wanted and wanted in _fold(f"{hunk.added.words} {hunk.removed.words}"))
    return next(holding, None) or max(edit.hunks, key=lambda hunk: len(hunk.added.words) + len(hunk.removed.words))


def quote_span(span: Span, key: str, length: int) -> str:
    """The words with as much of their sentence around them as fits."""
    ahead, core, behind = map(clean, span)
    room = length - len(_tail(ahead, length * LEAD // 100)) - 2
    if len(core) > room:
        return _compose(ahead, cut_around(core, key, room), "", length)
    return _compose(ahead, core, behind, length)


def _compose(ahead: str, core: str, behind: str, length: int) -> str:
    """The core after the last words ahead of it, and then as much of what follows as fits."""
    lead = _tail(ahead, min(length * LEAD // 100, max(0, length - len(core) - 2)))
    return shorten(_LOOSE_SIGN.sub("", f"{lead} {core} {behind}"), length)


def _tail(text: str, length: int) -> str:
    """The last words of a text that fit into `length` characters."""
    if len(text) <= length:
        return text
    end = text[len(text) - length + 2 :] if length > len("… ") else ""
    words = end if text[len(text) - length + 1 : len(text) - length + 2].isspace() else end.partition(" ")[2]
    return f"… {words}" if words else ("…" if length else "")


def _find_words(words: list[str], key: str) -> tuple[int, int]:
    """Where the key stands, whatever signs stick to it; the first word where it does not."""
    parts = _fold(key).split()
    folded = [_fold(word) for word in words]
    for at in range(len(words) if parts else 0):
        if all(part in word for part, word in zip(parts, folded[at : at + len(parts)], strict=False)):
            return at, at + len(parts)
    return 0, 1


def _fold(text: str) -> str:
    return fold(text).casefold()
