"""A digest or message that fails stops no other, and a sender that is told to end finishes the digest at hand."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

from digests import channels
from digests.blocks import messages
from digests.compose import compose_due
from digests.jsonform import digest_json
from digests.send import send_pending
from digests.text import to_markdown, to_text
from digests.wording import headline
from monitor.failing import gather
from monitor.model import Audience, Person, Verdict
from monitor.store import transaction
from monitor.store.deliveries import get_open
from told import decide

GOOD = Audience("good", "Good", digest_at="00:00")
OTHER = Audience("other", "Other", digest_at="00:00")
HOUR = timedelta(hours=1)


def compose(world, config, now, *audiences):
    for each in audiences:
        world.see(each, at=now)
    world.change(now)
    return compose_due(world.db, audiences, config, now)


def test_an_audience_for_which_nothing_can_be_composed_keeps_it_from_no_other(world, config, now):
    bad = Audience("bad", "Bad", digest_at="some time")
    with gather({}) as failures:
        (digest,) = compose(world, config, now, bad, GOOD)
    assert digest.audience_id == "good"
    assert [each.startswith("bad: a digest cannot be composed (ValueError") for each in failures] == [True]


def test_a_change_that_cannot_be_read_is_told_when_it_is_mended(world, config, now):
    world.see(GOOD, at=now)
    world.change(now)
    with transaction(world.db):
        world.db.execute("UPDATE change SET kind = 'substantive', aspects = '{' WHERE id = 1")
    world.change(now)
    with gather({}) as failures:
        (digest,) = compose_due(world.db, [GOOD], config, now)
    assert [each.change.id for each in digest.changes] == [2]
    assert ["change 1 of " in each for each in failures] == [True]
    with transaction(world.db):
        world.db.execute("UPDATE change SET aspects = '[]' WHERE id = 1")
    (later,) = compose_due(world.db, [GOOD], config, now.replace(day=now.day + 1))
    assert [each.change.id for each in later.changes] == [1]


def test_a_day_of_which_a_change_cannot_be_read_is_not_called_one_without_changes(world, config, now):
    world.see(GOOD, at=now)
    world.change(now)
    world.db.execute("UPDATE change SET aspects = '{'")
    (digest,) = compose_due(world.db, [GOOD], config, now)
    (message,) = messages(digest)
    for form in (to_text(digest), to_markdown(digest), message.text, str(message.blocks)):
        assert "1 change cannot be read: the service" in form
        assert "No changes" not in form
    assert "white_check_mark" not in str(message.blocks)
    assert digest_json(digest)["unreadable"] == 1


def test_what_is_told_stands_before_what_cannot_be_read(make):
    assert headline(make.digest([make.told()], unreadable=2)) == (
        "1 change, 1 high; 2 changes cannot be read: the service's log says why"
    )


def test_a_source_that_cannot_be_read_keeps_no_audience_from_being_told(world, config, now):
    world.see(GOOD, OTHER, at=now - HOUR)
    for name in ("left", "late"):
        world.watch(name)
    world.fetch("late", now)
    world.change(now)
    world.db.execute("UPDATE source SET topics = '{' WHERE id = 'left'")
    world.db.execute("UPDATE fetch SET at = 'some day' WHERE id = 1")
    with gather({}) as failures:
        found = compose_due(world.db, [GOOD, OTHER], config, now)
    assert [(each.audience_id, len(each.changes), each.read) for each in found] == [("good", 1, 1), ("other", 1, 1)]
    assert [each.partition(":")[0] for each in failures] == ["source left", "late"]


def test_a_reminder_that_cannot_be_read_keeps_nobody_from_being_reminded(world, slack_config, now):
    people = (Person("Maria Lopez", "U0MARIA00"), Person("Sam Okafor", "U0SAM0000"))
    world.see(GOOD, at=now)
    for each in people:
        decide(world, world.change(now), Verdict.ASSIGNED, assignee=each.name, due="2026-11-23")

    def remind(day):
        found = compose_due(world.db, [], slack_config, now + timedelta(days=day), people)
        return [each.audience_name for each in found]

    assert remind(0) == ["Maria Lopez", "Sam Okafor"]
    world.db.execute("UPDATE digest SET content = '{' WHERE audience_id = '@Maria Lopez'")
    with gather({}) as failures:
        assert remind(1) == ["Maria Lopez", "Sam Okafor"]
    assert ["Maria Lopez: the reminder before cannot be read" in each for each in failures] == [True]


def test_what_people_decided_is_left_out_where_it_cannot_be_read(world, config, now, monkeypatch):
    for name in ("get_deadlines", "get_open_items"):
        monkeypatch.setattr(f"digests.compose.{name}", lambda *_: 1 / 0)
    with gather({}) as failures:
        (digest,) = compose(world, config, now, GOOD)
    assert (len(digest.changes), digest.deadlines, digest.items) == (1, (), ())
    assert len(failures) == 2


def test_told_to_end_a_sender_finishes_the_digest_at_hand_and_begins_no_other(
    world, slack, slack_config, now, patience, monkeypatch
):
    ended, post = Event(), channels.post
    compose(world, slack_config, now, GOOD, OTHER)
    monkeypatch.setattr("digests.channels.post", lambda *words: ended.set() or post(*words))
    sent = send_pending(world.db, slack_config, now, patience=patience, ended=ended)
    assert (sent.sent, len(slack.messages)) == (2, 1)
    assert {each.digest_id.rpartition("-")[2] for each in get_open(world.db)} == {"other"}
    assert send_pending(world.db, slack_config, now, patience=patience, ended=ended).sent == 0
    monkeypatch.undo()
    assert send_pending(world.db, slack_config, now, patience=patience).sent == 2
