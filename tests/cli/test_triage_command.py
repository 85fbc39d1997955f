"""`monitor triage` as people call it."""

from __future__ import annotations

import json

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


def test_deciding_the_same_twice_is_said(call):
    call("1:1", "--confirm")
    assert "(it was already)" in call("1:1", "--confirm")


def test_without_a_name_the_login_name_decides(call):
    assert "confirmed, by ana" in call("1:1", "--confirm", env={"MONITOR_USER": None, "LOGNAME": "ana"})


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
        (["1", "--due", "2026-12-01"], "--due goes with --assign"),
    ],
)
def test_what_does_not_go_together_is_refused(call, words, message):
    assert message in call(*words, status=2)


def test_what_is_not_there_is_named(call):
    with pytest.raises(NotFoundError, match="change 7"):
        call("7", "--confirm")
    with pytest.raises(NotFoundError, match="names no change"):
        call("rules")
