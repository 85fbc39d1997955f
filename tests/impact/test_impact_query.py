from __future__ import annotations

import pytest

from monitor.impact.query import CONTEXT_WEIGHT, MAX_WINDOWS, WINDOW_WORDS, build_questions, sum_weights
from monitor.impact.words import is_label, stems
from monitor.model import Passage, PassageOp


def build_queries(passages):
    """The weighted stems of each wording."""
    return [wording.weights for question in build_questions(passages) for wording in question.wordings]


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


def added(text, *heading):
    return Passage(PassageOp.ADDED, heading, "", text)


@pytest.mark.parametrize(
    "line",
    [
        "164.308(a)(1)(ii)(A)",
        "Article 16",
        "Art. 9",
        "CIS AC-2",
        "§ 5",
        "Abschnitt 3.1",
        "artículo 12",
        "1.1.1.a",
        "Annex IV 2",
    ],
)
def test_a_line_that_only_numbers_is_a_label(line):
    assert is_label(line)


@pytest.mark.parametrize(
    "line", ["Minimum age: 16", "within 14 days", "Article 16 Notice and action", "DEFINITIONS 2", "Scope", ""]
)
def test_a_line_that_says_something_is_no_label(line):
    assert not is_label(line)


def test_a_label_is_not_asked_unless_there_is_nothing_else():
    [question] = build_questions([added("HIPAA 164.308(a)(8)"), added("Perform an evaluation.")])
    assert question.windows == ("Perform an evaluation.",)
    assert build_questions([added("Article 17")])[0].windows == ("Article 17",)


def test_a_short_text_is_one_window_below_its_heading():
    [question] = build_questions([added("Ask for a document. Check it.", "Guidelines", "Verifying age")])
    assert question.windows == ("Verifying age. Ask for a document. Check it.",)


def test_a_long_text_is_asked_by_a_few_windows_from_its_beginning_to_its_end():
    sentences = [f"Sentence {n} " + "word " * 30 + f"end{n}." for n in range(40)]
    [question] = build_questions([added(" ".join(sentences))])
    assert len(question.windows) == MAX_WINDOWS
    assert question.windows[0].startswith("Sentence 0")
    assert question.windows[-1].endswith("end39.")
    assert all(len(window.split()) <= WINDOW_WORDS for window in question.windows)


def test_a_reworded_passage_is_asked_in_meaning_by_its_new_wording():
    [question] = build_questions([reworded("Users must be 13. Be kind.", "Users must be 16. Be kind.")])
    assert question.windows == ("Users must be 16.",)


def test_words_that_stand_side_by_side_are_pairs_within_a_clause():
    [question] = build_questions([added("Verify the age. Notify parents.")])
    assert question.wordings[0].pairs == {("verifi", "age"), ("notifi", "parent")}


def test_the_whole_change_is_the_sum_of_its_queries():
    passages = [added("age minors", "A"), added("age parents", "B")]
    assert sum_weights(build_questions(passages)) == {"age": 2, "minor": 1, "parent": 1}
