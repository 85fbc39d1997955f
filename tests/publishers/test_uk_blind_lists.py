"""A list on GOV.UK whose documents cannot be read is a Problem, and never an empty list."""

from __future__ import annotations

import json

import pytest

from monitor.envelope import MEDIA_TYPE, Answer, pack
from monitor.errors import ExtractionError
from monitor.publishers import read_envelope
from publishers.british import document, finder, moved

HOST = "https://www.gov.uk"
FINDER = f"{HOST}/search/policy-papers-and-consultations.atom"
PATHS = ("/a", "/b", "/c")
ELSEWHERE = "https://ofcom.example/news"
CHALLENGE = b"<html><title>Just a moment...</title><p>Checking your browser before accessing.</p></html>"
HIDDEN = (404, b'{"message": "not found"}')


def enclose(listed, *answers):
    """The envelope of a finder that lists these links, and what the Content API said of each path: status and body."""
    said = [Answer(f"{HOST}/api/content{path}", status, "", body) for path, (status, body) in answers]
    return pack([Answer(FINDER, 200, "application/atom+xml", finder(*listed).encode()), *said])


def refuse(envelope):
    """What is wrong with it."""
    with pytest.raises(ExtractionError) as raised:
        read_envelope("govuk", envelope)
    return raised.value


def read(envelope):
    return [each.identity for each in read_envelope("govuk", envelope)]


def said(content):
    return 200, json.dumps(content).encode()


@pytest.mark.parametrize(
    ("each", "why"),
    [
        (HIDDEN, "HTTP 404"),
        ((303, b""), "HTTP 303"),
        ((404, CHALLENGE), "HTTP 404"),
        (said(moved("/a", "/elsewhere")), "HTTP 200"),
    ],
    ids=["hidden", "moved", "refused as not found", "moved in words"],
)
def test_a_list_of_which_no_document_can_be_read_is_incomplete(each, why):
    error = refuse(enclose(PATHS, *((path, each) for path in PATHS)))
    assert error.problem == "incomplete"
    assert error.detail == f"{FINDER} lists 3 documents of GOV.UK, and none of them could be read ({why})"
    assert error.advice.startswith("Open it")


def test_a_list_whose_documents_are_partly_hidden_and_partly_moved_says_both():
    assert refuse(enclose(PATHS, ("/a", HIDDEN), ("/b", (303, b"")))).detail.endswith("(HTTP 303 or 404)")


def test_a_list_whose_links_lead_nowhere_is_incomplete():
    rows = {"results": [{"url": "/a", "title": "Fees"}, {"url": "/b", "title": "Ages"}]}
    error = refuse(pack([Answer(f"{HOST}/api/search.json", 200, "", json.dumps(rows).encode())]))
    assert error.problem == "incomplete"
    assert "2 documents of GOV.UK" in error.detail
    assert "no link in it is a path" in error.detail


def test_what_is_listed_of_another_site_does_not_hide_that_no_document_can_be_read():
    assert refuse(enclose([ELSEWHERE, *PATHS], *((path, HIDDEN) for path in PATHS))).problem == "incomplete"


@pytest.mark.parametrize("challenged", [PATHS, PATHS[1:2]], ids=["all", "one"])
def test_a_challenge_in_place_of_a_document_is_told_as_one(challenged):
    contents = {path: said(document(path)) for path in PATHS} | dict.fromkeys(challenged, (200, CHALLENGE))
    assert refuse(enclose(PATHS, *contents.items())).problem == "blocked"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"errors": {}}', b"<html><body><h1>Welcome</h1></body></html>"])
def test_another_thing_in_place_of_a_document_is_unreadable_and_names_its_address(body):
    error = refuse(enclose(["/a", "/b"], ("/a", (200, body)), ("/b", said(document("/b")))))
    assert (error.problem, "without `schema_name`" in error.detail) == ("unreadable", True)
    assert f"{HOST}/api/content/a" in error.advice


def test_one_document_that_is_hidden_is_left_out_alone_or_beside_others():
    assert read(enclose(["/a"], ("/a", HIDDEN))) == []
    assert read(enclose(PATHS, ("/a", HIDDEN), ("/b", (303, b"")), ("/c", said(document("/c"))))) == ["id-of-c"]
    assert read(enclose([ELSEWHERE, "/a"], ("/a", HIDDEN))) == [ELSEWHERE]


@pytest.mark.parametrize("path", ["/search/all.atom", "/api/search.json", "/api/content/a"])
@pytest.mark.parametrize("body", [b"", b"<html>Gone</html>", CHALLENGE], ids=["no word", "a page", "a challenge"])
def test_a_list_or_a_document_that_is_gone_without_a_word_of_the_publisher_is_retired(path, body):
    error = refuse(pack([Answer(f"{HOST}{path}", 410, "text/html", body)]))
    assert error.problem == "retired"
    assert f"410 Gone at {HOST}{path}" in error.detail


def test_a_list_that_is_gone_is_retired_whatever_stands_in_it():
    assert refuse(pack([Answer(FINDER, 410, "", finder().encode())])).problem == "retired"


def test_a_source_whose_list_goes_blind_has_a_problem_and_keeps_what_it_knows(desk):
    desk.declare(kind="govuk", jurisdiction="GB", hold=None, urls=(FINDER,))
    days = [
        enclose(PATHS, *((path, said(document(path))) for path in PATHS)),
        enclose(PATHS, *((path, HIDDEN) for path in PATHS)),
    ]
    for at, envelope in enumerate(days):
        desk.see(envelope.decode(), at * 24, url=FINDER, headers={"content-type": MEDIA_TYPE})
    assert list(desk.problems) == ["incomplete"]
    assert len(list(desk.db.query("SELECT id FROM document"))) == 3
