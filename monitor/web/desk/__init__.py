"""The desk: pages that people open, one module for each, with its routes and its template of the same name.

Each asks `monitor.views` for what there is to see and draws it. What somebody decides goes through `monitor.triage`.

Does not do: SQL, letting people in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.web.desk import calendar, change, evidence, feeds, inbox, numbers, procedures, search, sources, texts

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = [
    *inbox.ROUTES,
    *change.ROUTES,
    *evidence.ROUTES,
    *procedures.ROUTES,
    *search.ROUTES,
    *sources.ROUTES,
    *texts.ROUTES,
    *numbers.ROUTES,
    *calendar.ROUTES,
    *feeds.ROUTES,
]
