"""What legislation.gov.uk and GOV.UK are asked, and that whatever they answer is read or is a Problem."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from monitor.envelope import Answer, pack
from monitor.errors import ExtractionError
from monitor.model import BlockKind
from monitor.publishers import read_envelope
from publishers.british import (
    ACT,
    WHOLE_LAW,
    document,
    effect,
    event,
    feed,
    finder,
    law,
    moved,
)
from spiders.govuk import GovUkSpider
from spiders.legislation_gov_uk import LegislationGovUkSpider

CHANGES = f"https://www.legislation.gov.uk/changes/affected/{ACT}/data.feed"
LOG = "https://www.legislation.gov.uk/update/data.feed"
NEW = "https://www.legislation.gov.uk/new/data.feed"
PAGE = "/government/consultations/invented-fees"
CONTENT = f"https://www.gov.uk/api/content{PAGE}"
SEARCH = "https://www.gov.uk/api/search.json"
FINDER = "https://www.gov.uk/search/policy-papers-and-consultations.atom"


# What is asked


def test_pages_of_changes_are_asked_for_to_the_last(converse):
    def answer(url):
        page = int(url.rpartition("page=")[2])
        return feed(effect(f"key-{page}", Modified=f"20{40 - page}-01-01T00:00:00Z"), more=max(0, 4 - page)).encode()

    asked = converse(LegislationGovUkSpider, f"{CHANGES}?results-count=50&sort=title", answer)
    assert asked == [f"{CHANGES}?results-count=200&sort=modified&page={page}" for page in (1, 2, 3, 4)]


def test_new_laws_are_asked_for_a_month_back(converse):
    def answer(url):
        page = int(url.rpartition("page=")[2])
        return feed(law(f"uksi/2032/{page}", published=f"2032-0{9 - page}-02T10:00:00Z"), more=90).encode()

    assert converse(LegislationGovUkSpider, NEW, answer) == [f"{NEW}?results-count=200&page={page}" for page in (1, 2)]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (LOG, f"{LOG}?page=1"),
        (
            "https://www.legislation.gov.uk/all/data.feed?title=online+safety",
            "https://www.legislation.gov.uk/all/data.feed?title=online%20safety&results-count=200&sort=modified&page=1",
        ),
        (f"https://www.legislation.gov.uk/{ACT}/data.xml", f"https://www.legislation.gov.uk/{ACT}/data.xml"),
    ],
    ids=["the log", "a search", "a law"],
)
def test_each_address_is_asked_in_its_own_way(converse, url, asked):
    assert converse(LegislationGovUkSpider, url, lambda _: feed(law()).encode()) == [asked]


@pytest.mark.parametrize("again", [feed(law(), more=9), feed(law(updated="soon", published="soon"), more=9)])
def test_pages_that_begin_again_come_to_an_end(converse, again):
    assert len(converse(LegislationGovUkSpider, NEW, lambda _: again.encode())) == 2


def test_a_finder_is_asked_for_its_documents_on_the_same_host(converse):
    links = ["/a?x=1", "/a", "https://elsewhere.example/b", "/c/", "", "http://[broken"]
    atom = finder(*links)
    asked = converse(GovUkSpider, f"{FINDER}?organisations[]=x", lambda _: atom.encode())
    assert asked[1:] == ["https://www.gov.uk/api/content/a", "https://www.gov.uk/api/content/c"]


def test_the_search_api_is_asked_for_the_newest_and_then_for_each(converse):
    found = {"results": [{"link": "/a"}, {"link": "https://elsewhere.example/b"}, {"link": None}], "total": 900}
    asked = converse(GovUkSpider, f"{SEARCH}?filter_organisations=ofcom&count=1000", lambda _: found)
    query = "order=-public_timestamp&count=50&start=0&fields=title,link,description,public_timestamp"
    assert asked == [f"{SEARCH}?filter_organisations=ofcom&{query}", "https://www.gov.uk/api/content/a"]


def test_a_document_that_was_moved_is_asked_for_at_its_new_path(converse):
    def answer(url):
        return moved(PAGE, "/fees?query=1#part") if url == CONTENT else document("/fees")

    assert converse(GovUkSpider, CONTENT, answer) == [CONTENT, "https://www.gov.uk/api/content/fees"]
    assert converse(GovUkSpider, CONTENT, lambda _: moved(PAGE, "https://other.example/fees")) == [CONTENT]
    assert converse(GovUkSpider, CONTENT, lambda _: {"schema_name": "redirect"}) == [CONTENT]


@pytest.mark.parametrize("body", [b"", b"no XML", b"<rss/>", b"<html><body><h1>Not found</h1></body></html>"])
@pytest.mark.parametrize("kind", ["govuk", "legislation-gov-uk"])
def test_an_answer_of_another_kind_is_a_problem(read, kind, body):
    with pytest.raises(ExtractionError, match="answered without"):
        read(kind, body, url=FINDER)


@pytest.mark.parametrize("kind", ["govuk", "legislation-gov-uk"])
def test_a_bot_challenge_is_told_as_one(read, kind):
    challenge = b"<html><head><title>Just a moment...</title></head><body><p>Checking your browser</p></body></html>"
    with pytest.raises(ExtractionError) as raised:
        read(kind, challenge, url=FINDER)
    assert raised.value.problem == "blocked"


# Whatever comes


ODD = st.none() | st.sampled_from(
    ["", " ", "0001-01-01", "9999-12-31T23:59:59Z", "2032-02-30", "http://[", "//x", "\u200b"]
)
DOCUMENTS = {
    CHANGES: feed(effect(), effect("key-2", starts=""), total=2),
    LOG: feed(event(), event(happened="withdrawn", slip="1")),
    NEW: feed(law(), more=1),
    f"https://www.legislation.gov.uk/{ACT}/data.xml": WHOLE_LAW,
}


@st.composite
def spoilt(draw, text):
    """A document with something odd at a few places: an element or attribute gone, or with another value."""
    root = Selector(text, type="xml").root
    for _ in range(draw(st.integers(1, 4))):
        element = draw(st.sampled_from([each for each in root.iter() if isinstance(each.tag, str)]))
        odd = draw(ODD)
        if element.attrib and draw(st.booleans()):
            name = draw(st.sampled_from(sorted(element.attrib)))
            element.attrib.pop(name) if odd is None else element.set(name, odd)
        elif odd is not None:
            element.text = odd
        elif element.getparent() is not None:
            element.getparent().remove(element)
    return Selector(root=root, type="xml").get().encode()


@pytest.mark.parametrize("url", DOCUMENTS)
@given(data=st.data())
def test_a_document_of_legislation_with_odd_values_is_read_or_is_a_problem(url, data):
    answer = Answer(url, 200, "", data.draw(spoilt(DOCUMENTS[url])))
    with suppress(ExtractionError):
        for entry in read_envelope("legislation-gov-uk", pack([answer])):
            found = [block.text for block in entry.blocks]
            assert entry.title
            assert all(found)
            assert entry.blocks[0].kind is BlockKind.HEADING
            assert {each.sentence for each in entry.dates} | ({entry.withdrawal} - {""}) <= set(found)
