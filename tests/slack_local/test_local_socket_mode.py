"""Slack's side of Socket Mode, as slack-sdk's own client and Bolt's handler meet it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from slack.apps import over_socket
from slack.carriers import Kind
from slack.people import TOM, wait_until
from slack.server import LocalSlack


@pytest.fixture
def url(slack, client):
    return lambda: client.apps_connections_open(app_token=slack.app_token)["url"]


def test_a_connection_begins_with_hello(url):
    with connect(url()) as connection:
        hello = json.loads(connection.recv(timeout=5))
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": "A0LOCAL"}


def test_an_address_is_good_for_one_connection(url):
    address = url()
    with connect(address), pytest.raises(InvalidStatus):
        connect(address)
    with pytest.raises(InvalidStatus):
        connect(address.replace("ticket=", "ticket=other"))


def test_an_envelope_is_acknowledged_by_its_id(slack, url):
    with connect(url()) as connection, ThreadPoolExecutor() as pool:
        connection.recv(timeout=5)
        typing = pool.submit(slack.command, "/policy", "help", user=TOM)
        envelope = json.loads(connection.recv(timeout=5))
        assert set(envelope) == {"envelope_id", "type", "payload", "accepts_response_payload"}
        assert (envelope["type"], envelope["accepts_response_payload"]) == (Kind.COMMAND, True)
        assert envelope["payload"]["text"] == "help"
        connection.send(json.dumps({"envelope_id": "of another", "payload": {}}))
        connection.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "Hello."}}))
        reply = typing.result()
    assert (reply.acked, reply.payload, reply.attempts) == (True, {"text": "Hello."}, 1)
    assert [each["text"] for each in slack.ephemeral] == ["Hello."]
    assert slack.socket.acknowledged == ["of another", envelope["envelope_id"]]


def test_an_event_without_an_acknowledgement_comes_again_and_says_so(slack, url):
    slack.ack_seconds = 0.2
    with connect(url()) as connection, ThreadPoolExecutor() as pool:
        connection.recv(timeout=5)
        opening = pool.submit(slack.open_home, TOM)
        first, second = (json.loads(connection.recv(timeout=5)) for _ in range(2))
        connection.send(json.dumps({"envelope_id": second["envelope_id"]}))
        reply = opening.result()
    assert (reply.acked, reply.attempts) == (True, 2)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert first["payload"] == second["payload"]
    assert first["accepts_response_payload"] is False


def test_a_click_without_an_acknowledgement_is_not_repeated(slack, url):
    slack.ack_seconds = 0.1
    with connect(url()) as connection:
        reply = slack.command("/policy")
        assert (reply.acked, reply.payload, reply.attempts) == (False, None, 1)
        assert [json.loads(connection.recv(timeout=5))["type"] for _ in range(2)] == ["hello", "slash_commands"]
        with pytest.raises(TimeoutError):
            connection.recv(timeout=0.1)
    assert slack.ephemeral == []


@pytest.mark.parametrize(
    "end",
    [
        lambda socket: socket.disconnect("refresh_requested"),
        pytest.param(lambda socket: socket.drop(), marks=pytest.mark.slow),  # the client looks every 5 s
    ],
    ids=["announced", "without a word"],
)
def test_an_app_that_is_cut_off_connects_again(slack, app, end):
    app.command("/policy")(lambda ack: ack("Here."))
    slack.ack_seconds = 0.5
    with over_socket(slack, app):
        end(slack.socket)
        wait_until(lambda: slack.command("/policy").acked, seconds=20)
    assert len(slack.calls_of("apps.connections.open")) > 1


def test_after_a_warning_the_connection_stays_until_the_app_has_another(slack, url):
    with connect(url()) as connection:
        connection.recv(timeout=5)
        slack.socket.disconnect("warning")
        assert json.loads(connection.recv(timeout=5))["reason"] == "warning"
        assert slack.socket.connections == 1


def test_pings_are_answered(slack, app):
    with over_socket(slack, app):
        assert slack.socket.ping()


def test_nobody_connected(slack):
    with pytest.raises(TimeoutError, match="0 of 1 Socket Mode connections"):
        slack.socket.wait_for(connections=1, seconds=0.05)


def test_the_eleventh_connection_is_turned_away(slack, url):
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(connect(url())).recv(timeout=5)
        with connect(url()) as eleventh:
            assert json.loads(eleventh.recv(timeout=5))["reason"] == "too_many_websockets"
    wait_until(lambda: slack.socket.connections == 0)


def test_closing_leaves_no_thread_behind():
    before = set(threading.enumerate())
    with LocalSlack() as slack, connect(slack.socket.new_url()) as connection:
        connection.recv(timeout=5)
        assert set(threading.enumerate()) > before
    wait_until(lambda: set(threading.enumerate()) <= before)
