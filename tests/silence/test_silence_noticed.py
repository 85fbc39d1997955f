"""What a source does not do any more becomes a Problem, and is none as soon as it does it again."""

from __future__ import annotations

import pytest

from feeds.written import items, rss
from monitor.failing import gather
from monitor.model import Verdict
from monitor.silence import watch
from monitor.store import fetches, problems, rhythm, transaction
from monitor.store.fetches import FetchState
from monitor.tracking import accept
from monitor.triage import decide
from store.conftest import HOUR, NOON, URL, a_fetch

DAY = 24
FEED = {"content-type": "application/rss+xml"}
WORDS = [f"Rule number {number} binds every host of a livestream in this region." for number in range(100)]


def page(rules, around=0):
    kept = "".join(f"<p>{rule}</p>" for rule in WORDS[:rules])
    return (
        f"<html><body><main><h1>Rules</h1>{kept}</main><footer>{'<p>Other words.</p>' * around}</footer></body></html>"
    )


def look(desk, hour):
    watch(desk.db, NOON + hour * HOUR)


@pytest.fixture
def read(desk):
    """A Source that is asked every 12 hours, and was read at noon."""
    desk.declare(select=("main",))
    desk.see(page(40))
    return desk


# no answer


def test_a_source_that_nobody_asks_is_silent_after_two_cycles_and_not_before(read):
    look(read, 25)
    assert read.problems == {}
    look(read, 25.1)
    assert read.problems == {
        "silent": "nothing was read of it since 2026-03-01 12:00 UTC, and it was not asked since; every: 12h"
    }
    (problem,) = problems.get_open(read.db)
    assert problem.is_blind
    assert "monitor doctor" in problem.advice


def test_one_that_is_asked_and_never_read_is_silent_too(read):
    read.arrive(page(41), 12)
    read.arrive(page(42), 24)
    look(read, 25.1)
    assert "and it was asked last on 2026-03-02 12:00 UTC; every: 12h" in read.problems["silent"]


def test_one_that_was_never_read_is_silent_from_its_declaration_on(desk):
    look(desk, 25)
    assert desk.problems == {}
    look(desk, 26)
    assert list(desk.problems) == ["silent"]


def test_where_a_problem_says_why_nothing_is_read_none_is_added(read):
    read.see(None, 12)
    look(read, 50)
    assert list(read.problems) == ["http-error"]


def test_one_address_that_cannot_be_read_speaks_for_the_others_of_its_source(desk):
    desk.declare(urls=(URL, f"{URL}/more"))
    desk.see(None)
    look(desk, 50)
    assert [each.kind for each in problems.get_open(desk.db)] == ["http-error"]


def test_it_keeps_its_age_and_the_next_answer_ends_it_though_it_is_the_same(read):
    look(read, 26)
    look(read, 27)
    (problem,) = problems.get_open(read.db)
    assert (problem.opened_at, problem.last_seen_at) == (NOON + 26 * HOUR, NOON + 27 * HOUR)
    read.see(page(40), 28)
    assert read.problems == {}
    look(read, 40)
    assert read.problems == {}


def test_what_is_switched_off_or_asked_less_often_now_is_not_silent(read):
    read.declare(select=("main",), enabled=False)
    look(read, 500)
    read.declare(select=("main",), every="30d")
    look(read, 500)
    assert read.problems == {}


# no news


def publish(desk, days, first=1):
    """A poll at noon of each of these days after the first look, with one more entry each time."""
    for number, day in enumerate(days, first):
        numbers = range(max(1, number - 9), number + 1)
        desk.see(rss(*items(*numbers)), day * DAY, headers=FEED)


@pytest.fixture
def feed(desk):
    """A feed that brought an entry every third day, until day 30."""
    desk.declare(kind="rss", hold=None)
    publish(desk, range(0, 31, 3))
    return desk


def poll(desk, first, last, newest=11):
    """Every third day, and nothing new."""
    for day in range(first, last + 1, 3):
        desk.arrive(rss(*items(*range(newest - 9, newest + 1))), day * DAY, headers=FEED)


def test_a_feed_that_was_lively_and_brings_nothing_for_a_month_is_doubted_although_it_is_read(feed):
    poll(feed, 33, 60)
    look(feed, 60 * DAY)
    assert feed.problems == {}
    poll(feed, 61, 61)
    look(feed, 61 * DAY)
    assert feed.problems == {
        "no-entries": "no news in 31 days, the last on 2026-03-31; it was never quiet for more than 3"
    }
    (problem,) = problems.get_open(feed.db)
    assert not problem.is_blind


