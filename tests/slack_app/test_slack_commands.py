"""The slash command: what each word answers, only to who asked, and once."""

from __future__ import annotations

import pytest

from slack.signing import Forgery
from slack_app.conftest import texts


def ask(desk, text, **options):
    """What only the asker sees, a line for each text."""
    before = len(desk.slack.ephemeral)
    desk.slack.command("/policy", text, **options)
    return [
        words for each in desk.slack.ephemeral[before:] for words in texts(each.get("blocks", [])) or [each["text"]]
    ]


def test_changes_are_those_of_the_last_seven_days_with_what_became_of_each(desk):
    desk.slack.click(desk.message, "confirm", value="1")
    heading, *lines = ask(desk, "changes")
    assert heading == "Changes of the last seven days"
    assert len(lines) == 2
    assert any("change 1\nConfirmed by Maria Berg" in each for each in lines)
    assert any("change 2\nNobody has decided yet" in each for each in lines)


def test_a_quiet_week_is_said(desk):
    desk.later(days=8)
    assert ask(desk, "changes") == ["Nothing changed in the last seven days."]


def test_a_change_is_shown_with_its_buttons_which_work(desk):
    ask(desk, "show 1")
    shown = desk.slack.ephemeral[-1]
    (buttons,) = [each for each in shown["blocks"] if each["type"] == "actions"]
    assert [each["action_id"] for each in buttons["elements"]][:3] == ["confirm", "reject", "assign"]
    assert any("change 1" in words for words in texts(shown["blocks"]))


@pytest.mark.parametrize(
    ("text", "words"), [("show", "Name a change by its number"), ("show 99", "change 99: there is none")]
)
def test_a_change_that_there_is_not_is_told_with_what_to_ask(desk, text, words):
    assert words in " ".join(ask(desk, text))


def test_no_deadlines_and_no_problems_are_said_as_well(desk):
    assert ask(desk, "deadlines") == ["No deadlines in the next 30 days."]
    assert ask(desk, "problems") == ["No problems: everything that is watched can be read."]


@pytest.mark.parametrize("text", ["", "help", "?"])
def test_help_names_every_word(desk, text):
    heading, *lines = ask(desk, text)
    assert heading == "What you can ask"
    assert [each.split()[1] for each in lines] == ["changes", "show", "deadlines", "problems", "crawl", "help"]


def test_a_word_that_there_is_not_gets_the_help_and_means_nothing_to_slack(desk):
    heading, *_ = ask(desk, "<!channel> now")
    assert heading == "There is no /policy <!channel>. What you can ask"
    assert "<!channel>" not in desk.slack.ephemeral[-1]["text"]


def test_a_source_that_there_is_not_is_named(desk):
    at_once, later = sorted(ask(desk, "crawl nowhere"))
    assert at_once == "Reading nowhere now. The answer comes when it is done."
    assert later.startswith("nowhere: no source that is switched on has this id")


def test_a_repeated_command_is_answered_once(desk):
    before = len(desk.slack.ephemeral)
    reply = desk.slack.command("/policy", "help")
    desk.slack.replay(reply)
    assert len(desk.slack.ephemeral) == before + 1


@pytest.mark.parametrize("forgery", Forgery)
def test_a_command_that_is_not_slacks_is_not_answered(desk, forgery):
    assert ask(desk, "changes", forgery=forgery) == []
