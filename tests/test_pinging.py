"""Pings reach a real server in their order, hold up nobody, fail nothing, and leave no trace of their address."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from structlog.testing import capture_logs

from monitor import pinging
from monitor.config import read_config
from monitor.errors import ConfigurationError
from monitor.pinging import LONGEST, MOST_WAITING, extend, ping_begin, ping_digest, ping_end, send

KEY = "5f1c-geheim-77aa"


class Listener:
    """Whoever is pinged: what came, with the statuses that are answered first, and 200 from then on."""

    def __init__(self):
        self.came, self.statuses = [], []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.listener, self._server.daemon_threads = self, True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.may_answer.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/ping/{KEY}"

    @property
    def paths(self):
        return [path for _, path, _ in self.came]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        listener = self.server.listener
        listener.came.append((self.command, self.path, body))
        listener.may_answer.wait(10)
        self.send_response_only(listener.statuses.pop(0) if listener.statuses else 200)
        self.send_header("Content-Length", "0")
        self.send_header("Location", f"/moved/{KEY}")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


@pytest.fixture(autouse=True)
def post(monkeypatch):
    """One of the test's own, so that none meets what another left behind."""
    monkeypatch.setattr(pinging, "_POST", pinging._Post())
    return pinging._POST


def settle(url):
    return read_config({"MONITOR_PING_RUN": url, "MONITOR_PING_DIGEST": url.replace(KEY, "digest")})


def test_a_run_says_that_it_begins_and_that_it_is_done(listener, post):
    config = settle(listener.url)
    ping_begin(config)
    ping_end(config, "")
    post.finish()
    assert listener.came == [("GET", f"/ping/{KEY}/start", b""), ("GET", f"/ping/{KEY}", b"")]


def test_a_run_that_fails_says_why(listener, post):
    ping_end(settle(listener.url), "sources.yaml: 'règles' is declared twice")
    post.finish()
    assert listener.came == [("POST", f"/ping/{KEY}/fail", "sources.yaml: 'règles' is declared twice".encode())]


def test_a_long_reason_is_cut(listener, post):
    ping_end(settle(listener.url), "x" * (LONGEST + 1))
    post.finish()
    assert [len(body) for _, _, body in listener.came] == [LONGEST]


def test_the_days_digests_have_an_address_of_their_own(listener, post):
    ping_digest(settle(listener.url))
    post.finish()
    assert listener.paths == ["/ping/digest"]


def test_without_an_address_nothing_is_asked_and_no_thread_begins(post):
    config = read_config({})
    ping_begin(config)
    ping_end(config, "why")
    ping_digest(config)
    assert post._thread is None


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://hc.example/uuid", "https://hc.example/uuid/start"),
        ("https://hc.example/uuid/", "https://hc.example/uuid/start"),
        ("https://hc.example/key/slug?create=1#x", "https://hc.example/key/slug/start?create=1"),
    ],
)
def test_what_is_added_stands_behind_the_path(address, asked):
    assert extend(address, "/start") == asked


def test_who_does_not_answer_holds_up_nobody_and_gets_no_more_than_some(listener, post):
    """Every call returns at once: the listener answers none of them before all were made."""
    listener.may_answer.clear()
    config = settle(listener.url)
    for _ in range(3 * MOST_WAITING):
        ping_end(config, "")
    assert len(listener.came) <= 1
    listener.may_answer.set()
    post.finish()
    assert MOST_WAITING <= len(listener.came) <= MOST_WAITING + 1


def test_who_hangs_is_asked_twice_and_given_up(listener, monkeypatch):
    monkeypatch.setattr(pinging, "TIMEOUT_S", 0.05)
    listener.may_answer.clear()
    assert send(listener.url, "") == "TimeoutError"
    assert len(listener.came) == 2


def test_who_fails_once_is_asked_again(listener):
    listener.statuses = [503]
    assert send(listener.url, "why") == ""
    assert [body for _, _, body in listener.came] == [b"why", b"why"]


@pytest.mark.parametrize(("status", "trouble"), [(404, "HTTP 404"), (500, "HTTP 500"), (302, "HTTP 302")])
def test_an_answer_that_takes_no_ping_is_named_by_its_status(listener, status, trouble):
    listener.statuses = [status, status]
    assert send(listener.url, "") == trouble
    assert set(listener.paths) == {f"/ping/{KEY}"}


def test_who_is_down_or_speaks_something_else_is_named_by_the_error_alone():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}/{KEY}"
    assert send(address, "") == "ConnectionRefusedError"
    with socket.create_server(("127.0.0.1", 0)) as garbler:
        threading.Thread(target=garble, args=[garbler]).start()
        assert send(f"http://127.0.0.1:{garbler.getsockname()[1]}/{KEY}", "") == "BadStatusLine"


def garble(server):
    for _ in range(pinging.ATTEMPTS):
        connection, _ = server.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"what?\r\n\r\n")


def test_what_is_not_sent_is_logged_once_until_one_gets_through_and_never_with_its_address(listener, post):
    config = settle(listener.url)
    listener.statuses = [500, 500, 500, 500, 200, 500, 500]
    with capture_logs() as lines:
        for _ in range(4):
            ping_end(config, "")
            post.finish()
    said = {"event": "ping not sent", "log_level": "warning", "setting": "MONITOR_PING_RUN", "error": "HTTP 500"}
    assert lines == [said, said]


def test_a_command_that_ends_at_once_still_sends_its_ping(listener):
    code = "from monitor.config import read_config; from monitor.pinging import ping_digest; ping_digest(read_config())"
    environ = os.environ | {"MONITOR_PING_DIGEST": listener.url}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True, timeout=60)
    assert listener.paths == [f"/ping/{KEY}"]


@pytest.mark.parametrize("address", [KEY, f"ftp://h/{KEY}", f"https:///{KEY}", f"http://[h/{KEY}", f"http://h:x/{KEY}"])
@pytest.mark.parametrize("name", ["MONITOR_PING_RUN", "MONITOR_PING_DIGEST"])
def test_an_address_that_cannot_be_asked_is_refused_without_a_word_of_it(name, address):
    with pytest.raises(ConfigurationError, match=f"^{name}: this is no http") as caught:
        read_config({name: address})
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_no_repr_shows_one():
    config = settle(f"https://hc.example/{KEY}")
    assert KEY not in f"{config!r} {config.watching!r}"
