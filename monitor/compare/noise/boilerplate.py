"""What surrounds the text of a policy: navigation, prompts, buttons, lists of links that lead away.

| Recognised by                                                              | Is                   |
|----------------------------------------------------------------------------|----------------------|
| its words, which fill the block ("Was this helpful? Yes No", "Share")      | a button or prompt   |
| the heading above it ("Related articles"), and it is no sentence           | a list of links      |
| standing in a row of questions without answers ("How do I appeal?")        | a list of questions  |
| repeating a heading of the same text, in a row of such                     | a table of contents  |
| leading from "Home" or "Help center" to the heading below it               | a way to the page    |
| many names run together without a sentence ("HomeVideosGet started")       | a menu               |
| standing first under "AI-generated key takeaways" as points                | a machine's summary  |
| declarations in braces, or calls                                           | code of the page     |

A point of a list that a sentence introduces is rule text, however short: what is forbidden stands in such lists.

Does not do: stamps and counters (`ticks`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.compare.alignment.words import strip_ordinal
from monitor.compare.noise.form import LABEL_LENGTH, is_label, is_short, spell
from monitor.compare.noise.phrases import any_of
from monitor.model import BlockKind
from monitor.patterns import LatePattern

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.model import Block

FEW_QUESTIONS = 3
"""Of so many prompts in a row none is answered; two can be the headings of short answers."""
FEW_ENTRIES = 3
"""So many headings in a row, repeated as a list, are a table of contents."""
MIN_GLUED = 6
"""Different words run together by a capital ("contentStart") that a menu has at least; brand names make one or two."""
GLUED_SHARE = 0.04
STOP_EVERY = 60
"""Words for each end of a sentence that a menu may have; running text ends one every 20."""
LONG_LIST = 200
MAX_MENU = 20_000
MAX_CRUMBS = 4
NAME_WORDS = 7
MAX_BUTTONS = 6
LITTLE = 4
"""Letters of the words that a title leaves without a capital."""
REACH = 8
"""Blocks to each side that are looked at."""

_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})
MAX_ASIDE = 400
"""Characters of the longest prompt or banner."""
_ASIDE = LatePattern(rf"[^\w\u00bf]*+{any_of('aside', 'headings')}\W*", re.IGNORECASE)
_WIDGET = LatePattern(rf"[^\w\u00bf]*+{any_of('aside', 'widgets')}\W*", re.IGNORECASE)
_CONTENTS = LatePattern(rf"[^\w\u00bf]*+{any_of('aside', 'contents')}\W*", re.IGNORECASE)
_DIGEST = LatePattern(rf"[^\w\u00bf]*+{any_of('aside', 'digests')}\W*", re.IGNORECASE)
_ANSWER = LatePattern(rf"[^\w\u00bf]*+{any_of('aside', 'answers')}\W*", re.IGNORECASE)
_ANSWERS = LatePattern(
    rf"[^\w\u00bf]*+{any_of('aside', 'answers')}[\W\d]+{any_of('aside', 'answers')}[\W\d]*", re.IGNORECASE
)
_STYLE = re.compile(
    r"(?:\s*[^\s{}]+(?:\s+[^\s{}]+){0,9}\s*\{(?:\s*[a-z-]+\s*:[^;{}]+;)*(?:\s*[a-z-]+\s*:[^;{}]+)?\s*\})+\s*"
)
_STYLED = re.compile(r"\b(?:color|font|margin|padding|display|width|height|fill|background|border|position)\b")
_SCRIPT = re.compile(r"\(?function\s*\w*\(|(?:window|document)\.\w+|(?:var|let|const) \w+ ?=|\$\(")
_SEPARATOR = re.compile(r"\s*[|\u00b7\u2022/]\s*")
_LANGUAGE = LatePattern(rf"[^\w\u00bf]*+{any_of('aside', 'languages')}(?: ?\(.{{0,30}}\))?\W*", re.IGNORECASE)
_CRUMB = LatePattern(rf"(?:\d+\. )?[^\w\u00bf]*+{any_of('aside', 'crumbs')}\W*", re.IGNORECASE)
_CRUMB_SIGN = re.compile(r"\s(?:>|\u203a|\u00bb|\u2192|/|\u00b7|\|)\s|\u203a|\u00bb")
_ASKING = LatePattern(rf"[^\w\u00bf]*+{any_of('aside', 'asking')}(?!\w)", re.IGNORECASE)
_GLUED = re.compile(r"[^\W\d_A-Z]{3}[A-Z][^\W\d_]{2}")
_STOP = re.compile(r"[.!?;\u3002](?=\s|\Z)")
_CODE = re.compile(r"[^\W\d_]\d+[^\W\d_]+\d")
_NAMED = re.compile(r"\s[|\u2013\u2014\u00b7-]\s")
_CONTACT = re.compile(r"@|\d{3}")
_DIGIT = re.compile(r"\d")
_DATED = re.compile(r"\d{4}|\d\s?[%$\u20ac\u00a3]")


class Surroundings:
    """One of the two texts, to look at what stands around a block of it."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._headings = {spell(block.text) for block in blocks if block.kind is BlockKind.HEADING}

    def name_aside(self, at: int) -> str:
        """What kind of aside a block is, as a noun for people; "" where it is text of the policy."""
        block = self._blocks[at]
        if _is_menu(block.text):
            return "menu"
        if _is_code(block.text):
            return "code of the page"
        if self._is_digest(at):
            return "machine's summary"
        if len(block.text) > MAX_ASIDE:
            return ""
        if self._is_crumb(at):
            return "way to the page"
        return "" if self._is_point(at) else self._name_short(at, block)

    def _name_short(self, at: int, block: Block) -> str:
        if _is_widget(block) and not self._is_answer(at):
            return "button or prompt"
        if (_is_under_aside(block) and self._may_lead(at)) or self._heads_links(at):
            return "link to another text"
        return self._name_in_row(at)

    def is_lone_link(self, at: int) -> bool:
        """Whether a block is a name that leads somewhere and no point of a list: what for is not said."""
        block = self._blocks[at]
        is_name = bool(block.links) and block.text.count(" ") < NAME_WORDS and is_label(block.text)
        is_address = _DIGIT.search(block.text) or _CONTACT.search(block.text)
        return is_name and block.kind in _TEXT and not (is_address or self._is_point(at))

    def _name_in_row(self, at: int) -> str:
        prompts = self._find_row(at, _is_prompt)
        if len(prompts) >= FEW_QUESTIONS and sum(map(_asks, prompts)) >= max(2, len(prompts) / 3):
            return "suggested question"
        if len(prompts) >= FEW_ENTRIES and sum(map(_is_widget, prompts)) > len(prompts) / 2:
            return "button or prompt"
        if len(self._find_row(at, self._is_entry)) >= FEW_ENTRIES:
            return "entry of a table of contents"
        return ""

    def _is_point(self, at: int) -> bool:
        """Whether a sentence introduces the list that the block is a point of, or a heading does and it leads nowhere.

        Of a very long list it is believed.
        """
        if self._blocks[at].kind is not BlockKind.ITEM:
            return False
        number = at
        end = max(0, at - LONG_LIST)
        while at > end and self._blocks[at].kind is BlockKind.ITEM:
            at -= 1
        above = self._blocks[at]
        is_list = above.kind is BlockKind.HEADING and not (self._blocks[number].links or _WIDGET.fullmatch(above.text))
        is_introduced = (is_list or above.text.endswith((":", "\uff1a"))) and not is_aside_heading(above.text)
        return is_introduced or (at > 0 and above.kind is BlockKind.ITEM)

    def _may_lead(self, at: int) -> bool:
        """Whether it leads somewhere, or what stands with it below "Contents" does or repeats a heading."""
        heading = self._blocks[at].heading
        if self._blocks[at].kind is BlockKind.HEADING or not _CONTENTS.fullmatch(heading[-1]):
            return True
        beside = self._blocks[max(0, at - REACH) : at + REACH]
        return any(block.heading == heading and (block.links or self._is_entry(block)) for block in beside)

    def _heads_links(self, at: int) -> bool:
        """Whether such a heading was typed as text."""
        below = self._blocks[at + 1 : at + 2]
        return is_aside_heading(self._blocks[at].text) and all(block.links for block in below) and bool(below)

    def _is_answer(self, at: int) -> bool:
        """Whether "Yes" or "No" stands without the other and without a prompt above it."""
        if not _ANSWER.fullmatch(self._blocks[at].text):
            return False
        above, below = self._blocks[max(0, at - 1) : at], self._blocks[at + 1 : at + 2]
        return not (any(map(_is_widget, above)) or any(_ANSWER.fullmatch(block.text) for block in below))

    def _is_digest(self, at: int) -> bool:
        """Whether it is a point, or the label, right below a heading over what a machine drew from the text."""
        start = at
        while start > max(0, at - REACH) and self._blocks[start].kind is BlockKind.ITEM:
            start -= 1
        above = self._blocks[max(0, start - 1) : start + 1]
        return any(is_short(block.text) and _DIGEST.fullmatch(block.text) for block in above) and (
            self._blocks[at].kind is BlockKind.ITEM or is_label(self._blocks[at].text)
        )

    def is_title(self, at: int) -> bool:
        """Whether it is a heading that was typed as text: the first line of a page, or a title above running text."""
        block, after = self._blocks[at], self._blocks[at + 1 : at + 2]
        if block.kind is not BlockKind.PARAGRAPH or not is_label(block.text) or _DIGIT.search(block.text):
            return False
        if at == 0:
            return len(self._blocks) > REACH
        is_above_text = bool(after) and after[0].kind is BlockKind.PARAGRAPH and not is_short(after[0].text)
        return is_above_text and _is_title_case(block.text)

    def names_document(self, at: int) -> bool:
        """Whether it is a heading of the text and the name of the publisher: "Rules | Example"."""
        name, *others = _NAMED.split(self._blocks[at].text)
        return bool(others) and is_label(self._blocks[at].text) and spell(name) in self._headings

    def _find_row(self, at: int, belongs: Callable[[Block], bool]) -> Sequence[Block]:
        """The block and those beside it that belong to the same list, as far as REACH."""
        if not belongs(self._blocks[at]):
            return ()
        start, stop = at, at + 1
        while start > max(0, at - REACH) and belongs(self._blocks[start - 1]):
            start -= 1
        while stop < min(len(self._blocks), at + REACH) and belongs(self._blocks[stop]):
            stop += 1
        return self._blocks[start:stop]

    def _is_entry(self, block: Block) -> bool:
        """Whether it repeats a heading of the same text, or heads such a list."""
        is_text = block.kind in _TEXT and is_short(block.text)
        is_heading = not self._headings.isdisjoint((spell(block.text), spell(strip_ordinal(block.text))))
        return is_text and (is_heading or is_aside_heading(block.text))

    def _is_crumb(self, at: int) -> bool:
        """One of a few links in a row that begins with a way in, the last perhaps no link, or all of it in one line."""
        first, *others = _CRUMB_SIGN.split(self._blocks[at].text)
        if others:
            return bool(_CRUMB.fullmatch(first))
        start = at
        while start > max(0, at - MAX_CRUMBS) and not _CRUMB.fullmatch(self._blocks[start].text):
            start -= 1
        row = self._blocks[start : max(at + 1, start + 2)]
        is_row = all(block.kind in _TEXT and is_label(block.text) for block in row)
        return is_row and bool(_CRUMB.fullmatch(row[0].text)) and all(block.links for block in row[:-1])


