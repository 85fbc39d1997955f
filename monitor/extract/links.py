"""Link targets without what changes from visit to visit.

Does not do: making relative targets absolute. The address of the page is unknown here, and a target as the publisher
wrote it does not change when the page is served from elsewhere.
"""

from __future__ import annotations

import re

_NO_TARGET = re.compile(r"(?:#|javascript:|vbscript:|data:|about:|[^?#]*/cdn-cgi/l/email-protection)", re.IGNORECASE)
"""Within the page, run as a program, or an e-mail address that a proxy encodes anew for each visitor."""

_SESSION = r"jsessionid|phpsessid|aspsessionid\w*|session_?id|sessid|sid|cfid|cftoken|cfsid"
_CAMPAIGN = (
    r"utm_\w+|mtm_\w+|pk_\w+|mc_\w+|_hs\w+|hsctatracking|oly_\w+|_ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|fbclid"
    r"|msclkid|twclid|ttclid|yclid|igshid|igsh|li_fat_id|mkt_tok|vero_id|wickedid|srsltid"
)
_PARAMETER = re.compile(rf"(?:{_SESSION}|{_CAMPAIGN})(?:=|$)", re.IGNORECASE)
_PATH_SESSION = re.compile(rf";(?:{_SESSION})=[^/?#;]*", re.IGNORECASE)
_BREAKS = re.compile(r"[\t\r\n]")


def clean_link(target: str) -> str:
    """`target` without tracking parameters and session ids; "" where it leads nowhere outside the page."""
    target = _BREAKS.sub("", target).strip()
    if _NO_TARGET.match(target):
        return ""
    if ";" in target:
        target = _PATH_SESSION.sub("", target)
    return _without_tracking(target) if "?" in target else target


def _without_tracking(target: str) -> str:
    address, mark, fragment = target.partition("#")
    path, _, query = address.partition("?")
    kept = "&".join(each for each in re.split("&(?:amp;)?", query) if each and not _PARAMETER.match(each))
    return path + ("?" + kept if kept else "") + mark + fragment
