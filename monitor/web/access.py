"""Who asks, and what they may do.

Does not do: anything yet but letting in whoever is on this machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from monitor.model import Role

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.config import Config


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who was let in. `name` is the actor of what they decide."""

    name: str
    role: Role


def find_visitor(request: Request, config: Config) -> Visitor | None:
    """None = nobody who may look. Also stands in `request.state.visitor`, for the page's head."""
    visitor = Visitor("desk", Role.LEAD)
    request.state.visitor = visitor
    return visitor


def send_away(request: Request) -> Response:
    """To where people sign in, and back to what they asked for."""
    return RedirectResponse("/sign-in", 303)
