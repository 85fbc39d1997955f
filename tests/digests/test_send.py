"""The outbox: nothing twice, nothing missing, whatever Slack answers and whoever is killed."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digests.compose import compose_due
from digests.send import Patience, Sent, send_pending
from monitor.config import read_config
from monitor.failing import gather
from monitor.model import Audience, DeliveryState
from monitor.store import open_store, transaction
from monitor.store.deliveries import claim_delivery, get_deliveries, get_open
from slack.server import Fault

MINUTE = timedelta(minutes=1)
DESK = Audience("desk", "Desk", digest_at="00:00")


@pytest.fixture
def now():
    """Slack's clock is the real one, and so is the sender's outside of replays."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def compose_some(world, slack_config, now):
    """Compose a digest with so many changes; returns its id."""

    def compose(changes=1, audience=DESK, at=None):
        world.see(audience, at=now)
        for _ in range(changes):
            world.change(at or now)
        (digest,) = compose_due(world.db, [audience], slack_config, at or now)
        return digest.id

    return compose


def of_slack(db, digest_id):
    return [each for each in get_deliveries(db, digest_id) if each.channel.startswith("slack:")]


def told(slack):
    """The ids of the changes in all messages, in the order people see them."""
    return [int(number) for each in slack.messages for number in re.findall(r"· change (\d+)", str(each["blocks"]))]


# The good case


def test_a_digest_reaches_slack_and_the_folder(db, slack, send, compose_some, slack_config, now):
    digest_id = compose_some()
    assert send(now).sent == 2
    (message,) = slack.messages
    (delivery,) = of_slack(db, digest_id)
    assert (delivery.state, delivery.ts, delivery.attempts, delivery.sent_at) == (
        DeliveryState.SENT,
        message["ts"],
        1,
        now,
    )
    assert message["metadata"] == {
        "event_type": "policy_monitor_digest",
        "event_payload": {"delivery_id": delivery.id, "digest_id": digest_id, "part": 1, "parts": 1},
    }
    assert message["text"].startswith("Policy digest, Desk, ")
    assert (message["unfurl_links"], message["unfurl_media"]) == (False, False)
    assert "link_names" not in message
    folder = slack_config.var / "digests"
    assert sorted(each.name for each in folder.iterdir()) == [f"{digest_id}.html", f"{digest_id}.md"]


def test_what_is_sent_is_not_sent_again(slack, send, compose_some, now):
    compose_some()
    send(now)
    assert send(now + MINUTE).sent == 0
    assert len(slack.messages) == 1


def test_parts_arrive_in_their_order(db, slack, send, compose_some, now):
    digest_id = compose_some(changes=30)
    send(now)
    assert [each["metadata"]["event_payload"]["part"] for each in slack.messages] == [
        each.part for each in of_slack(db, digest_id)
    ]
    assert sorted(told(slack)) == told(slack) == list(range(1, 31))


# Once, whatever Slack answers


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("lag", [0, 1])
def test_after_any_fault_every_message_is_there_once_and_in_order(slack, send, compose_some, now, fault, lag):
    slack.history_lag = lag
    compose_some(changes=12)
    slack.script(fault)
    first = send(now)
    assert first.waiting >= 1
    assert first.failed == 0
    for minutes in range(1, 4):
        send(now + minutes * MINUTE)
    assert told(slack) == list(range(1, 13))
    assert send(now + 5 * MINUTE) == Sent()


def test_an_unknown_outcome_is_left_alone_for_a_minute(db, slack, send, compose_some, now):
    digest_id = compose_some()
    slack.script(Fault.CLOSE)
    sent = send(now)
    assert "no certain answer from Slack (RemoteDisconnected" in sent.messages[0]
    assert sent.messages[0].endswith(
        "It is looked for in the channel before it is sent again. Check SLACK_API_URL if this lasts."
    )
    (delivery,) = of_slack(db, digest_id)
    assert (delivery.state, delivery.next_attempt_at) == (DeliveryState.SENDING, now + MINUTE)
    assert send(now + timedelta(seconds=59)).waiting == 1
    assert len(slack.calls) == 1
    assert send(now + MINUTE).sent == 1


