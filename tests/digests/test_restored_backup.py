"""After a disaster the last backup goes on where it was made: what left in between is found, not sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from digests.compose import compose_due
from digests.send import send_pending
from monitor.evidence.database import check_database
from monitor.model import DeliveryState
from monitor.store import open_store, transaction
from monitor.store.backup import back_up
from monitor.store.deliveries import get_open, mark_failed


@pytest.fixture
def restore(tmp_path, slack_config, patience):
    """The backup, opened in place of the database that is gone, with a way to send what it holds."""
    opened = []

    def call(made, now):
        db = open_store(made.path)
        opened.append(db)
        return db, lambda: send_pending(db, replace(slack_config, db=made.path), now, patience=patience)

    yield call
    for db in opened:
        db.close()


@pytest.fixture
def composed(world, eu_desk, slack_config, now):
    """A Digest of one Change that waits to be sent."""
    world.see(eu_desk, at=now - timedelta(days=2))
    world.change(now - timedelta(hours=3))
    (digest,) = compose_due(world.db, [eu_desk], slack_config, now)
    return digest


def iter_strange_seals(db):
    """What `monitor verify` finds of the messages; the invented Versions of these tests hold no text."""
    return (each for each in check_database(db) if each.noun != "version")


def in_slack(db):
    return [each for each in get_open(db) if each.channel.startswith("slack:")]


def test_what_was_sent_after_the_backup_is_found_in_slack(world, composed, slack, slack_config, restore, patience, now):
    made = back_up(slack_config.db, slack_config.db.with_name("copy.db"), now)
    send_pending(world.db, slack_config, now, patience=patience)
    assert len(slack.messages) == 1
    copy, send = restore(made, now + timedelta(hours=6))
    (waiting,) = in_slack(copy)
    assert waiting.state is DeliveryState.SENDING
    assert list(iter_strange_seals(copy)) == []
    assert send().messages == ()
    assert get_open(copy) == ()
    assert len(slack.messages) == 1


def test_what_was_not_sent_before_the_disaster_is_sent(world, composed, slack, slack_config, restore, now):
    made = back_up(slack_config.db, slack_config.db.with_name("copy.db"), now)
    copy, send = restore(made, now + timedelta(hours=6))
    send()
    assert len(slack.messages) == 1
    assert get_open(copy) == ()


def test_what_was_refused_without_an_attempt_is_looked_for_as_well(
    world, composed, slack, slack_config, restore, patience, now
):
    """Another message was refused for a reason that was its own as well; after the backup both got through."""
    with transaction(world.db):
        mark_failed(world.db, [each.id for each in in_slack(world.db)], error="no such channel", at=now)
    made = back_up(slack_config.db, slack_config.db.with_name("copy.db"), now)
    later = now + timedelta(hours=2)
    send_pending(world.db, slack_config, later, patience=patience)
    assert len(slack.messages) == 1
    copy, send = restore(made, now + timedelta(hours=6))
    send()
    assert get_open(copy) == ()
    assert len(slack.messages) == 1


def test_what_was_sent_before_the_backup_stays_sent(world, composed, slack, slack_config, restore, patience, now):
    send_pending(world.db, slack_config, now, patience=patience)
    made = back_up(slack_config.db, slack_config.db.with_name("copy.db"), now)
    copy, send = restore(made, now + timedelta(hours=6))
    assert get_open(copy) == ()
    send()
    assert len(slack.messages) == 1


def test_the_original_goes_on_without_a_doubt(world, composed, slack_config, now):
    before = get_open(world.db)
    back_up(slack_config.db, slack_config.db.with_name("copy.db"), now)
    assert get_open(world.db) == before
