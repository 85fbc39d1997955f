"""What the pages carry and the text does not: running headers and footers, page numbers, numbers of lines.

A header is what stands at the same height at the edge of most pages, or of most left or right ones, whatever its
digits say, or in the same words on the pages of one chapter, set off from the text below. Numbers down a margin that
count by a fixed step are numbers of lines, as in bills.

Does not do: words across the reading direction (`page`), notes at the foot of a page (`split`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from monitor.extract.pdf.lines import group_lines, spell_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from monitor.extract.pdf.page import Word

EDGE_ROWS = 4
"""Most rows at the top and at the bottom of a page that can be running headers and footers."""
SAME_HEIGHT = 6.0
"""Points that a header may stand higher or lower on another page."""
FEWEST = 3
"""Pages that must have it: what stands on two of them may be text."""
SET_OFF = 1.4
"""Times the usual distance of two rows."""
MAX_LEADING = 1.6
"""Times the height of a line: the usual distance is no larger."""
MIN_LINE_NUMBERS = 5
STEPS = (1, 2, 5, 10)

_DIGITS = re.compile(r"\d+")
_PAGE = (
    r"(?:page|p\.|pg\.?|seite|p\u00e1gina|pagina|p\u00e1g\.|pag\.|strona|str\.|strana|side|sida|sivu|\u7b2c"
    r"|\u0441\u0442\u0440\.?|\u0441\u0442\u0440\u0430\u043d\u0438\u0446\u0430)"
)
_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7})"
_OF = r"(?:of|/|de|von|di|van|z|iz|av|af|\||\u0438\u0437|\u5171)"
_COUNTED = re.compile(
    rf"{_PAGE}\s*\|?\s*{_NUMBER}(?:\s*\u9875|\s*\u9801|\s*\u30da\u30fc\u30b8)?(?:\s*{_OF}\s*{_NUMBER}\s*\u9875?)?"
    rf"|{_NUMBER}\s*\|?\s*page|\d{{1,4}}\s*/\s*\d{{1,4}}|\d{{1,4}} of \d{{1,4}}"
    rf"|[-\u2013\u2014]\s*{_NUMBER}\s*[-\u2013\u2014]",
    re.IGNORECASE,
)
_BARE = re.compile(_NUMBER)
_OUTER_NUMBER = re.compile(r"^(\d{1,4})(?=\s)|(?<=\s)(\d{1,4})$")
_LINE_NUMBER = re.compile(r"\d{1,3}")


class _Row(NamedTuple):
    words: list[Word]
    text: str
    shape: str
    base: float
    is_set_off: bool


def drop_running(pages: Sequence[Sequence[Word]], held: Sequence[dict[str, str]]) -> list[list[Word]]:
    """The words of each page without those of its running headers, footers and page numbers.

    `held` has, for each page, what a word that stands for a table says.
    """
    edges = [_read_edges(words, tables) for words, tables in zip(pages, held, strict=True)]
    kept = [set(map(id, words)) for words in pages]
    for side in (0, 1):
        running = _find_running([rows[side] for rows in edges])
        folios = _find_folios([rows[side] for rows in edges])
        for number, rows in enumerate(edges):
            for at, row in enumerate(rows[side]):
                if not (
                    id(row) in running
                    or (at == 0 and number in folios and row.is_set_off)
                    or _is_page_number(row, at, number, len(pages))
                ):
                    break
                kept[number] -= set(map(id, row.words))
    if not any(kept):  # a few lines on each of two pages, all alike: they are the text
        return [list(words) for words in pages]
    return [[word for word in words if id(word) in ids] for words, ids in zip(pages, kept, strict=True)]


def _read_edges(words: Sequence[Word], held: dict[str, str]) -> tuple[list[_Row], list[_Row]]:
    """The first rows of a page and its last ones, from the edge inwards."""
    lines = group_lines(words)
    usual = median([above[0].base - line[0].base for above, line in pairwise(lines)] or [0.0])
    usual = min(usual, MAX_LEADING * median([word.size for word in words] or [0.0]))
    return _edge_rows(lines, usual, held), _edge_rows(lines[::-1], usual, held)


def _edge_rows(lines: Sequence[list[Word]], usual: float, held: dict[str, str]) -> list[_Row]:
    rows = []
    for line, inner in zip(lines[:EDGE_ROWS], [*lines[1:], None], strict=False):
        text = spell_line([word._replace(text=held.get(word.text, word.text)) for word in line])
        is_set_off = inner is not None and abs(inner[0].base - line[0].base) > SET_OFF * usual
        rows.append(_Row(line, text, _DIGITS.sub("#", text), line[0].base, is_set_off))
    return rows


def _find_running(edges: Sequence[Sequence[_Row]]) -> Collection[int]:
    """The `id` of every row that is a running header or footer: a title below may say the same."""
    seen: defaultdict[str, dict[int, _Row]] = defaultdict(dict)
    for number, rows in enumerate(edges):
        for row in rows:
            seen[row.shape].setdefault(number, row)
    running: set[int] = set()
    for rows_by_page in seen.values():
        height = median(row.base for row in rows_by_page.values())
        found = {number: row for number, row in rows_by_page.items() if abs(row.base - height) <= SAME_HEIGHT}
        if len(found) > 1 and (_is_usual(found, len(edges)) or _is_repeated(found, len(edges))):
            running.update(map(id, found.values()))
    return running


def _find_folios(edges: Sequence[Sequence[_Row]]) -> Collection[int]:
    """The pages whose outermost row begins or ends with their number: a chapter's title may stand beside it.

    Numbers are those of pages where most pages have one, and all of these count from the same page.
    """
    ahead: dict[int, set[int]] = defaultdict(set)
    for number, rows in enumerate(edges):
        for digits in _OUTER_NUMBER.findall(rows[0].text) if rows else ():
            ahead[int("".join(digits)) - number].add(number)
    most = max(ahead.values(), key=len, default=set())
    return most if len(most) > max(2, len(edges) / 2) else set()


def _is_usual(found: Collection[int], pages: int) -> bool:
    """Whether it is on more than half of all pages, or of the left or of the right ones, and on three at least."""
    sides = [[number for number in found if number % 2 == side] for side in (0, 1)]
    often = len(found) > pages / 2 or any(len(side) > (pages + 1) / 4 for side in sides)
    return often and len(found) >= FEWEST


def _is_repeated(found: dict[int, _Row], pages: int) -> bool:
    """Whether it says the same on both of two pages, or on three in a row, or on three left or right ones in a row."""
    if len({row.text for row in found.values()}) > 1 or not all(row.is_set_off for row in found.values()):
        return False
    in_a_row = any({number + step, number + 2 * step} <= found.keys() for number in found for step in (1, 2))
    return pages < FEWEST or in_a_row


def _is_page_number(row: _Row, at: int, number: int, pages: int) -> bool:
    if _COUNTED.fullmatch(row.text):
        return True
    is_bare = at == 0 and _BARE.fullmatch(row.text) is not None
    return is_bare and (pages > 1 or (row.is_set_off and row.text == str(number + 1)))


def drop_line_numbers(words: Sequence[Word]) -> list[Word]:
    """The words of a page without the numbers down its left or right margin."""
    kept = list(words)
    for side in (0, 1):
        numbers = set(map(id, _iter_margin(kept, side)))
        kept = [word for word in kept if id(word) not in numbers]
    return kept


def _iter_margin(words: Sequence[Word], side: int) -> Iterator[Word]:
    lines = group_lines(words)
    ends = [line[-side] for line in lines if len(line) > 1 or _LINE_NUMBER.fullmatch(line[0].text)]
    numbers = [word for word in ends if _LINE_NUMBER.fullmatch(word.text)]
    if len(numbers) < MIN_LINE_NUMBERS:
        return
    inner, outer = _margin(numbers, side)
    rest = [word for word in words if word not in numbers]
    if any((word.left < outer) if side == 0 else (word.right > outer) for word in rest if word.size > 0):
        return
    counts = [int(word.text) for word in numbers]
    steps = [after - before for before, after in pairwise(counts)]
    if abs(inner - outer) < max(word.size for word in numbers) * 2 and len(set(steps)) == 1 and steps[0] in STEPS:
        yield from numbers


def _margin(numbers: Sequence[Word], side: int) -> tuple[float, float]:
    """The edges of a column of numbers, the one towards the text last."""
    left, right = min(word.left for word in numbers), max(word.right for word in numbers)
    return (left, right) if side == 0 else (right, left)
