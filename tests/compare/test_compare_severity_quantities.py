"""The numbers of a rule and what they count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.compare.severity.quantities import Measure, Quantity, find_quantities


@pytest.mark.parametrize(
    ("text", "measure", "quoted"),
    [
        ("Nobody under the age of 16.", "age", "under the age of 16"),
        ("You are 13 years old.", "age", "13 years old"),
        ("For 18+ only", "age", "18+"),
        ("13 and older", "age", "13 and older"),
        ("Nutzer unter 16 Jahren", "age", "unter 16 Jahren"),
        ("les moins de 15 ans", "age", "moins de 15 ans"),
        ("menores de 14 años", "age", "menores de 14 años"),
        ("menores de 14 anos", "age", "menores de 14 anos"),
        ("minori di 14 anni", "age", "minori di 14 anni"),
        ("jonger dan 16 jaar", "age", "jonger dan 16 jaar"),
        ("It costs $1,000.00 now", "amount", "$1,000.00"),
        ("from USD 50 on", "amount", "USD 50"),
        ("ab 12.500 € im Jahr", "amount", "12.500 €"),
        ("a share of 3.5%", "percentage", "3.5%"),
        ("40 Prozent", "percentage", "40 Prozent"),
        ("within 24 hours", "time limit", "24 hours"),
        ("within ten (10) business days", "time limit", "ten (10) business days"),
        ("nach 30 Tagen", "time limit", "30 Tagen"),
        ("sous 8 jours", "time limit", "8 jours"),
        ("binnen zeven dagen", "time limit", "zeven dagen"),
        ("by 1 May 2026", "date", "1 May 2026"),
        ("until May 1st, 2026 at noon", "date", "May 1st, 2026"),
        ("since 2026-05-01", "date", "2026-05-01"),
        ("am 1.5.2026", "date", "1.5.2026"),
        ("le 1er janvier 2026", "date", "1er janvier 2026"),
        ("el 1 de mayo de 2026", "date", "1 de mayo de 2026"),
        ("up to 10.000 followers", "number", "10.000"),
        ("over 21 million people", "number", "21"),
    ],
)
def test_a_quantity_is_read_with_its_unit(text, measure, quoted):
    assert list(find_quantities(text)) == [Quantity(Measure(measure), quoted)]


@pytest.mark.parametrize(
    "text",
    [
        "3. Scope",
        "See Section 4(b) of it.",
        "as Article 16 says",
        "Products[4] and more",
        "Windows11 and the 5th one",
        "https://a.example/2026/05",
        "mail4you@a.example",
        "version 2.1.4",
        "nothing at all",
    ],
)
def test_references_and_names_are_no_quantities(text):
    assert list(find_quantities(text)) == []


def test_a_bare_number_under_a_heading_about_age_is_an_age():
    assert list(find_quantities("16", "Minimum age")) == [Quantity(Measure.AGE, "16")]
    assert list(find_quantities("16", "Rooms")) == [Quantity(Measure.NUMBER, "16")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("TWELVE (12) MONTHS", "12 months", True),
        ("1 May 2026", "May 1, 2026", True),
        ("30 days", "30 hours", False),
        ("$5", "€5", False),
        ("three days", "four days", False),
    ],
)
def test_the_same_quantity_in_other_signs_is_equal(one, other, same):
    (old,), (new,) = find_quantities(one), find_quantities(other)
    assert (old.normal == new.normal) is same


@given(st.text(alphabet="0123456789 .,%$€[]()-/dayshourMjan", max_size=120))
def test_every_quantity_stands_in_the_text(text):
    assert all(quantity.text in text for quantity in find_quantities(text))
