"""The local Slack behaves as the documentation says Slack does."""

import json
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack.limits import find_refusal

TEXT = {"type": "text", "text": "x"}


@pytest.fixture
def client(slack):
    return WebClient(token=slack.token, base_url=slack.url, retry_handlers=[], timeout=5)


def test_who_am_i(client):
    assert client.auth_test()["user"] == "policy-monitor"


def test_history_is_newest_first_and_shows_metadata_only_when_asked(client, slack):
    metadata = {"event_type": "t", "event_payload": {"id": "1"}}
    first = client.chat_postMessage(channel=slack.channel, text="one", metadata=metadata)["ts"]
    second = client.chat_postMessage(channel=slack.channel, text="two")["ts"]
    plain = client.conversations_history(channel=slack.channel)["messages"]
    assert [each["ts"] for each in plain] == [second, first]
    assert "metadata" not in plain[1]
    full = client.conversations_history(channel=slack.channel, include_all_metadata=True, oldest=str(float(first) - 1))
    assert full["messages"][1]["metadata"] == metadata


def test_history_comes_in_portions(client, slack):
    for number in range(5):
        client.chat_postMessage(channel=slack.channel, text=f"{number}")
    seen, cursor = [], None
    while cursor != "":
        answer = client.conversations_history(channel=slack.channel, limit=2, cursor=cursor)
        seen += [each["text"] for each in answer["messages"]]
        cursor = answer["response_metadata"]["next_cursor"]
    assert seen == ["4", "3", "2", "1", "0"]


def test_a_slow_history_shows_a_message_only_after_some_calls(client, slack):
    slack.history_lag = 1
    client.chat_postMessage(channel=slack.channel, text="one")
    counts = [len(client.conversations_history(channel=slack.channel)["messages"]) for _ in range(3)]
    assert counts == [0, 1, 1]


def test_a_method_that_does_not_exist_is_refused(slack):
    request = Request(slack.url + "chat.shout", data=b"{}", headers={"Authorization": f"Bearer {slack.token}"})
    with urlopen(request) as answer:
        assert json.load(answer) == {"ok": False, "error": "unknown_method"}


def test_a_wrong_token_is_refused(client):
    client.token = "xoxb-other"
    with pytest.raises(SlackApiError, match="invalid_auth"):
        client.auth_test()


def rich(*parts):
    return {"type": "rich_text", "elements": list(parts)}


def section(*elements):
    return {"type": "rich_text_section", "elements": list(elements)}


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        ({"text": "x"}, None),
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": [{"type": "divider"}] * 50}, None),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "divider", "text": "x"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "unknown"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 150}}]}, None),
        ({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_000}}]}, None),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "context", "elements": [{"type": "plain_text", "text": "x"}] * 10}]}, None),
        ({"blocks": [{"type": "context", "elements": [{"type": "plain_text", "text": "x"}] * 11}]}, "invalid_blocks"),
        ({"blocks": [{"type": "context", "elements": [{"type": "image"}]}]}, "invalid_blocks"),
        ({"blocks": [rich(section(TEXT, {"type": "emoji", "name": "tada"}))]}, None),
        ({"blocks": [rich(section({"type": "text", "text": ""}))]}, "invalid_blocks"),
        ({"blocks": [rich(section({**TEXT, "style": {"blink": True}}))]}, "invalid_blocks"),
        ({"blocks": [rich(section({"type": "link", "url": "javascript:x", "text": "x"}))]}, "invalid_blocks"),
        ({"blocks": [rich(section({"type": "user", "user_id": "U1"}))]}, "invalid_blocks"),
        ({"blocks": [rich({"type": "rich_text_list", "style": "bullet", "elements": [section(TEXT)]})]}, None),
        ({"blocks": [rich({"type": "rich_text_list", "style": "bullet", "elements": []})]}, "invalid_blocks"),
        ({"blocks": [rich(section())]}, "invalid_blocks"),
        ({"blocks": [rich(section({"type": "text", "text": "x" * 11_001}))]}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "t", "event_payload": {}}}, None),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "t", "event_payload": {"x": "x" * 1_000}}}, "metadata_too_large"),
    ],
)
def test_the_documented_limits_hold(message, refusal):
    assert find_refusal(message) == refusal
