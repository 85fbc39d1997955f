"""A mail server on loopback: real SMTP on a real socket, with the faults that a test scripts.

    with LocalSmtp() as smtp:
        smtp.script = [Fault.GREYLIST, Fault.CLOSE_AFTER_DATA]        # one for each message that is tried, then none
        ... send with MONITOR_SMTP_URL=smtp.url ...
        assert smtp.received[0].recipient == "desk@example.org"

`LocalSmtp(tls=context)` speaks TLS from the first byte, `LocalSmtp(starttls=context)` offers it; with `users` a log-in
is needed before a message.

Does not do: relaying, queues, being anything but a test.
"""

from __future__ import annotations

import base64
import ssl
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from enum import Enum, auto
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from email.message import EmailMessage


class Fault(Enum):
    """How the hand-over of one message goes wrong."""

    NONE = auto()
    BUSY = auto()
    """421 instead of a greeting."""
    HANG_UP = auto()
    """The connection ends before the greeting."""
    REFUSE_SENDER = auto()
    REFUSE_RECIPIENT = auto()
    GREYLIST = auto()
    """451: not now."""
    REFUSE_MESSAGE = auto()
    """554 after the whole message."""
    CLOSE_AFTER_DATA = auto()
    """Takes the message and closes without an answer."""
    HANG_AFTER_DATA = auto()
    """Takes the message and says nothing more."""
    CLOSE_BEFORE_DATA = auto()
    """Closes in the middle of the envelope: the message is not taken."""
    CLOSE_AT_QUIT = auto()
    """Takes the message, says so, and closes before the good-bye."""


@dataclass(frozen=True)
class Received:
    """One message that was taken."""

    sender: str
    recipient: str
    raw: bytes
    encrypted: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)


class LocalSmtp:
    """The server; `received` holds every message that was taken, in order of arrival."""

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        users: dict[str, str] | None = None,
        log_in: str = "CRAM-MD5 LOGIN PLAIN",
    ) -> None:
        self.received: list[Received] = []
        self.script: list[Fault] = []
        self.connections = 0
        self.starttls = starttls
        self.users = users
        self.log_in = log_in
        self.closing = threading.Event()
        self._scheme = "smtps" if tls else "smtp"
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.smtp = self
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
    def url(self) -> str:
        return self.url_for("")

    def url_for(self, login: str) -> str:
        """With `USER:PASSWORD@`; by name, which certificates hold."""
        return f"{self._scheme}://{login}localhost:{self._server.server_address[1]}"

    def next_fault(self) -> Fault:
        return self.script.pop(0) if self.script else Fault.NONE


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    smtp: LocalSmtp

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is what many tests want."""


class _Handler(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        smtp = self.server.smtp
        smtp.connections += 1
        self._fault = smtp.next_fault()
        self._sender, self._recipient, self._user = "", "", None
        if self._fault is Fault.HANG_UP:
            return
        if self._fault is Fault.BUSY:
            self._say("421 busy, come back later")
            return
        self._say("220 localhost")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().rstrip("\r\n").partition(" ")
            if not self._answer(verb.lower(), rest):
                return

    def _say(self, *lines: str) -> bool:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        return True

    def _answer(self, verb: str, rest: str) -> bool:
        """Whether the conversation goes on."""
        answer = getattr(self, f"_do_{verb}", None)
        return answer(rest) if answer else self._say("502 what?")

    def _do_ehlo(self, _: str) -> bool:
        offers = ["8BITMIME"]
        if self.server.smtp.starttls and not self._encrypted:
            offers.append("STARTTLS")
        if self.server.smtp.users:
            offers.append(f"AUTH {self.server.smtp.log_in}")
        return self._say("250-localhost", *(f"250-{each}" for each in offers[:-1]), f"250 {offers[-1]}")

    @property
    def _encrypted(self) -> bool:
        return isinstance(self.connection, ssl.SSLSocket)

    def _do_starttls(self, _: str) -> bool:
        self._say("220 go ahead")
        self.connection = self.server.smtp.starttls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        return True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _do_auth(self, rest: str) -> bool:
        """With a wrong password the connection ends, as on servers that are shy of guessing."""
        mechanism, _, initial = rest.partition(" ")
        first = base64.b64decode(initial).decode()
        user, password = (first, self._ask_password()) if mechanism == "LOGIN" else first.split("\0")[1:]
        if self.server.smtp.users.get(user) != password:
            self._say(f"535 5.7.8 no such password: {password}")
            return False
        self._user = user
        return self._say("235 welcome")

    def _ask_password(self) -> str:
        self._say("334 UGFzc3dvcmQ6")
        return base64.b64decode(self.rfile.readline()).decode()

    def _do_mail(self, rest: str) -> bool:
        if self._fault is Fault.REFUSE_SENDER or (self.server.smtp.users and not self._user):
            return self._say("530 5.7.0 not from you")
        self._sender = rest.partition("<")[2].partition(">")[0]
        return self._say("250 ok")

    def _do_rcpt(self, rest: str) -> bool:
        if self._fault is Fault.CLOSE_BEFORE_DATA:
            return False
        if self._fault is Fault.REFUSE_RECIPIENT:
            return self._say("550 5.1.1 no such mailbox")
        if self._fault is Fault.GREYLIST:
            return self._say("451 4.7.1 greylisted, come back later")
        self._recipient = rest.partition("<")[2].partition(">")[0]
        return self._say("250 ok")

    def _do_data(self, _: str) -> bool:
        self._say("354 go ahead")
        raw = b"".join(iter(self.rfile.readline, b".\r\n")).replace(b"\r\n..", b"\r\n.")
        if self._fault is Fault.REFUSE_MESSAGE:
            return self._say("554 5.7.1 this looks like spam")
        smtp = self.server.smtp
        smtp.received.append(Received(self._sender, self._recipient, raw, self._encrypted, self._user))
        if self._fault is Fault.CLOSE_AFTER_DATA:
            return False
        if self._fault is Fault.HANG_AFTER_DATA:
            smtp.closing.wait()
            return False
        return self._say("250 taken")

    def _do_rset(self, _: str) -> bool:
        return self._say("250 ok")

    def _do_quit(self, _: str) -> bool:
        if self._fault is not Fault.CLOSE_AT_QUIT:
            self._say("221 bye")
        return False
