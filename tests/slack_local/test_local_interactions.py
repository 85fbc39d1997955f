"""What people do reaches a Bolt app in Slack's own form, over Socket Mode and over HTTP alike."""

import pytest

from slack.apps import over_http
from slack.people import MARIA, TOM, wait_until

BUTTONS = {
    "type": "actions",
    "block_id": "act:12",
    "elements": [
        {"type": "button", "action_id": "confirm", "text": {"type": "plain_text", "text": "Confirm"}, "value": "12"},
        {"type": "button", "action_id": "reject", "text": {"type": "plain_text", "text": "No…"}, "value": "12"},
        {
            "type": "overflow",
            "action_id": "more",
            "options": [
                {"text": {"type": "plain_text", "text": "Due date…"}, "value": "due:12"},
                {"text": {"type": "plain_text", "text": "Take back"}, "value": "undo:12"},
            ],
        },
    ],
}
MODAL = {
    "type": "modal",
    "callback_id": "reason",
    "title": {"type": "plain_text", "text": "Not applicable"},
    "submit": {"type": "plain_text", "text": "Save"},
    "private_metadata": "12",
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why?"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 200},
        },
        {
            "type": "input",
            "block_id": "who",
            "optional": True,
            "label": {"type": "plain_text", "text": "Who?"},
            "element": {"type": "users_select", "action_id": "person", "initial_user": TOM},
        },
        {
            "type": "input",
            "block_id": "when",
            "optional": True,
            "label": {"type": "plain_text", "text": "When?"},
            "element": {"type": "datepicker", "action_id": "day"},
        },
    ],
}


@pytest.fixture
def message(slack, client):
    client.chat_postMessage(channel=slack.channel, text="x", blocks=[BUTTONS])
    return slack.messages[-1]


def test_a_click_says_who_pressed_what_where(slack, app, connected, message):
    heard = []
    app.action("confirm")(lambda ack, body: (ack(), heard.append(body)))
    reply = slack.click(message, "confirm", user=TOM)
    assert (reply.acked, reply.payload) == (True, None)
    (body,) = wait_until(lambda: heard)
    assert (body["type"], body["user"]["id"], body["team"]["id"]) == ("block_actions", TOM, "T0LOCAL")
    assert body["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": slack.channel,
        "is_ephemeral": False,
    }
    assert (body["channel"]["id"], body["message"]["blocks"]) == (slack.channel, [BUTTONS])
    (action,) = body["actions"]
    assert float(action.pop("action_ts")) > float(message["ts"])
    assert action == {
        "type": "button",
        "action_id": "confirm",
        "block_id": "act:12",
        "text": {"type": "plain_text", "text": "Confirm"},
        "value": "12",
    }


def test_a_menu_says_which_option_was_chosen(slack, app, connected, message):
    heard = []
    app.action("more")(lambda ack, action: (ack(), heard.append(action)))
    slack.choose(message, "more", "due:12")
    (action,) = wait_until(lambda: heard)
    assert action["selected_option"]["value"] == "due:12"


def test_a_modal_opens_takes_values_and_closes(slack, app, connected, message):
    heard = []
    app.action("reject")(
        lambda ack, body, client: (ack(), client.views_open(trigger_id=body["trigger_id"], view=MODAL))
    )
    app.view("reason")(lambda ack, body: (ack(), heard.append(body)))
    slack.click(message, "reject", user=TOM)
    modal = slack.wait_for_modal("reason")
    assert modal.user == TOM
    slack.submit(modal, {"why": "Concerns shops only.", "when": "2026-12-01"})
    (body,) = wait_until(lambda: heard)
    assert (body["user"]["id"], body["view"]["private_metadata"]) == (TOM, "12")
    assert body["view"]["state"]["values"] == {
        "why": {"text": {"type": "plain_text_input", "value": "Concerns shops only."}},
        "who": {"person": {"type": "users_select", "selected_user": TOM}},
        "when": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}},
    }
    assert slack.views == {}


def test_a_modal_that_is_answered_with_errors_stays_open(slack, app, connected, message):
    app.action("reject")(
        lambda ack, body, client: (ack(), client.views_open(trigger_id=body["trigger_id"], view=MODAL))
    )
    app.view("reason")(lambda ack: ack(response_action="errors", errors={"why": "Say more."}))
    slack.click(message, "reject")
    modal = slack.wait_for_modal()
    reply = slack.submit(modal, {"why": "no"})
    assert reply.payload == {"response_action": "errors", "errors": {"why": "Say more."}}
    assert list(slack.views) == [modal.view["id"]]


