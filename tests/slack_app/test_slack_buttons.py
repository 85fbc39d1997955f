"""Each button under a told change: what is decided, by whom, and what everybody sees at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from monitor.errors import ConfigurationError
from monitor.slack.app import build_app
from monitor.store.decisions import load_memory
from monitor.store.links import get_links
from slack.faults import Fault
from slack.signing import Forgery
from triaged import APPEALS, MORE_AGES, UPLOAD, Bench


def test_confirming_is_decided_at_once_and_everybody_sees_who_did(desk):
    assert desk.state(1) == desk.state(2) == "Nobody has decided yet"
    desk.slack.click(desk.message, "confirm", value="1")
    assert desk.decisions() == [(None, "confirmed", None, None, "Maria Berg")]
    assert desk.state(1) == "Confirmed by Maria Berg, 5 Mar 16:00 UTC"
    assert desk.state(2) == "Nobody has decided yet"


def test_confirming_links_the_sections_that_the_message_shows(desk):
    change_id = desk.bench.change(MORE_AGES, [UPLOAD], [APPEALS])
    desk.later(days=1)
    desk.tell()
    desk.slack.click(desk.message, "confirm", value=str(change_id))
    assert desk.state(change_id) == "Confirmed by Maria Berg, 6 Mar 16:00 UTC"
    assert [each.section_id for each in get_links(desk.db, "rules")] == [UPLOAD]
    assert load_memory(desk.db).count(APPEALS, "rules") == (0, 0)


def test_a_change_that_likely_touches_no_section_is_confirmed_without_any(desk):
    change_id = desk.bench.change(MORE_AGES, [], [APPEALS])
    desk.later(days=1)
    desk.tell()
    desk.slack.click(desk.message, "confirm", value=str(change_id))
    assert desk.state(change_id) == "Confirmed by Maria Berg, 6 Mar 16:00 UTC"
    assert get_links(desk.db, "rules") == ()


def test_who_is_not_listed_decides_by_their_slack_id(desk):
    desk.slack.click(desk.message, "confirm", value="2", user="U0TOM")
    assert desk.decisions(2) == [(None, "confirmed", None, None, "U0TOM")]


def test_a_press_on_an_older_message_is_about_all_the_changes_that_it_names(desk):
    third = desk.bench.change(MORE_AGES)
    block = {"type": "actions", "block_id": "act:2", "elements": [a_button("confirm", f"2,{third}")]}
    desk.message["blocks"].append(block)
    desk.slack.click(desk.message, "confirm", value=f"2,{third}")
    assert [each[1] for each in desk.decisions(2) + desk.decisions(third)] == ["confirmed", "confirmed"]


@pytest.mark.parametrize("choice", ["undo:1+", "snooze:1+"])
def test_an_option_that_has_no_room_for_all_changes_is_about_those_of_the_button_beside_it(desk, choice):
    for change_id in (1, 2):
        desk.bench.confirm(change_id, by="Maria Berg")
    option = {"text": {"type": "plain_text", "text": "Do"}, "value": choice}
    menu = {"type": "overflow", "action_id": "more", "options": [option]}
    several = {"type": "actions", "block_id": "act:1,2", "elements": [a_button("confirm", "1,2"), menu]}
    desk.message["blocks"].append(several)
    desk.slack.choose(desk.message, "more", choice)
    if choice.startswith("snooze"):
        desk.slack.submit(desk.slack.wait_for_modal("snooze"))
    verdict = {"undo:1+": "undone", "snooze:1+": "snoozed"}[choice]
    assert [desk.decisions(each)[-1][1] for each in (1, 2)] == [verdict, verdict]


def test_taking_back_opens_it_again(desk):
    desk.slack.click(desk.message, "confirm", value="1")
    desk.slack.choose(desk.message, "more", "undo:1", user="U0TOM")
    assert desk.decisions()[-1] == (None, "undone", None, None, "U0TOM")
    assert desk.state(1) == "Nobody has decided yet"
    assert desk.told() == []


def test_taking_back_twice_takes_back_once_and_is_said(desk):
    desk.bench.confirm(1)
    desk.slack.click(desk.message, "confirm", value="1")
    desk.slack.choose(desk.message, "more", "undo:1")
    desk.slack.choose(desk.message, "more", "undo:1")
    assert [each[1] for each in desk.decisions()] == ["confirmed", "confirmed", "undone"]
    assert desk.told() == [("U0MARIA", "It was taken back already. What stood before holds again.")]


def test_two_people_who_take_back_at_once_take_back_one_decision(desk):
    desk.bench.confirm(1)
    desk.slack.click(desk.message, "confirm", value="1")
    desk.slack.choose(desk.message, "more", "undo:1")
    desk.later(seconds=59)
    desk.slack.choose(desk.message, "more", "undo:1", user="U0TOM")
    assert [each[1] for each in desk.decisions()] == ["confirmed", "confirmed", "undone"]
    assert desk.told() == [("U0TOM", "It was taken back already. What stood before holds again.")]
    desk.later(seconds=1)
    desk.slack.choose(desk.message, "more", "undo:1", user="U0TOM")
    assert desk.state(1) == "Nobody has decided yet"


@pytest.mark.parametrize("place", ["message", "whisper"])
def test_what_was_decided_since_the_message_was_written_is_not_taken_back_by_somebody_else(desk, place):
    desk.slack.click(desk.message, "confirm", value="1")
    desk.bench.reject(1, by="Bob")
    if place == "whisper":
        desk.slack.choose(show_only_to(desk, "U0MARIA"), "more", "undo:1")
    else:
        desk.slack.choose(desk.message, "more", "undo:1")
    assert [each[1] for each in desk.decisions()] == ["confirmed", "not-applicable"]
    _, words = desk.told()[-1]
    assert "Bob has decided about it since: not-applicable" in words


def test_with_nothing_to_take_back_only_who_asked_is_told(desk):
    desk.slack.choose(desk.message, "more", "undo:1")
    ((who, words),) = desk.told()
    assert who == "U0MARIA"
    assert "change 1: nothing is decided here to take back" in words
    assert desk.decisions() == []


def test_opening_the_document_only_opens_it(desk):
    assert desk.slack.click(desk.message, "open", block_id="act:1").acked
    assert desk.decisions() == []


def test_a_change_that_is_gone_is_named_and_the_others_are_decided(desk):
    desk.message["blocks"].append(
        {"type": "actions", "block_id": "act:9", "elements": [a_button("confirm", "9,1")]},
    )
    desk.slack.click(desk.message, "confirm", value="9,1")
    assert [each[1] for each in desk.decisions()] == ["confirmed"]
    ((_, words),) = desk.told()
    assert "change 9: there is none with this id" in words


def test_a_double_click_decides_once(desk):
    for _ in range(2):
        desk.slack.click(desk.message, "confirm", value="1")
    assert len(desk.decisions()) == 1


def test_two_presses_at_the_very_same_moment_decide_once(desk):
    with ThreadPoolExecutor() as hands:
        presses = [hands.submit(desk.slack.click, desk.message, "confirm", value="1") for _ in range(4)]
    assert all(each.result().acked for each in presses)
    assert len(desk.decisions()) == 1
    assert desk.state(1) == "Confirmed by Maria Berg, 5 Mar 16:00 UTC"


def test_a_replayed_press_changes_nothing(desk):
    reply = desk.slack.click(desk.message, "confirm", value="1")
    desk.slack.choose(desk.message, "more", "undo:1")
    assert desk.slack.replay(reply).acked
    assert [each[1] for each in desk.decisions()] == ["confirmed", "undone"]


@pytest.mark.parametrize("forgery", [Forgery.WRONG_SIGNATURE, Forgery.OTHER_BODY, Forgery.OLD_TIMESTAMP])
def test_a_press_that_slack_did_not_sign_changes_nothing(desk, forgery):
    assert not desk.slack.click(desk.message, "confirm", value="1", forgery=forgery).acked
    assert desk.decisions() == []


@pytest.mark.parametrize("secret", ["local-signing-secret", ""])
def test_without_a_signing_secret_nothing_over_http_counts(desk, secret):
    desk.slack.config = replace(desk.config, slack_signing_secret=None)
    desk.slack.signing_secret = secret
    assert not desk.slack.click(desk.message, "confirm", value="1").acked
    assert desk.decisions() == []


def test_where_slack_takes_no_edit_the_decision_holds_and_the_message_follows(desk):
    desk.slack.script(Fault.ERROR_500, method="chat.update")
    desk.slack.script(Fault.ERROR_500, method="views.publish")
    desk.slack.click(desk.message, "confirm", value="1")
    assert [each[1] for each in desk.decisions()] == ["confirmed"]
    assert desk.state(1) == "Nobody has decided yet"
    ((who, words),) = desk.told()
    assert who == "U0MARIA"
    assert words == "Change 1: Confirmed by Maria Berg, 5 Mar 16:00 UTC The message shows it soon."
    desk.later(minutes=5)
    desk.tell()
    assert desk.state(1).startswith("Confirmed by Maria Berg")


def test_where_slack_takes_no_form_the_person_is_told(desk):
    desk.slack.script(Fault.INTERNAL_ERROR, method="views.open")
    desk.slack.click(desk.message, "reject", value="1")
    assert desk.told() == [("U0MARIA", "Slack did not take the answer in time. Please try once more.")]


def test_a_database_that_is_held_is_told_in_a_friendly_way(desk, monkeypatch):
    monkeypatch.setattr("monitor.slack.answering.BUSY_MS", 1)
    desk.db.execute("BEGIN IMMEDIATE")
    desk.slack.click(desk.message, "confirm", value="1")
    desk.db.rollback()
    assert desk.told() == [("U0MARIA", "The monitor is busy writing. Please try again in a moment.")]
    assert desk.decisions() == []


def test_a_database_that_is_held_keeps_nobody_waiting_longer_than_two_seconds(desk):
    desk.db.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    desk.slack.click(desk.message, "confirm", value="1")
    desk.db.rollback()
    assert time.monotonic() - began < 4
    assert len(desk.told()) == 1


@pytest.mark.parametrize("form", ["reject", "assign"])
def test_a_form_opens_while_the_database_is_held(desk, form):
    desk.db.execute("BEGIN IMMEDIATE")
    desk.slack.click(desk.message, form, value="1")
    desk.db.rollback()
    assert desk.slack.wait_for_modal(form)


def test_what_slack_has_given_up_is_not_decided_any_more(desk, monkeypatch):
    monkeypatch.setattr("monitor.slack.answering.GIVEN_UP", -1)
    desk.slack.click(desk.message, "confirm", value="1")
    ((who, words),) = desk.told()
    assert (who, words.split(".")[0]) == ("U0MARIA", "So much was asked at once that Slack gave this up")
    assert desk.decisions() == []
    desk.slack.open_home()
    assert "U0MARIA" in desk.slack.homes


def test_where_the_app_may_not_speak_the_person_is_told_in_direct_messages(desk):
    desk.slack.channels[desk.slack.channel].member = False
    desk.slack.choose(desk.message, "more", "undo:1")
    assert "nothing is decided here to take back" in desk.message["text"]
    assert desk.slack.channels[desk.message["channel"]].user == "U0MARIA"


def test_what_cannot_be_told_to_anybody_does_no_harm(desk):
    desk.slack.script(Fault.ERROR_500, method="chat.postEphemeral")
    desk.slack.script(Fault.CLOSE, method="chat.postMessage")
    assert desk.slack.choose(desk.message, "more", "undo:1").acked
    assert desk.told() == []


def test_nothing_that_could_not_be_decided_is_said_to_stand(desk):
    desk.slack.choose(show_only_to(desk, "U0MARIA"), "more", "undo:1")
    _, (_, words) = desk.told()
    assert "nothing is decided here to take back" in words


def test_an_edited_list_of_people_holds_at_once(desk):
    desk.folder.joinpath("sources.yaml").write_text(
        desk.folder.joinpath("sources.yaml").read_text().replace("Maria Berg", "Maria Berg-Lopez")
    )
    desk.slack.click(desk.message, "confirm", value="1")
    assert desk.decisions()[0][-1] == "Maria Berg-Lopez"


def test_a_press_that_makes_no_sense_is_logged_and_the_next_one_is_answered(desk):
    desk.message["blocks"].append({"type": "actions", "block_id": "act:0", "elements": [a_button("confirm", "all")]})
    with capture_logs() as logs:
        desk.slack.click(desk.message, "confirm", value="all")
    assert [(each["event"], bool(each["exc_info"])) for each in logs if each["log_level"] == "error"] == [
        ("slack event failed", True)
    ]
    desk.slack.click(desk.message, "confirm", value="1")
    assert len(desk.decisions()) == 1


@pytest.mark.parametrize("button", ["confirm", "reject"])
def test_in_a_message_that_only_they_see_the_person_is_told_what_stands(desk, button):
    """Slack lets nobody edit such a message."""
    desk.slack.click(show_only_to(desk, "U0MARIA"), button, value="1")
    if button == "reject":
        desk.slack.submit(desk.slack.wait_for_modal("reject"), {"reason": "covered"})
    _, (who, words) = desk.told()
    assert (who, words) == ("U0MARIA", f"Change 1: {desk.state(1)}")
    assert desk.state(1) != "Nobody has decided yet"


def test_a_message_of_a_kind_that_no_handler_knows_is_not_answered(desk):
    assert not desk.slack.event({"type": "team_join", "user": "U0MARIA"}).acked


def test_there_is_no_app_without_a_token(tmp_path):
    with pytest.raises(ConfigurationError, match="SLACK_BOT_TOKEN is not set"):
        build_app(Bench(tmp_path).config)


def show_only_to(desk, member):
    """The same message once more, as one that only this person sees."""
    seen = {"ts": desk.slack.next_ts(), "user": member} | {
        key: desk.message[key] for key in ("channel", "text", "blocks")
    }
    desk.slack.ephemeral.append(seen)
    return seen


def a_button(action_id, value):
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Do"}, "value": value}
