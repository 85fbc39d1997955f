"""What pages carry and the text does not: headers, footers, page numbers, numbers of lines, notes."""

import pytest

from monitor.extract.pdf import read_pdf
from written_pdf import Sheet, write

SENTENCES = [
    ("Providers keep a log of each case", "and of what came of it in the end."),
    ("They send it to the regulator of", "their country within a single week."),
    ("The regulator may ask for more of", "what a provider knows about a case."),
    ("It publishes what it was sent, but", "it leaves out all names of minors."),
    ("This is in force from the day that", "follows the day of its publication."),
    ("It is reviewed three years later by", "those who have agreed upon it today."),
]
TEXTS = [" ".join(lines) for lines in SENTENCES]


def read(*sheets: Sheet) -> list[str]:
    return [block.text for block in read_pdf(write(sheets)).blocks]


def pages(count: int) -> list[Sheet]:
    """Pages of two paragraphs, the second one short of the right edge, so that nothing goes on to the next page."""
    sheets = [Sheet() for _ in range(count)]
    for number, sheet in enumerate(sheets):
        sheet.lines(72, 700, *SENTENCES[number])
        sheet.lines(72, 660, f"So much for part {'ABCDEF'[number]}.")
    return sheets


def expected(count: int) -> list[str]:
    return [text for number in range(count) for text in (TEXTS[number], f"So much for part {'ABCDEF'[number]}.")]


@pytest.mark.parametrize(
    "header",
    [
        lambda number: f"Page {number + 1} of 40",
        lambda number: f"- {number + 1} -",
        lambda number: f"{number + 1}/40",
        lambda number: f"Seite {number + 1} von 40",
        lambda number: f"{number + 1} | Page",
        lambda number: str(number + 17),
        lambda number: ["i", "ii", "iii", "iv", "v", "vi"][number],
        lambda number: "OJ L, 27.10.2022 EN",
        lambda number: f"ELI: https://example.org/reg/2022/2065/oj {number + 1}/102",
        lambda number: "Register / Vol. 87 / Rules" if number % 2 else f"{number + 100} Register / Vol. 87",
        lambda number: f"{number + 100} Chapter on {'ABCDEF'[number]}",
    ],
)
@pytest.mark.parametrize("y", [800, 30])
def test_running_headers_and_page_numbers_are_dropped(header, y: int) -> None:
    sheets = pages(6)
    for number, sheet in enumerate(sheets):
        sheet.text(72, y, header(number))
    assert read(*sheets) == expected(6)


def test_a_header_above_a_page_number_is_dropped_too() -> None:
    sheets = pages(4)
    for number, sheet in enumerate(sheets):
        sheet.text(72, 812, "Rules of the agency")
        sheet.text(72, 800, f"{number + 1}")
    assert read(*sheets) == expected(4)


def test_on_two_pages_a_line_set_off_at_the_same_height_is_a_header() -> None:
    sheets = pages(2)
    for sheet in sheets:
        sheet.text(72, 800, "Rules of the agency")
    assert read(*sheets) == expected(2)


def test_a_page_that_is_all_header_keeps_nothing_and_two_of_the_same_lines_keep_all() -> None:
    sheets = [Sheet(), Sheet()]
    for sheet in sheets:
        sheet.text(72, 800, "Notice")
        sheet.text(72, 700, "All is closed on Sundays.")
    assert read(*sheets).count("Notice") == 2


def test_a_heading_that_returns_at_the_head_of_some_pages_is_text() -> None:
    sheets = pages(6)
    for number in (0, 4):
        sheets[number].text(72, 740, "More information", size=14)
    assert read(*sheets).count("More information") == 2


def test_chapters_that_begin_on_a_new_page_keep_their_headings() -> None:
    sheets = pages(4)
    for number in (1, 3):
        sheets[number].text(72, 760, f"Chapter {number}", size=16)
    assert [text for text in read(*sheets) if text.startswith("Chapter")] == ["Chapter 1", "Chapter 3"]


def test_the_title_of_a_chapter_above_each_of_its_pages_is_dropped() -> None:
    sheets = pages(6)
    for number, sheet in enumerate(sheets):
        sheet.text(72, 800, "On reports" if number < 3 else "On minors", size=8)
    assert read(*sheets) == expected(6)


@pytest.mark.parametrize("x", [40, 540])
@pytest.mark.parametrize("step", [1, 5])
def test_numbers_of_lines_are_dropped(x: int, step: int) -> None:
    words = [word for text in TEXTS for word in text.split()]
    lines = [" ".join(words[at : at + 4]) for at in range(0, 60, 4)]
    sheet, bare = Sheet(), Sheet()
    for number, line in enumerate(lines, 1):
        for each in (sheet, bare):
            each.text(72, 720 - 20 * number, line)
        if number % step == 0 and (step == 1 or number <= 25):
            sheet.text(x, 720 - 20 * number, str(number))
    if step == 5:
        for number in range(len(lines) + 1, 26):
            sheet.text(72, 720 - 20 * number, "and")
            bare.text(72, 720 - 20 * number, "and")
            if number % 5 == 0:
                sheet.text(x, 720 - 20 * number, str(number))
    assert read(sheet) == read(bare)


def test_a_sentence_goes_on_over_the_page_and_the_notes_at_its_foot_follow_it() -> None:
    sheets = [Sheet(), Sheet()]
    sheets[0].lines(72, 700, *SENTENCES[0], "Each case is reported to the")
    sheets[0].lines(72, 100, "1 A case is any report by a minor.", size=7)
    sheets[1].lines(72, 700, "regulator at once.")
    assert read(*sheets) == [
        f"{TEXTS[0]} Each case is reported to the regulator at once.",
        "1 A case is any report by a minor.",
    ]


def test_the_mark_of_a_note_is_no_part_of_the_number_before_it() -> None:
    sheet = Sheet()
    sheet.lines(72, 700, "Nobody below the age of 13")
    sheet.text(72 + 124, 704, "2", size=6)
    sheet.text(72 + 128, 700, " may post anything at all.")
    assert read(sheet) == ["Nobody below the age of 13[2] may post anything at all."]


def test_leaders_and_pages_of_a_table_of_contents_are_dropped() -> None:
    sheet = Sheet()
    sheet.lines(72, 700, "1. Scope of these rules ............ 7", "2. What is forbidden . . . . . . . 12")
    assert read(sheet) == ["1. Scope of these rules", "2. What is forbidden"]
