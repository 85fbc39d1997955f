"""The buttons under what is told, and in the App Home; and that somebody opened it.

A value names Changes, or one Section of one (`answering.read_targets`); an option of the menu `more` has the name of
what it does before that: "snooze:12,13". "snooze:12+" is about all that the button `confirm` beside it names.
Confirming and taking back happen at once, the others ask in a form first.

Does not do: laying the buttons out (`digests.blocks`, `monitor.slack.home`), the forms (`monitor.slack.modals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.model import Verdict
from monitor.slack.answering import Event, decide_each, read_targets, serve, tell
from monitor.slack.forms import FORMS
from monitor.slack.home import publish_home
from monitor.slack.modals import open_form
from monitor.store.deliveries import find_shown
from monitor.triage import decide
from monitor.undoing import take_last_back

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from monitor.config import Config
    from monitor.slack.answering import Target, Visit

BUTTONS = ("confirm", "reject", "assign", "snooze", "more")

_TAKEN_BACK = "It was taken back already. What stood before holds again."


@dataclass(frozen=True, slots=True)
class Click:
    """One press of one button."""

    event: Event
    does: str
    """`confirm`, `undo`, or the name of a form."""
    targets: tuple[Target, ...]
    trigger: str
    """Slack opens a form for it, within three seconds."""
    message: str
    """The `ts` of the message that it is in; "" = the App Home."""


def register(app: App, config: Config) -> None:
    def act(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack()
        click = read_click(body)
        serve(config, context, click.event, lambda visit: _act(visit, click), once=click.does not in FORMS)

    def show(body: dict[str, Any], context: BoltContext) -> None:
        member = body["event"]["user"]
        event = Event(body["event_id"], "home", member, channel=None, is_awaited=False)
        serve(config, context, event, publish_home)

    for button in BUTTONS:
        app.action(button)(act)
    app.action("open")(_let_open)
    app.event("app_home_opened")(show)


def read_click(body: dict[str, Any]) -> Click:
    """From the payload: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload"""
    action, container = body["actions"][0], body["container"]
    chosen = action.get("selected_option")
    does, value = chosen["value"].split(":", 1) if chosen else (action["action_id"], action["value"])
    if value.endswith("+"):
        value = _read_whole(body, action["block_id"])
    member, place = body["user"]["id"], container.get("message_ts") or container["view_id"]
    key = " ".join([action["action_ts"], member, action["block_id"], does, place])
    fleeting = bool(container.get("is_ephemeral"))
    event = Event(key, f"{does} {value}", member, container.get("channel_id"), is_fleeting=fleeting)
    return Click(event, does, read_targets(value), body["trigger_id"], container.get("message_ts", ""))


def _read_whole(body: dict[str, Any], block_id: str) -> str:
    """What the button `confirm` in the same block is about. A message that tells a group is one that everybody sees."""
    (block,) = [each for each in body["message"]["blocks"] if each.get("block_id") == block_id]
    (value,) = [each["value"] for each in block["elements"] if each["action_id"] == "confirm"]
    return str(value)


def _act(visit: Visit, click: Click) -> None:
    match click.does:
        case "confirm":
            decide_each(visit, click.targets, lambda target: _confirm(visit, target))
        case "undo":
            seen = find_shown(visit.db, click.message) if click.message else 0
            decide_each(visit, click.targets, lambda target: _undo(visit, target, seen))
        case form:
            open_form(visit, form, click.targets, click.trigger)


def _confirm(visit: Visit, target: Target) -> None:
    decide(visit.db, *target, Verdict.CONFIRMED, by=visit.name, now=visit.now)


def _undo(visit: Visit, target: Target, seen: int) -> None:
    done = take_last_back(visit.db, target[0], seen=seen, by=visit.name, now=visit.now)
    if not any(each.is_new for each in done):
        tell(visit.client, visit.event, _TAKEN_BACK)


def _let_open(ack: Ack) -> None:
    """The link opens by itself; Slack wants an answer all the same."""
    ack()
