"""What is remembered of decisions: those that stand, with what their changes were about."""

from __future__ import annotations

import json
import time

import pytest

from monitor.impact import MATCHER, SHIPPED
from monitor.model import Passage, PassageOp, Verdict
from monitor.store import transaction
from monitor.store.decisions import (
    MOST_STEMS,
    add_decision,
    get_decisions,
    get_standing,
    has_section,
    iter_decided,
    load_memory,
    sum_stems,
)
from monitor.store.matchers import add_weights, find_live_weights
from store.conftest import NOON
from triaged import AGES, APPEALS, MORE_AGES, PRICES, REFUNDS, UPLOAD, Bench


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    bench.change(AGES, [UPLOAD, REFUNDS])
    bench.change(PRICES, [REFUNDS], source="other")
    yield bench
    bench.db.close()


def remembered(bench):
    return [(change_id, each.section_id, each.is_confirmed) for change_id, each in iter_decided(bench.db)]


def test_a_decision_is_read_as_it_was_added(bench):
    with transaction(bench.db):
        added = add_decision(
            bench.db, 1, UPLOAD, Verdict.ASSIGNED, reason="", assignee="otto", due="2026-12-01", by="mia", at=NOON
        )
    assert get_decisions(bench.db, 1) == (added,)
    assert get_decisions(bench.db, 2) == ()


def test_only_what_stands_is_remembered(bench):
    bench.confirm(1, UPLOAD)
    bench.reject(1, UPLOAD)
    bench.reject(1, REFUNDS)
    bench.undo(1, REFUNDS)
    bench.assign(2, REFUNDS)
    assert remembered(bench) == [(1, UPLOAD, False)]


def test_a_decision_about_the_whole_is_remembered_for_each_tagged_section(bench):
    bench.reject(1)
    bench.confirm(1, APPEALS)
    assert remembered(bench) == [(1, APPEALS, True), (1, UPLOAD, False), (1, REFUNDS, False)]


def test_a_decision_comes_with_its_source_its_sop_and_what_the_change_was_about(bench):
    bench.confirm(2, REFUNDS)
    ((_, decided),) = iter_decided(bench.db)
    assert (decided.source_id, decided.sop_id) == ("other", "fees")
    assert decided.stems["30"] > decided.stems["price"] > 0


def test_decisions_about_one_change_share_what_it_was_about(bench):
    bench.reject(1)
    first, second = (each for _, each in iter_decided(bench.db))
    assert first.stems is second.stems


def test_the_section_of_a_similar_change_comes_to_mind(bench):
    bench.confirm(1, APPEALS)
    words = sum_stems([Passage(PassageOp.REWORDED, (), *MORE_AGES)])
    assert load_memory(bench.db).recall(words, "rules") == {APPEALS}


def test_a_long_change_is_remembered_by_its_weightiest_stems():
    text = " ".join(["passport"] * 3 + [f"word{n}" for n in range(500)])
    stems = sum_stems([Passage(PassageOp.ADDED, (), "", text)])
    assert len(stems) == MOST_STEMS
    assert max(stems, key=stems.__getitem__) == "passport"


def test_a_change_without_words_is_no_obstacle():
    assert sum_stems([Passage(PassageOp.MOVED, (), "same", "same")]) == {}


def test_what_nobody_decided_about_is_open(bench):
    assert get_standing((), UPLOAD).verdict is None
    assert has_section(bench.db, UPLOAD)
    assert not has_section(bench.db, "ages#nothing")


def test_what_an_earlier_matcher_read_is_read_anew(bench):
    bench.confirm(2, REFUNDS)
    ((_, as_noted),) = iter_decided(bench.db)
    with transaction(bench.db):
        bench.db.execute("UPDATE change_stems SET matcher = 'earlier', stems = '{}'")
    ((_, anew),) = iter_decided(bench.db)
    assert anew.stems == as_noted.stems
    bench.reject(2, REFUNDS)
    (row,) = bench.db.query("SELECT matcher, stems FROM change_stems")
    assert (row["matcher"], json.loads(row["stems"])) == (MATCHER, as_noted.stems)


def test_five_thousand_decisions_are_loaded_in_time(bench):
    stems = json.dumps({f"stem{n}": 1.5 for n in range(MOST_STEMS)})
    changes = [bench.change(AGES, [UPLOAD, REFUNDS]) for _ in range(100)]
    decided = {"verdict": "confirmed", "reason": "", "by": "mia", "at": "2026-03-01T12:00:00Z"}
    rows = [{"change_id": each, "section_id": UPLOAD} | decided for each in changes for _ in range(50)]
    with transaction(bench.db):
        bench.db.table("decision").insert_all(rows)
        bench.db.table("change_stems").insert_all(
            {"change_id": each, "matcher": MATCHER, "stems": stems} for each in changes
        )
    began = time.process_time()
    assert load_memory(bench.db).count(UPLOAD, "rules") == (100, 0)
    assert time.process_time() - began < 0.5


def test_weights_are_as_shipped_until_others_are_adopted_and_the_last_ones_are_live(bench):
    assert find_live_weights(bench.db) == SHIPPED
    with transaction(bench.db):
        add_weights(bench.db, {"floor": 0.2}, by="mia", note="fewer", at=NOON)
        add_weights(bench.db, {"floor": 0.3, "joined": {"bias": -4}}, by="mia", note="fewer still", at=NOON)
    live = find_live_weights(bench.db)
    assert (live.floor, live.joined.bias, live.quote) == (0.3, -4, SHIPPED.quote)
    assert bench.db.execute("SELECT count(*) FROM matcher").fetchone() == (2,)
