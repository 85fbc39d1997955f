"""Documents that alternate between known texts: one note, nothing new delayed, nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alternation import describe
from monitor.model import ProblemKind
from monitor.store import changes, problems, sources
from monitor.store.changes import Return
from monitor.tracking import record
from scenarios.test_situations import OLDER, RULES, page
from store.conftest import HOUR, NOON, URL, a_fetch

ONE, TWO = page(RULES), page(OLDER)
GIFTS = page([*RULES, "Gifts are for adults."])
DAY = 24
FLIPS = [(ONE, 0), (TWO, DAY), (TWO, DAY + 2), (ONE, 2 * DAY), (ONE, 2 * DAY + 2), (TWO, 3 * DAY)]
"""The second text is told, its return to the first is told, and then it comes back: the second return."""


def play(desk, moments):
    for text, hour in moments:
        desk.see(text, hour)


@pytest.fixture
def flapping(desk):
    """A Source whose Document was just found to be unstable, three days after its first look; it says TWO now."""
    play(desk, FLIPS)
    return desk


def test_a_second_return_within_a_month_is_one_note_that_names_the_texts(flapping):
    detail = flapping.problems["unstable"]
    assert detail == (
        "Example rules: alternates between the texts of 2026-03-01 and 2026-03-02, 2 times in 2 days; "
        "what is new is still told"
    )


def test_further_alternations_are_not_told_one_by_one_and_are_counted(flapping):
    play(flapping, [(ONE, 4 * DAY), (ONE, 4 * DAY + 2), (TWO, 5 * DAY), (TWO, 5 * DAY + 2), (ONE, 6 * DAY)])
    assert flapping.told == [OLDER[1], RULES[1]]
    assert flapping.kinds[2:] == [
        "substantive superseded",
        "reverted confirmed",
        "substantive superseded",
        "reverted confirmed",
    ]
    assert "5 times in 5 days" in flapping.problems["unstable"]


def test_a_text_that_it_settles_on_is_told_in_the_end_and_closes_the_note(flapping):
    flapping.see(TWO, 3 * DAY + 71)
    assert (flapping.told[2:], list(flapping.problems)) == ([], ["unstable"])
    flapping.see(TWO, 3 * DAY + 72)
    assert flapping.told[2:] == [OLDER[1]]
    assert list(changes.iter_changes(flapping.db))[-1].judgement.reason.startswith("returns to the text of 2026-03-02")
    assert flapping.problems == {}


def test_where_it_settles_on_the_text_that_was_told_last_nothing_more_is_told(flapping):
    play(flapping, [(ONE, 4 * DAY), (ONE, 7 * DAY)])
    assert flapping.told == [OLDER[1], RULES[1]]
    assert flapping.problems == {}


def test_what_is_new_is_told_as_ever(flapping):
    play(flapping, [(GIFTS, 4 * DAY), (GIFTS, 4 * DAY + 2)])
    assert flapping.told[2:] == ["Gifts are for adults."]
    assert "unstable" in flapping.problems


def test_a_text_that_blinked_and_that_nobody_was_told_of_is_told_as_soon_as_it_stands(desk):
    play(desk, [(ONE, 0), (TWO, 1), (ONE, 1.5), (TWO, 2)])
    assert "unstable" in desk.problems
    desk.see(TWO, 4)
    assert desk.told == [OLDER[1]]


def test_two_texts_that_take_turns_are_told_after_three_days_where_neither_is_the_one_told_last(desk):
    three = page([RULES[0], "Hosts of a livestream must be 21 or older.", RULES[2]])
    stood = [(ONE, 0), (TWO, 1), (three, 2), (ONE, 3)]
    play(desk, [(text, day * DAY + hour) for text, day in stood for hour in (0, 2)])
    told = desk.told
    turns = [(three if day % 2 else TWO, day * DAY) for day in range(4, 12)]
    play(desk, turns[:3])
    assert desk.told == told
    play(desk, turns[3:])
    assert desk.told == [*told, "Hosts of a livestream must be 21 or older."]


def test_a_single_return_is_told_and_makes_nothing_unstable(desk):
    play(desk, FLIPS[:5])
    assert desk.told == [OLDER[1], RULES[1]]
    assert desk.problems == {}


def test_two_returns_a_month_apart_are_two_corrections(desk):
    play(desk, [*FLIPS[:5], (TWO, 33 * DAY), (TWO, 33 * DAY + 2)])
    assert desk.told == [OLDER[1], RULES[1], OLDER[1]]
    assert desk.problems == {}


def test_after_it_has_stood_still_a_single_return_is_told_again(flapping):
    flapping.see(TWO, 6 * DAY)
    play(flapping, [(ONE, 8 * DAY), (ONE, 8 * DAY + 2)])
    assert flapping.told[2:] == [OLDER[1], RULES[1]]
    assert flapping.problems == {}


def test_links_that_alternate_are_no_note(desk):
    other = page(RULES, links="/help-centre")
    play(desk, [(text, hour) for hour, text in enumerate([ONE, other] * 4)])
    assert desk.problems == {}
    assert desk.told == []


def ticking(rules, number):
    """A page with a link that is another one at each look."""
    return page(rules, links=f"/help/{number}")


def test_texts_come_back_also_where_a_link_is_never_the_same(desk):
    play(desk, [(ticking(RULES if text is ONE else OLDER, hour), hour) for text, hour in FLIPS])
    assert "2026-03-01 and 2026-03-02, 2 times" in desk.problems["unstable"]
    desk.see(ticking(RULES, 96), 96)
    assert desk.told == [OLDER[1], RULES[1]]


def test_texts_that_take_turns_for_weeks_are_told_no_more_often_where_a_link_is_never_the_same(desk):
    looks = [(RULES if day % 2 else OLDER, day * DAY + hour) for day in range(2, 16) for hour in (0, 2)]
    play(desk, [(ticking(rules, hour), hour) for rules, hour in [(RULES, 0), *looks]])
    assert desk.told == [OLDER[1], RULES[1]]
    assert "unstable" in desk.problems


def test_a_told_text_that_had_blinked_before_is_a_known_one_also_where_a_link_is_never_the_same(desk):
    blinked = [(RULES, 0), (OLDER, 1), (RULES, 1.5), (OLDER, 2), (OLDER, 4)]
    gifts = [*RULES, "Gifts are for adults."]
    looks = [(gifts, DAY), (gifts, DAY + 2), (OLDER, 2 * DAY)]
    play(desk, [(ticking(rules, hour), hour) for rules, hour in blinked + looks])
    told = desk.told
    desk.see(ticking(OLDER, 50), 2 * DAY + 2)
    assert desk.told == told
    desk.see(ticking(OLDER, 120), 5 * DAY)
    assert len(desk.told) > len(told)


def test_a_held_text_that_comes_again_with_another_link_has_been_seen_again(desk):
    play(desk, [(ONE, 0), (ticking(OLDER, 1), 1), (ticking(OLDER, 2), 2.5)])
    assert desk.kinds == ["substantive superseded", "substantive confirmed"]
    (told,) = changes.iter_changes(desk.db)
    assert (told.detected_at, told.confirmed_at) == (NOON + HOUR, NOON + 2.5 * HOUR)


def test_an_unstable_document_is_asked_conditionally_and_its_source_can_be_blind_as_well(flapping):
    (request,) = sources.get_requests(flapping.db, flapping.source)
    headers = {"content-type": "text/html", "etag": '"2"'}
    record(flapping.db, a_fetch(body=ONE.encode(), at=NOON + 80 * HOUR, headers=headers))
    flapping.read(80)
    (request,) = sources.get_requests(flapping.db, flapping.source)
    assert request.etag == '"2"'
    flapping.see(None, 81)
    assert list(flapping.problems) == ["unstable", "http-error"]
    (request,) = sources.get_requests(flapping.db, flapping.source)
    assert request.etag is None
    flapping.see(ONE, 82)
    assert list(flapping.problems) == ["unstable"]


def test_unchanged_answers_do_not_close_the_note_before_its_time(flapping):
    flapping.see(TWO, 3 * DAY + 12)
    assert "unstable" in flapping.problems
    (problem,) = problems.get_open(flapping.db)
    assert (problem.kind, problem.url, problem.mark) == (ProblemKind.UNSTABLE, URL, "")


def a_return(day, seen, left):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Return(at + timedelta(days=day), at + timedelta(days=seen), at + timedelta(days=left))


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        ([a_return(3, 1, 2), a_return(4, 2, 1)], "the texts of 2026-11-02 and 2026-11-03, 2 times in 2 days"),
        ([a_return(3, 1, 2)], "the texts of 2026-11-02 and 2026-11-03, once in 1 day"),
        (
            [a_return(3, 1, 2), a_return(5, 1, 4)],
            "the texts of 2026-11-02, 2026-11-03 and 2026-11-05, 2 times in 3 days",
        ),
        ([a_return(1, 0, 0.5)], "the texts of 2026-11-01 00:00 and 2026-11-01 12:00, once in 1 day"),
    ],
)
def test_the_note_says_which_texts_how_often_and_in_what_time(returns, expected):
    assert describe("Rules", returns) == f"Rules: alternates between {expected}; what is new is still told"


def with_link(text, number):
    return text.replace(
        "<main>", f'<main><p><a href="/help?revision={number}">All of our rules, and how to reach us.</a></p>'
    )


def test_a_text_whose_links_tick_is_known_again_however_many_ticks_lie_between(desk):
    for day in range(9):
        desk.see(with_link(ONE, day), day * DAY)
    play(desk, [(with_link(TWO, 9), 9 * DAY), (with_link(TWO, 10), 10 * DAY)])
    for day in range(11, 20):
        desk.see(with_link(TWO, day), day * DAY)
    play(desk, [(with_link(ONE, 20), 20 * DAY), (with_link(ONE, 21), 21 * DAY)])
    *_, back = [each for each in changes.iter_changes(desk.db) if each.judgement.kind == "substantive"]
    assert back.judgement.reason.startswith("returns to the text of 2026-03-09")
