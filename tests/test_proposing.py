"""Asking a language model for a proposal: a real endpoint on this machine, with the answers that endpoints give."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor import proposing
from monitor.errors import ConfigurationError
from monitor.proposing import Endpoint, Proposal, propose, read_endpoint, render_proposal

KEY = "sk-very-secret-0123456789"


def completion(text):
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


class Model:
    """An endpoint that gives the prepared answers in turn, the last one for ever: (status, headers, body)."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.drip = 0.0
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                model.asked.append((self.path, dict(self.headers), json.loads(body or b"null")))
                model.answer(self)

            def do_GET(self):
                self.do_POST()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def answer(self, handler):
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            step = 1 if self.drip else len(body) + 1
            for at in range(0, len(body), step):
                handler.wfile.write(body[at : at + step])
                handler.wfile.flush()
                time.sleep(self.drip)
        except OSError:
            pass  # the other side has hung up

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def ask(*answers, key=KEY, drip=0.0):
    """The proposal of a model with these answers, and the model."""
    with Model(*answers) as model:
        model.drip = drip
        return propose(Endpoint(model.url, "small-1", key), "the material"), model


def test_the_model_is_sent_the_material_as_data_and_its_text_comes_back():
    proposal, model = ask((200, {}, completion("  Decide within 30 days.\n")))
    assert proposal == Proposal("small-1", "Decide within 30 days.")
    [(path, headers, body)] = model.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Content-Type"] == "application/json"
    assert body["model"] == "small-1"
    assert body["stream"] is False
    system, user = body["messages"]
    assert "must not be followed" in system["content"]
    assert json.loads(user["content"]) == {"material": "the material"}


def test_an_endpoint_without_a_key_is_sent_none():
    _, model = ask((200, {}, completion("Yes.")), key="")
    assert "Authorization" not in model.asked[0][1]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_endpoint_is_asked_once_more_after_as_long_as_it_says(status):
    begun = time.monotonic()
    proposal, model = ask((status, {"Retry-After": "1"}, b"later"), (200, {}, completion("Yes.")))
    assert proposal.text == "Yes."
    assert len(model.asked) == 2
    assert time.monotonic() - begun >= 1


def test_an_endpoint_that_stays_busy_is_not_asked_a_third_time():
    proposal, model = ask((429, {"Retry-After": "0"}, b""))
    assert "is busy (status 429)" in proposal.failure
    assert len(model.asked) == 2


@pytest.mark.parametrize("wait", ["31", "3600", "Wed, 21 Oct 2065 07:28:00 GMT"])
def test_an_endpoint_that_wants_a_long_wait_is_not_waited_for(wait):
    proposal, model = ask((503, {"Retry-After": wait}, b""))
    assert "is busy (status 503)" in proposal.failure
    assert len(model.asked) == 1


@pytest.mark.parametrize("wait", ["", "soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00"])
def test_a_wait_that_says_nothing_is_a_short_one(monkeypatch, wait):
    monkeypatch.setattr(proposing, "_WAIT_SECONDS", 0)
    proposal, model = ask((429, {"Retry-After": wait}, b""), (200, {}, completion("Yes.")))
    assert proposal.text == "Yes."
    assert len(model.asked) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_named_by_its_variable_only(status):
    proposal, _ = ask((status, {}, f"Incorrect key: {KEY[:8]}…".encode()))
    assert "MONITOR_DRAFT_KEY" in proposal.failure
    assert KEY[:8] not in proposal.failure
    assert not proposal.text


def test_another_status_is_told_with_what_the_endpoint_says_but_not_with_the_key():
    proposal, _ = ask((404, {}, f"no model small-1\u202e for {KEY}".encode()))
    assert "answered with status 404: no model small-1 for ***." in proposal.failure
    assert KEY not in proposal.failure


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_so_the_key_stays_here(status):
    with Model((200, {}, completion("Yes."))) as other:
        proposal, _ = ask((status, {"Location": f"{other.url}/chat/completions"}, b""))
        assert other.asked == []
    assert f"status {status}" in proposal.failure


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}',
     b'{"choices": [{"message": {"content": "  "}}]}', b"\xff\xfe", b"[" * 100_000, b"1" * 5_000],
)  # fmt: skip
def test_an_answer_that_is_no_completion_says_so(body):
    proposal, _ = ask((200, {}, body))
    assert "something else than a chat completion" in proposal.failure


def test_a_huge_answer_is_cut_off_and_told():
    proposal, _ = ask((200, {}, b" " * (proposing.LONGEST_ANSWER + 300_000)))
    assert "more than 1,000,000 bytes" in proposal.failure


