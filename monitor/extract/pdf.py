"""PDF → blocks: lines joined to paragraphs, words joined that a line end had split, running headers dropped.

A wider gap between two lines than usual, a bullet or a clause number begins a new block. A line is a heading only when
that is clear: it stands alone, is short, ends without a full stop, and is numbered or clearly larger than the rest.

Does not do: columns, tables, lists within lists; pictures of text (a PDF without text is UNREADABLE).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

from monitor.errors import ExtractionError
from monitor.extract.normalise import fold
from monitor.extract.outline import Outline
from monitor.extract.plain import strip_bullet
from monitor.model import BlockKind, Extract, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.model import Block

MIN_PAGES = 3
"""On fewer pages a line that returns may be text."""
RUNNING_LINES = 2
"""Most lines at the top and at the bottom of a page that can be running headers and footers."""
WIDE_GAP = 1.25
"""Times the usual distance of two lines: a new paragraph. Spaced paragraphs in the wild begin at about 1.4."""
MAX_LEADING = 2.5
"""Times the height of a line: the usual distance is no larger, even where each line stands alone."""
LARGE = 1.15
"""Times the usual height of a line: larger type. Boxes within one size differ by up to 10 %."""
MAX_HEADING_WORDS = 14
MAX_NUMBERED_WORDS = 8
"""Without larger type a longer numbered line may as well be an item of a list."""

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_SPLIT_WORD = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\s*\n\s*(?=[a-zß-ÿ])")
_JOINED_WORD = re.compile("[\ufffe\x02]\\s*")
"""What PDFium writes for a hyphen at the end of a line that it joined with the next."""
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-\u2013]?\s*\d{1,4}\s*[-\u2013]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_LETTER = re.compile(r"\w")
"""Where to measure a line: bullets and quotes come from other fonts with other boxes."""
_NUMBERED = re.compile(
    r"(?:(?:Chapter|Part|Title|Article|Section|Annex|Schedule)\s+)?(\d{1,3}(?:\.\d{1,3})*)[.:]?\s+(?=[^\W\d_a-z])"
)
_SENTENCE_END = (".", "!", "?", ":", ";")


@dataclass(frozen=True, slots=True)
class _Line:
    """`bottom` and `height` in points; `bottom` grows upwards."""

    text: str
    bottom: float
    height: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines that belong together; `spaced` = set off from what is above by more than a line end."""

    lines: list[_Line]
    spaced: bool


def read_pdf(body: bytes) -> Extract:
    """The blocks of a PDF; its title is that of its properties, else the first heading.

    Raises ExtractionError (UNREADABLE) where it cannot be opened or holds no text.
    """
    try:
        with pypdfium2.PdfDocument(body) as document:
            title = fold(document.get_metadata_value("Title"))
            pages = [_read_lines(page) for page in document]
    except pypdfium2.PdfiumError as error:
        raise _unreadable(error) from error
    if not any(pages):
        raise ExtractionError(
            ProblemKind.UNREADABLE,
            f"the PDF has no text layer ({len(pages)} scanned or empty pages)",
            "Ask the publisher for a version with text, or watch the page that announces it instead.",
        )
    blocks = _read_blocks(_without_running_lines(pages))
    return Extract(title or next((each.text for each in blocks if each.kind is BlockKind.HEADING), ""), blocks)


def _unreadable(error: pypdfium2.PdfiumError) -> ExtractionError:
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        return ExtractionError(
            ProblemKind.UNREADABLE, "the PDF is encrypted with a password", "Find a version that opens without one."
        )
    return ExtractionError(
        ProblemKind.UNREADABLE,
        f"the PDF cannot be parsed: {error}",
        "Open the address and see what it serves now; if it shows there, the file may have come cut short.",
    )


def _read_lines(page: pypdfium2.PdfPage) -> list[_Line]:
    textpage = page.get_textpage()
    lines, start = [], 0
    for line in textpage.get_text_range().split("\r\n"):
        words = line.strip()
        if words:
            letter = _LETTER.search(line)
            first = start + _units(line[: letter.start() if letter else 0])
            _, bottom, _, top = textpage.get_charbox(_char_index(textpage, first), loose=True)
            lines.append(_Line(words, bottom, top - bottom))
        start += _units(line) + 2
    page.close()
    return lines


