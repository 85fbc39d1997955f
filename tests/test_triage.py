"""What people can decide, what stands then, and what that does to links and to later matching."""

from __future__ import annotations

import pytest

from monitor.errors import ConfigurationError, NotFoundError
from monitor.model import Verdict
from monitor.store.decisions import MATCH_WAS_RIGHT, OPEN, load_memory
from monitor.store.links import get_links
from monitor.triage import REASONS, decide_all, find_target, get_state, iter_effects
from triaged import AGES, APPEALS, MORE_AGES, PRICES, REFUNDS, UPLOAD, Bench

CONFIRMED, REJECTED = Verdict.CONFIRMED, Verdict.NOT_APPLICABLE


@pytest.fixture
def bench(tmp_path):
    """Change 1 was tagged with the sections on uploads and refunds."""
    bench = Bench(tmp_path)
    bench.change(AGES, [UPLOAD, REFUNDS])
    yield bench
    bench.db.close()


def verdicts(bench, change_id=1):
    return {each.section_id: each.standing.verdict for each in get_state(bench.db, change_id).sections}


def in_hand(bench, section_id):
    (standing,) = [each.standing for each in get_state(bench.db, 1).sections if each.section_id == section_id]
    return standing.assignee, standing.due


def snoozed(bench):
    return {each.section_id: each.standing.snoozed_until for each in get_state(bench.db, 1).sections}


def links(bench):
    return [each.section_id for each in get_links(bench.db, "rules")]


def test_a_section_is_confirmed_and_the_others_stay_open(bench):
    done = bench.confirm(1, UPLOAD)
    assert (done.is_new, done.sections, done.decision.by) == (True, (UPLOAD,), "mia")
    assert verdicts(bench) == {UPLOAD: CONFIRMED, REFUNDS: None}


def test_deciding_again_takes_the_place_of_what_was_decided(bench):
    bench.confirm(1, UPLOAD)
    bench.reject(1, UPLOAD)
    assert verdicts(bench)[UPLOAD] is REJECTED
    assert [each.verdict for each in get_state(bench.db, 1).history] == [CONFIRMED, REJECTED]


def test_the_very_same_decision_twice_in_a_row_is_one(bench):
    first = bench.confirm(1, UPLOAD)
    second = bench.confirm(1, UPLOAD)
    assert (second.is_new, second.decision) == (False, first.decision)
    assert len(get_state(bench.db, 1).history) == 1


def test_the_same_decision_by_another_person_or_after_another_one_counts(bench):
    bench.confirm(1, UPLOAD)
    assert bench.confirm(1, UPLOAD, by="otto").is_new
    bench.reject(1)
    assert bench.confirm(1, UPLOAD, by="otto").is_new


def test_undoing_brings_back_what_stood_before(bench):
    bench.confirm(1, UPLOAD)
    bench.reject(1, UPLOAD)
    bench.undo(1, UPLOAD)
    assert verdicts(bench)[UPLOAD] is CONFIRMED
    bench.assign(1, UPLOAD)
    bench.undo(1, UPLOAD)
    assert in_hand(bench, UPLOAD) == (None, None)


def test_a_change_rejected_as_a_whole_rejects_each_of_its_impacts(bench):
    assert bench.reject(1).sections == (UPLOAD, REFUNDS)
    assert verdicts(bench) == {UPLOAD: REJECTED, REFUNDS: REJECTED}
    assert get_state(bench.db, 1).whole.verdict is REJECTED


def test_a_change_confirmed_as_a_whole_confirms_what_it_shows_and_one_section_can_be_taken_out(bench):
    bench.confirm(1)
    bench.reject(1, REFUNDS)
    assert verdicts(bench) == {UPLOAD: CONFIRMED, REFUNDS: REJECTED}


