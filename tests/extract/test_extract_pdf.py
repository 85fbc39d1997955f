from collections.abc import Callable

import pytest

from monitor.errors import ExtractionError
from monitor.extract.pdf import read_pdf
from monitor.model import ProblemKind
from written_pdf import Sheet, write

WritePdf = Callable[..., bytes]


def lines(*texts: str, top: int = 700, gap: int = 14, size: int = 11) -> list[tuple[str, int, int]]:
    return [(text, size, top - gap * number) for number, text in enumerate(texts)]


def test_lines_become_paragraphs_headings_and_items(write_pdf: WritePdf) -> None:
    body = write_pdf(
        [
            [
                ("Safety duties", 20, 780),
                ("1. Scope", 11, 740),
                *lines("This code applies to every", "service with children.", top=715),
                *lines("It binds providers.", top=660),
                ("1.1 Exemptions", 14, 630),
                *lines("Not covered are:", "(a) e-mail;", "(b) telephone", "calls.", top=600),
            ]
        ]
    )
    found = read_pdf(body)
    duties, scope, exempt = "Safety duties", "1. Scope", "1.1 Exemptions"
    assert found.title == duties
    assert [(block.kind.value, block.text, block.heading) for block in found.blocks] == [
        ("heading", duties, (duties,)),
        ("heading", scope, (scope,)),
        ("paragraph", "This code applies to every service with children.", (scope,)),
        ("paragraph", "It binds providers.", (scope,)),
        ("heading", exempt, (scope, exempt)),
        ("paragraph", "Not covered are:", (scope, exempt)),
        ("item", "(a) e-mail;", (scope, exempt)),
        ("item", "(b) telephone calls.", (scope, exempt)),
    ]


def test_the_title_of_the_properties_goes_first(write_pdf: WritePdf) -> None:
    assert read_pdf(write_pdf([lines("Some text that is long enough.")], title="Code of (good) practice")).title == (
        "Code of (good) practice"
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (("Providers must pro-", "tect children."), "Providers must protect children."),
        (("Keep the well-known", "rule."), "Keep the well-known rule."),
        (("Sections 4-", "6 apply."), "Sections 4-6 apply."),
    ],
)
def test_words_split_at_line_ends_are_joined(write_pdf: WritePdf, written: tuple[str, str], read: str) -> None:
    assert [block.text for block in read_pdf(write_pdf([lines(*written)])).blocks] == [read]


def test_running_headers_and_page_numbers_are_dropped_and_sentences_run_on(write_pdf: WritePdf) -> None:
    texts = [
        ("A provider shall report", "each case to the"),
        ("regulator at once.", "It keeps a log."),
        ("The end of it is", "here."),
    ]
    pages = [
        [("Draft of 3 May", 9, 800), *lines(*each, gap=14), (f"Page {number} of 3", 9, 40)]
        for number, each in enumerate(texts, 1)
    ]
    assert [block.text for block in read_pdf(write_pdf(pages)).blocks] == [
        "A provider shall report each case to the regulator at once. It keeps a log.",
        "The end of it is here.",
    ]


@pytest.mark.parametrize(
    "text", ["1. Providers must keep a log of all cases and send it", "2. Keep a log.", "3 of them", "Plain line"]
)
def test_a_line_of_ordinary_type_is_no_heading_unless_that_is_clear(write_pdf: WritePdf, text: str) -> None:
    page = [*lines("Some text here.", "And more."), *lines(text, top=640), *lines("Text after", "the line.", top=600)]
    assert "heading" not in {block.kind.value for block in read_pdf(write_pdf([page])).blocks}


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 cut short", b"<html>no</html>"])
def test_what_cannot_be_parsed_is_unreadable(body: bytes) -> None:
    with pytest.raises(ExtractionError, match="cannot be parsed") as caught:
        read_pdf(body)
    assert caught.value.problem is ProblemKind.UNREADABLE


def test_a_pdf_without_text_is_unreadable(write_pdf: WritePdf) -> None:
    with pytest.raises(ExtractionError, match=r"no text layer \(2 scanned or empty pages\)"):
        read_pdf(write_pdf([[], []]))


def test_an_encrypted_pdf_is_unreadable(write_pdf: WritePdf) -> None:
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >> /ID [<41> <41>] /Info"
    with pytest.raises(ExtractionError, match="encrypted with a password"):
        read_pdf(write_pdf([lines("Secret")]).replace(b"/Info", lock.encode()))


def test_a_bold_line_that_stands_alone_is_a_heading_where_bold_stands_out() -> None:
    sheet = Sheet()
    sheet.text(72, 700, "Reports", font="B")
    sheet.lines(72, 670, "Providers report each case to the regulator", "of the country that they are established in.")
    sheet.text(72, 630, "Bold words that end a sentence.", font="B")
    assert [block.kind.value for block in read_pdf(write([sheet])).blocks] == ["heading", "paragraph", "paragraph"]


def test_levels_of_headings_follow_the_size_of_their_type() -> None:
    sheet = Sheet()
    for at, (words, size) in enumerate([("Rules", 24), ("Minors", 16), ("Text.", 10), ("Adults", 16)]):
        sheet.text(72, 760 - 50 * at, words, size=size)
        sheet.lines(72, 738 - 50 * at, "Here is some more of the text,", "as it goes on.")
    paths = [block.heading for block in read_pdf(write([sheet])).blocks if block.kind.value == "heading"]
    assert paths == [("Rules",), ("Rules", "Minors"), ("Rules", "Adults")]
