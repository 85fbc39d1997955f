"""What a publisher may do, and the Fetch that comes of it. One crawl meets all situations at once."""

from __future__ import annotations

import gzip
import socket
from itertools import pairwise

import pytest

from local_site import Answer, Fault, Site
from monitor.model import Outcome, Request

pytestmark = pytest.mark.slow

PAGE = b"<main><h1>Rules</h1><p>Be kind.</p></main>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
MEGABYTE = 1024 * 1024


def gzipped(body: bytes) -> Answer:
    return Answer(200, body, HTML | {"Content-Encoding": "gzip"})


def bomb() -> bytes:
    """300 MB of nothing in 300 kB: ten gzip members in a row, which decompress one after the other."""
    return gzip.compress(bytes(30 * MEGABYTE), compresslevel=1) * 10


SITUATIONS = {
    # path: (what the publisher does, outcome, status, what the detail says)
    "/ok": (Answer(200, PAGE, HTML), Outcome.OK, 200, ""),
    "/empty": (Answer(200, b"", HTML), Outcome.OK, 200, ""),
    "/gzip": (gzipped(gzip.compress(PAGE)), Outcome.OK, 200, ""),
    "/slow": (Answer(200, PAGE, HTML, delay_s=0.5), Outcome.OK, 200, ""),
    "/no-length": (Answer(200, PAGE, HTML, fault=Fault.NO_LENGTH), Outcome.OK, 200, ""),
    "/moved": (Answer(301, headers={"Location": "/ok"}), Outcome.OK, 200, ""),
    "/shaky": ([Answer(503), Answer(200, PAGE, HTML)], Outcome.OK, 200, ""),
    "/wrong-charset": (
        Answer(200, "Größe".encode("latin-1"), {"Content-Type": "text/html; charset=nonsense"}),
        Outcome.OK,
        200,
        "",
    ),
    "/many-headers": (
        Answer(200, PAGE, HTML | {f"X-{number}": "é" * 5000 for number in range(80)}),
        Outcome.OK,
        200,
        "",
    ),
    "/long-header": (
        Answer(200, PAGE, HTML | {"X-Long": "x" * 200_000}),
        Outcome.UNREACHABLE,
        None,
        "closed before an answer",
    ),
    "/missing": (Answer(404, b"<p>Gone</p>", HTML), Outcome.HTTP_ERROR, 404, "404 Not Found"),
    "/forbidden": (Answer(403), Outcome.HTTP_ERROR, 403, "403 Forbidden"),
    "/busy": (Answer(429), Outcome.HTTP_ERROR, 429, "429 Too Many Requests"),
    "/failing": (Answer(500), Outcome.HTTP_ERROR, 500, "500 Internal Server Error"),
    "/odd-status": (Answer(799), Outcome.HTTP_ERROR, 799, "799 unknown status"),
    "/to-a-file": (
        Answer(302, headers={"Location": "file:///etc/passwd"}),
        Outcome.HTTP_ERROR,
        302,
        "302 Found, not followed to file:///etc/passwd",
    ),
    "/hangs": (Answer(fault=Fault.HANG), Outcome.TIMEOUT, None, "no whole answer in time"),
    "/resets": (Answer(fault=Fault.RESET), Outcome.UNREACHABLE, None, "closed before an answer"),
    "/garbage": (Answer(fault=Fault.GARBAGE), Outcome.BROKEN, None, "no HTTP"),
    "/cut-short": (Answer(200, PAGE, HTML, fault=Fault.CUT_SHORT), Outcome.BROKEN, None, "cut short"),
    "/no-gzip": (gzipped(b"not compressed at all"), Outcome.BROKEN, None, "cannot be decompressed"),
    "/circle": (Answer(302, headers={"Location": "/circle"}), Outcome.BROKEN, None, "more than 5 redirects"),
    "/huge": (Answer(200, bytes(30 * MEGABYTE), HTML), Outcome.TOO_LARGE, None, "larger than we accept"),
    "/huge-without-length": (
        Answer(200, bytes(30 * MEGABYTE), HTML, fault=Fault.NO_LENGTH),
        Outcome.TOO_LARGE,
        None,
        "larger than we accept",
    ),
    "/bomb": (gzipped(bomb()), Outcome.TOO_LARGE, None, "decompress to more than we accept"),
    "/private/notes": (Answer(200, PAGE, HTML), Outcome.ROBOTS, None, "robots.txt asks us not to"),
}


