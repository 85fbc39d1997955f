"""A response_url answers a person five times within half an hour, as Slack documents."""

import time

import pytest
from slack_sdk.webhook import WebhookClient

from slack.people import TOM


@pytest.fixture
def message(slack, client):
    client.chat_postMessage(channel=slack.channel, text="one")
    return slack.messages[-1]


@pytest.fixture
def respond(slack, message):
    """Send to the response_url of the message, as slack-sdk does; the status and what the answer says."""
    url = slack.response_address(slack.new_response_url(slack.channel, TOM, message))

    def call(**answer):
        done = WebhookClient(url).send(**answer)
        return done.status_code, done.body

    return call


def test_an_answer_is_seen_by_the_one_who_asked(slack, respond):
    assert respond(text="Done.") == (200, '{"ok": true}')
    (answer,) = slack.ephemeral
    assert (answer["user"], answer["channel"], answer["text"]) == (TOM, slack.channel, "Done.")
    assert len(slack.messages) == 1


def test_an_answer_to_the_channel_is_a_message(slack, respond):
    respond(text="Done.", response_type="in_channel")
    assert [each["text"] for each in slack.messages] == ["one", "Done."]


def test_the_message_itself_is_replaced_or_removed(slack, message, respond):
    respond(text="two", blocks=[{"type": "divider"}], replace_original=True)
    assert (message["text"], message["blocks"]) == ("two", [{"type": "divider"}])
    respond(delete_original=True)
    assert slack.messages == []


def test_blocks_are_checked_as_in_a_message(slack, respond):
    status, body = respond(text="x", blocks=[{"type": "unknown"}])
    assert (status, "invalid_blocks" in body) == (404, True)
    assert slack.ephemeral == []


def test_five_answers_and_no_more(slack, respond):
    assert [respond(text="x")[0] for _ in range(6)] == [200] * 5 + [404]
    assert "used_url" in respond(text="x")[1]
    assert len(slack.ephemeral) == 5


def test_half_an_hour_and_no_longer(slack, message):
    now = time.time()
    slack.clock = lambda: now
    client = WebhookClient(slack.response_address(slack.new_response_url(slack.channel, TOM, message)))
    now += 30 * 60
    assert client.send(text="x").status_code == 200
    now += 1
    assert "expired_url" in client.send(text="x").body


def test_an_address_that_was_never_given(slack):
    assert WebhookClient(slack.response_address("R1")).send(text="x").status_code == 404
