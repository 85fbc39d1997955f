"""What Slack refuses in a message or a view as a whole: its error code and its complaints.

Sources: https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/reference/views. The limit on
all characters of a message is documented nowhere; it was met at about 13,200 and once at 11,341 characters
(https://github.com/slackapi/bolt-js/issues/2867), so it is 11,000 here. The size of metadata is not published either.

Does not do: single blocks (`blocks`).
"""

import json

from slack.blocks import VIEW, blocks
from slack.shapes import complaint

MAX_BLOCKS = 50
MAX_CHARACTERS = 11_000
MAX_TEXT = 40_000
MAX_METADATA = 1_000
MAX_VIEW = 250_000
"""Bytes."""

_MESSAGE_BLOCKS = blocks(MAX_BLOCKS, least=0)
_INPUTS_NEED_SUBMIT = "submit is required when an input block is within the blocks array"


class SlackError(Exception):
    """Slack's answer `ok: false`: its code, what exactly is wrong, and whatever else the answer says."""

    def __init__(self, code, complaints=(), **facts):
        super().__init__(code)
        self.code = code
        self.complaints = tuple(complaints)
        self.facts = facts

    @property
    def answer(self):
        answer = {"ok": False, "error": self.code, **self.facts}
        if self.complaints:
            answer["errors"] = list(self.complaints)
            answer["response_metadata"] = {"messages": [f"[ERROR] {each}" for each in self.complaints]}
        return answer


def find_refusal(message):
    """The error code Slack answers, or None where the message is fine."""
    try:
        check_message(message)
    except SlackError as refusal:
        return refusal.code
    return None


def find_view_refusal(view):
    """The error code Slack answers, or None where the view is fine."""
    try:
        check_view(view)
    except SlackError as refusal:
        return refusal.code
    return None


def check_message(message):
    content = message.get("blocks") or []
    if not content and not message.get("text"):
        raise SlackError("no_text")
    if len(message.get("text") or "") > MAX_TEXT:
        raise SlackError("msg_too_long")
    if complaints := list(_MESSAGE_BLOCKS(content, "/blocks")):
        raise SlackError("invalid_blocks", complaints)
    if text_length(content) > MAX_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    check_metadata(message.get("metadata"))


def check_metadata(metadata):
    """An empty object takes the metadata away (chat.update)."""
    if not metadata:
        return
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) >= MAX_METADATA:
        raise SlackError("metadata_too_large")


def check_view(view):
    if len(json.dumps(view)) > MAX_VIEW:
        raise SlackError("view_too_large")
    complaints = list(VIEW(view, "/view"))
    if not complaints and view["type"] == "modal" and "submit" not in view and _has_input(view):
        complaints = [complaint(_INPUTS_NEED_SUBMIT, "/view")]
    if complaints:
        raise SlackError("invalid_arguments", complaints)


def _has_input(view):
    return any(block["type"] == "input" for block in view["blocks"])


def text_length(node):
    """All characters of texts, addresses and values in blocks."""
    if isinstance(node, list):
        return sum(map(text_length, node))
    if not isinstance(node, dict):
        return 0
    own = sum(len(node[key]) for key in ("text", "url", "value") if isinstance(node.get(key), str))
    return own + sum(text_length(value) for value in node.values())
