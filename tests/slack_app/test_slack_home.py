"""The App Home: what is in somebody's hands, what nobody has decided yet, and its buttons."""

from __future__ import annotations

from slack_app.conftest import move_to
from triaged import AGES, REFUNDS, UPLOAD


def buttons(desk, user="U0MARIA"):
    """The action and value of each button."""
    blocks = desk.slack.homes[user]["blocks"]
    found = [each for block in blocks if block["type"] == "actions" for each in block["elements"]]
    return [(each["action_id"], each["value"]) for each in found]


def test_what_nobody_has_decided_stands_there_with_its_buttons(desk):
    desk.slack.open_home()
    assert desk.home()[:4] == ["My open items", "Nothing for you now", "Nobody has decided yet", "2 open items"]
    assert any("Example › Rules\nopen for 4 days · change 1" in each for each in desk.home())
    assert buttons(desk) == [(action, value) for value in ("2", "1") for action in ("confirm", "reject", "assign")]


def test_what_is_decided_from_there_is_gone_at_once(desk):
    desk.slack.open_home()
    desk.slack.click(desk.slack.homes["U0MARIA"], "confirm", value="2")
    assert [each[1] for each in desk.decisions(2)] == ["confirmed"]
    assert [value for _, value in buttons(desk)] == ["1"] * 3
    assert desk.state(2).startswith("Confirmed by Maria Berg")


def test_what_is_in_my_hands_stands_first_and_the_overdue_before_the_rest(desk):
    third = desk.bench.change(AGES)
    for change_id, due in ((1, "2026-03-04"), (2, "2026-03-20"), (third, None)):
        desk.bench.assign(change_id, assignee="Maria Berg", due=due)
    desk.later(days=1)
    desk.slack.open_home()
    assert desk.home()[1] == "3 in your hands · 1 overdue"
    said = [each.split("\n")[1].split(" · ")[0] for each in desk.home() if "\n" in each]
    assert said == ["2 days overdue", "due in 14 days", "open for 5 days"]


def test_what_is_overdue_goes_by_the_day_that_it_is_where_the_person_is(desk):
    desk.bench.assign(1, assignee="Maria Berg", due="2026-03-05")
    desk.slack.open_home()
    assert "1 in your hands" in desk.home()
    move_to(desk, "Pacific/Auckland")
    desk.slack.open_home()
    assert "1 in your hands · 1 overdue" in desk.home()


def test_what_is_in_other_hands_is_in_nobody_elses_list(desk):
    desk.bench.assign(1, assignee="U0TOM")
    desk.bench.assign(2, assignee="Otto Lind")
    desk.slack.open_home("U0TOM")
    assert "1 in your hands" in desk.home("U0TOM")
    assert "Nothing waits for a decision" in desk.home("U0TOM")


def test_an_empty_home_says_so_in_one_line(desk):
    for change_id in (1, 2):
        desk.bench.reject(change_id)
    desk.slack.open_home()
    (line,) = desk.home()
    assert "Nothing is in your hands" in line


def test_what_i_put_off_is_only_counted(desk):
    desk.bench.assign(1, assignee="Maria Berg")
    desk.bench.snooze(1, due="2026-03-09")
    desk.slack.open_home()
    assert "Nothing for you now · 1 put off" in desk.home()
    desk.set_time("2026-03-09T07:00:00Z")
    desk.slack.open_home()
    assert "1 in your hands" in desk.home()


def test_what_is_put_off_and_in_nobodys_hands_is_counted_where_it_comes_back(desk):
    desk.bench.snooze(1, due="2026-03-09")
    desk.slack.open_home()
    assert "1 open item · 1 put off" in desk.home()
    desk.bench.snooze(2, due="2026-03-09")
    desk.slack.open_home()
    assert "Nothing waits for a decision · 2 put off" in desk.home()


def test_each_says_in_one_line_what_changed(desk):
    desk.db.execute("UPDATE change SET summary = ? WHERE id = 1", ['Age: "13" \u2192 "16"'])
    desk.db.conn.commit()
    desk.slack.open_home()
    assert any('\nAge: "13" \u2192 "16"\nopen for 4 days' in each for each in desk.home())


def test_a_confirmed_section_in_my_hands_can_be_rejected_or_given_on_by_itself(desk):
    desk.bench.reject(1, REFUNDS)
    desk.bench.confirm(1, UPLOAD)
    desk.bench.assign(1, UPLOAD, assignee="Maria Berg")
    desk.slack.open_home()
    mine = f"1:{UPLOAD}"
    assert [each for each in buttons(desk) if each[1] == mine] == [("reject", mine), ("assign", mine)]
    desk.slack.click(desk.slack.homes["U0MARIA"], "assign", value=mine)
    desk.slack.submit(desk.slack.wait_for_modal("assign"), {"who": "U0OTTO", "due": "2026-03-10"})
    assert desk.decisions()[-1][:2] == (UPLOAD, "assigned")


def test_confirmed_work_that_nobody_took_is_counted(desk):
    desk.bench.confirm(1)
    desk.slack.open_home()
    assert "2 confirmed sections in nobody's hands. They stand in: monitor sops ledger" in desk.home()


def test_what_goes_wrong_there_is_told_in_direct_messages(desk):
    desk.slack.open_home()
    desk.slack.click(desk.slack.homes["U0MARIA"], "confirm", value="1")
    desk.bench.undo(1)
    desk.db.execute("DELETE FROM slack_event")
    desk.db.conn.commit()
    view = desk.slack.homes["U0MARIA"]
    view["blocks"].append(
        {
            "type": "actions",
            "block_id": "old",
            "elements": [
                {
                    "type": "button",
                    "action_id": "confirm",
                    "text": {"type": "plain_text", "text": "Confirm"},
                    "value": "77",
                }
            ],
        }
    )
    desk.slack.click(view, "confirm", value="77")
    assert "change 77: there is none" in desk.slack.messages[-1]["text"]
    assert desk.slack.channels[desk.slack.messages[-1]["channel"]].user == "U0MARIA"


def test_a_full_desk_stays_within_a_view(desk):
    for number in range(45):
        desk.bench.change((AGES[0], f"{AGES[1]} {number}"))
    for change_id in range(1, 31):
        desk.bench.assign(change_id, assignee="Maria Berg")
    desk.later(days=1)
    desk.tell()
    desk.slack.open_home()
    assert len(desk.slack.homes["U0MARIA"]["blocks"]) <= 100
    assert "… and 5 more, less urgent" in desk.home()
    assert "… and 2 more, less urgent" in desk.home()


def test_an_opening_that_slack_repeats_is_answered_once(desk):
    reply = desk.slack.open_home()
    desk.slack.replay(reply)
    assert len(desk.slack.calls_of("views.publish")) == 1
