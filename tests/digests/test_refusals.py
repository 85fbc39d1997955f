"""What Slack refuses: how far the reason reaches, what waits and what does not, and how it heals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digests.compose import compose_due
from monitor.model import Audience, DeliveryState, ProblemKind
from monitor.store.deliveries import get_deliveries, get_open, get_undelivered
from slack.server import Channel, Fault

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DESK = Audience("desk", "Desk", digest_at="00:00", alerts=False)
BROKEN = '{"text": "x", "blocks": [{"type": "hologram"}]}'


@pytest.fixture
def now():
    """Slack's clock is the real one; some hours of the past are left for digests before this one."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def compose_some(world, slack_config, now):
    """Compose a digest with so many changes for an audience of that name; returns its id."""

    def compose(changes=1, name="desk", at=None, **facts):
        audience = replace(DESK, id=name, **facts)
        world.see(audience, at=now)
        for _ in range(changes):
            world.change(at or now)
        (digest,) = compose_due(world.db, [audience], slack_config, at or now)
        return digest.id

    return compose


def of_slack(db, digest_id):
    return [each for each in get_deliveries(db, digest_id) if each.channel.startswith("slack:")]


def failed(db):
    return [each for each in get_open(db) if each.state is DeliveryState.FAILED]


def told(slack):
    """The ids of the digests in the order people see them, a part each."""
    return [each["metadata"]["event_payload"]["digest_id"] for each in slack.messages]


def posts(slack):
    return len(slack.calls_of("chat.postMessage"))


def archive(slack):
    slack.channels[slack.channel].archived = True


def unarchive(slack):
    slack.channels[slack.channel].archived = False


@pytest.mark.parametrize(
    ("break_slack", "mend", "error"),
    [
        (lambda s: s.channels.clear(), lambda s: s.channels.update({s.channel: Channel()}), "channel_not_found. Check"),
        (
            lambda s: setattr(s.channels[s.channel], "member", False),
            lambda s: setattr(s.channels[s.channel], "member", True),
            "not_in_channel. Invite the app in that channel: /invite",
        ),
        (archive, unarchive, "is_archived. Unarchive"),
        (lambda s: setattr(s, "token", "other"), lambda s: setattr(s, "token", "xoxb-local"), "invalid_auth. Check"),
        (lambda s: s.scopes.remove("chat:write"), lambda s: s.scopes.add("chat:write"), "missing_scope (chat:write)"),
    ],
)
def test_what_is_refused_fails_with_advice_and_is_sent_once_mended(
    db, slack, send, compose_some, now, break_slack, mend, error
):
    digest_id = compose_some(changes=12)
    parts = len(of_slack(db, digest_id))
    break_slack(slack)
    sent = send(now)
    assert (sent.sent, sent.failed, sent.waiting) == (1, 1, parts - 1)
    assert error in sent.messages[0]
    assert f"part 1 of {parts}" in sent.messages[0]
    assert {each.state for each in of_slack(db, digest_id)} == {DeliveryState.FAILED}
    mend(slack)
    assert send(now + MINUTE).messages == ()
    assert slack.messages == []
    assert send(now + 2 * MINUTE, retry_failed=True).sent == parts
    assert [each["metadata"]["event_payload"]["part"] for each in slack.messages] == list(range(1, parts + 1))


def test_it_is_tried_again_every_hour_and_so_heals_by_itself(db, slack, send, compose_some, now):
    compose_some()
    archive(slack)
    assert send(now).failed == 1
    assert send(now + timedelta(minutes=59)).failed == 0
    assert send(now + HOUR).failed == 1
    unarchive(slack)
    assert send(now + HOUR + timedelta(minutes=59)).sent == 0
    assert send(now + 2 * HOUR).sent == 1
    assert posts(slack) == 3


def test_behind_a_channel_that_refuses_nothing_is_attempted_and_other_channels_go_on(
    db, slack, send, compose_some, now
):
    slack.channels["C0OTHER"] = Channel()
    compose_some(name="a-lost", slack_channel="C0LOST")
    compose_some(name="b-lost", slack_channel="C0LOST")
    compose_some(name="c-fine", slack_channel="C0OTHER")
    sent = send(now)
    assert (sent.sent, sent.failed, sent.waiting) == (4, 1, 1)
    assert posts(slack) == 2
    assert send(now + MINUTE).messages == ()
    assert posts(slack) == 2


def test_a_token_that_is_revoked_concerns_every_channel_and_costs_one_call(db, slack, send, compose_some, now):
    slack.channels["C0OTHER"] = Channel()
    digests = [compose_some(name="first"), compose_some(name="second", slack_channel="C0OTHER")]
    slack.token = "xoxb-new"
    sent = send(now)
    assert (sent.sent, sent.failed, sent.waiting) == (2, 1, 1)
    assert posts(slack) == 1
    assert sorted(each.channel for each in failed(db)) == ["slack:C0OTHER", "slack:C0POLICY"]
    slack.token = "xoxb-local"
    assert send(now + HOUR).sent == 2
    assert told(slack) == digests


def test_what_comes_new_makes_it_try_the_channel_again_the_oldest_first(slack, send, compose_some, now):
    digests = [compose_some(name="first"), compose_some(name="second", at=now + MINUTE)]
    archive(slack)
    send(now + MINUTE)
    digests.append(compose_some(name="third", at=now + 2 * MINUTE))
    assert send(now + 2 * MINUTE).failed == 1
    assert posts(slack) == 2
    unarchive(slack)
    digests.append(compose_some(name="fourth", at=now + 3 * MINUTE))
    assert send(now + 3 * MINUTE).sent == 5  # with the file
    assert told(slack) == digests


