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


@given(st.lists(st.lists(st.sampled_from(["minors", "parents", "age", "data", "cats"])), min_size=1, max_size=6))
def test_the_score_of_a_section_is_the_sum_of_what_each_word_adds(texts):
    index = index_of(*(" ".join(each) for each in texts))
    query = {"minor": 1.0, "parent": 0.4, "vessel": 1.0, "cat": 2.0}
    for entry, score in enumerate(index.scores(query)):
        assert score == pytest.approx(sum(weight * index.gain(stem, entry) for stem, weight in query.items()))
