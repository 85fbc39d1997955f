"""A publisher on loopback: a real HTTP server on a real socket, whose pages a test puts up, changes and breaks.

    def test_a_page_is_fetched(site):                     # fixture of tests/conftest.py: a fresh site for each test
        site.put("/terms", "<main><p>Be kind.</p></main>")            # 200 with an ETag; answers 304 when it still fits
        site.put("/terms", "<main><p>Be kinder.</p></main>")          # the next version: another ETag
        site.pages["/gone"] = Answer(404)
        site.pages["/shaky"] = [Answer(503), Answer(200, b"here")]    # one after the other; the last one stays
        site.pages["/stuck"] = Answer(fault=Fault.HANG)
        site.robots = "User-agent: *\\nDisallow: /private"             # None: 404, everything is allowed
        ... crawl site.url("/terms") with allow_private=True ...
        assert site.requests[-1].path == "/terms"         # every Visit, robots.txt included, in order of arrival
        assert site.visits("/terms")[0].status == 200

Outside pytest: `with Site() as site: ...`. With `Site(tls=context)` it speaks https.

Does not do: being polite, being fast, being anything but a test.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


class Fault(Enum):
    """How an answer goes wrong on the wire."""

    NONE = auto()
    HANG = auto()
    """Takes the question and says nothing until the site closes."""
    RESET = auto()
    """Resets the connection without a word."""
    CUT_SHORT = auto()
    """States the length of the whole body and closes after half of it."""
    NO_LENGTH = auto()
    """States no length and closes at the end, as HTTP/1.0 servers do: nobody can tell whether it was all."""
    GARBAGE = auto()
    """Speaks something that is no HTTP."""


@dataclass(frozen=True)
class Answer:
    """What one path says. With `etag` or `last_modified` set, a question that names it is answered with 304."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    delay_s: float = 0.0
    """Before the first byte."""
    fault: Fault = Fault.NONE

    def fits(self, asked: dict[str, str]) -> bool:
        """Whether the validators that the question names are still ours."""
        if "if-none-match" in asked:
            return self.etag == asked["if-none-match"]
        return self.last_modified is not None and self.last_modified == asked.get("if-modified-since")


@dataclass(frozen=True)
class Visit:
    """One question that arrived, with its headers (names in lower case) and the status of our answer.

    `at_s` is seconds on a clock that only serves to measure gaps.
    """

    path: str
    headers: dict[str, str]
    status: int
    at_s: float


class Site:
    """The server: `pages` says what each path answers, `requests` holds every Visit so far.

    `most_at_once` is how many questions were open together at the busiest moment.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer | list[Answer]] = {}
        self.requests: list[Visit] = []
        self.most_at_once = 0
        self.robots: str | None = None
        self.closing = threading.Event()
        self._open = 0
        self._lock = threading.Lock()
        self._scheme = "https" if tls else "http"
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
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
    def port(self) -> int:
        return self._server.server_port

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a path; `host` may be any name or spelling of loopback."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def put(
        self, path: str, body: str | bytes, media_type: str = "text/html; charset=utf-8", *, etag: bool = True
    ) -> None:
        """A page with 200, in place of what was at `path`; with an ETag made from its bytes unless told otherwise."""
        raw = body.encode() if isinstance(body, str) else body
        tag = f'"{hashlib.sha256(raw).hexdigest()[:16]}"' if etag else None
        self.pages[path] = Answer(200, raw, {"Content-Type": media_type}, etag=tag)

    def visits(self, path: str) -> list[Visit]:
        """The Visits to one path, oldest first."""
        return [visit for visit in self.requests if visit.path == path]

    def answer(self, path: str, asked: dict[str, str]) -> Answer:
        """What `path` says to a question with these headers, noted down as a Visit."""
        found = self._find(path)
        answer = Answer(304, headers=found.headers, etag=found.etag) if found.fits(asked) else found
        self.requests.append(Visit(path, asked, answer.status, time.monotonic()))
        return answer

    @contextlib.contextmanager
    def question(self) -> Iterator[None]:
        """Counts a question as open while the block runs."""
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        yield
        with self._lock:
            self._open -= 1

    def _find(self, path: str) -> Answer:
        if path == "/robots.txt" and path not in self.pages:
            return Answer(404) if self.robots is None else Answer(200, self.robots.encode())
        found = self.pages.get(path, Answer(404, b"nothing here"))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what many tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet; apart, delayed acknowledgements cost 40 ms an answer

    def do_GET(self) -> None:
        with self.server.site.question():
            self._answer()

    def _answer(self) -> None:
        site = self.server.site
        answer = site.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
        site.closing.wait(answer.delay_s)
        if answer.fault is Fault.HANG:
            site.closing.wait()
        if answer.fault in {Fault.HANG, Fault.RESET}:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif answer.fault is Fault.GARBAGE:
            self.wfile.write(b"\x00\xff this is no HTTP\r\n\r\n")
            self.close_connection = True
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if answer.last_modified:
            self.send_header("Last-Modified", answer.last_modified)
        if answer.fault is not Fault.NO_LENGTH:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        half = answer.fault is Fault.CUT_SHORT
        with contextlib.suppress(ConnectionError):  # a client that has seen enough hangs up
            self.wfile.write(answer.body[: len(answer.body) // 2] if half else answer.body)
            self.wfile.flush()
        self.close_connection = answer.fault is not Fault.NONE

    def log_message(self, *_: object) -> None:
        pass
