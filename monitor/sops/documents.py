"""HTML and DOCX → facts and lines, by way of the extractors that read what publishers write.

An HTML file states facts in its head: `<meta name="sop:owner" content="privacy-desk">`. Its `<title>`, or else its
first heading, is the title, and the elements for author and keywords are used where nothing else is said.

A DOCX file states facts in its properties: the title, the subject and the keywords (both are topics), and custom
properties that are called as the facts are. Its author is used where no owner is named.

Limits keep a file from holding up all others; they are far above what an SOP needs.

Does not do: other formats of word processors; macros are never run, and files with macros are not read at all.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from monitor.errors import ExtractionError
from monitor.model import BlockKind
from monitor.sops.draft import Draft, UnusableError
from monitor.sops.facts import AUTHOR, KEYS, Fact
from monitor.sops.sections import MARKS, Line, mark_implements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.model import Block
    from monitor.sops.facts import Facts

MAX_UNPACKED = 8 * 1024**2
"""Bytes of a DOCX without its pictures once unpacked. Eight are read in about eight seconds."""
MAX_DEPTH = 10_000
"""Elements within each other. The parser needs time in the square of the depth: a third of a second for these."""

_OPENING = re.compile(
    r"<(/?)(?!(?:area|base|br|col|embed|hr|img|input|li|link|meta|p|source|tr|td|th|wbr)\b)[a-z]", re.IGNORECASE
)
"""Elements that must be closed, so that beginnings without ends tell how deep they are nested."""
_OLD_BINARY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The compound file in which Office before 2007 and every encrypted file is packed ([MS-CFB], section 2.2)."""
_NOT_READ = ("word/media/", "word/embeddings/", "word/fonts/", "docProps/thumbnail")
_PROPERTIES = ("docProps/core.xml", "docProps/custom.xml")
_CHILD = 2
"""Depth of the children of the root."""
_SPELLED_AS_FACTS = {"subject": "topics", "keywords": "topics", "title": "title", "creator": AUTHOR}
"""Properties of core.xml (ECMA-376, part 2, section 11) by what they tell."""


def read_html(body: bytes, path: str) -> Draft:
    """The Draft of the HTML file at `path`. Raises UnusableError."""
    from monitor.extract import html
    from monitor.extract.decode import decode

    markup = decode(body, None).translate(dict.fromkeys(map(ord, MARKS)))
    if _depth(markup) > MAX_DEPTH:
        raise UnusableError(f"more than {MAX_DEPTH:,} elements within each other. Save it anew from its source.")
    page = html.read_html(mark_implements(markup))
    if not page.blocks:
        raise UnusableError("no text. Open it in a browser: what only a script puts there cannot be read.")
    facts, guesses = _read_metas(markup, path)
    if page.title:
        guesses["title"] = Fact(path, page.title.partition(MARKS[0])[0].strip())
    return Draft(facts, _lines(page.blocks), guesses)


def read_docx(body: bytes, path: str) -> Draft:
    """The Draft of the DOCX file at `path`. Raises UnusableError."""
    from monitor.extract import docx

    _check_docx(body)
    try:
        document = docx.read_docx(body)
    except ExtractionError as error:
        raise UnusableError(f"{error.detail}. Open it in a word processor and save it as DOCX again.") from error
    if not document.blocks:
        raise UnusableError("no text. Pictures of text cannot be read: write it out.")
    facts: Facts = {}
    guesses: Facts = {}
    for key, text in _iter_properties(body):
        said = facts[key].value if key == "topics" and key in facts else None
        into = guesses if key == AUTHOR else facts
        if text and key in (*KEYS, AUTHOR):
            into[key] = Fact(path, f"{said}, {text}" if said else text, is_line=True)
    if document.title:
        guesses["title"] = Fact(path, document.title)
    return Draft(facts, _lines(document.blocks), guesses)


def _lines(blocks: tuple[Block, ...]) -> tuple[Line, ...]:
    return tuple(Line(len(each.heading) if each.kind is BlockKind.HEADING else 0, each.text) for each in blocks)


def _depth(markup: str) -> int:
    depth = deepest = 0
    for each in _OPENING.finditer(markup):
        depth += -1 if each[1] else 1
        deepest = max(deepest, depth)
    return deepest


def _read_metas(markup: str, path: str) -> tuple[Facts, Facts]:
    """What the head states, and what it lets us guess."""
    from selectolax.lexbor import LexborHTMLParser

    facts: Facts = {}
    guesses: Facts = {}
    for node in LexborHTMLParser(markup).css("meta[name][content]"):
        name = (node.attributes["name"] or "").strip().casefold()
        fact = Fact(path, " ".join((node.attributes["content"] or "").split()), is_line=True)
        if name.startswith("sop:"):
            facts[name.removeprefix("sop:")] = fact
        elif name in {AUTHOR, "keywords"}:
            guesses["topics" if name == "keywords" else name] = fact
    return facts, guesses


def _check_docx(body: bytes) -> None:
    """Raises UnusableError for what is no DOCX, or none that can be read in bounded time."""
    if body.startswith(_OLD_BINARY):
        raise UnusableError("encrypted, or in the format before 2007. Save it as DOCX without a password.")
    try:
        with ZipFile(BytesIO(body)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise UnusableError(f"no DOCX ({error}). Open it in a word processor and save it as DOCX.") from error
    if any(PurePosixPath(part.filename).name == "vbaProject.bin" for part in parts):
        raise UnusableError("has macros. Save it as DOCX, which is without macros.")
    size = sum(part.file_size for part in parts if not part.filename.startswith(_NOT_READ))
    if size > MAX_UNPACKED:
        most = MAX_UNPACKED // 1024**2
        raise UnusableError(
            f"{size // 1024**2} MB of text and mark-up once unpacked, of {most}. Split it into several."
        )


def _iter_properties(body: bytes) -> Iterator[tuple[str, str]]:
    """The properties of a DOCX by what they tell, those of its owner's own making last.

    Raises UnusableError where they are broken.
    """
    try:
        with ZipFile(BytesIO(body)) as archive:
            parts = [(part, archive.read(part)) for part in _PROPERTIES if part in archive.namelist()]
        named = [(part, name, text) for part, xml in parts for name, text in _Properties(xml).texts]
    except (BadZipFile, ExpatError, RuntimeError, EOFError, zlib.error) as error:
        raise UnusableError(f"its properties cannot be read ({error}). Save it as DOCX again.") from error
    for part, name, text in named:
        yield name if part == _PROPERTIES[-1] else _SPELLED_AS_FACTS.get(name, ""), " ".join(text.split())


class _Properties:
    """The children of the root of an XML text: `name` (its attribute, else the element's own) and text of each."""

    def __init__(self, xml: bytes) -> None:
        self.texts: list[tuple[str, str]] = []
        self._depth = 0
        parser = ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        parser.Parse(xml, True)

    def _begin(self, element: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == _CHILD:
            name = attributes.get("name") or element.rpartition(":")[2]
            self.texts.append((name.strip().casefold(), ""))

    def _end(self, _element: str) -> None:
        self._depth -= 1

    def _add(self, text: str) -> None:
        if self._depth >= _CHILD:
            name, before = self.texts[-1]
            self.texts[-1] = (name, before + text)
