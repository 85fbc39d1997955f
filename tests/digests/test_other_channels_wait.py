"""Receivers beside Slack: how long a Delivery waits, that it stays the same one, and that it holds up nobody else."""

import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from digests.compose import compose_due
from digests.send import send_pending
from monitor.model import Audience, DeliveryState
from monitor.store.deliveries import get_deliveries, get_undelivered

MINUTE = timedelta(minutes=1)
SECRET = "whsec_" + "YSBzZWNyZXQgdGhhdCBub2JvZHkga25vd3M="


class Receiver(BaseHTTPRequestHandler):
    """Answers with the scripted statuses, then 200; keeps the id of each event."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(self.headers["webhook-id"])
        status, headers = self.server.script.pop(0) if self.server.script else (200, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        """Tests print nothing."""


@pytest.fixture
def receiver():
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.seen, server.script = [], []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def channel(receiver):
    return f"webhook:http://127.0.0.1:{receiver.server_port}/policy"


@pytest.fixture
def tell(world, slack_config, channel, now):
    """Compose a digest for an audience with that webhook and Slack; returns its id."""

    def call(name="desk", at=None):
        audience = Audience(name, "Desk", digest_at="00:00", alerts=False, send_to=(channel,))
        world.see(audience, at=at or now)
        world.change(at or now)
        (digest,) = compose_due(world.db, [audience], slack_config, at or now)
        return digest.id

    return call


@pytest.fixture
def send(db, slack_config, patience):
    config = replace(slack_config, webhook_secret=SECRET)

    def call(at, **options):
        return send_pending(db, config, at, patience=patience, **options)

    return call


def find_delivery(db, digest_id, channel):
    return next(each for each in get_deliveries(db, digest_id) if each.channel == channel)


def test_after_unknown_outcomes_it_is_sent_again_with_growing_pauses_and_the_same_id(
    db, slack, receiver, channel, tell, send, now
):
    digest_id = tell()
    receiver.script += [(500, {})] * 6
    at, pauses = now, []
    for _ in range(6):
        send(at)
        again_at = find_delivery(db, digest_id, channel).next_attempt_at
        pauses.append((again_at - at) / MINUTE)
        assert send(again_at - timedelta(seconds=1)).waiting == 1
        at = again_at
    assert pauses == [1, 5, 30, 60, 60, 60]
    assert send(at).sent == 1
    assert receiver.seen == [find_delivery(db, digest_id, channel).id] * 7
    assert len(slack.messages) == 1


def test_a_receiver_is_obeyed_when_it_asks_for_a_pause(db, receiver, channel, tell, send, now):
    tell()
    receiver.script.append((429, {"Retry-After": "90"}))
    assert send(now).waiting == 1
    assert send(now + timedelta(seconds=89), retry_failed=True).sent == 0
    assert send(now + timedelta(seconds=90)).sent == 1


def test_one_channel_that_refuses_holds_up_no_other(db, slack, receiver, channel, tell, send, now):
    digest_id = tell()
    receiver.script.append((410, {}))
    sent = send(now)
    assert (sent.sent, sent.failed) == (2, 1)
    assert [each.source_id for each in get_undelivered(db)] == ["webhook:127.0.0.1"]
    assert "/policy" not in sent.messages[0]  # where some services want a secret
    assert len(slack.messages) == 1
    slack.channels[slack.channel].archived = True
    second = tell("second", at=now + MINUTE)
    assert (send(now + MINUTE).sent, len(receiver.seen)) == (3, 3)
    assert {find_delivery(db, each, channel).state for each in (digest_id, second)} == {DeliveryState.SENT}
