"""Australia, Canada and Ireland asked for real, by the crawl process, on local servers in the form of each."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from monitor.envelope import MEDIA_TYPE, unpack
from monitor.errors import ExtractionError
from monitor.model import Outcome
from monitor.publishers import read_envelope
from publishers.commonwealth import (
    detailed_bill,
    irish_bill,
    legisinfo,
    legislation_gov_au,
    listed_bill,
    oireachtas,
    title,
    version,
)
from publishers.interfaces import answered
from publishers.test_interfaces_crawled import ask, ask_all

VERSIONS = "/v1/Versions?$filter=registeredAt%20ge%20{since:365d}T00:00:00"
ACTS = "/v1/Titles?$filter=collection%20eq%20'Act'"
TITLE = "/v1/Titles('C2021A00901')"
BILLS = "/legisinfo/en/bills/json?parlsession=45-1"
IRISH = "/v1/legislation?last_updated={since:60d}"


def registered(count):
    """So many versions of three titles, each version registered and in force."""
    return [
        version(str(at), f"2025-{1 + at % 12:02}-{1 + at % 28:02}", titleId=f"C2021A{at % 3:05}", retrospectiveStart=at)
        for at in range(1, count + 1)
    ]


INTERFACES = {
    "versions of the Australian register, several pages": (
        "legislation-gov-au",
        VERSIONS,
        legislation_gov_au(versions=registered(250)),
        3,
        3,
    ),
    "a full page of versions, and none after it": (
        "legislation-gov-au",
        VERSIONS,
        legislation_gov_au(versions=registered(100)),
        2,
        3,
    ),
    "titles of the Australian register": (
        "legislation-gov-au",
        ACTS,
        legislation_gov_au([title(f"C2021A{at:05}") for at in range(120)]),
        2,
        120,
    ),
    "one title with its versions": (
        "legislation-gov-au",
        TITLE,
        legislation_gov_au([title()], [version(), version(None, "2027-01-01")]),
        1,
        1,
    ),
    "nothing registered": ("legislation-gov-au", VERSIONS, legislation_gov_au(), 1, 0),
    "bills of a Canadian session": (
        "legisinfo",
        BILLS,
        legisinfo([listed_bill(f"C-{at}") for at in range(300)]),
        1,
        300,
    ),
    "one Canadian bill": ("legisinfo", "/LegisInfo/en/bill/45-1/c-901/json", legisinfo((), [detailed_bill()]), 1, 1),
    "a session without bills": ("legisinfo", BILLS, legisinfo(), 1, 0),
    "Irish bills, several pages": ("oireachtas", IRISH, oireachtas([irish_bill(str(at)) for at in range(230)]), 3, 230),
    "no Irish bills": ("oireachtas", IRISH, oireachtas(), 1, 0),
}


@pytest.fixture(scope="module")
def crawled():
    return ask_all({name: (respond, kind, path) for name, (kind, path, respond, _, _) in INTERFACES.items()})


@pytest.mark.parametrize("name", INTERFACES)
def test_all_that_it_has_is_one_fetch_that_is_read_whole(crawled, name):
    kind, _, _, questions, entries = INTERFACES[name]
    fetch, publisher = crawled[name]
    assert (fetch.outcome, fetch.status, fetch.detail) == (Outcome.OK, 200, "")
    assert fetch.headers == {"content-type": MEDIA_TYPE}
    assert len(unpack(fetch.body)) == len(publisher.asked) == questions
    assert len(read_envelope(kind, fetch.body)) == entries


def test_the_pages_of_the_australian_register_are_counted_here_and_the_filter_stays(crawled):
    _, publisher = crawled["versions of the Australian register, several pages"]
    asked = [unquote(visit.path).partition("?")[2] for visit in publisher.asked]
    since = "$filter=registeredAt ge 2025-03-03T00:00:00&$count=true&$top=100"
    assert asked == [f"{since}&$skip=0", f"{since}&$skip=100", f"{since}&$skip=200"]


def test_a_single_title_is_asked_with_its_versions_and_without_pages(crawled):
    _, publisher = crawled["one title with its versions"]
    assert [unquote(visit.path) for visit in publisher.asked] == [f"{TITLE}?$expand=versions"]


@pytest.mark.parametrize(
    ("kind", "path", "respond", "today"),
    [
        (
            "legislation-gov-au",
            "/v1/Titles?$filter=asMadeRegisteredAt%20ge%20{date}",
            legislation_gov_au(),
            "2026-03-03",
        ),
        ("legisinfo", "/legisinfo/en/bills/json?parlsession=45-1&on={date}", legisinfo(), "2026-03-02"),
        ("oireachtas", "/v1/legislation?last_updated={date}", oireachtas(), "2026-03-03"),
    ],
)
def test_today_is_the_day_of_the_publisher(kind, path, respond, today):
    _, publisher = ask(respond, kind, path)
    assert today in publisher.asked[0].path


REFUSALS = {
    "a moment in UTC": (
        "legislation-gov-au",
        "/v1/Versions?$filter=registeredAt%20ge%202026-03-01T00:00:00Z",
        legislation_gov_au(),
        400,
        "The query specified in the URI is not valid.",
    ),
    "an order beside a filter by collection": (
        "legislation-gov-au",
        f"{ACTS}&$orderby=id",
        legislation_gov_au([title()]),
        400,
        "The query specified in the URI is not valid.",
    ),
    "a title that there is not": ("legislation-gov-au", "/v1/Titles('C1900A00001')", legislation_gov_au(), 404, "404"),
    "a list of bills without a session": ("legisinfo", "/legisinfo/en/bills/json", legisinfo(), 302, "not followed to"),
    "an address that the Oireachtas do not have": (
        "oireachtas",
        "/v1/bills",
        oireachtas(),
        403,
        "Missing Authentication",
    ),
}


@pytest.fixture(scope="module")
def refused():
    return ask_all({name: (respond, kind, path) for name, (kind, path, respond, _, _) in REFUSALS.items()})


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_refused_is_a_problem_in_the_words_of_the_publisher(refused, name):
    _, _, _, status, words = REFUSALS[name]
    fetch, publisher = refused[name]
    assert (fetch.outcome, fetch.status, fetch.body) == (Outcome.HTTP_ERROR, status, None)
    assert words in fetch.detail
    assert len(publisher.asked) == 1


WRONG = {
    "an error with status 200": (
        "legislation-gov-au",
        VERSIONS,
        lambda *_: answered({"error": {"code": "", "message": "Unexpected error"}}),
        "Unexpected error",
    ),
    "a page where a bill was": (
        "legisinfo",
        "/legisinfo/en/bill/45-1/c-1/json",
        legisinfo(),
        "A system error has occurred",
    ),
    "an object in place of the bills": (
        "legisinfo",
        BILLS,
        lambda *_: answered({"Items": []}),
        "without an array of bills",
    ),
    "a page in place of Irish bills": (
        "oireachtas",
        IRISH,
        lambda *_: answered(b"<html><body>503 Backend fetch failed</body></html>", media_type="text/html"),
        "503 Backend fetch failed",
    ),
    "pages that begin again": (
        "oireachtas",
        IRISH,
        lambda *_: answered({"head": {"counts": {"billCount": 300}}, "results": [irish_bill()] * 100}),
        "has 300 results, and gave 1",
    ),
    "an Australian list that is cut off": (
        "legislation-gov-au",
        VERSIONS,
        lambda *_: answered({"@odata.count": 2453, "value": [version()]}),
        "has 2,453 results, and gave 1",
    ),
}


@pytest.fixture(scope="module")
def wrong():
    return ask_all({name: (respond, kind, path) for name, (kind, path, respond, _) in WRONG.items()})


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_that_is_not_what_was_asked_for_is_not_read(wrong, name):
    kind, _, _, words = WRONG[name]
    fetch, publisher = wrong[name]
    assert len(publisher.asked) <= 2
    with pytest.raises(ExtractionError, match=words):
        read_envelope(kind, fetch.body)
