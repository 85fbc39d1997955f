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
