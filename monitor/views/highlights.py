"""Where the evidence of an Impact stands: in the Section, and in the text that changed.

A quote, a sentence, a clause or a citation is found whatever the white space, signs and letter case between its words;
a word is found in each of its forms ("verify", "verified"), as matching does.

Does not do: finding evidence (`monitor.impact`), drawing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.compare.alignment.words import SegmentOp
from monitor.compare.citations import find_citations
from monitor.impact.words import find_stem
from monitor.model import EvidenceKind
from monitor.views.comparison import Line, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.model import Citation, Evidence
    from monitor.views.comparison import Stretch

MARKS = ("", "word", "phrase")
"""What a highlighted stretch is called, by its strength: a word that both have says less than a quote."""
_WORD, _PHRASE = 1, 2
_PHRASES = frozenset({EvidenceKind.QUOTE, EvidenceKind.MEANING, EvidenceKind.LINK})
_OTHER_SIDE = " | "
"""Between the words of the section and those of the old text, where they differ (`monitor.impact.quotes`)."""
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['\u2019][^\W_]+)*")
_LONGEST = 100
"""Words of a phrase that are looked for: its beginning says where it is."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is to be highlighted in a text."""

    phrases: re.Pattern[str] | None
    stems: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.phrases or self.stems)


def seek(reasons: Iterable[Evidence], citations: Sequence[Citation]) -> Sought:
    """What to look for in a text that has these citations."""
    phrases: dict[str, None] = {}
    stems = set()
    for each in reasons:
        if each.kind in _PHRASES:
            phrases |= dict.fromkeys(part for side in each.text.split(_OTHER_SIDE) for part in side.splitlines())
        elif each.kind is EvidenceKind.CITATION:
            phrases |= dict.fromkeys(citation.text for citation in citations if _is_inside(citation.id, each.text))
        elif each.kind is EvidenceKind.WORDS:
            stems |= {stem for word in _TOKEN.findall(each.text) if (stem := find_stem(word))}
    return Sought(_compile(phrases), frozenset(stems))


def seek_in_section(reasons: Sequence[Evidence], text: str) -> Sought:
    """The same for the text of a Section, which is read for its citations only where one is evidence."""
    cites = any(each.kind is EvidenceKind.CITATION for each in reasons)
    return seek(reasons, find_citations(text) if cites else ())


def highlight(stretch: Stretch, sought: Sought) -> Stretch:
    """The same Stretch with what is sought marked in both texts; words that stand in both, where either has them."""
    if not sought or stretch.is_folded:
        return stretch
    return replace(
        stretch,
        lines=_mark_lines(stretch.lines, sought),
        before=_mark_lines(stretch.before, sought),
        after=_mark_lines(stretch.after, sought),
    )


def highlight_text(text: str, sought: Sought) -> tuple[tuple[Piece, ...], ...]:
    """A text of its own, a tuple of pieces for each of its lines."""
    return tuple(_mark_pieces((Piece(SegmentOp.SAME, line),), sought) for line in text.splitlines() if line.strip())


def _is_inside(norm: str, wide: str) -> bool:
    """Whether a citation is this law or article, or a part of it; `art16` is no part of `art1`."""
    return norm.startswith(wide) and not norm[len(wide) :][:1].isalnum()


def _compile(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all of them, the longest first; None for none."""
    found = {r"[\W_]+".join(map(re.escape, words)) for each in phrases if (words := _TOKEN.findall(each)[:_LONGEST])}
    longest = sorted(found, key=lambda each: (-len(each), each))
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE) if found else None


def _mark_lines(lines: Iterable[Line], sought: Sought) -> tuple[Line, ...]:
    return tuple(Line(each.kind, _mark_pieces(each.pieces, sought)) for each in lines)


def _mark_pieces(pieces: Sequence[Piece], sought: Sought) -> tuple[Piece, ...]:
    old = _weigh("".join(each.text for each in pieces if each.op is not SegmentOp.ADDED), sought)
    new = _weigh("".join(each.text for each in pieces if each.op is not SegmentOp.REMOVED), sought)
    return tuple(_iter_marked(pieces, old, new)) if any(old) or any(new) else tuple(pieces)


def _weigh(text: str, sought: Sought) -> bytes:
    """The strength of what each character belongs to."""
    weights = bytearray(len(text))
    if sought.stems:
        for match in _TOKEN.finditer(text):
            if find_stem(match[0]) in sought.stems:
                weights[match.start() : match.end()] = bytes([_WORD]) * len(match[0])
    for match in sought.phrases.finditer(text) if sought.phrases else ():
        weights[match.start() : match.end()] = bytes([_PHRASE]) * len(match[0])
    return bytes(weights)


def _iter_marked(pieces: Iterable[Piece], old: bytes, new: bytes) -> Iterator[Piece]:
    """The pieces cut where a mark begins or ends; `old` and `new` are the weights of both texts."""
    at_old = at_new = 0
    for op, text, mark in pieces:
        in_old = 0 if op is SegmentOp.ADDED else len(text)
        in_new = 0 if op is SegmentOp.REMOVED else len(text)
        own_old, own_new = old[at_old : at_old + in_old], new[at_new : at_new + in_new]
        weights = tuple(map(max, own_old, own_new)) if in_old and in_new else own_old or own_new
        at_old, at_new, start = at_old + in_old, at_new + in_new, 0
        for weight, run in groupby(weights):
            end = start + sum(1 for _ in run)
            yield Piece(op, text[start:end], mark or MARKS[weight])
            start = end
