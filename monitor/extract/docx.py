"""DOCX → blocks, by way of HTML: mammoth knows the format, `html` knows what its elements mean.

Read is what the document says with every tracked change accepted: insertions in, deletions and struck-out text out. So
are tables, text boxes, content controls, footnotes (where they are marked: [1]; their text at the end) and link
targets. Headings are paragraphs in "Title", "Subtitle", "Heading 1" and so on, and in any style that has an outline
level or is based on one of these, whatever it is called. Numbers that a word processor counts are not in the text, as
in HTML (`html` says why).

Does not do: page headers and footers, tables of contents (the headings are read where they stand), comments, pictures
(a file of nothing else is UNREADABLE); encrypted files and the binary format before 2007.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from monitor.errors import ExtractionError
from monitor.extract.html import read_fragment
from monitor.model import BlockKind, Extract, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsel import Selector

MAX_MARKUP = 32 * 1024**2
"""Most bytes of XML once unpacked. A regulation of a thousand pages has about ten million."""

MAX_LEVEL = 6

_STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"]
_STYLES += [f"p[style-name='toc {level}'] => !" for level in range(1, 10)]
_STYLE_PART = re.compile(r"word/styles\d*\.xml")
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_BODY_TEXT = 9
"""What `w:outlineLvl` says of a style that is no heading; 0 is the outermost."""
_BROKEN = (
    BadZipFile,
    ExpatError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    OSError,
    zlib.error,
)
"""What mammoth and the standard library raise for an archive that is none, or whose parts are not what they should be.
RecursionError and NotImplementedError (packed or encrypted in unknown ways) are RuntimeErrors."""


def is_docx(body: bytes) -> bool:
    """Whether this is a ZIP archive with the parts of a text document, whatever it was said to be."""
    return body.startswith(b"PK\x03\x04") and b"word/" in body


def read_docx(body: bytes) -> Extract:
    """The blocks of a DOCX; its title is the first heading.

    Raises ExtractionError (UNREADABLE) where it cannot be opened, would unpack to more than MAX_MARKUP or holds nothing
    but pictures.
    """
    try:
        _check_size(body)
        markup = _convert(body)
    except _BROKEN as error:
        raise _unreadable(f"the DOCX cannot be opened ({type(error).__name__}: {error})") from error
    blocks = read_fragment(markup)
    if not blocks and "<img" in markup:
        raise _unreadable("the DOCX has no text layer, only pictures")
    return Extract(next((block.text for block in blocks if block.kind is BlockKind.HEADING), ""), blocks)


def _check_size(body: bytes) -> None:
    with ZipFile(BytesIO(body)) as archive:
        size = sum(part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels")))
    if size > MAX_MARKUP:
        raise _unreadable(f"the DOCX would unpack to {size // 1024**2} MB of text and mark-up")


def _convert(body: bytes) -> str:
    import mammoth

    with ZipFile(BytesIO(body)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if _STYLE_PART.fullmatch(name)]
    styles = "\n".join([*_STYLES, *(line for part in parts for line in _iter_headings(part))])
    without_pictures = mammoth.images.img_element(_no_attributes)
    markup: str = mammoth.convert_to_html(BytesIO(body), style_map=styles, convert_image=without_pictures).value
    return markup


def _iter_headings(part: bytes) -> Iterator[str]:
    """What the paragraph styles that are headings become, as mammoth's style map writes it."""
    from parsel import Selector

    part_styles = Selector(body=part, type="xml")
    part_styles.remove_namespaces()
    styles = {each.attrib.get("styleId", ""): each for each in part_styles.xpath("//style[@type='paragraph']")}
    for style in styles.values():
        name = style.xpath("name/@val").get("").replace("\\", "\\\\").replace("'", "\\'")
        level = _level(style, styles)
        if level and name:
            yield f"p[style-name='{name}'] => h{level}:fresh"


def _level(style: Selector, styles: dict[str, Selector]) -> int:
    """1 to 6 for a style of headings, 0 for any other: its own outline level or name, else those it is based on."""
    above: Selector | None = style
    for _ in range(len(styles)):  # styles may be based on one another in a circle
        if above is None:
            break
        declared = above.xpath("pPr/outlineLvl/@val").get("")
        named = _HEADING.fullmatch(above.xpath("name/@val").get(""))
        if declared.isdecimal():
            return 0 if int(declared) >= _BODY_TEXT else min(int(declared) + 1, MAX_LEVEL)
        if named:
            return min(int(named[1]), MAX_LEVEL)
        above = styles.get(above.xpath("basedOn/@val").get(""))
    return 0


def _no_attributes(_picture: Any) -> dict[str, str]:
    return {}


def _unreadable(detail: str) -> ExtractionError:
    return ExtractionError(
        ProblemKind.UNREADABLE, detail, "Open the address and see what it serves now; the bytes are kept as evidence."
    )
