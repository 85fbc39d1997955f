"""The local Slack refuses what Slack's documentation says Slack refuses, and says where."""

import pytest

from slack.limits import SlackError, check_message, check_view, find_refusal, find_view_refusal

TEXT = {"type": "text", "text": "x"}
DIVIDER = {"type": "divider"}


def plain(length=1):
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length=1):
    return {"type": "mrkdwn", "text": "x" * length}


def rich(*parts):
    return {"type": "rich_text", "elements": list(parts)}


def line(*elements):
    return {"type": "rich_text_section", "elements": list(elements)}


def listed(*items, **facts):
    return rich({"type": "rich_text_list", "style": "bullet", "elements": list(items), **facts})


def section(**facts):
    return {"type": "section", **facts}


def context(*elements):
    return {"type": "context", "elements": list(elements)}


def actions(*elements, **facts):
    return {"type": "actions", "elements": list(elements), **facts}


def button(**facts):
    return {"type": "button", "text": plain(), **facts}


def options(count, text=1, value=None):
    return [{"text": plain(text), "value": "v" * value if value else f"{number}"} for number in range(count)]


def overflow(*choices, **facts):
    return {"type": "overflow", "action_id": "more", "options": list(choices), **facts}


def select(**facts):
    return {"type": "static_select", "action_id": "s", **facts}


def answer(element, **facts):
    return {"type": "input", "label": plain(), "element": element, **facts}


