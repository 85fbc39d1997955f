"""Nobody waits in vain for a digest in Slack."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.compose import compose_due
from digests.send import send_pending
from monitor.model import Audience

MINUTE = timedelta(minutes=1)
DESK = Audience("desk", "Desk", digest_at="00:00")


@pytest.fixture
def send(db, patience):
    def call(at, config):
        return send_pending(db, config, at, patience=patience)

    return call


def test_a_token_without_a_channel_is_said_once_for_each_digest(world, slack, slack_config, send, now):
    config = replace(slack_config, slack_channel=None)
    desks = [DESK, replace(DESK, id="second", slack_channel="C0POLICY")]
    compose_due(world.db, desks, config, now)
    sent = send(now, config)
    assert (sent.sent, sent.waiting, sent.failed) == (3, 0, 0)
    (message,) = sent.messages
    assert message == (
        "SLACK_BOT_TOKEN is set, but audience desk has no channel: set SLACK_CHANNEL, or slack_channel in "
        "sources.yaml. Its digests go to files only."
    )
    assert send(now + MINUTE, config).messages == ()
    assert len(slack.messages) == 1


def test_a_token_without_a_channel_is_said_once_for_an_audience_with_several_digests(world, slack_config, send, now):
    config = replace(slack_config, slack_channel=None)
    for days in range(2):
        compose_due(world.db, [DESK], config, now + timedelta(days=days))
    assert len(send(now, config).messages) == 1


def test_without_a_token_nobody_misses_a_channel(world, config, send, now):
    compose_due(world.db, [DESK], config, now)
    assert send(now, config).messages == ()
