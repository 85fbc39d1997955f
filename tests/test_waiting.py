"""A text of several addresses waits until each of its known parts can be read: nothing is removed that still stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.store import fetches, versions
from scenarios.test_situations import OLDER, RULES, page
from store.conftest import URL

MORE = "https://example.org/more"
APPEALS = ["Deletion takes 30 days.", "Appeals are free."]
SLOWER = ["Deletion takes 60 days.", "Appeals are free."]


def rebuilt(rules):
    return page(rules).replace("main>", "section>")


@pytest.fixture
def half_down(desk):
    """Both addresses were rebuilt, the selectors follow, and only the first address answers again."""
    desk.declare(urls=(URL, MORE), select=("main",), hold=timedelta(0))
    desk.arrive(page(RULES))
    desk.see(page(APPEALS), url=MORE)
    desk.declare(urls=(URL, MORE), select=("section",), hold=timedelta(0))
    desk.arrive(rebuilt(RULES), 1)
    desk.see(None, 1, url=MORE)
    return desk


def test_a_part_that_cannot_be_read_now_is_a_problem_and_not_removed(half_down):
    half_down.see(rebuilt(RULES), 30)
    assert half_down.kinds == []
    assert list(half_down.problems) == ["selector-lost"]


def test_what_changed_in_that_part_meanwhile_is_told_when_it_is_back(half_down):
    half_down.see(rebuilt(SLOWER), 30, url=MORE)
    assert half_down.told == [SLOWER[0]]
    assert half_down.problems == {}


def test_a_change_of_the_other_part_that_waited_is_told_with_it_and_only_as_it_stands_last(half_down):
    half_down.see(rebuilt(RULES[:2]), 2)
    half_down.see(rebuilt(OLDER), 3)
    half_down.see(rebuilt(OLDER), 4)
    half_down.see(rebuilt(APPEALS), 30, url=MORE)
    assert half_down.told == [OLDER[1]]
    assert not fetches.has_any_pending(half_down.db)
    half_down.read(31)
    assert len(half_down.kinds) == 1


def test_a_part_whose_address_is_dropped_is_not_waited_for(half_down):
    half_down.declare(urls=(URL,), select=("section",), hold=timedelta(0))
    half_down.read(2)
    texts = [block.text for block in versions.find_current(half_down.db, "rules").blocks]
    assert RULES[1] in texts
    assert APPEALS[1] not in texts