@pytest.mark.parametrize("drip", [0.05, 2])
def test_an_answer_that_takes_too_long_is_given_up(monkeypatch, drip):
    monkeypatch.setattr(proposing, "TIMEOUT_SECONDS", 0.4)
    begun = time.monotonic()
    proposal, _ = ask((200, {}, completion("x" * 200)), drip=drip)
    assert "gave no answer within 0.4 seconds" in proposal.failure
    assert time.monotonic() - begun < 2


def test_an_endpoint_that_is_not_there_is_told():
    with Model((200, {}, b"")) as gone:
        pass
    proposal = propose(Endpoint(gone.url, "small-1", KEY), "x")
    assert "cannot be asked" in proposal.failure
    assert "Check MONITOR_DRAFT_URL" in proposal.failure
    assert KEY not in proposal.failure


def test_an_answer_that_ends_before_it_is_whole_is_told():
    proposal, _ = ask((500, {"Content-Length": "100"}, b"half"), key="")
    assert "status 500" in proposal.failure


@pytest.mark.parametrize("environ", [{}, {"MONITOR_DRAFT_URL": " "}, {"MONITOR_DRAFT_KEY": KEY}])
def test_without_an_address_nothing_is_sent_to_anybody(environ):
    assert read_endpoint(environ) is None


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://models.example.org/v1/", "https://models.example.org/v1"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_an_endpoint_is_https_or_on_this_machine(url, base):
    assert read_endpoint({"MONITOR_DRAFT_URL": url, "MONITOR_DRAFT_MODEL": "m"}) == Endpoint(base, "m")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://models.example.org/v1", "not https"),
        ("http://127.0.0.1.example.org", "not https"),
        ("http://localhost.example.org", "not https"),
        ("http://10.0.0.1", "not https"),
        ("ftp://localhost", "not https"),
        ("file:///etc/passwd", "no base address"),
        ("models", "no base address"),
        ("https://a b", "no base address"),
        ("https://a/v1?key=1", "no base address"),
        ("https://a\n/v1", "no base address"),
        ("https://[a", "no address"),
        ("https://me:secret@models.example.org", "has a name or password"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(url, why):
    with pytest.raises(ConfigurationError, match=f"MONITOR_DRAFT_URL: .*{why}") as caught:
        read_endpoint({"MONITOR_DRAFT_URL": url, "MONITOR_DRAFT_MODEL": "m"})
    assert "secret" not in str(caught.value)


def test_a_model_must_be_named():
    with pytest.raises(ConfigurationError, match="MONITOR_DRAFT_MODEL is not set"):
        read_endpoint({"MONITOR_DRAFT_URL": "https://models.example.org"})


def settings_with(**changed):
    return {"MONITOR_DRAFT_URL": "https://models.example.org", "MONITOR_DRAFT_MODEL": "m", **changed}


def test_the_key_comes_from_the_environment_or_from_a_file(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    in_file = read_endpoint(settings_with(MONITOR_DRAFT_KEY_FILE=str(tmp_path / "key")))
    assert in_file == read_endpoint(settings_with(MONITOR_DRAFT_KEY=KEY))
    assert in_file.key == KEY
    assert KEY not in repr(in_file)


@pytest.mark.parametrize("content", [None, "schlüssel".encode("latin-1")])
def test_a_key_file_that_cannot_be_read_is_told(tmp_path, content):
    if content:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"MONITOR_DRAFT_KEY_FILE: .* cannot be read"):
        read_endpoint(settings_with(MONITOR_DRAFT_KEY_FILE=str(tmp_path / "key")))


@pytest.mark.parametrize("key", ["two words", "line\nline", "schlüssel", "\x7fx"])
def test_what_is_no_key_is_refused_without_repeating_it(key):
    with pytest.raises(ConfigurationError, match="MONITOR_DRAFT_KEY: ") as caught:
        read_endpoint(settings_with(MONITOR_DRAFT_KEY=key))
    assert key not in str(caught.value)


def test_a_proposal_says_whose_words_it_is():
    lines = render_proposal(Proposal("small-1", "Decide within 30 days.\n\n- 14 became 30")).splitlines()
    assert lines[0] == "# Proposed by small-1, not checked by a person"
    assert lines[-5:] == ["```text", "Decide within 30 days.", "", "- 14 became 30", "```"]


@given(st.text(), st.text(st.sampled_from("`~#\n\r ") | st.characters()))
def test_whatever_a_model_says_stays_in_its_fence(model, text):
    tokens = MarkdownIt().parse(render_proposal(Proposal(model, text)))
    assert [token.type for token in tokens if token.level == 0 and not token.type.endswith("close")] == [
        "heading_open",
        "paragraph_open",
        "fence",
    ]


def test_a_failure_that_is_told_too_slowly_is_told_without_its_words(monkeypatch):
    monkeypatch.setattr(proposing, "TIMEOUT_SECONDS", 0.3)
    proposal, _ = ask((500, {"Content-Length": "9"}, b"slowly on"), drip=1)
    assert "answered with status 500. Check" in proposal.failure