def test_a_message_that_slack_finds_invalid_holds_up_nothing_but_its_own_digest(db, slack, send, compose_some, now):
    broken = compose_some(changes=12)
    db.table("delivery").update(of_slack(db, broken)[0].id, {"payload": BROKEN})
    fine = compose_some(name="fine", at=now + MINUTE)
    sent = send(now + MINUTE)
    assert sent.failed == 1
    assert "invalid_blocks. See https://docs.slack.dev/" in sent.messages[0]
    assert {each.state for each in of_slack(db, broken)} == {DeliveryState.FAILED}
    assert set(told(slack)) == {fine}


def test_an_unknown_outcome_stays_one_when_the_channel_refuses_what_is_sent_before_it(
    db, slack, send, compose_some, now
):
    first = compose_some(name="first")
    second = compose_some(name="second", at=now + MINUTE)
    slack.script(Fault.CLOSE, Fault.ACCEPT_THEN_CLOSE)
    send(now + MINUTE)
    archive(slack)
    assert send(now + 2 * MINUTE).failed == 1
    assert [of_slack(db, each)[0].state for each in (first, second)] == [DeliveryState.FAILED, DeliveryState.SENDING]
    unarchive(slack)
    send(now + 2 * HOUR)
    assert sorted(told(slack)) == sorted([first, second])


def test_a_pause_asked_for_when_it_is_tried_again_leaves_it_refused_until_it_is_there(
    db, slack, send, compose_some, now
):
    compose_some()
    archive(slack)
    send(now)
    unarchive(slack)
    slack.script(Fault.RATE_LIMIT)
    assert send(now + HOUR).waiting == 1
    assert len(failed(db)) == 1
    assert send(now + HOUR + timedelta(seconds=7)).sent == 1
    assert failed(db) == []


def test_a_pause_asked_for_by_the_first_part_holds_the_others_back(db, slack, send, compose_some, now):
    digest_id = compose_some(changes=30)
    parts = len(of_slack(db, digest_id))
    archive(slack)
    send(now)
    unarchive(slack)
    slack.script(Fault.RATE_LIMIT)
    send(now + HOUR)
    assert send(now + HOUR + timedelta(seconds=3)).sent == 0
    assert send(now + HOUR + timedelta(seconds=7)).sent == parts
    assert [each["metadata"]["event_payload"]["part"] for each in slack.messages] == list(range(1, parts + 1))


# The Problem


def test_a_channel_that_refuses_is_one_problem_until_all_is_there(db, slack, send, compose_some, now):
    assert get_undelivered(db) == ()
    oldest = compose_some(name="first")
    compose_some(name="second", at=now + MINUTE)
    archive(slack)
    send(now + MINUTE)
    (problem,) = get_undelivered(db)
    assert (problem.source_id, problem.kind) == ("slack:C0POLICY", ProblemKind.UNDELIVERED)
    assert (problem.opened_at, problem.last_seen_at) == (now, now + MINUTE)
    assert problem.detail.startswith(f"2 digests not delivered, the first of them {oldest}. Slack refused it: is_arch")
    send(now + 2 * HOUR)
    assert get_undelivered(db)[0].last_seen_at == now + 2 * HOUR
    unarchive(slack)
    send(now + 2 * HOUR, retry_failed=True)
    assert get_undelivered(db) == ()


# Direct messages


def test_a_member_is_told_in_direct_messages(slack, send, compose_some, now):
    compose_some(slack_channel="U0MARIA")
    assert send(now).sent == 2
    (message,) = slack.messages
    assert slack.channels[message["channel"]].user == "U0MARIA"


@pytest.mark.parametrize("fault", [Fault.ACCEPT_THEN_CLOSE, Fault.CLOSE])
def test_a_direct_message_whose_answer_is_lost_is_looked_for(slack, send, compose_some, now, fault):
    compose_some(slack_channel="U0MARIA")
    slack.script(fault)
    assert send(now).waiting == 1
    assert send(now + MINUTE).sent == 1
    assert len(slack.messages) == 1


def test_direct_messages_that_cannot_be_opened_are_tried_again(slack, send, compose_some, now):
    compose_some(slack_channel="U0MARIA")
    slack.script(Fault.ERROR_500, Fault.RATE_LIMIT, method="conversations.open")
    for minutes in range(3):
        send(now + minutes * MINUTE)
    assert len(slack.messages) == 1


@pytest.mark.parametrize("scope", ["im:write", "im:history"])
def test_a_scope_that_only_direct_messages_need_harms_no_channel(db, slack, send, compose_some, now, scope):
    compose_some(name="a-maria", slack_channel="U0MARIA")
    compose_some(name="b-policy")
    slack.scopes.remove(scope)
    slack.script(Fault.ACCEPT_THEN_CLOSE)
    messages = [*send(now).messages, *send(now + MINUTE).messages]
    assert any(f"missing_scope ({scope})" in each for each in messages)
    assert [each.channel for each in failed(db)] == ["slack:U0MARIA"]
    send(now + 2 * MINUTE)
    assert "C0POLICY" in {each["channel"] for each in slack.messages}
    slack.scopes.add(scope)
    assert send(now + 2 * HOUR).sent == 1
    assert len(slack.messages) == 2


def test_a_member_who_is_not_there_is_refused_with_advice(send, compose_some, now):
    compose_some(slack_channel="U0NOBODY")
    assert "user_not_found. Check the member's id" in send(now).messages[0]
