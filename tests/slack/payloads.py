"""What Slack tells an app about what a person did, in Slack's form, and what that person can do at all.

Source: https://docs.slack.dev/reference/interaction-payloads and
https://docs.slack.dev/interactivity/implementing-slash-commands.

Does not do: sending (`people`), any state.
"""

from slack.workspace import APP, BOT_USER, TEAM

VERIFICATION = "local-verification-token"
_TEAM = {"id": TEAM, "domain": "local"}
_ANYWHERE = {"api_app_id": APP, "token": VERIFICATION, "enterprise": None, "is_enterprise_install": False}

CHOICES = {
    "users_select": "selected_user",
    "datepicker": "selected_date",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "plain_text_input": "value",
}
"""Where a payload has what was chosen or typed, by the type of the element."""

_INITIAL = {
    "users_select": "initial_user",
    "datepicker": "initial_date",
    "static_select": "initial_option",
    "radio_buttons": "initial_option",
    "checkboxes": "initial_options",
    "plain_text_input": "initial_value",
}


def elements(blocks):
    """(block_id, element) of everything in the blocks that a person can use."""
    for block in blocks:
        inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for element in inside if block["type"] in {"actions", "section", "input"} else ():
            if element and "action_id" in element:
                yield block["block_id"], element


def find_element(blocks, action_id, block_id=None, *, value=None, choice=None):
    """(block_id, element) of the one that is meant; LookupError names what is there."""
    there = list(elements(blocks))
    found = [
        (own_block, element)
        for own_block, element in there
        if element["action_id"] == action_id
        and value in {None, element.get("value")}
        and block_id in {None, own_block}
        and (choice is None or "options" not in element or choice in _values(element))
    ]
    if len(found) != 1:
        names = [(own_block, each["action_id"], each.get("value") or _values(each)) for own_block, each in there]
        wanted = f"{action_id!r} (value {value!r}, choice {choice!r}, block {block_id!r})"
        raise LookupError(f"{len(found)} elements are {wanted}: {names}")
    return found[0]


def _values(element):
    return [each["value"] for each in _options(element)]


def _options(element):
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(each for group in groups for each in group["options"])]


def chosen(element, choice):
    """What a payload says of a choice: an option by its value, everything else as it is."""
    if choice is None:
        return None
    if element["type"] == "checkboxes":
        return [_option(element, each) for each in choice]
    return _option(element, choice) if CHOICES[element["type"]] == "selected_option" else choice


def _option(element, value):
    for option in _options(element):
        if option["value"] == value:
            return option
    raise LookupError(f"no option {value!r} in {element['action_id']!r}: {_values(element)}")


def action(block_id, element, choice, at):
    """One entry of `actions`."""
    used = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id, "action_ts": at}
    if element["type"] == "button":
        return used | {key: element[key] for key in ("text", "value", "url") if key in element}
    return used | {CHOICES[element["type"]]: chosen(element, choice)}


def of_message(message, channel, response_url, *, is_ephemeral):
    """The part of block_actions that says where a message was; of an ephemeral one the app is not told what it says."""
    return {
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel["id"],
            "is_ephemeral": is_ephemeral,
        },
        "channel": channel,
        **({} if is_ephemeral else {"message": message}),
        "response_url": response_url,
    }


def of_view(view):
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def block_actions(user, trigger_id, where, action):
    return {
        "type": "block_actions",
        "user": user,
        **_ANYWHERE,
        "team": _TEAM,
        "trigger_id": trigger_id,
        "state": {"values": {}},
        **where,
        "actions": [action],
    }


def view_submission(user, trigger_id, view, values):
    return {
        "type": "view_submission",
        "team": _TEAM,
        "user": user,
        **_ANYWHERE,
        "trigger_id": trigger_id,
        "view": view | {"state": {"values": filled(view, values)}},
        "response_urls": [],
    }


def view_closed(user, view):
    return {
        "type": "view_closed",
        "team": _TEAM,
        "user": user,
        **_ANYWHERE,
        "view": view,
        "is_cleared": False,
    }


def filled(view, values):
    """`state.values` of a modal in which somebody put `values` ({block_id: text, option's value, person or date}).

    What nobody touched keeps its initial value. ValueError for what Slack would not let a person submit: a required
    field left empty, a text of the wrong length, a field that is not there.
    """
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    if unknown := set(values) - set(inputs):
        raise ValueError(f"no input {sorted(unknown)} in the modal: {sorted(inputs)}")
    return {block_id: _filled(block, values) for block_id, block in inputs.items()}


def _filled(block, values):
    element = block["element"]
    kind = element["type"]
    value = element.get(_INITIAL[kind])
    if block["block_id"] in values:
        value = chosen(element, values[block["block_id"]])
    if not value and not block.get("optional"):
        raise ValueError(f"{block['block_id']!r} is required")
    if kind == "plain_text_input":
        _check_length(block["block_id"], element, value or "")
    return {element["action_id"]: {"type": kind, CHOICES[kind]: value or None}}


def _check_length(name, element, text):
    if text and not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3_000):
        raise ValueError(f"{name!r}: {len(text)} characters are not taken")


def slash_command(user, trigger_id, command, text, channel, response_url):
    """A form; every value is a string."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM,
        "team_domain": "local",
        **channel,
        "user_id": user["id"],
        "user_name": user["name"],
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def event_callback(event, event_id, at):
    """`at` in whole seconds since the epoch."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": at,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }
