"""Interfaces asked for real, by the crawl process, on a local server in the form of each: one Fetch for one Request."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from crawl.conftest import HASTE
from monitor.crawl.runner import crawl
from monitor.envelope import MEDIA_TYPE, unpack
from monitor.model import Outcome, Request
from monitor.publishers import read_envelope
from publishers.holdings import ACTIONS, BILL, PACKAGES, PART, STATE_BILL, SUMMARIES, document, found, version
from publishers.interfaces import KEY, Interface, answered, congress, ecfr, federal_register, govinfo, legiscan
from publishers.interfaces import regulations_gov as regulations
from publishers.register import PROPOSED

NIGHT_IN_WASHINGTON = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
REGISTER = "/api/v1/documents.json?conditions[agencies][]=invented-rules-office"
DOCUMENTS = "/v4/documents?filter[agencyId]=OIR"
SEARCH = "/?op=getSearch&state=ALL&query=trial%20accounts"


@pytest.fixture(autouse=True, scope="module")
def _keys():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_GOV_API_KEY", KEY)
        patch.setenv("LEGISCAN_API_KEY", KEY)
        yield


def ask_all(questions):
    """By name, the only Fetch for each (respond, kind, path) and the server with what it was asked; in one crawl."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Interface(respond)) for name, (respond, _, _) in questions.items()}
        requests = [
            Request(f"source-{at}", servers[name].url(path), kind, etag='"old"')
            for at, (name, (_, kind, path)) in enumerate(questions.items())
        ]
        rules = {"allow_private": True, "contact": None, "now": lambda: NIGHT_IN_WASHINGTON, "patience": HASTE}
        fetches = {fetch.source_id: fetch for fetch in crawl(requests, **rules)}
    found = [fetches[request.source_id] for request in requests]
    assert len(fetches) == len(requests)
    assert [fetch.url for fetch in found] == [request.url for request in requests]
    assert KEY not in repr(found)
    return {name: (fetch, servers[name]) for name, fetch in zip(questions, found, strict=True)}


def ask(respond, kind, path):
    return ask_all({"only": (respond, kind, path)})["only"]


def many(count):
    return [PROPOSED | {"document_number": f"2026-{at:05}"} for at in range(count)]


INTERFACES = {
    "federal register, several pages": ("federal-register", REGISTER, federal_register(many(450)), 3, 450),
    "federal register, no hits": ("federal-register", REGISTER, federal_register([]), 1, 0),
    "regulations.gov": (
        "regulations-gov",
        DOCUMENTS,
        regulations([document(f"OIR-2026-0007-{at:04}") for at in range(260)]),
        2,
        260,
    ),
    "one document of regulations.gov": (
        "regulations-gov",
        "/v4/documents/OIR-2026-0007-0001",
        regulations([document("OIR-2026-0007-0001")]),
        1,
        1,
    ),
    "ecfr": (
        "ecfr",
        "/api/versioner/v1/versions/title-16.json?part=999",
        ecfr([version("999.1", "2025-01-01"), version("999.2", "2026-01-01")], (PART % 14).encode()),
        3,
        3,
    ),
    "a part of the ecfr that is gone": (
        "ecfr",
        "/api/versioner/v1/versions/title-16.json?part=999",
        ecfr([version("999.1", "2025-01-01"), version("999.1", "2026-02-01", removed=True)], b""),
        2,
        1,
    ),
    "bills of congress": (
        "congress",
        "/v3/bill/119",
        congress([BILL | {"number": str(at)} for at in range(300)], {}),
        2,
        300,
    ),
    "one bill of congress": (
        "congress",
        "/v3/bill/119/s/9999",
        congress([BILL], {"/v3/bill/119/s/9999/actions": ACTIONS * 130, "/v3/bill/119/s/9999/summaries": SUMMARIES}),
        5,
        1,
    ),
    "govinfo": ("govinfo", "/collections/FR/{since}T00:00:00Z", govinfo(PACKAGES), 2, 3),
    "legiscan": ("legiscan", SEARCH, legiscan([found(at) for at in range(1, 6)]), 3, 5),
    "one bill of legiscan": ("legiscan", "/?op=getBill&id=1999001", legiscan([STATE_BILL]), 1, 1),
}


@pytest.fixture(scope="module")
def crawled(_keys):
    return ask_all({name: (respond, kind, path) for name, (kind, path, respond, _, _) in INTERFACES.items()})


@pytest.mark.parametrize("name", INTERFACES)
def test_all_that_an_interface_has_is_one_fetch_of_its_answers_as_received(crawled, name):
    kind, _, _, questions, entries = INTERFACES[name]
    fetch, publisher = crawled[name]
    assert (fetch.outcome, fetch.status, fetch.detail) == (Outcome.OK, 200, "")
    assert fetch.headers == {"content-type": MEDIA_TYPE}
    assert len(unpack(fetch.body)) == len(publisher.asked) == questions
    assert len(read_envelope(kind, fetch.body)) == entries
    assert not any("if-none-match" in visit.headers for visit in publisher.asked)


