"""Which days are deadlines, after all that a document said: every place says the same. Today is 5 March 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from monitor.slack import forms
from monitor.store import Database, transaction
from monitor.store.agenda import get_deadlines
from monitor.store.deadlines import End
from monitor.store.inbox import Wanted
from monitor.store.items import get_items_in_hand, get_open_items
from monitor.store.subjects import Subject
from monitor.triage import plan_due
from monitor.views.calendar import Asked, get_agenda, get_events
from monitor.views.change import get_dossier
from monitor.views.inbox import Shown, get_inbox
from triaged import AGES, UPLOAD, Bench

NOW = datetime(2026, 3, 5, 16, tzinfo=UTC)
TODAY = NOW.date()
MARCH, APRIL, MAY, SOME_DAY_IN_MAY = "2026-03-20", "2026-04-20", "2026-05-20", "2026-05"


def say(change_id, day, moved_from=None, sentence="It holds from then on."):
    """A change states a day, in the place of another."""
    facts = {"change_id": change_id, "kind": "effective", "date": day, "sentence": sentence, "moved_from": moved_from}

    def step(bench):
        table = bench.db.table("date_mention")
        table.insert({**facts, "position": table.count})

    return step


def say_as_data(change_id, day, moved_from=None):
    step = say(change_id, day, moved_from, f"Effective on {day} (Example, day)")

    def step_with_source(bench):
        bench.db.execute("UPDATE source SET kind = 'regulations-gov'")
        step(bench)

    return step_with_source


def drop(change_id, day):
    """The sentence of the data stands in the text no more."""
    words = f"Effective on {day} (Example, day)"
    return lambda bench: bench.db.execute("UPDATE passage SET before = ? WHERE change_id = ?", [words, change_id])


def set_fact(change_id, column, value):
    return lambda bench: bench.db.execute(f"UPDATE change SET {column} = ? WHERE id = ?", [value, change_id])


def withdraw(change_id):
    return set_fact(change_id, "reason", "withdrawn; reworded")


def reject(change_id):
    return lambda bench: bench.reject(change_id)


SITUATIONS = {
    "stated": ([say(1, MARCH)], {(1, MARCH)}, {1: MARCH}),
    "stated twice": ([say(1, MARCH), say(2, MARCH)], {(2, MARCH)}, {1: MARCH, 2: MARCH}),
    "moved": ([say(1, MARCH), say(2, APRIL, MARCH)], {(2, APRIL)}, {1: APRIL, 2: APRIL}),
    "moved twice": (
        [say(1, MARCH), say(2, APRIL, MARCH), say(3, MAY, APRIL)],
        {(3, MAY)},
        {1: MAY, 2: MAY, 3: MAY},
    ),
    "moved back": (
        [say(1, MARCH), say(2, APRIL, MARCH), say(3, MARCH, APRIL)],
        {(3, MARCH)},
        {1: MARCH, 2: MARCH, 3: MARCH},
    ),
    "moved, and stated on the old day again": (
        [say(1, MARCH), say(2, APRIL, MARCH), say(3, MARCH)],
        {(2, APRIL), (3, MARCH)},
        {1: MARCH, 2: APRIL, 3: MARCH},
    ),
    "moved to two days": (
        [say(1, MARCH), say(2, APRIL, MARCH), say(2, MAY, MARCH)],
        {(2, APRIL), (2, MAY)},
        {1: APRIL, 2: APRIL},
    ),
    "moved to a month": ([say(1, MARCH), say(2, SOME_DAY_IN_MAY, MARCH)], {(2, SOME_DAY_IN_MAY)}, {}),
    "a month": ([say(1, SOME_DAY_IN_MAY)], {(1, SOME_DAY_IN_MAY)}, {}),
    "a month that became a day": (
        [say(1, SOME_DAY_IN_MAY), say(2, MAY, SOME_DAY_IN_MAY)],
        {(2, MAY)},
        {1: MAY, 2: MAY},
    ),
    "moved by what was not seen again": (
        [say(1, MARCH), say(2, APRIL, MARCH), set_fact(2, "status", "provisional")],
        {(1, MARCH)},
        {1: MARCH},
    ),
    "withdrawn in words": ([say(1, MARCH), withdraw(2)], set(), {}),
    "moved and then withdrawn": ([say(1, MARCH), say(2, APRIL, MARCH), withdraw(3)], set(), {}),
    "withdrawn and stated again": ([say(1, MARCH), withdraw(2), say(3, MARCH)], {(3, MARCH)}, {1: MARCH, 3: MARCH}),
    "stated by what withdraws": ([say(1, MARCH), withdraw(1)], {(1, MARCH)}, {1: MARCH}),
    "withdrawn by what was not seen again": (
        [say(1, MARCH), withdraw(2), set_fact(2, "status", "superseded")],
        {(1, MARCH)},
        {1: MARCH},
    ),
    "dropped from data": ([say_as_data(1, MARCH), drop(2, MARCH)], set(), {}),
    "dropped from data by a quiet change": (
        [say_as_data(1, MARCH), drop(2, MARCH), set_fact(2, "kind", "date_tick")],
        set(),
        {},
    ),
    "dropped from data for another day": (
        [say_as_data(1, MARCH), drop(2, MARCH), say_as_data(2, APRIL, MARCH)],
        {(2, APRIL)},
        {1: APRIL, 2: APRIL},
    ),
    "dropped from data and stated again": (
        [say_as_data(1, MARCH), drop(2, MARCH), say_as_data(3, MARCH)],
        {(3, MARCH)},
        {1: MARCH, 3: MARCH},
    ),
    "still in the data of what is withdrawn": ([say_as_data(1, MARCH), withdraw(2)], {(1, MARCH)}, {1: MARCH}),
    "spoken of no more on a page": (
        [say(1, MARCH, sentence=f"Effective on {MARCH} (Example, day)"), drop(2, MARCH)],
        {(1, MARCH)},
        {1: MARCH},
    ),
    "rejected": ([say(1, MARCH), reject(1)], set(), {}),
    "stated again by what was rejected": ([say(1, MARCH), say(2, MARCH), reject(2)], {(1, MARCH)}, {1: MARCH}),
    "moved by what was rejected": ([say(1, MARCH), say(2, APRIL, MARCH), reject(2)], set(), {}),
}
situations = pytest.mark.parametrize(("steps", "holding", "acting"), SITUATIONS.values(), ids=SITUATIONS)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Four changes of one document, told and undecided; and the database as it was then."""
    bench = Bench(tmp_path_factory.mktemp("days"))
    ids = [bench.change(AGES, [UPLOAD]) for _ in range(4)]
    digest = {"id": "first", "audience_id": "desk", "period": "daily", "local_date": "2026-03-01", "content": "{}"}
    with transaction(bench.db):
        bench.db.table("audience").insert({"id": "desk", "since_at": "2026-01-01T00:00:00Z"})
        bench.db.table("digest").insert(digest | {"composed_at": "2026-03-01T12:00:00Z"})
        bench.db.table("digest_change").insert_all(
            {"audience_id": "desk", "change_id": each, "period": "daily", "digest_id": "first"} for each in ids
        )
    before = Database(memory=True)
    bench.db.conn.backup(before.conn)
    yield bench, before
    bench.db.close()


