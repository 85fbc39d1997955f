"""A Document that did not stand still is seen, and found to stand still, at the addresses that its Source has now."""

from __future__ import annotations

import pytest

from monitor.store import problems
from scenarios.test_situations import OLDER, RULES, page
from store.conftest import URL

ONE, TWO = page(RULES), page(OLDER)
STEADY = page(["Appeals are free."])
DAY = 24
FLIPS = [(ONE, 0), (TWO, DAY), (TWO, DAY + 2), (ONE, 2 * DAY), (ONE, 2 * DAY + 2), (TWO, 3 * DAY)]
MORE = "https://example.org/more"


@pytest.fixture
def unstable(desk):
    """Found to be unstable three days after its first look."""
    for text, hour in FLIPS:
        desk.see(text, hour)
    assert list(desk.problems) == ["unstable"]
    return desk


@pytest.fixture
def half_unstable(desk):
    """As above, but the second of two addresses alternates."""
    desk.declare(urls=(URL, MORE))
    for text, hour in FLIPS:
        desk.arrive(STEADY, hour)
        desk.see(text, hour, url=MORE)
    assert list(desk.problems) == ["unstable"]
    return desk


def test_with_another_address_the_note_is_still_shown_beside_that_address(unstable):
    unstable.declare(urls=(MORE,))
    (problem,) = problems.get_open(unstable.db)
    assert (problem.kind, problem.url) == ("unstable", MORE)


def test_with_another_address_the_note_is_closed_when_the_text_stands_still_there(unstable):
    unstable.declare(urls=(MORE,))
    unstable.see(TWO, 5 * DAY, url=MORE)
    assert problems.is_unstable(unstable.db, "rules")
    unstable.see(TWO, 7 * DAY, url=MORE)
    assert not problems.is_unstable(unstable.db, "rules")


def test_it_does_not_stand_still_while_one_of_its_addresses_cannot_be_read(half_unstable):
    for day in range(4, 9):
        half_unstable.arrive(STEADY, day * DAY)
        half_unstable.see(None, day * DAY, url=MORE)
    assert list(half_unstable.problems) == ["unstable", "http-error"]


def test_it_stands_still_when_each_of_its_addresses_was_read_since(half_unstable):
    half_unstable.see(STEADY, 7 * DAY)
    assert list(half_unstable.problems) == ["unstable"]
    half_unstable.see(TWO, 8 * DAY, url=MORE)
    assert half_unstable.problems == {}
