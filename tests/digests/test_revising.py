"""A message that is there already shows who decided what: it is edited, and never posted again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

import digests.slack
from digests.compose import compose_due
from digests.revising import refresh
from digests.send import Patience, send_pending
from monitor import triage
from monitor.model import Audience, Person, Verdict
from monitor.store import open_store
from monitor.store.deliveries import get_deliveries
from monitor.store.locks import sole
from slack.server import Channel, Fault

MINUTE = timedelta(minutes=1)
DESK = Audience("desk", "Desk", digest_at="00:00", alerts=False)
PEOPLE = (Person("Maria Berg", slack="U0MARIA"),)


@pytest.fixture
def now():
    """Slack's clock is the real one."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def send(db, slack_config, patience):
    def call(at, **options):
        return send_pending(db, options.pop("config", slack_config), at, people=PEOPLE, patience=patience, **options)

    return call


@pytest.fixture
def tell(world, slack_config, send, now):
    """Tell an audience of so many changes; returns their ids."""

    def call(changes=1, at=None, **facts):
        audience = replace(DESK, **facts)
        world.see(audience, at=now)
        ids = [world.change(at or now) for _ in range(changes)]
        compose_due(world.db, [audience], slack_config, at or now)
        send(at or now)
        return ids

    return call


@pytest.fixture
def decide(db, now):
    def call(change_id, verdict=Verdict.CONFIRMED, by="U0MARIA", **facts):
        triage.decide(db, change_id, None, verdict, by=by, now=facts.pop("at", now), **facts)

    return call


def states(slack):
    """What each message says of each change: a dictionary for each message, in the order they were posted."""
    return [
        {
            block["block_id"].removeprefix("state:"): str(block["elements"])
            for block in each["blocks"]
            if block.get("block_id", "").startswith("state:")
        }
        for each in slack.messages
    ]


def edits(slack):
    return len(slack.calls_of("chat.update"))


def test_a_decision_is_shown_in_the_message_that_told_of_the_change(slack, tell, decide, send, now):
    first, second = tell(changes=2)
    before = slack.messages[0] | {}
    decide(first)
    send(now + MINUTE)
    (message,) = slack.messages
    (shown,) = states(slack)
    assert "Maria Berg" in shown[str(first)]
    assert "Nobody has decided" in shown[str(second)]
    assert {key: message[key] for key in ("ts", "text", "metadata")} == {
        key: before[key] for key in ("ts", "text", "metadata")
    }
    changed = [new for old, new in zip(before["blocks"], message["blocks"], strict=True) if old != new]
    assert [each["block_id"] for each in changed] == [f"state:{first}"]


def test_what_is_shown_is_not_edited_again_until_something_new_is_decided(slack, tell, decide, send, now):
    (change_id,) = tell()
    send(now + MINUTE)
    assert edits(slack) == 0
    decide(change_id)
    for minutes in range(1, 4):
        send(now + minutes * MINUTE)
    assert edits(slack) == 1
    decide(change_id, Verdict.NOT_APPLICABLE, reason="elsewhere", at=now + 4 * MINUTE)
    send(now + 5 * MINUTE)
    assert edits(slack) == 2
    assert "Not applicable" in states(slack)[0][str(change_id)]


def test_a_decision_made_before_the_message_was_sent_is_shown_in_the_same_pass(
    world, slack, slack_config, decide, send, now
):
    world.see(DESK, at=now)
    change_id = world.change(now)
    compose_due(world.db, [DESK], slack_config, now)
    decide(change_id)
    send(now)
    assert "Maria Berg" in states(slack)[0][str(change_id)]


def test_every_message_that_shows_the_change_is_edited(slack, tell, decide, send, now):
    slack.channels["C0OTHER"] = Channel()
    (change_id,) = tell()
    tell(changes=0, id="other", slack_channel="C0OTHER")
    tell(changes=0, id="maria", slack_channel="U0MARIA")
    decide(change_id)
    send(now + MINUTE)
    assert ["Maria Berg" in each[str(change_id)] for each in states(slack)] == [True] * len(slack.messages)


def test_only_the_part_that_shows_the_change_is_edited(slack, tell, decide, send, now):
    ids = tell(changes=30)
    assert len(slack.messages) > 1
    decide(ids[-1])
    send(now + MINUTE)
    assert edits(slack) == 1
    assert "Maria Berg" in states(slack)[-1][str(ids[-1])]


