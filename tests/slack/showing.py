"""Messages and views as Slack shows them: with their author, and with an id for whatever came without.

Does not do: storing; what was posted stays as it was posted.
"""

from slack.workspace import APP, BOT, BOT_USER, TEAM

_HIDDEN = {"unseen", "channel"}


def shown(message, *, metadata=True):
    """A message as Slack shows it: with its author, and an id for each block and each element that came without."""
    hidden = _HIDDEN if metadata else _HIDDEN | {"metadata"}
    seen = {key: value for key, value in message.items() if key not in hidden}
    if message.get("blocks"):
        seen["blocks"] = named(message["blocks"], message["ts"])
    return {"type": "message", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM, **seen}


def named(blocks, salt):
    """Blocks with an id for each block and each element that came without."""
    return [_named(block, f"{salt}-{number}") for number, block in enumerate(blocks)]


def _named(block, name):
    block = {"block_id": name, **block}
    if block["type"] == "actions":
        elements = enumerate(block["elements"])
        block["elements"] = [{"action_id": f"{name}-{number}", **each} for number, each in elements]
    return block


def shown_view(workspace, view, view_id):
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "submit": None,
        "close": None,
        "previous_view_id": None,
        **view,
        "blocks": named(view["blocks"], view_id),
        "id": view_id,
        "root_view_id": view_id,
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": BOT,
        "hash": f"{workspace.clock():.0f}.{workspace.new_id('h')}",
        "state": {"values": {}},
    }
