"""Bytes → blocks of text with headings: the one door to every extractor.

The same bytes always give the same blocks. `extract` and everything it calls are pure and picklable, so that they can
run in a worker process that is killed when a document spins or crashes its parser (lexbor needs time in the square of
the depth for nested block elements: 40 s for 100,000 of them).

Does not do: fetching, storing, comparing; feeds (`monitor.feeds` reads them with `html` from here).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.errors import ExtractionError
from monitor.extract.decode import decode, is_noise
from monitor.extract.docx import is_docx, read_docx
from monitor.extract.html import close_elements, read_html
from monitor.extract.plain import read_plain
from monitor.extract.quality import check_page, check_text
from monitor.model import ProblemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitor.model import Extract, Selector

EXTRACTOR = "3"
"""Raised whenever the same bytes may give other blocks; stored with each Version (see `recipe`)."""


class _Form(StrEnum):
    HTML = "HTML"
    PDF = "PDF"
    DOCX = "DOCX"
    JSON = "JSON"
    PLAIN = "plain text"
    MARKDOWN = "Markdown"


_XHTML = "application/xhtml+xml"
_FORMS = {
    "": _Form.HTML,  # a server that says nothing serves a page
    "text/html": _Form.HTML,
    _XHTML: _Form.HTML,
    "application/pdf": _Form.PDF,
    "text/plain": _Form.PLAIN,
    "text/markdown": _Form.MARKDOWN,
    "application/json": _Form.JSON,
    "text/json": _Form.JSON,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _Form.DOCX,
}
_EXPECTED = {"html": "a page (HTML)", "pdf": "a PDF", "docx": "a DOCX", "json": "JSON"}
_ACCEPTED = {"pdf": _Form.PDF, "docx": _Form.DOCX, "json": _Form.JSON}


def extract(
    body: bytes,
    media_type: str,
    *,
    charset: str | None = None,
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    expect: str | None = None,
    accepted: Collection[str] = (),
) -> Extract:
    """What a document says, if this is the document at all.

    As `read`; `accepted` holds the marks of doubts that a person has overruled for this source.

    Raises ExtractionError: WRONG_TYPE, UNREADABLE, or what `quality` doubts.
    """
    page, markup = _read(body, media_type, charset=charset, select=select, remove=remove, expect=expect)
    if markup is None:
        check_text(page, size=len(body), accepted=accepted)
    else:
        check_page(page, markup, select=select, remove=remove, size=len(body), accepted=accepted)
    return page


def read(
    body: bytes,
    media_type: str,
    *,
    charset: str | None = None,
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    expect: str | None = None,
) -> Extract:
    """What these bytes say, whether or not it is the document that was asked for.

    `media_type` is that of Content-Type, without parameters; `charset` is its parameter. What begins as a
    PDF or is packed as a DOCX is one whatever the header says; so is JSON where it is expected. `expect` is the
    Source's kind: `html` takes mark-up, and text without it only where nothing is to be selected; `pdf`, `docx` and
    `json` take nothing else. `select` and `remove` choose within HTML only.

    Raises ExtractionError: WRONG_TYPE or UNREADABLE.
    """
    return _read(body, media_type, charset=charset, select=select, remove=remove, expect=expect)[0]


def _read(
    body: bytes,
    media_type: str,
    *,
    charset: str | None,
    select: Sequence[Selector],
    remove: Sequence[Selector],
    expect: str | None,
) -> tuple[Extract, str | None]:
    """The Extract, and the mark-up it was read from."""
    form = _form_of(body, media_type.lower(), expect)
    if form not in _accepted_forms(expect, select):
        raise _wrong_type(form or media_type, expect)
    if form is not _Form.HTML:
        return _read_unmarked(form, body, charset), None
    markup = _decode(body, charset, expect)
    return read_html(close_elements(markup) if media_type == _XHTML else markup, select=select, remove=remove), markup


def recipe(kind: str, select: Sequence[Selector], remove: Sequence[Selector]) -> str:
    """How a Version was read: `html/1 select: main remove: .share`. Equal recipes read equal bytes alike."""
    lists = [f"{name}: {', '.join(map(str, each))}" for name, each in (("select", select), ("remove", remove)) if each]
    return " ".join([f"{kind}/{EXTRACTOR}", *lists])


def _form_of(body: bytes, media_type: str, expect: str | None) -> _Form | None:
    if body.startswith(b"%PDF-"):
        return _Form.PDF
    if is_docx(body):
        return _Form.DOCX
    if media_type.endswith("+json") or (expect == "json" and body.lstrip().startswith((b"{", b"["))):
        return _Form.JSON
    return _FORMS.get(media_type)


def _accepted_forms(expect: str | None, select: Sequence[Selector]) -> frozenset[_Form]:
    if expect in _ACCEPTED:
        return frozenset({_ACCEPTED[expect]})
    if expect == "html":
        return frozenset({_Form.HTML} if select else {_Form.HTML, _Form.PLAIN, _Form.MARKDOWN})
    return frozenset(_Form)


def _read_unmarked(form: _Form | None, body: bytes, charset: str | None) -> Extract:
    """Most documents are pages: what reads the rarer forms is imported for the first of them."""
    if form is _Form.PDF:
        from monitor.extract.pdf import read_pdf

        return read_pdf(body)
    if form is _Form.DOCX:
        return read_docx(body)
    return _read_text(form, _decode(body, charset, None))


def _decode(body: bytes, charset: str | None, expect: str | None) -> str:
    text = decode(body, charset)
    if is_noise(text):
        raise _wrong_type("no text but noise, such as a picture or an archive", expect)
    return text


def _read_text(form: _Form | None, text: str) -> Extract:
    if form is _Form.JSON:
        from monitor.extract.api_answer import read_json

        return read_json(text)
    if form is _Form.MARKDOWN:
        from monitor.extract.markdown import read_markdown

        return read_markdown(text)
    return read_plain(text)


def _wrong_type(answered: str, expect: str | None) -> ExtractionError:
    expected = _EXPECTED.get(expect or "", "HTML, PDF, DOCX, JSON, plain text or Markdown")
    return ExtractionError(
        ProblemKind.WRONG_TYPE,
        f"the answer is {answered}, not {expected}",
        "Open the address and see what it serves now; then correct `url` or `kind` in sources.yaml.",
    )