def test_what_takes_nothing_back_that_people_see_costs_no_call(db, slack, tell, decide, send, now):
    (change_id,) = tell()
    decide(change_id)
    decide(change_id, Verdict.UNDONE)
    send(now + MINUTE)
    assert edits(slack) == 0
    (delivery,) = (each for each in get_deliveries(db, f"{now:%Y-%m-%d}-daily-desk") if each.ts)
    assert delivery.shown_decision == 2


@pytest.mark.parametrize("fault", Fault)
def test_an_edit_that_goes_wrong_is_repeated(slack, tell, decide, send, now, fault):
    (change_id,) = tell()
    decide(change_id)
    slack.script(fault, method="chat.update")
    for minutes in range(1, 6):
        send(now + minutes * MINUTE)
    assert edits(slack) == (2 if fault is Fault.RATE_LIMIT else 3)  # what nobody heard of may land later
    assert len(slack.messages) == 1
    assert "Maria Berg" in states(slack)[0][str(change_id)]


@pytest.mark.parametrize("then", [Verdict.NOT_APPLICABLE, Verdict.UNDONE])
def test_an_edit_that_lands_after_the_one_that_followed_it_is_put_right(slack, tell, decide, send, now, then):
    (change_id,) = tell()
    decide(change_id)
    slack.script(Fault.CLOSE, method="chat.update")
    send(now)
    decide(change_id, then, reason="elsewhere" if then is Verdict.NOT_APPLICABLE else "", at=now + MINUTE)
    send(now + MINUTE)
    (right,) = states(slack)
    late, _ = slack.calls_of("chat.update")
    slack.messages[0]["blocks"] = late["blocks"]
    assert "Maria Berg" in states(slack)[0][str(change_id)]
    for minutes in range(2, 5):
        send(now + minutes * MINUTE)
    assert states(slack) == [right]
    assert edits(slack) == 3


def test_a_decision_taken_back_after_an_edit_that_landed_unheard_is_shown(slack, tell, decide, send, now):
    (change_id,) = tell()
    before = states(slack)
    decide(change_id)
    slack.script(Fault.ACCEPT_THEN_CLOSE, method="chat.update")
    send(now)
    assert states(slack) != before
    decide(change_id, Verdict.UNDONE, at=now + MINUTE)
    send(now + MINUTE)
    assert states(slack) == before


def test_slack_is_obeyed_when_it_asks_for_a_pause_between_edits(slack, tell, decide, send, now):
    ids = [tell(id=f"desk-{number}")[0] for number in range(3)]
    for each in ids:
        decide(each)
    slack.script(None, Fault.RATE_LIMIT, method="chat.update")
    send(now)
    assert edits(slack) == 2
    send(now + timedelta(seconds=6))
    assert edits(slack) == 2
    send(now + timedelta(seconds=7))
    assert edits(slack) == 4


def test_a_message_that_is_gone_is_given_up(slack, tell, decide, send, now):
    (change_id,) = tell()
    slack.messages.clear()
    decide(change_id)
    for minutes in range(1, 4):
        assert send(now + minutes * MINUTE).messages == ()
    assert edits(slack) == 1
    assert slack.messages == []


def test_messages_older_than_thirty_days_stay_as_they_are(slack, tell, decide, send, now):
    (change_id,) = tell()
    decide(change_id)
    send(now + timedelta(days=30, minutes=1))
    assert edits(slack) == 0


def test_in_a_channel_that_refuses_nothing_is_edited_for_an_hour_and_elsewhere_it_is(slack, tell, decide, send, now):
    slack.channels["C0OTHER"] = Channel()
    ids = [*tell(id="first"), *tell(id="second"), *tell(id="third", slack_channel="C0OTHER")]
    slack.channels[slack.channel].archived = True
    for each in ids:
        decide(each)
    send(now)
    assert edits(slack) == 2
    send(now + timedelta(minutes=59))
    assert edits(slack) == 2
    slack.channels[slack.channel].archived = False
    send(now + timedelta(hours=1))
    assert ["Maria Berg" in shown[str(each)] for shown, each in zip(states(slack), ids, strict=True)] == [True] * 3


def test_without_a_token_nothing_is_edited(slack, tell, decide, send, slack_config, now):
    (change_id,) = tell()
    decide(change_id)
    send(now, config=replace(slack_config, slack_bot_token=None))
    config = replace(slack_config, slack_bot_token=None)
    assert not refresh(open_store(slack_config.db), config, PEOPLE, change_id, now)
    assert edits(slack) == 0


