"""What a PDF says of itself: tags, an outline, the fields of a form."""

from monitor.extract.pdf import read_pdf
from written_pdf import Element, Sheet, write


def tagged(*texts: str) -> Sheet:
    """A page on which each text is the marked content of its number, and all look alike."""
    sheet = Sheet()
    for number, words in enumerate(texts):
        sheet.text(72, 700 - 12 * number, words)
        sheet.mark(number)
    return sheet


def read(tags: Element | None, *sheets: Sheet) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_pdf(write(sheets, tags=tags)).blocks]


def test_tags_tell_headings_paragraphs_items_and_rows() -> None:
    sheet = tagged("Duties", "Keep a", "log.", "(a)", "Cases", "(b)", "Ends", "Age", "Rule", "13", "Post", "Done.")
    tags: Element = (
        "Document",
        [
            ("H2", [(0, 0)]),
            ("P", [("Span", [(0, 1)]), (0, 2)]),
            ("L", [("LI", [("Lbl", [(0, 3)]), ("LBody", [("P", [(0, 4)])])])]),
            ("L", [("LI", [("Lbl", [(0, 5)]), ("LBody", [(0, 6)])])]),
            (
                "Table",
                [
                    ("THead", [("TR", [("TH", [("P", [(0, 7)])]), ("TH", [(0, 8)])])]),
                    ("TR", [("TD", [(0, 9)]), ("TD", [(0, 10)])]),
                ],
            ),
            ("P", [(0, 11)]),
        ],
    )
    assert read(tags, sheet) == [
        ("heading", "Duties"),
        ("paragraph", "Keep a log."),
        ("item", "(a) Cases"),
        ("item", "(b) Ends"),
        ("row", "Age | Rule"),
        ("row", "13 | Post"),
        ("paragraph", "Done."),
    ]


def test_text_after_a_list_within_an_item_is_an_item_of_its_own() -> None:
    sheet = tagged("Cases", "inner", "and more")
    tags: Element = ("L", [("LI", [("LBody", [(0, 0), ("L", [("LI", [("LBody", [(0, 1)])])]), (0, 2)])])])
    assert read(tags, sheet) == [("item", "Cases"), ("item", "inner"), ("item", "and more")]


def test_the_order_of_the_tags_goes_before_that_of_the_page() -> None:
    sheet = tagged("Second.", "First.")
    assert read(("Document", [("P", [(0, 1)]), ("P", [(0, 0)])]), sheet) == [
        ("paragraph", "First."),
        ("paragraph", "Second."),
    ]


def test_a_paragraph_that_is_tagged_on_two_pages_is_one() -> None:
    sheets = [tagged("Providers report each"), tagged("case at once.", "They keep a log.")]
    tags: Element = ("Document", [("P", [(0, 0), (1, 0)]), ("P", [(1, 1)])])
    assert read(tags, *sheets) == [
        ("paragraph", "Providers report each case at once."),
        ("paragraph", "They keep a log."),
    ]


def test_what_is_not_tagged_is_the_furniture_of_the_page() -> None:
    sheet = tagged("Providers report each case", "to the regulator of their country")
    sheet.text(72, 800, "Agency")
    assert read(("P", [(0, 0), (0, 1)]), sheet) == [
        ("paragraph", "Providers report each case to the regulator of their country")
    ]


def test_tags_that_leave_out_much_of_the_page_are_not_trusted() -> None:
    sheet = tagged("Duties", "Providers report each case", "to the regulator of their country.")
    assert read(("H1", [(0, 0)]), sheet) == [
        ("paragraph", "Duties"),
        ("paragraph", "Providers report each case to the regulator of their country."),
    ]


def test_tags_that_make_the_whole_page_one_paragraph_are_not_trusted() -> None:
    sheet = Sheet()
    for number in range(60):
        sheet.text(72, 780 - 12 * number, f"({number}) Providers keep a log of each case of this kind;")
        sheet.mark(number)
    assert len(read(("P", [(0, number) for number in range(60)]), sheet)) == 60


def test_what_the_outline_lists_is_a_heading_at_its_level() -> None:
    sheet = Sheet()
    sheet.lines(72, 700, "Scope")
    sheet.lines(72, 670, "Who must keep a log", "and for how long:", "all providers.")
    body = write([sheet], outline=[("Scope", 0)])
    assert [block.kind.value for block in read_pdf(body).blocks] == ["heading", "paragraph"]


def test_what_was_filled_into_a_form_is_read_beside_its_label() -> None:
    sheet = Sheet()
    sheet.text(72, 700, "Name of the provider:")
    assert [block.text for block in read_pdf(write([sheet], fields=[("Example (Ltd)", 180, 698)])).blocks] == [
        "Name of the provider: Example (Ltd)"
    ]
