"""CELLAR and Have Your Say asked for real, by the crawl process, on local servers in their form."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from crawl.conftest import HASTE
from monitor.crawl.runner import crawl
from monitor.envelope import unpack
from monitor.model import Outcome, Request
from monitor.publishers import read_envelope
from publishers.european import (
    CELEX,
    CONSOLIDATED,
    DETAIL,
    PUBLISHED,
    SEARCH,
    SPARQL,
    act,
    cellar,
    have_your_say,
    initiative,
    item,
    stage,
    text,
)
from publishers.interfaces import Interface, answered

NIGHT_IN_BRUSSELS = datetime(2090, 7, 1, 22, 30, tzinfo=UTC)
WINDOW = f"{SPARQL}?types=REG,PROP_REG&since={{since:90d}}"


def path(*which):
    return item(*which).removeprefix("http://publications.europa.eu")


ACTS = [act(f"3209{at:05}") for at in range(30)] + [act("32089R0001", date="2090-01-01")]
LISTING = [
    text("32090R0901", item(1)),
    text("02090R0901-20910727", item(2, "DOC_1")),
    text("02090R0901-20910727", item(2, "DOC_2")),
]
DOCUMENTS = {path(1): PUBLISHED, path(2, "DOC_1"): CONSOLIDATED % 30, path(2, "DOC_2"): "<p>Article 3</p><p>More.</p>"}
OPEN = [initiative(float(at)) for at in range(1, 231)]
CLOSED = [initiative(900.0 + at, stage(status="CLOSED")) for at in range(5)]

QUESTIONS = {
    "a window of acts": ("cellar", WINDOW, cellar(ACTS), 2, 30),
    "a window without hits": ("cellar", WINDOW, cellar([]), 2, 0),
    "one act": ("cellar", CELEX, cellar([act()], LISTING, DOCUMENTS), 4, 1),
    "one act as published": ("cellar", CELEX, cellar([act()], LISTING[:1], DOCUMENTS), 3, 1),
    "several pages of initiatives": (
        "have-your-say",
        f"{SEARCH}?feedbackStatus=OPEN",
        have_your_say(OPEN + CLOSED),
        3,
        230,
    ),
    "no initiatives": ("have-your-say", f"{SEARCH}?feedbackStatus=OPEN", have_your_say(CLOSED), 1, 0),
    "one initiative": ("have-your-say", f"{DETAIL}/7", have_your_say(OPEN), 1, 1),
}


def ask_all(questions):
    """By name, the only Fetch for each (kind, path, respond) and the server with what it was asked; in one crawl."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Interface(respond)) for name, (_, _, respond) in questions.items()}
        requests = [
            Request(f"source-{at}", servers[name].url(address), kind)
            for at, (name, (kind, address, _)) in enumerate(questions.items())
        ]
        rules = {"allow_private": True, "contact": None, "now": lambda: NIGHT_IN_BRUSSELS, "patience": HASTE}
        fetches = {fetch.source_id: fetch for fetch in crawl(requests, **rules)}
    return {
        name: (fetches[request.source_id], servers[name]) for name, request in zip(questions, requests, strict=True)
    }


@pytest.fixture(scope="module")
def crawled():
    return ask_all({name: (kind, address, respond) for name, (kind, address, respond, _, _) in QUESTIONS.items()})


@pytest.mark.parametrize("name", QUESTIONS)
def test_all_that_is_there_is_one_fetch(crawled, name):
    kind, _, _, questions, entries = QUESTIONS[name]
    fetch, publisher = crawled[name]
    assert (fetch.outcome, fetch.status, fetch.detail) == (Outcome.OK, 200, "")
    assert len(unpack(fetch.body)) == len(publisher.asked) == questions
    assert len(read_envelope(kind, fetch.body)) == entries


def test_the_newest_text_is_read_in_all_its_documents(crawled):
    fetch, publisher = crawled["one act"]
    (entry,) = read_envelope("cellar", fetch.body)
    said = [block.text for block in entry.blocks]
    assert "Text consolidated as of 27 July 2091 (02090R0901-20910727)" in said
    assert said[-2:] == ["Article 3", "More."]
    assert [visit.path for visit in publisher.asked[2:]] == [path(2, "DOC_1"), path(2, "DOC_2")]


def test_the_days_of_a_window_are_those_of_brussels(crawled):
    _, publisher = crawled["a window of acts"]
    assert all("2090-04-03%22%5E%5Exsd:date" in visit.path for visit in publisher.asked)


TROUBLES = {
    "an answer that was cut off in time": (
        "cellar",
        WINDOW,
        cellar(ACTS, **{"X-SQL-State": "S1TAT", "X-SQL-Message": "Returning incomplete results"}),
        Outcome.BROKEN,
        "not all of the answer (x-sql-state: S1TAT); question 1",
    ),
    "more rows than are given": (
        "cellar",
        WINDOW,
        cellar(ACTS, most=10),
        Outcome.BROKEN,
        "not all of the answer (x-sparql-maxrows: 10); question 2",
    ),
    "a query that took too long": (
        "cellar",
        WINDOW,
        lambda *_: answered(b"Virtuoso S1T00 Error SR171: Transaction timed out", 500, media_type="text/plain"),
        Outcome.HTTP_ERROR,
        "it says: Virtuoso S1T00 Error",
    ),
    "a text that was withdrawn": (
        "cellar",
        CELEX,
        cellar([act()], LISTING[:1], {}),
        Outcome.HTTP_ERROR,
        "404 Not Found; question 3",
    ),
    "a text that leads elsewhere": (
        "cellar",
        CELEX,
        lambda where, *rest: (
            answered(b"", 303, Location="http://127.0.0.1:1/")
            if where == path(1)
            else cellar([act()], LISTING[:1], {})(where, *rest)
        ),
        Outcome.HTTP_ERROR,
        "303 See Other, not followed to",
    ),
    "an order that is not known": (
        "have-your-say",
        f"{SEARCH}?sort=startDate,DESC",
        have_your_say(OPEN),
        Outcome.HTTP_ERROR,
        "406 Not Acceptable",
    ),
    "an initiative that is not there": (
        "have-your-say",
        f"{DETAIL}/9",
        have_your_say(CLOSED),
        Outcome.HTTP_ERROR,
        "404 Not Found",
    ),
}


@pytest.fixture(scope="module")
def troubled():
    return ask_all({name: (kind, address, respond) for name, (kind, address, respond, _, _) in TROUBLES.items()})


@pytest.mark.parametrize("name", TROUBLES)
def test_what_is_not_the_whole_answer_is_none(troubled, name):
    *_, outcome, words = TROUBLES[name]
    fetch, _ = troubled[name]
    assert (fetch.outcome, fetch.body) == (outcome, None)
    assert words in fetch.detail


def test_a_portal_that_begins_again_from_its_first_page_is_not_asked_for_ever():
    _, publisher = ask_all({"only": ("have-your-say", SEARCH, have_your_say(OPEN, wraps=True))})["only"]
    assert len(publisher.asked) == 3
