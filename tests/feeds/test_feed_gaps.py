"""What was missed in a feed stays missed: a gap is shown long enough to be told, whatever is read meanwhile."""

from __future__ import annotations

import pytest

from feeds.written import items, rss
from monitor.errors import NotFoundError
from monitor.store import overrules, problems, sources
from monitor.tracking import accept
from store.conftest import HOUR, NOON, URL

HEADERS = {"content-type": "application/rss+xml", "etag": '"second"'}
DAY = 24
SEEN = 12
"""When the gap is found, in hours."""
FIRST, SECOND, THIRD = ([*range(last, last - 10, -1)] for last in (10, 20, 30))


def feed(numbers):
    return rss(*items(*numbers))


@pytest.fixture
def missed(desk):
    """A feed whose window had rolled on too far at its second poll."""
    desk.declare(kind="rss", hold=None)
    desk.see(feed(FIRST), headers=HEADERS)
    desk.see(feed(SECOND), SEEN, headers=HEADERS)
    assert list(desk.problems) == ["gap"]
    return desk


@pytest.mark.parametrize("next_poll", [SECOND, [21, *SECOND[:-1]]], ids=["the same bytes", "a new entry"])
def test_it_stands_for_seven_days_whatever_is_read_meanwhile(missed, next_poll):
    for hour in (SEEN + 1, SEEN + 2 * DAY, SEEN + 7 * DAY - 1):
        missed.see(feed(next_poll), hour, headers=HEADERS)
        assert list(missed.problems) == ["gap"]
    missed.read(SEEN + 7 * DAY)
    assert missed.problems == {}


def test_seven_days_are_counted_from_the_last_gap_and_what_it_says_from_the_first(missed):
    missed.see(feed(THIRD), SEEN + 3 * DAY, headers=HEADERS)
    missed.read(SEEN + 9 * DAY)
    assert "newest entries of 2026-03-01 12:00 UTC" in missed.problems["gap"]
    missed.read(SEEN + 10 * DAY)
    assert missed.problems == {}


def test_at_another_address_it_is_still_one_gap(missed):
    other = "https://example.org/new-feed"
    missed.declare(kind="rss", hold=None, urls=(other,))
    missed.see(feed(SECOND), SEEN + 1, url=other, headers=HEADERS)
    missed.see(feed(THIRD), SEEN + 12, url=other, headers=HEADERS)
    (gap,) = problems.get_open(missed.db)
    assert (gap.kind, gap.url) == ("gap", other)


def test_the_same_bytes_are_unchanged_and_may_be_asked_for_conditionally(missed):
    assert missed.arrive(feed(SECOND), SEEN + 1, headers=HEADERS) == "unchanged"
    (request,) = sources.get_requests(missed.db, missed.source)
    assert request.etag == '"second"'


def test_blindness_stands_beside_it_and_ends_before_it(missed):
    missed.see(None, SEEN + 1)
    assert list(missed.problems) == ["gap", "http-error"]
    missed.see(feed(SECOND), SEEN + 2, headers=HEADERS)
    assert list(missed.problems) == ["gap"]


def test_a_gap_found_after_blindness_ends_the_blindness(desk):
    desk.declare(kind="rss", hold=None)
    desk.see(feed(FIRST), headers=HEADERS)
    desk.see(None, 1)
    desk.see(feed(SECOND), SEEN, headers=HEADERS)
    assert list(desk.problems) == ["gap"]


def test_it_is_no_sign_that_an_entry_does_not_stand_still(missed):
    ids = [row["id"] for row in missed.db.query("SELECT id FROM document")]
    assert not any(problems.is_unstable(missed.db, each) for each in ids)
    missed.see(feed([21, *SECOND[:-1]]), SEEN + 7 * DAY, headers=HEADERS)
    assert all(problems.find_steady_since(missed.db, each) is None for each in ids)


def test_an_entry_that_does_not_stand_still_is_another_problem(missed):
    (first, second, *_) = (row["id"] for row in missed.db.query("SELECT id FROM document ORDER BY rowid"))
    resource = sources.get_resource(missed.db, "rules", URL)
    for document_id in (first, second):
        problems.open_instability(
            missed.db, document_id, resource_id=resource.id, detail="alternates", advice="", at=NOON + 13 * HOUR
        )
    assert list(missed.problems) == ["gap", "unstable"]
    assert "newest entries" in missed.problems["gap"]


def test_entries_that_do_not_stand_still_hide_no_gap(desk):
    desk.declare(kind="rss", hold=None)
    desk.see(feed(FIRST), headers=HEADERS)
    (oldest, *_) = (row["id"] for row in desk.db.query("SELECT id FROM document ORDER BY rowid"))
    resource = sources.get_resource(desk.db, "rules", URL)
    problems.open_instability(desk.db, oldest, resource_id=resource.id, detail="alternates", advice="", at=NOON + HOUR)
    desk.see(feed(SECOND), SEEN, headers=HEADERS)
    assert list(desk.problems) == ["unstable", "gap"]


def test_a_person_sets_it_aside_and_the_next_one_is_a_gap_again(missed):
    (mark,) = accept(missed.db, "rules", NOON + 13 * HOUR, "read on their site")
    assert mark == "gap: since 2026-03-01 12:00 UTC"
    assert missed.problems == {}
    assert overrules.get_marks(missed.db, "rules") == {mark}
    missed.see(feed(THIRD), SEEN + DAY, headers=HEADERS)
    assert list(missed.problems) == ["gap"]


def test_setting_it_aside_accepts_no_answer_that_is_beyond_doubt(missed):
    missed.see("<html><title>News</title><p>All our news.</p></html>", SEEN + 1)
    accept(missed.db, "rules", NOON + 14 * HOUR, "")
    missed.read(14)
    assert list(missed.problems) == ["not-a-feed"]
    with pytest.raises(NotFoundError, match="not-a-feed is beyond doubt"):
        accept(missed.db, "rules", NOON + 15 * HOUR, "")


@pytest.mark.slow
def test_the_digest_of_the_next_day_names_it(world, site):
    world.watch(id="feed", kind="rss", url=site.url("/feed"), every="1h")
    for numbers, hour in ((FIRST, 12), (SECOND, 13), (SECOND, 14)):
        site.put("/feed", feed(numbers), "application/rss+xml")
        world.run(day=1, hour=hour)
    assert world.problems() == {"feed": "gap"}
    assert world.run(day=2, hour=10)["digests"] == 1
    (written,) = [each.read_text() for each in world.folder.rglob("*.md") if "2026-03-02" in each.name]
    assert "Where entries may have been missed" in written
