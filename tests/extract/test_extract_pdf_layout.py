"""Columns and tables: what stands side by side, and in which order people read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.pdf import read_pdf
from written_pdf import Sheet, write

LEFT = (
    "Providers of online services must take",
    "care that minors are not harmed by what",
    "they see there. They keep a log of each",
    "case and send it to the regulator every",
    "month, together with all that they have",
)
RIGHT = (
    "done about it since. The regulator must",
    "publish what it was sent within a week,",
    "but without any personal data of minors",
    "or of those who reported the cases that",
    "are in the log. It may leave out more.",
)
BOTH = " ".join([*LEFT, *RIGHT])


def read(*sheets: Sheet) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_pdf(write(sheets)).blocks]


def test_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.text(200, 760, "Safety of minors online and elsewhere", size=18)
    sheet.lines(72, 700, *LEFT)
    sheet.lines(310, 700, *RIGHT)
    assert read(sheet) == [("heading", "Safety of minors online and elsewhere"), ("paragraph", BOTH)]


def test_the_order_in_which_a_file_draws_its_words_does_not_matter() -> None:
    sheet = Sheet()
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        sheet.text(310, 700 - 12 * number, right)
        sheet.text(72, 700 - 12 * number, left)
    assert read(sheet) == [("paragraph", BOTH)]


def test_columns_of_lines_at_different_heights_are_columns() -> None:
    sheet = Sheet()
    sheet.lines(72, 700, *LEFT)
    sheet.lines(310, 713, *RIGHT)
    assert read(sheet) == [("paragraph", BOTH)]


def test_what_stands_across_the_page_parts_the_columns_above_from_those_below() -> None:
    sheet = Sheet()
    sheet.lines(72, 700, *LEFT)
    sheet.lines(310, 700, *RIGHT)
    sheet.text(72, 610, "Part two of these rules, on the reports that regulators publish", size=14)
    sheet.lines(72, 580, *LEFT)
    sheet.lines(310, 580, *RIGHT)
    assert [kind for kind, _ in read(sheet)] == ["paragraph", "heading", "paragraph"]


def test_three_columns_are_read_in_order() -> None:
    sheet = Sheet()
    words = [f"w{number}" for number in range(90)]
    lines = [" ".join(words[at : at + 6]) for at in range(0, 90, 6)]
    for column in range(3):
        sheet.lines(60 + 165 * column, 700, *lines[5 * column : 5 * column + 5], font="C", size=8)
    assert read(sheet) == [("paragraph", " ".join(words))]


ROWS = [("Provision", "Duty", "Since"), ("Article 1", "Keep a log", "2024"), ("Article 2", "Send reports", "2025")]
TABLE = [("row", " | ".join(row)) for row in ROWS]


def draw_table(sheet: Sheet, *, ruled: bool, y: float = 600) -> None:
    for number, row in enumerate(ROWS):
        for x, cell in zip((72, 200, 380), row, strict=True):
            sheet.text(x + 4, y - 20 * number, cell)
    if ruled:
        sheet.grid((72, 200, 380, 500), (y + 14, y - 6, y - 26, y - 46))


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_is_read_row_by_row_with_rules_or_without(*, ruled: bool) -> None:
    sheet = Sheet()
    sheet.lines(72, 680, "These are the duties of all providers:")
    draw_table(sheet, ruled=ruled)
    sheet.lines(72, 500, "They are in force now.")
    assert read(sheet) == [
        ("paragraph", "These are the duties of all providers:"),
        *TABLE,
        ("paragraph", "They are in force now."),
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_cell_of_several_lines_is_one_cell(*, ruled: bool) -> None:
    sheet = Sheet()
    sheet.lines(76, 600, "Article 1")
    sheet.lines(204, 600, "Keep a log of each case,", "whatever came of it")
    sheet.lines(384, 600, "2024")
    sheet.lines(76, 560, "Article 2,", "second part")
    sheet.lines(204, 560, "Send reports")
    sheet.lines(384, 560, "2025")
    if ruled:
        sheet.grid((72, 200, 380, 500), (614, 574, 534))
    assert read(sheet) == [
        ("row", "Article 1 | Keep a log of each case, whatever came of it | 2024"),
        ("row", "Article 2, second part | Send reports | 2025"),
    ]


def test_merged_cells_are_read_once_in_the_row_they_begin_in() -> None:
    sheet = Sheet()
    for y in (620, 600, 580, 560):
        sheet.rule(72 if y != 580 else 200, y, 500, y)
    for x in (72, 200, 500):
        sheet.rule(x, 560, x, 620)
    sheet.rule(380, 560, 380, 600)
    sheet.text(80, 606, "Ages")
    sheet.text(260, 606, "What holds for them")
    sheet.text(80, 576, "13 to 17")
    sheet.text(210, 586, "Posting")
    sheet.text(390, 586, "Allowed")
    sheet.text(210, 566, "Selling")
    sheet.text(390, 566, "Forbidden")
    assert read(sheet) == [
        ("row", "Ages | What holds for them"),
        ("row", "13 to 17 | Posting | Allowed"),
        ("row", "Selling | Forbidden"),
    ]


def test_an_empty_cell_keeps_its_place() -> None:
    sheet = Sheet()
    draw_table(sheet, ruled=True)
    sheet.drawn = [each for each in sheet.drawn if "Keep a log" not in each]
    assert read(sheet)[1] == ("row", "Article 1 | | 2024")


def test_cells_that_are_drawn_as_boxes_are_cells() -> None:
    sheet = Sheet()
    draw_table(sheet, ruled=False)
    for y in (594, 574, 554):
        sheet.drawn += [f"{x} {y} {width} 20 re S" for x, width in ((72, 128), (200, 180), (380, 120))]
    assert read(sheet) == TABLE


def test_a_box_round_a_paragraph_is_no_table() -> None:
    sheet = Sheet()
    sheet.lines(76, 600, "Note that this is not yet law.")
    sheet.grid((72, 500), (614, 590))
    assert read(sheet) == [("paragraph", "Note that this is not yet law.")]


def test_labels_of_a_list_far_from_their_texts_are_no_cells() -> None:
    sheet = Sheet()
    for number, text in enumerate(["The first duty;", "the second duty;", "the third duty."]):
        sheet.text(72, 600 - 14 * number, f"({'abc'[number]})")
        sheet.text(110, 600 - 14 * number, text)
    assert read(sheet) == [
        ("item", "(a) The first duty;"),
        ("item", "(b) the second duty;"),
        ("item", "(c) the third duty."),
    ]


def test_wide_spaces_in_justified_lines_part_nothing() -> None:
    sheet = Sheet()
    sheet.drawn.append("9 Tw")
    sheet.lines(72, 700, "Providers must take care", "that no minor is harmed", "by what is shown there.")
    assert read(sheet) == [("paragraph", "Providers must take care that no minor is harmed by what is shown there.")]


def test_a_table_that_goes_on_over_the_page_says_its_header_once() -> None:
    sheets = [Sheet(), Sheet()]
    for sheet in sheets:
        draw_table(sheet, ruled=True)
    assert read(*sheets) == [*TABLE, *TABLE[1:]]


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    sheet = Sheet(entries="/Rotate 90")
    for number, words in enumerate(LEFT):
        sheet.text(100 + 12 * number, 72, words, turn="0 1 -1 0")
    assert read(sheet) == [("paragraph", " ".join(LEFT))]


def test_words_across_the_page_are_not_read() -> None:
    sheet = Sheet()
    sheet.lines(72, 700, *LEFT)
    sheet.text(150, 300, "DRAFT", size=90, turn="0.7 0.7 -0.7 0.7")
    sheet.text(30, 100, "printed for the register", turn="0 1 -1 0")
    assert read(sheet) == [("paragraph", " ".join(LEFT))]


PLACES = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 30), st.sampled_from([7, 9, 16])),
    min_size=1,
    max_size=60,
    unique_by=lambda place: place[:2],
)
RULES = st.lists(st.tuples(*[st.integers(40, 560)] * 4), max_size=12)


@given(PLACES, RULES)
def test_every_word_is_read_once_wherever_it_stands(places: list[tuple[int, int, int]], rules: list) -> None:
    sheet = Sheet()
    words = [f"w{number}." for number in range(len(places))]
    for word, (column, line, size) in zip(words, places, strict=True):
        sheet.text(40 + 52 * column, 780 - 24 * line, word, size=size)
    for x, y, to_x, to_y in rules:
        sheet.rule(x, y, to_x, y)
        sheet.rule(x, y, x, to_y)
    found = " ".join(text for _, text in read(sheet)).replace("|", " ").split()
    assert sorted(found) == sorted(words)