@pytest.fixture
def bench(told):
    bench, before = told
    before.conn.backup(bench.db.conn)
    return bench


def go(bench, steps):
    for step in steps:
        step(bench)
    bench.db.conn.commit()


@situations
def test_digests_the_calendar_and_its_file_list_the_same_days(bench, steps, holding, acting):
    go(bench, steps)
    asked = Asked(Subject())
    listed = get_deadlines(bench.db, TODAY, date(2026, 12, 31))
    assert {(each.change_id, each.date) for each in listed} == holding
    assert {(each.change_id, each.date) for each in get_agenda(bench.db, asked, TODAY).entries} == holding
    events = get_events(bench.db, asked, NOW)
    assert {(each.change_id, each.date) for each in events if not each.is_off} == holding


@situations
def test_what_is_open_is_to_be_done_by_the_day_on_which_it_stands_now(bench, steps, holding, acting):
    go(bench, steps)
    assert {each.change_id: each.deadline for each in get_open_items(bench.db, NOW) if each.deadline} == acting
    groups = get_inbox(bench.db, Wanted(), NOW).groups
    assert {each.lead.change_id: each.lead.deadline[1] for each in groups if each.lead.deadline} == acting
    for days in (7, 30, 90):
        near = {key for key, day in acting.items() if date.fromisoformat(day) <= TODAY + timedelta(days=days)}
        inbox = get_inbox(bench.db, Wanted(due_by=TODAY + timedelta(days=days)), NOW)
        assert {each.lead.change_id for each in inbox.groups} == near
        assert inbox.counts.by["due"][str(days)] == len(near)


