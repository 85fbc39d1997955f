"""What the local Slack signs is what slack-sdk's own verifier takes for Slack's; what it forges is not."""

from time import time

import pytest
from slack_sdk.signature import SignatureVerifier

from slack.apps import over_http
from slack.people import MARIA
from slack.signing import Forgery, signed_headers

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = b"token=x&text=caf%C3%A9"


@pytest.fixture
def verify():
    return lambda headers: SignatureVerifier(SECRET).is_valid_request(BODY, headers)


def test_a_request_is_signed_over_its_raw_body(verify):
    assert verify(signed_headers(SECRET, BODY, time()))


@pytest.mark.parametrize("forgery", [each for each in Forgery if each is not Forgery.TIMESTAMP_NO_NUMBER])
def test_a_forged_request_is_not_valid(verify, forgery):
    assert not verify(signed_headers(SECRET, BODY, time(), forgery))


def test_the_verifier_raises_over_a_timestamp_that_is_no_number(verify):
    with pytest.raises(ValueError, match="yesterday"):
        verify(signed_headers(SECRET, BODY, time(), Forgery.TIMESTAMP_NO_NUMBER))


def test_an_old_request_was_signed_rightly_once(monkeypatch, verify):
    headers = signed_headers(SECRET, BODY, time(), Forgery.OLD_TIMESTAMP)
    monkeypatch.setattr("slack_sdk.signature.Clock.now", lambda _: time() - 301)
    assert verify(headers)


def test_bolt_refuses_a_forged_command_and_takes_a_true_one(slack, app):
    app.command("/policy")(lambda ack: ack("Here."))
    with over_http(slack, app):
        assert slack.command("/policy", forgery=Forgery.WRONG_SIGNATURE).status == 401
        assert slack.ephemeral == []
        assert slack.command("/policy").status == 200
        assert [each["text"] for each in slack.ephemeral] == ["Here."]


def test_a_replay_is_the_very_same_request(slack, app):
    app.event("app_home_opened")(lambda: None)
    with over_http(slack, app) as requests:
        reply = slack.open_home(MARIA)
        assert slack.replay(reply).status == 200
        assert len(requests) == 2
        assert requests[0] == requests[1]
