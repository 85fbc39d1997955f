"""What people see of a Slack message, and whether Slack takes it."""

import json
import re

from digests.blocks import MAX_BLOCKS, MAX_CHARACTERS, size
from slack.limits import find_refusal

HOSTILE = "<!channel> *urgent* <https://evil.example|your bank> @here :tada: \u202elanosrep & \x00"


def visible(message):
    """What people read, without markup."""
    texts = []

    def walk(node):
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            texts.append(node["text"] if isinstance(node.get("text"), str) else "")
            walk(list(node.values()))

    walk(list(message.blocks))
    return " ".join(" ".join(texts).split())


def assert_accepted(parts):
    for part in parts:
        assert find_refusal({"text": part.text, "blocks": list(part.blocks)}) is None
        assert len(part.blocks) <= MAX_BLOCKS
        assert size(part.blocks) <= MAX_CHARACTERS


def mentions(parts):
    found = re.findall(r'"type": "(user|usergroup|channel|broadcast)"', json.dumps([part.blocks for part in parts]))
    ids = re.findall(r'"user_id": "(.*?)"', json.dumps([part.blocks for part in parts]))
    return found, ids
