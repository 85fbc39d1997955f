"""The Federal Register: what its documents are known by, when they bind, and what its interface does wrong."""

from __future__ import annotations

import pytest

from monitor.errors import ExtractionError
from publishers.conftest import dates, texts
from publishers.register import CORRECTION, DELAY, EXTENSION, FINAL, PROPOSED, WITHDRAWAL, page
from spiders.federal_register import FIELDS, FederalRegisterSpider

KIND = "federal-register"
URL = "https://www.federalregister.gov/api/v1/documents.json?conditions[agencies][]=invented-rules-office"


def test_a_document_is_known_by_its_number_and_has_its_day_text_and_dates(read):
    entry = read(KIND, page(PROPOSED))["2026-04001"]
    assert (entry.title, entry.url) == (PROPOSED["title"], PROPOSED["html_url"])
    assert entry.published_at.isoformat() == "2026-03-02T00:00:00-05:00"
    assert dates(entry) == [("comments_close", "2026-05-01", None)]
    assert texts(entry) == [
        "Proposed rule.",
        PROPOSED["abstract"],
        PROPOSED["dates"],
        "Comments close on 1 May 2026 (Federal Register, comments_close_on)",
        "Invented Rules Office; Docket OIR-2026-0007; RIN 9999-AA01; 16 CFR part 999",
    ]


def test_an_extension_moves_the_deadline_of_the_document_before_it_in_its_docket(read):
    entries = read(KIND, page(EXTENSION, PROPOSED))
    assert dates(entries["2026-06002"]) == [("comments_close", "2026-06-01", "2026-05-01")]
    assert dates(entries["2026-04001"]) == [("comments_close", "2026-06-01", None)]
    assert "comments_close_on moved by document 2026-06002" in texts(entries["2026-04001"])


def test_a_second_extension_moves_it_on_from_where_the_first_left_it(read):
    again = EXTENSION | {"document_number": "2026-07009", "publication_date": "2026-05-28"}
    entries = read(KIND, page(again | {"comments_close_on": "2026-07-01"}, EXTENSION, PROPOSED))
    assert dates(entries["2026-07009"]) == [("comments_close", "2026-07-01", "2026-06-01")]
    assert dates(entries["2026-04001"]) == [("comments_close", "2026-07-01", None)]


def test_a_delay_moves_the_effective_date(read):
    entries = read(KIND, page(DELAY, FINAL))
    assert dates(entries["2026-08990"]) == [("effective", "2026-12-01", "2026-09-01")]
    assert dates(entries["2026-08005"]) == [("effective", "2026-12-01", None)]


@pytest.mark.parametrize(
    "what",
    [
        {"docket_ids": ["Docket No. OIR-2026-0008"]},
        {"docket_ids": []},
        {"type": "Notice"},
        {"publication_date": "2026-05-01"},
        {"comments_close_on": "2026-06-30"},
        {"comments_close_on": None},
    ],
    ids=["another docket", "no docket", "another type", "published later", "closes later anyway", "sets no date"],
)
def test_an_extension_moves_nothing_that_it_is_not_about(read, what):
    other = PROPOSED | what
    entries = read(KIND, page(EXTENSION, other))
    assert dates(entries["2026-06002"]) == [("comments_close", "2026-06-01", None)]
    assert [each.date for each in entries["2026-04001"].dates] == [other["comments_close_on"]] * bool(
        other["comments_close_on"]
    )


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"correction_of": None},
        {"action": "Proposed rule.", "correction_of": None, "document_number": "C1-2026-04001"},
    ],
    ids=["by its link and its action", "by its action", "by its number"],
)
def test_a_correction_has_no_dates_and_moves_none(read, what):
    correction = CORRECTION | {"comments_close_on": "2026-08-01"} | what
    entries = read(KIND, page(correction, PROPOSED))
    corrected = entries[correction["document_number"]]
    assert (corrected.dates, corrected.withdrawal) == ((), "")
    assert dates(entries["2026-04001"]) == [("comments_close", "2026-05-01", None)]
    assert "March 2, 2026." not in texts(corrected)


def test_a_correction_names_what_it_corrects(read):
    assert texts(read(KIND, page(CORRECTION))["2026-05003"])[-1].endswith("corrects document 2026-04001")