def test_slack_is_obeyed_when_it_asks_for_a_pause(db, slack, send, compose_some, now):
    first = compose_some()
    second = compose_some(audience=replace(DESK, id="second"))
    slack.script(Fault.RATE_LIMIT)
    sent = send(now)
    assert (sent.sent, sent.waiting) == (2, 2)  # the files; and nothing more is posted to that channel
    assert len(slack.calls_of("chat.postMessage")) == 1
    (delivery,) = of_slack(db, first)
    assert (delivery.state, delivery.next_attempt_at) == (DeliveryState.PENDING, now + timedelta(seconds=7))
    assert send(now + timedelta(seconds=6)).waiting == 2
    assert len(slack.calls_of("chat.postMessage")) == 1
    assert send(now + timedelta(seconds=7)).sent == 2
    assert [of_slack(db, each)[0].state for each in (first, second)] == [DeliveryState.SENT] * 2


def test_a_pause_asked_for_after_a_lost_answer_does_not_make_us_forget_to_look(slack, send, compose_some, now):
    slack.history_lag = 3  # three looks miss it: one look before the third attempt would not do
    compose_some()
    slack.script(Fault.ACCEPT_THEN_CLOSE, Fault.RATE_LIMIT)
    send(now)
    send(now + MINUTE)
    assert send(now + 2 * MINUTE).sent == 1
    assert len(slack.messages) == 1


def test_while_slack_cannot_be_reached_the_message_waits(db, slack, send, compose_some, slack_config, now):
    digest_id = compose_some()
    sent = send(now, config=replace(slack_config, slack_api_url="http://127.0.0.1:9/api/"))
    assert (sent.sent, sent.waiting, sent.failed) == (1, 1, 0)
    assert "Slack cannot be reached" in sent.messages[0]
    assert of_slack(db, digest_id)[0].state is DeliveryState.PENDING
    assert send(now).sent == 1
    assert len(slack.messages) == 1


def test_a_token_that_is_gone_makes_slack_wait_and_harms_nothing_else(send, compose_some, slack_config, now):
    compose_some()
    sent = send(now, config=replace(slack_config, slack_bot_token=None))
    assert (sent.sent, sent.waiting) == (1, 1)
    assert "SLACK_BOT_TOKEN is not set" in sent.messages[0]


def test_a_status_that_says_nothing_certain_comes_with_advice(send, slack, compose_some, now):
    compose_some()
    slack.script(Fault.ERROR_500)
    assert re.search(
        r"\(HTTP 500.*\)\. It is looked for in the channel before .* Check SLACK_API_URL", send(now).messages[0]
    )


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.RATE_LIMIT, Fault.CLOSE, Fault.ACCEPT_THEN_GARBAGE])
def test_a_history_that_cannot_be_read_makes_it_wait_and_never_post_blindly(slack, send, compose_some, now, fault):
    compose_some()
    slack.script(Fault.ACCEPT_THEN_CLOSE)
    send(now)
    slack.script(fault, method="conversations.history")
    assert send(now + MINUTE).waiting == 1
    assert len(slack.calls_of("chat.postMessage")) == 1
    assert send(now + 3 * MINUTE).sent == 1
    assert len(slack.messages) == 1


def chat(slack, times):
    """What other people wrote in the channel, at these seconds since the epoch."""
    said = {"type": "message", "channel": slack.channel, "text": "hello", "unseen": 0}
    slack.messages += [{**said, "ts": f"{each:.6f}"} for each in times]
    slack.messages.sort(key=lambda message: float(message["ts"]))


