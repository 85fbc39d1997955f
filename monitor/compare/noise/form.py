"""What of a text is wording, and what is only its form.

Form is letter case, white space, where blocks begin, bullets, quotation marks, dashes, brackets and other signs. A sign
between two digits is wording ("1.5", "2-4", "24/7"), and so are signs that stand for a word (% $ & @ + and the like).

Does not do: comparing, addresses (`addresses`), stamps and counters (`ticks`).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from monitor.compare.alignment.words import fold, strip_ordinal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_KEPT = "%$&@+"
"""Signs of ASCII that stand for words."""
_RANGES = (
    (0x09, 0x0D),  # white space of ASCII, then its signs
    (0x20, 0x2F),
    (0x3A, 0x40),
    (0x5B, 0x60),
    (0x7B, 0x7E),
    (0xA0, 0xA1),
    (0xA9, 0xA9),
    (0xAB, 0xAB),
    (0xB6, 0xB7),
    (0xBB, 0xBB),
    (0xBF, 0xBF),
    (0x60C, 0x60C),  # the stops of Arabic and Devanagari
    (0x61B, 0x61B),
    (0x61F, 0x61F),
    (0x964, 0x964),
    (0x2000, 0x202F),  # spaces, dashes, quotation marks, bullets
    (0x2039, 0x203A),
    (0x2190, 0x23FF),  # arrows
    (0x2500, 0x27BF),  # boxes, stars, ticks
    (0x2900, 0x2BFF),
    (0x3000, 0x3002),  # the stops of Chinese and Japanese, in both widths
    (0x3008, 0x301F),
    (0x30FB, 0x30FB),
    (0xFE0F, 0xFE0F),
    (0xFF01, 0xFF03),
    (0xFF07, 0xFF0A),
    (0xFF0C, 0xFF0F),
    (0xFF1A, 0xFF1F),
    (0x1F000, 0x1FAFF),  # emoji
)
_SIGNS = {code: None for first, last in _RANGES for code in range(first, last + 1) if chr(code) not in _KEPT}
_BETWEEN_DIGITS = re.compile(r"(?<=\d)(\s?[^\w$%&@+]\s?|\s)(?=\d)")
_THOUGHT_SIGN = re.compile(r"[,;?!\u060c\u061b\u061f\u3001\uff0c\uff1b](?=.)")
"""The stops that order a thought ("no, thanks"); what ends a block ends it without them, too."""
_SENTENCE_END = re.compile(r"(?<=[.!?;:])[\"')\]]*\s+|(?<=[\u3002\uff01\uff1f])|\n")

LABEL_WORDS, LABEL_LENGTH = 12, 160
"""The most words and characters of a heading, a button, a link in a list; what has more is a sentence."""


def spell(text: str) -> str:
    """The wording alone, as one string: equal for texts that differ in form only."""
    return _drop_signs(text).casefold()


def _drop_signs(text: str) -> str:
    """Between two digits one sign is kept, without the white space beside it."""
    words, *others = _BETWEEN_DIGITS.split(fold(text))
    dropped = words.translate(_SIGNS)
    for sign, following in zip(others[::2], others[1::2], strict=True):
        dropped += (sign.strip() or " ") + following.translate(_SIGNS)
    return dropped


def spell_all(texts: Iterable[str]) -> str:
    """The wording of several blocks, which may be cut elsewhere in another text."""
    return spell("\n".join(texts))


def spell_unnumbered(texts: Iterable[str]) -> str:
    """As `spell_all`, without the number or letter that each block begins with."""
    return spell_all(map(strip_ordinal, map(fold, texts)))


def has_same_sentences(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether two texts of the same wording also have the same stops and, but for labels, the same capitals."""
    if Counter(_find_stops(before)) != Counter(_find_stops(after)):
        return False
    is_running = not all(map(is_label, (*before, *after)))
    return not is_running or _drop_signs("\n".join(before)) == _drop_signs("\n".join(after))


def _find_stops(texts: Iterable[str]) -> list[str]:
    return [stop for text in texts for stop in _THOUGHT_SIGN.findall(text)]


def split_sentences(text: str) -> list[str]:
    """Sentences and clauses as `spell` writes them, without empty ones."""
    return [wording for wording in map(spell, _SENTENCE_END.split(fold(text))) if wording]


def is_short(text: str) -> bool:
    return len(text) <= LABEL_LENGTH and text.count(" ") < LABEL_WORDS


def is_label(text: str) -> bool:
    """Whether a text is short and ends like no sentence: a heading, a link, a button, a point of a list."""
    return is_short(text) and not text.rstrip("\"')] ").endswith((".", ";", ":", ",", "\u3002", "\uff1b"))
