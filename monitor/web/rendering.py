"""Templates → pages. Every value is escaped; what comes from outside is only ever text or a checked address.

Does not do: choosing what is shown (`monitor.views`), who may see it (`monitor.web.access`).
"""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from digests import words
from digests.escape import find_link, plain
from monitor import __version__

if TYPE_CHECKING:
    from starlette.requests import Request

PLACES = (("/", "Inbox"), ("/procedures", "Procedures"), ("/sources", "Sources"), ("/calendar", "Calendar"),
          ("/numbers", "Numbers"))  # fmt: skip
"""The ways from everywhere, in their order."""


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


def _untrick(value: Any) -> Any:
    """Every string that is shown, on one line and without signs that reverse it or hide in it."""
    return plain(value) if type(value) is str else value