@pytest.fixture(scope="module")
def publisher():
    with Site() as site:
        site.robots = "User-agent: PolicyMonitor\nDisallow: /private\n"
        site.pages = {path: answer for path, (answer, *_) in SITUATIONS.items()}
        yield site


@pytest.fixture(scope="module")
def fetches(publisher, crawl_urls):
    found = crawl_urls(*map(publisher.url, SITUATIONS), contact="mailto:desk@example.org")
    return {path: found[publisher.url(path)] for path in SITUATIONS}


@pytest.mark.parametrize("path", SITUATIONS)
def test_each_situation_has_its_outcome(fetches, path):
    _, outcome, status, detail = SITUATIONS[path]
    fetch = fetches[path]
    assert (fetch.outcome, fetch.status) == (outcome, status)
    assert detail in fetch.detail
    assert bool(fetch.detail) == bool(detail)


@pytest.mark.parametrize("path", SITUATIONS)
def test_only_a_good_answer_carries_bytes(fetches, path):
    assert (fetches[path].body is not None) == (fetches[path].outcome is Outcome.OK)


@pytest.mark.parametrize("path", ["/ok", "/gzip", "/slow", "/no-length", "/moved", "/shaky"])
def test_the_bytes_are_those_of_the_page_after_decompression(fetches, path):
    assert fetches[path].body == PAGE


def test_bytes_in_an_unknown_charset_arrive_as_they_are(fetches):
    assert fetches["/wrong-charset"].body == b"Gr\xf6\xdfe"


def test_only_an_answer_without_stated_length_is_marked_partial(fetches):
    assert [path for path, fetch in fetches.items() if fetch.partial] == ["/no-length"]


def test_a_redirect_keeps_the_asked_url_and_names_the_final_one(fetches, publisher):
    assert fetches["/moved"].url == publisher.url("/moved")
    assert fetches["/moved"].final_url == publisher.url("/ok")


def test_header_names_are_in_lower_case(fetches):
    assert fetches["/ok"].headers["content-type"] == "text/html; charset=utf-8"


def test_a_flood_of_headers_is_kept_in_part(fetches):
    kept = fetches["/many-headers"].headers
    assert len(kept) == 64
    assert max(map(len, kept.values())) == 4096


def test_the_duration_reaches_to_the_first_byte(fetches):
    assert 450 <= fetches["/slow"].duration_ms < 1500


def test_passing_faults_are_tried_again_and_lasting_ones_given_up(fetches, publisher):
    tries = {path: len(publisher.visits(path)) for path in ("/shaky", "/failing", "/hangs", "/missing", "/busy")}
    assert tries == {"/shaky": 2, "/failing": 2, "/hangs": 2, "/missing": 1, "/busy": 1}
    assert fetches["/hangs"].detail.endswith("asked 2 times")


def test_pages_that_robots_forbid_are_never_asked_for(crawl_urls, site):
    site.robots = "User-agent: *\nDisallow: /\n\nUser-agent: PolicyMonitor\nDisallow: /private\n"
    paths = ["/terms", *(f"/private/{number}" for number in range(20))]  # all wait for robots.txt together
    for path in paths:
        site.put(path, PAGE)
    fetches = crawl_urls(*map(site.url, paths))
    assert [fetch.url for fetch in fetches.values() if fetch.outcome is not Outcome.ROBOTS] == [site.url("/terms")]
    assert [visit.path for visit in site.requests] == ["/robots.txt", "/terms"]


