"""What the local Slack does to a call by script or by chance is seen by slack-sdk as from Slack."""

from collections import Counter
from http.client import IncompleteRead, RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack.faults import ACCEPTING, QUICK, Faults
from slack.server import Fault


@pytest.fixture
def post(slack):
    client = WebClient(token=slack.token, base_url=slack.url, retry_handlers=[], timeout=1)
    return lambda: client.chat_postMessage(channel=slack.channel, text="x")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.ACCEPT_THEN_CLOSE, RemoteDisconnected),
        (Fault.ACCEPT_THEN_HANG, TimeoutError),
        (Fault.ACCEPT_THEN_500, SlackApiError),
        (Fault.ACCEPT_THEN_TRUNCATE, IncompleteRead),
        (Fault.ACCEPT_THEN_GARBAGE, SlackApiError),
        (Fault.ACCEPT_THEN_LIST, AttributeError),
        (Fault.CLOSE, RemoteDisconnected),
        (Fault.HANG, TimeoutError),
        (Fault.ERROR_500, SlackApiError),
        (Fault.INTERNAL_ERROR, SlackApiError),
        (Fault.RATE_LIMIT, SlackApiError),
    ],
)
def test_a_fault_meets_one_call(slack, post, fault, error):
    slack.script(fault)
    with pytest.raises(error):
        post()
    assert len(slack.messages) == (1 if fault in ACCEPTING else 0)
    assert post()["ok"]


def test_a_scripted_code_is_the_answer(slack, post):
    slack.script(None, "restricted_action")
    assert post()["ok"]
    with pytest.raises(SlackApiError, match="restricted_action"):
        post()
    assert len(slack.messages) == 1


def test_a_storm_of_429_says_how_long_to_wait(slack, post):
    slack.retry_after = 30
    slack.script(*[Fault.RATE_LIMIT] * 3)
    for _ in range(3):
        with pytest.raises(SlackApiError) as caught:
            post()
        assert caught.value.response.headers["Retry-After"] == "30"
    assert post()["ok"]


def test_faults_at_random_are_the_same_for_the_same_seed():
    def taken(seed):
        faults = Faults()
        faults.strike(0.3, seed)
        return [faults.take("chat.postMessage") for _ in range(1_000)]

    assert taken(1) == taken(1) != taken(2)
    counts = Counter(taken(1))
    assert 650 < counts.pop(None) < 750
    assert set(counts) == set(QUICK)


def test_chance_strikes_the_named_methods_only():
    faults = Faults()
    faults.strike(1.0, seed=1, among=[Fault.CLOSE], methods=["chat.update"])
    assert [faults.take(method) for method in ("chat.update", "chat.postMessage")] == [Fault.CLOSE, None]
