"""Everything people can do in Slack, over both ways in: what is decided, and what everybody sees then.

The app, the web application and slack-sdk's client are those of the service; only Slack itself is local.
"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from monitor.config import read_config
from monitor.service import listen
from monitor.slack.app import build_app
from monitor.triage import REASONS
from monitor.web.app import create_app
from monitor.web.slack import PATH
from slack.apps import over_socket
from slack.server import LocalSlack
from slack.signing import Forgery
from slack_app.conftest import Desk, texts
from triaged import REFUNDS, UPLOAD

if TYPE_CHECKING:
    from pathlib import Path

    from slack_bolt import App

MARIA = "Maria Berg"
CONFIRMED = "Confirmed by Maria Berg, 5 Mar 16:00 UTC"
UNDECIDED = "Nobody has decided yet"
SETTLE_SECONDS = 60
"""More than a crawl takes on a busy machine."""


@contextmanager
def over_web(slack, app):
    """The web application, listening as it does in the service."""
    with listen(
        create_app(read_config({"SLACK_SIGNING_SECRET": slack.signing_secret}), app), "127.0.0.1", 0
    ) as address:
        slack.request_url = address + PATH
        yield


@dataclass(frozen=True)
class Way:
    """An app that stays connected while desks come and go in its folder."""

    folder: Path
    slack: LocalSlack
    app: App


class LiveDesk(Desk):
    """A desk of its own for each test, where the way's app finds it."""

    def __init__(self, way):
        super().__init__(way.folder, way.slack)
        self.app = way.app

    def settle(self):
        """Wait until the app has done all that it has acknowledged: then each of its workers is free to come here."""
        workers = self.app.listener_runner.listener_executor
        together = Barrier(workers._max_workers + 1)
        for _ in range(workers._max_workers):
            workers.submit(together.wait, SETTLE_SECONDS)
        together.wait(SETTLE_SECONDS)

    def do(self, act, *args, **options):
        """One act of one person, taken in time and done to its end."""
        reply = act(*args, **options)
        assert reply.acked
        self.settle()
        return reply

    def ask(self, text):
        """What only the asker sees, a list of lines for each answer."""
        before = len(self.slack.ephemeral)
        self.do(self.slack.command, "/policy", text)
        return [texts(each.get("blocks", [])) or [each["text"]] for each in self.slack.ephemeral[before:]]

    def verdicts(self):
        return [each[1] for each in self.decisions()]


