"""The methods of Slack's Web API that the product may call, against a workspace.

Each takes the workspace and the call's parameters, and returns the answer's facts or raises SlackError with the code.
Sources: https://docs.slack.dev/reference/methods and, for the codes, https://github.com/slack-ruby/slack-api-ref.

Does not do: transport, faults, rates (`server`).
"""

from slack.limits import SlackError, check_message
from slack.shapes import complaint
from slack.showing import shown
from slack.views import open_view, publish_view, update_view
from slack.workspace import BOT, BOT_USER, TEAM


def answer(workspace, method, parameters, token):
    """The answer to one call, as Slack's JSON object."""
    try:
        return {"ok": True, **_call(workspace, method, parameters, token)}
    except SlackError as error:
        return error.answer


def _call(workspace, method, parameters, token):
    if method not in METHODS:
        raise SlackError("unknown_method")
    handle, needs, scope = METHODS[method]
    _check_token(workspace, method, token)
    if scope:
        _check_scope(workspace, scope)
    if missing := [each for each in needs if not parameters.get(each)]:
        raise SlackError("invalid_arguments", [complaint(f"missing required field: {missing[0]}", "")])
    return handle(workspace, parameters)


def _check_scope(workspace, scope):
    if scope not in workspace.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


def _check_token(workspace, method, token):
    if not token:
        raise SlackError("not_authed")
    if token not in {workspace.token, workspace.app_token}:
        raise SlackError("invalid_auth")
    if (token == workspace.app_token) != (method == "apps.connections.open"):
        raise SlackError("not_allowed_token_type")


# Messages


def _check_writable(workspace, channel_id):
    if _channel_with_app(workspace, channel_id).archived:
        raise SlackError("is_archived")


def _channel_with_app(workspace, channel_id):
    """A private channel that the app is not in does not exist for it."""
    channel = workspace.get_channel(channel_id)
    if not channel.member:
        raise SlackError("channel_not_found" if channel.private else "not_in_channel")
    return channel


def _post(workspace, parameters):
    """A person's id stands for the direct messages with that person, whose id the answer then has."""
    channel_id = parameters["channel"]
    if channel_id in workspace.users:
        channel_id = workspace.open_direct(channel_id)
    _check_writable(workspace, channel_id)
    check_message(parameters)
    message = {
        "type": "message",
        "ts": workspace.next_ts(),
        "unseen": workspace.history_lag,
        **parameters,
        "channel": channel_id,
    }
    workspace.messages.append(message)
    return {"channel": channel_id, "ts": message["ts"], "message": shown(message)}


def _own_message(workspace, parameters, refusal):
    """What only one person has seen cannot be found, as with Slack."""
    workspace.get_channel(parameters["channel"])
    message = workspace.find_message(parameters["channel"], parameters["ts"])
    if message is None:
        raise SlackError("message_not_found")
    if message.get("user", BOT_USER) != BOT_USER:
        raise SlackError(refusal)
    return message


def _update(workspace, parameters):
    """What is not given stays as it was (blocks, metadata)."""
    message = _own_message(workspace, parameters, "cant_update_message")
    if workspace.channels[parameters["channel"]].archived:
        raise SlackError("is_inactive")
    changed = {key: parameters[key] for key in ("text", "blocks", "metadata") if key in parameters}
    if not changed.get("text") and not changed.get("blocks"):
        raise SlackError("no_text")
    check_message({"text": message.get("text"), "blocks": message.get("blocks"), **changed})
    message |= {**changed, "edited": {"user": BOT_USER, "ts": f"{workspace.clock():.6f}"}}
    return {
        "channel": message["channel"],
        "ts": message["ts"],
        "text": message.get("text", ""),
        "message": shown(message),
    }


def _delete(workspace, parameters):
    message = _own_message(workspace, parameters, "cant_delete_message")
    workspace.messages.remove(message)
    return {"channel": message["channel"], "ts": message["ts"]}


def _post_ephemeral(workspace, parameters):
    _check_writable(workspace, parameters["channel"])
    if parameters["user"] not in workspace.people_in(parameters["channel"]):
        raise SlackError("user_not_in_channel")
    check_message(parameters)
    ts = workspace.next_ts()
    workspace.ephemeral.append({"ts": ts, **parameters})
    return {"message_ts": ts}


def _history(workspace, parameters):
    _check_readable(workspace, parameters["channel"])
    oldest = float(parameters.get("oldest") or 0)
    found = [each for each in reversed(workspace.messages) if each["channel"] == parameters["channel"]]
    found = [each for each in found if float(each["ts"]) > oldest and not _is_reply(each) and not _is_unseen(each)]
    return _portion(found, parameters)


