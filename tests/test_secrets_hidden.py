"""What others say back to us is told without the secret that they may repeat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from digests.slack import name_error
from spiders.keys import HIDDEN, hide, hide_in_bytes

KEY = "a+b/c=="


@pytest.mark.parametrize("said", ["a+b/c==", "a%2Bb%2Fc%3D%3D", "a%2bb%2fc%3d%3d", "a%2Bb/c==", "%61+b/c=="])
def test_a_key_is_hidden_in_every_spelling_that_an_address_allows(said):
    assert hide(f"GET /?key={said}&page=1", KEY) == f"GET /?key={HIDDEN}&page=1"
    assert hide_in_bytes(f"é {said}".encode(), KEY) == f"é {HIDDEN}".encode()


@pytest.mark.parametrize("said", ["A+B/C==", "a b/c==", "b/c==", ""])
def test_what_is_not_the_key_stays(said):
    assert hide(said, KEY) == said


@given(st.text(), st.binary())
def test_without_a_key_nothing_is_hidden(text, body):
    assert hide(text, "") == text
    assert hide_in_bytes(body, "") == body


def refused(data, status=200):
    response = SlackResponse(
        client=WebClient(), http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=status
    )
    return SlackApiError("The request failed", response)


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (refused({"ok": False, "error": "invalid_auth", "said": "xoxb-geheim"}), "invalid_auth"),
        (refused({"ok": False, "error": "Not JSON: xoxb-geheim"}, 502), "HTTP 502, and no answer of Slack's"),
        (refused("xoxb-geheim", 403), "HTTP 403, and no answer of Slack's"),
        (TimeoutError("timed out"), "TimeoutError: timed out"),
    ],
)
def test_of_slacks_answer_only_its_code_is_told(error, named):
    assert name_error(error) == named
