"""A receiver of webhooks on loopback, as people are told to write one: it checks signatures and takes each id once.

    with LocalReceiver(secret) as receiver:
        receiver.script = [Answer(503, {"Retry-After": "20"}), Fault.CLOSE_AFTER_ACCEPT]   # one each, then 204
        ... send to receiver.url ...
        assert list(receiver.events) == [delivery.id]

What is not signed is taken too, by `posts` (for apprise's json://).

Does not do: being anything but a test.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

if TYPE_CHECKING:
    import ssl


class Fault(Enum):
    """How a call goes wrong on the wire."""

    CLOSE_AFTER_ACCEPT = auto()
    """Takes the event and closes without an answer."""
    HANG_AFTER_ACCEPT = auto()
    """Takes the event and says nothing more."""
    GARBAGE = auto()
    """Speaks something that is no HTTP; the event is not taken."""


@dataclass(frozen=True)
class Answer:
    """With an error status the event is not taken."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One question that arrived; names of headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class LocalReceiver:
    """The server: every Call, and each event once, by its id."""

    def __init__(self, secret: str, tls: ssl.SSLContext | None = None) -> None:
        self.calls: list[Call] = []
        self.events: dict[str, dict[str, Any]] = {}
        self.posts: list[dict[str, Any]] = []
        self.script: list[Answer | Fault] = []
        self.closing = threading.Event()
        self.webhook = Webhook(secret)
        self._scheme = "https" if tls else "http"
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"localhost:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.address}/hooks/policy"

    def take(self, call: Call) -> int:
        """The status for it; what is in order is kept."""
        if "webhook-id" not in call.headers:
            self.posts.append(json.loads(call.body))
            return 204
        try:
            event = self.webhook.verify(call.body, call.headers)
        except WebhookVerificationError:
            return 401
        self.events.setdefault(call.headers["webhook-id"], event)
        return 204


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    receiver: LocalReceiver

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        receiver = self.server.receiver
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, self.path, headers, self.rfile.read(int(headers.get("content-length", 0))))
        receiver.calls.append(call)
        planned = receiver.script.pop(0) if receiver.script else Answer()
        if planned is Fault.GARBAGE:
            self.wfile.write(b"\x00\xff this is no HTTP\r\n\r\n")
        elif isinstance(planned, Fault):
            receiver.take(call)
            self._wait(planned)
        else:
            self._send(receiver.take(call) if planned.status < 300 else planned.status, planned.headers)
        self.close_connection = True

    def _wait(self, fault: Fault) -> None:
        if fault is Fault.HANG_AFTER_ACCEPT:
            self.server.receiver.closing.wait()

    def _send(self, status: int, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