def _replies(workspace, parameters):
    _check_readable(workspace, parameters["channel"])
    root = parameters["ts"]
    found = [each for each in workspace.messages if each["channel"] == parameters["channel"]]
    found = [each for each in found if root in {each["ts"], each.get("thread_ts")}]
    if not found:
        raise SlackError("thread_not_found")
    return _portion([each for each in found if not _is_unseen(each)], parameters)


def _check_readable(workspace, channel_id):
    _check_scope_of(workspace, _channel_with_app(workspace, channel_id), "history")


def _check_scope_of(workspace, channel, right):
    kind = "im" if channel.user else "groups" if channel.private else "channels"
    _check_scope(workspace, f"{kind}:{right}")


def _portion(found, parameters):
    start, limit = int(parameters.get("cursor") or 0), int(parameters.get("limit") or 100)
    has_more = start + limit < len(found)
    metadata = str(parameters.get("include_all_metadata")).lower() in {"1", "true"}
    return {
        "messages": [shown(each, metadata=metadata) for each in found[start : start + limit]],
        "has_more": has_more,
        "response_metadata": {"next_cursor": str(start + limit) if has_more else ""},
    }


def _is_reply(message):
    return message.get("thread_ts") not in {None, message["ts"]} and not message.get("reply_broadcast")


def _is_unseen(message):
    message["unseen"] = message.get("unseen", 0) - 1
    return message["unseen"] >= 0


# Channels and people


def _open_direct(workspace, parameters):
    if workspace.get_user(parameters["users"]).deleted:
        raise SlackError("user_disabled")
    return {"channel": {"id": workspace.open_direct(parameters["users"])}}


def _visible_channel(workspace, parameters):
    channel = workspace.get_channel(parameters["channel"])
    if channel.private and not channel.member:
        raise SlackError("channel_not_found")
    _check_scope_of(workspace, channel, "read")
    return channel


def _channel_info(workspace, parameters):
    channel = _visible_channel(workspace, parameters)
    return {
        "channel": {
            "id": parameters["channel"],
            "name": channel.name,
            "is_archived": channel.archived,
            "is_member": channel.member,
            "is_private": channel.private,
            "is_im": bool(channel.user),
            **({"user": channel.user} if channel.user else {}),
        }
    }


def _members(workspace, parameters):
    _visible_channel(workspace, parameters)
    return {
        "members": sorted(workspace.people_in(parameters["channel"])),
        "response_metadata": {"next_cursor": ""},
    }


def _user_info(workspace, parameters):
    return {"user": _profile(workspace, parameters["user"])}


def _user_by_email(workspace, parameters):
    for user_id, user in workspace.users.items():
        if user.email and user.email.lower() == parameters["email"].lower() and not user.deleted:
            return {"user": _profile(workspace, user_id)}
    raise SlackError("users_not_found")


def _users(workspace, _):
    members = [_profile(workspace, user_id) for user_id in workspace.users]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def _profile(workspace, user_id):
    user = workspace.get_user(user_id)
    profile = {"real_name": user.name, "display_name": user.name.split()[0]}
    if "users:read.email" in workspace.scopes:
        profile["email"] = user.email
    return {
        "id": user_id,
        "team_id": TEAM,
        "name": user.name.split()[0].lower(),
        "real_name": user.name,
        "tz": user.timezone,
        "deleted": user.deleted,
        "is_bot": user.bot,
        "profile": profile,
    }


def _who_am_i(workspace, _):
    return {
        "url": "https://local.slack.com/",
        "team": "Local",
        "team_id": TEAM,
        "user": "policy-monitor",
        "user_id": BOT_USER,
        "bot_id": BOT,
    }


def _open_connection(workspace, _):
    return {"url": workspace.socket.new_url()}


METHODS = {
    "apps.connections.open": (_open_connection, (), None),
    "auth.test": (_who_am_i, (), None),
    "chat.delete": (_delete, ("channel", "ts"), "chat:write"),
    "chat.postEphemeral": (_post_ephemeral, ("channel", "user"), "chat:write"),
    "chat.postMessage": (_post, ("channel",), "chat:write"),
    "chat.update": (_update, ("channel", "ts"), "chat:write"),
    "conversations.history": (_history, ("channel",), None),
    "conversations.info": (_channel_info, ("channel",), None),
    "conversations.members": (_members, ("channel",), None),
    "conversations.open": (_open_direct, ("users",), "im:write"),
    "conversations.replies": (_replies, ("channel", "ts"), None),
    "users.info": (_user_info, ("user",), "users:read"),
    "users.list": (_users, (), "users:read"),
    "users.lookupByEmail": (_user_by_email, ("email",), "users:read.email"),
    "views.open": (open_view, ("trigger_id", "view"), None),
    "views.publish": (publish_view, ("user_id", "view"), None),
    "views.update": (update_view, ("view_id", "view"), None),
}
"""Each method: what answers it, what it must be given, and the scope it needs, if that is the same in every channel."""
