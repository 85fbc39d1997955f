"""Digests by signed webhook: as Standard Webhooks say, and once for a receiver that remembers ids."""

from __future__ import annotations

import base64
import re
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from digests.channels import to_deliveries
from digests.jsonform import digest_json
from digests.outcomes import Later, Posted, Reach, Refused, Unknown
from digests.webhook import post
from local_receiver import Answer, Fault, LocalReceiver
from local_tls import make_tls
from monitor.config import read_config

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
DOCS = Path(__file__).parents[2] / "docs" / "channels.md"
DATE = {"Date": "Mon, 23 Nov 2026 09:30:00 GMT"}


@pytest.fixture
def receiver():
    with LocalReceiver(SECRET) as server:
        yield server


@pytest.fixture
def settings():
    return read_config({"MONITOR_WEBHOOK_SECRET": SECRET})


def make_delivery(digest, url):
    (delivery,) = to_deliveries(digest, [f"webhook:{url}"], (), "09:30")
    return delivery


@pytest.fixture
def delivery(make, receiver):
    return make_delivery(make.digest([make.told(1)]), receiver.url)


def test_the_body_is_the_digest_as_the_command_prints_it(make, receiver, settings):
    digest = make.digest([make.told(1, source_name="Règles", impacts=[make.impact()])], [make.problem()])
    delivery = make_delivery(digest, receiver.url)
    assert post(settings, delivery, 5) == Posted()
    assert receiver.events == {
        delivery.id: {"type": "digest.daily", "timestamp": "2026-11-23T09:30:00Z", "data": digest_json(digest)}
    }
    (call,) = receiver.calls
    assert (call.method, call.headers["content-type"]) == ("POST", "application/json")


def test_the_receiver_in_the_docs_takes_it_once_and_nothing_else(receiver, delivery, settings, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    names = {}
    exec(example, names)
    post(settings, delivery, 5)
    (call,) = receiver.calls
    known = set()
    assert names["receive"](call.headers, call.body, SECRET, known) == 204
    assert names["receive"](call.headers, call.body, SECRET, known) == 204
    assert names["receive"](call.headers, call.body + b" ", SECRET, known) == 401
    assert capsys.readouterr().out == "digest.daily eu-desk 1 changes\n"


def test_another_secret_is_found_out_and_told(receiver, delivery):
    other = read_config({"MONITOR_WEBHOOK_SECRET": "whsec_" + base64.b64encode(b"x" * 32).decode()})
    assert post(other, delivery, 5) == Refused(
        "localhost refused it: HTTP 401. Set the same MONITOR_WEBHOOK_SECRET here and there.", Reach.CHANNEL
    )
    assert receiver.events == {}


def test_it_is_signed_with_the_true_time_also_in_a_replay(receiver, delivery):
    past = read_config({"MONITOR_WEBHOOK_SECRET": SECRET, "MONITOR_NOW": "2020-01-01T00:00:00Z"})
    assert post(past, delivery, 5) == Posted()
    assert list(receiver.events) == [delivery.id]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_kind_of_yes_is_one(receiver, delivery, settings, status):
    receiver.script = [Answer(status)]
    assert post(settings, delivery, 5) == Posted()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "Ask who runs it."),
        (403, "Set the same MONITOR_WEBHOOK_SECRET here and there."),
        (404, "Check the address under send_to in sources.yaml."),
        (405, "it must take POST."),
        (410, "It wants no more: take the address out of send_to in sources.yaml."),
        (413, "Let it take larger bodies."),
        (499, "Ask who runs it."),
    ],
)
def test_a_no_is_a_refusal_with_advice(receiver, delivery, settings, status, said):
    receiver.script = [Answer(status)]
    outcome = post(settings, delivery, 5)
    assert isinstance(outcome, Refused)
    assert outcome.error.startswith(f"localhost refused it: HTTP {status}. ")
    assert outcome.error.endswith(said)
    assert outcome.reach is Reach.CHANNEL


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver, delivery, settings, status):
    receiver.script = [Answer(status, {"Location": f"http://{receiver.address}/elsewhere"})]
    outcome = post(settings, delivery, 5)
    assert isinstance(outcome, Refused)
    assert "redirect" in outcome.error
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 503])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "20"}, 20),
        ({"Retry-After": "Mon, 23 Nov 2026 09:32:00 GMT", **DATE}, 120),
        ({"Retry-After": "Mon, 23 Nov 2026 09:00:00 GMT", **DATE}, 0),
        ({"Retry-After": "9" * 5000}, 60),
        ({"Retry-After": "999999"}, 3600),
        ({"Retry-After": "Wed, 01 Jan 2200 00:00:00 GMT", **DATE}, 3600),
        ({"Retry-After": "Mon, 23 Nov 2026 09:32:00 GMT"}, 60),
        ({"Retry-After": "soon"}, 60),
        ({"Retry-After": "-5"}, 60),
        ({}, 60),
    ],
)
def test_a_pause_is_made_as_long_as_is_asked_but_not_for_ever(receiver, delivery, settings, status, headers, seconds):
    receiver.script = [Answer(status, headers)]
    outcome = post(settings, delivery, 5)
    assert outcome == Later(f"localhost asks for a pause (HTTP {status})", timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "fault", [Fault.CLOSE_AFTER_ACCEPT, Fault.HANG_AFTER_ACCEPT, Fault.GARBAGE, Answer(500), Answer(502), Answer(504)]
)
def test_after_an_uncertain_answer_the_same_id_comes_again_and_is_taken_once(receiver, delivery, settings, fault):
    receiver.script = [fault]
    outcome = post(settings, delivery, 0.3)
    assert isinstance(outcome, Unknown)
    assert outcome.error.startswith("localhost: no certain answer (")
    assert outcome.error.endswith("It is sent again with the same webhook-id.")
    assert post(settings, delivery, 5) == Posted()
    assert list(receiver.events) == [delivery.id]
    assert len(receiver.calls) == 2


