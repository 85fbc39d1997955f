"""A conversation with an interface that comes no further, for whatever reason, is one Fetch and stops no other."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from scrapy.http import TextResponse

from monitor.backfill.laws import KINDS
from monitor.celex import MAX_DOCUMENTS, list_texts
from monitor.envelope import Answer, unpack
from monitor.model import Entry, Outcome, Request
from publishers.british import feed, finder, law
from publishers.european import CELEX, FACTS, PUBLISHED, act, cellar, item, results, text
from publishers.european import texts as listing
from publishers.interfaces import KEY, answered
from publishers.test_interfaces_crawled import ask
from spiders.cellar import CellarSpider
from spiders.govuk import GovUkSpider
from spiders.interface import InterfaceSpider
from spiders.legislation_gov_uk import FEED_BYTES, LegislationGovUkSpider

NOW = datetime(2090, 3, 2, 12, tzinfo=UTC)
ACT = f"https://publications.europa.eu{CELEX}"
NO_ADDRESSES = [
    "http://[x/",
    "http://[::1/DOC_1",
    "https://a]b/",
    "http://\u2100.example/DOC_1",
    "",
    "ftp://x/",
    "http",
]


class Clumsy(InterfaceSpider):
    """It trips where its declared URL says so: over an answer, or before it has asked anything."""

    name = "clumsy"
    kinds = frozenset({"clumsy"})
    key_name = "CLUMSY_KEY"

    def converse(self, url):
        if url.endswith("/at-once"):
            raise LookupError(KEY)
        answer = yield f"{url}?page=1"
        if answer.content["next"]:
            yield f"{url}?page=2"
        yield f"{url}?page={answer.content['last']}"


@pytest.fixture
def questions(monkeypatch):
    """What the spider does at first, by declared URL: the question that it asks, or a Fetch."""

    def asked(*urls):
        monkeypatch.setenv("CLUMSY_KEY", KEY)

        async def start():
            spider = Clumsy([Request(f"source-{at}", url, "clumsy") for at, url in enumerate(urls)], NOW)
            return [each async for each in spider.start()]

        return dict(zip(urls, asyncio.run(start()), strict=True))

    return asked


def answer(question, body):
    """The one thing that follows when this body is answered."""
    (following,) = question.callback(TextResponse(question.url, body=body, request=question), **question.cb_kwargs)
    return following


@pytest.mark.parametrize(
    ("bodies", "number", "error"),
    [
        ([b"[]"], 1, "KeyError"),
        ([b'{"next": true}', b"{}"], 2, "KeyError"),
        ([b"not JSON"], 1, "KeyError"),
    ],
    ids=["the first answer", "the second answer", "no JSON"],
)
def test_an_answer_that_a_spider_trips_over_is_one_broken_fetch_that_names_the_question(
    questions, bodies, number, error
):
    url = "https://api.example.gov/list"
    following = questions(url)[url]
    for body in bodies:
        following = answer(following, body)
    assert (following.source_id, following.url, following.at) == ("source-0", url, NOW)
    assert (following.outcome, following.body) == (Outcome.BROKEN, None)
    assert following.detail == (
        f"the spider clumsy comes no further than question {number}: {url}?page={number} ({error}); please report this"
    )


def test_a_spider_that_trips_over_a_declared_address_still_asks_for_the_others(questions):
    first, second = "https://api.example.gov/at-once", "https://api.example.gov/list"
    asked = questions(first, second)
    assert asked[second].url == f"{second}?page=1"
    assert (asked[first].outcome, asked[first].url) == (Outcome.BROKEN, first)
    assert asked[first].detail == f"the spider clumsy comes no further than {first} (LookupError); please report this"


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_in_a_list_of_texts_is_no_document(converse, address):
    listed = listing(text("32090R0901", address), text("32090R0901", item(1)))
    (only,) = list_texts(listed, ACT)
    assert [url.rpartition("/")[2] for url in only.urls] == ["DOC_1"]
    assert len(converse(CellarSpider, ACT, lambda url: listed if "%3Fitem" in url else {})) == 3


def test_a_list_of_texts_with_what_is_no_address_is_one_fetch_with_the_text_beside_it():
    rows = [text("32090R0901", "http://[x/"), text("32090R0901", item(1))]
    documents = {item(1).removeprefix("http://publications.europa.eu"): PUBLISHED}
    fetch, publisher = ask(cellar([act()], rows, documents), "cellar", CELEX)
    assert (fetch.outcome, len(unpack(fetch.body)), len(publisher.asked)) == (Outcome.OK, 3, 3)


def test_history_asks_for_as_many_documents_of_a_text_as_our_own_looks(converse):
    listed = listing(*(text("32090R0901", item(1, f"DOC_{at}")) for at in range(1, 61)))
    looked_at = converse(CellarSpider, ACT, lambda url: listed if "%3Fitem" in url else {})[2:]
    answers = [Answer(ACT, 200, "", json.dumps(each).encode()) for each in (results(FACTS, act()), listed)]
    (history,) = KINDS["cellar"].list_texts(ACT, answers, Entry("32090R0901", ACT, "Act", NOW, ()))
    assert list(history.urls) == looked_at
    assert len(looked_at) == MAX_DOCUMENTS


def test_of_a_page_of_laws_only_its_head_is_looked_at_while_others_wait(converse):
    url = "https://www.legislation.gov.uk/new/data.feed"
    filler = f"<entry><summary>{'x' * FEED_BYTES}</summary></entry>"
    long = feed(law(), filler, more=0).replace("</feed>", '<link rel="next" href="?page=2"/></feed>')
    assert len(converse(LegislationGovUkSpider, url, lambda _: long.encode())) == 1
    long = feed(law(), filler, more=1)
    assert len(converse(LegislationGovUkSpider, url, lambda _: long.encode())) == 2


def test_a_list_of_gov_uk_that_is_longer_than_any_real_one_is_not_accepted():
    atom = finder("/a").replace("</feed>", "<entry/>" * 600_000 + "</feed>").encode()
    fetch, _ = ask(lambda *_: answered(atom, media_type="application/atom+xml"), "govuk", "/search/all.atom")
    assert (fetch.outcome, fetch.body) == (Outcome.TOO_LARGE, None)
    assert len(atom) > GovUkSpider.max_bytes
