from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.impact import build_index
from monitor.model import Section, Sop


def index_of(*texts):
    sections = tuple(Section(f"s#{n}", "s", ("Part",), text) for n, text in enumerate(texts))
    return build_index([Sop("s", "Title", "@x", "s.md", sections=sections)])


def test_a_rare_word_tells_more_than_a_common_one_and_an_unseen_one_most():
    index = index_of("minors parents", "minors", "minors")
    assert index.idf("minor") < index.idf("parent") < index.idf("vessel")


def test_a_word_in_a_short_section_counts_more_than_in_a_long_one():
    short, long = index_of("minors", "minors and parents in a long long tale of other things").scores({"minor": 1.0})
    assert short > long > 0


def test_a_second_occurrence_adds_less_than_the_first():
    once, twice, never = index_of("minors cats", "minors minors", "dogs cats").scores({"minor": 1.0})
    assert never == 0
    assert once < twice < 2 * once


def test_the_title_of_the_sop_and_the_headings_find_a_section_too():
    sections = (Section("s#a", "s", ("Verifying age",), "Ask."), Section("s#b", "s", ("Other",), "Ask."))
    index = build_index([Sop("s", "Child safety", "@x", "s.md", sections=sections)])
    assert index.scores({"verifi": 1.0})[1] == 0
    assert all(score > 0 for score in index.scores({"safeti": 1.0}))


LIBRARIES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.lists(st.lists(st.sampled_from(["minors", "parents", "age", "data", "cats"])).map(" ".join), max_size=3),
    max_size=5,
)
QUERY = {"minor": 1.0, "parent": 0.4, "vessel": 1.0, "cat": 2.0}


def library_of(texts):
    return [
        Sop(
            sop_id,
            "Title",
            "@x",
            "s.md",
            sections=tuple(Section(f"{sop_id}#{n}", sop_id, (), each) for n, each in enumerate(found)),
        )
        for sop_id, found in texts.items()
    ]


def scores_of(index):
    scores = index.scores(QUERY)
    return {entry.section.id: pytest.approx(scores[number]) for number, entry in index.entries.items()}


@given(st.lists(st.lists(st.sampled_from(["minors", "parents", "age", "data", "cats"])), min_size=1, max_size=6))
def test_the_score_of_a_section_is_the_sum_of_what_each_word_adds(texts):
    index = index_of(*(" ".join(each) for each in texts))
    for number, score in enumerate(index.scores(QUERY)):
        gains = index.gains(number)
        assert score == pytest.approx(sum(weight * gains.get(stem, 0.0) for stem, weight in QUERY.items()))


@given(LIBRARIES, LIBRARIES, LIBRARIES)
def test_an_index_that_was_updated_answers_like_one_that_was_built_anew(first, second, third):
    updated = build_index(library_of(first)).updated(library_of(second)).updated(library_of(third))
    anew = build_index(library_of(third))
    assert scores_of(updated) == scores_of(anew)
    assert updated.postings.keys() == anew.postings.keys()
    for sop_id, numbers in updated.numbers_of.items():
        assert [updated.entries[each].section for each in numbers] == list(updated.sop(sop_id).sections)


def test_an_update_reads_only_the_sops_that_differ():
    library = library_of({"a": ["minors"], "b": ["parents"]})
    index = build_index(library)
    edited = index.updated([library[0], *library_of({"b": ["parents and cats"]})])
    assert edited.entries[index.number_of["a#0"]] is index.entries[index.number_of["a#0"]]
    assert edited.idf("cat") < index.idf("cat")


def test_an_index_without_any_section_can_be_asked():
    assert build_index([Sop("s", "Title", "@x", "s.md")]).scores({"minor": 1.0}) == []


def test_a_heading_that_only_numbers_is_not_compared_in_meaning():
    sections = (Section("s#a", "s", ("AC-2", "Access reviews"), "Look."),)
    index = build_index([Sop("s", "AC-2", "@x", "s.md", sections=sections)])
    assert (index.entries[0].text, index.entries[0].name) == ("Access reviews. Look.", "Access reviews")


def test_a_section_whose_headings_only_number_is_named_by_its_text():
    sections = (Section("s#a", "s", ("AC-2",), "Look."),)
    index = build_index([Sop("s", "AC-2", "@x", "s.md", sections=sections)])
    assert index.entries[0].name == index.entries[0].text == "Look."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ask for the age of the user and do not let a child of less than ten years in.", "en"),
        ("Löschen Sie das Konto, wenn der Nutzer nicht alt genug ist und die Eltern es nicht wollen.", "de"),
    ],
)
def test_the_language_of_the_library_is_known(text, language):
    assert index_of(text, text).language == language


ENGLISH = index_of("Ask for the age of the user and do not let a child of less than ten years in. Check it again.")


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("définir les rôles et les responsabilités", True),
        ("Aufbewahrungsfristen für Protokolle festlegen", True),
        ("the age of the child", False),
        ("Age check, user, years", False),
        ("Ballast treatment of vessels and harbours", False),
        ("12 (3)", False),
    ],
)
def test_a_short_text_in_another_language_is_told_by_its_words(text, is_foreign):
    assert ENGLISH.is_foreign(text) is is_foreign
    assert not index_of("Löschen Sie das Konto, wenn der Nutzer nicht alt genug ist und es nicht will.").is_foreign(
        text
    )