def test_a_receiver_that_is_not_there_is_tried_later(make, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = post(settings, make_delivery(make.digest(), f"http://127.0.0.1:{port}/hook"), 5)
    assert isinstance(outcome, Later)
    assert outcome.error.startswith("127.0.0.1 cannot be reached")


def test_a_host_that_does_not_exist_is_tried_later(make, settings):
    outcome = post(settings, make_delivery(make.digest(), "https://hooks.invalid/policy"), 5)
    assert isinstance(outcome, Later)


def test_a_certificate_is_checked(make, settings, tmp_path, monkeypatch):
    context, trusted = make_tls(tmp_path)
    with LocalReceiver(SECRET, tls=context) as receiver:
        delivery = make_delivery(make.digest(), receiver.url)
        assert post(settings, delivery, 5) == Refused(
            "localhost cannot be trusted: self-signed certificate. Its certificate is wrong.", Reach.CHANNEL
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert post(settings, delivery, 5) == Posted()
        assert list(receiver.events) == [delivery.id]


@pytest.mark.parametrize(
    "url", ["http://host:port/hook", "https://exa mple.org/", "https://example.org/é", "http:///x"]
)
def test_an_address_that_cannot_be_used_is_refused(make, settings, url):
    outcome = post(settings, make_delivery(make.digest(), url), 5)
    assert isinstance(outcome, Refused)
    assert outcome.error.endswith("this address cannot be used. Mend it under send_to in sources.yaml.")


def test_what_is_secret_in_an_address_is_not_said(make, receiver, settings):
    receiver.script = [Answer(404)]
    outcome = post(settings, make_delivery(make.digest(), f"{receiver.url}?token=secret77"), 5)
    assert "secret77" not in repr(outcome)


def test_without_a_secret_it_waits_and_says_what_to_set(receiver, delivery):
    outcome = post(read_config({}), delivery, 5)
    assert isinstance(outcome, Later)
    assert outcome.error.startswith("MONITOR_WEBHOOK_SECRET is not set")
    assert receiver.calls == []


@pytest.mark.parametrize("secret", ["whsec_", "whsec_a", "whsec_é"])
def test_a_secret_that_is_none_is_refused_and_not_said(receiver, delivery, secret):
    outcome = post(read_config({"MONITOR_WEBHOOK_SECRET": secret}), delivery, 5)
    assert outcome == Refused(
        "MONITOR_WEBHOOK_SECRET cannot be used: it must be whsec_ and then base64.", Reach.SERVICE
    )
    assert receiver.calls == []
