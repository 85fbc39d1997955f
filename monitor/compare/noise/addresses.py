"""Addresses within the words of a text: how they are written differs, who is meant does not.

| Written                                                         | Read as                         |
|-----------------------------------------------------------------|---------------------------------|
| `https://a.example/x?y`, `www.a.example`                        | nothing: the link, not the text |
| `desk [at] a.example`, `desk(at)a(dot)example`                  | `desk@a.example`                |
| `[email protected]`, the stand-in of a proxy for an address     | any e-mail address              |
| `{{ contact_link }}`, `%{contact}`, `${name}`: a blank to fill  | a few words                     |

Does not do: link targets that are kept apart from the text (`Block.links`).
"""

from __future__ import annotations

import re

_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"\u300d\uff09]+[^\s<>\"'.,;:!?)\]\u3002\uff0c\u300d\uff09]", re.IGNORECASE
)
_AT = re.compile(r"\s?(?:[\[({<]\s?(?:at|arobase|arroba|chiocciola|@)\s?[\])}>]|(?<=\w)\s@\s(?=\w))\s?", re.IGNORECASE)
_DOT = re.compile(r"\s?[\[({<]\s?(?:dot|punkt|point|punto|ponto)\s?[\])}>]\s?", re.IGNORECASE)
_PROTECTED = re.compile(r"[\[(]?e-?mail[\s\xa0]*protected[\])]?", re.IGNORECASE)
_BLANK = re.compile(r"\{\{.{0,80}?\}\}|\{%.{0,80}?%\}|[%$#]\{.{0,80}?\}|\[\[.{0,80}?\]\]|<%.{0,80}?%>")
_STAND_IN = re.compile(rf"{_PROTECTED.pattern}|{_BLANK.pattern}", re.IGNORECASE)
_ADDRESS = re.compile(rf"\S+@\S+|{_STAND_IN.pattern}", re.IGNORECASE)
MAX_FILLED = 80
"""Characters that may stand where the other text has a stand-in: a link's words or an address."""


def mask_addresses(text: str) -> str:
    """The text without URLs, and with e-mail addresses in their common form."""
    if "//" in text or "www." in text:
        text = _URL.sub(" ", text)
    return _DOT.sub(".", _AT.sub("@", text)) if "(" in text or "[" in text or "{" in text or " @ " in text else text


def fills_blanks(before: str, after: str) -> bool:
    """Whether one of two texts has stand-ins where the other has an e-mail address or a few words."""
    return _fills(before, after) or _fills(after, before)


def _fills(form: str, text: str) -> bool:
    """Whether `text` is `form` with each of its stand-ins filled. One without any is filled by nothing."""
    stand_ins = _STAND_IN.findall(form)
    first, *others = _STAND_IN.split(form)
    if not stand_ins or not text.startswith(first) or not text.endswith(others[-1]):
        return False
    end = len(first)
    for stand_in, literal in zip(stand_ins, [*others[:-1], None], strict=True):
        reach = end + MAX_FILLED
        at = len(text) - len(others[-1]) if literal is None else text.find(literal, end, reach + len(literal))
        if not (end <= at <= reach and _can_fill(stand_in, text[end:at])):
            return False
        end = at + len(literal or "")
    return True


def _can_fill(stand_in: str, words: str) -> bool:
    return not _PROTECTED.fullmatch(stand_in) or bool(_ADDRESS.fullmatch(words.strip()))
