"""What is remembered of decisions: those that stand, with what their changes were about."""

from __future__ import annotations

import json
import time

import pytest

from monitor.impact import MATCHER, SHIPPED, WORTH_SHOWING
from monitor.model import Decision, Passage, PassageOp, Verdict
from monitor.store import transaction
from monitor.store.decisions import (
    MOST_STEMS,
    add_decision,
    count_taught,
    get_decisions,
    get_sections,
    get_standings,
    get_whole_standing,
    has_section,
    iter_decided,
    load_memory,
    sum_stems,
)
from monitor.store.matchers import add_weights, find_live
from store.conftest import NOON
from triaged import AGES, APPEALS, MORE_AGES, PRICES, REFUNDS, UNLIKELY, UPLOAD, Bench


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
    assert remembered(bench) == [(1, UPLOAD, False), (1, REFUNDS, False), (1, APPEALS, True)]


@pytest.mark.parametrize("decision", ["confirm", "reject"])
def test_a_decision_about_the_whole_teaches_nothing_about_a_section_that_nobody_was_shown(bench, decision):
    change_id = bench.change(AGES, [UPLOAD], [APPEALS])
    getattr(bench, decision)(change_id)
    assert [each[:2] for each in remembered(bench)] == [(change_id, UPLOAD)]
    assert load_memory(bench.db).count(APPEALS, "rules") == (0, 0)


def test_a_decision_about_an_unlikely_section_by_itself_is_remembered(bench):
    bench.reject(bench.change(AGES, [], [APPEALS]), APPEALS)
    assert remembered(bench) == [(3, APPEALS, False)]


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


def decisions(*made):
    """(section or None, verdict) in the order they were made."""
    return tuple(
        Decision(number, 1, section_id, verdict, "", None, None, "mia", NOON)
        for number, (section_id, verdict) in enumerate(made, start=1)
    )


WHOLE, OWN, UNDONE = (None, Verdict.CONFIRMED), (UPLOAD, Verdict.NOT_APPLICABLE), (UPLOAD, Verdict.UNDONE)
SHOWN, UNSHOWN = {UPLOAD: WORTH_SHOWING}, {UPLOAD: UNLIKELY}


@pytest.mark.parametrize(
    ("tagged", "made", "verdict"),
    [
        (SHOWN, [], None),
        (SHOWN, [WHOLE], Verdict.CONFIRMED),
        (SHOWN, [OWN, WHOLE], Verdict.CONFIRMED),
        (SHOWN, [WHOLE, UNDONE], None),
        (UNSHOWN, [OWN], Verdict.NOT_APPLICABLE),
        (UNSHOWN, [OWN, WHOLE], Verdict.CONFIRMED),
        (UNSHOWN, [OWN, WHOLE, UNDONE], Verdict.NOT_APPLICABLE),
        (UNSHOWN, [OWN, WHOLE, (None, Verdict.UNDONE)], Verdict.NOT_APPLICABLE),
        (UNSHOWN, [WHOLE, (UPLOAD, Verdict.ASSIGNED)], None),
        ({}, [OWN, WHOLE], Verdict.CONFIRMED),
    ],
)
def test_the_whole_speaks_for_what_was_shown_or_decided_about_by_itself_before(tagged, made, verdict):
    assert get_standings(decisions(*made), tagged)[UPLOAD].verdict is verdict


@pytest.mark.parametrize("tagged", [UNSHOWN, {}])
@pytest.mark.parametrize("made", [[], [WHOLE], [WHOLE, OWN, UNDONE], [OWN, UNDONE, WHOLE]])
def test_what_was_neither_shown_nor_is_named_is_not_in_view(tagged, made):
    assert get_standings(decisions(*made), tagged) == {}
    assert get_whole_standing(decisions(*made)).is_confirmed is (WHOLE in made)


def test_a_confirmed_change_is_to_be_edited_where_people_were_shown_it(bench):
    change_id = bench.change(AGES, [UPLOAD], [APPEALS])
    bench.confirm(change_id)
    found = {each.section.id: each.is_confirmed for each in get_sections(bench.db, change_id)}
    assert found == {UPLOAD: True, APPEALS: False}


def test_what_the_sops_have_is_known(bench):
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
    assert find_live(bench.db).weights == SHIPPED
    with transaction(bench.db):
        add_weights(bench.db, {"floor": 0.2}, by="mia", note="fewer", at=NOON)
        add_weights(bench.db, {"floor": 0.3, "joined": {"bias": -4}}, by="mia", note="fewer still", at=NOON)
    live = find_live(bench.db).weights
    assert (live.floor, live.joined.bias, live.quote) == (0.3, -4, SHIPPED.quote)
    assert bench.db.execute("SELECT count(*) FROM matcher").fetchone() == (2,)


def test_what_is_counted_of_a_few_sections_is_what_the_whole_memory_says(bench):
    bench.change(MORE_AGES, [UPLOAD], [APPEALS])
    bench.confirm(1, UPLOAD)
    bench.reject(1, REFUNDS, reason="covered")
    bench.confirm(2)
    bench.reject(3, reason="we never did this")
    bench.confirm(3, REFUNDS)  # nobody tagged it
    bench.undo(2)
    bench.reject(2, REFUNDS)
    memory = load_memory(bench.db)
    counts = {each: count_taught(bench.db, each, [UPLOAD, APPEALS, REFUNDS]) for each in ("rules", "other")}
    assert counts == {
        "rules": {UPLOAD: (1, 1), APPEALS: (0, 0), REFUNDS: (1, 0)},
        "other": {UPLOAD: (0, 0), APPEALS: (0, 0), REFUNDS: (0, 1)},
    }
    assert counts == {
        source: {section: memory.count(section, source) for section in own} for source, own in counts.items()
    }
