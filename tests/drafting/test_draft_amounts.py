"""Which amounts are equal, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.drafting.amounts import find_amounts


def keys(text):
    return [each.key for each in find_amounts(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("within 14 days", "within fourteen days"),
        ("within 14 days", "a 14-day period"),
        ("within fourteen (14) days", "14 days"),
        ("within 14 days", "two weeks"),
        ("24 hours", "one day"),
        ("24 hours", "twenty-four hours"),
        ("seven days", "within a week"),
        ("12 months", "one year"),
        ("14 days", "14 Tage"),
        ("zwei Wochen", "quatorze jours"),
        ("dreißig Tage", "30 dagen"),
        ("due settimane", "dos semanas"),
        ("15 business days", "15 working days"),
        ("at least 16 years old", "under 16"),
        ("a 16-year-old host", "aged 16 or over"),
        ("EUR 500", "€500"),
        ("500 euros", "500 EUR"),
        ("USD 1,000", "$1000"),
        ("6 %", "6 percent"),
        ("1 May 2026", "2026-05-01"),
        ("May 1, 2026", "1 May 2026"),
        ("three strikes", "3 strikes"),
        ("1,000 followers", "1000 followers"),
        ("2.5 hours", "2,5 hours"),
    ],
)
def test_the_same_amount_in_other_words(one, other):
    assert keys(one) == keys(other)
    assert len(keys(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 days", "30 days"),
        ("14 days", "14 hours"),
        ("14 days", "14 working days"),
        ("one month", "30 days"),
        ("EUR 500", "USD 500"),
        ("6 %", "6 days"),
        ("three strikes", "three warnings"),
        ("16 years old", "16 strikes"),
    ],
)
def test_different_amounts(one, other):
    assert keys(one)
    assert keys(one) != keys(other)


@pytest.mark.parametrize("text", ["a day like this", "an hour ago", "a user", "Article 14", "no number", ""])
def test_what_is_no_amount(text):
    assert keys(text) == []


@given(st.text(st.sampled_from("0123456789., -–aneowtyhird\u017fİßkKdays%€$()/\n") | st.characters(), max_size=60))
def test_amounts_of_any_text_lie_apart_and_are_the_words_that_stand_there(text):
    end = 0
    for amount in find_amounts(text):
        assert amount.start >= end
        assert text[amount.start : amount.end] == amount.text
        assert amount.start <= amount.number[0] < amount.number[1] <= amount.end
        end = amount.end
