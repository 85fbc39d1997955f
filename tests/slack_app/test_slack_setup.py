"""`monitor slack setup` says what is right, what is not, and what to do: against a Slack that refuses as Slack does."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import cli
from monitor.cli.shipped import find_shipped
from monitor.slack.setup import SCOPES, TEST
from slack.server import Channel, LocalSlack

SOURCES = """\
audiences:
  - {id: uk, name: UK desk, slack_channel: C0123456789}
  - {id: eu, name: EU desk}
sources:
  - {id: rules, name: Rules, publisher: Example, jurisdiction: EU, kind: html, url: "https://example.org/rules"}
"""


@pytest.fixture
def slack():
    with LocalSlack() as slack:
        slack.channels["C0123456789"] = Channel()
        yield slack


@pytest.fixture
def call(slack, tmp_path):
    (tmp_path / "sources.yaml").write_text(SOURCES)

    def run(*words, **settings):
        env = {
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": "",
            "SLACK_CHANNEL": slack.channel,
            **settings,
        }
        return CliRunner().invoke(cli, ["--sources", str(tmp_path / "sources.yaml"), "slack", *words], env=env)

    return run


def checks(done):
    return {each["name"]: (each["ok"], each["detail"]) for each in json.loads(done.stdout)["checks"]}


def test_when_everything_is_right_it_says_what_is_next_and_leaves_nothing_behind(call, slack):
    done = call("setup")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "✓ Bot token: works in Local as policy-monitor",
        "✓ Scopes: chat:write, commands, channels:history, groups:history, im:history, im:write",
        "✓ Buttons and commands: over Socket Mode, with no public address",
        "✓ Channel of UK desk: C0123456789: a test message was posted and removed",
        "✓ Channel of EU desk: C0POLICY: a test message was posted and removed",
        "Everything is right. Next: monitor serve",
    ]
    assert slack.messages == []
    assert [each["text"] for each in slack.calls_of("chat.postMessage")] == [TEST, TEST]


def test_before_anything_is_set_it_says_what_to_click(call):
    done = call("setup", SLACK_BOT_TOKEN="")
    assert done.exit_code == 1
    assert "1. Open https://api.slack.com/apps" in done.stdout
    assert "✗ Bot token: SLACK_BOT_TOKEN is not set: see step 2." in done.stdout


def test_a_token_that_slack_does_not_know_ends_the_checks(call):
    found = checks(call("setup", "--json", SLACK_BOT_TOKEN="xoxb-other"))
    assert list(found) == ["Bot token"]
    assert "invalid_auth" in found["Bot token"][1]


def test_scopes_that_are_missing_are_named(call, slack):
    slack.scopes.discard("im:write")
    is_right, detail = checks(call("setup", "--json"))["Scopes"]
    assert not is_right
    assert detail.startswith("missing: im:write. Add them under OAuth & Permissions")


def test_a_channel_without_the_app_is_told_with_the_invitation(call, slack):
    slack.channels["C0123456789"].member = False
    done = call("setup", "--json")
    assert done.exit_code == 1
    assert "/invite @Policy Monitor" in checks(done)["Channel of UK desk"][1]
    assert checks(done)["Channel of EU desk"][0]


def test_an_audience_without_a_channel_is_told(call):
    assert checks(call("setup", "--json", SLACK_CHANNEL=""))["Channel of EU desk"][1].startswith(
        "none: set slack_channel"
    )


def test_an_audience_that_is_told_in_other_ways_only_needs_no_channel(call, tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(path.read_text().replace("name: EU desk", 'name: EU desk, send_to: ["email:eu@example.org"]'))
    done = call("setup", "--json", SLACK_CHANNEL="")
    assert done.exit_code == 0
    assert "Channel of EU desk" not in checks(done)


def test_audiences_that_share_a_channel_are_told_that_each_has_its_own_digest_there(call):
    is_right, detail = checks(call("setup", "--json", SLACK_CHANNEL="C0123456789"))["Channel of UK desk, EU desk"]
    assert is_right
    assert detail.endswith("; each of these 2 gets a digest of its own there")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "secret"}, "over HTTP: Slack must reach this host"),
        ({"SLACK_APP_TOKEN": ""}, "nothing comes back from Slack"),
        ({"SLACK_APP_TOKEN": "xapp-other"}, "invalid_auth"),
    ],
)
def test_how_buttons_come_back_is_checked(call, settings, words):
    assert words in checks(call("setup", "--json", **settings))["Buttons and commands"][1]


def test_a_slack_that_cannot_be_reached_is_told_at_once(call):
    found = checks(call("setup", "--json", SLACK_API_URL="http://127.0.0.1:9/api/"))
    assert "cannot be reached" in found["Bot token"][1]


def test_the_manifest_asks_for_what_the_checks_want_and_holds_what_the_app_answers(call):
    done = call("manifest")
    assert done.stdout == find_shipped("slack-app.yaml").read_text(encoding="utf-8")
    manifest = yaml.safe_load(done.stdout)
    assert tuple(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == ["/policy"]
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened"]
    assert len(manifest["display_information"]["description"]) <= 140
    assert 175 <= len(manifest["display_information"]["long_description"]) <= 4000
