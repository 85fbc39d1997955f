"""Dates in words among other words, found at a bounded price."""

import pytest

from monitor.compare.alignment import datewords
from monitor.compare.alignment.datewords import find_dates_in, is_month


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("until June 15, 2023 only", ["June 15, 2023"]),
        ("ab dem 22. Mai 2025, nicht vorher", ["22. Mai 2025,"]),
        ("el 3 de mayo de 2025 y el 4 de junio", ["3 de mayo de 2025", "4 de junio"]),
        ("You may do so 30 times", []),
        ("May users march?", []),
        ("", []),
    ],
)
def test_the_words_of_each_date_are_found(text, dates):
    words = text.split()
    assert [" ".join(words[date.start : date.stop]) for date in find_dates_in(words)] == dates


def test_a_month_is_known_in_any_case_and_with_signs_around_it():
    assert all(map(is_month, ["June", "JUNE,", "(junio)", "“Mai"]))
    assert not any(map(is_month, ["", "Juniper", "15", "June-15"]))


def test_what_is_remembered_of_words_is_bounded(monkeypatch):
    monkeypatch.setattr(datewords, "MAX_REMEMBERED", 10)
    for number in range(1, 100):
        assert not is_month(f"w{number}")
        assert is_month("June")
        assert not is_month("June" * number * 10)
    assert len(datewords._IS_MONTH) <= 10
