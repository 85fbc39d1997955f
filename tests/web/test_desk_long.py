"""Texts that are too long to be read at a sitting, as a page shows what changed in them."""

from __future__ import annotations

import random

from monitor.views.change import WORDS
from monitor.views.comparison import NEAR
from told_texts import Book, a_text

AGES = "Hosts must be {} years old."


def write_words(number):
    dice = random.Random(7)
    return " ".join(f"word{dice.randrange(500)}" for _ in range(number))


def test_behind_a_very_long_passage_every_change_is_shown_and_the_rest_is_offered(desk, visitor):
    long = write_words(WORDS + 1_000)
    book = Book(desk)
    book.add(a_text(f"Old {long} end.", *map(write_words, (5, 6, 7, 8)), AGES.format(16)))
    change = book.add(a_text(f"New {long} end.", *map(write_words, (5, 6, 7, 8)), AGES.format(18)))
    page = visitor.open(f"/changes/{change}")
    assert (page.texts(".compared del"), page.texts(".compared ins")) == (["Old", "16"], ["New", "18"])
    assert f"{WORDS + 1_001 - NEAR:,} more words" in page.text
    (whole,) = [each for each in page.links() if "whole=1" in each]
    assert long in visitor.open(whole).text


def test_between_two_changes_of_a_long_line_it_says_how_much_is_left_out(desk, visitor):
    long = write_words(WORDS + 1_000)
    book = Book(desk)
    book.add(a_text(f"Old {long} old."))
    page = visitor.open(f"/changes/{book.add(a_text(f'New {long} new.'))}?view=sides")
    assert set(page.texts(".compared .gap")) == {f"… {WORDS + 1_000 - 2 * NEAR:,} words …"}
    assert page.tree.css_first(".compared .gap").attributes["lang"] == "en"
