"""Templates → pages. Every value is escaped; what comes from outside is only ever text or a checked address.

Does not do: choosing what is shown (`monitor.views`), who may see it (`monitor.web.access`).
"""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from digests import words
from digests.escape import find_link, plain
from monitor import __version__
from monitor.views.comparison import GAP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

PLACES = (("/", "Inbox"), ("/procedures", "Procedures"), ("/sources", "Sources"), ("/calendar", "Calendar"),
          ("/numbers", "Numbers"))  # fmt: skip
"""The ways from everywhere, in their order."""
_TAGS = {"added": "ins", "removed": "del"}
_MARKED = Markup('<mark class="{}">{}</mark>')
_FRAMES = {GAP: Markup('<span class="{}" lang="en">{}</span>')}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_untrick,
    )  # fmt: skip
    environment.filters |= {
        "plain": plain,
        "path": words.path,
        "day": words.day,
        "address": find_link,
        "count": words.count,
        "marked_up": mark_up,
    }
    environment.globals |= {"places": PLACES, "version": __version__}
    return environment


def draw(request: Request, template: str, *, status: HTTPStatus = HTTPStatus.OK, **facts: Any) -> HTMLResponse:
    """A whole page. `facts` are what the template names; `visitor` is None before anybody signed in."""
    visitor = getattr(request.state, "visitor", None)
    text = (
        _environment().get_template(template).render(request=request, visitor=visitor, here=request.url.path, **facts)
    )
    return HTMLResponse(text, status)


def draw_failure(request: Request, status: HTTPStatus, said: str) -> HTMLResponse:
    """What went wrong, and what to do."""
    return draw(request, "failure.html", status=status, title=status.phrase, said=said)


def mark_up(pieces: Iterable[tuple[str, str, str]]) -> Markup:
    """A line of a comparison, as (op, text, name of a mark): what follows one another with one op is one stretch.

    In Python, because a long text has thousands of them. The white space at both ends of a piece is written out: it
    does not survive being shown.
    """
    return Markup().join(_mark_up(_TAGS.get(op), run) for op, run in groupby(pieces, itemgetter(0)))


def _mark_up(tag: str | None, run: Iterable[tuple[str, str, str]]) -> Markup:
    said = Markup().join(_write_out(text, mark) for _, text, mark in run)
    words = said.strip(" ")
    return said.replace(words, Markup("<{0}>{1}</{0}>").format(tag, words), 1) if tag and words else said


def _write_out(text: str, mark: str) -> Markup:
    shown = escape(plain(text))
    before, after = " " * text[:1].isspace(), " " * (bool(shown) and text[-1:].isspace())
    return before + (_FRAMES.get(mark, _MARKED).format(mark, shown) if mark else shown) + after


def _untrick(value: Any) -> Any:
    """Every string that is shown, on one line and without signs that reverse it or hide in it."""
    return plain(value) if type(value) is str else value