def test_what_was_decided_for_the_whole_is_undone_for_one_section_or_for_all(bench):
    bench.reject(1)
    bench.undo(1, UPLOAD)
    assert verdicts(bench) == {UPLOAD: None, REFUNDS: REJECTED}
    bench.confirm(1, REFUNDS)
    bench.undo(1)
    assert verdicts(bench) == {UPLOAD: None, REFUNDS: CONFIRMED}


@pytest.fixture
def unsure(bench):
    """Change 2 was tagged with uploads and, unlikely, with appeals; change 3 with appeals alone, as unlikely."""
    bench.change(MORE_AGES, [UPLOAD], [APPEALS])
    bench.change(MORE_AGES, [], [APPEALS])
    return bench


@pytest.mark.parametrize(
    ("decision", "verdict"), [("confirm", CONFIRMED), ("reject", REJECTED), ("assign", None), ("snooze", None)]
)
def test_a_decision_about_the_whole_says_nothing_of_a_section_that_nobody_was_shown(unsure, decision, verdict):
    done = getattr(unsure, decision)(2)
    assert done.sections == (UPLOAD,)
    assert APPEALS not in dict(iter_effects(unsure.db, done))
    state = get_state(unsure.db, 2)
    assert [(each.section_id, each.is_in_view) for each in state.sections] == [(UPLOAD, True), (APPEALS, False)]
    assert state.sections[0].standing.verdict is verdict
    assert state.sections[1].standing == OPEN
    assert load_memory(unsure.db).count(APPEALS, "rules") == (0, 0)


def test_confirming_the_whole_lays_no_link_for_a_section_that_nobody_was_shown(unsure):
    unsure.confirm(2)
    assert links(unsure) == [UPLOAD]
    unsure.confirm(2, APPEALS)
    assert links(unsure) == [UPLOAD, APPEALS]


def test_where_no_section_is_likely_the_change_is_confirmed_without_any(unsure):
    assert unsure.confirm(3).sections == ()
    assert get_state(unsure.db, 3).whole.verdict is CONFIRMED
    assert verdicts(unsure, 3) == {APPEALS: None}
    assert links(unsure) == []
    unsure.undo(3)
    assert get_state(unsure.db, 3).whole == OPEN


def test_the_whole_speaks_for_an_unlikely_section_that_somebody_named_before(unsure):
    unsure.assign(2, APPEALS)
    assert unsure.confirm(2).sections == (UPLOAD, APPEALS)
    assert verdicts(unsure, 2) == {UPLOAD: CONFIRMED, APPEALS: CONFIRMED}
    assert links(unsure) == [UPLOAD, APPEALS]
    unsure.undo(2)
    assert verdicts(unsure, 2) == {UPLOAD: None, APPEALS: None}
    assert links(unsure) == []


@pytest.mark.parametrize("section_id", [APPEALS, REFUNDS])
def test_who_gives_a_section_that_nobody_was_shown_to_somebody_does_not_confirm_it(unsure, section_id):
    unsure.confirm(2)
    unsure.assign(2, section_id)
    assert verdicts(unsure, 2)[section_id] is None
    assert links(unsure) == [UPLOAD]


def test_the_whole_does_not_speak_for_a_section_that_was_named_by_mistake(unsure):
    unsure.confirm(2, APPEALS)
    unsure.take_back(2)
    unsure.confirm(2)
    assert verdicts(unsure, 2) == {UPLOAD: CONFIRMED, APPEALS: None}
    assert links(unsure) == [UPLOAD]


def test_there_is_nothing_to_take_back_for_a_section_of_which_nothing_was_said(unsure):
    unsure.confirm(2)
    with pytest.raises(NotFoundError, match="nothing is decided here to take back"):
        unsure.undo(2, APPEALS)
    unsure.take_back(2)
    assert links(unsure) == []


def test_a_section_that_was_missed_can_be_added_and_rejected_again(bench):
    bench.confirm(1, APPEALS)
    (added,) = [each for each in get_state(bench.db, 1).sections if each.impact is None]
    assert (added.section_id, added.standing.verdict) == (APPEALS, CONFIRMED)
    bench.reject(1, APPEALS)
    assert verdicts(bench)[APPEALS] is REJECTED


