"""The text of a document at any time, and any two of its versions compared.

In the address: `at`, a day (2026-03-01, at its end) or a time in UTC; `before`, older versions in the list;
`view=sides` and `whole` of a comparison.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from monitor.errors import ConfigurationError, NotFoundError
from monitor.store import write_time
from monitor.views.texts import get_compared, get_text
from monitor.web.desk.sources import read_before, write_query
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from starlette.responses import Response

    from monitor.web.serving import Visit

_VERSION = re.compile("-?[0-9]{1,18}")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def show_text(visit: Visit) -> Response:
    at = read_moment(visit.asked("at")) or visit.now
    return draw(
        visit.request,
        "text.html",
        text=get_text(visit.db, visit.request.path_params["document_id"], at, read_before(visit)),
        at=at,
        is_dated=bool(visit.asked("at")),
        write_time=write_time,
        query=partial(write_query, visit),
    )


def show_versions(visit: Visit) -> Response:
    before, after = (_read_version(visit.request.path_params[each]) for each in ("before", "after"))
    return draw(
        visit.request,
        "versions.html",
        compared=get_compared(visit.db, before, after, is_whole=bool(visit.asked("whole"))),
        is_aside=visit.asked("view") == "sides",
        write_time=write_time,
        query=partial(write_query, visit),
    )


def choose_versions(visit: Visit) -> Response:
    """From the form of a timeline to the comparison, the earlier one first, whichever was chosen as which."""
    if not (visit.asked("from") and visit.asked("to")):
        raise ConfigurationError("Choose two versions to compare: one on the left, one on the right. Go back for that.")
    before, after = sorted(_read_version(visit.asked(each)) for each in ("from", "to"))
    return RedirectResponse(f"/versions/{before}/{after}", HTTPStatus.SEE_OTHER)


def _read_version(text: str) -> int:
    if not _VERSION.fullmatch(text):
        raise NotFoundError("A version is named by its number. Choose two of them at the document's text.")
    return int(text)


def read_moment(text: str) -> datetime | None:
    """A day is its end. None where nothing is asked; raises ConfigurationError for what is neither."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            return datetime.combine(moment, time.max, UTC)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigurationError("That is neither a day nor a time. Write it as in 2026-03-01.") from None


ROUTES = [
    Route("/texts/{document_id:path}", serve(show_text)),
    Route("/versions", serve(choose_versions)),
    Route("/versions/{before}/{after}", serve(show_versions)),
]