def is_aside_heading(text: str) -> bool:
    """Whether it heads a list of links: "Related articles", "On this page"."""
    return is_short(text) and bool(_ASIDE.fullmatch(text))


def _is_widget(block: Block) -> bool:
    """A button or prompt, several buttons in a line, or a link to a translation."""
    if _ANSWERS.fullmatch(block.text):
        return block.kind is not BlockKind.ROW
    if "@" in block.text or (_ANSWER.fullmatch(block.text) and block.text.endswith((".", "\u3002"))):
        return False
    if _WIDGET.fullmatch(block.text) or (block.links and _LANGUAGE.fullmatch(block.text)):
        return True
    words = block.text.split(maxsplit=MAX_BUTTONS)
    is_row = 1 < len(words) <= MAX_BUTTONS and "no" not in block.text.lower() and all(map(_WIDGET.fullmatch, words))
    if is_row or block.kind is BlockKind.ROW or len(block.text) > LABEL_LENGTH:
        return is_row
    names = _SEPARATOR.split(block.text)
    return len(names) > 1 and all(map(_WIDGET.fullmatch, names))


def _is_under_aside(block: Block) -> bool:
    """A heading of such a list, or what stands below it and is no sentence; also below "Was this helpful?"."""
    if block.kind is BlockKind.HEADING:
        return is_aside_heading(block.text)
    if not block.heading or block.kind is BlockKind.ROW or _CONTACT.search(block.text):
        return False
    if block.text.endswith((".", ";", "\u3002")):
        return False
    above = block.heading[-1]
    if above.endswith("?") and _WIDGET.fullmatch(above):
        return is_short(block.text)
    return is_aside_heading(above) and (is_short(block.text) or bool(block.links))


def _is_prompt(block: Block) -> bool:
    return block.kind in _TEXT and is_label(block.text) and not _DATED.search(block.text)


def _asks(block: Block) -> bool:
    return block.text.endswith(("?", "\uff1f")) or bool(_ASKING.match(block.text))


def _is_title_case(text: str) -> bool:
    """Several words, a little one among them, all others with capitals: "Rules and Penalties", but not a name."""
    words = text.split()
    little = [word for word in words if not word[0].isupper()]
    return bool(little) and len(words) - len(little) > 1 and all(len(word) <= LITTLE for word in little)


def _is_code(text: str) -> bool:
    """Style declarations, or a script."""
    if len(text) > MAX_MENU or not text.endswith((";", "}", ")")):
        return False
    return bool((_STYLED.search(text) and _STYLE.fullmatch(text)) or _SCRIPT.match(text))


def _is_menu(text: str) -> bool:
    """Many names run together, hardly any sentence, and no key or code."""
    if len(text) > MAX_MENU:
        return False
    words = text.count(" ")
    names = len(set(_GLUED.findall(text)))
    if names < MIN_GLUED or names < GLUED_SHARE * words:
        return False
    return len(_STOP.findall(text)) <= words / STOP_EVERY and not _CODE.search(text)
