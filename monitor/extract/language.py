"""Which language a text is written in.

Does not do: anything with mark-up.
"""

from __future__ import annotations


def find_language(text: str) -> str:
    """The ISO 639-1 code of the language of a text (`en`); "" where there is too little of it to tell."""
    return ""
