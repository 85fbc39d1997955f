"""In which order what waits and what is put off comes."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.store.inbox import Wanted, get_same, iter_waiting
from triaged import AGES, SPAM, Bench

WAYS = {
    "list": lambda db, today, **facts: iter_waiting(db, Wanted(), today, **facts),
    "same": lambda db, today, **facts: get_same(db, Wanted(), today, [""], **facts),
}


@pytest.fixture(params=sorted(WAYS))
def waiting(request, tmp_path):
    """Changes 1 to 4, each told a day after the one before; called with a day of March."""
    bench = Bench(tmp_path)
    for number in range(4):
        change_id = bench.change((AGES, SPAM)[number % 2])
        told = f"2026-03-0{number + 1}T12:00:00Z"
        bench.db.execute("UPDATE change SET confirmed_at = ? WHERE id = ?", [told, change_id])

    def find(today, **facts):
        return [(each.change_id, each.day.day) for each in WAYS[request.param](bench.db, date(2026, 3, today), **facts)]

    find.bench = bench
    yield find
    bench.db.close()


def test_the_newest_comes_first(waiting):
    assert waiting(5) == [(4, 4), (3, 3), (2, 2), (1, 1)]


def test_what_is_back_is_as_new_as_the_day_on_which_it_is_back(waiting):
    waiting.bench.snooze(1, due="2026-03-05")
    waiting.bench.snooze(2, due="2026-03-03")
    assert waiting(5) == [(1, 5), (4, 4), (3, 3), (2, 3)]


def test_of_what_is_put_off_comes_first_what_is_back_first(waiting):
    for change_id, day in enumerate(("2026-03-31", "2026-03-06", "2026-03-24"), 1):
        waiting.bench.snooze(change_id, due=day)
    assert waiting(5, put_off=True) == [(2, 6), (3, 24), (1, 31)]
    assert waiting(5) == [(4, 4)]