def _units(text: str) -> int:
    """Length as PDFium counts: in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _char_index(textpage: pypdfium2.PdfTextPage, position: int) -> int:
    """PDFium's character at a position in the page's text; the page's first where it knows none."""
    index: int = raw.FPDFText_GetCharIndexFromTextIndex(textpage, position)
    return max(0, index)


def _without_running_lines(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Pages without the first and last lines that, but for digits, return on most of them, and without page numbers."""
    for edge in (0, -1) * RUNNING_LINES if len(pages) >= MIN_PAGES else ():
        shapes = Counter(_DIGITS.sub("#", page[edge].text) for page in pages if page)
        running = {shape for shape, count in shapes.items() if count > len(pages) / 2}
        for page in pages:
            if page and (_PAGE_NUMBER.fullmatch(page[edge].text) or _DIGITS.sub("#", page[edge].text) in running):
                del page[edge]
    return pages


def _read_blocks(pages: Sequence[list[_Line]]) -> tuple[Block, ...]:
    height = median([line.height for page in pages for line in page] or [0])
    stretches = list(_iter_stretches(pages, WIDE_GAP * min(_usual_gap(pages), MAX_LEADING * height)))
    outline = Outline()
    for stretch, following in zip(stretches, [*stretches[1:], None], strict=True):
        text = _join(stretch.lines)
        level = _heading_level(stretch, text, height, alone=following is None or following.spaced)
        item = strip_bullet(text)
        if level:
            outline.add_heading(level, text)
        else:
            outline.add(BlockKind.PARAGRAPH if item is None else BlockKind.ITEM, fold(item or text))
    return tuple(outline.blocks)


def _usual_gap(pages: Sequence[list[_Line]]) -> int:
    """The commonest distance of two lines, the smallest of equally common ones."""
    gaps = Counter(round(above.bottom - line.bottom) for page in pages for above, line in pairwise(page))
    return min((gap for gap in gaps if gap > 0), key=lambda gap: (-gaps[gap], gap), default=0)


def _iter_stretches(pages: Sequence[list[_Line]], wide: float) -> Iterator[_Stretch]:
    stretch = _Stretch([], spaced=True)
    for page in pages:
        for above, line in zip([None, *page], page, strict=False):
            spaced = _is_spaced(above, line, wide) if above else not _runs_on(stretch, line)
            if stretch.lines and (spaced or strip_bullet(line.text) is not None):
                yield stretch
                stretch = _Stretch([], spaced)
            stretch.lines.append(line)
    yield stretch


def _is_spaced(above: _Line, line: _Line, wide: float) -> bool:
    smaller, larger = sorted((above.height, line.height))
    return above.bottom - line.bottom > wide or larger > LARGE * smaller


def _runs_on(stretch: _Stretch, line: _Line) -> bool:
    """Whether the first line of a page goes on with the last sentence of the page before."""
    return bool(stretch.lines) and not stretch.lines[-1].text.endswith(_SENTENCE_END) and line.text[0].islower()


def _join(lines: Sequence[_Line]) -> str:
    text = _SPLIT_WORD.sub("", "\n".join(line.text for line in lines))
    return fold(_JOINED_WORD.sub("", text).translate(_LIGATURES))


def _heading_level(stretch: _Stretch, text: str, height: float, *, alone: bool) -> int:
    """1 to 6 for a heading, 0 for anything else."""
    words = text.count(" ") + 1
    if not (stretch.spaced and alone) or words > MAX_HEADING_WORDS or text.endswith(_SENTENCE_END):
        return 0
    number = _NUMBERED.match(text)
    large = all(line.height > LARGE * height for line in stretch.lines)
    if number and (large or (words <= MAX_NUMBERED_WORDS and len(stretch.lines) == 1)):
        return min(6, number[1].count(".") + 1)
    return int(large)
