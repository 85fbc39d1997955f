"""What selectors keep of a page and what they drop, in words that say what it is.

Does not do: choosing selectors, judging whether the page is the document.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.discovery.naming import is_lasting
from monitor.discovery.parts import find_part, weigh
from monitor.extract.html import parse
from monitor.extract.html_blocks import read_nodes
from monitor.extract.phrases import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

    from monitor.discovery.parts import Part, Weights
    from monitor.model import Selector

SAMPLE_CHARACTERS = 90


@dataclass(frozen=True, slots=True)
class Dropped:
    """One sort of what is dropped: `what` names it, `places` is how often it stands in the page."""

    what: str
    places: int
    words: int
    sample: str
    """Its first lines, cut short."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What one page holds beside the text that is kept: the sorts of it, the largest first.

    `matches` is how often each selector matches in the page.
    """

    dropped: tuple[Dropped, ...] = ()
    matches: dict[str, int] = field(default_factory=dict)


def _named(names: str) -> re.Pattern[str]:
    """Words with which a part of a name begins; `_` ends one that is short."""
    return re.compile(rf"(?:^|[^a-z])(?:{'|'.join(names.split(' | '))})".replace("_", "(?![a-z])"))


_SORTS = {
    "consent notice": _named("cookie | consent | gdpr | onetrust | didomi | usercentrics | optanon | cmp_"),
    "share buttons": _named("shar(?:e|ing) | social | addthis | addtoany | follow-"),
    "breadcrumbs": _named("bread-?crumb"),
    "language menu": _named("lang_ | language | locale | country- | region-(?:select|pick|switch|menu) | translation"),
    "related links": _named(
        "related | relatives | recommend | popular | trending | see-also | read-(?:more|next) | recent"
    ),
    "feedback form": _named("feedback | helpful | rating | survey | votes? | csat"),
    "newsletter form": _named("newsletter | subscri | sign-?up | mailing"),
    "search form": _named("search"),
    "log-in form": _named("log-?in_ | sign-?in_ | account | user-menu"),
    "table of contents": _named("toc_ | table-?of-?contents | on-this-page | contents-list | in-page"),
    "navigation": _named("nav | (?:sub|mega|side)-?(?:nav|menu) | menu | skip- | pager | pagination | sitemap"),
    "advertisement": _named("ads?_ | advert | promo | sponsor | cta_"),
    "footer": _named("footer | (?:site|page)-?footer | colophon | contentinfo | copyright"),
    "header": _named("header | (?:site|page)-?header | banner | masthead | top-?bar | branding"),
    "sidebar": _named("aside | side-?bar | complementary | rail_"),
    "dialog": _named("dialog | modal | pop-?up | overlay | drawer | toast"),
}
"""What it is, by tag, role, label and names of an element; the first that fits counts."""
_CONSENT, _LINKS, _REST = "consent notice", "links", "other text"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s_]+")
MOST_CONSENT_WORDS = 150
LINKED_SHARE = 0.5


def survey(markup: str, select: Sequence[Selector] = (), remove: Sequence[Selector] = ()) -> Survey:
    """What these selectors drop; without `select`, what stands around the main content.

    Of ranges nothing is said but how often the selectors beside them match.
    """
    page = parse(markup)
    kept, out = ([each for each in those if isinstance(each, str)] for those in (select, remove))
    matches = {each: len(page.css(each)) for each in (*kept, *out)}
    part = find_part(page, kept, out) if len(matches) == len({*select, *remove}) else None
    if part is None:
        return Survey(matches=matches)
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    for what, node in _iter_dropped(part, weigh(part)):
        if lines := [block.text for block in read_nodes([node], frozenset())]:
            found[_CONSENT if _asks_consent(what, lines) else what].append(lines)
    dropped = [_sum_up(what, places) for what, places in found.items()]
    return Survey(tuple(sorted(dropped, key=lambda each: -each.words)), matches)


def _asks_consent(what: str, lines: Sequence[str]) -> bool:
    """Whether this is a banner without a name: it speaks of cookies, and briefly."""
    is_brief = sum(map(count_words, lines)) <= MOST_CONSENT_WORDS
    return is_brief and what in {"dialog", _REST} and any("cookie" in line.lower() for line in lines)


def _sum_up(what: str, places: Sequence[Sequence[str]]) -> Dropped:
    lines = [line for place in places for line in place]
    return Dropped(what, len(places), sum(map(count_words, lines)), _cut(" · ".join(dict.fromkeys(lines))))


def _cut(text: str) -> str:
    return text if len(text) <= SAMPLE_CHARACTERS else f"{text[: SAMPLE_CHARACTERS - 1].rstrip()}…"


def _iter_dropped(part: Part, weights: Weights) -> Iterator[tuple[str, LexborNode]]:
    """The outermost elements that hold dropped text and nothing kept, each with its sort.

    What has no name of a sort itself is taken apart as long as something in it has.
    """
    pending = [part.body]
    while pending:
        for child in pending.pop().iter():
            if not weights.dropped(child):
                continue
            sort = "" if weights.kept(child) else _find_sort(child)
            inner = [each for each in child.iter() if weights.dropped(each)]
            if weights.kept(child) or (not sort and (len(inner) == 1 or any(map(_find_sort, inner)))):
                pending.append(child)
            else:
                yield sort or (_LINKS if _is_linked(child) else _REST), child


def _find_sort(node: LexborNode) -> str:
    attributes = node.attributes
    given = [node.tag, *(attributes.get(each) for each in ("role", "aria-label", "id"))]
    classes = filter(is_lasting, (attributes.get("class") or "").split())
    names = _HUMP.sub("-", " ".join([*filter(None, given), *classes])).lower()
    return next((sort for sort, pattern in _SORTS.items() if pattern.search(names)), "")


def _is_linked(node: LexborNode) -> bool:
    links = sum(len(each.text()) for each in node.css("a, button"))
    return links > LINKED_SHARE * len(node.text())