@pytest.fixture(scope="module", params=[over_socket, over_web], ids=["socket", "http"])
def way(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("way")
    with LocalSlack() as slack:
        desk = Desk(folder, slack)
        desk.db.close()
        app = build_app(replace(desk.config, allow_private=True))  # a publisher on loopback can be read
        with request.param(slack, app):
            yield Way(folder, slack, app)
        app.listener_runner.listener_executor.shutdown(wait=True)


@pytest.fixture
def desk(way):
    """Nothing is left of the test before."""
    shutil.rmtree(way.folder)
    way.folder.mkdir()
    with way.slack.lock:
        for kept in (way.slack.messages, way.slack.ephemeral, way.slack.views, way.slack.homes, way.slack.calls):
            kept.clear()
    desk = LiveDesk(way)
    desk.tell()
    yield desk
    desk.settle()
    desk.db.close()


# Buttons and forms


def test_confirming_is_decided_and_everybody_sees_it(desk):
    desk.do(desk.slack.click, desk.message, "confirm", value="1")
    assert desk.decisions() == [(None, "confirmed", None, None, MARIA)]
    assert (desk.state(1), desk.state(2)) == (CONFIRMED, UNDECIDED)


@pytest.mark.parametrize(
    ("name", "values", "decided", "shown"),
    [
        (
            "reject",
            {"reason": "other", "words": "We only list shops."},
            [(None, "not-applicable", "We only list shops.", None, MARIA)],
            "Not applicable by Maria Berg, 5 Mar 16:00 UTC: We only list shops.",
        ),
        (
            "assign",
            {"who": "U0MARIA", "due": "2026-03-20"},
            [(None, "assigned", MARIA, "2026-03-20", MARIA)],
            "Nobody has decided yet · in hand: Maria Berg, due 20 Mar 2026",
        ),
        (
            "due",
            {"due": "2026-03-21"},
            [(None, "assigned", MARIA, "2026-03-21", MARIA)],
            "Nobody has decided yet · in hand: Maria Berg, due 21 Mar 2026",
        ),
        (
            "snooze",
            {"until": "2026-03-09"},
            [(None, "snoozed", None, "2026-03-09", MARIA)],
            "Nobody has decided yet · put off until 9 Mar 2026",
        ),
        (
            "sections",
            {"sections": [], "others": "covered"},
            [(UPLOAD, "not-applicable", "covered", None, MARIA), (REFUNDS, "not-applicable", "covered", None, MARIA)],
            f"Not applicable by Maria Berg, 5 Mar 16:00 UTC: {REASONS['covered']}",
        ),
    ],
    ids=["reject", "assign", "due", "snooze", "sections"],
)
def test_a_form_is_opened_sent_and_decided_and_everybody_sees_it(desk, name, values, decided, shown):
    form = desk.open_form(name)
    desk.do(desk.slack.submit, form, values)
    assert desk.slack.views == {}
    assert desk.decisions() == decided
    assert desk.state(1) == shown


def test_what_is_wrong_in_a_form_is_said_in_it_and_the_mended_one_is_taken(desk):
    form = desk.open_form("reject")
    reply = desk.do(desk.slack.submit, form, {"reason": "other"})
    assert reply.payload == {"response_action": "errors", "errors": {"words": "Say why, in your own words."}}
    assert desk.decisions() == []
    desk.do(desk.slack.submit, form, {"reason": "other", "words": "No shops."})
    assert desk.verdicts() == ["not-applicable"]


def test_taking_back_opens_it_again(desk):
    desk.do(desk.slack.click, desk.message, "confirm", value="1")
    desk.do(desk.slack.choose, desk.message, "more", "undo:1", user="U0TOM")
    assert desk.decisions()[-1] == (None, "undone", None, None, "U0TOM")
    assert desk.state(1) == UNDECIDED


def test_what_cannot_be_done_is_told_to_whoever_asked(desk):
    desk.do(desk.slack.choose, desk.message, "more", "undo:1", user="U0TOM")
    ((who, words),) = desk.told()
    assert who == "U0TOM"
    assert "change 1: nothing is decided here to take back" in words
    assert desk.decisions() == []


def test_opening_the_document_decides_nothing(desk):
    desk.do(desk.slack.click, desk.message, "open", block_id="act:1")
    assert desk.decisions() == []
    assert desk.state(1) == UNDECIDED
    assert desk.told() == []


# The App Home


def test_the_home_is_filled_and_its_buttons_decide(desk):
    desk.do(desk.slack.open_home)
    assert "2 open items" in desk.home()
    desk.do(desk.slack.click, desk.slack.homes["U0MARIA"], "confirm", value="1")
    assert "1 open item" in desk.home()
    assert desk.state(1) == CONFIRMED


def test_the_forms_are_opened_from_the_home_as_well_and_it_follows(desk):
    desk.do(desk.slack.open_home)
    for name, change_id, values, shown in (
        ("reject", "1", {"reason": "unrelated"}, "1 open item"),
        ("assign", "2", {"due": "2026-03-20"}, "1 in your hands"),
        ("snooze", "2", {"until": "2026-03-09"}, "Nothing for you now · 1 put off"),
    ):
        desk.do(desk.slack.click, desk.slack.homes["U0MARIA"], name, value=change_id)
        desk.do(desk.slack.submit, desk.slack.wait_for_modal(name), values)
        assert shown in desk.home()
    assert desk.verdicts() == ["not-applicable"]
    assert desk.decisions(2) == [
        (None, "assigned", MARIA, "2026-03-20", MARIA),
        (None, "snoozed", None, "2026-03-09", MARIA),
    ]


# The command


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("changes", "Changes of the last seven days"),
        ("deadlines", "No deadlines in the next 30 days."),
        ("problems", "No problems: everything that is watched can be read."),
        ("help", "What you can ask"),
        ("", "What you can ask"),
        ("sing", "There is no /policy sing. What you can ask"),
        ("show 99", "change 99: there is none"),
        ("crawl nowhere", "no source that is switched on has this id"),
    ],
)
def test_a_command_is_answered_to_whoever_asked(desk, text, said):
    assert any(said in first for first, *_ in desk.ask(text))
    assert {who for who, _ in desk.told()} == {"U0MARIA"}


def test_the_changes_are_listed_with_what_became_of_each(desk):
    desk.do(desk.slack.click, desk.message, "confirm", value="1")
    ((_, *lines),) = desk.ask("changes")
    assert any("change 1" in each and "Confirmed by Maria Berg" in each for each in lines)
    assert any("change 2" in each and UNDECIDED in each for each in lines)