def test_an_error_that_nobody_foresaw_stays_with_its_message(db, slack, tell, decide, send, now, monkeypatch):
    (first,), (second,) = tell(id="first"), tell(id="second")  # the second message tells of both
    decide(first)
    decide(second)
    monkeypatch.setattr("digests.revising.standing", lambda state, _: f"{1 / (state.change_id - second)}")
    send(now)
    assert edits(slack) == 1
    monkeypatch.undo()
    send(now)
    assert "Maria Berg" in states(slack)[1][str(second)]


def test_edits_keep_the_pace(db, slack_config, tell, decide, now, pauses):
    for number in range(3):
        decide(*tell(id=f"desk-{number}"))
    pauses.clear()
    decide(1, Verdict.NOT_APPLICABLE, reason="elsewhere", at=now + MINUTE)
    decide(2, Verdict.NOT_APPLICABLE, reason="elsewhere", at=now + MINUTE)
    decide(3, Verdict.NOT_APPLICABLE, reason="elsewhere", at=now + MINUTE)
    send_pending(db, slack_config, now + MINUTE, people=PEOPLE, patience=Patience(pace=1))
    assert [each for each in pauses if each] == [1, 1]


def test_told_to_end_a_sender_edits_no_further_message(db, slack, slack_config, tell, decide, send, now, monkeypatch):
    ended, update = Event(), digests.slack.update
    for change in [*tell(id="first"), *tell(id="second")]:
        decide(change)
    monkeypatch.setattr("digests.slack.update", lambda *words: ended.set() or update(*words))
    send(now + MINUTE, ended=ended)
    assert edits(slack) == 1
    monkeypatch.undo()
    send(now + MINUTE)
    assert edits(slack) == 2


# At once, for somebody who clicked


def test_a_click_is_shown_at_once_and_nothing_else_is_touched(db, slack, slack_config, tell, decide, send, now):
    (first,), (second,) = tell(id="first"), tell(id="second")  # the second message tells of both
    decide(first)
    decide(second)
    assert refresh(db, slack_config, PEOPLE, second, now)
    assert edits(slack) == 1
    assert "Maria Berg" in states(slack)[1][str(second)]
    send(now)
    assert edits(slack) == 2
    assert "Maria Berg" in states(slack)[0][str(first)]


def test_a_click_while_a_sender_is_at_work_is_shown_by_the_next_pass(db, slack, slack_config, tell, decide, send, now):
    (change_id,) = tell()
    decide(change_id)
    with sole(slack_config.db, "sending"):
        assert not refresh(db, slack_config, PEOPLE, change_id, now)
    assert edits(slack) == 0
    send(now)
    assert "Maria Berg" in states(slack)[0][str(change_id)]
    assert refresh(db, slack_config, PEOPLE, change_id, now)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.CLOSE, "is_inactive", "edit_window_closed", "invalid_auth"])
def test_whoever_clicks_learns_that_no_message_shows_it(db, slack, slack_config, tell, decide, now, fault):
    (change_id,) = tell()
    decide(change_id)
    slack.script(fault, method="chat.update")
    assert not refresh(db, slack_config, PEOPLE, change_id, now)
    assert not refresh(db, slack_config, PEOPLE, change_id, now)


def test_where_the_message_is_gone_or_there_never_was_one_nothing_shows_it(
    db, slack, slack_config, world, tell, decide, now
):
    (told,), untold = tell(), world.change(now)
    slack.messages.clear()
    for each in (told, untold):
        decide(each)
        assert not refresh(db, slack_config, PEOPLE, each, now)


def test_one_message_of_several_that_shows_it_is_enough(db, slack, slack_config, tell, decide, now):
    slack.channels["C0OTHER"] = Channel()
    (change_id,) = tell()
    tell(changes=0, id="other", slack_channel="C0OTHER")
    decide(change_id)
    slack.script("edit_window_closed", method="chat.update")
    assert refresh(db, slack_config, PEOPLE, change_id, now)
    assert edits(slack) == 2


def test_one_edit_shows_what_was_decided_of_two_changes(db, slack, slack_config, tell, decide, now):
    first, second = tell(changes=2)
    decide(first)
    decide(second)
    assert [refresh(db, slack_config, PEOPLE, each, now) for each in (first, second)] == [True, True]
    assert edits(slack) == 1


def test_a_click_in_an_old_message_is_shown_too(db, slack, slack_config, tell, decide, now):
    (change_id,) = tell()
    later = now + timedelta(days=300)
    decide(change_id, at=later)
    assert refresh(db, slack_config, PEOPLE, change_id, later)
    assert "Maria Berg" in states(slack)[0][str(change_id)]