@pytest.fixture
def quiet(feed):
    poll(feed, 33, 63)
    look(feed, 63 * DAY)
    assert list(feed.problems) == ["no-entries"]
    return feed


def test_it_grows_older_and_ends_with_the_next_entry(quiet):
    poll(quiet, 66, 66)
    look(quiet, 66 * DAY)
    (problem,) = problems.get_open(quiet.db)
    assert (problem.opened_at, problem.detail[:18]) == (NOON + 63 * DAY * HOUR, "no news in 36 days")
    publish(quiet, [67], first=12)
    assert quiet.problems == {}
    look(quiet, 67 * DAY)
    assert quiet.problems == {}


def test_where_a_feed_cannot_be_read_its_silence_is_neither_found_nor_over(quiet):
    quiet.see(None, 64 * DAY)
    look(quiet, 65 * DAY)
    assert list(quiet.problems) == ["no-entries", "http-error"]


def test_once_a_person_has_set_it_aside_the_days_are_counted_anew(quiet):
    assert accept(quiet.db, "rules", NOON + 63 * DAY * HOUR, "They are on holiday.") == (f"no-entries: {URL}",)
    assert quiet.problems == {}
    poll(quiet, 66, 95)
    look(quiet, 63 * DAY)
    look(quiet, 93 * DAY)
    assert quiet.problems == {}
    look(quiet, 94 * DAY)
    assert list(quiet.problems) == ["no-entries"]


def test_a_break_in_the_watch_is_no_silence_of_the_feed(feed):
    poll(feed, 70, 97)
    look(feed, 97 * DAY)
    assert feed.problems == {}
    poll(feed, 100, 103)
    look(feed, 103 * DAY)
    assert list(feed.problems) == ["no-entries"]


def test_after_a_break_its_silence_is_counted_anew(quiet):
    poll(quiet, 84, 87)
    look(quiet, 87 * DAY)
    assert quiet.problems == {}


def test_at_another_address_it_has_no_rhythm_yet(feed):
    other = "https://example.org/new-feed"
    feed.declare(kind="rss", hold=None, urls=(other,))
    for day in range(31, 90, 3):
        feed.see(rss(*items(*range(2, 12))), day * DAY, url=other, headers=FEED)
    look(feed, 89 * DAY)
    assert feed.problems == {}


def test_what_stood_open_about_an_address_that_a_source_has_left_is_over(quiet):
    quiet.declare(kind="rss", hold=None, urls=("https://example.org/new-feed",))
    look(quiet, 63 * DAY)
    assert "no-entries" not in quiet.problems


def test_a_feed_that_dies_after_a_long_break_in_the_watch_is_missed_as_soon_as_any_other(feed):
    publish(feed, range(150, 181, 3), first=12)
    poll(feed, 183, 211, newest=22)
    look(feed, 211 * DAY)
    assert feed.problems["no-entries"].endswith("it was never quiet for more than 3")


def test_a_day_with_news_of_a_clock_that_was_ahead_is_forgotten_with_the_next_news(feed):
    publish(feed, [400, 33], first=12)
    poll(feed, 36, 66, newest=13)
    look(feed, 66 * DAY)
    assert list(feed.problems) == ["no-entries"]


def test_what_a_feed_held_at_the_first_look_is_no_news(feed):
    assert next(day for (day,) in feed.db.execute("SELECT min(day) FROM arrival")) == "2026-03-04"


# size


def shrink(desk, sizes, first=1):
    """Another size each day."""
    for day, size in enumerate(sizes, first):
        desk.see(page(size), day * DAY)


SIZES = [38, 36, 34, 32, 30, 28]


def test_a_text_that_loses_a_little_with_each_answer_is_doubted_once_it_has_lost_a_third(read):
    shrink(read, SIZES)
    assert read.problems == {}
    shrink(read, [26], first=7)
    assert read.problems == {"drifting": "1,633 letters, step by step from 2,515 within a year"}
    (problem,) = problems.get_open(read.db)
    assert not problem.is_blind


@pytest.fixture
def shrunk(read):
    shrink(read, [*SIZES, 26])
    assert list(read.problems) == ["drifting"]
    return read


def test_it_ends_when_the_text_is_back(shrunk):
    shrunk.see(page(40), 8 * DAY)
    assert shrunk.problems == {}


def confirm_last(desk, hour):
    (last,) = desk.db.execute("SELECT max(id) FROM change").fetchone()
    decide(desk.db, last, None, Verdict.CONFIRMED, by="mia", now=NOON + hour * HOUR)


