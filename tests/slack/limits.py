"""What Slack refuses in a message, as its error code.

Source: https://docs.slack.dev/reference/block-kit/blocks, and for the total https://github.com/slackapi/bolt-js/issues/2867.
"""

MAX_BLOCKS = 50
MAX_CHARACTERS = 11_000
MAX_TEXT = 40_000

RICH_PARTS = {"rich_text_section", "rich_text_quote", "rich_text_list", "rich_text_preformatted"}
STYLES = {"bold", "italic", "strike", "code"}


def find_refusal(message):
    """The error code Slack answers, or None where the message is fine."""
    blocks = message.get("blocks") or []
    if not blocks and not message.get("text"):
        return "no_text"
    if len(message.get("text") or "") > MAX_TEXT:
        return "msg_too_long"
    if len(blocks) > MAX_BLOCKS or not all(is_valid_block(block) for block in blocks):
        return "invalid_blocks"
    if sum(map(text_length, blocks)) > MAX_CHARACTERS:
        return "msg_blocks_too_long"
    return find_metadata_refusal(message.get("metadata"))


def find_metadata_refusal(metadata):
    if metadata is None:
        return None
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict):
        return "invalid_metadata_format"
    return None if len(str(metadata)) < 1_000 else "metadata_too_large"


def text_length(node):
    """All characters of texts and addresses in a block."""
    if isinstance(node, list):
        return sum(map(text_length, node))
    if not isinstance(node, dict):
        return 0
    own = sum(len(node[key]) for key in ("text", "url") if isinstance(node.get(key), str))
    return own + sum(text_length(value) for value in node.values())


def is_valid_block(block):
    match block:
        case {"type": "header", "text": {"type": "plain_text", "text": str(text)}}:
            return 0 < len(text) <= 150
        case {"type": "section", "text": {"type": "mrkdwn" | "plain_text", "text": str(text)}}:
            return 0 < len(text) <= 3_000
        case {"type": "context", "elements": [*elements]}:
            return 0 < len(elements) <= 10 and all(is_valid_context(each) for each in elements)
        case {"type": "divider"}:
            return set(block) <= {"type", "block_id"}
        case {"type": "rich_text", "elements": [_, *_] as parts}:
            return all(is_valid_part(part) for part in parts)
    return False


def is_valid_context(element):
    match element:
        case {"type": "plain_text" | "mrkdwn", "text": str(text)}:
            return 0 < len(text) <= 2_000
    return False


def is_valid_part(part):
    match part:
        case {"type": "rich_text_list", "style": "bullet" | "ordered", "elements": [_, *_] as items}:
            return all(item.get("type") == "rich_text_section" and is_valid_part(item) for item in items)
        case {"type": kind, "elements": [_, *_] as elements} if kind in RICH_PARTS:
            return all(is_valid_element(element) for element in elements)
    return False


def is_valid_element(element):
    if not set(element.get("style", {})) <= STYLES:
        return False
    match element:
        case {"type": "text", "text": str(text)}:
            return bool(text)
        case {"type": "link", "url": str(url)}:
            return url.startswith(("http://", "https://")) and len(url) <= 3_000 and element.get("text") != ""
        case {"type": "emoji", "name": str(name)}:
            return bool(name)
    return False
