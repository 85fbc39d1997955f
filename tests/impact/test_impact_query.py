from __future__ import annotations

import pytest

from monitor.impact.query import CONTEXT_WEIGHT, build_queries
from monitor.impact.words import stems
from monitor.model import Passage, PassageOp


def reworded(before, after, *heading):
    return Passage(PassageOp.REWORDED, heading, before, after)


def test_the_old_and_the_new_wording_are_asked_apart_with_their_clause_as_context():
    context = {"user": CONTEXT_WEIGHT, "year": CONTEXT_WEIGHT, "old": CONTEXT_WEIGHT}
    assert build_queries([reworded("Users must be 13 years old.", "Users must be 16 years old.")]) == [
        {"13": 1} | context,
        {"16": 1} | context,
    ]


def test_clauses_that_stand_on_both_sides_do_not_count():
    queries = build_queries([reworded("Be kind. Sell nothing.", "Sell nothing new! Be kind.")])
    assert queries == [
        {"sell": CONTEXT_WEIGHT, "noth": CONTEXT_WEIGHT},
        {"sell": CONTEXT_WEIGHT, "noth": CONTEXT_WEIGHT, "new": 1},
    ]


def test_a_clause_turned_around_by_a_small_word_is_asked_by_its_context():
    for query in build_queries([reworded("You may sell followers.", "You may not sell followers.")]):
        assert query == {"sell": CONTEXT_WEIGHT, "follow": CONTEXT_WEIGHT}


def test_changed_words_count_as_often_as_they_occur_and_those_of_the_nearest_heading_once_as_context():
    added = Passage(PassageOp.ADDED, ("Guidelines", "Safety: age and safety"), "", "Age, age and minors")
    assert build_queries([added]) == [
        {"age": 2 + CONTEXT_WEIGHT, "minor": 1, "safeti": CONTEXT_WEIGHT},
    ]


def test_what_changed_under_one_heading_is_asked_together_and_under_another_apart():
    passages = [
        Passage(PassageOp.ADDED, ("Age",), "", "minors"),
        Passage(PassageOp.REMOVED, ("Spam",), "followers", ""),
        Passage(PassageOp.ADDED, ("Age",), "", "parents"),
    ]
    assert [sorted(each) for each in build_queries(passages)] == [["age", "minor", "parent"], ["follow", "spam"]]


@pytest.mark.parametrize(
    "passage",
    [
        Passage(PassageOp.MOVED, ("Age",), "Minors", "Minors"),
        Passage(PassageOp.ADDED, ("Age",), "", "and the of"),
        reworded("Be kind. Sell nothing.", "Sell nothing. Be kind."),
    ],
    ids=["moved", "stop words only", "clauses in another order"],
)
def test_what_says_nothing_new_asks_nothing(passage):
    assert build_queries([passage]) == []


def test_words_are_compared_by_stem_with_numbers_kept_and_list_markers_dropped():
    assert stems("(a) Verifying the users\u2019 AGES — 1,500 verified, aged 16+") == [
        "verifi",
        "user",
        "age",
        "1,500",
        "verifi",
        "age",
        "16",
    ]
