"""The lines of a text → one line, its words whole.

A word split at a line end is joined as the document itself spells it elsewhere; where it does not, a hyphen stays
between two words that the document has each on its own (`cross-border`) or if it never splits one, and goes
otherwise. Ligatures become letters.

Does not do: which lines belong together (`split`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from monitor.extract.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MIN_LINES = 40
"""In fewer lines it cannot be seen whether a document splits words at all."""

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_SPLIT_WORD = re.compile(r"([^\W\d_]+)([-\u00ad])\n([^\W\d_]+)")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_PUNCTUATION = ".,;:!?()[]\u2018\u2019\u201c\u201d'\""
_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "bzw", "et", "ou", "y", "e", "o", "en", "of", "och", "og"})
"""What follows a hyphen that stands for a word left out: `pre- and post-`."""
_HOLDING = re.compile("\\w[-/\u2013\u2014]$")
_WIDE_SCRIPT = re.compile("[\\u3000-\\u303f\\uff00-\\uffef\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


class Speller:
    """How a document spells its words, learned from its texts, their lines parted by "\\n"."""

    def __init__(self, texts: Sequence[str]) -> None:
        texts = [text.translate(_LIGATURES).lower() for text in texts]
        words = [word for text in texts for word in _whole_words(text)]
        self._hyphenated = {each for word in words if "-" in word for each in _HYPHENATED.findall(word)}
        self._words = {word.strip(_PUNCTUATION) for word in words}
        splits = [match for text in texts for match in _SPLIT_WORD.findall(text)]
        is_short = sum(text.count("\n") + 1 for text in texts) < MIN_LINES
        self._splits_words = is_short or any(head + tail in self._words for head, _, tail in splits)

    def spell(self, text: str) -> str:
        """One line for the lines of a text."""
        text = text.translate(_LIGATURES)
        text = _SPLIT_WORD.sub(lambda match: self._joined(*match.groups()), text)
        return fold(_join_lines(text))

    def _joined(self, head: str, hyphen: str, tail: str) -> str:
        if hyphen == "\u00ad":
            return head + tail
        if tail.lower() in _SUSPENDED:
            return f"{head}- {tail}"
        first, last = head.lower(), tail.lower()
        if first + last in self._words:
            return head + tail
        apart = f"{first}-{last}" in self._hyphenated or {first, last} <= self._words or not self._splits_words
        return f"{head}-{tail}" if apart or not tail[0].islower() else head + tail


def _whole_words(text: str) -> Iterator[str]:
    """The words of a text that no line end splits."""
    split = False
    for line in text.split("\n"):
        words = line.split()
        goes_on = line.endswith(("-", "\u00ad"))
        yield from words[int(split) : len(words) - int(goes_on)]
        split = goes_on


def _join_lines(text: str) -> str:
    """No space comes in at a line end between letters of Chinese or Japanese, nor where a dash or a slash holds on."""
    head, *rest = text.split("\n")
    for line in rest:
        wide = _WIDE_SCRIPT.match(head[-1:]) and _WIDE_SCRIPT.match(line)
        held = _HOLDING.search(head) and line[:1].isalnum()
        head += line if wide or held else f" {line}"
    return head
