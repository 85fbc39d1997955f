"""legislation.gov.uk and GOV.UK asked for real, by the crawl process, on local servers in the form of each."""

from __future__ import annotations

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from monitor.envelope import unpack
from monitor.errors import ExtractionError
from monitor.model import Outcome
from monitor.publishers import read_envelope
from publishers.british import (
    ACT,
    SECTION,
    clml,
    document,
    effect,
    event,
    feed,
    gone,
    gov_uk,
    law,
    legislation,
    moved,
)
from publishers.interfaces import answered
from publishers.test_interfaces_crawled import ask_all
from spiders.legislation_gov_uk import LegislationGovUkSpider

CHANGES = f"/changes/affected/{ACT}/data.feed"
FINDER = "/search/policy-papers-and-consultations.atom?organisations[]=department-of-invention"
TEXT = f"/{ACT}/section/12/data.xml"
LISTED = ["/a", "/gone", "/hidden", "/guide/part", "https://elsewhere.example/b"]

INTERFACES = {
    "new laws": (
        "legislation-gov-uk",
        "/new/data.feed",
        legislation([law(f"uksi/2032/{at}") for at in range(250)]),
        2,
        250,
    ),
    "no new law": ("legislation-gov-uk", "/new/{date}/data.feed", legislation([]), 1, 0),
    "changes to a law": (
        "legislation-gov-uk",
        CHANGES,
        legislation([effect(f"key-{at}", AffectingURI=f"/id/uksi/2032/{at % 7}") for at in range(450)]),
        3,
        7,
    ),
    "the log of a law": (
        "legislation-gov-uk",
        f"/update/{ACT}/data.feed",
        legislation([event(f"{ACT}/{at}/data.xml") for at in range(45)]),
        3,
        45,
    ),
    "a section of a law": ("legislation-gov-uk", TEXT, legislation([], documents={TEXT: clml(SECTION % 14)}), 1, 1),
    "a finder": (
        "govuk",
        FINDER,
        gov_uk(document("/a"), gone("/gone"), document("/guide"), listed=LISTED),
        5,
        3,
    ),
    "a finder that lists more than is asked for": (
        "govuk",
        FINDER,
        gov_uk(*(document(f"/{at}") for at in range(60)), listed=[f"/{at}" for at in range(60)]),
        51,
        50,
    ),
    "the search api": (
        "govuk",
        "/api/search.json?filter_organisations=department-of-invention",
        gov_uk(*(document(f"/{at}") for at in range(60)), listed=[f"/{at}" for at in range(60)]),
        51,
        50,
    ),
    "one document": ("govuk", "/api/content/a", gov_uk(document("/a")), 1, 1),
    "one document that is gone": ("govuk", "/api/content/a", gov_uk(gone("/a")), 1, 1),
    "one document that was moved": ("govuk", "/api/content/a", gov_uk(moved("/a", "/b"), document("/b")), 2, 1),
}
SLOW = legislation([], making=[TEXT])


def torn(path, query, headers):
    """A feed whose second page fails."""
    whole = legislation([effect(f"key-{at}") for at in range(250)])
    return answered(b"", 404) if dict(query)["page"] == "2" else whole(path, query, headers)


def endless(_, query, __):
    page = int(dict(query)["page"])
    return answered(feed(law(f"uksi/2032/{page}"), page=page, more=9).encode())


REFUSED = {
    "a text that is still being made": ("legislation-gov-uk", TEXT, SLOW, 202, "still being made, ask again later"),
    "a page that fails": ("legislation-gov-uk", CHANGES, torn, 404, "question 2"),
    "no such law": ("legislation-gov-uk", TEXT, legislation([]), 404, "404 Not Found"),
    "a robot that is not wanted": (
        "legislation-gov-uk",
        TEXT,
        lambda *_: answered(b"", 437),
        437,
        "437 unknown status",
    ),
    "a law that was never revised": (
        "legislation-gov-uk",
        TEXT,
        lambda *_: answered(b"", 307, Location=f"/{ACT}/enacted/data.xml"),
        307,
        f"not followed to /{ACT}/enacted/data.xml",
    ),
    "a document that does not exist": ("govuk", "/api/content/a", gov_uk(), 404, "question 1"),
    "a part of a document": (
        "govuk",
        "/api/content/a/b",
        gov_uk(document("/a")),
        303,
        "not followed to /api/content/a",
    ),
    "too many questions": ("govuk", "/api/content/a", lambda *_: answered(b"", 429), 429, "429 Too Many Requests"),
}


@pytest.fixture(scope="module")
def crawled():
    both = INTERFACES | REFUSED
    questions = {name: (respond, kind, path) for name, (kind, path, respond, _, _) in both.items()}
    return ask_all(questions | {"laws without end": (endless, "legislation-gov-uk", "/new/data.feed")})


@pytest.mark.parametrize("name", INTERFACES)
def test_all_that_the_publisher_has_is_one_fetch(crawled, name):
    kind, _, _, questions, entries = INTERFACES[name]
    fetch, publisher = crawled[name]
    assert (fetch.outcome, fetch.detail) == (Outcome.OK, "")
    assert len(unpack(fetch.body)) == len(publisher.asked) == questions
    assert len(read_envelope(kind, fetch.body)) == entries


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_answer_is_told_in_the_publishers_words_and_nothing_is_stored(crawled, name):
    _, _, _, status, words = REFUSED[name]
    fetch, _ = crawled[name]
    assert (fetch.outcome, fetch.status, fetch.body) == (Outcome.HTTP_ERROR, status, None)
    assert words in fetch.detail


def test_what_is_gone_is_stored_as_it_was_said(crawled):
    fetch, _ = crawled["a finder"]
    assert [each.status for each in unpack(fetch.body)] == [200, 200, 410, 404, 303]
    assert fetch.status == 200
    assert crawled["one document that is gone"][0].status == 410


def test_pages_without_end_are_asked_for_twenty_times_and_are_a_problem(crawled):
    fetch, publisher = crawled["laws without end"]
    assert len(publisher.asked) == 20
    with pytest.raises(ExtractionError, match="more than the 20 pages"):
        read_envelope("legislation-gov-uk", fetch.body)


def test_legislation_gov_uk_is_asked_as_seldom_as_its_robots_txt_wants():
    crawler = Crawler(LegislationGovUkSpider, Settings({"DOWNLOAD_DELAY": 0.5}))
    assert crawler.settings.getfloat("DOWNLOAD_DELAY") == 5