def test_confirming_each_change_as_it_comes_hides_no_drift(read):
    for day, size in enumerate([*SIZES, 26], 1):
        shrink(read, [size], first=day)
        if size > 26:
            confirm_last(read, day * DAY + 1)
    assert list(read.problems) == ["drifting"]
    look(read, 7 * DAY + 1)
    assert list(read.problems) == ["drifting"]


def test_a_person_who_confirms_a_change_while_it_is_in_doubt_has_seen_the_text(shrunk):
    decide(shrunk.db, 8, None, Verdict.CONFIRMED, by="mia", now=NOON + 7 * DAY * HOUR)
    look(shrunk, 7 * DAY + 1)
    assert shrunk.problems == {}
    shrink(shrunk, [25], first=8)
    assert shrunk.problems == {}, "it stays so with the next answer"


def test_its_doubt_is_over_where_the_source_has_another_address(shrunk):
    shrunk.declare(select=("main",), urls=("https://example.org/new",))
    look(shrunk, 7 * DAY + 1)
    assert "drifting" not in shrunk.problems


def test_set_aside_it_is_judged_by_what_comes_after(shrunk):
    accept(shrunk.db, "rules", NOON + 7 * DAY * HOUR, "They tidy up.")
    look(shrunk, 7 * DAY + 1)
    assert shrunk.problems == {}
    shrink(shrunk, [24, 22, 20, 18, 16], first=8)
    assert list(shrunk.problems) == ["drifting"]


def test_read_with_other_selectors_it_begins_anew(read):
    shrink(read, SIZES)
    read.declare(select=("main", "footer"))
    shrink(read, [26, 25], first=7)
    assert read.problems == {}
    assert len(rhythm.get_measures(read.db, 1)) == 2


def test_a_selector_that_keeps_half_of_what_it_kept_of_the_page_is_doubted_until_it_keeps_it_again(read):
    for day in range(1, 5):
        read.see(page(40, around=day), day * DAY)
    assert read.problems == {}
    read.see(page(40, around=400), 5 * DAY)
    assert list(read.problems) == ["keeps-less"]
    assert read.problems["keeps-less"] == "34% of the page is kept, of which 100% was"
    read.see(page(39, around=401), 6 * DAY)
    confirm_last(read, 6 * DAY + 1)
    look(read, 6 * DAY + 2)
    assert list(read.problems) == ["keeps-less"], "who confirms a change has not seen what is left out"
    read.see(page(40, around=1), 7 * DAY)
    assert read.problems == {}


def test_of_a_day_the_last_answer_counts_and_after_a_year_none(read):
    read.see(page(39), 2)
    assert [each.share is not None for each in rhythm.get_measures(read.db, 1)] == [True]
    read.see(page(38), 366 * DAY)
    assert len(rhythm.get_measures(read.db, 1)) == 1


def test_what_a_clock_measured_that_was_ahead_is_forgotten_with_the_next_answer(read):
    read.see(page(39), 300 * DAY)
    shrink(read, [*SIZES, 26])
    assert list(read.problems) == ["drifting"]


def test_a_feed_has_no_size(feed):
    assert rhythm.get_measures(feed.db, 1) == ()


# what nobody may be stopped by


def test_a_history_that_cannot_be_read_stops_no_other(feed):
    poll(feed, 33, 63)
    with transaction(feed.db):
        feed.db.execute(
            "INSERT INTO source SELECT 'odd', name, publisher, jurisdiction, kind, topics, audience, enabled, "
            "added_at, 'whenever', attempted_at, due_at, read_by FROM source"
        )
        feed.db.execute("INSERT INTO resource (source_id, url, position) VALUES ('odd', 'https://odd.example', 0)")
        feed.db.execute("INSERT INTO arrival VALUES (2, 'soon')")
        feed.db.execute("INSERT INTO resource (source_id, url, position) VALUES ('odd', 'https://odd.example/2', 1)")
        fetches.add_fetch(feed.db, 3, a_fetch(), snapshot_id=None, state=FetchState.GOOD)
        feed.db.execute("UPDATE fetch SET at = 'never' WHERE resource_id = 3")
    look(feed, 63 * DAY)
    assert list(feed.problems) == ["no-entries"]


def test_a_doubt_that_cannot_be_judged_any_more_stops_nothing_else_from_being_noticed(shrunk):
    with transaction(shrunk.db):
        shrunk.db.execute("INSERT INTO overrule VALUES ('rules', ?, 'never', '')", [f"drifting: {URL}"])
    with gather({}) as failures:
        look(shrunk, 9 * DAY)
    assert list(shrunk.problems) == ["drifting", "silent"]
    assert [each.partition(" (")[0] for each in failures] == ["rules: drifting cannot be judged"]
