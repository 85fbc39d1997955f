"""A Slack on loopback: a real HTTP server that speaks chat.postMessage, conversations.history and auth.test.

It keeps what it accepted in `messages`, refuses what Slack refuses, and plays faults by script:

    with LocalSlack() as slack:
        slack.script(Fault.ACCEPT_THEN_CLOSE, Fault.RATE_LIMIT)     # the next two posts
        ... SLACK_API_URL=slack.url SLACK_BOT_TOKEN=slack.token SLACK_CHANNEL=slack.channel ...
        assert len(slack.messages) == 1

Does not do: threads, edits, mrkdwn, Socket Mode.
"""

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from slack.limits import find_refusal


class Fault(Enum):
    """What happens to one post instead of a good answer."""

    ACCEPT_THEN_CLOSE = auto()
    ACCEPT_THEN_HANG = auto()
    ACCEPT_THEN_500 = auto()
    ACCEPT_THEN_TRUNCATE = auto()
    """The answer's JSON breaks off, with the whole length announced."""
    ACCEPT_THEN_GARBAGE = auto()
    """An HTML page with status 200."""
    ACCEPT_THEN_LIST = auto()
    """JSON, but no object."""
    CLOSE = auto()
    """Closed before anything was accepted."""
    HANG = auto()
    ERROR_500 = auto()
    INTERNAL_ERROR = auto()
    """`ok: false, internal_error`: Slack itself does not know."""
    RATE_LIMIT = auto()


ACCEPTING = {fault for fault in Fault if fault.name.startswith("ACCEPT")}


@dataclass
class Channel:
    """A channel as the app meets it; tests change it to break and mend things."""

    member: bool = True
    archived: bool = False


class LocalSlack:
    """One workspace with one token. Attributes may be changed while it runs."""

    token = "xoxb-local"
    channel = "C0POLICY"

    def __init__(self, retry_after=7):
        self.channels = {self.channel: Channel()}
        self.messages = []
        """Accepted ones, oldest first, each with `channel`, `ts`, `text`, `blocks`, `metadata`."""
        self.calls = []
        """(method, parameters) of every call."""
        self.retry_after = retry_after
        self.history_lag = 0
        """How many calls of conversations.history do not show a message yet after it was accepted."""
        self.hanging = threading.Event()
        """Set when a request hangs, so that a test can kill its caller just then."""
        self._faults = defaultdict(list)
        self._lock = threading.Lock()
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

    def script(self, *faults, method="chat.postMessage"):
        """The next calls of the method meet these, one each; None stands for a good answer."""
        self._faults[method].extend(faults)

    def calls_of(self, method):
        return [parameters for name, parameters in self.calls if name == method]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, method, parameters, token):
        """(answer, fault) of one call."""
        with self._lock:
            self.calls.append((method, parameters))
            if token != self.token:
                return {"ok": False, "error": "invalid_auth" if token else "not_authed"}, None
            fault = self._faults[method].pop(0) if self._faults[method] else None
            if fault and fault not in ACCEPTING:
                return {"ok": False, "error": "internal_error"}, fault
            handle = {
                "chat.postMessage": self._post,
                "conversations.history": self._history,
                "auth.test": self._test,
            }.get(method, self._refuse)
            answer = handle(parameters)
            return answer, fault if answer["ok"] else None

    def _post(self, parameters):
        error = self._find_channel_error(parameters) or find_refusal(parameters)
        if error:
            return {"ok": False, "error": error}
        message = {"type": "message", "ts": self._next_ts(), "unseen": self.history_lag, **parameters}
        self.messages.append(message)
        return {"ok": True, "channel": message["channel"], "ts": message["ts"], "message": _seen(message, True)}

    def _history(self, parameters):
        error = self._find_channel_error(parameters)
        if error:
            return {"ok": False, "error": error}
        oldest = float(parameters.get("oldest") or 0)
        found = [each for each in reversed(self.messages) if each["channel"] == parameters["channel"]]
        found = [each for each in found if float(each["ts"]) > oldest and not self._is_unseen(each)]
        start, limit = int(parameters.get("cursor") or 0), int(parameters.get("limit") or 100)
        has_more = start + limit < len(found)
        with_metadata = str(parameters.get("include_all_metadata")).lower() in {"1", "true"}
        return {
            "ok": True,
            "messages": [_seen(each, with_metadata) for each in found[start : start + limit]],
            "has_more": has_more,
            "response_metadata": {"next_cursor": str(start + limit) if has_more else ""},
        }

    def _test(self, _):
        return {"ok": True, "url": self.url, "team": "Local", "user": "policy-monitor", "bot_id": "B0LOCAL"}

    def _refuse(self, _):
        return {"ok": False, "error": "unknown_method"}

    def _is_unseen(self, message):
        message["unseen"] -= 1
        return message["unseen"] >= 0

    def _find_channel_error(self, parameters):
        channel = self.channels.get(parameters.get("channel"))
        if channel is None:
            return "channel_not_found"
        if channel.archived:
            return "is_archived"
        return None if channel.member else "not_in_channel"

    def _next_ts(self):
        last = float(self.messages[-1]["ts"]) if self.messages else 0
        return f"{max(time.time(), last + 0.000002):.6f}"

    def wait_until_closed(self):
        self.hanging.set()
        self._closing.wait()


def _seen(message, with_metadata):
    hidden = {"unseen", "channel"} | (set() if with_metadata else {"metadata"})
    return {key: value for key, value in message.items() if key not in hidden}


class _Handler(BaseHTTPRequestHandler):
    """The transport: parameters in, answer or fault out."""

    protocol_version = "HTTP/1.1"

    @property
    def slack(self):
        return self.server.slack

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        self._reply(*self.slack.answer(self.path.rsplit("/", 1)[-1], self._parameters(body), token))

    def _parameters(self, body):
        if "json" in (self.headers.get("Content-Type") or "") and body.startswith(b"{"):
            return json.loads(body)
        return dict(parse_qsl(body.decode()))

    def _reply(self, answer, fault):
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
                self._write(429, b'{"ok": false, "error": "ratelimited"}', {"Retry-After": str(self.slack.retry_after)})
            case None | Fault.INTERNAL_ERROR:
                self._write(200, body)
        self.close_connection = True  # for the faults not named, before a byte of an answer

    def _write(self, status, body, headers=None):
        self.send_response(status)
        everything = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
        for name, value in (everything | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Tests print nothing."""
