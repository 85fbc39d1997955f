"""What went wrong, as programs read it: problem details (RFC 9457), for whatever is answered under /api.

    {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "change 99: there is none with this id. …"}

`mistakes` says besides which parts of a request cannot be, where that is what is wrong.

Does not do: pages (`monitor.web.rendering`), choosing the status (`monitor.web.serving`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from http import HTTPStatus

    from starlette.requests import Request

API = "/api"
MEDIA_TYPE = "application/problem+json"


def is_for_programs(request: Request) -> bool:
    """Whether it asks the API, and so reads no page."""
    path: str = request.scope["path"]
    return path == API or path.startswith(f"{API}/")


def tell_problem(
    status: HTTPStatus,
    detail: str,
    *,
    mistakes: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`mistakes`: `where` in the request, and `what` is wrong there."""
    said: dict[str, object] = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    if mistakes:
        said["mistakes"] = mistakes
    # In ASCII: what is quoted of a request may be no text that UTF-8 can hold.
    return Response(json.dumps(said), status, dict(headers or {}), MEDIA_TYPE)