def test_our_message_is_found_behind_hundreds_of_others(slack, send, compose_some, now):
    compose_some()
    slack.script(Fault.ACCEPT_THEN_CLOSE)
    send(now)
    newest = float(slack.messages[0]["ts"])
    chat(slack, [newest + number for number in range(1, 451)])
    assert send(now + MINUTE).sent == 1
    assert len(slack.calls_of("conversations.history")) == 3
    assert len(slack.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize("others", [0, 450, 1_450])
@pytest.mark.parametrize("ahead", [-timedelta(days=2), -timedelta(hours=1), timedelta(hours=1), timedelta(days=2)])
def test_a_wrong_clock_of_ours_does_not_hide_our_message(slack, send, compose_some, now, ahead, others):
    wrong = now + ahead
    compose_some(at=wrong)
    slack.script(Fault.ACCEPT_THEN_CLOSE)
    send(wrong)
    newest = float(slack.messages[0]["ts"])
    chat(slack, [newest + number / 50 for number in range(1, others + 1)])
    assert send(wrong + MINUTE).sent == 1
    assert len(slack.calls_of("chat.postMessage")) == 1


def test_among_the_newest_thousand_our_message_is_found_whatever_our_clock_says(slack, send, compose_some, now):
    wrong = now + timedelta(days=400)
    compose_some(at=wrong)
    slack.script(Fault.ACCEPT_THEN_CLOSE)
    send(wrong)
    newest = float(slack.messages[0]["ts"])
    chat(slack, [newest + number / 50 for number in range(1, 991)])
    assert send(wrong + MINUTE).sent == 1
    assert len(slack.calls_of("chat.postMessage")) == 1


def test_what_was_written_days_before_the_attempt_is_not_searched(slack, send, compose_some, now):
    chat(slack, [time.time() - 30 * 86_400 + number for number in range(2_000)])
    compose_some()
    slack.script(Fault.CLOSE)
    send(now)
    assert send(now + MINUTE).sent == 1
    assert len(slack.calls_of("conversations.history")) == 2 * 5  # of ten answers that there are
    assert len(slack.calls_of("chat.postMessage")) == 2


def test_where_too_many_messages_came_to_look_among_them_all_it_waits_and_is_not_posted(
    db, slack, send, compose_some, now, monkeypatch
):
    monkeypatch.setattr("digests.slack._MOST_PAGES", 6)
    digest_id = compose_some()
    slack.script(Fault.CLOSE)
    send(now)
    chat(slack, [time.time() + number / 50 for number in range(1_300)])
    sent = send(now + MINUTE)
    assert (sent.waiting, len(slack.calls_of("chat.postMessage"))) == (1, 1)
    assert "too many messages came into the channel" in sent.messages[0]
    (delivery,) = of_slack(db, digest_id)
    assert (delivery.state, delivery.next_attempt_at) == (DeliveryState.SENDING, now + timedelta(minutes=61))


def test_a_replay_under_a_fixed_clock_finds_its_message_too(db, slack, send, compose_some, slack_config, now):
    replay = replace(slack_config, fixed_now=now + timedelta(days=900))
    compose_some(at=replay.fixed_now)
    slack.script(Fault.ACCEPT_THEN_CLOSE)
    send(replay.fixed_now, config=replay)
    assert send(replay.fixed_now + MINUTE, config=replay).sent == 1
    assert len(slack.messages) == 1


# Once, whoever is killed


def test_killed_between_claim_and_post_it_is_posted_by_the_next_sender(db, slack, send, compose_some, now):
    digest_id = compose_some()
    with transaction(db):
        for delivery in get_open(db):
            assert claim_delivery(db, delivery, now)
    assert send(now).sent == 2
    assert len(slack.messages) == 1
    assert of_slack(db, digest_id)[0].attempts == 2


SENDER = """
import sys
from datetime import UTC, datetime
from digests.send import send_pending
from monitor.config import read_config
from monitor.failing import gather
from monitor.store import open_store
config = read_config()
send_pending(open_store(config.db), config, datetime.now(UTC))
"""


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.ACCEPT_THEN_HANG])
def test_killed_while_posting_it_is_there_once_in_the_end(slack, send, compose_some, slack_config, now, fault):
    compose_some()
    slack.script(fault)
    env = os.environ | {
        "MONITOR_DB": str(slack_config.db),
        "SLACK_BOT_TOKEN": slack.token,
        "SLACK_API_URL": slack.url,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(SENDER)], env=env) as sender:
        assert slack.hanging.wait(60)
        assert send(now).sent == 0  # the other one holds the lock
        sender.send_signal(signal.SIGKILL)
    assert send(now).sent == 1
    assert told(slack) == [1]


