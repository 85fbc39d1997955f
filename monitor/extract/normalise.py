"""One spelling for each text: what is left after this differs only where a reader could see it.

`fold` makes NFC, one space for every run of white space (non-breaking and typographic spaces included), and drops
characters that nobody sees: control characters, soft hyphens, zero-width spaces and joiners, directional marks,
byte-order marks, halves of characters. The one exception is a joiner (ZWJ, ZWNJ) between two letters of a script from
Arabic to Mongolian, or between two emoji: there it changes what is read (Persian, Hindi, Sinhala …).

Does not do: entities (the parser's business), ligatures (`pdf`), letter case or typographic quotes: those are wording.
"""

from __future__ import annotations

import re
import unicodedata

_JOINING = "\u0600-\u18af\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]+"
)
_IDLE_JOINER = re.compile(f"(?<![{_JOINING}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINING}])")

_LANGUAGE = re.compile(
    r"(?!(?:und|mul|zxx)\b)([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?![a-z\d])", re.IGNORECASE
)


def find_invisible(text: str) -> str:
    """The characters beyond ASCII that `fold` drops because nobody sees them, in their order."""
    if text.isascii() or text.isprintable():
        return ""
    dropped = "".join([*_INVISIBLE.findall(text), *_IDLE_JOINER.findall(text)])
    return "".join(character for character in dropped if not character.isascii())


def spell_language(declared: str) -> str:
    """A declared language in the usual spelling: `EN_gb` as `en-GB`, `zh-hant-tw` as `zh-Hant-TW`; "" for no language.

    RFC 5646, section 2.1.1. Of several only the first counts; variants and extensions are left out.
    """
    tag = _LANGUAGE.match(declared.strip())
    if not tag:
        return ""
    language, script, region = tag.groups(default="")
    return "-".join(part for part in (language.lower(), script.title(), region.upper()) if part)


def fold(text: str) -> str:
    """`text` as one line in normal form. Folding twice gives the same as folding once."""
    line = text.strip()
    if "  " in line or not line.isprintable():
        line = " ".join(line.split())
        if not line.isprintable():  # the costly case, and rare: everything invisible counts as unprintable
            line = " ".join(_IDLE_JOINER.sub("", _INVISIBLE.sub("", line)).split())
    return line if line.isascii() else unicodedata.normalize("NFC", line)
