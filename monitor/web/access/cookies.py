"""What a browser keeps for the desk: the token of a session, and that of a sign-in under way.

Scripts cannot read them. Other sites cannot send them along but with a plain link that somebody follows (SameSite=Lax):
Strict would show people who follow a link in a digest as signed out. Over TLS the name begins with `__Host-`, so no
other host of the domain can set one. On this machine, where all ports share their cookies, the name holds the port.

Does not do: knowing what a token is worth.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.web.access.hosts import is_secure, read_host

if TYPE_CHECKING:
    from datetime import timedelta

    from starlette.requests import Request
    from starlette.responses import Response

    from monitor.config import Config


class Cookie(StrEnum):
    SESSION = "desk"
    SIGN_IN = "desk-sign-in"


def read_cookie(request: Request, config: Config, cookie: Cookie) -> str | None:
    return request.cookies.get(_name(request, config, cookie))


def set_cookie(
    response: Response, request: Request, config: Config, cookie: Cookie, token: str, *, lasts: timedelta
) -> None:
    response.set_cookie(
        _name(request, config, cookie),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=is_secure(request, config),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, request: Request, config: Config, cookie: Cookie) -> None:
    response.delete_cookie(
        _name(request, config, cookie), path="/", secure=is_secure(request, config), httponly=True, samesite="lax"
    )


def _name(request: Request, config: Config, cookie: Cookie) -> str:
    if is_secure(request, config):
        return f"__Host-{cookie}"
    port = read_host(request).rpartition(":")[2]
    return f"{cookie}-{port if port.isdecimal() else 80}"