def test_two_senders_at_once_send_everything_once(slack, compose_some, slack_config, patience, now):
    compose_some(changes=30)

    def attempt(_):
        db = open_store(slack_config.db)
        try:
            return send_pending(db, slack_config, now, patience=patience).sent
        finally:
            db.close()

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(attempt, range(4))) == len(slack.messages) + 1
    assert told(slack) == list(range(1, 31))


def test_a_delivery_that_another_sender_began_is_not_claimed(db, compose_some, now):
    compose_some()
    delivery = get_open(db)[0]
    with transaction(db):
        assert claim_delivery(db, delivery, now)
        assert not claim_delivery(db, delivery, now)


def test_a_delivery_begun_by_somebody_else_in_spite_of_the_lock_is_left_to_them(
    db, send, compose_some, now, monkeypatch
):
    compose_some()
    monkeypatch.setattr("digests.send.claim_delivery", lambda *_: False)
    sent = send(now)
    assert (sent.sent, sent.waiting) == (0, 2)
    assert {each.state for each in get_open(db)} == {DeliveryState.PENDING}


def test_a_pause_lies_between_two_looks_and_between_two_posts(db, slack, compose_some, slack_config, now, pauses):
    compose_some(changes=12)
    slack.script(Fault.CLOSE)
    send_pending(db, slack_config, now, patience=Patience(settle=3, pace=1))
    assert pauses == []
    send_pending(db, slack_config, now + MINUTE, patience=Patience(settle=3, pace=1))
    assert pauses == [3, 1]


# Files


def test_a_folder_that_cannot_be_written_makes_the_file_wait_and_harms_nothing_else(
    slack, send, compose_some, slack_config, now
):
    digest_id = compose_some()
    blocker = slack_config.var / "digests"
    blocker.write_text("not a folder")
    sent = send(now)
    assert (sent.sent, sent.waiting) == (1, 1)
    assert "the digest cannot be written" in sent.messages[0]
    blocker.unlink()
    assert send(now).sent == 1
    assert (blocker / f"{digest_id}.md").read_text(encoding="utf-8").startswith("# Desk, ")


def test_an_error_that_nobody_foresaw_stays_with_its_delivery(db, slack, send, compose_some, now, monkeypatch):
    compose_some()
    monkeypatch.setattr("digests.channels.post", lambda *_: 1 / 0)
    with gather({}) as failures:
        sent = send(now)
    assert (sent.sent, sent.waiting) == (1, 1)
    assert "stands in the log" in sent.messages[0]
    assert "ZeroDivisionError" in failures[0]
    (delivery,) = get_open(db)
    assert (delivery.state, delivery.next_attempt_at) == (DeliveryState.SENDING, now + MINUTE)
    assert delivery.error in sent.messages[0]
    monkeypatch.undo()
    assert send(now + MINUTE).sent == 1


@pytest.mark.parametrize("mistaken", ["digests.channels.post", "digests.send.mark_sent"])
def test_a_mistake_of_ours_that_lasts_is_met_after_growing_pauses(
    db, world, config, patience, now, monkeypatch, mistaken
):
    world.see(DESK, at=now)
    compose_due(db, [DESK], config, now)
    monkeypatch.setattr(mistaken, lambda *_, **__: 1 / 0)
    for minute in range(40):
        send_pending(db, config, now + minute * MINUTE, patience=patience)
    (delivery,) = get_open(db)
    assert (delivery.attempts, delivery.next_attempt_at) == (4, now + (36 + 60) * MINUTE)


def test_a_sender_without_slack_needs_no_network(world, config, patience, now):
    compose_due(world.db, [DESK], read_config({}, db=str(config.db)), now)
    assert send_pending(world.db, config, now, patience=patience).sent == 1
