"""The service as people meet it: one process that answers over HTTP and in Slack while it does what is due."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from monitor.errors import ConfigurationError
from monitor.service import listen
from monitor.slack.app import build_app
from monitor.web.app import create_app
from monitor.web.slack import MAX_BODY, PATH
from slack.people import wait_until
from slack.server import LocalSlack
from slack.signing import Forgery, signed_headers
from slack_app.conftest import Desk, texts

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
        with listen(create_app(app), "127.0.0.1", 0) as address:
            slack.request_url = address + PATH
            yield desk
        app.listener_runner.listener_executor.shutdown(wait=True)
        desk.db.close()


def test_it_says_that_it_is_up_and_without_slack_takes_nothing_from_it():
    with listen(create_app(), "127.0.0.1", 0) as address:
        assert fetch(f"{address}/healthz") == (200, "ok\n")
        assert fetch(f"{address}{PATH}", b"{}")[0] == 404


def test_where_another_program_listens_it_says_so():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(ConfigurationError, match=rf"127\.0\.0\.1:{port}: .* Choose another with --port"),
            listen(create_app(), "127.0.0.1", port),
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


@pytest.mark.parametrize(
    ("body", "status"), [(b"payload=no json", 400), (b"\xff\xfe", 401), (b"", 404), (b"x" * (MAX_BODY + 1), 413)]
)
def test_a_signed_request_that_makes_no_sense_breaks_nothing(web, body, status):
    headers = signed_headers(web.slack.signing_secret, body, time.time())
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    assert fetch(web.slack.request_url, body, headers)[0] == status
    web.slack.click(web.message, "confirm", value="1")
    wait_until(lambda: web.state(1) == CONFIRMED, what="the message to show the decision")


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
