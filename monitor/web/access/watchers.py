"""Which programs may see how the monitor itself does: one that shows the token, or one on this machine.

A request from this machine's own address proves little where a proxy stands beside the monitor: everything comes from
there. So it counts only while the desk has no address of its own (MONITOR_WEB_URL), is asked by a name of this
machine, and no proxy has left a mark.

Does not do: people (`monitor.web.access.visitors`).
"""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from monitor.web.access.hosts import is_known
from monitor.web.access.visitors import read_bearer, read_peer

if TYPE_CHECKING:
    from starlette.requests import Request

    from monitor.config import Config

_MARKS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""RFC 7239 and 9110, and what proxies wrote before."""


def may_watch(request: Request, config: Config) -> bool:
    token, shown = config.watching.metrics_token, read_bearer(request)
    if shown is not None:
        return token is not None and compare_digest(shown.encode(), token.encode())
    return config.web.url is None and _is_from_here(request, config)


def _is_from_here(request: Request, config: Config) -> bool:
    peer = read_peer(request)
    is_marked = any(mark in request.headers for mark in _MARKS)
    return peer is not None and peer.is_loopback and is_known(request, config) and not is_marked