@pytest.mark.parametrize(
    "robots",
    [
        Answer(404, b"User-agent: *\nDisallow: /"),
        Answer(500),
        Answer(200, b"\xff\x00 no rules \xfe"),
        Answer(302, headers={"Location": "/robots.txt"}),
        Answer(200, b"Disallow: /\n" * 200_000),
    ],
    ids=["missing", "failing", "unreadable", "in circles", "endless"],
)
def test_a_robots_file_that_is_none_allows_everything(crawl_urls, site, robots):
    site.pages["/robots.txt"] = robots
    site.put("/terms", PAGE)
    assert crawl_urls(site.url("/terms"))[site.url("/terms")].outcome is Outcome.OK


def test_we_say_who_we_are_and_keep_the_rest_to_ourselves(fetches, publisher):
    asked = publisher.visits("/ok")[-1].headers
    assert asked["user-agent"].startswith("PolicyMonitor/")
    assert asked["user-agent"].endswith(" (+mailto:desk@example.org)")
    assert not {"cookie", "referer", "authorization"} & set(asked)


def test_every_fetch_is_stamped_with_the_time_of_the_parent(fetches, now):
    assert {fetch.at for fetch in fetches.values()} == {now}


def test_a_host_that_refuses_connections_is_unreachable_and_asked_for_robots_only(crawl_urls):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        port = listener.getsockname()[1]
        fetches = crawl_urls(*(f"http://127.0.0.1:{port}/{number}" for number in range(5)))
    assert {fetch.outcome for fetch in fetches.values()} == {Outcome.UNREACHABLE}
    assert {fetch.detail.split(" (")[0] for fetch in fetches.values()} == {"robots.txt: the connection was refused"}


def test_an_address_that_is_none_harms_nobody_else(crawl_urls, site):
    site.put("/terms", PAGE)
    no_addresses = ["no-address", "http://[::1", "http://a..b/", "http://two words/"]
    fetches = crawl_urls(*no_addresses, site.url("/terms"))
    assert fetches[site.url("/terms")].outcome is Outcome.OK
    assert [fetches[url].outcome for url in no_addresses] == [Outcome.UNREACHABLE] * 4


def test_a_certificate_that_nobody_vouches_for_is_refused(crawl_urls, untrusted_tls):
    with Site(tls=untrusted_tls) as site:
        site.put("/terms", PAGE)
        fetch = crawl_urls(site.url("/terms"), site.url("/terms", host="localhost"))
        assert {each.outcome for each in fetch.values()} == {Outcome.TLS}
        assert site.requests == []


def test_a_host_that_hangs_does_not_keep_the_others_waiting(start_crawl, site):
    site.put("/quick", PAGE)
    with Site() as stuck:
        stuck.pages["/robots.txt"] = Answer(fault=Fault.HANG)
        slow = [Request("slow", stuck.url(f"/{number}"), "html") for number in range(30)]
        arrived = list(start_crawl([*slow, Request("quick", site.url("/quick"), "html")]))
    assert arrived[0].source_id == "quick"
    assert [fetch.outcome for fetch in arrived[1:]] == [Outcome.TIMEOUT] * 30
    assert len(stuck.requests) == 2  # robots.txt, and once again


def test_strangers_are_asked_slowly_one_page_at_a_time_and_our_own_machine_four_at_once(crawl_urls, site):
    paths = [f"/{number}" for number in range(8)]
    with Site() as stranger:
        site.pages = dict.fromkeys(paths, Answer(200, PAGE, HTML, delay_s=0.1))
        stranger.pages = dict.fromkeys(paths, Answer(200, PAGE, HTML, delay_s=0.8))
        elsewhere = "2130706433"  # loopback, in a spelling that the politeness rules do not know
        crawl_urls(*map(site.url, paths), *(stranger.url(path, elsewhere) for path in paths[:3]))
        times = [visit.at_s for visit in stranger.requests]
    assert site.most_at_once == 4
    assert stranger.most_at_once == 1
    assert min(after - before for before, after in pairwise(times)) > 0.2


def test_two_sources_may_watch_the_same_page(start_crawl, site):
    site.put("/terms", PAGE)
    arrived = list(start_crawl([Request(source, site.url("/terms"), "html") for source in ("a", "b")]))
    assert {(fetch.source_id, fetch.outcome) for fetch in arrived} == {("a", Outcome.OK), ("b", Outcome.OK)}


