"""What GOV.UK says: identities, days, texts, and what is left out."""

from __future__ import annotations

import json
from datetime import date

import pytest

from monitor.envelope import Answer, pack
from monitor.errors import ExtractionError
from monitor.publishers import read_envelope
from publishers.british import (
    document,
    finder,
    gone,
    moved,
)
from publishers.conftest import dates, texts

PAGE = "/government/consultations/invented-fees"
CONTENT = f"https://www.gov.uk/api/content{PAGE}"
FINDER = "https://www.gov.uk/search/policy-papers-and-consultations.atom"


def read_content(read, *contents):
    (entry,) = read("govuk", *contents, url=CONTENT).values()
    return entry


def read_listing(atom, **contents):
    """The entries of a finder, by identity, with what the Content API said of each path."""
    answers = [Answer(FINDER, 200, "application/atom+xml", atom.encode())]
    for path, content in contents.items():
        answers.append(Answer(f"https://www.gov.uk/api/content/{path}", 200, "", json.dumps(content).encode()))
    return {each.identity: each for each in read_envelope("govuk", pack(answers))}


# What GOV.UK says: a document


def test_a_consultation_is_read_with_what_it_asks_and_until_when(read):
    entry = read_content(read, document())
    assert (entry.identity, entry.url) == (PAGE, f"https://www.gov.uk{PAGE}")
    assert texts(entry) == [
        "Consultation; Department of Invention; first published on 2 March 2032; opens on 2 March 2032",
        "A consultation on fees.",
        "Comments close on 26 May 2032 (GOV.UK, closing_date)",
        "We ask how to set fees.",
        "Attachments",
        "Consultation paper",
        "Updates",
        "2 March 2032: First published.",
    ]
    assert dates(entry) == [("comments_close", "2032-05-26", None)]
    assert entry.published_at.isoformat() == "2032-03-02T00:00:00+00:00"
    assert entry.blocks[-3].links == ("https://assets.example/paper.pdf",)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2032-05-26T23:45:00.000+01:00", "2032-05-26"),
        ("2032-05-26T22:59:00Z", "2032-05-26"),
        ("2032-05-27T00:00:00+01:00", "2032-05-26"),
        ("2032-05-26T23:00:00Z", "2032-05-26"),
        ("2032-12-16T00:00:00Z", "2032-12-15"),
        ("2032-05-26T23:30:00Z", "2032-05-27"),
        ("2032-05-26T12:00:00", "2032-05-26"),
    ],
    ids=["11:45pm", "in UTC", "midnight", "midnight in UTC", "midnight in winter", "half past midnight", "no zone"],
)
def test_a_consultation_closes_on_a_day_in_london_and_midnight_ends_a_day(read, moment, day):
    assert [each.date for each in read_content(read, document(details={"closing_date": moment})).dates] == [day]


@pytest.mark.parametrize("closing", [None, "soon", "0001-01-01T00:00:00Z", 7])
def test_no_closing_date_is_none(read, closing):
    assert read_content(read, document(details={"closing_date": closing})).dates == ()


def test_only_what_can_be_answered_closes(read):
    assert read_content(read, document(schema_name="publication")).dates == ()


def test_that_a_consultation_has_closed_is_no_change_and_its_outcome_is(read):
    opened = read_content(read, document())
    assert (
        read_content(read, document(document_type="closed_consultation", updated_at="2032-06-01T00:00:00Z")) == opened
    )
    outcome = {"final_outcome_detail": "<p>We will set fees.</p>", "public_feedback_detail": "<p>Many wrote.</p>"}
    entry = read_content(read, document(document_type="consultation_outcome", details=outcome))
    assert texts(entry)[0].startswith("Consultation outcome;")
    assert texts(entry)[4:8] == ["Outcome", "We will set fees.", "Feedback received", "Many wrote."]


def test_a_document_is_withdrawn_where_its_notice_says_when(read):
    notice = {"explanation": '<div class="govspeak"><p>Out of date.</p></div>', "withdrawn_at": "2032-11-12T09:52:00Z"}
    entry = read_content(read, document(withdrawn_notice=notice))
    assert entry.withdrawal == texts(entry)[0] == "Withdrawn on 12 November 2032 (GOV.UK): Out of date."
    assert entry.dates == ()
    assert "We ask how to set fees." in texts(entry)


def test_a_document_that_is_gone_is_withdrawn_under_the_path_that_was_declared(read):
    entry = read_content(read, gone(PAGE, alternative_path="/government/other"))
    words = "Withdrawn on 1 April 2032 (GOV.UK): Published in error; see /government/other"
    assert (entry.identity, entry.title, entry.withdrawal) == (PAGE, PAGE, words)
    assert texts(entry) == [words]


def test_a_document_that_is_gone_without_a_word_is_withdrawn(read):
    entry = read_content(read, {"schema_name": "gone", "details": {}, "public_updated_at": None})
    assert (entry.withdrawal, entry.published_at) == ("Withdrawn (GOV.UK)", None)


