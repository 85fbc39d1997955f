"""The inbox: what waits to be decided, and what is filtered by in the address."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.routing import Route

from monitor.store.inbox import Wanted
from monitor.views.inbox import get_inbox
from monitor.web.rendering import draw
from monitor.web.serving import serve

if TYPE_CHECKING:
    from starlette.responses import Response

    from monitor.web.serving import Visit


_DAYS = re.compile("[0-9]{1,3}")
_PAGE = re.compile("[1-9][0-9]{0,5}")


def show_inbox(visit: Visit) -> Response:
    inbox = get_inbox(visit.db, read_wanted(visit), visit.now.date(), _page(visit.asked("page")))
    return draw(visit.request, "inbox.html", inbox=inbox)


def read_wanted(visit: Visit) -> Wanted:
    """The filters in the address; what makes no sense is no filter."""
    days = visit.asked("due")
    return Wanted(
        jurisdiction=visit.asked("jurisdiction"),
        topic=visit.asked("topic"),
        severity=visit.asked("severity"),
        source=visit.asked("source"),
        publisher=visit.asked("publisher"),
        sop=visit.asked("sop"),
        owners=(visit.visitor.name,) if visit.asked("mine") else (),
        due_by=visit.now.date() + timedelta(days=int(days)) if _DAYS.fullmatch(days) else None,
    )


def _page(text: str) -> int:
    return int(text) if _PAGE.fullmatch(text) else 1


ROUTES = [Route("/", serve(show_inbox))]