MOMENT = "Sun, 22 Nov 2026 08:00:00 GMT"
CONDITIONS = {
    # path: (what the publisher has, what we know of it, outcome)
    "/etag-fits": (Answer(200, PAGE, HTML, etag='"2"'), {"etag": '"2"'}, Outcome.UNCHANGED),
    "/etag-differs": (Answer(200, PAGE, HTML, etag='"2"'), {"etag": '"1"'}, Outcome.OK),
    "/date-fits": (Answer(200, PAGE, HTML, last_modified=MOMENT), {"last_modified": MOMENT}, Outcome.UNCHANGED),
    "/ignores-conditions": (Answer(200, PAGE, HTML), {"etag": '"2"', "last_modified": MOMENT}, Outcome.OK),
    "/unknown": (Answer(200, PAGE, HTML, etag='"2"', last_modified=MOMENT), {}, Outcome.OK),
    # nginx and others repeat the encoding of the body that a 304 does not have
    "/encoded": (
        Answer(200, PAGE, HTML | {"Content-Encoding": "gzip"}, etag='"2"'),
        {"etag": '"2"'},
        Outcome.UNCHANGED,
    ),
}


@pytest.fixture(scope="module")
def conditional(start_crawl):
    with Site() as site:
        site.pages = {path: answer for path, (answer, *_) in CONDITIONS.items()}
        asked = [Request(path, site.url(path), "html", **known) for path, (_, known, _) in CONDITIONS.items()]
        yield {fetch.source_id: fetch for fetch in start_crawl(asked)}, site


@pytest.mark.parametrize("path", CONDITIONS)
def test_a_page_is_sent_again_only_if_its_validators_differ(conditional, path):
    fetches, _ = conditional
    outcome = CONDITIONS[path][-1]
    unchanged = outcome is Outcome.UNCHANGED
    expected = (outcome, 304 if unchanged else 200, None if unchanged else PAGE)
    assert (fetches[path].outcome, fetches[path].status, fetches[path].body) == expected


def test_an_unchanged_answer_keeps_its_headers(conditional):
    fetches, _ = conditional
    assert fetches["/etag-fits"].headers["etag"] == '"2"'


def test_without_validators_the_question_is_plain(conditional):
    _, site = conditional
    assert not {"if-none-match", "if-modified-since"} & set(site.visits("/unknown")[0].headers)


@pytest.fixture(scope="module")
def feeds(start_crawl):
    with Site() as site:
        site.put("/rss", "<rss/>", "application/rss+xml")
        site.put("/atom", "<feed/>", "application/atom+xml")
        site.put("/html", PAGE)
        site.put("/large", bytes(6 * MEGABYTE), "application/rss+xml")
        kinds = {"/rss": "rss", "/atom": "atom", "/html": "rss", "/large": "rss"}
        asked = [Request(path, site.url(path), kind) for path, kind in kinds.items()]
        asked += [Request("large page", site.url("/large"), "html"), Request("large PDF", site.url("/large"), "pdf")]
        yield {fetch.source_id: fetch for fetch in start_crawl(asked)}, site


def test_a_feed_is_asked_for_as_a_feed(feeds):
    fetches, site = feeds
    assert (fetches["/rss"].body, fetches["/atom"].body) == (b"<rss/>", b"<feed/>")
    assert site.visits("/atom")[0].headers["accept"].startswith("application/atom+xml")


def test_a_feed_that_is_html_arrives_as_what_it_is(feeds):
    fetch = feeds[0]["/html"]
    assert (fetch.outcome, fetch.headers["content-type"]) == (Outcome.OK, "text/html; charset=utf-8")


def test_six_megabytes_are_too_large_for_a_feed_and_not_for_a_page(feeds):
    outcomes = {name: feeds[0][name].outcome for name in ("/large", "large page", "large PDF")}
    assert outcomes == {"/large": Outcome.TOO_LARGE, "large page": Outcome.OK, "large PDF": Outcome.OK}
