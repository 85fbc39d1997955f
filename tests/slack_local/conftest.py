"""A local Slack of its own for each test, slack-sdk's client for it, and a small Bolt app that is told things."""

import logging
import os

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from slack.apps import over_http, over_socket
from slack.server import LocalSlack


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """slack-sdk would send even loopback addresses to a proxy of the environment."""
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def slack():
    with LocalSlack() as server:
        yield server


@pytest.fixture
def client(slack):
    return WebClient(token=slack.token, base_url=slack.url, retry_handlers=[], timeout=5)


@pytest.fixture
def app(slack, client):
    """A Bolt app without listeners."""
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
    return App(client=client, signing_secret=slack.signing_secret)


@pytest.fixture(params=[over_socket, over_http])
def connected(request, slack, app):
    """The app is connected, in either way."""
    with request.param(slack, app) as connection:
        yield connection
