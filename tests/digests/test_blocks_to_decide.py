"""What is decided in Slack, and what a message shows of it: owners, states, buttons, revisions."""

import pytest

from digests.blocks import MAX_CHARACTERS, messages, revise, size
from digests.wording import UNDECIDED
from monitor.model import Period, Person
from shown import HOSTILE, assert_accepted, mentions, visible
from slack.limits import find_refusal

# Owners


@pytest.mark.parametrize("owner", ["Dana Lind", "dana lind", "dana@example.org", "U0DANA"])
def test_an_owner_whom_people_knows_is_mentioned(make, owner):
    people = (Person("Dana Lind", "U0DANA", "dana@example.org"),)
    parts = messages(make.digest([make.told(impacts=[make.impact(owner=owner)])]), people)
    assert mentions(parts) == (["user"], ["U0DANA"])
    assert_accepted(parts)


@pytest.mark.parametrize("owner", ["Dana Lind", "<@U0EVIL>", "<!channel>", "@here", "U0123456789"])
def test_any_other_owner_is_said_in_plain_words(make, owner):
    people = (Person("Dana Lind", None, "dana@example.org"), Person("Eve", "U0EVE"))
    parts = messages(make.digest([make.told(impacts=[make.impact(owner=owner)])]), people)
    assert mentions(parts) == ([], [])
    assert f"owner {owner}" in visible(parts[0])


# Deciding


def blocks_of(message, kind):
    return [each for each in message.blocks if each["type"] == kind]


def test_a_change_ends_with_what_stands_for_it_and_the_buttons_to_decide(make):
    (message,) = messages(make.digest([make.told(17)]))
    state, actions = message.blocks[-2:]
    assert state["block_id"] == "state:17"
    assert state["elements"][0]["text"] == UNDECIDED
    assert actions["block_id"] == "act:17"
    *buttons, menu = actions["elements"]
    assert [(each["action_id"], each["text"]["text"], each.get("value")) for each in buttons] == [
        ("confirm", "Confirm", "17"),
        ("reject", "Not applicable…", "17"),
        ("assign", "Assign…", "17"),
        ("open", "Open", None),
    ]
    assert buttons[-1]["url"] == "https://borealis.example/code"
    assert menu["action_id"] == "more"
    assert [(each["value"], each["text"]["text"]) for each in menu["options"]] == [
        ("due:17", "Due date…"),
        ("snooze:17", "Snooze…"),
        ("sections:17", "Decide per section…"),
        ("undo:17", "Take back"),
    ]


def test_what_is_known_to_stand_is_said_at_once(make):
    (message,) = messages(make.digest([make.told(17)]), states={17: "Confirmed by Maria"})
    assert message.blocks[-2]["elements"][0]["text"] == "Confirmed by Maria"


def test_an_unsafe_address_has_no_button(make):
    (message,) = messages(make.digest([make.told(url="javascript:alert(1)")]))
    assert "open" not in [each["action_id"] for each in message.blocks[-1]["elements"]]


def test_one_button_decides_about_all_documents_of_a_group(make):
    (message,) = messages(make.digest([make.told(each, fingerprint="f1") for each in (3, 5, 8)]))
    (actions,) = blocks_of(message, "actions")
    assert [each.get("value") for each in actions["elements"][:3]] == ["3,5,8"] * 3
    assert "open" not in [each["action_id"] for each in actions["elements"]]
    assert [each["block_id"] for each in blocks_of(message, "context") if "block_id" in each] == ["state:3,5,8"]


def test_the_documents_of_a_small_group_stand_above_its_buttons(make):
    (message,) = messages(make.digest([make.told(each, fingerprint="f1") for each in (3, 5)]))
    assert [each["type"] for each in message.blocks[-3:]] == ["rich_text", "context", "actions"]


def test_the_menu_of_a_large_group_leaves_its_changes_to_the_button_beside_it_and_the_next_begins_anew(make):
    told = [make.told(100_000_000 + each, fingerprint="f1") for each in range(130)]
    parts = messages(make.digest(told))
    assert_accepted(parts)
    actions = [each for part in parts for each in blocks_of(part, "actions")]
    assert [len(each["elements"][0]["value"].split(",")) for each in actions] == [80, 50]
    menus = [[option["value"] for option in each["elements"][-1]["options"]] for each in actions]
    assert menus[0] == [f"{what}:100000000+" for what in ("due", "snooze", "sections", "undo")]
    assert menus[1] == [f"{what}:100000080+" for what in ("due", "snooze", "sections", "undo")]


