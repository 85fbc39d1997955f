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
from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.routing import Route

from digests.words import day
from monitor.errors import ConfigurationError, NotFoundError
from monitor.store import write_time
from monitor.store.editions import find_first
from monitor.store.versions import get_version
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
    """Of a day before the first text that one, and it says so."""
    document_id, at = visit.request.path_params["document_id"], read_moment(visit.asked("at"))
    first_at = find_first(visit.db, document_id)
    if at and first_at and at < first_at:
        said = f"Nothing is known of it on {day(at)}. This is its first text."
        return _draw_text(visit, document_id, first_at, HTTPStatus.NOT_FOUND, said)
    return _draw_text(visit, document_id, at)


def _draw_text(
    visit: Visit, document_id: str, at: datetime | None, status: HTTPStatus = HTTPStatus.OK, error: str = ""
) -> Response:
    """`at` None = as it stands. `error`: why this is not what was asked for."""
    text = get_text(visit.db, document_id, at or visit.now, read_before(visit))
    return draw(
        visit.request,
        "text.html",
        status=status,
        error=error,
        text=text,
        home=f"/texts/{quote(document_id)}",
        at=at or visit.now,
        first_at=find_first(visit.db, document_id),
        is_dated=at is not None,
        write_time=write_time,
        query=partial(write_query, visit),
    )


def show_versions(visit: Visit) -> Response:
    """Of one version that was chosen twice its text, and it says so."""
    before, after = (_read_version(visit.request.path_params[each]) for each in ("before", "after"))
    if before == after:
        version, said = get_version(visit.db, before), "This version was chosen twice. Choose two different ones below."
        return _draw_text(visit, version.document_id, version.observed_at, HTTPStatus.BAD_REQUEST, said)
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
