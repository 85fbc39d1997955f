"""What an app's answer to a person brings about: through a response_url, or with the acknowledgement itself.

Source: https://docs.slack.dev/interactivity/handling-user-interaction and https://docs.slack.dev/surfaces/modals.

Does not do: transport.
"""

from slack.limits import SlackError, check_message
from slack.views import replace_view


def respond(workspace, key, answer):
    """One use of a response_url, as Slack's JSON object."""
    try:
        asked = workspace.use_response_url(key)
        if asked.message and answer.get("delete_original"):
            _remove(workspace, asked.message)
            return {"ok": True}
        check_message(answer)
        if asked.message and answer.get("replace_original"):
            asked.message |= {each: answer[each] for each in ("text", "blocks") if each in answer}
        else:
            show_answer(workspace, asked.channel, asked.user, answer)
    except SlackError as error:
        return error.answer
    return {"ok": True}


def _remove(workspace, message):
    for kept in (workspace.messages, workspace.ephemeral):
        if message in kept:
            kept.remove(message)


def show_answer(workspace, channel_id, user_id, answer):
    """To the one person, unless the answer is meant for the channel."""
    shown = {"ts": workspace.next_ts(), "channel": channel_id, "text": answer.get("text", "")}
    shown |= {"blocks": answer["blocks"]} if answer.get("blocks") else {}
    if answer.get("response_type") == "in_channel":
        workspace.messages.append({"type": "message", "unseen": 0, **shown})
    else:
        workspace.ephemeral.append({"user": user_id, **shown})


def after_command(workspace, told, answer):
    """What an acknowledgement of a slash command says is shown at once."""
    if answer:
        check_message(answer)
        show_answer(workspace, told["channel_id"], told["user_id"], answer)


def after_submission(workspace, told, answer):
    """Close the modal, or do with it what the acknowledgement says."""
    view = told["view"]
    match answer:
        case None:
            workspace.views.pop(view["id"], None)
        case {"response_action": "clear"}:
            workspace.views.clear()
        case {"response_action": "update", "view": shown}:
            replace_view(workspace, view["id"], shown)
        case {"response_action": "errors", "errors": {**errors}} if errors:
            if unknown := set(errors) - set(view["state"]["values"]):
                raise ValueError(f"errors for inputs that are not in the modal: {sorted(unknown)}")
        case _:
            raise ValueError(f"no answer to a modal: {answer}")