def test_a_command_is_answered_to_the_one_who_typed_it(slack, app, connected):
    app.command("/policy")(lambda ack, command: ack(f"You said {command['text']} in {command['channel_id']}"))
    slack.command("/policy", "changes", user=TOM)
    (answer,) = slack.ephemeral
    assert (answer["user"], answer["text"]) == (TOM, "You said changes in C0POLICY")


def test_an_answer_that_comes_later_uses_the_response_url(slack, app, connected):
    app.command("/policy")(
        lambda ack, respond: (ack(), respond("Done."), respond("All see.", response_type="in_channel"))
    )
    slack.command("/policy", "crawl code")
    wait_until(lambda: slack.messages)
    assert [each["text"] for each in slack.ephemeral] == ["Done."]
    assert [each["text"] for each in slack.messages] == ["All see."]


def test_an_opened_home_tab_is_an_event(slack, app, connected):
    heard = []
    home = {"type": "home", "blocks": [{"type": "divider"}]}

    @app.event("app_home_opened")
    def show(event, body, client):
        client.views_publish(user_id=event["user"], view=home)
        heard.append(body)

    slack.open_home(TOM)
    (body,) = wait_until(lambda: heard)
    assert body["event_id"].startswith("Ev")
    assert body["event"]["tab"] == "home"
    assert "view" not in body["event"]
    assert slack.homes[TOM]["blocks"][0]["type"] == "divider"
    slack.open_home(TOM)
    assert wait_until(lambda: heard[1:])[0]["event"]["view"]["id"] == slack.homes[TOM]["id"]


def test_nobody_can_use_what_the_screen_does_not_offer(slack, client, message):
    with pytest.raises(LookupError, match=r"0 elements are 'erase'.*'confirm', '12'"):
        slack.click(message, "erase")
    with pytest.raises(LookupError, match="0 elements"):
        slack.click(message, "confirm", value="13")
    with pytest.raises(LookupError, match="0 elements"):
        slack.choose(message, "more", "erase:12")
    client.chat_delete(channel=slack.channel, ts=message["ts"])
    with pytest.raises(LookupError, match="not there any more"):
        slack.click(message, "confirm")


def test_what_does_not_happen_is_named(slack):
    with pytest.raises(TimeoutError, match=r"waited 0.05 s for modal reason to open"):
        slack.wait_for_modal("reason", seconds=0.05)


def test_equal_buttons_are_told_apart(slack, client):
    other = {**BUTTONS, "block_id": "act:13", "elements": [{**BUTTONS["elements"][0], "value": "13"}]}
    client.chat_postMessage(channel=slack.channel, text="x", blocks=[BUTTONS, other])
    with pytest.raises(LookupError, match="2 elements are 'confirm'"):
        slack.click(slack.messages[-1], "confirm")
    slack.request_url = "http://127.0.0.1:1/"
    by_value = slack.click(slack.messages[-1], "confirm", value="13").told.payload["actions"]
    by_block = slack.click(slack.messages[-1], "confirm", block_id="act:13").told.payload["actions"]
    assert by_value[0]["block_id"] == by_block[0]["block_id"] == "act:13"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, "'why' is required"),
        ({"why": "x" * 201}, "201 characters"),
        ({"why": "x", "where": "x"}, "no input"),
    ],
)
def test_a_modal_takes_no_wrong_values(slack, client, values, error):
    view = client.views_open(trigger_id=slack.new_trigger(TOM), view=MODAL)["view"]
    with pytest.raises(ValueError, match=error):
        slack.submit(slack.views[view["id"]], values)


def test_an_app_that_is_not_there_does_not_answer(slack, message):
    slack.request_url = "http://127.0.0.1:1/"
    reply = slack.click(message, "confirm")
    assert (reply.acked, reply.status) == (False, None)
    assert slack.event({"type": "app_home_opened"}).attempts == 4


def test_an_event_that_fails_over_http_comes_again_and_says_why(slack, app):
    with over_http(slack, app) as requests:
        assert slack.event({"type": "of_no_interest"}).status == 404
    assert [headers.get("X-Slack-Retry-Num") for _, headers in requests] == [None, "1", "2", "3"]
    assert requests[1][1]["X-Slack-Retry-Reason"] == "http_error"