def test_whoever_has_it_in_hand_keeps_it_when_it_is_confirmed_and_is_free_when_it_is_rejected(bench):
    bench.assign(1, UPLOAD, due="2026-03-01")
    bench.confirm(1, UPLOAD)
    assert in_hand(bench, UPLOAD) == ("otto", "2026-03-01")
    bench.reject(1, UPLOAD)
    assert in_hand(bench, UPLOAD) == (None, None)


def test_assigning_leaves_a_confirmation_and_opens_what_was_rejected(bench):
    bench.confirm(1, UPLOAD)
    bench.assign(1)
    assert verdicts(bench)[UPLOAD] is CONFIRMED
    bench.reject(1, REFUNDS)
    bench.assign(1, REFUNDS, assignee="ana")
    assert (verdicts(bench)[REFUNDS], in_hand(bench, REFUNDS)) == (None, ("ana", None))


def test_putting_it_off_leaves_what_was_decided_and_who_has_it_in_hand(bench):
    bench.confirm(1, UPLOAD)
    bench.assign(1, UPLOAD, due="2026-03-08")
    bench.snooze(1)
    assert verdicts(bench)[UPLOAD] is CONFIRMED
    assert in_hand(bench, UPLOAD) == ("otto", "2026-03-08")
    assert snoozed(bench) == {UPLOAD: "2026-03-09", REFUNDS: "2026-03-09"}
    assert links(bench) == [UPLOAD]


@pytest.mark.parametrize("decision", ["confirm", "reject", "assign", "undo"])
def test_whatever_is_decided_ends_the_snooze(bench, decision):
    bench.snooze(1)
    assert snoozed(bench) == {UPLOAD: "2026-03-09", REFUNDS: "2026-03-09"}
    getattr(bench, decision)(1)
    assert snoozed(bench) == {UPLOAD: None, REFUNDS: None}


def test_no_section_is_put_off_by_itself(bench):
    with pytest.raises(ConfigurationError, match="no section is put off by itself"):
        bench.snooze(1, UPLOAD)
    assert get_state(bench.db, 1).history == ()


def test_what_is_put_off_teaches_nothing(bench):
    assert list(iter_effects(bench.db, bench.snooze(1))) == []
    assert load_memory(bench.db).count(UPLOAD, "rules") == (0, 0)


def test_where_one_of_several_cannot_be_decided_so_none_is(bench):
    other = bench.change(MORE_AGES)
    with pytest.raises(ConfigurationError, match="that is this change itself"):
        decide_all(bench.db, [(1, None), (other, None)], REJECTED, reason="duplicate of 2", by="mia", now=bench.now)
    assert get_state(bench.db, 1).history == ()
    with pytest.raises(ConfigurationError, match="that day is over"):
        bench.set_due(1, due="2026-02-01")


@pytest.mark.parametrize("section_id", [None, UPLOAD])
def test_two_changes_are_no_duplicates_of_one_another(bench, section_id):
    other = bench.change(MORE_AGES, [UPLOAD])
    bench.reject(1, section_id, reason=f"duplicate of {other}")
    with pytest.raises(ConfigurationError, match="change 1 does not apply itself: decided with change 2"):
        bench.reject(other, section_id, reason="duplicate of 1")
    assert get_state(bench.db, other).history == ()


def test_a_duplicate_is_decided_with_one_that_applies(bench):
    other, third = bench.change(MORE_AGES), bench.change(PRICES)
    bench.reject(1, reason="elsewhere")
    with pytest.raises(ConfigurationError, match="it holds where we do not operate"):
        bench.reject(other, reason="duplicate of 1")
    bench.confirm(1, UPLOAD)
    assert bench.reject(other, reason="duplicate of 1").is_new
    with pytest.raises(ConfigurationError, match="change 2 does not apply itself: decided with change 1"):
        bench.reject(third, reason="duplicate of 2")