def confirm(**facts):
    return button(confirm={"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **facts})


FINE = [
    DIVIDER,
    {"type": "header", "text": plain(150)},
    section(text=mrkdwn(3_000)),
    section(text=plain(3_000), expand=True),
    section(fields=[mrkdwn()] * 10),
    section(fields=[plain(2_000)]),
    section(text=mrkdwn(), accessory=button(action_id="a")),
    section(text=mrkdwn(), accessory={"type": "image", "image_url": "https://x.example/x.png", "alt_text": "x"}),
    context(*[plain()] * 10),
    context(mrkdwn(2_000)),
    actions(*[button()] * 25),
    actions(button(text=plain(75), value="x" * 2_000, action_id="x" * 255), block_id="x" * 255),
    actions(button(url="https://x.example/" + "x" * 2_982, style="primary")),
    actions(confirm(title=plain(100), text=mrkdwn(300), confirm=plain(30), deny=plain(30))),
    actions(overflow(*options(1))),
    actions(overflow(*options(5, text=75))),
    actions(overflow(*options(1, value=150))),
    actions(overflow({**options(1)[0], "url": "https://x.example", "description": plain(75)})),
    actions(select(options=options(100), placeholder=plain(150), initial_option=options(1)[0])),
    actions(select(option_groups=[{"label": plain(75), "options": options(1)}])),
    actions({"type": "users_select", "initial_user": "U1"}, {"type": "datepicker", "initial_date": "2026-12-01"}),
    actions({"type": "checkboxes", "options": options(10)}, {"type": "radio_buttons", "options": options(10)}),
    answer({"type": "plain_text_input", "max_length": 3_000, "initial_value": "x" * 3_000}, hint=plain(2_000)),
    {"type": "image", "image_url": "https://x.example/x.png", "alt_text": "x" * 2_000, "title": plain(2_000)},
    rich(line(TEXT, {"type": "emoji", "name": "tada"}, {"type": "user", "user_id": "U1"})),
    rich(line({"type": "link", "url": "https://x.example", "text": "x", "style": {"bold": True}})),
    rich({"type": "rich_text_quote", "elements": [TEXT], "border": 1}),
    rich({"type": "rich_text_preformatted", "elements": [TEXT]}),
    rich(line({"type": "date", "timestamp": 1_764_000_000, "format": "{date}", "fallback": "x"})),
    listed(line(TEXT), indent=8, border=0),
]

REFUSED = [
    ("not an object", "x"),
    ("no type", {}),
    ("a type that is no text", {"type": ["divider"]}),
    ("an unknown type", {"type": "unknown"}),
    ("an unknown key", {**DIVIDER, "text": "x"}),
    ("a long block_id", {**DIVIDER, "block_id": "x" * 256}),
    ("an empty block_id", {**DIVIDER, "block_id": ""}),
    ("a long header", {"type": "header", "text": plain(151)}),
    ("an empty header", {"type": "header", "text": plain(0)}),
    ("a header in mrkdwn", {"type": "header", "text": mrkdwn()}),
    ("a header with a bare text", {"type": "header", "text": "x"}),
    ("an option that is a text", actions(overflow("x"))),
    ("a header without text", {"type": "header"}),
    ("a text that is a number", {"type": "header", "text": {"type": "plain_text", "text": 1}}),
    ("an empty section", section()),
    ("a long section", section(text=mrkdwn(3_001))),
    ("a section of nothing", section(text=mrkdwn(0))),
    ("verbatim plain text", section(text={**plain(), "verbatim": True})),
    ("emoji in mrkdwn", section(text={**mrkdwn(), "emoji": True})),
    ("11 fields", section(fields=[plain()] * 11)),
    ("no fields", section(fields=[])),
    ("a long field", section(fields=[plain(2_001)])),
    ("an accessory that types", section(text=mrkdwn(), accessory={"type": "plain_text_input"})),
    ("a context of nothing", context()),
    ("11 in a context", context(*[plain()] * 11)),
    ("a button in a context", context(button())),
    ("an image without words", context({"type": "image", "image_url": "https://x.example/x.png"})),
    ("no actions", actions()),
    ("26 actions", actions(*[button()] * 26)),
    ("a text among actions", actions(plain())),
    ("a text field among actions", actions({"type": "plain_text_input"})),
    ("the same action twice in a block", actions(button(action_id="a"), button(action_id="a"))),
    ("a long button", actions(button(text=plain(76)))),
    ("a button in mrkdwn", actions(button(text=mrkdwn()))),
    ("a long value", actions(button(value="x" * 2_001))),
    ("a value that is a number", actions(button(value=12))),
    ("an empty value", actions(button(value=""))),
    ("a long action_id", actions(button(action_id="x" * 256))),
    ("a button to a script", actions(button(url="javascript:alert(1)"))),
    ("a button to a long address", actions(button(url="https://x.example/" + "x" * 2_983))),
    ("a style of its own", actions(button(style="huge"))),
    ("a key of its own", actions(button(colour="red"))),
    ("a long confirmation", actions(confirm(title=plain(101)))),
    ("a long question", actions(confirm(text=plain(301)))),
    ("a long yes", actions(confirm(confirm=plain(31)))),
    ("a menu of nothing", actions(overflow())),
    ("a menu of 6", actions(overflow(*options(6)))),
    ("a long option", actions(overflow(*options(1, text=76)))),
    ("a long option value", actions(overflow(*options(1, value=151)))),
    ("an option without value", actions(overflow({"text": plain()}))),
    ("101 options", actions(select(options=options(101)))),
    ("a select of nothing", actions(select())),
    (
        "options and groups",
        actions(select(options=options(1), option_groups=[{"label": plain(), "options": options(1)}])),
    ),
    ("an address in a select", actions(select(options=[{**options(1)[0], "url": "https://x.example"}]))),
    ("a long placeholder", actions(select(options=options(1), placeholder=plain(151)))),
    ("11 checkboxes", actions({"type": "checkboxes", "options": options(11)})),
    ("11 radio buttons", actions({"type": "radio_buttons", "options": options(11)})),
    ("a date in words", actions({"type": "datepicker", "initial_date": "tomorrow"})),
    ("a date without dashes", actions({"type": "datepicker", "initial_date": "20261201"})),
    ("a date that does not exist", actions({"type": "datepicker", "initial_date": "2026-02-30"})),
    ("a button as an input", answer(button())),
    ("an input without label", {"type": "input", "element": {"type": "plain_text_input"}}),
    ("a long initial value", answer({"type": "plain_text_input", "initial_value": "x" * 3_001})),
    ("a large max_length", answer({"type": "plain_text_input", "max_length": 3_001})),
    ("a long hint", answer({"type": "plain_text_input"}, hint=plain(2_001))),
    ("a multiline that is a text", answer({"type": "plain_text_input", "multiline": "true"})),
    ("rich text of nothing", rich()),
    ("a line of nothing", rich(line())),
    ("a text of nothing", rich(line({"type": "text", "text": ""}))),
    ("a text without text", rich(line({"type": "text"}))),
    ("a style that does not exist", rich(line({**TEXT, "style": {"blink": True}}))),
    ("a style that is a text", rich(line({**TEXT, "style": {"bold": "yes"}}))),
    ("a link to a script", rich(line({"type": "link", "url": "javascript:x", "text": "x"}))),
    ("a link without words in it", rich(line({"type": "link", "url": "https://x.example", "text": ""}))),
    ("mrkdwn in rich text", rich(line(mrkdwn()))),
    ("a mention of an unknown kind", rich(line({"type": "broadcast", "range": "world"}))),
    ("a person without id", rich(line({"type": "user"}))),
    ("a list of nothing", listed()),
    ("a list in a list", listed({"type": "rich_text_list", "style": "bullet", "elements": [line(TEXT)]})),
    ("a list in the style of its own", listed(line(TEXT), style="dashes")),
    ("a deep list", listed(line(TEXT), indent=9)),
    ("an emoji in code", rich({"type": "rich_text_preformatted", "elements": [{"type": "emoji", "name": "tada"}]})),
]


@pytest.mark.parametrize("block", FINE, ids=lambda block: block["type"])
def test_slack_takes(block):
    assert find_refusal({"blocks": [block]}) is None


@pytest.mark.parametrize("block", [block for _, block in REFUSED], ids=[name for name, _ in REFUSED])
def test_slack_refuses(block):
    assert find_refusal({"blocks": [block]}) == "invalid_blocks"


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        ({"text": "x"}, None),
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"text": "x" * 40_000}, None),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": [DIVIDER] * 50}, None),
        ({"blocks": [DIVIDER] * 51}, "invalid_blocks"),
        ({"blocks": DIVIDER}, "invalid_blocks"),
        ({"blocks": [{**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "b"}]}, None),
        ({"blocks": [{**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "a"}]}, "invalid_blocks"),
        ({"blocks": [rich(line({"type": "text", "text": "x" * 11_000}))]}, None),
        ({"blocks": [rich(line({"type": "text", "text": "x" * 11_001}))]}, "msg_blocks_too_long"),
        ({"blocks": [actions(button(value="x" * 2_000))] * 6}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "t", "event_payload": {}}}, None),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "t", "event_payload": "x"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "t", "event_payload": {"x": "x" * 1_000}}}, "metadata_too_large"),
    ],
)
def test_limits_of_a_message_as_a_whole(message, refusal):
    assert find_refusal(message) == refusal


