"""(X)HTML of the Official Journal, and of consolidated texts → blocks that are the same for the same words.

The two are marked up in different ways (points are rows of tables here, cells of a grid there), and older acts hardly
at all. So little is made of the mark-up: what stands in a block element of its own is a line, a number that stands
alone ("1.", "(a)", "—") begins the next line, and headings are known by their words. What only one of the two has goes:

    both            footnotes and their marks, the closing formula, signatures, running heads
    consolidated    the note that it has no legal effect, the list of amending acts, the signs of their changes (▼M1)
    published       the preamble, which no consolidated text repeats; a proposal keeps its own

Does not do: other languages than English; Formex; PDF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.decode import decode
from monitor.extract.html import close_elements
from monitor.extract.normalise import fold
from monitor.extract.outline import Outline
from monitor.model import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

    from monitor.model import Block

_LEVELS = {
    "part": 1, "annex": 1, "appendix": 2, "title": 2, "chapter": 3, "section": 4, "subsection": 5, "article": 6,
}  # fmt: skip
_UNIT = re.compile(rf"(?:sole |single )?({'|'.join(_LEVELS)})\b(?: [\w.–-]{{1,9}})?", re.IGNORECASE)
_CAPTION = re.compile(r"(?:^|[ -])(?:sti-art|stitle-article\S*|ti-section-2|title-division-2|title-annex-2|doc-ti)\b")
"""Classes of what names the unit whose number stands above it."""
_UNREAD_CLASS = re.compile(
    r"(?:^| )(?:oj-)?"
    r"(?:note(?:-tag)?|footnote|modref|arrow|final|signatory|disclaimer|hd-\S+|title-fam-member\S*)(?: |$)"
)
_UNREAD = frozenset({"-comment", "script", "style", "head", "template", "noscript", "svg", "img"})
_INLINE = frozenset({"a", "b", "br", "em", "font", "i", "small", "span", "strong", "sub", "sup", "u"})
_NOTE_MARK = re.compile(r"\s*\(?\s*[\d*]{1,4}\s*\)?\s*")
_LABEL = re.compile(r"[\u2018']?(?:\(\w{1,5}\)|\d{1,3}[a-z]{0,3}[.)]|[ivxlc]{1,5}[.)]|[a-z][.)]|[—–•-])", re.IGNORECASE)
"""What numbers the text after it."""
_ITEM = re.compile(r"(?:\u2018?\(\w{1,5}\)|[—–•-]) ")
_CHANGE_SIGN = re.compile(r"[►▼▶][A-Z]+\d*|[◄◀]")
_EMPTY_CALL = re.compile(r"\(\s*\)")
_LOOSE = re.compile(r" (?=[,;:.)])")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    style: str
    """The class of the element that it stands in."""
    is_row: bool = False

    @property
    def level(self) -> int:
        """Of the unit whose number this is; 0 = it is none."""
        unit = _UNIT.fullmatch(self.text)
        return _LEVELS[unit[1].lower()] if unit else 0


def read_act_text(body: bytes, *, preamble: bool) -> tuple[Block, ...]:
    """The blocks of one document; without its preamble they begin with the first heading, where there is one."""
    root = LexborHTMLParser(close_elements(decode(body, None))).body
    lines = list(_iter_lines(root)) if root is not None else []
    if not preamble:
        lines = lines[next((at for at, line in enumerate(lines) if line.level), 0) :]
    return tuple(_outline(lines).blocks)


def _outline(lines: Sequence[_Line]) -> Outline:
    outline, at = Outline(), 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.level:
            captions = [each.text for each in takewhile(_is_caption, lines[at : at + 3])]
            at += len(captions)
            outline.add_heading(line.level, ": ".join(filter(None, (line.text, " ".join(captions)))))
        else:
            outline.add(_kind_of(line), line.text)
    return outline


def _is_caption(line: _Line) -> bool:
    return bool(_CAPTION.search(line.style)) and not line.level


def _kind_of(line: _Line) -> BlockKind:
    if line.is_row:
        return BlockKind.ROW
    return BlockKind.ITEM if _ITEM.match(line.text) else BlockKind.PARAGRAPH


def _iter_lines(root: LexborNode) -> Iterator[_Line]:
    """The lines in their order. A loop, no recursion: what comes from outside may nest as deep as it likes."""
    said: list[str] = []
    ahead = [(root, True)]
    while ahead:
        node, begins = ahead.pop()
        tag = node.tag or ""
        if tag == "-text":
            said.append(node.text_content or "")
        elif tag in _INLINE:
            said.append(" " if tag == "br" else "")
            ahead += [] if _is_unread(node) else _below(node)
        elif not begins or not _is_unread(node):
            text = _tidy(said)
            if text and not _LABEL.fullmatch(text):
                yield _Line(text, _style_of(node.parent if begins else node))
                text = ""
            said = [text, " "]
            if row := _read_row(node) if begins and tag == "tr" else "":
                yield _Line(_tidy([*said, row]), "", is_row=True)
                said = []
            elif begins:
                ahead += [(node, False), *_below(node)]
    if text := _tidy(said):
        yield _Line(text, "")


def _below(node: LexborNode) -> list[tuple[LexborNode, bool]]:
    """The children, the first one last."""
    return [(child, True) for child in node.iter(include_text=True)][::-1]


def _read_row(row: LexborNode) -> str:
    """A row of data as one line; "" for one that only sets a number before its text, or holds a table."""
    cells = [each for each in row.iter() if each.tag in {"td", "th"}]
    if any(cell.css_first("table") for cell in cells):
        return ""
    texts = [text for cell in cells if (text := " ".join(line.text for line in _iter_lines(cell)))]
    if len(texts) <= 1 or _LABEL.fullmatch(texts[0]):
        return ""
    return " | ".join(texts)


def _is_unread(node: LexborNode) -> bool:
    tag, said = node.tag or "", node.attributes
    if tag in _UNREAD or _UNREAD_CLASS.search(said.get("class") or "") or (said.get("id") or "").startswith("fnp_"):
        return True
    return tag == "a" and "#" in (said.get("href") or "") and bool(_NOTE_MARK.fullmatch(node.text()))


def _style_of(node: LexborNode | None) -> str:
    return (node.attributes.get("class") or "") if node is not None else ""


def _tidy(said: Sequence[str]) -> str:
    """One line, without what is left where a mark was."""
    return _LOOSE.sub("", fold(_EMPTY_CALL.sub("", _CHANGE_SIGN.sub("", "".join(said)))))
