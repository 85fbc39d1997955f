"""Dates of a change: what it states newly, and what stood in the place of it."""

from monitor.compare.dates.changed import find_changed_dates
from monitor.model import UNKNOWN_ORIGIN, Passage, PassageOp


def reworded(before, after, heading=()):
    return Passage(PassageOp.REWORDED, heading, before, after)


def added(text, heading=()):
    return Passage(PassageOp.ADDED, heading, "", text)


def removed(text):
    return Passage(PassageOp.REMOVED, (), text, "")


def found(*passages, origin=UNKNOWN_ORIGIN):
    return [(mention.kind, mention.date, mention.moved_from) for mention in find_changed_dates(passages, origin)]


def test_an_added_sentence_states_its_dates():
    assert found(added("Effective 1 June 2025.\nUpdated 2 May 2025.")) == [
        ("effective", "2025-06-01", None),
        ("last_updated", "2025-05-02", None),
    ]


def test_a_date_that_is_changed_in_a_passage_has_moved():
    before = "The fee applies from 1 June 2025."
    assert found(reworded(before, "The fee applies from 1 July 2025.")) == [("effective", "2025-07-01", "2025-06-01")]


def test_dates_that_stay_are_not_told():
    assert found(reworded("Effective 1 June 2025. We care.", "Effective June 1st, 2025. We do care.")) == []


def test_of_several_dates_the_one_in_the_same_sentence_has_moved():
    before = "Fees apply from 1 May 2025. Limits apply from 1 June 2025."
    after = "Fees apply from 1 July 2025. Limits apply from 1 August 2025."
    assert found(reworded(before, after)) == [
        ("effective", "2025-07-01", "2025-05-01"),
        ("effective", "2025-08-01", "2025-06-01"),
    ]


def test_a_date_of_another_kind_has_not_moved():
    assert found(reworded("Updated 1 May 2025.", "Effective 1 June 2025.")) == [("effective", "2025-06-01", None)]


def test_a_removed_sentence_that_says_the_same_held_the_date_before():
    passages = removed("Last updated: 1 May 2025"), removed("Effective 3 May 2024"), added("Last updated: 3 June 2025")
    assert found(*passages) == [("last_updated", "2025-06-03", "2025-05-01")]


def test_a_date_that_only_changes_its_place_is_not_new():
    assert found(removed("Effective 1 June 2025"), added("These terms are effective 1 June 2025.")) == []


def test_moved_and_removed_passages_state_nothing():
    text = "Effective 1 June 2025"
    assert found(Passage(PassageOp.MOVED, (), text, text), removed("Effective 1 May 2025")) == []


def test_a_heading_says_what_a_date_alone_below_it_is():
    assert found(reworded("1 May 2025", "1 June 2025", heading=("Terms", "Effective date"))) == [
        ("effective", "2025-06-01", "2025-05-01")
    ]


def test_a_date_in_a_heading_is_not_told_with_what_stands_below_it():
    assert found(added("We have 3 offices.", heading=("Effective 1 June 2025",))) == []


def test_one_side_shows_how_the_other_writes_its_dates():
    assert found(reworded("Updated 25/04/2025", "Updated 03/05/2025")) == [("last_updated", "2025-05-03", "2025-04-25")]