def test_buttons_that_one_person_sees_are_pressed_by_that_person_only(slack, app, connected, client):
    heard = []
    app.action("confirm")(lambda ack, body, respond: (ack(), respond(delete_original=True), heard.append(body)))
    client.chat_postEphemeral(channel=slack.channel, user=TOM, text="x", blocks=[BUTTONS])
    with pytest.raises(LookupError, match="does not see"):
        slack.click(slack.ephemeral[0], "confirm", user=MARIA)
    slack.click(slack.ephemeral[0], "confirm", user=TOM)
    (body,) = wait_until(lambda: heard)
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    assert slack.ephemeral == []


def test_buttons_and_menus_in_a_home_and_in_a_modal(slack, app, connected, client):
    heard = []
    app.action("confirm")(lambda ack, body: (ack(), heard.append(body)))
    client.views_publish(user_id=TOM, view={"type": "home", "blocks": [BUTTONS]})
    slack.click(slack.homes[TOM], "confirm", user=TOM)
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [BUTTONS]}
    client.views_open(trigger_id=slack.new_trigger(TOM), view=view)
    slack.click(slack.wait_for_modal(), "confirm", user=TOM)
    home, modal = wait_until(lambda: heard[1:] and heard)
    assert home["container"] == {"type": "view", "view_id": slack.homes[TOM]["id"]}
    assert (home["view"]["type"], modal["view"]["type"]) == ("home", "modal")
    assert "response_url" not in home


@pytest.mark.parametrize("choice", ["checkboxes", "radio_buttons", "static_select"])
def test_choices_are_sent_as_the_options_they_are(slack, client, choice):
    option = {"text": {"type": "plain_text", "text": "Yes"}, "value": "yes"}
    element = {"type": choice, "action_id": "a", "options": [option]}
    block = {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "x"}, "element": element}
    shown = client.views_open(trigger_id=slack.new_trigger(TOM), view={**MODAL, "blocks": [block]})["view"]
    slack.request_url = "http://127.0.0.1:1/"
    modal = slack.views[shown["id"]]
    told = slack.submit(modal, {"b": ["yes"] if choice == "checkboxes" else "yes"}).told.payload
    chosen = {"selected_options": [option]} if choice == "checkboxes" else {"selected_option": option}
    assert told["view"]["state"]["values"] == {"b": {"a": {"type": choice, **chosen}}}
    with pytest.raises(LookupError, match="no option 'no'"):
        slack.submit(modal, {"b": ["no"] if choice == "checkboxes" else "no"})


def test_an_optional_field_can_be_emptied(slack, client):
    view = client.views_open(trigger_id=slack.new_trigger(TOM), view=MODAL)["view"]
    slack.request_url = "http://127.0.0.1:1/"
    told = slack.submit(slack.views[view["id"]], {"why": "x", "who": None}).told.payload
    assert told["view"]["state"]["values"]["who"] == {"person": {"type": "users_select", "selected_user": None}}


def test_a_modal_is_updated_cleared_or_cancelled(slack, app, connected, client):
    heard = []
    answers = [{"response_action": "update", "view": {**MODAL, "private_metadata": "13"}}, {"response_action": "clear"}]
    app.view("reason")(lambda ack: ack(**answers.pop(0)))
    app.view_closed("reason")(lambda ack, body: (ack(), heard.append(body["type"])))
    asked = {**MODAL, "notify_on_close": True}
    client.views_open(trigger_id=slack.new_trigger(TOM), view=asked)
    slack.submit(slack.wait_for_modal(), {"why": "x"})
    assert slack.wait_for_modal().view["private_metadata"] == "13"
    slack.submit(slack.wait_for_modal(), {"why": "x"})
    assert slack.views == {}
    client.views_open(trigger_id=slack.new_trigger(TOM), view=asked)
    slack.close(slack.wait_for_modal())
    assert wait_until(lambda: heard) == ["view_closed"]
    client.views_open(trigger_id=slack.new_trigger(TOM), view=MODAL)
    assert slack.close(slack.wait_for_modal()) is None


@pytest.mark.parametrize("answer", [{"response_action": "errors", "errors": {"nowhere": "x"}}, {"text": "x"}])
def test_an_answer_to_a_modal_that_slack_does_not_know(slack, app, client, answer):
    app.view("reason")(lambda ack: ack(answer))
    client.views_open(trigger_id=slack.new_trigger(TOM), view=MODAL)
    with over_http(slack, app), pytest.raises(ValueError, match="modal"):
        slack.submit(slack.wait_for_modal(), {"why": "x"})
