"""Our change is not theirs: other selectors, another extractor, other addresses. Nobody is told, nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import ExtractionError
from monitor.model import ProblemKind
from monitor.store import changes, transaction, versions
from monitor.store.problems import get_open
from monitor.tracking import accept
from scenarios.test_situations import GUIDANCE, OLDER, OPINION, RULES, feed, page
from store.conftest import HOUR, NOON, URL

MORE = "https://example.org/more"
INTRO = "<main><div class='intro'><p>{}</p></div>"
FEED = {"content-type": "application/atom+xml"}


def with_intro(rules, intro="These rules hold for everybody.", **options):
    return page(rules, **options).replace("<main>", INTRO.format(intro))


def texts(version):
    return [block.text for block in version.blocks]


class Counting:
    """The reader, and how often it was asked; from the call `fails_at` on it fails as no reader should."""

    def __init__(self, reader, fails_at=None):
        self.reader, self.calls, self.fails_at = reader, 0, fails_at

    def read(self, *asked):
        self.calls += 1
        if self.fails_at and self.calls >= self.fails_at:
            raise MemoryError
        return self.reader.read(*asked)


class Refusing:
    """A reader to which nothing is a feed."""

    def read(self, *_asked):
        raise ExtractionError(ProblemKind.UNREADABLE, "reading 1 kB took longer than 30 s", "Look at it.")


@pytest.fixture
def counting(desk):
    desk.reader = Counting(desk.reader)
    return desk.reader


def test_edited_selectors_are_applied_at_once_without_asking_the_publisher(desk):
    desk.see(with_intro(RULES))
    desk.declare(remove=(".intro",))
    done = desk.read(24)
    assert [str(kind) for kind in done.kinds] == ["re-extracted"]
    assert desk.kinds == ["re-extracted confirmed"]
    assert "hold for everybody" not in " ".join(texts(versions.find_current(desk.db, "rules")))
    assert desk.told == []


def test_the_new_text_is_as_old_as_its_bytes_and_the_change_is_of_today(desk):
    desk.see(with_intro(RULES))
    desk.declare(remove=(".intro",))
    desk.read(24)
    (ours,) = changes.iter_changes(desk.db, everything=True, kind="re-extracted")
    assert ours.detected_at == NOON + 24 * HOUR
    assert versions.find_current(desk.db, "rules").observed_at == NOON


def test_what_was_read_anew_is_not_read_again(desk, counting):
    desk.see(with_intro(RULES))
    desk.declare(remove=(".intro",))
    desk.read(1)
    calls = counting.calls
    desk.read(2)
    assert (counting.calls, desk.kinds) == (calls, ["re-extracted confirmed"])


def test_where_the_text_is_the_same_nothing_is_written_and_what_comes_next_is_theirs(desk, counting):
    desk.see(page(RULES))
    desk.declare(remove=(".intro",))
    desk.read(1)
    assert desk.kinds == []
    desk.see(page(OLDER), 2)
    desk.see(page(OLDER), 4)
    assert desk.told == [OLDER[1]]
    assert next(changes.iter_changes(desk.db)).judgement.reason.endswith("1 passage reworded")


def test_a_held_change_goes_on_being_held_as_old_as_it_was(desk):
    desk.see(with_intro(RULES))
    desk.see(with_intro(OLDER), 1)
    desk.declare(remove=(".intro",))
    desk.read(1.5)
    assert desk.kinds == ["substantive superseded", "re-extracted confirmed", "substantive provisional"]
    desk.see(with_intro(OLDER), 3)
    (told,) = changes.iter_changes(desk.db)
    assert (told.detected_at, told.confirmed_at) == (NOON + HOUR, NOON + 3 * HOUR)
    assert desk.told == [OLDER[1]]


def test_a_held_change_of_what_is_left_out_now_is_gone_with_it(desk):
    desk.see(with_intro(RULES))
    desk.see(with_intro(RULES, "These rules hold for all of you and for everybody."), 1)
    desk.declare(remove=(".intro",))
    desk.read(1.5)
    desk.read(30)
    assert desk.kinds == ["substantive superseded", "re-extracted confirmed"]
    assert desk.told == []


def test_a_held_change_is_kept_where_its_bytes_cannot_be_read_anew(desk):
    desk.declare(select=("main", "section"))
    desk.see(page(RULES))
    desk.see(page(OLDER).replace("main>", "section>"), 1)
    desk.declare(select=("main",))
    desk.read(30)
    assert desk.told == [OLDER[1]]
    assert "re-extracted confirmed" not in desk.kinds


def test_a_held_change_that_cannot_be_read_anew_is_gone_when_its_text_is(desk):
    desk.declare(select=("main", "section"))
    desk.see(page(RULES))
    desk.see(page(OLDER).replace("main>", "section>"), 1)
    desk.declare(select=("main",))
    desk.see(page(RULES, tick=1), 2)
    assert desk.kinds == ["substantive superseded", "reverted confirmed"]


def test_an_address_that_joins_while_another_changes_leaves_that_change_theirs(desk):
    desk.see(page(RULES))
    desk.declare(urls=(URL, MORE), hold=timedelta(0))
    desk.arrive(page(OLDER), 1)
    desk.see(page(["Two."]), 1, url=MORE)
    assert desk.kinds == ["re-extracted confirmed", "substantive confirmed"]
    assert desk.told == [OLDER[1]]


def test_what_cannot_be_read_anew_stays_as_it_is_and_is_not_tried_for_ever(desk, counting):
    desk.see(page(RULES))
    desk.declare(select=("article",))
    desk.read(1)
    calls = counting.calls
    desk.read(2)
    assert (desk.kinds, counting.calls, get_open(desk.db)) == ([], calls, ())
    assert RULES[1] in texts(versions.find_current(desk.db, "rules"))


def test_an_address_that_is_dropped_leaves_the_text_at_once(desk):
    desk.declare(urls=(URL, MORE))
    desk.arrive(page(RULES))
    desk.see(page(["Two."]), url=MORE)
    desk.declare(urls=(URL,))
    desk.read(1)
    assert desk.kinds == ["re-extracted confirmed"]
    assert "Two." not in texts(versions.find_current(desk.db, "rules"))


def test_an_address_that_takes_the_place_of_another_leaves_the_old_text_to_be_compared(desk):
    desk.see(page(RULES))
    desk.declare(urls=(MORE,))
    desk.read(1)
    assert desk.kinds == []


def test_a_new_extractor_reads_every_entry_of_a_feed_anew_and_goes_on_where_it_was_stopped(desk, reader, monkeypatch):
    desk.declare(kind="atom")
    desk.see(feed(OPINION), headers=FEED)
    desk.see(feed(GUIDANCE), 1, headers=FEED)
    monkeypatch.setattr("monitor.extract.EXTRACTOR", "next")
    desk.reader = Counting(reader, fails_at=2)
    desk.read(2)
    (failure,) = desk.failures
    assert failure.startswith("rules: its answers cannot be processed")
    desk.reader = Counting(reader)
    desk.read(3)
    assert desk.failures == []
    assert desk.reader.calls == 1
    recipes = {row["recipe"] for row in desk.db.query("SELECT recipe FROM version")}
    assert recipes == {"atom/next"}


def test_a_new_entry_that_nobody_was_told_of_yet_is_left_to_its_next_answer(desk):
    desk.declare(kind="atom", hold=HOUR)
    desk.see(feed(OPINION), headers=FEED)
    desk.see(feed(GUIDANCE, OPINION), 1, headers=FEED)
    with transaction(desk.db):
        desk.db.execute("UPDATE version SET recipe = 'atom/0'")
        desk.db.execute("UPDATE source SET read_by = NULL")
    desk.read(1.5)
    assert desk.kinds == ["substantive provisional"]


@pytest.mark.parametrize("is_readable", [True, False])
def test_a_feed_is_read_anew_once_and_not_for_each_of_its_entries(desk, counting, is_readable):
    desk.declare(kind="atom")
    entries = [(f"{OPINION[0]}-{number}", *OPINION[1:]) for number in range(5)]
    desk.see(feed(*entries), headers=FEED)
    if not is_readable:
        counting.reader = Refusing()
    with transaction(desk.db):
        desk.db.execute("UPDATE version SET recipe = 'atom/0'")
        desk.db.execute("UPDATE source SET read_by = NULL")
    calls = counting.calls
    desk.read(1)
    assert desk.failures == []
    assert counting.calls == calls + 1


NEWSROOM = "<div class='side'><p>You can follow us in our newsroom for all of the latest news.</p></div><main>"


@pytest.fixture
def mistyped(desk):
    """A selector that matches, but not the rules."""
    desk.declare(select=("main",))
    desk.see(page(RULES).replace("<main>", NEWSROOM))
    desk.declare(select=(".side",))
    desk.read(1)
    return desk


def test_a_selector_that_matches_some_other_text_is_doubted_and_the_old_text_stays(mistyped):
    assert list(mistyped.problems) == ["selector-lost"]
    mistyped.see(page(OLDER).replace("<main>", NEWSROOM), 24)
    assert (mistyped.kinds, list(mistyped.problems)) == ([], ["selector-lost"])
    assert RULES[1] in texts(versions.find_current(mistyped.db, "rules"))


def test_with_the_selector_mended_what_changed_meanwhile_is_told(mistyped):
    mistyped.see(page(OLDER).replace("<main>", NEWSROOM), 24)
    mistyped.declare(select=("main",))
    for hour in (25, 27):
        mistyped.see(page(OLDER).replace("<main>", NEWSROOM), hour)
    assert mistyped.told == [OLDER[1]]
    assert mistyped.problems == {}


def test_where_the_other_text_was_meant_it_can_be_accepted(mistyped):
    accept(mistyped.db, "rules", NOON + 2 * HOUR, "the newsroom it is")
    mistyped.see(page(RULES).replace("<main>", NEWSROOM), 24)
    assert mistyped.kinds == ["re-extracted confirmed"]
    assert mistyped.problems == {}