@situations
def test_the_work_is_due_two_weeks_before_that_day(bench, steps, holding, acting):
    go(bench, steps)
    for change_id in (1, 2, 3):
        dossier = get_dossier(bench.db, change_id, TODAY)
        if dossier.state.whole.verdict is None:
            due = plan_due(acting.get(change_id, ""), TODAY)
            assert dossier.due == due
            form = forms.FORMS["due"].build(_visit(bench), [(change_id, None)])
            assert form[0]["element"].get("initial_date", "") == due


def _visit(bench):
    return SimpleNamespace(db=bench.db, today=TODAY, directory=SimpleNamespace(name=str))


@situations
def test_what_is_in_hand_keeps_its_day_too(bench, steps, holding, acting):
    go(bench, steps)
    ids = [each for each in (1, 2, 3) if each in acting]
    for each in ids:
        bench.assign(each)
    assert {each.change_id: each.deadline for each in get_items_in_hand(bench.db, ids, TODAY)} == acting
    near = {key for key, day in acting.items() if date.fromisoformat(day) <= TODAY + timedelta(days=30)}
    inbox = get_inbox(bench.db, Wanted(due_by=TODAY + timedelta(days=30)), NOW, shown=Shown.IN_HAND)
    assert {each.lead.change_id for each in inbox.groups} == near


@pytest.mark.parametrize(
    ("situation", "end"),
    [
        ("stated", None),
        ("stated twice", None),
        ("moved", End(2, APRIL)),
        ("moved twice", End(3, MAY)),
        ("moved back", None),
        ("moved to a month", End(2, SOME_DAY_IN_MAY)),
        ("moved by what was not seen again", None),
        ("withdrawn in words", End(2, None)),
        ("moved and then withdrawn", End(3, None)),
        ("withdrawn and stated again", None),
        ("dropped from data", End(2, None)),
        ("rejected", None),
        ("moved by what was rejected", End(2, APRIL)),
    ],
)
def test_the_page_of_a_change_says_what_the_publisher_made_of_its_day_since(bench, situation, end):
    go(bench, SITUATIONS[situation][0])
    dossier = get_dossier(bench.db, 1, TODAY)
    assert [each.date for each in dossier.deadlines] == [MARCH]
    assert dossier.ends.get((dossier.deadlines[0].kind, MARCH)) == end


def test_a_rejected_change_of_which_a_section_was_taken_up_since_has_its_day(bench):
    go(bench, [say(1, MARCH), reject(1)])
    assert get_deadlines(bench.db, TODAY, date(2026, 12, 31)) == ()
    bench.confirm(1, UPLOAD)
    assert [each.date for each in get_deadlines(bench.db, TODAY, date(2026, 12, 31))] == [MARCH]


def test_a_kind_of_day_is_not_moved_by_another(bench):
    go(bench, [say(1, MARCH), say(2, APRIL, MARCH)])
    bench.db.execute("UPDATE date_mention SET kind = 'sunset' WHERE change_id = 2")
    assert {each.date for each in get_deadlines(bench.db, TODAY, date(2026, 12, 31))} == {MARCH, APRIL}
