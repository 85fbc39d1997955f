"""Search over changes and current texts: `q` is what is looked for, `page` from 1 where one sort alone is shown.

Does not do: finding (`monitor.views.search`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from monitor.store.search import MOST_TEXTS
from monitor.views.search import LONGEST, search
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from starlette.responses import Response

    from monitor.views.search import Results
    from monitor.web.serving import Visit

_KIND = re.compile(r"(?:^|\s)kind:(?:\"[^\"]*\"?|\S*)", re.IGNORECASE)
_PAGE = re.compile("[1-9][0-9]?")


def show_search(visit: Visit) -> Response:
    page = int(visit.asked("page")) if _PAGE.fullmatch(visit.asked("page")) else 1
    results = search(visit.db, visit.asked("q"), visit.now, page)
    return draw(
        visit.request,
        "search.html",
        results=results,
        sorts=[(name, number, _write_query(results, kind)) for name, kind, number in _iter_sorts(results)],
        query=_write_query,
        longest=LONGEST,
    )


def _iter_sorts(results: Results) -> list[tuple[str, str, str]]:
    """What the two sorts are called, the kind that asks for them, and how many there are in words."""
    more = "+" if results.has_more_changes else ""
    changes = f"{results.change_count:,}{more}" if results.only != "text" else ""
    texts = (
        f"{results.text_count:,}{'+' if results.text_count == MOST_TEXTS else ''}" if results.only != "change" else ""
    )
    return [("All", "", ""), ("Changes", "change", changes), ("Current texts", "text", texts)]


def _write_query(results: Results, kind: str | None = None, page: int = 1) -> str:
    """The same words; `kind` "" = of all sorts, None = as it was asked."""
    text = results.asked.text
    if kind is not None:
        text = f"{_KIND.sub(' ', text).strip()} {'kind:' + kind if kind else ''}".strip()
    return urlencode({"q": text} | ({"page": str(page)} if page > 1 else {}))


ROUTES = [Route("/search", serve(show_search))]
