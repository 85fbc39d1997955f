"""Forms in Slack: opening one for a button, and taking what was filled in.

A form carries what it is about in its `private_metadata`. What is wrong with an answer is said in the form, which stays
open; what turns out to be impossible afterwards is said in a message (`answering.serve`).

Does not do: what each form asks for and decides (`monitor.slack.forms`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from digests import kit
from digests.escape import plain
from digests.kit import plain_text
from monitor.slack.answering import Event, decide_each, read_targets, serve
from monitor.slack.forms import FORMS
from monitor.store.changes import get_change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slack_bolt import Ack, App, BoltContext

    from digests.kit import Block
    from monitor.config import Config
    from monitor.slack.answering import Target, Visit
    from monitor.slack.forms import Values

_MOST_NAMED = 5
"""Of one change in many documents."""


def register(app: App, config: Config) -> None:
    def submit(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        form, values = FORMS[body["view"]["callback_id"]], read_values(body["view"])
        mistakes = form.find_mistakes(values, config.now().date())
        if mistakes:
            ack(response_action="errors", errors=mistakes)
            return
        ack()
        event, targets = _read_submission(body)
        serve(
            config, context, event, lambda visit: decide_each(visit, targets, lambda it: form.decide(visit, it, values))
        )

    for name in FORMS:
        app.view(name)(submit)


def _read_submission(body: Mapping[str, Any]) -> tuple[Event, tuple[Target, ...]]:
    """From the payload: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
    view = body["view"]
    subject = json.loads(view["private_metadata"])
    key, what = f"{view['id']} {view['hash']}", f"{view['callback_id']} {subject['about']}"
    event = Event(key, what, body["user"]["id"], subject["channel"], is_fleeting=subject["fleeting"])
    return event, read_targets(subject["about"])


def open_form(visit: Visit, name: str, targets: tuple[Target, ...], trigger: str) -> None:
    """Raises NotFoundError where there is no such Change, and what slack-sdk raises."""
    form = FORMS[name]
    fields = form.build(visit, targets)
    about = {"about": _write(targets), "channel": visit.event.channel, "fleeting": visit.event.is_fleeting}
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": name,
        "title": plain_text(form.title),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps(about, ensure_ascii=False),
        "blocks": [kit.rich(*_say_what(visit, targets)), *fields],
    }
    if any(each["type"] == "input" for each in fields):
        view["submit"] = plain_text(form.submit)
    visit.client.views_open(trigger_id=trigger, view=view)


def _write(targets: tuple[Target, ...]) -> str:
    """As `read_targets` reads it."""
    return ",".join(f"{change_id}:{section_id}" if section_id else str(change_id) for change_id, section_id in targets)


def _say_what(visit: Visit, targets: tuple[Target, ...]) -> Iterator[Block]:
    for change_id, section_id in targets[:_MOST_NAMED]:
        change = get_change(visit.db, change_id)
        name = kit.link(change.url, plain(change.title, 140))
        facts = filter(None, [f"change {change_id}", plain(section_id or "", 140)])
        yield kit.section([name, kit.text(f" · {' · '.join(facts)}")])
    if len(targets) > _MOST_NAMED:
        yield kit.section([kit.text(f"… and {len(targets) - _MOST_NAMED} more documents with the same change")])


def read_values(view: Mapping[str, Any]) -> Values:
    """What was filled in, by the block's id; for the block `sections` also what it offered, as `offered`."""
    values = {
        block_id: _read_value(element)
        for block_id, elements in view["state"]["values"].items()
        for element in elements.values()
    }
    blocks = [each for each in view["blocks"] if each.get("block_id") == "sections"]
    offered = [option["value"] for each in blocks for option in each["element"]["options"]]
    return values | {"offered": offered}


def _read_value(element: Mapping[str, Any]) -> Any:
    """A text, an option's value, the values of options, a member's id, or a day; None where it was left empty."""
    match element["type"]:
        case "plain_text_input":
            return element["value"]
        case "radio_buttons":
            return element["selected_option"]["value"] if element["selected_option"] else None
        case "checkboxes":
            return [each["value"] for each in element["selected_options"] or ()]
        case "users_select":
            return element["selected_user"]
        case _:
            return element["selected_date"]
