"""`monitor triage` as people call it."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from monitor.cli.log import set_up_log
from monitor.cli.triage import triage
from monitor.errors import NotFoundError
from triaged import AGES, APPEALS, REFUNDS, SPAM, UPLOAD, Bench


@pytest.fixture
def bench(tmp_path):
    """Change 1 was tagged with two sections, change 2 with none."""
    bench = Bench(tmp_path)
    bench.change(AGES, [UPLOAD, REFUNDS])
    bench.change(SPAM)
    yield bench
    bench.db.close()


@pytest.fixture
def call(bench):
    set_up_log(verbose=False)

    def run(*words, status=0, env=None):
        env = {"MONITOR_USER": "mia"} if env is None else env
        done = CliRunner().invoke(triage, words, obj=bench.config, env=env)
        if isinstance(done.exception, NotFoundError):
            raise done.exception
        assert done.exit_code == status, done.output
        return done.output

    return run


def test_a_decision_is_said_in_one_line_and_what_it_did_in_another(call):
    assert call(f"1:{UPLOAD}", "--confirm").splitlines() == [
        f"change 1, section {UPLOAD}: confirmed, by mia",
        "  confirmed once for this source: it is tagged sooner for it",
    ]
    assert call("1:1", "--not-applicable", "unrelated").splitlines() == [
        f"change 1, section {UPLOAD}: not applicable (the section is about something else), by mia",
        "  rejected once for this source: it is tagged less for it",
    ]
    assert call("1:1", "--undo").splitlines()[0] == f"change 1, section {UPLOAD}: taken back, by mia"


def test_a_change_as_a_whole_says_what_it_did_for_each_section(call):
    said = call("1", "--not-applicable", "we do not stream").splitlines()
    assert said[0] == "change 1: not applicable (we do not stream), by mia"
    assert [line.partition(": ")[0].strip() for line in said[1:]] == [UPLOAD, REFUNDS]


def test_work_is_given_to_somebody_until_a_day(call):
    said = call("1", "--assign", "otto", "--due", "2026-12-01", "--by", "ana")
    assert said == "change 1: assigned to otto until 2026-12-01, by ana\n"


def test_a_day_alone_is_for_whoever_has_it_in_hand_and_else_for_whoever_says_it(call):
    call("1:1", "--assign", "otto")
    assert (
        call("1:1", "--due", "2026-12-01") == f"change 1, section {UPLOAD}: assigned to otto until 2026-12-01, by mia\n"
    )
    assert call("2", "--due", "2026-12-01") == "change 2: assigned to mia until 2026-12-01, by mia\n"


def test_it_is_put_off_until_a_day(call):
    assert call("2", "--snooze", "2026-12-01") == "change 2: snoozed until 2026-12-01, by mia\n"
    assert json.loads(call("2", "--json"))["snoozed_until"] == "2026-12-01"


def test_deciding_the_same_twice_is_said(call):
    call("1:1", "--confirm")
    assert "(it was already)" in call("1:1", "--confirm")


def test_without_a_name_the_login_name_decides(call):
    assert "confirmed, by ana" in call("1:1", "--confirm", env={"MONITOR_USER": None, "LOGNAME": "ana"})


def test_in_a_container_whose_user_has_no_name_somebody_unknown_decides(call, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 2**30)
    names = dict.fromkeys(("MONITOR_USER", "LOGNAME", "USER", "LNAME", "USERNAME"))
    assert "confirmed, by unknown" in call("1:1", "--confirm", env=names)


def test_without_an_option_it_shows_what_stands_and_what_was_decided(call):
    assert "Nothing is decided yet." in call("1")
    call("1:1", "--confirm")
    call(f"1:{APPEALS}", "--assign", "otto", "--due", "2026-12-01")
    said = call("1")
    rows = {words[0]: words for words in map(str.split, said.splitlines()) if words}
    assert "confirmed" in rows["1"]
    assert "open" in rows["2"]
    assert rows[APPEALS][1:] == ["added", "open", "otto", "2026-12-01"]
    assert f"2026-03-05 16:00 UTC  {UPLOAD}: confirmed, by mia" in said
    assert "assigned to otto until 2026-12-01, by mia" in said


def test_of_a_change_as_a_whole_an_unlikely_section_is_listed_and_stays_open(bench, call):
    bench.change(AGES, [UPLOAD], [APPEALS])
    assert call("3", "--confirm").splitlines() == [
        "change 3: confirmed, by mia",
        f"  {UPLOAD}: confirmed once for this source: it is tagged sooner for it",
    ]
    rows = {words[0]: words for words in map(str.split, call("3").splitlines()) if words}
    assert "confirmed" in rows["1"]
    assert rows["2"][1:] == [APPEALS, "unlikely", "29", "%", "open"]


def test_a_change_that_touches_nothing_can_be_decided_about_too(call):
    assert "Change 2 touches no SOP section: open." in call("2")
    call("2", "--not-applicable", "out-of-scope")
    said = call("2")
    assert "touches no SOP section: not-applicable." in said
    assert "the change as a whole: not applicable (the rule does not bind us), by mia" in said


def test_a_decision_is_one_json_document(call):
    said = json.loads(call("1:1", "--not-applicable", "covered", "--json"))
    assert said["effects"] == [
        {
            "section": UPLOAD,
            "effect": "tagged as before: the section is about what changed, though nothing is to be done",
        }
    ]
    del said["effects"]
    assert said == {
        "change": 1,
        "section": UPLOAD,
        "verdict": "not-applicable",
        "reason": "covered",
        "assignee": None,
        "due": None,
        "by": "mia",
        "at": "2026-03-05T16:00:00Z",
        "new": True,
    }


def test_the_state_is_one_json_document(call):
    call("1", "--assign", "otto")
    call("1:1", "--confirm")
    said = json.loads(call("1", "--json"))
    assert (said["change"], said["verdict"], said["assignee"]) == (1, None, "otto")
    assert said["sections"][0] == {
        "section": UPLOAD,
        "probability": 0.8,
        "verdict": "confirmed",
        "assignee": "otto",
        "due": None,
        "snoozed_until": None,
    }
    assert [(each["section"], each["verdict"]) for each in said["history"]] == [
        (None, "assigned"),
        (UPLOAD, "confirmed"),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["1", "--confirm", "--undo"], "one decision at a time"),
        (["1", "--not-applicable", "x", "--assign", "otto"], "one decision at a time"),
        (["1", "--snooze", "2026-12-01", "--confirm"], "one decision at a time"),
        (["1", "--snooze", "2026-12-01", "--due", "2026-12-01"], "one day at a time"),
    ],
)
def test_what_does_not_go_together_is_refused(call, words, message):
    assert message in call(*words, status=2)


def test_what_is_not_there_is_named(call):
    with pytest.raises(NotFoundError, match="change 7"):
        call("7", "--confirm")
    with pytest.raises(NotFoundError, match="names no change"):
        call("rules")
