"""The campaign of `benchmarks/faults.py` in short, and whether its oracle would see what it is there to see."""

from __future__ import annotations

import random

import pytest

from monitor.store import Database

SEED = 8
ROUNDS = 3


@pytest.fixture(scope="module")
def world(benchmark, tmp_path_factory):
    """A small world after three rounds of crashes and a quiet day."""
    faults = benchmark("faults")
    folder = tmp_path_factory.mktemp("world")
    world = faults.World(folder, SEED, ROUNDS)
    with world.slack:
        world.play()
        yield world


def test_after_crashes_nothing_is_lost_and_nothing_told_twice(benchmark, world):
    assert list(world.check()) == []
    assert benchmark("faults").count_crashes(world.counts) >= 6
    assert world.counts["checked", "edits"] >= 12
    assert world.counts["checked", "messages"] >= 6


def test_a_killed_upgrade_leaves_what_an_undisturbed_one_leaves(benchmark):
    counts, complaints = benchmark("faults").upgrade(SEED, "m0004_more_to_tell", times=2)
    assert complaints == []
    assert counts["checked", "upgrades"] == 2


def lose_a_change(world, db):
    db.execute("DELETE FROM version WHERE id = (SELECT max(to_version_id) FROM change)")


def tell_of_another_kind(world, db):
    db.execute(
        "UPDATE change SET kind = 'editorial' WHERE id = (SELECT max(id) FROM change WHERE kind = 'substantive')"
    )


def leave_unsent(world, db):
    db.execute("UPDATE delivery SET state = 'sending' WHERE id = (SELECT min(id) FROM delivery)")


def send_twice(world, db):
    world.slack.messages.append(world.slack.messages[-1])


def lose_a_message(world, db):
    del world.slack.messages[-1]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lose_a_change, "found"),
        (tell_of_another_kind, "were published"),
        (leave_unsent, "1 Deliveries are not sent"),
        (send_twice, "1 messages came more than once"),
        (lose_a_message, "arrived"),
    ],
)
def test_the_oracle_sees_what_is_wrong(benchmark, world, spoil, said, monkeypatch):
    before = world.db.read_bytes()
    monkeypatch.setattr(world.slack, "messages", list(world.slack.messages))
    db = Database(world.db)
    db.execute("PRAGMA foreign_keys = OFF")
    spoil(world, db)
    db.conn.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()
    complaints = [*benchmark("oracle").check_rows(world)]
    world.db.write_bytes(before)
    assert any(said in each for each in complaints), complaints


def test_the_same_seed_publishes_the_same_edits_each_with_a_word_of_its_own(benchmark):
    one, other = (benchmark("publishing").Publisher(random.Random(SEED), 9) for _ in range(2))
    assert one.edits == other.edits
    marks = [each.mark for each in one.edits if each.kind == "substantive"]
    assert len(marks) == len(set(marks)) >= 10
