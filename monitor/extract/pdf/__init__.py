"""PDF → blocks: headings, paragraphs, items and the rows of tables, as people read them.

What a page carries and the text does not is dropped: running headers, page numbers, numbers of lines, watermarks. A
tagged PDF says itself what is a heading, an item, a cell; otherwise the places of the words tell. A heading is then
what the document's outline lists, or a line for which it is clear: it stands alone, is short, ends without a full
stop, and is numbered, bold or clearly larger than the rest.

The same text gives the same blocks however it runs over lines, columns and pages, as far as its words can tell.

    page      a page → its words with their places, the lines drawn on it
    tables    tables drawn with rules             layout    columns, tables without rules
    running   headers, footers, numbers of lines  tags      what a tagged PDF declares
    lines     words → lines                       split     lines → stretches, over columns and pages
    spelling  hyphens and ligatures

Does not do: pictures of text (a PDF that is mostly that is UNREADABLE); words across the reading direction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

from monitor.errors import ExtractionError
from monitor.extract.normalise import fold
from monitor.extract.outline import Outline
from monitor.extract.pdf.layout import fit_columns, read_layout, stand_ins, text_width
from monitor.extract.pdf.page import Page, read_page
from monitor.extract.pdf.running import drop_line_numbers, drop_running
from monitor.extract.pdf.spelling import Speller
from monitor.extract.pdf.split import LARGE, join_pages, leadings, split_page, starts_item
from monitor.extract.pdf.tables import Table, find_tables
from monitor.extract.pdf.tags import Tagged, read_tags, stretch_tagged
from monitor.extract.plain import strip_bullet
from monitor.model import BlockKind, Extract, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.extract.pdf.page import Word
    from monitor.extract.pdf.split import Stretch
    from monitor.model import Block

MAX_HEADING_WORDS = 14
MAX_NUMBERED_WORDS = 8
"""Without larger type a longer numbered line may as well be an item of a list."""
MAX_LEVEL = 6
MAX_OUTLINE = 5_000
NAMED_PAGES = 5
"""Most pages without text that a message names."""

_NUMBERED = re.compile(
    r"(?:(?:Chapter|Part|Title|Article|Section|Annex|Schedule)\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.:]?\s+(?=[^\W\d_a-z])"
)
_LEADER = re.compile(r"(?:\s*[.\u2026\u00b7_]){4,}\s*(?:\d{1,4}|[ivxlc]{1,6})?$")
"""From a line of a table of contents to its page."""
_SENTENCE_END = (".", "!", "?", ":", ";", ",")


@dataclass(slots=True)
class _Sheet:
    """A page on its way: what is left of its words, its tables, its tags."""

    page: Page
    tables: list[Table]
    tags: list[Tagged]
    words: list[Word]


def read_pdf(body: bytes) -> Extract:
    """The blocks of a PDF; its title is that of its properties, else the first heading.

    Raises ExtractionError (UNREADABLE) where it cannot be opened or is mostly pictures of text.
    """
    try:
        with pypdfium2.PdfDocument(body) as document:
            if document.get_formtype() != raw.FORMTYPE_NONE:
                document.init_forms()
            title = fold(document.get_metadata_value("Title"))
            levels = _read_outline(document)
            sheets = [_read_sheet(page) for page in document]
    except pypdfium2.PdfiumError as error:
        raise _unreadable(error) from error
    _check_text(sheets)
    blocks = _read_blocks(_read_stretches(sheets), levels)
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


def _read_outline(document: pypdfium2.PdfDocument) -> dict[str, int]:
    """The level of each heading that the outline lists, by its folded text in lower case."""
    levels: dict[str, int] = {}
    for number, entry in enumerate(document.get_toc()):
        if number == MAX_OUTLINE:
            break
        levels.setdefault(_key(entry.get_title()), entry.level + 1)
    levels.pop("", None)
    return levels


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text).casefold()).strip()


def _read_sheet(page: pypdfium2.PdfPage) -> _Sheet:
    tags = read_tags(page)
    read = read_page(page)
    tables, words = ([], read.words) if tags else find_tables(read.words, read.rules)
    return _Sheet(read, tables, tags, [*words, *stand_ins(tables)])


def _check_text(sheets: Sequence[_Sheet]) -> None:
    """Raise ExtractionError where no page has text, or of the pages with pictures most have nothing else.

    Covers are pictures in their own right: the first and the last page count only where there is no other.
    """
    bare = [number for number, sheet in enumerate(sheets, 1) if not sheet.page.words]
    inner = sheets[1:-1] or sheets
    pictured = [sheet for sheet in inner if sheet.page.has_picture]
    scanned = sum(not sheet.page.words for sheet in pictured)
    if len(bare) == len(sheets):
        detail = f"the PDF has no text layer ({len(bare)} scanned or empty pages)"
    elif scanned * 2 > len(pictured):
        named = ", ".join(map(str, bare[:NAMED_PAGES])) + (" and others" if len(bare) > NAMED_PAGES else "")
        detail = f"{len(bare)} of {len(sheets)} pages of the PDF have no text layer (scanned: {named})"
    else:
        return
    raise ExtractionError(
        ProblemKind.UNREADABLE,
        detail,
        "Ask the publisher for a version with text, or watch the page that announces it instead.",
    )


def _read_stretches(sheets: Sequence[_Sheet]) -> list[Stretch]:
    held = [
        {stand_in.text: _all_text(table) for stand_in, table in zip(stand_ins(sheet.tables), sheet.tables, strict=True)}
        for sheet in sheets
    ]
    pages = drop_running([sheet.words for sheet in sheets], held)
    tagged = [stretch_tagged(sheet.tags, words) for sheet, words in zip(sheets, pages, strict=True)]
    untagged = [[] if stretches else drop_line_numbers(words) for words, stretches in zip(pages, tagged, strict=True)]
    width = max(map(text_width, untagged), default=0.0)
    lines = fit_columns(
        [read_layout(words, sheet.tables, width) for sheet, words in zip(sheets, untagged, strict=True)]
    )
    leading = leadings(lines)
    split = [stretches or list(split_page(page, leading)) for page, stretches in zip(lines, tagged, strict=True)]
    return join_pages(split, _usual_size(split))


def _all_text(table: Table) -> str:
    return " ".join(cell for row in table.rows for cell in row)


def _usual_size(pages: Iterable[Sequence[Stretch]]) -> float:
    return median([line.size for page in pages for each in page for line in each.lines if line.text] or [0.0])


def _read_blocks(stretches: Sequence[Stretch], levels: dict[str, int]) -> tuple[Block, ...]:
    speller = Speller(list(_iter_texts(stretches)))
    headings = _Headings(stretches, levels)
    outline = Outline()
    for stretch, following in zip(stretches, [*stretches[1:], None], strict=False):
        if stretch.rows:
            _add_rows(outline, stretch, speller)
            continue
        text = _LEADER.sub("", speller.spell("\n".join(line.text for line in stretch.lines)))
        level = headings.level(stretch, text, alone=following is None or following.spaced)
        if level:
            outline.add_heading(level, text)
        else:
            outline.add(stretch.kind or _kind(text), fold(strip_bullet(text) or text))
    return tuple(outline.blocks)


def _iter_texts(stretches: Iterable[Stretch]) -> Iterator[str]:
    for stretch in stretches:
        yield "\n".join(line.text for line in stretch.lines)
        yield from (cell for row in stretch.rows for cell in row)


def _add_rows(outline: Outline, stretch: Stretch, speller: Speller) -> None:
    for row in stretch.rows:
        cells = [speller.spell(cell) for cell in row]
        if any(cells):
            outline.add(BlockKind.ROW if len(cells) > 1 else BlockKind.PARAGRAPH, fold(" | ".join(cells)))


def _starts_with_bullet(text: str) -> bool:
    return strip_bullet(text) not in {None, text}


def _kind(text: str) -> BlockKind:
    return BlockKind.ITEM if starts_item(text) else BlockKind.PARAGRAPH


class _Headings:
    """How a document makes its headings known."""

    def __init__(self, stretches: Sequence[Stretch], listed: dict[str, int]) -> None:
        """`listed` has what the outline lists."""
        self._listed = listed
        self._size = _usual_size([stretches])
        self._are_tagged = any(each.level for each in stretches)
        large = {round(each.size) for each in stretches if each.size > LARGE * self._size and not each.rows}
        self._sizes = sorted(large, reverse=True)
        lines = [line for each in stretches for line in each.lines]
        bold = sum(len(line.text) for line in lines if line.bold)
        self._bold_stands_out = bold * 2 < sum(len(line.text) for line in lines)

    def level(self, stretch: Stretch, text: str, *, alone: bool) -> int:
        """1 to 6 for a heading, 0 for anything else. `alone` = what follows is set off."""
        if stretch.level or (self._are_tagged and stretch.kind):
            return stretch.level
        if not text or text.count(" ") >= MAX_HEADING_WORDS or text.endswith(_SENTENCE_END):
            return 0
        number = _NUMBERED.match(text)
        listed = self._listed.get(_key(text)) or self._listed.get(_key(text[number.end() :] if number else ""))
        if listed and not _starts_with_bullet(text):
            return min(MAX_LEVEL, listed)
        return self._level_of_type(stretch, text, number) if stretch.spaced and alone else 0

    def _level_of_type(self, stretch: Stretch, text: str, number: re.Match[str] | None) -> int:
        is_large = all(line.size > LARGE * self._size for line in stretch.lines)
        is_short = text.count(" ") < MAX_NUMBERED_WORDS and len(stretch.lines) == 1
        if number and (is_large or is_short):
            return min(MAX_LEVEL, number["number"].count(".") + 1)
        if is_large:
            return min(MAX_LEVEL, self._sizes.index(round(stretch.size)) + 1)
        is_bold = self._bold_stands_out and all(line.bold for line in stretch.lines) and not starts_item(text)
        return min(MAX_LEVEL, len(self._sizes) + 1) if is_bold else 0
