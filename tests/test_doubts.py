"""Answers that are doubted: kept as evidence, never a Change, and a person's to overrule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import NotFoundError
from monitor.store import changes, overrules, transaction, versions
from monitor.tracking import accept
from store.conftest import HOUR, NOON, URL

MORE = "https://example.org/more"
LONG = [f"This is rule number {number}, and it holds for everybody who comes to us." for number in range(60)]
CUT = LONG[:3]


def page(rules):
    return "<html><body><main><h1>Rules</h1>" + "".join(f"<p>{rule}</p>" for rule in rules) + "</main></body></html>"


def current_texts(desk):
    return [block.text for block in versions.find_current(desk.db, "rules").blocks]


@pytest.fixture
def doubted(desk):
    """Cut to a piece an hour after noon, and seen so again an hour later."""
    desk.see(page(LONG))
    desk.see(page(CUT), 1)
    desk.see(page(CUT), 2)
    return desk


def test_what_can_hardly_follow_the_last_text_is_a_problem_and_no_change(doubted):
    assert list(doubted.problems) == ["shrunk"]
    assert doubted.kinds == []
    assert LONG[-1] in current_texts(doubted)


def test_the_whole_text_closes_the_problem(doubted):
    doubted.see(page(LONG), 3)
    assert (doubted.problems, doubted.kinds) == ({}, [])


def test_an_accepted_answer_is_the_text_since_it_was_first_seen_and_so_was_seen_twice(doubted):
    accept(doubted.db, "rules", NOON + 3 * HOUR, "they cut it")
    doubted.read(3)
    assert doubted.problems == {}
    assert doubted.kinds == ["substantive confirmed"]
    assert LONG[-1] not in current_texts(doubted)


@pytest.mark.parametrize("hold", [HOUR, timedelta(0)])
def test_an_accepted_change_is_news_from_the_moment_it_was_accepted(desk, hold):
    desk.declare(hold=hold)
    for text, hour in [(LONG, 0), (CUT, 1), (CUT, 2)]:
        desk.see(page(text), hour)
    accept(desk.db, "rules", NOON + 30 * HOUR, "they cut it")
    desk.read(30)
    *_, change = changes.iter_changes(desk.db)
    assert (change.detected_at, change.confirmed_at) == (NOON + HOUR, NOON + 30 * HOUR)


def test_what_was_accepted_is_never_doubted_again(doubted):
    accept(doubted.db, "rules", NOON + 3 * HOUR, "")
    doubted.read(3)
    doubted.see(page(LONG), 24)
    doubted.see(page(CUT), 48)
    assert "shrunk" not in doubted.problems


def test_what_was_accepted_holds_for_this_source_only(doubted):
    accept(doubted.db, "rules", NOON + 3 * HOUR, "")
    assert overrules.get_marks(doubted.db, "rules")
    assert overrules.get_marks(doubted.db, "other") == frozenset()


def test_it_is_doubted_again_where_that_is_wished(doubted):
    accept(doubted.db, "rules", NOON + 3 * HOUR, "")
    doubted.read(3)
    doubted.see(page(LONG), 24)
    with transaction(doubted.db):
        (mark,) = overrules.forget_overrules(doubted.db, "rules")
    assert mark.startswith("shrunk")
    doubted.see(page(CUT), 48)
    assert list(doubted.problems) == ["shrunk"]


def test_accepting_says_why_there_is_nothing_to_accept(desk):
    desk.see(page(LONG))
    with pytest.raises(NotFoundError, match="nothing to accept, because no problem is open"):
        accept(desk.db, "rules", NOON, "")
    desk.see(None, 1)
    with pytest.raises(NotFoundError, match="http-error is beyond doubt and cannot be accepted"):
        accept(desk.db, "rules", NOON, "")


def test_a_part_of_a_combined_text_is_held_against_that_part(desk):
    desk.declare(urls=(URL, MORE))
    desk.arrive(page(LONG))
    desk.see(page(["Something else, which is short and stays short."]), url=MORE)
    desk.see(page(CUT), 1)
    assert list(desk.problems) == ["shrunk"]


def test_selectors_that_were_narrowed_shrink_nothing(desk):
    desk.see(page(LONG))
    desk.declare(select=("p:first-of-type",))
    desk.see(page([LONG[0], *CUT]), 1)
    assert desk.problems == {}


def test_a_page_that_became_a_feed_is_not_held_against_it(desk):
    desk.declare(kind="atom")
    desk.see(page(LONG))
    desk.declare(kind="html")
    desk.see(page(CUT), 1)
    assert desk.problems == {}


def test_dates_are_reckoned_from_the_day_of_the_answer_and_in_the_manner_of_the_region(desk):
    rules = [*LONG[:9], "These rules apply to everybody who has an account."]
    desk.declare(jurisdiction="US")
    desk.see(page(rules))
    desk.see(page([*rules, "The new rules take effect on 04/05/2026, for everybody."]), 1)
    desk.see(page([*rules, "The new rules take effect on 04/05/2026, for everybody."]), 3)
    (row,) = desk.db.query("SELECT kind, date FROM date_mention")
    assert (row["kind"], row["date"]) == ("effective", "2026-04-05")


def test_a_doubted_answer_can_still_be_accepted_when_the_address_failed_since(doubted):
    doubted.see(None, 3)
    assert list(doubted.problems) == ["http-error"]
    accept(doubted.db, "rules", NOON + 4 * HOUR, "they cut it")
    doubted.read(4)
    assert doubted.kinds == ["substantive confirmed"]


def test_an_answer_beyond_doubt_takes_the_place_of_a_doubted_one(doubted):
    doubted.see("%PDF-1.7 and nothing more", 3)
    with pytest.raises(NotFoundError, match="cannot be accepted"):
        accept(doubted.db, "rules", NOON + 4 * HOUR, "")
