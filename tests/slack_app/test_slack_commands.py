"""The slash command: what each word answers, only to who asked, and once."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from monitor.model import ProblemKind
from monitor.store import sources, transaction
from monitor.store.locks import sole
from monitor.store.problems import open_problem
from slack.signing import Forgery
from slack_app.conftest import texts
from store.conftest import NOON, a_source
from triaged import MORE_AGES


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
    ("text", "words"),
    [
        ("show", "Name a change by its number"),
        ("show 99", "change 99: there is none"),
        (f"show {2**63}", f"change {2**63}: there is none"),
    ],
)
def test_a_change_that_there_is_not_is_told_with_what_to_ask(desk, text, words):
    assert words in " ".join(ask(desk, text))


def test_no_deadlines_and_no_problems_are_said_as_well(desk):
    assert ask(desk, "deadlines") == ["No deadlines in the next 30 days."]
    assert ask(desk, "problems") == ["No problems that nobody has acknowledged."]


@pytest.mark.parametrize("text", ["", "help", "?"])
def test_help_names_every_word(desk, text):
    heading, *lines = ask(desk, text)
    assert heading == "What you can ask"
    assert [each.split()[1] for each in lines] == ["changes", "show", "deadlines", "problems", "crawl", "help"]


def test_a_word_that_there_is_not_gets_the_help_and_means_nothing_to_slack(desk):
    heading, *_ = ask(desk, "<!channel> now")
    assert heading == "There is no /policy <!channel>. What you can ask"
    assert "<!channel>" not in desk.slack.ephemeral[-1]["text"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("crawl zzz", "zzz: no source that is switched on has this id. Some are: rules, other."),
        ("crawl ruels", "ruels: no source that is switched on has this id. Some are: rules."),
        ("crawl", "Name a source by its id: /policy crawl SOURCE. Some are: rules, other."),
    ],
)
def test_a_source_that_there_is_not_is_not_read_and_others_are_named(desk, text, words):
    assert ask(desk, text) == [words]


def test_while_one_source_is_read_for_somebody_another_one_has_to_wait(desk):
    with sole(desk.config.db, "asked"):
        assert ask(desk, "crawl rules") == [
            "Another source is being read just now. Please try again when that is done."
        ]


def test_what_goes_wrong_here_is_told_and_logged(desk):
    with capture_logs() as logs:
        assert ask(desk, f"show {'9' * 5_000}") == ["Something went wrong here; it is in the log."]
    assert [each["event"] for each in logs if each.get("exc_info")] == ["slack event failed"]


def test_an_answer_that_slack_refuses_is_told_otherwise(desk, monkeypatch):
    monkeypatch.setattr("slack.workspace.RESPONSE_SECONDS", -1)
    with capture_logs() as logs:
        assert ask(desk, "changes") == ["Slack did not take the answer in time. Please try once more."]
    assert any("expired_url" in str(each) for each in logs)


def test_of_many_long_problems_as_many_are_told_as_slack_takes_and_the_rest_is_counted(desk):
    urls = tuple(f"https://example.org/{'p' * 500}/{number}" for number in range(20))
    with transaction(desk.db):
        sources.declare_sources(desk.db, [a_source(id="rules", urls=urls, name="Rules")], NOON)
        for url in urls:
            resource = sources.get_resource(desk.db, "rules", url)
            open_problem(desk.db, resource.id, ProblemKind.HTTP_ERROR, detail="x" * 300, advice="y" * 300, at=NOON)
    heading, *lines = ask(desk, "problems")
    assert heading == "What we cannot see"
    assert 3 < len(lines) < 15
    assert lines[-1] == f"… and {20 - len(lines) + 1} more lines"


def test_the_gravest_change_comes_first_whichever_audience_it_concerns(desk):
    audiences = "audiences:\n  - {id: eu, name: EU, jurisdictions: [EU]}\n  - {id: us, name: US, jurisdictions: [US]}\n"
    path = desk.folder / "sources.yaml"
    path.write_text(
        audiences
        + path.read_text().replace(
            'EU, kind: html, url: "https://example.org/other', 'US, kind: html, url: "https://example.org/other'
        )
    )
    grave = desk.bench.change(MORE_AGES, source="other")
    desk.db.execute("UPDATE source SET jurisdiction = 'US' WHERE id = 'other'")
    desk.db.execute("UPDATE change SET severity = 'low' WHERE id != ?", [grave])
    desk.db.conn.commit()
    _, *lines = ask(desk, "changes", channel=desk.slack.open_direct("U0MARIA"))
    assert len(lines) == 3
    assert f"change {grave}\n" in lines[0]


def test_a_repeated_command_is_answered_once(desk):
    before = len(desk.slack.ephemeral)
    reply = desk.slack.command("/policy", "help")
    desk.slack.replay(reply)
    assert len(desk.slack.ephemeral) == before + 1


@pytest.mark.parametrize("forgery", Forgery)
def test_a_command_that_is_not_slacks_is_not_answered(desk, forgery):
    assert ask(desk, "changes", forgery=forgery) == []