def modal(*blocks, **facts):
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **facts}


def home(*blocks, **facts):
    return {"type": "home", "blocks": list(blocks), **facts}


INPUT = answer({"type": "plain_text_input"})


@pytest.mark.parametrize(
    ("view", "refusal"),
    [
        (modal(), None),
        (modal(*[DIVIDER] * 100, title=plain(24), close=plain(24), submit=plain(24)), None),
        (modal(INPUT, submit=plain(), private_metadata="x" * 3_000, callback_id="x" * 255), None),
        (modal(INPUT), "invalid_arguments"),
        (modal(*[DIVIDER] * 101), "invalid_arguments"),
        (modal(title=plain(25)), "invalid_arguments"),
        (modal(close=plain(25)), "invalid_arguments"),
        (modal(submit=plain(25)), "invalid_arguments"),
        (modal(title=mrkdwn()), "invalid_arguments"),
        (modal(private_metadata="x" * 3_001), "invalid_arguments"),
        (modal(callback_id="x" * 256), "invalid_arguments"),
        (modal(colour="red"), "invalid_arguments"),
        (modal({**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "a"}), "invalid_arguments"),
        ({"type": "modal", "blocks": []}, "invalid_arguments"),
        ({"type": "workflow_step", "blocks": []}, "invalid_arguments"),
        (home(*[DIVIDER] * 100), None),
        (home(INPUT, private_metadata="x" * 3_000), None),
        (home(*[DIVIDER] * 101), "invalid_arguments"),
        (home(title=plain()), "invalid_arguments"),
        (home(submit=plain()), "invalid_arguments"),
        (home(*[section(text=mrkdwn(2_900))] * 90), "view_too_large"),
    ],
)
def test_limits_of_a_view(view, refusal):
    assert find_view_refusal(view) == refusal


def test_a_refusal_says_what_is_wrong_and_where():
    with pytest.raises(SlackError) as caught:
        check_message({"blocks": [DIVIDER, {"type": "header", "text": plain(151)}]})
    complaint = "must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    assert caught.value.answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [complaint],
        "response_metadata": {"messages": [f"[ERROR] {complaint}"]},
    }
    with pytest.raises(SlackError) as caught:
        check_view(modal(title=plain(25)))
    assert caught.value.complaints == ("must be less than 25 characters [json-pointer:/view/title/text]",)
