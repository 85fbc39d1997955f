"""The local Slack behaves as the documentation of the Web API says Slack does."""

import json
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack.people import MARIA, TOM
from slack.server import Channel, LocalSlack, Rates, User
from slack.workspace import BOT_USER

DIVIDER = {"type": "divider"}
METADATA = {"event_type": "t", "event_payload": {"id": "1"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Why?"}, "blocks": [DIVIDER]}
HOME = {"type": "home", "blocks": [DIVIDER]}


@pytest.fixture
def refusal():
    """The code with which a call is refused."""

    def call(method, **parameters):
        with pytest.raises(SlackApiError) as caught:
            method(**parameters)
        return caught.value.response["error"]

    return call


@pytest.fixture
def posted(slack, client):
    client.chat_postMessage(channel=slack.channel, text="one", blocks=[DIVIDER], metadata=METADATA)
    return slack.messages[-1]


@pytest.fixture
def all_scopes(slack):
    """More than the product asks for."""
    slack.scopes |= {"channels:read", "groups:read", "im:read", "users:read", "users:read.email"}


# Starting, stopping, tokens, scopes


def test_it_starts_and_stops_at_once():
    def seconds():
        began = time.perf_counter()
        with LocalSlack():
            pass
        return time.perf_counter() - began

    assert min(seconds() for _ in range(20)) < 0.05


def test_who_am_i(client, slack):
    answer = client.auth_test()
    assert (answer["user"], answer["user_id"], answer["team_id"]) == ("policy-monitor", BOT_USER, "T0LOCAL")
    assert set(answer.headers["X-OAuth-Scopes"].split(",")) == slack.scopes


def test_the_app_has_the_scopes_of_its_manifest(slack):
    manifest = yaml.safe_load((Path(__file__).parents[2] / "slack-app.yaml").read_text(encoding="utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == slack.scopes


@pytest.mark.parametrize(
    ("token", "code"),
    [("xoxb-other", "invalid_auth"), ("", "not_authed"), (LocalSlack.app_token, "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(slack, client, refusal, token, code):
    client.token = token
    assert refusal(client.users_list) == code


def test_only_the_app_level_token_opens_a_socket_mode_connection(slack, client, refusal):
    assert refusal(client.apps_connections_open, app_token=slack.token) == "not_allowed_token_type"
    assert client.apps_connections_open(app_token=slack.app_token)["url"].startswith("ws://127.0.0.1:")


@pytest.mark.parametrize(
    ("scope", "method", "parameters"),
    [
        ("chat:write", "chat.postMessage", {"channel": "C0POLICY", "text": "x"}),
        ("channels:history", "conversations.history", {"channel": "C0POLICY"}),
        ("groups:history", "conversations.history", {"channel": "C0PRIVATE"}),
        ("channels:read", "conversations.info", {"channel": "C0POLICY"}),
        ("groups:read", "conversations.members", {"channel": "C0PRIVATE"}),
        ("im:write", "conversations.open", {"users": TOM}),
        ("users:read", "users.list", {}),
        ("users:read.email", "users.lookupByEmail", {"email": "tom@borealis.example"}),
    ],
)
def test_a_missing_scope_is_named(slack, client, all_scopes, scope, method, parameters):
    slack.channels["C0PRIVATE"] = Channel(private=True)
    assert client.api_call(method, params=parameters)["ok"]
    slack.scopes.remove(scope)
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, params=parameters)
    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", scope)
    assert scope not in caught.value.response["provided"].split(",")


def test_a_method_that_does_not_exist_is_refused(slack):
    request = Request(slack.url + "chat.shout", data=b"{}", headers={"Authorization": f"Bearer {slack.token}"})
    with urlopen(request) as answer:
        assert json.load(answer) == {"ok": False, "error": "unknown_method"}


def test_what_is_missing_is_named(client):
    with pytest.raises(SlackApiError) as caught:
        client.api_call("chat.update", json={"channel": "C0POLICY", "text": "x"})
    assert caught.value.response["error"] == "invalid_arguments"
    assert "missing required field: ts" in caught.value.response["response_metadata"]["messages"][0]


def test_parameters_may_be_in_the_address(slack):
    request = Request(slack.url + "users.info?user=U0TOM", headers={"Authorization": f"Bearer {slack.token}"})
    with urlopen(request) as answer:
        assert json.load(answer)["needed"] == "users:read"


def test_a_form_may_carry_blocks_as_json(slack, client):
    client.api_call("chat.postMessage", data={"channel": slack.channel, "blocks": json.dumps([DIVIDER])})
    assert slack.messages[0]["blocks"] == [DIVIDER]


# History


def test_history_is_newest_first_and_shows_metadata_only_when_asked(client, slack):
    first = client.chat_postMessage(channel=slack.channel, text="one", metadata=METADATA)["ts"]
    second = client.chat_postMessage(channel=slack.channel, text="two")["ts"]
    plain = client.conversations_history(channel=slack.channel)["messages"]
    assert [each["ts"] for each in plain] == [second, first]
    assert "metadata" not in plain[1]
    full = client.conversations_history(channel=slack.channel, include_all_metadata=True, oldest=str(float(first) - 1))
    assert full["messages"][1]["metadata"] == METADATA


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


def test_replies_are_in_their_thread_and_not_in_the_history(client, slack, posted, refusal):
    client.chat_postMessage(channel=slack.channel, text="reply", thread_ts=posted["ts"])
    assert [each["text"] for each in client.conversations_history(channel=slack.channel)["messages"]] == ["one"]
    replies = client.conversations_replies(channel=slack.channel, ts=posted["ts"])["messages"]
    assert [each["text"] for each in replies] == ["one", "reply"]
    assert refusal(client.conversations_replies, channel=slack.channel, ts="1.0") == "thread_not_found"


def test_blocks_and_elements_without_an_id_are_given_one(client, slack):
    button = {"type": "button", "text": {"type": "plain_text", "text": "x"}}
    blocks = [DIVIDER, {"type": "actions", "elements": [button, {**button, "action_id": "own"}]}]
    answer = client.chat_postMessage(channel=slack.channel, text="x", blocks=blocks)
    shown = client.conversations_history(channel=slack.channel)["messages"][0]
    assert shown["blocks"] == answer["message"]["blocks"]
    assert len({block["block_id"] for block in shown["blocks"]}) == 2
    assert [each["action_id"] == "own" for each in shown["blocks"][1]["elements"]] == [False, True]
    assert slack.messages[0]["blocks"] == blocks


# Edits


def test_an_edit_replaces_the_blocks_and_keeps_place_and_metadata(client, slack, posted):
    new = [{"type": "header", "text": {"type": "plain_text", "text": "new"}}]
    answer = client.chat_update(channel=slack.channel, ts=posted["ts"], text="two", blocks=new)
    assert (answer["ts"], answer["text"]) == (posted["ts"], "two")
    (message,) = slack.messages
    assert (message["text"], message["blocks"], message["metadata"]) == ("two", new, METADATA)
    assert message["edited"]["user"] == BOT_USER


def test_an_edit_of_nothing_but_the_text_keeps_the_blocks(client, slack, posted):
    client.chat_update(channel=slack.channel, ts=posted["ts"], text="two", metadata={})
    assert (posted["text"], posted["blocks"], posted["metadata"]) == ("two", [DIVIDER], {})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ts": "1.000001"}, "message_not_found"),
        ({"channel": "C0OTHER"}, "channel_not_found"),
        ({"channel": MARIA}, "channel_not_found"),
        ({"text": "", "blocks": [], "attachments": [{"fallback": "x"}]}, "no_text"),
        ({"blocks": [{"type": "unknown"}]}, "invalid_blocks"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"metadata": {"event_type": "t"}}, "invalid_metadata_format"),
    ],
)
def test_an_edit_that_slack_refuses_changes_nothing(client, slack, posted, refusal, changes, code):
    before = dict(posted)
    call = {"channel": slack.channel, "ts": posted["ts"], "text": "two", **changes}
    assert refusal(client.chat_update, **call) == code
    assert slack.messages == [before]


def test_nobody_edits_or_removes_what_others_wrote(client, slack, posted, refusal):
    posted["user"] = TOM
    assert refusal(client.chat_update, channel=slack.channel, ts=posted["ts"], text="x") == "cant_update_message"
    assert refusal(client.chat_delete, channel=slack.channel, ts=posted["ts"]) == "cant_delete_message"


def test_an_archived_channel_stays_as_it_is(client, slack, posted, refusal):
    slack.channels[slack.channel].archived = True
    assert refusal(client.chat_update, channel=slack.channel, ts=posted["ts"], text="x") == "is_inactive"
    assert refusal(client.chat_postMessage, channel=slack.channel, text="x") == "is_archived"


def test_a_removed_message_is_gone(client, slack, posted, refusal):
    client.chat_delete(channel=slack.channel, ts=posted["ts"])
    assert slack.messages == []
    assert refusal(client.chat_update, channel=slack.channel, ts=posted["ts"], text="x") == "message_not_found"


def test_what_one_person_sees_is_no_message_of_the_channel(client, slack, refusal):
    ts = client.chat_postEphemeral(channel=slack.channel, user=TOM, text="for you")["message_ts"]
    assert [(each["user"], each["text"]) for each in slack.ephemeral] == [(TOM, "for you")]
    assert slack.messages == []
    assert refusal(client.chat_update, channel=slack.channel, ts=ts, text="x") == "message_not_found"
    slack.channels[slack.channel].people = {MARIA}
    assert refusal(client.chat_postEphemeral, channel=slack.channel, user=TOM, text="x") == "user_not_in_channel"


# Channels and people


def test_direct_messages_have_a_channel_of_their_own(client, slack, refusal, all_scopes):
    direct = client.conversations_open(users=TOM)["channel"]["id"]
    assert direct.startswith("D")
    assert client.conversations_open(users=[TOM])["channel"]["id"] == direct
    assert client.chat_postMessage(channel=TOM, text="x")["channel"] == direct
    assert len(client.conversations_history(channel=direct)["messages"]) == 1
    assert refusal(client.conversations_history, channel=TOM) == "channel_not_found"
    assert refusal(client.conversations_open, users="U0NOBODY") == "user_not_found"
    info = client.conversations_info(channel=direct)["channel"]
    assert (info["is_im"], info["user"]) == (True, TOM)


def test_a_channel_tells_what_it_is_and_who_is_in_it(client, slack, all_scopes):
    slack.channels[slack.channel].people = {MARIA, BOT_USER}
    info = client.conversations_info(channel=slack.channel)["channel"]
    assert (info["name"], info["is_member"], info["is_archived"], info["is_private"]) == ("policy", True, False, False)
    assert client.conversations_members(channel=slack.channel)["members"] == [BOT_USER, MARIA]


@pytest.mark.parametrize(("private", "reading"), [(False, "not_in_channel"), (True, "channel_not_found")])
def test_a_channel_without_the_app(client, slack, refusal, all_scopes, private, reading):
    slack.channels[slack.channel] = Channel(member=False, private=private)
    assert refusal(client.chat_postMessage, channel=slack.channel, text="x") == reading
    assert refusal(client.conversations_history, channel=slack.channel) == reading
    if private:
        assert refusal(client.conversations_info, channel=slack.channel) == reading
    else:
        assert client.conversations_info(channel=slack.channel)["channel"]["is_member"] is False


def test_people_are_found_by_id_and_by_email(client, slack, refusal, all_scopes):
    slack.users["U0ADA"] = User("Ada Chen", "ada@borealis.example", "Pacific/Honolulu")
    assert client.users_info(user="U0ADA")["user"]["tz"] == "Pacific/Honolulu"
    assert client.users_lookupByEmail(email="Ada@borealis.example")["user"]["id"] == "U0ADA"
    assert "U0ADA" in [each["id"] for each in client.users_list()["members"]]
    slack.users["U0ADA"].deleted = True
    assert refusal(client.users_lookupByEmail, email="ada@borealis.example") == "users_not_found"
    assert refusal(client.conversations_open, users="U0ADA") == "user_disabled"
    assert refusal(client.users_info, user="U0NOBODY") == "user_not_found"


def test_addresses_are_hidden_without_their_scope(client, slack, all_scopes):
    slack.scopes.remove("users:read.email")
    assert "email" not in client.users_info(user=TOM)["user"]["profile"]


# Views


def test_a_trigger_opens_one_modal(client, slack, refusal):
    trigger = slack.new_trigger(TOM)
    view = client.views_open(trigger_id=trigger, view=MODAL)["view"]
    assert slack.views[view["id"]].user == TOM
    assert refusal(client.views_open, trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
    assert refusal(client.views_open, trigger_id="1.2.3", view=MODAL) == "invalid_trigger_id"


def test_a_trigger_is_good_for_three_seconds(client, slack, refusal):
    now = time.time()
    slack.clock = lambda: now
    early, late = slack.new_trigger(TOM), slack.new_trigger(TOM)
    now += 3
    assert client.views_open(trigger_id=early, view=MODAL)["ok"]
    now += 0.01
    assert refusal(client.views_open, trigger_id=late, view=MODAL) == "expired_trigger_id"


def test_a_refused_modal_uses_up_its_trigger(client, slack, refusal):
    trigger = slack.new_trigger(TOM)
    assert refusal(client.views_open, trigger_id=trigger, view=HOME) == "invalid_arguments"
    assert refusal(client.views_open, trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
    assert slack.views == {}


def test_a_modal_is_changed_while_it_is_open(client, slack, refusal):
    view = client.views_open(trigger_id=slack.new_trigger(TOM), view=MODAL)["view"]
    client.views_update(view_id=view["id"], hash=view["hash"], view={**MODAL, "private_metadata": "x"})
    shown = slack.views[view["id"]].view
    assert (shown["private_metadata"], shown["hash"] == view["hash"]) == ("x", False)
    assert refusal(client.views_update, view_id=view["id"], hash=view["hash"], view=MODAL) == "hash_conflict"
    assert refusal(client.views_update, view_id="V1", view=MODAL) == "not_found"
    assert refusal(client.views_update, view_id=view["id"], view=HOME) == "invalid_arguments"


def test_each_person_has_one_home(client, slack, refusal):
    first = client.views_publish(user_id=TOM, view=HOME)["view"]
    second = client.views_publish(user_id=TOM, view={**HOME, "private_metadata": "x"})["view"]
    assert first["id"] == second["id"]
    assert slack.homes == {TOM: second}
    assert refusal(client.views_publish, user_id=TOM, view=HOME, hash=first["hash"]) == "hash_conflict"
    assert refusal(client.views_publish, user_id=TOM, view=MODAL) == "invalid_arguments"
    assert refusal(client.views_publish, user_id="U0NOBODY", view=HOME) == "invalid_arguments"


# Rates


def test_a_channel_takes_a_short_burst_and_then_a_message_a_second(slack):
    slack.rates = Rates()
    now = time.time()
    slack.clock = lambda: now
    client = WebClient(token=slack.token, base_url=slack.url, retry_handlers=[], timeout=5)
    slack.channels["C0OTHER"] = Channel()
    for _ in range(3):
        client.chat_postMessage(channel=slack.channel, text="x")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=slack.channel, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    assert client.chat_postMessage(channel="C0OTHER", text="x")["ok"]
    now += 1
    assert client.chat_postMessage(channel=slack.channel, text="x")["ok"]
    assert len(slack.messages) == 5


def test_edits_have_an_allowance_of_fifty_a_minute(slack, client, posted):
    slack.rates = Rates()
    now = time.time()
    slack.clock = lambda: now
    for _ in range(50):
        client.chat_update(channel=slack.channel, ts=posted["ts"], text="x")
    with pytest.raises(SlackApiError) as caught:
        client.chat_update(channel=slack.channel, ts=posted["ts"], text="x")
    assert caught.value.response.headers["Retry-After"] == "2"
    assert client.auth_test()["ok"]
