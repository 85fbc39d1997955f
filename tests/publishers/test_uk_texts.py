"""The text of a law of the United Kingdom, as it stands now and as it stood."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.errors import ExtractionError
from monitor.publishers.clml import STATUS, read_law
from publishers.british import (
    ACT,
    ACT_TITLE,
    SECTION,
    WHOLE_LAW,
    clml,
    version,
)
from publishers.conftest import dates, texts


def read_pages(read, url, *pages):
    return read("legislation-gov-uk", *(each.encode() for each in pages), url=url)


def read_one(read, url, *pages):
    (entry,) = read_pages(read, url, *pages).values()
    return entry


# What legislation.gov.uk says: texts


def test_a_section_is_read_as_it_stands_now(read):
    url = f"https://www.legislation.gov.uk/{ACT}/section/12/data.xml"
    entry = read_one(read, url, clml(SECTION % 14, path=f"{ACT}/section/12"))
    assert (entry.identity, entry.title) == (f"{ACT}/section/12", f"{ACT_TITLE}, section 12")
    assert entry.url == f"https://www.legislation.gov.uk/{ACT}/section/12"
    assert texts(entry) == ["12 Duty to protect", "(1) A provider must—", "(a) assess the risk within 14 days, and"]
    assert entry.published_at.date() == date(2032, 5, 1)
    assert entry.blocks[-1].heading == (entry.title, "12 Duty to protect")


def test_a_law_is_called_by_its_title_alone_whatever_its_path_is_made_of(read):
    text = (clml(SECTION % 14)).replace(f"id/{ACT}", "id/ukpga/Eliz2/6-7/51")
    assert read_one(read, "https://www.legislation.gov.uk/ukpga/Eliz2/6-7/51/data.xml", text).title == ACT_TITLE


def test_an_instrument_states_when_it_comes_into_force(read):
    made = '<ukm:Made Date="2032-03-01"/><ukm:ComingIntoForce><ukm:DateTime Date="2032-05-01"/></ukm:ComingIntoForce>'
    text = clml(SECTION % 14, dates=made, valid="").replace("PrimaryMetadata>", "SecondaryMetadata>")
    entry = read_one(read, f"https://www.legislation.gov.uk/{ACT}/data.xml", text)
    assert dates(entry) == [("effective", "2032-05-01", None)]
    assert texts(entry)[0] == "Effective on 1 May 2032 (legislation.gov.uk, ComingIntoForce)"
    assert entry.published_at.date() == date(2032, 3, 1)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (ACT, clml(SECTION % 14, root='Status="Repealed"')),
        (
            f"{ACT}/section/12",
            clml((SECTION % 14).replace("<P1group>", '<P1group Status="Repealed">'), path=f"{ACT}/section/12"),
        ),
    ],
    ids=["the law", "the section"],
)
def test_what_is_repealed_is_withdrawn(read, path, text):
    entry = read_one(read, f"https://www.legislation.gov.uk/{path}/data.xml", text)
    assert entry.withdrawal == texts(entry)[0] == "Repealed (legislation.gov.uk)"


def test_what_is_left_of_a_repealed_part_says_so_once():
    part = (
        '<Part Status="Repealed"><Number>PART 2</Number><P1group Status="Repealed"><Title>Old</Title></P1group></Part>'
    )
    text = clml(f'<Body>{part}<P1group Status="Discarded"><Title>Never</Title></P1group></Body>')
    assert [each.text for each in read_law(text.encode()).blocks] == [
        "PART 2",
        STATUS["Repealed"],
        "Old",
        "Never",
        STATUS["Discarded"],
    ]


def test_a_law_with_a_repealed_section_stands(read):
    text = clml((SECTION % 14).replace("<P1group>", '<P1group Status="Repealed">'))
    assert read_one(read, f"https://www.legislation.gov.uk/{ACT}/data.xml", text).withdrawal == ""


def test_a_whole_law_is_read_with_its_headings_numbers_tables_and_quotations():
    blocks = read_law(WHOLE_LAW.encode()).blocks
    duties = ("PART 1 Providers", "Duties")
    assert [(str(each.kind), each.text, each.heading) for each in blocks] == [
        ("paragraph", "2031 CHAPTER 7", ()),
        ("paragraph", "An Act to invent.", ()),
        ("paragraph", "[26th October 2031]", ()),
        ("paragraph", "Made 1st March 2032", ()),
        ("heading", "PART 1 Providers", duties[:1]),
        ("heading", "Duties", duties),
        ("heading", "13 Fees", (*duties, "13 Fees")),
        ("item", STATUS["Prospective"], (*duties, "13 Fees")),
        ("paragraph", "(1)(a) A fee is due.", (*duties, "13 Fees")),
        ("heading", "Two rules", (*duties, "Two rules")),
        ("paragraph", "14. One.", (*duties, "Two rules")),
        ("paragraph", "Two.", (*duties, "Two rules")),
        ("heading", "15 Other law", (*duties, "15 Other law")),
        ("paragraph", "After section 3 insert—", (*duties, "15 Other law")),
        ("quote", "3A New duty", (*duties, "15 Other law")),
        ("quote", "It applies.", (*duties, "15 Other law")),
        ("heading", "SCHEDULE 1 Rates", ("SCHEDULE 1 Rates",)),
        ("paragraph", "Section 13", ("SCHEDULE 1 Rates",)),
        ("row", "Size | Rate", ("SCHEDULE 1 Rates",)),
        ("row", "Small | 1%", ("SCHEDULE 1 Rates",)),
        ("paragraph", "An item.", ("SCHEDULE 1 Rates",)),
    ]


def test_a_law_nested_without_end_is_read_to_a_depth_and_as_one_line_below():
    text = clml("<Body><P>" + "<Para>" * 150 + "<Text>Deep.</Text>" + "</Para>" * 150 + "</P></Body>")
    assert [each.text for each in read_law(text.encode()).blocks] == ["Deep."]


def test_the_points_in_time_of_a_law_are_in_order_with_their_paths():
    links = (
        version("prospective", f"{ACT}/prospective")
        + version("2032-01-10", f"{ACT}/2032-01-10")
        + version("enacted", f"{ACT}/enacted")
        + version("2033-04-01 repealed", f"{ACT}/2033-04-01")
        + version("current", ACT)
    )
    found = read_law(clml(SECTION % 14, versions=links).encode())
    assert found.versions == (
        (date(2031, 10, 26), f"/{ACT}/enacted"),
        (date(2032, 1, 10), f"/{ACT}/2032-01-10"),
        (date(2033, 4, 1), f"/{ACT}/2033-04-01"),
    )
    assert (found.title, found.valid_from, found.is_repealed) == (ACT_TITLE, date(2032, 5, 1), False)


def test_a_law_of_which_there_is_only_a_pdf_is_a_problem():
    with pytest.raises(ExtractionError, match="no text of this law") as raised:
        read_law(clml("<PrimaryPrelims/>").encode())
    assert raised.value.problem == "empty"


@pytest.mark.parametrize("body", [b"", b"<html><body>Hello</body></html>", b"{}", b"\xff\x00<"])
def test_what_is_no_law_is_no_law(body):
    with pytest.raises(ExtractionError, match="no legislation in CLML"):
        read_law(body)
