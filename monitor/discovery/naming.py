"""Which names in the mark-up of a page will still be there next month: tags, ids, classes, attributes to select by.

A name lasts where a person gave it and it says what the element is: `#main-content`, `.policy-text`,
`[data-testid="terms"]`. It does not where a build tool made it (`css-1x2y3z`, `sc-bdVaJa`, `Text_body__x7Ka2`), where
it says how the element looks (`px-4`, `col-md-8`) or in what state it is (`is-open`), or where it counts (`post-1234`).

Does not do: knowing whether a name is unique in its page, or what the element holds (`selectors`).
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode


class Hold(IntEnum):
    """How long a selector can be expected to hold; less is longer."""

    MEANING = 0
    """By what the element is for readers and machines: `main`, `#content`, `[itemprop=articleBody]`."""
    CONTENT = 1
    """By a name that says what is in it: `.policy-text`, `[data-testid="terms"]`."""
    NAME = 2
    """By any other name that a person gave, or by that part of a made one: `[class*="PolicyBox_"]`."""
    LAYOUT = 4
    """By a name that many elements of many sites have: `.container`, `#root`."""


class Name(NamedTuple):
    """A selector that matches an element, and how long it can be expected to hold."""

    selector: str
    hold: Hold


_TAGS = frozenset({"main", "article", "nav", "footer", "aside"})
_LOOSE_TAGS = frozenset({"header", "form", "details", "dialog"})
_ROLES = frozenset({"main", "article", "document", "navigation", "contentinfo", "complementary", "banner", "search"})
_ITEMS = frozenset({"articleBody", "text", "mainContentOfPage", "mainEntity"})
_GIVEN = ("data-testid", "data-test-id", "data-test", "data-qa", "data-cy", "data-component", "aria-labelledby")
"""Attributes whose values people choose, and leave alone because tests or readers hold on to them."""


def _whole(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_CONTENT = re.compile(
    r"(?<![a-z])(?:(?:main|body)(?!-(?:wrap|inner|outer|container))|contents?|articles?|polic(?:y|ies)|legal|terms|privacy|cookies|guidelines?|rules|standards"
    r"|documents?|docs?|prose|markdown|rich-?text|text|wysiwyg|entry|post|copy|statement|agreement|notice|tos|cms)(?![a-z])"
)
_MADE = _whole(
    r"(?:css|sc|jss|jsx|mui|chakra|emotion|svelte|astro|styled|ember|yui|ext|radix|react|headlessui|ctl\d+)-?\w*\d[\w-]*",
    r"(?:sc|css|ng|_ng\w+|v|data-v)-\S+",
    r"makestyles\S*|mui[a-z]+-\S*|elementor-element\S*|wp-image\S*|w-node\S*|vc_\S*|et_pb_\S*|brz-\S*|comp-\S*",
)
"""What component libraries and page builders make: the numbers are new with each build or each page."""
_STYLED = re.compile(r"(?:[\w-]+-)?sc-[\w-]+|css-\w+|jss\d+|emotion-\d+")
"""Beside such a name, another one without a hyphen is made as well: styled-components writes them in pairs."""
_STATE = _whole(
    r"(?:is|has|js|no|wf|show|hide|lazy|not)-\S+",
    r"(?:un)?loaded|loading|active|open(?:ed)?|closed|visible|invisible|hidden|current|selected|expanded|collapsed?",
    r"fade|animated?|hydrated|ready|sticky|fixed",
)
_LOOK = _whole(
    r"!?-?(?:\w+:)*(?:[mp][trblxyse]?|[whzulogd]|pos|position|hover|min|max|gap|space|grid|flex|inline|block|text|font|bg|border|rounded"
    r"|shadow|items|justify|self|leading|tracking|cols?|offset|order|float|align|overflow|opacity|top|bottom|left|right"
    r"|pull|push|pad|padding|margin|size|width|height|theme|colou?r|style|dark|light|large|small|medium|centere?d?|center"
    r"|narrow|wide|full|half|one|two|three|first|last|odd|even|span|shrink|grow|basis|transition|animate|cursor|absolute"
    r"|relative|static|transform|whitespace|break|antialiased|truncate|uppercase|object|pointer|outline|ring|divide|tight|btn|hero)"
    r"(?:[-_].*)?",
    r"clearfix|cf|row|\S*[^\w-]\S*",
)
"""What style sheets of utilities are made of, which pages change with every new look."""
_LAYOUT = _whole(
    r"(?:[a-z]+[-_]+)?(?:containers?|wrap|wrapper|wrappers|inner|outer|rows?|sections?|box|block|columns?|layout|root|app"
    r"|site|page|view|panel|grid|card|body|main|skip-?\w*)(?:[-_]+(?:fluid|inner|wrap|wrapper|container|nav|content))?",
    r"_*(?:next|nuxt|gatsby)\S*",
    r"\S+--\S+",  # a variant of a look
)
_STEM = re.compile(r"((?:[A-Za-z][A-Za-z]+[-_]?)+_{1,2})(?=[A-Za-z0-9+-]*[A-Z0-9])[A-Za-z0-9+-]{4,12}")
"""A CSS module: file and class as a person named them, and a hash."""
_PARTS = re.compile(r"[-_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[A-Z]?[a-z]+")
_CAPITALS = re.compile(r"[A-Z]{2,4}")
_SAID = re.compile(
    r"(?=.*[aeiouy])(?!.*[bcdfghjklmnpqrstvwxz]{5})(?!(?:[^aeiouysct]|[ct](?!h))[^aeiouy]{2})", re.IGNORECASE
)
_ABBREVIATIONS = frozenset(
    {"html", "txt", "md", "tos", "cms", "wp", "ts", "dsa", "gdpr", "hs", "cc", "tc", "pp", "rt", "st"}
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]+[A-Za-z0-9]")
_SHORT = 3
"""Letters: fewer are no hump of a name that a person gave."""


def get_names(node: LexborNode) -> list[Name]:
    """What this one element may be selected by, the most lasting first."""
    return sorted(_iter_names(node), key=lambda each: (each.hold, len(each.selector)))


def _iter_names(node: LexborNode) -> Iterator[Name]:
    tag, attributes = node.tag or "", node.attributes
    if tag in _TAGS or tag in _LOOSE_TAGS:
        yield Name(tag, Hold.MEANING if tag in _TAGS else Hold.NAME)
    for attribute, known in (("role", _ROLES), ("itemprop", _ITEMS)):
        if (value := attributes.get(attribute)) in known:
            yield Name(f"[{attribute}={value}]", Hold.MEANING)
    for attribute in _GIVEN:
        value = attributes.get(attribute) or ""
        if is_lasting(value):
            yield Name(f'[{attribute}="{value}"]', Hold.CONTENT)
    own_id = attributes.get("id") or ""
    if is_lasting(own_id):
        hold = _hold_of(own_id)
        yield Name(f"#{own_id}", Hold.MEANING if hold is Hold.CONTENT else hold)
    classes = (attributes.get("class") or "").split()
    made = any(map(_STYLED.fullmatch, classes))
    for name in classes:
        if is_lasting(name) and not (made and name.isalpha()):
            yield Name(f".{name}", _hold_of(name))
        elif stem := _STEM.fullmatch(name):
            yield Name(f'[class*="{stem[1]}"]', Hold.NAME)


def _hold_of(name: str) -> Hold:
    spelled = _HUMP.sub("-", name).replace("_", "-").lower()
    if _CONTENT.search(spelled) and "--" not in name:
        return Hold.CONTENT
    return Hold.LAYOUT if _LAYOUT.fullmatch(spelled) else Hold.NAME


def is_lasting(name: str) -> bool:
    """Whether a person gave this name to say what the element is."""
    if not _PLAIN.fullmatch(name) or any(each.fullmatch(name) for each in (_MADE, _STATE, _LOOK)):
        return False
    *before, last = _PARTS.split(name)
    return _is_given(last) and all((each.isalpha() and len(each) <= _SHORT) or _is_given(each) for each in before)


def _is_given(part: str) -> bool:
    """Whether this can be said: words, each with its first letter large or small, and no hash."""
    if part.lower() in _ABBREVIATIONS or _CAPITALS.fullmatch(part):
        return True
    words = _HUMP.split(part)
    if len(words) > 1 and min(map(len, words)) < _SHORT:
        return False
    return all(_WORD.fullmatch(word) and _SAID.match(word) for word in words)
