"""One page of a PDF → its words with their places, the lines drawn on it, and whether it carries a picture.

All of PDFium's interface that is used, but for opening and outlines (`pdf`). Places are in points as the page is read:
its rotation and that of the text are undone, y grows upwards.

Words across the reading direction are not read: watermarks, stamps in the margin. What was filled into a form is read
where its field stands.

Does not do: deciding what the words belong to (`layout`, `tables`).
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pypdfium2 import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pypdfium2

MAX_RULE = 3.0
"""Thickest line drawn between cells, in points; what is thicker is a background."""
MIN_RULE = 6.0
MAX_RULES = 1_500
"""A page with more is a drawing."""
BOX_SEGMENTS = 6
"""Most parts of the outline of a box."""
FIELD_LINE = 12.0
"""Most height of a line in a form's field."""
ASLANT = 0.05
"""Share of a quarter turn that upright letters may be turned by."""
NOTE_SIZE = 0.87
"""Times the height of a word that digits at its end have at most where they are the mark of a note."""

_WORD = re.compile("[^\\s\x02\ufffe]+[\x02\ufffe]?")
"""PDFium writes U+0002 or U+FFFE for a hyphen at a line end, where it leaves out the line end."""
_LINE_END = re.compile("[\r\n\x02\ufffe]")
_MEASURED = re.compile(r"\w")
"""Where to measure a word: bullets and quotes come from other fonts with other boxes."""
_LETTERS = {0xF000: "ff", 0xF001: "fi", 0xF002: "fl", 0xF003: "ffi", 0xF004: "ffl"}
"""Ligatures where old fonts keep them."""
_BULLETS = dict.fromkeys(
    (0xF0B7, 0xF0A7, 0xF0D8, 0xF06F, 0xF076, 0xF0FC, 0x25CF, 0x25A0, 0x25CB, 0x25E6, 0x27A2, 0x2043), "\u2022"
)
"""Bullets of Symbol and Wingdings, and their kin."""
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0x2010: "-", 0x2011: "-"}
_SPELLING = _LETTERS | _BULLETS | _HYPHENS
_BOLD = re.compile(rb"bold|black|heavy|demi(?!\w*light)", re.IGNORECASE)
_DRAWN = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE)
_VALUES = {raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX}


class Word(NamedTuple):
    """What stands between two spaces. `base` is its base line, `size` the height of its type."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    mark: int
    """Which marked content it is in, -1 = in none."""
    run: int
    """Words of one run follow one another, in reading order, without a line end."""


class Rule(NamedTuple):
    """A line drawn across (`bottom` = `top`) or down (`left` = `right`)."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Page:
    words: list[Word]
    rules: list[Rule]
    has_picture: bool


class _Turn(NamedTuple):
    """A turn by quarters, counter-clockwise, that puts the text upright."""

    quarters: int

    def move(self, x: float, y: float) -> tuple[float, float]:
        return ((x, y), (-y, x), (-x, -y), (y, -x))[self.quarters]


class _Run(NamedTuple):
    start: int
    text: str
    quarters: int | None
    """How its letters are turned; None = aslant."""


def read_page(page: pypdfium2.PdfPage) -> Page:
    """The words, rules and pictures of a page."""
    textpage = page.get_textpage()
    runs = list(_iter_runs(textpage))
    turned: Counter[int | None] = Counter()
    for run in runs:
        turned[run.quarters] += len(run.text)
    quarters = max((each for each in turned if each is not None), key=turned.__getitem__, default=0)
    reader = _Reader(textpage, _Turn(quarters))  # PDFium's angles are clockwise, turns here are not
    upright = [(number, run) for number, run in enumerate(runs) if run.quarters == quarters]
    words = [word for number, run in upright for word in reader.iter_words(run, number)]
    words += _iter_filled(page, reader.turn, len(runs))
    rules, has_picture = _read_drawings(page, reader.turn)
    page.close()
    return Page(words, rules, has_picture)


def _iter_runs(textpage: pypdfium2.PdfTextPage) -> Iterator[_Run]:
    text, start, shift = textpage.get_text_range(), 0, 0
    for end in [each.end() for each in _LINE_END.finditer(text)] + [len(text)]:
        piece = text[start:end]
        if piece.strip():
            at = start + shift + _units(piece) - _units(piece.lstrip())
            yield _Run(start + shift, piece, _quarters(raw.FPDFText_GetCharAngle(textpage, _char_index(textpage, at))))
        shift += _units(piece) - len(piece)
        start = end


def _quarters(angle: float) -> int | None:
    quarters = max(0.0, angle) / (math.pi / 2)
    return round(quarters) % 4 if abs(quarters - round(quarters)) < ASLANT else None


