"""How far a digest can be trusted: what was read for it, what waits, and whether there was anything to match with."""

from datetime import timedelta

from digests.compose import compose, compose_due
from monitor.model import ChangeKind
from monitor.store.sops import declare_sops

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def compose_one(world, audience, config, now):
    (digest,) = compose_due(world.db, [audience], config, now)
    return digest


def test_a_source_is_read_by_a_good_or_unchanged_answer_since_the_digest_before(world, eu_desk, config, now):
    world.see(eu_desk, at=now - HOUR)
    for source, state in [("a", "good"), ("b", "unchanged"), ("c", "rejected"), ("d", "none"), ("e", "pending")]:
        world.watch(source)
        world.fetch(source, now, state=state)
    world.watch("never")
    world.watch("others", audience=("uk-desk",))
    world.fetch("others", now)
    digest = compose_one(world, eu_desk, config, now)
    assert (digest.read, digest.watched, digest.last_read_at) == (2, 6, now)
    world.fetch("a", now + HOUR)
    digest = compose_one(world, eu_desk, config, now + DAY)
    assert (digest.read, digest.last_read_at) == (1, now + HOUR)
    digest = compose_one(world, eu_desk, config, now + 2 * DAY)
    assert (digest.read, digest.last_read_at) == (0, now + HOUR)


def test_what_was_read_before_the_audience_came_does_not_count(world, eu_desk, config, now):
    world.watch("code")
    world.fetch("code", now - HOUR)
    world.see(eu_desk, at=now)
    digest = compose_one(world, eu_desk, config, now)
    assert (digest.read, digest.last_read_at) == (0, now - HOUR)


def test_a_source_of_several_addresses_is_read_when_all_of_them_are(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    world.watch("code", urls=("https://borealis.example/1", "https://borealis.example/2"))
    world.fetch("code", now - HOUR, url=0)
    assert compose(world.db, eu_desk, now).read == 0
    assert compose(world.db, eu_desk, now).last_read_at is None
    world.fetch("code", now, url=1)
    assert compose(world.db, eu_desk, now).read == 1
    assert compose(world.db, eu_desk, now).last_read_at == now - HOUR


def test_an_address_that_left_the_declaration_keeps_no_source_unread(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    world.watch("code", urls=("https://borealis.example/1", "https://borealis.example/2"))
    world.watch("code", urls=("https://borealis.example/2",))
    world.fetch("code", now)
    assert compose(world.db, eu_desk, now).read == 1


def test_where_no_source_was_ever_read_the_digest_knows(world, eu_desk, config, now):
    world.watch("code")
    digest = compose_one(world, eu_desk, config, now)
    assert (digest.read, digest.last_read_at) == (0, None)


def test_held_changes_of_the_audience_that_would_be_told_are_counted(world, eu_desk, config, now):
    world.see(eu_desk, at=now - DAY)
    world.watch("others", audience=("uk-desk",))
    world.change(now, held=True)
    world.change(now, held=True, kind=ChangeKind.EDITORIAL)
    world.change(now, held=True, kind=ChangeKind.LINKS)
    world.change(now, held=True, source="others")
    world.change(now)
    digest = compose_one(world, eu_desk, config, now)
    assert digest.held == 2
    assert len(digest.changes) == 1


def test_a_digest_knows_whether_there_are_sops(world, eu_desk, config, now):
    change = world.change(now)
    assert not compose(world.db, eu_desk, now).has_sops
    world.touch(change)
    assert compose(world.db, eu_desk, now).has_sops
    declare_sops(world.db, [], now)
    assert not compose(world.db, eu_desk, now).has_sops
