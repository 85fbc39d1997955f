"""Link targets without what changes from visit to visit.

Dropped are campaign and session parameters, signatures of links that expire, revision numbers of pictures and styles,
and fragments that highlight words (`#:~:text=`). The code that a proxy makes of an e-mail address is replaced by the
address, a redirector by where it leads.

Does not do: making relative targets absolute. The address of the page is unknown here, and a target as the publisher
wrote it does not change when the page is served from elsewhere.
"""

from __future__ import annotations

import re

_NO_TARGET = re.compile(r"(?:#|javascript:|vbscript:|data:|about:|blob:)", re.IGNORECASE)
"""Within the page, or run as a program."""
PROTECTED = "/cdn-cgi/l/email-protection"
"""Where a proxy leads that writes e-mail addresses anew for each visitor, with the code of one in the fragment."""

_SESSION = r"jsessionid|phpsessid|aspsessionid\w*|session_?id|sessid|sid|cfid|cftoken|cfsid"
_CAMPAIGN = (
    r"utm_\w+|mtm_\w+|pk_\w+|mc_\w+|_hs\w+|hsctatracking|oly_\w+|_ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|fbclid"
    r"|msclkid|twclid|ttclid|yclid|igshid|igsh|li_fat_id|mkt_tok|vero_id|wickedid|srsltid"
)
_SIGNATURE = (
    r"x-(?:amz|goog|oss|ms)-\w[\w-]*|signature|key-pair-id|awsaccesskeyid|googleaccessid|hdn(?:ea|ts|tl)|__token__"
    r"|_nc_\w+|(?:auth|access|csrf|xsrf|security|request)?_?token|_csrf|csrf\w*|authenticity_token|_wpnonce|nonce|itok"
    r"|__cf_\w+|cache_?bust(?:er)?|cb|_"
)
_PARAMETER = re.compile(rf"(?:{_SESSION}|{_CAMPAIGN}|{_SIGNATURE})(?:=|$)", re.IGNORECASE)
_PARAMETER_VALUE = re.compile(r"(?:oh=[\w-]{16,}|oe=[0-9a-f]{8}|(?:expires|ts|t|timestamp)=\d{9,13})$", re.IGNORECASE)
"""Names that mean other things elsewhere, with the values that only signatures have."""
_REVISION = re.compile(
    r"(?:v|ver|version|rev|revision|hash|h|m|mtime|width|w|q|quality|dpr|format)(?:=|$)", re.IGNORECASE
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|css|js|woff2?)$", re.IGNORECASE)
_COMPANIONS = (
    ("signature", re.compile(r"policy=", re.IGNORECASE)),
    ("sig", re.compile(r"(?:sv|sr|st|se|sp|spr|ss|srt|sig|skoid|sktid|skt|ske|sks|skv)=", re.IGNORECASE)),
)
"""Parameters that mean a signature only beside another one."""
_PATH_SESSION = re.compile(rf";(?:{_SESSION})=[^/?#;]*", re.IGNORECASE)
_PROTECTED_CODE = re.compile(rf"(?<={PROTECTED}#)[0-9a-fA-F]+$")
_BREAKS = re.compile(r"[\t\r\n]")
_SEPARATOR = re.compile("&(?:amp;)?")

_REDIRECTOR = re.compile(
    r"(?:https?:)?//(?:l|lm|out|away|redirect|links?|click|safelinks[\w.]*|\w+\.safelinks[\w.]*)\.[^/?#]+/[^?#]*\?"
    r"|[^?#]*/(?:l|url|r|redir|redirect|redirector|away|link|linkfilter|out|outbound|exit|leave|goto|external)"
    r"(?:\.(?:php|aspx?|html?))?/?\?",
    re.IGNORECASE,
)
_WRAPPED = re.compile(
    r"(?:u|q|url|to|target|dest|destination|redirect_?(?:to|url)?|z)=(https?(?:%3a|:).+)", re.IGNORECASE
)
_ESCAPES = re.compile("(?:%[0-9a-fA-F]{2})+")


def clean_link(target: str) -> str:
    """`target` without what changes from visit to visit; "" where it leads nowhere outside the page."""
    target = _BREAKS.sub("", target).strip()
    while wrapped := _find_wrapped(target):
        target = wrapped
    if ";" in target:
        target = _PATH_SESSION.sub("", target)
    if "#:~:" in target:
        target = target.partition("#:~:")[0]
    if "?" in target:
        target = _without_tracking(target)
    if PROTECTED in target:
        target = _PROTECTED_CODE.sub(lambda code: decode_address(code[0]), target)
    return "" if _NO_TARGET.match(target) else target


def decode_address(code: str) -> str:
    """The e-mail address in a proxy's code for it: each byte after the first is XORed with the first. "" = none."""
    try:
        key, *rest = bytes.fromhex(code)
        address = bytes(byte ^ key for byte in rest).decode()
    except ValueError:
        return ""
    return address if "@" in address and address.isprintable() else ""


def _find_wrapped(target: str) -> str | None:
    """Where a redirector leads."""
    if "?" not in target or not _REDIRECTOR.match(target):
        return None
    query = target.partition("#")[0].partition("?")[2]
    found = next((match for each in _SEPARATOR.split(query) if (match := _WRAPPED.match(each))), None)
    return _ESCAPES.sub(_unescape, found[1]).strip() if found else None


def _unescape(escapes: re.Match[str]) -> str:
    return bytes.fromhex(escapes[0].replace("%", "")).decode(errors="replace")


def _without_tracking(target: str) -> str:
    address, mark, fragment = target.partition("#")
    path, _, query = address.partition("?")
    parameters = [each for each in _SEPARATOR.split(query) if each]
    names = {each.partition("=")[0].lower() for each in parameters}
    companions = [pattern for name, pattern in _COMPANIONS if name in names]
    picture = _PICTURE.search(path)
    kept = [
        each
        for each in parameters
        if not (_PARAMETER.match(each) or _PARAMETER_VALUE.match(each) or (picture and _REVISION.match(each)))
        and not any(pattern.match(each) for pattern in companions)
    ]
    return path + ("?" + "&".join(kept) if kept else "") + mark + fragment