def test_a_document_that_was_renamed_stays_the_document_that_was_declared(read):
    entry = read_content(
        read, moved(PAGE, "/government/consultations/fees"), document("/government/consultations/fees")
    )
    assert (entry.identity, entry.url) == (PAGE, "https://www.gov.uk/government/consultations/fees")


def test_a_document_that_was_moved_elsewhere_is_a_problem(read):
    with pytest.raises(ExtractionError, match=rf"{PAGE} was moved to /elsewhere, https://other\.example/") as raised:
        read_content(read, moved(PAGE, "https://other.example/"))
    assert raised.value.problem == "retired"


def test_an_answer_that_is_no_document_is_a_problem(read):
    with pytest.raises(ExtractionError, match="without `schema_name`"):
        read_content(read, {"errors": {}})


def test_a_guide_is_read_with_its_parts_and_a_body_in_several_forms_once(read):
    parts = [
        {"title": "Who pays", "body": "<p>All.</p>"},
        {"title": "", "body": "<p>None.</p>"},
        {"title": "Empty"},
    ]
    body = [{"content_type": "text/govspeak", "content": "Hi"}, {"content_type": "text/html", "content": "<p>Hi</p>"}]
    facts = {"body": body, "parts": parts, "attachments": [], "documents": ["<p>Paper.pdf</p>"], "change_history": []}
    entry = read_content(read, document(schema_name="guide", document_type="guide", details=facts))
    assert texts(entry)[2:] == ["Hi", "Who pays", "All.", "None.", "Attachments", "Paper.pdf"]
    assert texts(read_content(read, document(details={"body": ["?"]})))[3] == "Attachments"


def test_change_notes_are_told_in_their_order(read):
    notes = [
        {"public_timestamp": "2032-04-01T00:30:00+01:00", "note": "Added a form."},
        {"public_timestamp": "2032-03-02T09:30:00Z", "note": "First published."},
        {"public_timestamp": None, "note": "?"},
    ]
    entry = read_content(read, document(details={"change_history": notes}))
    assert texts(entry)[-2:] == ["2 March 2032: First published.", "1 April 2032: Added a form."]


def test_a_document_held_elsewhere_says_where(read):
    entry = read_content(read, document(details={"held_on_another_website_url": "https://consult.example/fees"}))
    assert texts(entry)[0].endswith("held at https://consult.example/fees")


# What GOV.UK says: a finder


def test_the_documents_of_a_finder_are_known_by_their_content_id_and_language():
    contents = {"a": document("/a"), "a.cy": document("/a.cy", content_id="id-of-a", locale="cy")}
    assert list(read_listing(finder("/a", "/a.cy", "/a"), **contents)) == ["id-of-a", "id-of-a cy"]


def test_a_listed_document_that_is_gone_is_withdrawn_under_the_name_and_id_of_the_finder():
    (entry,) = read_listing(finder("/a", title="Fees"), a=gone("/a")).values()
    assert (entry.identity, entry.title) == ("id-of-a", "Fees")
    assert entry.withdrawal.startswith("Withdrawn on 1 April 2032")


def test_a_listed_document_that_is_moved_or_was_not_asked_for_is_left_out():
    atom = finder("/b", "/c", "http://[broken", "/e")
    assert list(read_listing(atom, b=moved("/b", "/d"), e=document("/e"))) == ["id-of-e"]


def test_a_document_without_an_id_is_known_by_its_path():
    atom = finder("/a").replace("<dc:identifier>id-of-a</dc:identifier>", "")
    assert list(read_listing(atom, a=document("/a", content_id=None))) == ["/a"]


def test_what_a_finder_lists_of_another_site_is_read_from_the_finder():
    (entry,) = read_listing(finder("https://ofcom.example/news")).values()
    assert (entry.identity, entry.url, texts(entry)) == (*["https://ofcom.example/news"] * 2, ["In short."])
    assert entry.published_at.date() == date(2032, 3, 2)


def test_a_finder_without_hits_is_no_fault_and_one_that_has_ended_is_a_problem():
    assert read_listing(finder()) == {}
    with pytest.raises(ExtractionError, match="has ended") as raised:
        read_listing(finder("/search", title="This feed has ended"))
    assert raised.value.problem == "retired"


def test_what_the_search_api_finds_is_read_as_what_a_finder_lists(read):
    rows = [
        {"link": "/a", "title": "Fees", "public_timestamp": "2032-03-02T09:30:00Z"},
        {"link": "https://ofcom.example/b", "title": "Ages", "description": "In short.", "_id": "x"},
    ]
    answers = [
        Answer("https://www.gov.uk/api/search.json", 200, "", json.dumps({"results": rows, "total": 2}).encode())
    ]
    answers.append(Answer("https://www.gov.uk/api/content/a", 200, "", json.dumps(document("/a")).encode()))
    first, second = read_envelope("govuk", pack(answers))
    assert (first.identity, first.title) == ("id-of-a", "Fees of invented platforms")
    assert (second.identity, second.title, texts(second)) == ("https://ofcom.example/b", "Ages", ["In short."])
    assert read("govuk", {"results": []}) == {}
