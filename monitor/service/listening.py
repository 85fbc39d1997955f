"""The web application as a part of the service. It is started again on the same socket: nobody else can take it.

Does not do: answering (`monitor.web`).
"""

from __future__ import annotations

import socket
from contextlib import closing, contextmanager
from threading import Event
from typing import TYPE_CHECKING

import uvicorn

from monitor.errors import ConfigurationError
from monitor.pulse import Pulse
from monitor.service.supervising import supervised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

_ANSWER_S = 5
"""For the answers at hand when the end is asked for."""


@contextmanager
def listen(app: Starlette, host: str, port: int, pulse: Pulse | None = None) -> Iterator[str]:
    """The web application in a thread; the address at which it can be reached. `port` 0 = any that is free.

    Raises ConfigurationError where nobody can be served there.
    """
    with closing(_bind(host, port)) as listener, supervised(_Web(app, listener), pulse or Pulse()):
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{listener.getsockname()[1]}"


class _Web:
    name = "web"

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        self._listener = listener
        self._stopped = Event()
        self._settings = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # addresses can hold a token: a link, a calendar's key
            proxy_headers=False,  # else the peer, on whose word people are let in, would be whom a header names
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_ANSWER_S,
        )
        self._server = uvicorn.Server(self._settings)

    def run(self) -> None:
        self._server = uvicorn.Server(self._settings)
        if not self._stopped.is_set():
            self._server.run([self._listener.dup()])  # which it closes at its end, however it ends

    def stop(self) -> None:
        self._stopped.set()
        self._server.should_exit = True


def _bind(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        # asyncio sets it only for sockets that name their protocol; without it short answers wait 40 ms for the browser
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise ConfigurationError(
            f"{host}:{port}: nobody can be served there ({error.strerror or error}). Choose another with --port."
        ) from error
    return listener