def test_a_day_alone_leaves_it_in_the_same_hands(bench):
    bench.assign(1)
    (done,) = bench.set_due(1)
    assert (done.decision.section_id, done.decision.assignee, done.decision.by) == (None, "otto", "mia")
    assert in_hand(bench, UPLOAD) == in_hand(bench, REFUNDS) == ("otto", "2026-03-09")


def test_a_day_alone_leaves_each_section_in_its_own_hands(bench):
    bench.assign(1, UPLOAD, assignee="otto")
    bench.set_due(1)
    assert (in_hand(bench, UPLOAD), in_hand(bench, REFUNDS)) == (("otto", "2026-03-09"), (None, None))
    bench.assign(1, REFUNDS, assignee="ana")
    assert [each.decision.assignee for each in bench.set_due(1, due="2026-03-10")] == ["otto", "ana"]
    bench.set_due(1, REFUNDS, due="2026-03-11")
    assert (in_hand(bench, UPLOAD), in_hand(bench, REFUNDS)) == (("otto", "2026-03-10"), ("ana", "2026-03-11"))


@pytest.mark.parametrize("change_id", [2, 3])
def test_a_day_alone_does_not_ask_who_has_a_section_that_nobody_was_shown(unsure, change_id):
    unsure.assign(change_id)
    (done,) = unsure.set_due(change_id)
    assert (done.decision.section_id, done.decision.assignee) == (None, "otto")
    (done,) = unsure.set_due(change_id, APPEALS)
    assert (done.decision.section_id, done.decision.assignee) == (APPEALS, "mia")


@pytest.mark.parametrize("about", [None, UPLOAD, APPEALS])
def test_a_day_for_what_nobody_has_in_hand_is_for_whoever_sets_it(bench, about):
    (done,) = bench.set_due(1, about)
    assert (done.decision.section_id, done.decision.assignee, done.decision.due) == (about, "mia", "2026-03-09")


@pytest.mark.parametrize(
    ("verdict", "facts", "message"),
    [
        (Verdict.SNOOZED, {}, "say until which day"),
        (Verdict.SNOOZED, {"due": "2026-02-28"}, "that day is over, today is 2026-03-01"),
        (Verdict.SNOOZED, {"due": "2026-03-01"}, "that is today in UTC"),
        (Verdict.SNOOZED, {"due": "2026-12-01", "assignee": "otto"}, "name nobody"),
        (REJECTED, {}, "say why, in one of the words out-of-scope"),
        (REJECTED, {"reason": "  "}, "say why"),
        (Verdict.ASSIGNED, {}, "say to whom"),
        (CONFIRMED, {"assignee": "otto"}, "name nobody"),
        (CONFIRMED, {"due": "2026-12-01"}, "Assign it to somebody"),
        (Verdict.ASSIGNED, {"assignee": "otto", "due": "2026-02-28"}, "that day is over, today is 2026-03-01"),
        (Verdict.ASSIGNED, {"assignee": "otto", "due": "next week"}, "Write it as in 2026-12-01"),
        (Verdict.ASSIGNED, {"assignee": "otto", "due": "20261201"}, "Write it as in 2026-12-01"),
    ],
)
def test_what_cannot_be_decided_so_is_refused_and_nothing_is_written(bench, verdict, facts, message):
    with pytest.raises(ConfigurationError, match=message):
        bench.decide(1, None, verdict, **facts)
    assert get_state(bench.db, 1).history == ()


