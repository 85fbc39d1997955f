"""Taking back what was decided: by name, all of it or nothing, and never what somebody else decided since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import ConfigurationError, NotFoundError
from monitor.model import Verdict
from monitor.triage import decide_all, get_state
from monitor.undoing import find_last, find_obstacle, find_tops, take_back, take_last_back
from triaged import AGES, APPEALS, MORE_AGES, PRICES, REFUNDS, UPLOAD, Bench

CONFIRMED, REJECTED = Verdict.CONFIRMED, Verdict.NOT_APPLICABLE


@pytest.fixture
def bench(tmp_path):
    """Changes 1 and 2: the first was tagged with the sections on uploads and refunds."""
    bench = Bench(tmp_path)
    bench.change(AGES, [UPLOAD, REFUNDS])
    bench.change(MORE_AGES)
    yield bench
    bench.db.close()


def undo(bench, *decision_ids, by="mia", **facts):
    return take_back(bench.db, decision_ids, by=by, now=bench.now, **facts)


def verdicts(bench, change_id=1):
    return {each.section_id: each.standing.verdict for each in get_state(bench.db, change_id).sections}


def count_decisions(bench):
    return bench.db.table("decision").count


@pytest.mark.parametrize("section_id", [None, UPLOAD])
@pytest.mark.parametrize("whole", [True, False])
def test_what_somebody_else_decided_since_is_not_taken_back(bench, section_id, whole):
    alice = bench.confirm(1, section_id, by="alice").decision
    bench.reject(1, None if whole or section_id is None else section_id, by="bob")
    with pytest.raises(ConfigurationError, match="change 1: bob has decided about it since: not-applicable"):
        undo(bench, alice.id, by="alice")
    assert verdicts(bench)[UPLOAD] is REJECTED
    assert count_decisions(bench) == 2


def test_what_was_decided_since_about_something_else_stays(bench):
    whole = bench.confirm(1).decision
    bench.reject(1, UPLOAD, by="bob")
    undo(bench, whole.id)
    assert verdicts(bench) == {UPLOAD: REJECTED, REFUNDS: None}


def test_of_several_none_is_taken_back_where_one_cannot_be(bench):
    done = decide_all(bench.db, [(1, None), (2, None)], CONFIRMED, by="alice", now=bench.now)
    bench.reject(1, by="bob")
    with pytest.raises(ConfigurationError, match="bob has decided"):
        undo(bench, *(each.decision.id for each in done))
    assert get_state(bench.db, 2).whole.verdict is CONFIRMED


def test_what_was_decided_since_and_taken_back_is_in_nobodys_way(bench):
    first = bench.confirm(1).decision
    second = bench.reject(1, by="bob").decision
    undo(bench, second.id, by="bob")
    assert find_obstacle(bench.db, [first]) is None
    undo(bench, first.id)
    assert verdicts(bench) == {UPLOAD: None, REFUNDS: None}


def test_the_same_is_taken_back_once(bench):
    earlier, later = bench.reject(1).decision, bench.confirm(1).decision
    (undone,) = undo(bench, later.id)
    (again,) = undo(bench, later.id, by="otto")
    assert (undone.is_new, again.is_new, again.decision) == (True, False, undone.decision)
    assert verdicts(bench) == {UPLOAD: REJECTED, REFUNDS: REJECTED}
    (second,) = undo(bench, earlier.id)
    assert second.is_new
    assert verdicts(bench) == {UPLOAD: None, REFUNDS: None}


def test_several_levels_are_taken_back_at_once_the_last_first(bench):
    ids = [each.decision.id for each in (bench.confirm(1, UPLOAD), bench.reject(1), bench.assign(1, UPLOAD))]
    assert all(each.is_new for each in undo(bench, *ids))
    assert verdicts(bench) == {UPLOAD: None, REFUNDS: None}


def test_as_many_are_taken_back_as_can_be_named(bench):
    for _ in range(110):
        bench.change(PRICES)
    done = decide_all(bench.db, [(each, None) for each in range(1, 113)], CONFIRMED, by="mia", now=bench.now)
    assert len(undo(bench, *(each.decision.id for each in done))) == 112
    assert find_last(bench.db, 112) == ()


def test_what_holds_for_the_whole_is_taken_back_for_one_section(bench):
    whole = bench.confirm(1).decision
    assert find_tops(bench.db, 1) == {UPLOAD: whole.id, REFUNDS: whole.id}
    undo(bench, whole.id, sections=[UPLOAD])
    assert verdicts(bench) == {UPLOAD: None, REFUNDS: CONFIRMED}
    assert find_tops(bench.db, 1) == {REFUNDS: whole.id}
    (again,) = undo(bench, whole.id, sections=[UPLOAD])
    assert not again.is_new


def test_what_is_not_there_is_named(bench):
    made = bench.confirm(1, UPLOAD).decision
    undone = undo(bench, made.id)[0].decision
    for ids, facts, said in [
        ([99], {}, "decision 99 is not there"),
        ([made.id], {"change_ids": [2]}, f"decision {made.id} is not there"),
        ([made.id], {"sections": [REFUNDS]}, "a decision about these sections is not there"),
        ([], {}, "not there"),
        ([undone.id], {}, "is not one that can be taken back"),
    ]:
        with pytest.raises(NotFoundError, match=said):
            undo(bench, *ids, **facts)
    assert count_decisions(bench) == 2


def test_a_whole_says_nothing_of_a_section_that_was_not_in_view(bench):
    whole = bench.confirm(1).decision
    with pytest.raises(NotFoundError, match=f"not one that can be taken back for {APPEALS}"):
        undo(bench, whole.id, sections=[APPEALS])


def test_what_was_decided_last_is_what_one_person_decided_at_once(bench):
    bench.confirm(1)
    done = decide_all(bench.db, [(1, UPLOAD), (1, REFUNDS)], REJECTED, reason="unrelated", by="mia", now=bench.now)
    assert find_last(bench.db, 1) == tuple(each.decision for each in done)
    bench.take_back(1)
    assert verdicts(bench) == {UPLOAD: CONFIRMED, REFUNDS: CONFIRMED}
    bench.take_back(1)
    assert find_last(bench.db, 1) == ()


def test_what_stands_in_the_way_is_found_without_trying(bench):
    first = bench.confirm(1).decision
    assert find_obstacle(bench.db, [first]) is None
    later = bench.reject(1, by="bob").decision
    assert find_obstacle(bench.db, [first]) == later
    assert find_obstacle(bench.db, [first, later]) is None
    undone = undo(bench, later.id)[0].decision
    assert find_obstacle(bench.db, [later]) == undone


def take_last(bench, seen, by="mia", later=timedelta(0)):
    return take_last_back(bench.db, 1, seen=seen, by=by, now=bench.now + later)


def test_who_saw_what_was_decided_last_takes_that_back(bench):
    bench.confirm(1, by="bob")
    assert take_last(bench, seen=1)[0].is_new
    assert verdicts(bench)[UPLOAD] is None


def test_what_somebody_did_not_see_they_do_not_take_back_unless_it_is_their_own(bench):
    bench.confirm(1, by="bob")
    with pytest.raises(ConfigurationError, match="bob has decided about it since: confirmed"):
        take_last(bench, seen=0)
    assert take_last(bench, seen=0, by="bob")[0].is_new


def test_what_was_taken_back_unseen_stays_at_that(bench):
    bench.reject(1)
    bench.confirm(1)
    take_last(bench, seen=2, by="bob")
    (done,) = take_last(bench, seen=2, later=timedelta(hours=1))
    assert not done.is_new
    assert verdicts(bench)[UPLOAD] is REJECTED


@pytest.mark.parametrize(("minutes", "undone"), [(0, 1), (1, 2)])
def test_two_people_who_take_back_within_a_minute_take_back_one_decision(bench, minutes, undone):
    bench.reject(1)
    bench.confirm(1)
    now = bench.now
    take_last_back(bench.db, 1, seen=2, by="mia", now=now)
    (done,) = take_last_back(bench.db, 1, seen=3, by="otto", now=now + timedelta(minutes=minutes))
    assert done.is_new is (undone == 2)
    assert [each.verdict for each in get_state(bench.db, 1).history].count(Verdict.UNDONE) == undone


def test_with_nothing_decided_there_is_nothing_to_take_back(bench):
    with pytest.raises(NotFoundError, match="nothing is decided here to take back"):
        take_last(bench, seen=0)


def test_to_undo_twice_is_to_undo_two_decisions(bench):
    bench.confirm(1)
    bench.reject(1)
    assert [bench.undo(1).is_new for _ in range(2)] == [True, True]
    assert get_state(bench.db, 1).whole.verdict is None