def test_the_state_of_a_huge_group_names_as_many_of_it_as_there_is_room_for(make):
    told = [make.told(100_000_000 + each, fingerprint="f1") for each in range(80)]
    ids = [
        each["block_id"]
        for part in messages(make.digest(told))
        for each in part.blocks
        if "state:" in each.get("block_id", "")
    ]
    (state,) = ids
    assert len(state) <= 255
    assert state.startswith("state:100000000,100000001,")
    assert set(map(int, state.removeprefix("state:").split(","))) < {each.change.id for each in told}


def test_what_was_told_as_an_alert_shows_its_state_without_buttons(make):
    (message,) = messages(make.digest(alerted=(make.told(5),)))
    assert [each.get("block_id") for each in message.blocks if "block_id" in each] == ["state:5"]


def test_each_change_of_a_reminder_can_be_decided_once_however_many_sections_are_due(make):
    items = tuple(make.item(4, section_id=f"s{each}", due="2026-11-23") for each in range(30))
    (message,) = messages(make.digest(period=Period.REMINDER, items=items))
    assert [each["block_id"] for each in message.blocks if "block_id" in each] == ["state:4", "act:4"]
    assert "… and 20 more" in visible(message)
    assert_accepted([message])


def test_a_line_without_a_word_is_no_empty_text_which_slack_refuses(make):
    (message,) = messages(make.digest(undelivered=("\u200b",)))
    assert visible(message).endswith("What did not get through …")
    assert_accepted([message])


def test_an_alert_is_called_so_in_the_notification_with_the_document_and_why(make):
    (message,) = messages(make.digest([make.told(source_name="Code <!here>")], period=Period.ALERT))
    expected = "Alert for EU desk, Mon 23 Nov 2026, Code &lt;!here&gt;: Told at once: high severity"
    assert message.text == expected


# Revising


def test_a_revision_replaces_what_stands_and_nothing_else(make):
    (message,) = messages(make.digest([make.told(1), make.told(2)], [make.problem()]))
    revised = revise(message.blocks, {2: "Confirmed by Maria"})
    changed = [(old, new) for old, new in zip(message.blocks, revised, strict=True) if old != new]
    ((old, new),) = changed
    assert old["block_id"] == new["block_id"] == "state:2"
    assert new["elements"][0]["text"] == "Confirmed by Maria"
    assert [each["elements"][0]["text"] for each in message.blocks if each.get("block_id") == "state:2"] == [UNDECIDED]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "divider"},
        {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x"},
        {"type": "context", "block_id": "abc", "elements": []},
        {"type": "actions", "block_id": "act:1", "elements": []},
    ],
)
def test_blocks_that_are_unknown_to_a_revision_stay(block):
    assert revise([block], {1: "Confirmed"}) == [block]


def test_of_a_group_that_was_decided_in_part_each_part_is_counted(make):
    (message,) = messages(make.digest([make.told(each, fingerprint="f1") for each in (3, 5, 8)]))
    (state,) = [
        each
        for each in revise(message.blocks, {3: "Confirmed", 5: UNDECIDED, 8: "Confirmed"})
        if "state:" in each.get("block_id", "")
    ]
    assert state["elements"][0]["text"] == "2 of 3: Confirmed · 1 of 3: Nobody has decided yet"


def test_a_message_stays_within_the_limits_however_long_what_stands_is(make):
    told = [make.told(each) for each in range(1, 60)]
    parts = messages(make.digest(told))
    states = {each.change.id: f"Not applicable by {HOSTILE * 9}" for each in told}
    revised = [(part, revise(part.blocks, states)) for part in parts]
    for part, blocks in revised:
        assert size(blocks) <= MAX_CHARACTERS
        assert find_refusal({"text": part.text, "blocks": blocks}) is None
        assert revise(blocks, states) == blocks