def test_a_change_that_was_asked_for_can_be_decided_where_it_is_shown(desk):
    (lines,) = desk.ask("show 1")
    assert any("change 1" in each for each in lines)
    desk.do(desk.slack.click, desk.slack.ephemeral[-1], "confirm", value="1")
    assert desk.decisions() == [(None, "confirmed", None, None, MARIA)]
    assert desk.told()[-1] == ("U0MARIA", f"Change 1: {CONFIRMED}")
    assert desk.state(1) == CONFIRMED


@pytest.mark.slow
def test_a_source_is_read_at_once_and_the_answer_follows(desk, site):
    site.put("/local", "<main><h1>Gifts</h1><p>Gifts are sent by accounts of adults only, also on holidays.</p></main>")
    listed = desk.folder / "sources.yaml"
    facts = f'name: Gift rules, publisher: Example, jurisdiction: EU, kind: html, url: "{site.url("/local")}"'
    listed.write_text(f"{listed.read_text()}  - {{id: local, {facts}}}\n")
    at_once, later = desk.ask("crawl local")
    assert at_once == ["Reading local now. The answer comes when it is done."]
    assert later == ["Gift rules", "1 document read for the first time."]
    assert [each.status for each in site.visits("/local")] == [200]


# Once, however often it comes


def test_a_double_click_decides_once(desk):
    for _ in range(2):
        desk.do(desk.slack.click, desk.message, "confirm", value="1")
    assert desk.verdicts() == ["confirmed"]
    assert desk.state(1) == CONFIRMED


def test_presses_at_the_very_same_moment_decide_once(desk):
    with ThreadPoolExecutor() as hands:
        presses = [hands.submit(desk.slack.click, desk.message, "confirm", value="1") for _ in range(4)]
    assert all(each.result().acked for each in presses)
    desk.settle()
    assert desk.verdicts() == ["confirmed"]
    assert desk.state(1) == CONFIRMED


def test_an_event_that_slack_sends_again_is_answered_once(desk):
    """Slack did not hear the first acknowledgement: https://docs.slack.dev/apis/events-api#retries"""
    first = desk.do(desk.slack.open_home)
    again = desk.do(desk.slack._carry_once, first.told, replace(first, acked=False, status=None))
    assert again.attempts == 2
    assert len(desk.slack.calls_of("views.publish")) == 1


def press(desk):
    return desk.do(desk.slack.click, desk.message, "confirm", value="1")


def send(desk):
    return desk.do(desk.slack.submit, desk.open_form("reject"), {"reason": "unrelated"})


def take_back(desk):
    return desk.do(desk.slack.choose, desk.message, "more", "undo:1")


@pytest.mark.parametrize("decide", [press, send])
def test_a_decision_that_is_replayed_after_it_was_taken_back_changes_nothing(desk, decide):
    reply = decide(desk)
    take_back(desk)
    before = desk.decisions()
    desk.do(desk.slack.replay, reply)
    assert desk.decisions() == before
    assert desk.state(1) == UNDECIDED


def test_a_taking_back_that_is_replayed_takes_nothing_more_back(desk):
    press(desk)
    reply = take_back(desk)
    press(desk)
    desk.do(desk.slack.replay, reply)
    assert desk.verdicts() == ["confirmed", "undone", "confirmed"]
    assert desk.state(1) == CONFIRMED


def test_a_command_that_is_replayed_is_answered_once(desk):
    reply = desk.do(desk.slack.command, "/policy", "help")
    desk.do(desk.slack.replay, reply)
    assert len(desk.slack.ephemeral) == 1


# What is not Slack's


@pytest.mark.parametrize("way", [over_web], indirect=True, ids=["http"])
@pytest.mark.parametrize("forgery", Forgery)
def test_what_slack_did_not_sign_just_now_is_refused_and_without_effect(desk, forgery, monkeypatch):
    monkeypatch.setattr("monitor.web.guard._WAIT_S", 0.0)  # who is wrong again and again has to wait
    form = desk.open_form("reject")
    calls = len(desk.slack.calls)
    refused = [
        desk.slack.click(desk.message, "confirm", value="1", forgery=forgery),
        desk.slack.choose(desk.message, "more", "snooze:1", forgery=forgery),
        desk.slack.submit(form, {"reason": "unrelated"}, forgery=forgery),
        desk.slack.command("/policy", "changes", forgery=forgery),
        desk.slack.open_home(forgery=forgery),
    ]
    desk.settle()
    assert [each.status for each in refused] == [401] * 5
    assert desk.decisions() == []
    assert len(desk.slack.calls) == calls
    assert desk.told() == []
