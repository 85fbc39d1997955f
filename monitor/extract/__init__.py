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
from monitor.extract.decode import decode
from monitor.extract.html import close_elements, read_html
from monitor.extract.markdown import read_markdown
from monitor.extract.pdf import read_pdf
from monitor.extract.plain import read_plain
from monitor.extract.quality import check_page, check_text
from monitor.model import ProblemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitor.model import Extract

EXTRACTOR = "1"
"""Raised whenever the same bytes may give other blocks; stored with each Version (see `recipe`)."""


class _Form(StrEnum):
    HTML = "HTML"
    PDF = "PDF"
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
}


def extract(
    body: bytes,
    media_type: str,
    *,
    charset: str | None = None,
    select: Sequence[str] = (),
    remove: Sequence[str] = (),
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
        check_page(page, markup, select=select, size=len(body), accepted=accepted)
    return page


def read(
    body: bytes,
    media_type: str,
    *,
    charset: str | None = None,
    select: Sequence[str] = (),
    remove: Sequence[str] = (),
    expect: str | None = None,
) -> Extract:
    """What these bytes say, whether or not it is the document that was asked for.

    `media_type` is that of Content-Type, without parameters; `charset` is its parameter. A body that begins with %PDF-
    is a PDF whatever the header says. `expect` is the Source's kind: `html` takes no PDF, and text without mark-up only
    where nothing is to be selected in it; `pdf` takes nothing but PDF. `select` and `remove` are CSS selectors.

    Raises ExtractionError: WRONG_TYPE or UNREADABLE.
    """
    return _read(body, media_type, charset=charset, select=select, remove=remove, expect=expect)[0]


def _read(
    body: bytes,
    media_type: str,
    *,
    charset: str | None,
    select: Sequence[str],
    remove: Sequence[str],
    expect: str | None,
) -> tuple[Extract, str | None]:
    """The Extract, and the mark-up it was read from."""
    form = _Form.PDF if body.startswith(b"%PDF-") else _FORMS.get(media_type.lower())
    if form not in _accepted_forms(expect, select):
        raise _wrong_type(form or media_type, expect)
    if form is not _Form.HTML:
        return _read_unmarked(form, body, charset), None
    markup = decode(body, charset)
    return read_html(close_elements(markup) if media_type == _XHTML else markup, select=select, remove=remove), markup


def recipe(kind: str, select: Sequence[str], remove: Sequence[str]) -> str:
    """How a Version was read: `html/1 select: main remove: .share`. Equal recipes read equal bytes alike."""
    lists = [f"{name}: {', '.join(each)}" for name, each in (("select", select), ("remove", remove)) if each]
    return " ".join([f"{kind}/{EXTRACTOR}", *lists])


def _accepted_forms(expect: str | None, select: Sequence[str]) -> frozenset[_Form]:
    if expect == "pdf":
        return frozenset({_Form.PDF})
    if expect == "html":
        return frozenset({_Form.HTML} if select else {_Form.HTML, _Form.PLAIN, _Form.MARKDOWN})
    return frozenset(_Form)


def _read_unmarked(form: _Form | None, body: bytes, charset: str | None) -> Extract:
    if form is _Form.PDF:
        return read_pdf(body)
    text = decode(body, charset)
    return read_markdown(text) if form is _Form.MARKDOWN else read_plain(text)


def _wrong_type(answered: str, expect: str | None) -> ExtractionError:
    expected = {"html": "a page (HTML)", "pdf": "a PDF"}.get(expect or "", "HTML, PDF, plain text or Markdown")
    return ExtractionError(
        ProblemKind.WRONG_TYPE,
        f"the answer is {answered}, not {expected}",
        "Open the address and see what it serves now; then correct `url` or `kind` in sources.yaml.",
    )
