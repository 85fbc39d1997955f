"""Inside a line of Markdown: its words, and where its links lead.

Marks that people do not see are dropped: emphasis (also half of a pair, as converters leave it), code marks, escapes,
HTML tags, images with their alternative texts. Targets of images and of places in the page are kept beside those of
links, so that nothing that a publisher changed is lost, only kept apart from the words.

Does not do: blocks (`markdown`).
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass

from monitor.extract.links import clean_link

_TARGET = r"\(((?:[^()\\\n]|\\.|\([^()\n]*\))*)\)"
_IMAGE = re.compile(r"!\[((?:[^\[\]\\]|\\.)*)\]" + _TARGET)
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.|\[[^\[\]\\]*\])*)\]" + _TARGET)
_HALF_LINK = re.compile(r"\]" + _TARGET)
"""The end of a link that began in an earlier block."""
_TITLE = re.compile(r"\s+[\"'(].*$")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>")
REFERENCE = re.compile(r"^ {0,3}\[([^\[\]^\n][^\[\]\n]*)\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(].*)?$", re.MULTILINE)
"""A line that says where `[label]` leads."""
_REFERRING = re.compile(r"\[([^\[\]]+)\](?:\[([^\[\]]*)\])?")

_SPACED_TAG = re.compile(
    r"</?(?:br|p|div|li|ul|ol|dl|dt|dd|tr|td|th|table|tbody|thead|hr|h[1-6]|section|article|nav|details|summary|figure"
    r"|blockquote|center|pre|button)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|caption|cite|code|col|colgroup|del|em|figcaption|font|i|iframe|img|input|ins|kbd|label|mark"
    r"|path|picture|q|s|small|source|span|strike|strong|sub|sup|svg|tfoot|time|tt|u|video|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG_TARGET = re.compile(
    r"<(?:a|img|iframe|source|video)\s[^<>]*?\b(?:href|src)\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE
)

_STRONG = re.compile(r"(?<![\w\\*])\*{2,}(?=\S)|(?<=[^\s\\*])\*{2,}(?!\w)")
"""Runs of asterisks beside a word; inside one ("f**k") they are wording."""
_CODE = re.compile(r"(?<![\w\\])`+|(?<!\\)`+(?!\w)")
_DELIMITER = re.compile(r"(?<!\\)(?:\*+|_+)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Inline:
    """Reads stretches of one text; `references` are the targets that it names elsewhere, by label in lower case."""

    references: dict[str, str]

    def read(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The words of a stretch, and where its links, its images and its half links lead, each target once."""
        targets: list[str] = []

        def keep_target(match: re.Match[str]) -> str:
            targets.append(_TITLE.sub("", match[match.re.groups].strip()).strip("<>"))
            return match[1] if match.re is _LINK else ""

        if "<" in text:
            text = _read_tags(text, targets)
        if "[" in text or "]" in text:
            for pattern in (_IMAGE, _LINK, _HALF_LINK):
                text = pattern.sub(keep_target, text)
            text = self._refer(text, targets)
        return _strip_marks(text), tuple(dict.fromkeys(filter(None, map(_clean_target, targets))))

    def _refer(self, text: str, targets: list[str]) -> str:
        """Reference links resolved, and a bracket dropped that begins a link around several blocks."""

        def resolve(match: re.Match[str]) -> str:
            target = self.references.get((match[2] or match[1]).casefold())
            if target is None:
                return match[0]
            targets.append(target)
            return match[1]

        if self.references:
            text = _REFERRING.sub(resolve, text)
        return text.replace("[", "", 1) if "]" not in text and text.lstrip().startswith("[") else text


def _read_tags(text: str, targets: list[str]) -> str:
    targets += _TAG_TARGET.findall(text)
    text = _TAG.sub("", _SPACED_TAG.sub(" ", text))
    targets += _AUTOLINK.findall(text)
    return _AUTOLINK.sub(r"\1", text)


def _clean_target(target: str) -> str:
    """As everywhere, but places in the page are kept, and of data only its type."""
    if target.startswith("data:"):
        return re.split("[;,]", target, maxsplit=1)[0]
    return target if target.startswith("#") else clean_link(target)


def _strip_marks(text: str) -> str:
    """The text without emphasis, code marks, escapes and entities."""
    if "*" in text or "_" in text:
        text = _strip_pairs(_STRONG.sub("", text))
    if "`" in text:
        text = _CODE.sub("", text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    return html.unescape(text) if "&" in text else text


def _strip_pairs(text: str) -> str:
    """Without the marks that open and close an emphasis: they touch its two ends from outside, and stand in no word."""
    opened: defaultdict[str, list[re.Match[str]]] = defaultdict(list)
    dropped: list[re.Match[str]] = []
    for mark in _DELIMITER.finditer(text):
        ahead, behind = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
        if ahead.strip() and not behind.isalnum() and opened[mark[0]]:
            dropped += (opened[mark[0]].pop(), mark)
        elif behind.strip() and not ahead.isalnum():
            opened[mark[0]].append(mark)
    kept, end = [], 0
    for mark in sorted(dropped, key=re.Match.start):
        kept.append(text[end : mark.start()])
        end = mark.end()
    return "".join(kept) + text[end:]
