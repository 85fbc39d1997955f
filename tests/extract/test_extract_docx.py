"""DOCX as word processors write it, made here by hand part by part."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ExtractionError
from monitor.extract import extract
from monitor.extract.docx import MAX_MARKUP, read_docx
from monitor.model import ProblemKind

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/></w:style>'
    for name in ["Title", "Subtitle", "heading 1", "heading 2"]
)


def write_docx(body: str, footnotes: str = "", **parts: str) -> bytes:
    relations = {
        "styles": (f"{OFFICE}/styles", "styles.xml", ""),
        "notes": (f"{OFFICE}/footnotes", "footnotes.xml", ""),
        "link": (f"{OFFICE}/hyperlink", "https://example.org/a?utm_source=x", ' TargetMode="External"'),
    }
    written = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relationships({"main": (f"{OFFICE}/officeDocument", "word/document.xml", "")}),
        "word/_rels/document.xml.rels": relationships(relations),
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{STYLES}</w:styles>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{WORD}">{footnotes}</w:footnotes>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>',
    } | parts
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in written.items():
            archive.writestr(name, text)
    return packed.getvalue()


def relationships(targets: dict[str, tuple[str, str, str]]) -> str:
    each = (
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"{mode}/>'
        for name, (kind, target, mode) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(each)}</Relationships>'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{inner if inner.startswith('<') else run(inner)}</w:p>"


def read(body: str, footnotes: str = "") -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_docx(write_docx(body, footnotes)).blocks]


def test_styles_make_headings() -> None:
    body = [
        paragraph("Rules of conduct", "Title"),
        paragraph("For everyone", "Subtitle"),
        paragraph("1. Spam", "heading 1"),
        paragraph("Exceptions", "heading 2"),
        paragraph("None."),
    ]
    found = read_docx(write_docx("".join(body)))
    assert found.title == "Rules of conduct"
    assert (found.blocks[-1].text, found.blocks[-1].heading) == ("None.", ("1. Spam", "Exceptions"))


def style(name: str, inner: str) -> str:
    return f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>{inner}</w:style>'


def test_any_style_with_an_outline_level_or_based_on_a_heading_makes_headings() -> None:
    styles = [
        style("heading 1", ""),
        style("Artikel's", '<w:basedOn w:val="heading 1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        style("Numbered", '<w:basedOn w:val="heading 1"/>'),
        style("Deep", '<w:pPr><w:outlineLvl w:val="8"/></w:pPr>'),
        style("Quiet", '<w:basedOn w:val="heading 1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>'),
        style("Egg", '<w:basedOn w:val="Hen"/>'),
        style("Hen", '<w:basedOn w:val="Egg"/>'),
    ]
    names = ["Numbered", "Artikel&apos;s", "Deep", "Quiet", "Egg"]
    body = "".join(paragraph(f"In {name}", name) for name in names)
    document = write_docx(body, **{"word/styles.xml": f'<w:styles xmlns:w="{WORD}">{"".join(styles)}</w:styles>'})
    assert [(block.kind.value, block.heading) for block in read_docx(document).blocks] == [
        ("heading", ("In Numbered",)),
        ("heading", ("In Numbered", "In Artikel's")),
        ("heading", ("In Numbered", "In Artikel's", "In Deep")),
        ("paragraph", ("In Numbered", "In Artikel's", "In Deep")),
        ("paragraph", ("In Numbered", "In Artikel's", "In Deep")),
    ]


def test_a_table_of_contents_is_not_read() -> None:
    styles = f'<w:styles xmlns:w="{WORD}">{style("toc 1", "")}</w:styles>'
    document = write_docx(paragraph("Scope 7", "toc 1") + paragraph("Scope"), **{"word/styles.xml": styles})
    assert [block.text for block in read_docx(document).blocks] == ["Scope"]


def test_tracked_changes_are_read_as_accepted() -> None:
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>perhaps </w:t></w:r>"
    deleted = '<w:del w:id="2"><w:r><w:delText>may </w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="1">{run("must ")}</w:ins>'
    assert read(paragraph(run("You ") + deleted + inserted + struck + run("be 13."))) == [
        ("paragraph", "You must be 13.")
    ]


def test_tables_are_read_row_by_row() -> None:
    rows = [("Age", "Rule"), ("13", "Allowed")]
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>" for cells in rows)
    assert read(f"<w:tbl>{cells}</w:tbl>") == [("row", "Age | Rule"), ("row", "13 | Allowed")]


def test_merged_cells_are_read_once() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text) if text else '<w:p/>'}</w:tc>"

    rows = [
        cell("Ages", '<w:gridSpan w:val="2"/>') + cell("Rule"),
        cell("13", '<w:vMerge w:val="restart"/>') + cell("with a parent") + cell("Allowed"),
        cell("", "<w:vMerge/>") + cell("alone") + cell("Not allowed"),
    ]
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    assert read(f"<w:tbl>{table}</w:tbl>") == [
        ("row", "Ages | Rule"),
        ("row", "13 | with a parent | Allowed"),
        ("row", "alone | Not allowed"),
    ]


def test_lists_within_lists_are_items_without_the_numbers_that_are_counted() -> None:
    levels = "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="lowerLetter"/></w:lvl>' for level in (0, 1))
    numbering = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )

    def item(text: str, level: int) -> str:
        counted = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
        return f"<w:p><w:pPr>{counted}</w:pPr>{run(text)}</w:p>"

    body = item("spam;", 0) + item("by mail;", 1) + item("bots.", 0)
    document = write_docx(body, **{"word/numbering.xml": numbering})
    assert [(block.kind.value, block.text) for block in read_docx(document).blocks] == [
        ("item", "spam;"),
        ("item", "by mail;"),
        ("item", "bots."),
    ]


def test_hyphens_that_show_are_read_and_those_that_do_not_are_not() -> None:
    text = "<w:r><w:t>cross</w:t><w:noBreakHyphen/><w:t>border regu</w:t><w:softHyphen/><w:t>lation</w:t></w:r>"
    assert read(paragraph(text)) == [("paragraph", "cross\u2011border regulation")]


def test_text_that_was_moved_is_read_where_it_is_now() -> None:
    moved = f'<w:moveFrom w:id="1">{run("Here. ")}</w:moveFrom>', f'<w:moveTo w:id="2">{run("There.")}</w:moveTo>'
    assert read(paragraph(moved[0] + run("Then. ") + moved[1])) == [("paragraph", "Then. There.")]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('In a box')}</w:txbxContent>"
    vml = f'<w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>'
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback>{vml}</mc:Fallback>'
        "</mc:AlternateContent>"
    )
    assert read(f"<w:p><w:r>{both}</w:r></w:p>") == [("paragraph", "In a box")]


PICTURE = (
    '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:imagedata r:id="scan"/></v:shape></w:pict>'
    "</w:r></w:p>"
)


def test_a_file_of_nothing_but_pictures_is_unreadable() -> None:
    relations = relationships({"scan": (f"{OFFICE}/image", "media/scan.png", "")})
    document = write_docx(PICTURE, **{"word/_rels/document.xml.rels": relations, "word/media/scan.png": "x"})
    with pytest.raises(ExtractionError, match="no text layer, only pictures") as caught:
        read_docx(document)
    assert caught.value.problem is ProblemKind.UNREADABLE


def test_text_in_content_controls_is_read() -> None:
    assert read(f"<w:sdt><w:sdtContent>{paragraph('In a form')}</w:sdtContent></w:sdt>") == [("paragraph", "In a form")]


def test_footnotes_are_marked_in_the_text_and_read_at_the_end() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="2">{paragraph("With a parent.")}</w:footnote>'
    assert read(paragraph(run("From 13") + mark), note) == [("paragraph", "From 13[1]"), ("item", "With a parent.")]


def test_link_targets_stand_apart_from_the_text() -> None:
    (block,) = read_docx(write_docx(paragraph(f'<w:hyperlink r:id="link">{run("the list")}</w:hyperlink>'))).blocks
    assert (block.text, block.links) == ("the list", ("https://example.org/a",))


@pytest.mark.parametrize("media_type", [MEDIA_TYPE, "application/octet-stream", "application/zip", "text/html"])
def test_what_is_packed_as_a_docx_is_one_whatever_the_header_says(media_type: str) -> None:
    body = write_docx(paragraph("We remove spam and bots."))
    assert extract(body, media_type, expect="docx").blocks[0].text == "We remove spam and bots."


def test_an_archive_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    bomb = write_docx(paragraph(" " * (MAX_MARKUP + 1)))
    assert len(bomb) < 100_000
    with pytest.raises(ExtractionError, match="would unpack to 32 MB"):
        read_docx(bomb)


BROKEN = {
    "no archive": b"PK\x03\x04word/",
    "cut short": write_docx(paragraph("x"))[:-40],
    "no such mark-up": write_docx("<w:p>"),
    "a part that is no mark-up": write_docx("", **{"word/styles.xml": "none"}),
    "a link to nowhere": write_docx(f'<w:p><w:hyperlink r:id="none">{run("x")}</w:hyperlink></w:p>'),
    "nested without end": write_docx("<w:sdt><w:sdtContent>" * 2_000 + "</w:sdtContent></w:sdt>" * 2_000),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_opened_is_unreadable(body: bytes) -> None:
    with pytest.raises(ExtractionError) as caught:
        extract(body, MEDIA_TYPE)
    assert caught.value.problem is ProblemKind.UNREADABLE


WHOLE = write_docx(paragraph("Rules", "heading 1") + paragraph("We remove spam and bots."))


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_damaged_file_is_read_or_unreadable_and_always_the_same(position: int, byte: int) -> None:
    def read_damaged() -> object:
        try:
            return read_docx(WHOLE[:position] + bytes([byte]) + WHOLE[position + 1 :])
        except ExtractionError as error:
            return str(error)

    assert read_damaged() == read_damaged()