class _Reader:
    """Measures words; what PDFium writes to is made once."""

    def __init__(self, textpage: pypdfium2.PdfTextPage, turn: _Turn) -> None:
        self.turn = turn
        self._textpage = textpage
        self._box, self._x, self._y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(128)
        self._types: dict[int, tuple[bool, int]] = {}

    def iter_words(self, run: _Run, number: int) -> Iterator[Word]:
        wide = max(run.text) > "\uffff"
        for match in _WORD.finditer(run.text):
            before, text = match.start(), match[0]
            length = _units(text) if wide else len(text)
            first = _char_index(self._textpage, run.start + (_units(run.text[:before]) if wide else before))
            note = self._count_noted(text, first)
            if note:
                yield self._measure(text[:-note], first, first + length - note - 1, number)
                first, text, length = first + length - note, text[-note:], note
            yield self._measure(text, first, first + length - 1, number)

    def _count_noted(self, text: str, first: int) -> int:
        """How many digits at the end of a word are the mark of a note: smaller than its beginning."""
        if not text[-1].isdigit() or len(text) == 1 or not text.isascii():
            return 0
        small = [self._is_smaller(first + at, first) for at in range(len(text) - 1, 0, -1) if text[at].isdigit()]
        return [*small, False].index(False)

    def _is_smaller(self, char: int, other: int) -> bool:
        return self._place(char)[2] <= NOTE_SIZE * self._place(other)[2]

    def _measure(self, text: str, first: int, last: int, number: int) -> Word:
        head, foot = self._place(first), self._place(last)
        letter = None if text[0].isalnum() else _MEASURED.search(text)
        measured, size = first, head[2]
        if letter:
            measured = first + letter.start()
            size = self._place(measured)[2]
        raw.FPDFText_GetCharOrigin(self._textpage, measured, self._x, self._y)
        bold, mark = self._type(measured)
        base = self.turn.move(self._x.value, self._y.value)[1]
        left, right = min(head[0], foot[0]), max(head[1], foot[1])
        return Word(text.translate(_SPELLING), left, right, base, size, bold, mark, number)

    def _place(self, char: int) -> tuple[float, float, float]:
        """Left, right and height of a character."""
        box = self._box
        raw.FPDFText_GetLooseCharBox(self._textpage, char, box)
        if not self.turn.quarters:
            return box.left, box.right, box.top - box.bottom
        (x, y), (other_x, other_y) = self.turn.move(box.left, box.bottom), self.turn.move(box.right, box.top)
        return min(x, other_x), max(x, other_x), abs(other_y - y)

    def _type(self, char: int) -> tuple[bool, int]:
        """Whether a character is bold, and the marked content it is in, -1 = none."""
        drawn = raw.FPDFText_GetTextObject(self._textpage, char)
        if not drawn:
            return False, -1
        address = ctypes.addressof(drawn.contents)
        if address not in self._types:
            raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(drawn), self._name, len(self._name))
            bold = _BOLD.search(self._name.value) is not None
            self._types[address] = (bold, raw.FPDFPageObj_GetMarkedContentID(drawn))
        return self._types[address]


def _char_index(textpage: pypdfium2.PdfTextPage, position: int) -> int:
    """PDFium's character at a position in the page's text; the page's first where it knows none."""
    index: int = raw.FPDFText_GetCharIndexFromTextIndex(textpage, position)
    return max(0, index)


def _units(text: str) -> int:
    """Length as PDFium counts: in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _iter_filled(page: pypdfium2.PdfPage, turn: _Turn, run: int) -> Iterator[Word]:
    """What was filled into the fields of a form, each value as words that follow one another."""
    for number in range(raw.FPDFPage_GetAnnotCount(page) if page.formenv else 0):
        field = raw.FPDFPage_GetAnnot(page, number)
        if raw.FPDFAnnot_GetFormFieldType(page.formenv, field) in _VALUES:
            rule = _box(turn, partial(raw.FPDFAnnot_GetRect, field))
            value = _read_string(partial(raw.FPDFAnnot_GetFormFieldValue, page.formenv, field))
            size = min(rule.top - rule.bottom, FIELD_LINE)
            for word in value.split():
                yield Word(word, rule.left, rule.right, rule.top - size, size, bold=False, mark=-1, run=run + number)
        raw.FPDFPage_CloseAnnot(field)


def _read_string(read: Callable[..., int]) -> str:
    """A string of PDFium's, which first tells its length in bytes."""
    length = read(None, 0)
    written = (ctypes.c_ushort * (length // 2))()
    read(written, length)
    return bytes(written).decode("utf-16-le", "replace").rstrip("\0")


def _box(turn: _Turn, measure: Callable[[Any], int]) -> Rule:
    box = raw.FS_RECTF()
    measure(box)
    (x, y), (other_x, other_y) = turn.move(box.left, box.bottom), turn.move(box.right, box.top)
    return Rule(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y))


def _read_drawings(page: pypdfium2.PdfPage, turn: _Turn) -> tuple[list[Rule], bool]:
    """The rules of a page, thin boxes among them, and whether there is a picture."""
    rules: list[Rule] = []
    has_picture = False
    for drawn in page.get_objects(filter=_DRAWN, max_depth=2):
        has_picture = has_picture or drawn.type == raw.FPDF_PAGEOBJ_IMAGE
        if drawn.type == raw.FPDF_PAGEOBJ_PATH and len(rules) < MAX_RULES:
            left, bottom, right, top = drawn.get_bounds()
            (x, y), (other_x, other_y) = turn.move(left, bottom), turn.move(right, top)
            rules += _edges(drawn, Rule(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)))
    return rules, has_picture


def _edges(path: pypdfium2.PdfObject, box: Rule) -> Iterator[Rule]:
    """The rules that a path is: itself if it is thin, the four sides of a box that is drawn round."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    width, height = box.right - box.left, box.top - box.bottom
    if min(width, height) <= MAX_RULE:
        if max(width, height) >= MIN_RULE and (fill.value or stroke.value):
            yield box
    elif stroke.value and raw.FPDFPath_CountSegments(path) <= BOX_SEGMENTS:
        yield Rule(box.left, box.bottom, box.left, box.top)
        yield Rule(box.right, box.bottom, box.right, box.top)
        yield Rule(box.left, box.bottom, box.right, box.bottom)
        yield Rule(box.left, box.top, box.right, box.top)
