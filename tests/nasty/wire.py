"""A publisher who answers with whatever bytes a case wants, at whatever pace, on real sockets.

    def drip(wire):                       # a Serve: it is given the wire after the question was read
        wire.send(head(200))
        wire.drip(b"<p>Be kind.</p>", pause_s=1)

    with Publisher({"slow-body": drip}) as publisher:
        publisher.url("slow-body")        # http://slow-body.example:PORT/

It listens at PUBLIC, which a crawl in this world takes for the public internet (`nasty.child`). A Canary listens at
addresses that no crawl may reach, and counts who comes.

Does not do: HTTP beyond reading the first line and the host of a question.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

PUBLIC = "127.0.0.2"
"""The address of every honest name in this world."""
PRIVATE = ("127.0.0.1", "::1")
ZONE = ".example"
QUESTION_BYTES = 64 * 1024
FLOOD_PAUSE_S = 0.005
"""Without it the flood drowns the process that makes it, and every other publisher in it."""


@dataclass(frozen=True)
class Wire:
    """One connection, with the question that came over it."""

    connection: socket.socket
    path: str
    closing: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, pause_s: float) -> None:
        """One byte at a time."""
        for number in range(len(data)):
            self.send(data[number : number + 1])
            self.closing.wait(pause_s)

    def flood(self, data: bytes, seconds: float) -> None:
        """The same bytes again and again, as fast as a good connection is."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.closing.wait(FLOOD_PAUSE_S):
            self.send(data)

    def hang(self) -> None:
        """Says nothing more until the publisher closes."""
        self.closing.wait()

    def reset(self) -> None:
        """Ends the connection as a crash does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


if TYPE_CHECKING:
    Serve = Callable[[Wire], None]


def head(status: int = 200, media_type: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    """The first lines of an answer; underscores in names are hyphens."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {media_type}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def say(
    body: bytes | Callable[[], bytes], media_type: str = "text/html; charset=utf-8", status: int = 200, **headers: str
) -> Serve:
    """A whole answer, well-formed as far as HTTP goes. Large bodies are made when they are asked for."""

    def serve(wire: Wire) -> None:
        made = body if isinstance(body, bytes) else body()
        wire.send(head(status, media_type, Content_Length=str(len(made)), **headers) + made)

    return serve


MISSING = say(b"", status=404)


class Publisher:
    """Every name of the world; `pages` and `robots` say how each of them serves. Without robots: 404."""

    def __init__(
        self,
        pages: Mapping[str, Serve],
        robots: Mapping[str, Serve] | None = None,
        tls: ssl.SSLContext | None = None,
        handshake: Serve | None = None,
    ) -> None:
        """`handshake` serves in place of everything else, as soon as somebody is connected."""
        self.pages = pages
        self.robots = robots or {}
        self.visits: list[tuple[str, str]] = []
        """Name and path of each question."""
        self.closing = threading.Event()
        self._tls = tls
        self._handshake = handshake
        self._listener = socket.create_server((PUBLIC, 0), backlog=256)
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, name: str, path: str = "/") -> str:
        return f"{'https' if self._tls or self._handshake else 'http'}://{name}{ZONE}:{self.port}{path}"

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._meet, args=[connection], daemon=True).start()

    def _meet(self, connection: socket.socket) -> None:
        with closing(connection), suppress(OSError):  # whoever has seen enough hangs up
            if self._handshake:
                self._handshake(Wire(connection, "", self.closing))
            elif self._tls:
                with self._tls.wrap_socket(connection, server_side=True) as secure:
                    self._answer(secure)
            else:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        name, path = _read_question(connection)
        self.visits.append((name, path))
        served = self.robots if path == "/robots.txt" else self.pages
        served.get(name, MISSING)(Wire(connection, path, self.closing))


def _read_question(connection: socket.socket) -> tuple[str, str]:
    """The host without its zone, and the path."""
    question = b""
    while b"\r\n\r\n" not in question and len(question) < QUESTION_BYTES:
        chunk = connection.recv(QUESTION_BYTES)
        if not chunk:
            raise ConnectionAbortedError
        question += chunk
    first, *lines = question.decode("latin-1").split("\r\n")
    host = next(line.partition(":")[2].strip() for line in lines if line.lower().startswith("host:"))
    return host.partition(":")[0].removesuffix(ZONE), first.split(" ")[1]


class Canary:
    """Listens where no crawl may come: at the private addresses, on one port. `visitors` counts who came."""

    def __init__(self, port: int) -> None:
        self.visitors = 0
        self._stack = ExitStack()
        for address in PRIVATE:
            with suppress(OSError):  # a machine without IPv6
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                listener = socket.create_server((address, port), family=family)
                self._stack.callback(listener.close)
                self._stack.callback(listener.shutdown, socket.SHUT_RDWR)
                threading.Thread(target=self._count, args=[listener], daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _count(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self.visitors += 1
                connection.close()