def test_comments_that_close_before_the_document_was_published_are_junk(read):
    assert read(KIND, page(PROPOSED | {"comments_close_on": "2026-03-01"}))["2026-04001"].dates == ()


def test_a_withdrawal_says_so_and_has_no_dates(read):
    entry = read(KIND, page(WITHDRAWAL | {"effective_on": "2026-07-06"}))["2026-09004"]
    assert (entry.withdrawal, entry.dates) == ("Proposed rule; withdrawal.", ())
    assert entry.withdrawal in texts(entry)


@pytest.mark.parametrize(
    ("action", "withdraws"),
    [
        ("Proposed rule; withdrawal.", True),
        ("Withdrawal of proposed rule.", True),
        ("Notice of withdrawal of guidance.", True),
        ("Proposed rule; partial withdrawal.", True),
        ("Withdrawn.", True),
        ("Notice of application for withdrawal.", False),
        ("Notice of proposed withdrawal.", False),
        ("Notice; withdrawal of approval.", False),
        ("Public land order; withdrawal of public lands.", False),
        ("Final rule.", False),
        (None, False),
    ],
)
def test_what_withdraws_a_document_is_told_apart_from_what_withdraws_land_or_an_approval(read, action, withdraws):
    assert bool(read(KIND, page(PROPOSED | {"action": action}))["2026-04001"].withdrawal) == withdraws


def test_no_hits_are_no_fault(read):
    assert read(KIND, page()) == {}


def test_a_document_on_two_pages_is_one(read):
    assert list(read(KIND, page(EXTENSION, count=2), page(EXTENSION, PROPOSED))) == ["2026-06002", "2026-04001"]


@pytest.mark.parametrize(
    ("answer", "problem", "words"),
    [
        (page(PROPOSED, count=120), "incomplete", "has 120 results, and gave 1"),
        ({"errors": {"fields": "unknown"}}, "unreadable", "Federal Register answered without `count`"),
        (b"<html><body>Sorry</body></html>", "unreadable", "Sorry"),
        (b"[1, 2]", "unreadable", "[1, 2]"),
    ],
    ids=["fewer than it says", "an error", "a page", "a list"],
)
def test_half_an_answer_is_none(read, answer, problem, words):
    with pytest.raises(ExtractionError) as raised:
        read(KIND, answer)
    assert raised.value.problem == problem
    assert words in raised.value.detail


@pytest.mark.parametrize(
    "raw",
    [{"document_number": "1"}, dict.fromkeys(PROPOSED) | {"document_number": "1"}, dict.fromkeys(PROPOSED, 7)],
    ids=["nothing else", "everything null", "everything a number"],
)
def test_a_document_that_lacks_what_others_have_is_read_all_the_same(read, raw):
    (entry,) = read(KIND, page(raw)).values()
    assert (entry.title, entry.dates) == (str(raw.get("title") or raw["document_number"]), ())


def test_all_pages_are_asked_for_with_the_fields_that_are_read(converse):
    asked = converse(
        FederalRegisterSpider,
        f"{URL}&fields[]=title&per_page=5",
        lambda url: page(PROPOSED | {"document_number": url}, more="page=3" not in url),
    )
    assert [url.rpartition("&")[2] for url in asked] == ["page=1", "page=2", "page=3"]
    assert all(url.startswith(URL) for url in asked)
    assert asked[0].count("fields[]=") == len(FIELDS)
    assert asked[0].endswith("&order=newest&per_page=200&page=1")


def test_an_interface_that_gives_its_first_page_again_is_asked_no_further(converse):
    asked = converse(FederalRegisterSpider, URL, lambda url: page(PROPOSED, count=900, more=True))
    assert len(asked) == 2


def test_a_query_of_very_many_pages_is_not_asked_to_its_end(converse):
    asked = converse(FederalRegisterSpider, URL, lambda url: page(PROPOSED | {"document_number": url}, more=True))
    assert len(asked) == 20


@pytest.mark.parametrize("answer", [b"no JSON", b"[]", b'{"results": 7, "next_page_url": true}', b'{"results": [7]}'])
def test_an_answer_of_another_form_ends_the_conversation(converse, answer):
    assert len(converse(FederalRegisterSpider, URL, lambda _: answer)) == 1
