"""Words: hyphens at line ends, ligatures, bullets, and scripts that are written in another way."""

import pytest

from monitor.errors import ExtractionError
from monitor.extract.pdf import read_pdf
from monitor.extract.pdf.spelling import Speller
from monitor.model import ProblemKind
from written_pdf import Sheet, write

FILLER = [f"line {number} of this text" for number in range(60)]


@pytest.mark.parametrize(
    ("texts", "spelled"),
    [
        (["The regu-\nlation of content."], "The regulation of content."),
        (["A cross-\nborder case.", "Other cross-border cases."], "A cross-border case."),
        (["A cross-\nborder case.", "At each border a cross stands."], "A cross-border case."),
        (["The e-\nmail of all.", "No email at all."], "The email of all."),
        (["Pre- and post-\nmoderation.", "Moderation of a post."], "Pre- and post-moderation."),
        (["All pre-\nand post-moderation."], "All pre- and post-moderation."),
        (["To reverse-\nengineer it.", *FILLER], "To reverse-engineer it."),
        (["An obli-\ngation.", "The regu-\nlation.", "A regulation.", *FILLER], "An obligation."),
        (["The regu\u00ad\nlation.", *FILLER], "The regulation."),
        (["Sections 4-\n6 apply."], "Sections 4-6 apply."),
        (["The COVID-\n19 rules."], "The COVID-19 rules."),
        (["Of Franco-\nGerman law."], "Of Franco-German law."),
        (["Young people\u2014\nand others."], "Young people\u2014and others."),
        (["Young people \u2014\nand others."], "Young people \u2014 and others."),
        (["Terms and/\nor rules."], "Terms and/or rules."),
        (["\ufb01nal e\ufb03cient \ufb02ow of o\ufb00ers."], "final efficient flow of offers."),
        (["\u672c\u6307\u5f15\u5df2\n\u64a4\u56de\u3002"], "\u672c\u6307\u5f15\u5df2\u64a4\u56de\u3002"),
        (
            ["\u0420\u0435\u0433\u0443-\n\u043b\u044f\u0446\u0438\u044f."],
            "\u0420\u0435\u0433\u0443\u043b\u044f\u0446\u0438\u044f.",
        ),
    ],
)
def test_a_word_split_at_a_line_end_is_spelled_as_elsewhere_in_the_document(texts: list[str], spelled: str) -> None:
    assert Speller(texts).spell(texts[0]) == spelled


def mapped(glyphs: dict[int, str]) -> str:
    """An encoding of fonts in which a code has the name of another glyph."""
    return f"<< /Type /Encoding /Differences [{' '.join(f'{code} /{name}' for code, name in glyphs.items())}] >>"


def test_ligatures_are_letters() -> None:
    sheet = Sheet()
    sheet.text(72, 700, 'The !nal "ow is o#cial.')
    body = write([sheet], encoding=mapped({33: "fi", 34: "fl", 35: "ffi"}))
    assert [block.text for block in read_pdf(body).blocks] == ["The final flow is official."]


@pytest.mark.parametrize("bullet", ["bullet", "uniF0B7", "uni25CF", "uni27A2", "endash"])
def test_bullets_of_any_font_begin_items(bullet: str) -> None:
    sheet = Sheet()
    sheet.lines(72, 700, "! Spam is removed", "and reported;", "! bots are not.")
    body = write([sheet], encoding=mapped({33: bullet}))
    assert [(block.kind.value, block.text) for block in read_pdf(body).blocks] == [
        ("item", "Spam is removed and reported;"),
        ("item", "bots are not."),
    ]


def test_lettered_items_begin_at_their_labels() -> None:
    sheet = Sheet()
    sheet.lines(72, 700, "(a) spam;", "(ii) bots, and", "what they post;", "3.1. a log; and", "b) all else.")
    assert [(block.kind.value, block.text) for block in read_pdf(write([sheet])).blocks] == [
        ("item", "(a) spam;"),
        ("item", "(ii) bots, and what they post;"),
        ("item", "3.1. a log; and"),
        ("item", "b) all else."),
    ]


def test_words_from_right_to_left_are_read_in_their_order() -> None:
    glyphs = {33: "uni05D0", 34: "uni05D1", 35: "uni05D2"}
    sheet = Sheet()
    for x, words in ((200, "!!!!"), (170, '""""'), (140, "####")):
        sheet.text(x, 700, words)
    body = write([sheet], encoding=mapped(glyphs))
    assert [block.text for block in read_pdf(body).blocks] == ["\u05d0" * 4 + " " + "\u05d1" * 4 + " " + "\u05d2" * 4]


def scanned(count: int) -> list[Sheet]:
    sheets = [Sheet() for _ in range(count)]
    for sheet in sheets:
        sheet.picture()
    return sheets


def printed(count: int, *, pictured: bool = False) -> list[Sheet]:
    sheets = scanned(count) if pictured else [Sheet() for _ in range(count)]
    for sheet in sheets:
        sheet.text(72, 700, "We remove spam and bots.")
    return sheets


@pytest.mark.parametrize(
    ("sheets", "detail"),
    [
        (scanned(3), r"the PDF has no text layer \(3 scanned or empty pages\)"),
        ([*printed(2), *scanned(4), *printed(1)], "4 of 7 pages of the PDF have no text layer .scanned: 3, 4, 5, 6"),
        ([*printed(1), *scanned(7)], "7 of 8 pages of the PDF have no text layer .scanned: 2, 3, 4, 5, 6 and others"),
    ],
)
def test_a_scanned_pdf_is_unreadable(sheets: list[Sheet], detail: str) -> None:
    with pytest.raises(ExtractionError, match=detail) as caught:
        read_pdf(write(sheets))
    assert caught.value.problem is ProblemKind.UNREADABLE


@pytest.mark.parametrize(
    "sheets",
    [
        pytest.param(printed(3, pictured=True), id="scanned pages with a layer of text"),
        pytest.param([*scanned(1), *printed(3), *scanned(1)], id="covers"),
        pytest.param(
            [*printed(4, pictured=True), *scanned(2), *printed(1)], id="a few pictures among pages with logos"
        ),
        pytest.param([*printed(2), Sheet(), *printed(2)], id="an empty page"),
    ],
)
def test_a_pdf_with_pictures_beside_its_text_is_read(sheets: list[Sheet]) -> None:
    assert read_pdf(write(sheets)).blocks[0].text.startswith("We remove spam and bots.")
