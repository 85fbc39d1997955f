"""The service as people meet it: one process that answers over HTTP and in Slack while it does what is due."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from structlog.testing import capture_logs

from monitor.config import read_config
from monitor.errors import ConfigurationError
from monitor.schedule import Summary
from monitor.service import listen, stay_connected
from monitor.slack.app import build_app
from monitor.store.locks import sole
from monitor.web.app import create_app
from monitor.web.slack import MAX_BODY, PATH
from slack.people import wait_until
from slack.server import LocalSlack
from slack.signing import Forgery, signed_headers
from slack_app.conftest import Desk, texts

FORM = "application/x-www-form-urlencoded"
CONFIRMED = "Confirmed by Maria Berg, 5 Mar 16:00 UTC"


def fetch(url, body=None, headers=None):
    """(status, text)"""
    try:
        with urlopen(Request(url, body, headers or {}), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def web(tmp_path):
    """A desk whose Slack sends everything to the web application."""
    with LocalSlack() as slack:
        desk = Desk(tmp_path, slack)
        desk.tell()
        app = build_app(desk.config)
        with listen(create_app(desk.config, app), "127.0.0.1", 0) as address:
            slack.request_url = address + PATH
            yield desk
        app.listener_runner.listener_executor.shutdown(wait=True)
        desk.db.close()


def test_it_says_that_it_is_up_and_without_slack_takes_nothing_from_it():
    with listen(create_app(read_config({})), "127.0.0.1", 0) as address:
        assert fetch(f"{address}/healthz") == (200, "ok\n")
        assert fetch(f"{address}{PATH}", b"{}")[0] == 404


def test_where_another_program_listens_it_says_so():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(ConfigurationError, match=rf"127\.0\.0\.1:{port}: .* Choose another with --port"),
            listen(create_app(read_config({})), "127.0.0.1", port),
        ):
            raise AssertionError("it listens beside another program")


def test_a_button_over_http_decides_and_everybody_sees_it(web):
    assert web.slack.click(web.message, "confirm", value="1").status == 200
    wait_until(lambda: web.state(1) == CONFIRMED, what="the message to show the decision")


def test_a_form_over_http_opens_and_is_sent(web):
    web.use_form("reject", {"reason": "unrelated"})
    wait_until(lambda: web.decisions()[-1:] == [(None, "not-applicable", "unrelated", None, "Maria Berg")])


def test_a_command_over_http_is_answered(web):
    web.slack.command("/policy", "help")
    wait_until(lambda: web.slack.ephemeral, what="an answer")
    assert "What you can ask" in texts(web.slack.ephemeral[-1]["blocks"])


def test_the_home_tab_over_http_is_filled(web):
    web.slack.open_home()
    wait_until(lambda: "U0MARIA" in web.slack.homes, what="the home tab")


@pytest.mark.parametrize("forgery", Forgery)
def test_what_slack_did_not_sign_just_now_is_refused(web, forgery):
    assert web.slack.click(web.message, "confirm", value="1", forgery=forgery).status == 401
    assert web.decisions() == []


def test_a_request_that_somebody_replays_changes_nothing(web):
    reply = web.slack.click(web.message, "confirm", value="1")
    wait_until(lambda: len(web.decisions()) == 1)
    web.slack.choose(web.message, "more", "undo:1")
    wait_until(lambda: len(web.decisions()) == 2)
    assert web.slack.replay(reply).status == 200
    time.sleep(0.3)  # for what must not happen
    assert [each[1] for each in web.decisions()] == ["confirmed", "undone"]


NONSENSE = {
    b"payload=%5B1%5D": FORM,
    b"payload=" + b"[" * 100_000: FORM,
    b"[1]": "application/json",
    b"3": "application/json",
    b'{"team": 3}': "application/json",
    b'{"type": "event_callback", "event": 3}': "application/json",
}


def post(web, body, content_type, **headers):
    """Signed as by Slack unless `headers` say otherwise."""
    signed = signed_headers(web.slack.signing_secret, body, time.time())
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return fetch(web.slack.request_url, body, {**signed, **headers, "Content-Type": content_type})[0]


@pytest.mark.parametrize("signature", ["v0=\xe9", "v0=" + "0" * 64, "v0=", "", "v1=" + "0" * 64])
@pytest.mark.parametrize("body", NONSENSE)
def test_what_slack_did_not_sign_is_refused_before_it_is_read(web, body, signature, capsys):
    assert post(web, body, NONSENSE[body], X_Slack_Signature=signature) == 401
    assert "Traceback" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("body", NONSENSE)
def test_what_is_signed_and_has_another_shape_than_slacks_is_refused_in_one_line_of_the_log(web, body):
    with capture_logs() as logs:
        assert post(web, body, NONSENSE[body]) == 400
    assert [(each["event"], each.get("exc_info")) for each in logs] == [("slack sent what makes no sense", None)]


def test_without_a_secret_nothing_is_taken_from_slack(web):
    with listen(
        create_app(replace(web.config, slack_signing_secret=None), build_app(web.config)), "127.0.0.1", 0
    ) as address:
        assert fetch(address + PATH, b"{}")[0] == 404


def test_while_one_source_waits_to_be_read_and_more_are_asked_for_the_buttons_work(web, monkeypatch):
    monkeypatch.setattr("monitor.schedule._collect", lambda *_: Summary(fetched=1, unchanged=1))
    with sole(web.config.db, "crawling"):
        for _ in range(6):
            assert web.slack.command("/policy", "crawl rules").status == 200
        wait_until(lambda: len(web.slack.ephemeral) == 6, what="an answer to each")
        answers = [words for each in web.slack.ephemeral for words in texts(each.get("blocks", [])) or [each["text"]]]
        assert answers.count("Reading rules now. The answer comes when it is done.") == 1
        assert sum(each.startswith("Another source is being read") for each in answers) == 5
        web.slack.click(web.message, "confirm", value="1")
        wait_until(lambda: web.state(1) == CONFIRMED, what="the message to show the decision")
    wait_until(lambda: "Nothing changed." in texts(web.slack.ephemeral[-1].get("blocks", [])), what="the answer")


@pytest.mark.parametrize(("body", "status"), [(b"payload=no json", 400), (b"\xff\xfe", 401), (b"", 404)])
def test_a_signed_request_that_makes_no_sense_breaks_nothing(web, body, status):
    headers = signed_headers(web.slack.signing_secret, body, time.time())
    headers["Content-Type"] = FORM
    assert fetch(web.slack.request_url, body, headers)[0] == status
    web.slack.click(web.message, "confirm", value="1")
    wait_until(lambda: web.state(1) == CONFIRMED, what="the message to show the decision")


def test_more_than_is_taken_at_once_is_refused_before_it_is_sent(web):
    place = urlsplit(web.slack.request_url)
    with closing(HTTPConnection(place.netloc, timeout=10)) as connection:
        connection.putrequest("POST", place.path)
        connection.putheader("Content-Length", str(MAX_BODY + 1))
        connection.endheaders()
        assert connection.getresponse().status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


# Over Socket Mode


def test_a_connection_that_is_lost_is_said_once_and_so_is_that_it_is_back(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.service.connecting.LOOK_SECONDS", 0.05)
    with LocalSlack() as slack, capture_logs() as logs:
        desk, token = Desk(tmp_path, slack), slack.app_token
        with stay_connected(build_app(desk.config), token):
            wait_until(lambda: "slack connected" in [each["event"] for each in logs])
            slack.app_token = "xapp-new"
            slack.socket.disconnect("link_disabled")
            asked = len(slack.calls_of("apps.connections.open"))
            wait_until(lambda: len(slack.calls_of("apps.connections.open")) > asked + 5, what="more attempts")
            slack.app_token = token
            wait_until(lambda: [each["event"] for each in logs].count("slack connected") == 2)
        desk.db.close()
    first, lost, back = (each for each in logs if each["event"].startswith("slack "))
    assert [each["log_level"] for each in (first, lost, back)] == ["info", "warning", "info"]
    assert "invalid_auth" in lost["error"]
    assert "SLACK_APP_TOKEN" in lost["advice"]


def test_a_connection_that_never_comes_about_is_said_once(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.service.connecting.LOOK_SECONDS", 0.05)
    with LocalSlack() as slack, capture_logs() as logs:
        desk = Desk(tmp_path, slack)
        monkeypatch.setattr(slack.socket, "new_url", lambda: "ws://127.0.0.1:9/")
        with stay_connected(build_app(desk.config), slack.app_token):
            wait_until(lambda: len(slack.calls_of("apps.connections.open")) > 3, what="more attempts")
        desk.db.close()
    (lost,) = (each for each in logs if each["event"].startswith("slack "))
    assert lost["error"] == "the connection could not be opened"


# The whole process


def start(desk, secrets):
    """`monitor serve` with nothing to crawl."""
    sources = desk.folder / "sources.yaml"
    sources.write_text(sources.read_text().replace("kind: html", "enabled: false, kind: html"))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MONITOR_", "SLACK_"))}
    slack = {"SLACK_API_URL": desk.slack.url, "SLACK_BOT_TOKEN": desk.slack.token, "SLACK_CHANNEL": desk.slack.channel}
    paths = ["--db", str(desk.config.db), "--sources", str(sources), "--sops", str(desk.folder / "none")]
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", "-v", *paths, "serve", "--port", "0"],
        env=kept | slack | secrets | {"MONITOR_NOW": "2026-03-05T16:00:00Z"},
        stderr=subprocess.PIPE,
        text=True,
    )


def read_address(service):
    """From the line that says it has started."""
    lines = iter(service.stderr.readline, "")
    return next(found[0] for line in lines if (found := re.search(r"http://127[^\s\"]+", line)))


@pytest.mark.slow
@pytest.mark.parametrize("way", ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_the_service_answers_buttons_while_it_runs_and_ends_when_told(tmp_path, way):
    with LocalSlack() as slack:
        desk = Desk(tmp_path, slack)
        desk.tell()
        secret = {"SLACK_APP_TOKEN": slack.app_token, "SLACK_SIGNING_SECRET": slack.signing_secret}[way]
        service = start(desk, {way: secret})
        try:
            address = read_address(service)
            if way == "SLACK_APP_TOKEN":
                slack.socket.wait_for(connections=1)
            else:
                slack.request_url = address + PATH
            slack.click(desk.message, "confirm", value="1")
            wait_until(lambda: "Confirmed by Maria Berg" in desk.state(1), seconds=20)
        finally:
            slack.request_url = None
            service.terminate()
            service.communicate(timeout=30)
        assert service.returncode == 0
        desk.db.close()
