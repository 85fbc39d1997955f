from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.impact.quotes import LEAST_WORDS, find_quote, read_old_texts
from monitor.model import Passage, PassageOp

OLD = "A notice of illegal content is acknowledged within 14 days of receipt by the provider."
NEW = OLD.replace("14 days", "48 hours")
CHANGE = [Passage(PassageOp.REWORDED, (), OLD, NEW)]


def quote(section, passages=CHANGE):
    found = find_quote(read_old_texts(passages), section)
    return str(found) if found else None


@pytest.mark.parametrize(
    ("section", "shown"),
    [
        ("Our rule: a notice of illegal content is acknowledged within 14 days of receipt. Then act.",
         "a notice of illegal content is acknowledged within 14 days of receipt"),
        ("Content is acknowledged,\nwithin 14 days.", "Content is acknowledged,\nwithin 14 days"),
        ("Send it within 14 days.", "within 14 days"),
        ("Fourteen means 14 days here.", "14 days"),
    ],
    ids=["word for word", "other signs", "a number with its noun", "at least the number and the noun"],
)  # fmt: skip
def test_a_section_that_has_words_of_the_old_text_quotes_it(section, shown):
    assert quote(section).casefold() == shown.casefold()


def test_a_near_quote_is_named_as_it_stands_in_both_texts():
    near = "Every notice of unlawful or illegal content is always acknowledged within 14 days of the receipt by us."
    section, old = quote(near).split(" | ")
    assert section in near
    assert old in OLD
    assert "14 days" in section


@pytest.mark.parametrize(
    "section",
    [
        "A notice of illegal content is acknowledged by us.",
        "Wait 30 days, or 14 months.",
        "Acknowledged by the provider.",
        "",
    ],
    ids=["only what still holds", "other numbers", "too short", "empty"],
)
def test_a_section_without_words_that_went_quotes_nothing(section):
    assert quote(section) is None


def test_what_only_moved_or_came_is_no_old_text():
    assert read_old_texts([Passage(PassageOp.MOVED, (), OLD, OLD), Passage(PassageOp.ADDED, (), "", OLD)]) == ()


def test_what_stands_elsewhere_in_the_new_text_is_not_gone():
    passages = [Passage(PassageOp.REMOVED, ("A",), OLD, ""), Passage(PassageOp.ADDED, ("B",), "", f"First. {OLD}")]
    assert quote(OLD, passages) is None


def test_the_longest_quote_of_all_passages_is_named():
    other = "Accounts that sell followers are removed at once and for good."
    passages = [*CHANGE, Passage(PassageOp.REMOVED, (), other, "")]
    assert quote(f"Within 14 days. {other}", passages) == other[:-1]


SOME = (
    "a",
    "notice",
    "is",
    "acknowledged",
    "within",
    "14",
    "7",
    "days",
    "of",
    "receipt",
    "by",
    "us,",
    "not",
    "1.5",
    "%",
)
WORDS = st.lists(st.sampled_from(SOME), max_size=30)


@given(WORDS, WORDS, WORDS)
def test_every_quote_stands_in_both_texts(before, after, section):
    old, text = " ".join(before), " ".join(section)
    found = find_quote(read_old_texts([Passage(PassageOp.REWORDED, (), old, " ".join(after))]), text)
    if found:
        assert found.section in text
        assert found.old in old
        assert found.words >= LEAST_WORDS or any(each.isdigit() for each in found.section)
