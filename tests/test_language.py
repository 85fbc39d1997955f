"""Which language a text is in; invented sentences of the kind that policies are made of."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import find_language

TEXTS = dict(line.split(": ", 1) for line in (Path(__file__).parent / "languages.txt").read_text("utf-8").splitlines())


@pytest.mark.parametrize("language", TEXTS)
def test_two_sentences_are_enough(language: str) -> None:
    assert find_language(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "Privacy", "Terms of Service", "12 345 678 " * 20, "Qwx Zzt Plk " * 30, "規約"])
def test_too_little_is_left_open(text: str) -> None:
    assert find_language(text) == ""


def test_what_speaks_as_much_for_two_languages_is_left_open() -> None:
    assert find_language("og det i som er med ikke til har de om vi du et kan fra når skal") == ""


def test_a_menu_of_languages_does_not_outweigh_the_text() -> None:
    menu = "English Deutsch Français Español Italiano Português Nederlands Polski 日本語 한국어 中文 Русский"
    assert find_language(menu + "\n" + TEXTS["sv"] * 3) == "sv"


def test_a_product_named_all_over_does_not_outweigh_the_text() -> None:
    assert find_language(TEXTS["en"] + " Der Die Das" * 3 + " Les" * 40) == "en"


def test_of_a_long_text_its_whole_length_counts() -> None:
    assert find_language(TEXTS["en"] * 5 + TEXTS["de"] * 400) == "de"


@given(st.text(max_size=300))
def test_any_text_has_one_answer(text: str) -> None:
    assert find_language(text) == find_language(text)
