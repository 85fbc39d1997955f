"""Keys to interfaces, taken out of what is kept, logged or told.

Does not do: finding keys; other spellings than those in which an address holds one.
"""

from __future__ import annotations

import re
from functools import cache

HIDDEN = "[key]"


def hide(text: str, key: str) -> str:
    """The text without the key, as it is or with any of its signs as they stand in an address. "" = there is no key."""
    return _pattern(key).sub(HIDDEN, text) if key else text


def hide_in_bytes(body: bytes, key: str) -> bytes:
    """The same for bytes of any encoding: latin-1 gives each byte a sign of its own."""
    return hide(body.decode("latin-1"), key).encode("latin-1")


@cache
def _pattern(key: str) -> re.Pattern[str]:
    """Each sign by itself or escaped: `+`, `%2B` and `%2b`. An address may escape what it need not."""
    signs = ((re.escape(sign), "".join(f"%{byte:02x}" for byte in sign.encode())) for sign in key)
    return re.compile("".join(f"(?:{sign}|(?i:{escaped}))" for sign, escaped in signs))
