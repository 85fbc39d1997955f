"""What stands in a line of HTML and does not mean what its letters say.

    footnote mark        `aged 13<sup><a href="#n2">2</a></sup>` is not aged 132: it reads "aged 13[2]"
    permalink            the ¶ or # that documentation tools hang on every heading, and the ↩ at the end of a
                         footnote: nothing
    e-mail address       "[email protected]", which a proxy writes anew for each visitor: the address
    icon                 "expand_more" in a font that shows an arrow: nothing
    note to the blind    "(opens in a new tab)" within a link: nothing

Does not do: blocks (`html_blocks`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from monitor.extract.links import PROTECTED, clean_link, decode_address
from monitor.extract.normalise import fold

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_IN_PAGE = 'a[href*="#"]'
_ADDRESSES = "[data-cfemail]"
_ICONS = ", ".join(f'[class*="{name}"]' for name in ("material-icons", "material-symbols", "google-symbols"))
_UNSEEN = ".sr-only, .visually-hidden, .visuallyhidden, .screen-reader-text, .screen-reader-only"
_LINK_DEPTH = 3
"""How far above a note to the blind its link may be; to look further costs the square of the depth."""
_PERMALINKS = frozenset({"¶", "#", "🔗", "⚓", "⚓︎", "§", "↑", "↩", "↩︎"})
_MARK = re.compile(r"[\[(]?((?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§]{1,3}))[\])]?", re.IGNORECASE)
_ICON = re.compile(r"[a-z0-9_]{2,40}")


class Reading(NamedTuple):
    """What to read instead of the text of an element. `target` is that of the link it makes; "" = none of its own."""

    text: str
    target: str = ""


_NOTHING = Reading("")


def find_readings(root: LexborNode) -> dict[int, Reading]:
    """The Reading of each element that has one, by `mem_id`."""
    readings = {node.mem_id: _NOTHING for node in root.css(_UNSEEN) if _is_in_link(node)}
    readings |= {node.mem_id: _NOTHING for node in root.css(_ICONS) if _ICON.fullmatch(_only_text(node))}
    for node in root.css(_ADDRESSES):
        code = node.attributes.get("data-cfemail") or ""
        if address := decode_address(code):
            readings[node.mem_id] = Reading(address, clean_link(f"{PROTECTED}#{code}"))
    for node in root.css(_IN_PAGE):
        text = fold(node.text())
        if text in _PERMALINKS:
            readings[node.mem_id] = _NOTHING
        elif (mark := _MARK.fullmatch(text)) and _is_raised(node):
            readings[node.mem_id] = Reading(f"[{mark[1]}]")
    return readings


def _is_in_link(node: LexborNode) -> bool:
    above: LexborNode | None = node
    for _ in range(_LINK_DEPTH):
        above = above.parent if above is not None else None
        if above is not None and above.tag == "a":
            return True
    return False


def _only_text(node: LexborNode) -> str:
    """The text of an element that holds nothing else."""
    child = node.first_child
    return fold(child.text_content or "") if child is not None and child.next is None and child.tag == "-text" else ""


def _is_raised(link: LexborNode) -> bool:
    return (link.parent is not None and link.parent.tag == "sup") or link.css_first("sup") is not None
