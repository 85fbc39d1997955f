"""The names of the months, in the languages that publishers write in (`months.toml`).

They are Unicode's (CLDR 48), copied as text: babel carries the same in 33 MB, of which this is 4 kB.

Does not do: dates (`monitor.compare.dates.written`).
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

_NAMES = [
    (language, word, month)
    for language, names in tomllib.loads(
        files("monitor.compare.dates").joinpath("months.toml").read_text("utf-8")
    ).items()
    for month, words in enumerate(names.split(), 1)
    for word in words.split("/")
]
_BY_LANGUAGE = {(language, word): month for language, word, month in _NAMES}
_BY_WORD = {word: month for _, word, month in reversed(_NAMES)}


def find_month(word: str, language: str = "") -> int | None:
    """The month that a word names, 1 to 12, in the given language if it has it, else in any; None for other words."""
    lower = word.lower().replace("i\u0307", "i")
    return _BY_LANGUAGE.get((language[:2], lower)) or _BY_WORD.get(lower)
