"""DOCX → blocks, by way of HTML: mammoth knows the format, `html` knows what its elements mean.

Read is what the document says with every tracked change accepted: insertions in, deletions and struck-out text out. So
are tables, text boxes, content controls, footnotes (where they are marked: [1]; their text at the end) and link
targets. Paragraphs in a style named "Heading 1" to "Heading 6", "Title" and "Subtitle" are headings. Numbers that a
word processor counts are not in the text, as in HTML (`html` says why).

Does not do: page headers and footers, comments, pictures; encrypted files and the binary format before 2007.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from monitor.errors import ExtractionError
from monitor.extract.html import read_fragment
from monitor.model import BlockKind, Extract, ProblemKind

MAX_MARKUP = 32 * 1024**2
"""Most bytes of XML once unpacked. A regulation of a thousand pages has about ten million."""

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => h2:fresh"
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

    Raises ExtractionError (UNREADABLE) where it cannot be opened or would unpack to more than MAX_MARKUP.
    """
    try:
        _check_size(body)
        markup = _convert(body)
    except _BROKEN as error:
        raise _unreadable(f"the DOCX cannot be opened ({type(error).__name__}: {error})") from error
    blocks = read_fragment(markup)
    return Extract(next((block.text for block in blocks if block.kind is BlockKind.HEADING), ""), blocks)


def _check_size(body: bytes) -> None:
    with ZipFile(BytesIO(body)) as archive:
        size = sum(part.file_size for part in archive.infolist() if part.filename.endswith((".xml", ".rels")))
    if size > MAX_MARKUP:
        raise _unreadable(f"the DOCX would unpack to {size // 1024**2} MB of text and mark-up")


def _convert(body: bytes) -> str:
    import mammoth

    without_pictures = mammoth.images.img_element(_no_attributes)
    markup: str = mammoth.convert_to_html(BytesIO(body), style_map=_STYLES, convert_image=without_pictures).value
    return markup


def _no_attributes(_picture: Any) -> dict[str, str]:
    return {}


def _unreadable(detail: str) -> ExtractionError:
    return ExtractionError(
        ProblemKind.UNREADABLE, detail, "Open the address and see what it serves now; the bytes are kept as evidence."
    )
