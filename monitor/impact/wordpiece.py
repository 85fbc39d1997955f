"""Text to the token numbers of an uncased BERT model, in plain Python.

The steps are those of Devlin et al., "BERT" (2019): lower case without accents, words cut at white space, punctuation
and between CJK characters, then each word cut into the longest pieces that the vocabulary has. The numbers are those of
the library `tokenizers` (compared on 17,506 texts of policies and procedures), which would bring 20 packages.

`uncased-vocab.txt` is the vocabulary of bert-base-uncased (Google, Apache License 2.0), as all-MiniLM-L6-v2 uses it.

Does not do: cased models, other kinds of tokenizer, special marks written in the text (`[SEP]` is three tokens).
"""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

SHIPPED_VOCABULARY = Path(__file__).with_name("uncased-vocab.txt")
START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST_WORD = 100
"""Characters; a longer word is one unknown token, as in BERT."""
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
_ASCII_SYMBOLS = frozenset("$+<=>^`|~")
"""Unicode has them as symbols, BERT as punctuation."""


class WordPiece:
    """The tokenizer of one vocabulary: `tokens`, each at the place of its number; `name` is for messages.

    Raises ConfigurationError where a mark that every BERT vocabulary has is missing.
    """

    def __init__(self, tokens: Sequence[str], name: str) -> None:
        self._numbers = {token: number for number, token in enumerate(tokens)}
        missing = [mark for mark in (START, END, UNKNOWN) if mark not in self._numbers]
        if missing:
            raise ConfigurationError(
                f"{name}: without {', '.join(missing)} it is no vocabulary of a BERT model. "
                "Give the vocab.txt or tokenizer.json that belongs to the model."
            )
        self.last = len(tokens) - 1
        self._cut = lru_cache(maxsize=50_000)(self._cut_word)  # a library repeats its words

    def encode(self, text: str, limit: int) -> list[int]:
        """The numbers of at most `limit` tokens, the marks of start and end among them."""
        numbers = [self._numbers[START]]
        for word in split_words(text):
            numbers += self._cut(word)
            if len(numbers) >= limit:
                break
        return [*numbers[: limit - 1], self._numbers[END]]

    def _cut_word(self, word: str) -> tuple[int, ...]:
        numbers: list[int] = []
        start = 0
        while start < len(word):
            end = self._end_of_piece(word, start) if len(word) <= LONGEST_WORD else None
            if end is None:
                return (self._numbers[UNKNOWN],)
            numbers.append(self._numbers[_piece(word, start, end)])
            start = end
        return tuple(numbers)

    def _end_of_piece(self, word: str, start: int) -> int | None:
        """Where the longest known piece that begins at `start` ends."""
        ends = range(len(word), start, -1)
        return next((end for end in ends if _piece(word, start, end) in self._numbers), None)


def read_vocabulary(path: Path) -> WordPiece:
    """The tokenizer of a `vocab.txt` (one piece a line) or of the uncased WordPiece model in a `tokenizer.json`.

    Raises ConfigurationError where the file is neither.
    """
    try:
        content = path.read_text("utf-8")
        tokens = _json_tokens(content) if path.suffix == ".json" else content.removesuffix("\n").split("\n")
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ConfigurationError(
            f"{path}: the vocabulary cannot be read ({error!r}). Give the vocab.txt or the tokenizer.json of an "
            "uncased BERT model."
        ) from error
    return WordPiece(tokens, str(path))


def split_words(text: str) -> list[str]:
    """The words and punctuation marks of `text`, in lower case and without accents."""
    return unicodedata.normalize("NFD", text.lower()).translate(_CHARACTERS).split()


def _piece(word: str, start: int, end: int) -> str:
    """A stretch of a word as the vocabulary writes it: what goes on a word begins with ##."""
    return f"##{word[start:end]}" if start else word[:end]


def _json_tokens(content: str) -> list[str]:
    tokenizer = json.loads(content)
    if tokenizer["model"]["type"] != "WordPiece" or not tokenizer["normalizer"]["lowercase"]:
        raise ValueError("it is no uncased WordPiece model")
    numbers: dict[str, int] = tokenizer["model"]["vocab"]
    return sorted(numbers, key=numbers.__getitem__)


class _Characters(dict[int, str]):
    """What becomes of each character, decided when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = replacement = _replace(chr(code))
        return replacement


_CHARACTERS = _Characters()


def _replace(character: str) -> str:
    """White space as a blank, nothing for accents and control characters, a word of its own for punctuation and CJK."""
    category = unicodedata.category(character)
    if character in "\t\n\r" or category.startswith("Z"):
        return " "
    if category in {"Cc", "Cf", "Co", "Cs", "Mn"} or character == "\ufffd":
        return ""
    is_cjk = any(first <= ord(character) <= last for first, last in _CJK)
    is_alone = is_cjk or category.startswith("P") or character in _ASCII_SYMBOLS
    return f" {character} " if is_alone else character
