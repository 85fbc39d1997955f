"""The names that the desk answers to, and whether a browser came over TLS.

A page of another site can make a name of its own lead to this machine (DNS rebinding); the browser then takes the desk
for a part of that site. It cannot make the browser send another Host than that name, so only our own are answered.

Does not do: refusing anybody (`monitor.web.guard`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

    from monitor.config import Config

_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


def read_host(request: Request) -> str:
    """Name and port, in small letters; "" where there is not exactly one."""
    hosts = request.headers.getlist("host")
    return hosts[0].lower() if len(hosts) == 1 else ""


def is_known(request: Request, config: Config) -> bool:
    """Whether the browser thinks that it talks to the desk."""
    return bool(get_origins(request, config))


def get_origins(request: Request, config: Config) -> frozenset[str]:
    """Where a page of the desk can have come from; empty where the name is none of ours.

    A proxy may name this machine's loopback as the Host: then a page also comes from the address that people typed.
    """
    host, url = read_host(request), config.web.url
    if _LOOPBACK.fullmatch(host):
        return frozenset({f"http://{host}", *([url] if url else [])})
    return frozenset({url}) if url and url.endswith(f"://{host}") else frozenset()


def is_secure(request: Request, config: Config) -> bool:
    """Whether the browser came over TLS, which ends at a proxy: by the address that people typed."""
    return config.web.url == f"https://{read_host(request)}"