def test_the_days_in_a_question_are_those_of_the_publisher():
    fetch, publisher = ask(
        federal_register([PROPOSED]), "federal-register", f"{REGISTER}&a={{date}}&b={{since}}&c={{since:180d}}"
    )
    assert "&a=2026-03-02&b=2026-01-31&c=2025-09-03&" in publisher.asked[0].path
    assert "{since}" in fetch.url


def test_an_interface_that_says_the_same_makes_the_same_bytes():
    with Interface(federal_register(many(3))) as publisher:
        requests = [Request(name, publisher.url(REGISTER), "federal-register") for name in ("once", "again")]
        rules = {"allow_private": True, "contact": None, "now": lambda: NIGHT_IN_WASHINGTON, "patience": HASTE}
        once, again = crawl(requests, **rules)
    assert once.body == again.body


def test_without_a_key_nothing_is_asked(monkeypatch):
    monkeypatch.delenv("DATA_GOV_API_KEY")
    monkeypatch.setenv("LEGISCAN_API_KEY", " ")
    kinds = ("regulations-gov", "congress", "govinfo", "legiscan")
    for fetch, publisher in ask_all({kind: (regulations([]), kind, DOCUMENTS) for kind in kinds}).values():
        assert (fetch.outcome, publisher.requests) == (Outcome.NO_KEY, [])
        assert fetch.detail.endswith("_API_KEY is not set")


REFUSALS = {
    "too many questions": (
        answered({"message": "slow down"}, 429, **{"Retry-After": "3600"}),
        429,
        "come back after 3600",
    ),
    "a wrong question": (answered({"errors": "unknown field"}, 400), 400, "it says: {"),
    "a wrong key, named in the answer": (answered(f"{KEY} is unknown".encode(), 403), 403, "it says: [key] is unknown"),
    "a move elsewhere": (answered(b"", 302, Location="http://127.0.0.1:1/?key=" + KEY), 302, "not followed to"),
    "not modified, unasked": (answered(b"", 304), 304, "without conditions"),
}


KEYED = {"legiscan": SEARCH, "regulations-gov": DOCUMENTS}


@pytest.fixture(scope="module")
def refused(_keys):
    return ask_all(
        {
            (kind, name): (lambda *_, refusal=refusal: refusal, kind, path)
            for name, (refusal, _, _) in REFUSALS.items()
            for kind, path in KEYED.items()
        }
    )


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("kind", KEYED)
def test_a_question_that_is_refused_ends_the_conversation_without_a_body(refused, kind, name):
    _, status, words = REFUSALS[name]
    fetch, publisher = refused[kind, name]
    assert (fetch.outcome, fetch.status, fetch.body) == (Outcome.HTTP_ERROR, status, None)
    assert words in fetch.detail
    assert len(publisher.asked) == 1


def test_half_of_the_pages_is_no_answer():
    whole = federal_register(many(450))

    def torn(path, query, headers):
        return answered(b"", 500) if dict(query)["page"] == "2" else whole(path, query, headers)

    fetch, _ = ask(torn, "federal-register", REGISTER)
    assert (fetch.outcome, fetch.body) == (Outcome.HTTP_ERROR, None)
    assert "question 2" in fetch.detail


def test_more_than_we_accept_is_no_answer():
    large = {"meta": {"hasNextPage": True}, "data": [], "padding": "x" * 9_000_000}

    def endless(_, query, __):
        return answered(large | {"data": [{"id": dict(query)["page[number]"]}]})

    fetch, publisher = ask(endless, "regulations-gov", DOCUMENTS)
    assert (fetch.outcome, fetch.body, len(publisher.asked)) == (Outcome.TOO_LARGE, None, 4)


def test_what_is_no_address_or_has_no_host_is_no_answer_and_names_no_key():
    urls = ["http://nowhere.invalid/?op=getBill", "no address"]
    requests = [Request("source", url, "legiscan") for url in urls]
    rules = {"allow_private": True, "contact": None, "now": lambda: NIGHT_IN_WASHINGTON, "patience": HASTE}
    fetches = {fetch.url: fetch for fetch in crawl(requests, **rules)}
    assert [fetches[url].outcome for url in urls] == [Outcome.UNREACHABLE, Outcome.UNREACHABLE]
    assert KEY not in repr(fetches)


def test_a_key_that_legiscan_does_not_know_is_told_in_its_words_without_the_key(monkeypatch):
    monkeypatch.setenv("LEGISCAN_API_KEY", "wrong-key")
    fetch, _ = ask(legiscan([]), "legiscan", SEARCH)
    assert b"Invalid API Key [key]" in fetch.body
