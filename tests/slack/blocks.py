"""What Slack takes as blocks, elements and views, with every documented limit.

Source: https://docs.slack.dev/reference/block-kit (blocks, block-elements, composition-objects) and
https://docs.slack.dev/reference/views. Only the kinds that the product could use are known; all others are refused,
which is stricter than Slack.

Does not do: what concerns a message or a view as a whole (`limits`).
"""

from slack.shapes import (
    any_key,
    boolean,
    both,
    exactly_one_key,
    fields,
    integer,
    iso_date,
    just,
    many,
    one_of,
    string,
    unique,
    web_address,
)

ID = string(255)
URL = web_address(3_000)


def kind(name, needs=None, may=None):
    return fields({"type": just(name), **(needs or {})}, may)


# Composition objects


def plain(most):
    return kind("plain_text", {"text": string(most)}, {"emoji": boolean})


def mrkdwn(most):
    return kind("mrkdwn", {"text": string(most)}, {"verbatim": boolean})


def any_text(most):
    return one_of({"plain_text": plain(most), "mrkdwn": mrkdwn(most)})


CONFIRM = fields(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": just("primary", "danger")},
)


def option(text, **may):
    return fields({"text": text, "value": string(150)}, {"description": plain(75), **may})


PLAIN_OPTION = option(plain(75))
ANY_OPTION = option(any_text(75))
GROUP = fields({"label": plain(75), "options": many(PLAIN_OPTION, most=100)})

# Elements

PLACEHOLDER = {"placeholder": plain(150)}
FOCUS = {"focus_on_load": boolean}
ACTION = {"action_id": ID, "confirm": CONFIRM}

IMAGE = kind("image", {"image_url": URL, "alt_text": string(2_000)})

BUTTON = kind(
    "button",
    {"text": plain(75)},
    {
        **ACTION,
        "url": URL,
        "value": string(2_000),
        "style": just("primary", "danger"),
        "accessibility_label": string(75),
    },
)
OVERFLOW = kind("overflow", {"options": many(option(plain(75), url=URL), most=5)}, ACTION)
STATIC_SELECT = both(
    kind(
        "static_select",
        may={
            **ACTION,
            **PLACEHOLDER,
            **FOCUS,
            "options": many(PLAIN_OPTION, most=100),
            "option_groups": many(GROUP, most=100),
            "initial_option": PLAIN_OPTION,
        },
    ),
    exactly_one_key("options", "option_groups"),
)
USERS_SELECT = kind("users_select", may={**ACTION, **PLACEHOLDER, **FOCUS, "initial_user": ID})
DATEPICKER = kind("datepicker", may={**ACTION, **PLACEHOLDER, **FOCUS, "initial_date": iso_date})
CHECKBOXES = kind(
    "checkboxes",
    {"options": many(ANY_OPTION, most=10)},
    {**ACTION, **FOCUS, "initial_options": many(ANY_OPTION, most=10)},
)
RADIO_BUTTONS = kind(
    "radio_buttons", {"options": many(ANY_OPTION, most=10)}, {**ACTION, **FOCUS, "initial_option": ANY_OPTION}
)
PLAIN_TEXT_INPUT = kind(
    "plain_text_input",
    may={
        **PLACEHOLDER,
        **FOCUS,
        "action_id": ID,
        "initial_value": string(3_000),
        "multiline": boolean,
        "min_length": integer(0, 3_000),
        "max_length": integer(1, 3_000),
        "dispatch_action_config": fields(
            {}, {"trigger_actions_on": many(just("on_enter_pressed", "on_character_entered"), most=2)}
        ),
    },
)

CHOICES = {
    "static_select": STATIC_SELECT,
    "users_select": USERS_SELECT,
    "datepicker": DATEPICKER,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
}
INTERACTIVE = {"button": BUTTON, "overflow": OVERFLOW, **CHOICES}

# Rich text

STYLE = fields({}, {"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean})
MAY_STYLE = {"style": STYLE}
RICH_TEXT = kind("text", {"text": string(40_000)}, MAY_STYLE)
RICH_LINK = kind("link", {"url": URL}, {**MAY_STYLE, "text": string(40_000), "unsafe": boolean})
RICH_ELEMENT = one_of(
    {
        "text": RICH_TEXT,
        "link": RICH_LINK,
        "emoji": kind("emoji", {"name": ID}, {**MAY_STYLE, "unicode": ID}),
        "user": kind("user", {"user_id": ID}, MAY_STYLE),
        "usergroup": kind("usergroup", {"usergroup_id": ID}, MAY_STYLE),
        "channel": kind("channel", {"channel_id": ID}, MAY_STYLE),
        "broadcast": kind("broadcast", {"range": just("here", "channel", "everyone")}, MAY_STYLE),
        "date": kind(
            "date",
            {"timestamp": integer(0, 2**33), "format": string(255)},
            {**MAY_STYLE, "url": URL, "fallback": string(255)},
        ),
    }
)


def rich_part(name, element, needs=None, may=None):
    return kind(name, {"elements": many(element, most=10_000), **(needs or {})}, may)


BORDER = {"border": integer(0, 1)}
RICH_SECTION = rich_part("rich_text_section", RICH_ELEMENT)
RICH_PART = one_of(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_quote": rich_part("rich_text_quote", RICH_ELEMENT, may=BORDER),
        "rich_text_preformatted": rich_part(
            "rich_text_preformatted", one_of({"text": RICH_TEXT, "link": RICH_LINK}), may=BORDER
        ),
        "rich_text_list": rich_part(
            "rich_text_list",
            one_of({"rich_text_section": RICH_SECTION}),
            {"style": just("bullet", "ordered")},
            {**BORDER, "indent": integer(0, 8), "offset": integer(0, 10_000)},
        ),
    }
)

# Blocks


def block(name, needs=None, may=None):
    return kind(name, needs, {"block_id": ID, **(may or {})})


BLOCK = one_of(
    {
        "header": block("header", {"text": plain(150)}),
        "divider": block("divider"),
        "section": both(
            block(
                "section",
                may={
                    "text": any_text(3_000),
                    "fields": many(any_text(2_000), most=10),
                    "accessory": one_of({**INTERACTIVE, "image": IMAGE}),
                    "expand": boolean,
                },
            ),
            any_key("text", "fields"),
        ),
        "context": block(
            "context",
            {"elements": many(one_of({"plain_text": plain(2_000), "mrkdwn": mrkdwn(2_000), "image": IMAGE}), most=10)},
        ),
        "actions": block("actions", {"elements": both(many(one_of(INTERACTIVE), most=25), unique("action_id"))}),
        "image": block("image", {"image_url": URL, "alt_text": string(2_000)}, {"title": plain(2_000)}),
        "input": block(
            "input",
            {"label": plain(2_000), "element": one_of({"plain_text_input": PLAIN_TEXT_INPUT, **CHOICES})},
            {"hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
        ),
        "rich_text": block("rich_text", {"elements": many(RICH_PART, most=1_000)}),
    }
)


def blocks(most, least=1):
    return both(many(BLOCK, most=most, least=least), unique("block_id"))


# Views

ANY_VIEW = {"private_metadata": string(3_000, 0), "callback_id": string(255, 0), "external_id": string(255, 0)}
VIEW = one_of(
    {
        "modal": kind(
            "modal",
            {"title": plain(24), "blocks": blocks(100, least=0)},
            {
                **ANY_VIEW,
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
            },
        ),
        "home": kind("home", {"blocks": blocks(100, least=0)}, ANY_VIEW),
    }
)