@pytest.mark.parametrize(
    ("change_id", "section_id", "verdict", "message"),
    [
        (9, None, CONFIRMED, "change 9: there is none"),
        (1, "ages#nothing", CONFIRMED, "no section with this id. See: monitor show 1"),
        (1, APPEALS, REJECTED, "not tagged, so there is nothing to reject"),
        (1, UPLOAD, Verdict.UNDONE, "nothing is decided here to take back. See: monitor triage 1"),
        (1, None, Verdict.UNDONE, "nothing is decided here"),
    ],
)
def test_what_is_not_there_is_named(bench, change_id, section_id, verdict, message):
    with pytest.raises(NotFoundError, match=message):
        bench.decide(change_id, section_id, verdict, reason="unrelated")


@pytest.mark.parametrize(
    ("text", "named"),
    [("1", (1, None)), (f"1:{UPLOAD}", (1, UPLOAD)), ("1:1", (1, UPLOAD)), ("1:2", (1, REFUNDS))],
)
def test_a_change_or_impact_is_named_by_number_id_or_place(bench, text, named):
    assert find_target(bench.db, text) == named


@pytest.mark.parametrize(
    ("text", "message"),
    [("rules", "names no change"), ("1:3", "touches 2 sections"), ("1:0", "touches 2 sections"), ("7:1", "change 7")],
)
def test_what_names_nothing_says_how_to_name_it(bench, text, message):
    with pytest.raises(NotFoundError, match=message):
        find_target(bench.db, text)


def test_confirming_lays_a_link_and_rejecting_or_undoing_ends_it(bench):
    bench.confirm(1, UPLOAD)
    assert links(bench) == [UPLOAD]
    bench.reject(1, UPLOAD)
    assert links(bench) == []
    bench.undo(1, UPLOAD)
    assert links(bench) == [UPLOAD]


def test_confirming_the_whole_lays_a_link_for_each_section_and_undoing_it_ends_them(bench):
    bench.confirm(1)
    assert links(bench) == [UPLOAD, REFUNDS]
    bench.undo(1)
    assert links(bench) == []


def test_a_change_that_does_not_concern_a_linked_section_leaves_it_current(bench):
    bench.confirm(1, UPLOAD)
    (link,) = get_links(bench.db, "rules")
    assert link.stale_by == 1
    later = bench.change((AGES[1], "Hosts show one stored for 61 days."), [UPLOAD])
    bench.reject(later, UPLOAD, reason="no-effect")
    assert [each.stale_by for each in get_links(bench.db, "rules")] == [1]


def test_what_matching_learns_is_said_in_words(bench):
    assert list(iter_effects(bench.db, bench.reject(1, UPLOAD))) == [
        (UPLOAD, "rejected once for this source: it is tagged less for it")
    ]
    bench.change(MORE_AGES, [UPLOAD, REFUNDS])
    assert dict(iter_effects(bench.db, bench.reject(2, reason="we never did this"))) == {
        UPLOAD: "rejected 2 times for this source: it is tagged less for it",
        REFUNDS: "rejected once for this source: it is tagged less for it",
    }
    assert "confirmed once" in dict(iter_effects(bench.db, bench.confirm(2, REFUNDS)))[REFUNDS]
    assert "open again" in dict(iter_effects(bench.db, bench.undo(1, UPLOAD)))[UPLOAD]
    assert list(iter_effects(bench.db, bench.assign(1, UPLOAD))) == []


@pytest.mark.parametrize("reason", sorted(MATCH_WAS_RIGHT))
def test_nothing_to_do_is_no_reason_to_tag_a_section_less(bench, reason):
    assert reason in REASONS
    said = dict(iter_effects(bench.db, bench.reject(1, UPLOAD, reason=reason)))[UPLOAD]
    assert "tagged as before" in said
    assert load_memory(bench.db).count(UPLOAD, "rules") == (0, 0)


def test_decisions_about_one_source_leave_another_alone(bench):
    bench.change(PRICES, [REFUNDS], source="other")
    bench.reject(2, REFUNDS)
    memory = load_memory(bench.db)
    assert memory.count(REFUNDS, "other") == (0, 1)
    assert memory.count(REFUNDS, "rules") == (0, 0)
