"""A Slack on loopback: a real HTTP server that speaks the Web API, refuses what Slack refuses, and plays faults.

    with LocalSlack() as slack:
        slack.script(Fault.ACCEPT_THEN_CLOSE, Fault.RATE_LIMIT)     # the next two posts
        slack.faults.strike(share=0.3, seed=1)                      # and then 30 % of all posts
        ... SLACK_API_URL=slack.url SLACK_BOT_TOKEN=slack.token SLACK_CHANNEL=slack.channel ...
        assert len(slack.messages) == 1
        with over_socket(slack, app):                               # slack.apps; or over_http
            slack.click(slack.messages[0], "confirm", user="U0TOM")

What it holds is in `workspace`, what it answers in `web_api`, what it refuses in `limits` and `blocks`, what people can
do in `people`.

Does not do: files, mrkdwn, reactions, more than one workspace.
"""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from slack import web_api
from slack.faults import ACCEPTING, Fault, Faults
from slack.people import People
from slack.rates import Rates
from slack.responses import respond
from slack.workspace import Channel, User

__all__ = ["Channel", "Fault", "LocalSlack", "Rates", "User"]

_JSON_PARAMETERS = {"blocks", "metadata", "view", "attachments"}


class LocalSlack(People):
    """A workspace that can be reached over HTTP, and that reaches the app."""

    def __init__(self, retry_after=7):
        super().__init__()
        self.calls = []
        """(method, parameters) of every call."""
        self.retry_after = retry_after
        self.faults = Faults()
        self.rates = None
        """Rates() where calls are to be limited as Slack limits them; most tests would only become slow."""
        self.hanging = threading.Event()
        """Set when a request hangs, so that a test can kill its caller just then."""
        self._socket = None
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.slack = self
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self):
        """For SLACK_API_URL."""
        return f"http://127.0.0.1:{self._server.server_port}/api/"

    @property
    def socket(self):
        """Slack's side of Socket Mode; started with the first use, for most tests need none."""
        with self.lock:
            if self._socket is None:
                from slack.socket_mode import SocketMode

                self._socket = SocketMode()
            return self._socket

    def response_address(self, key):
        return f"http://127.0.0.1:{self._server.server_port}/response/{key}"

    def script(self, *faults, method="chat.postMessage"):
        """The next calls of the method meet these, one each: a Fault, Slack's error code, or None for a good answer."""
        self.faults.script(method, faults)

    def calls_of(self, method):
        return [parameters for name, parameters in self.calls if name == method]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._closing.set()
        if self._socket:
            self._socket.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, method, parameters, token):
        """(answer, fault, seconds to wait where there were too many calls) of one call."""
        with self.lock:
            self.calls.append((method, parameters))
            wait = self.rates.wait(method, parameters, self.clock()) if self.rates else 0
            if wait:
                return {}, Fault.RATE_LIMIT, wait
            fault = self.faults.take(method) if token in {self.token, self.app_token} else None
            if isinstance(fault, str):
                return {"ok": False, "error": fault}, None, 0
            if fault and fault not in ACCEPTING:
                return {"ok": False, "error": "internal_error"}, fault, self.retry_after
            answer = web_api.answer(self, method, parameters, token)
            return answer, fault if answer["ok"] else None, 0

    def wait_until_closed(self):
        self.hanging.set()
        self._closing.wait()


class _Handler(BaseHTTPRequestHandler):
    """The transport: parameters in, answer or fault out."""

    protocol_version = "HTTP/1.1"

    @property
    def slack(self):
        return self.server.slack

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        parameters = self._parameters(body) | _form(address.query)
        if address.path.startswith("/response/"):
            self._respond(address.path.rsplit("/", 1)[-1], parameters)
        else:
            self._reply(*self.slack.answer(address.path.rsplit("/", 1)[-1], parameters, token))

    def _respond(self, key, parameters):
        with self.slack.lock:
            answer = respond(self.slack, key, parameters)
        self._write(200 if answer["ok"] else 404, json.dumps(answer).encode())

    def _parameters(self, body):
        if "json" in (self.headers.get("Content-Type") or "") and body.startswith(b"{"):
            return json.loads(body)
        return _form(body.decode())

    def _reply(self, answer, fault, wait):
        body = json.dumps(answer).encode()
        match fault:
            case Fault.ACCEPT_THEN_HANG | Fault.HANG:
                self.slack.wait_until_closed()
            case Fault.ACCEPT_THEN_500 | Fault.ERROR_500:
                self._write(500, b"<html>Server Error</html>")
            case Fault.ACCEPT_THEN_TRUNCATE:
                self._write(200, body[: len(body) // 2], {"Content-Length": str(len(body))})
            case Fault.ACCEPT_THEN_GARBAGE:
                self._write(200, b"<html>a proxy says hello</html>")
            case Fault.ACCEPT_THEN_LIST:
                self._write(200, b"[1, 2]")
            case Fault.RATE_LIMIT:
                self._write(429, b'{"ok": false, "error": "ratelimited"}', {"Retry-After": str(wait)})
            case None | Fault.INTERNAL_ERROR:
                self._write(200, body)
        self.close_connection = True  # for the faults not named, before a byte of an answer

    def _write(self, status, body, headers=None):
        self.send_response(status)
        everything = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            "X-OAuth-Scopes": ",".join(sorted(self.slack.scopes)),
        }
        for name, value in (everything | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a client that was killed hears no answer
            self.wfile.write(body)

    def log_message(self, *_):
        """Tests print nothing."""


def _form(text):
    """Parameters of a form, in which objects travel as JSON texts."""
    pairs = parse_qsl(text, keep_blank_values=True)
    return {name: json.loads(value) if name in _JSON_PARAMETERS else value for name, value in pairs}
