"""The days that people must act by: what the changes of a document say last."""

from datetime import date

import pytest

import told
from monitor.model import DateKind
from monitor.store.agenda import get_deadlines
from triaged import AGES, MORE_AGES, PRICES, Bench

FIRST, LAST = date(2026, 3, 10), date(2026, 4, 9)


@pytest.fixture
def bench(tmp_path):
    """Three changes of the rules, and a fourth of the other source."""
    bench = Bench(tmp_path)
    for words in (AGES, MORE_AGES, PRICES):
        bench.change(words)
    bench.change(AGES, source="other")
    yield bench
    bench.db.close()


@pytest.fixture
def say(bench):
    """A change says that it happens on a day, and what is listed then: (change, kind, date)."""

    def say(*mentions):
        for change, kind, day, *moved_from in mentions:
            told.date(bench, change, kind, day, *moved_from)
        return listed(bench)

    return say


def listed(bench, **facts):
    return [(each.change_id, str(each.kind), each.date) for each in get_deadlines(bench.db, FIRST, LAST, **facts)]


def test_a_deadline_names_its_change_and_whose_text_it_is(bench, say):
    say((1, "compliance", "2026-03-15"))
    (deadline,) = get_deadlines(bench.db, FIRST, LAST)
    assert (deadline.change_id, deadline.kind, deadline.date) == (1, DateKind.COMPLIANCE, "2026-03-15")
    assert (deadline.source_name, deadline.publisher) == ("Rules", "Example")
    assert (deadline.url, deadline.is_decided) == ("https://example.org/rules", False)


@pytest.mark.parametrize(
    ("day", "is_listed"),
    [
        ("2026-03-10", True),
        ("2026-04-09", True),
        ("2026-03-09", False),
        ("2026-04-10", False),
        ("2026-03", True),
        ("2026-04", True),
        ("2026-02", False),
        ("2026-05", False),
        ("2026", False),
    ],
)
def test_it_is_listed_if_it_can_fall_on_one_of_the_days(say, day, is_listed):
    assert bool(say((1, "effective", day))) is is_listed


@pytest.mark.parametrize("kind", ["last_updated", "version", "reviewed", "released", "notice", "superseded"])
def test_other_dates_are_no_deadlines(say, kind):
    assert say((1, kind, "2026-03-15")) == []


def test_the_nearest_comes_first(say):
    found = say((1, "effective", "2026-04-01"), (4, "sunset", "2026-03-12"), (1, "compliance", "2026-03-20"))
    assert [day for _, _, day in found] == ["2026-03-12", "2026-03-20", "2026-04-01"]


def test_what_several_changes_of_a_document_say_is_one_of_the_last_of_them(say):
    found = say((1, "effective", "2026-03-15"), (2, "effective", "2026-03-15"), (4, "effective", "2026-03-15"))
    assert found == [(2, "effective", "2026-03-15"), (4, "effective", "2026-03-15")]


def test_a_date_of_another_kind_is_another_deadline(say):
    assert len(say((1, "effective", "2026-03-15"), (2, "compliance", "2026-03-15"))) == 2


def test_a_date_that_a_later_change_moves_is_no_deadline_any_more(say):
    found = say((1, "effective", "2026-03-15"), (2, "effective", "2026-03-20", "2026-03-15"))
    assert found == [(2, "effective", "2026-03-20")]


def test_a_date_that_is_moved_far_away_leaves_the_list(say):
    assert say((1, "effective", "2026-03-15"), (2, "effective", "2027-03-20", "2026-03-15")) == []


def test_a_date_that_is_moved_and_moved_back_is_a_deadline(say):
    found = say(
        (1, "effective", "2026-03-15"),
        (2, "effective", "2026-03-20", "2026-03-15"),
        (3, "effective", "2026-03-15", "2026-03-20"),
    )
    assert found == [(3, "effective", "2026-03-15")]


def test_a_page_that_no_longer_speaks_of_a_date_has_not_dropped_it(bench, say):
    say((1, "effective", "2026-03-15"))
    bench.db.execute("UPDATE date_mention SET sentence = 'It applies from 15 March (see rules 2, 3)'")
    bench.db.execute("UPDATE passage SET before = 'It applies from 15 March (see rules 2, 3)' WHERE change_id = 2")
    assert listed(bench) == [(1, "effective", "2026-03-15")]
    bench.db.execute("UPDATE source SET kind = 'regulations-gov'")
    assert listed(bench) == []


def test_what_one_document_moves_stays_in_the_other(say):
    found = say((1, "effective", "2026-03-15"), (4, "effective", "2026-03-20", "2026-03-15"))
    assert [day for _, _, day in found] == ["2026-03-15", "2026-03-20"]


def test_what_was_rejected_as_a_whole_is_left_out_and_what_it_moved_stays_moved(bench, say):
    bench.reject(2)
    assert say((1, "effective", "2026-03-15"), (2, "effective", "2026-03-20", "2026-03-15")) == []


def test_what_was_decided_otherwise_is_said_to_be_decided(bench, say):
    say((1, "effective", "2026-03-15"), (2, "effective", "2026-03-16"), (3, "effective", "2026-03-17"))
    bench.confirm(1)
    bench.assign(2)
    assert [each.is_decided for each in get_deadlines(bench.db, FIRST, LAST)] == [True, False, False]


@pytest.mark.parametrize(("column", "value"), [("status", "provisional"), ("kind", "links")])
def test_only_confirmed_changes_of_the_told_kinds_have_deadlines(bench, say, column, value):
    bench.db.execute(f"UPDATE change SET {column} = ?", [value])
    assert say((1, "effective", "2026-03-15")) == []


def test_whoever_asks_may_be_concerned_by_some_changes_only(bench, say):
    say((1, "effective", "2026-03-15"), (2, "effective", "2026-03-15"), (4, "sunset", "2026-03-16"))
    assert listed(bench, concerns=lambda change, _: change == 1) == [(1, "effective", "2026-03-15")]
    assert listed(bench, concerns=lambda _, source: source == "other") == [(4, "sunset", "2026-03-16")]
