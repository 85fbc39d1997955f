"""What a page may do in a browser, and the Fetch that comes of it. One crawl meets all situations at once."""

from __future__ import annotations

import pytest

from local_site import Answer, Fault, Site
from monitor.extract import extract
from monitor.model import Outcome, Request

pytestmark = pytest.mark.slow

HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(text: str) -> Answer:
    return Answer(200, text.encode(), HTML, etag='"1"', last_modified="Sun, 22 Nov 2026 08:00:00 GMT")


APP = """<!doctype html><meta charset="latin-1"><title>Rules</title><noscript>Switch on JavaScript</noscript>
<main></main>
<script>
    const show = text => document.querySelector("main").innerHTML = text;
    setTimeout(async () => show(await (await fetch("/rules")).text()), 500);
</script>"""
TICKING = (
    "<main></main><script>setInterval(() => document.querySelector('main').textContent = Math.random(), 50)</script>"
)
VISITOR = """<main></main><script>
    const kept = [document.cookie, Object.keys(localStorage)].join("");
    document.cookie = "seen=1"; localStorage.seen = "1";
    document.querySelector("main").textContent = [
        kept || "new here", navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone,
        `${innerWidth} × ${innerHeight}`, matchMedia("(prefers-reduced-motion)").matches ? "calm" : "lively",
    ].join(", ");
    navigator.geolocation.getCurrentPosition(() => document.body.append("found"), () => document.body.append("hidden"));
    navigator.serviceWorker.register("/rules").then(worker => worker && document.body.append("worker"));
    open("/rules");
    alert("Hello");
    document.body.append(confirm("Sure?") ? "agreed" : "declined");
</script>"""
GREEDY = """<main></main><script>
    const held = [];
    try { while (held.length < 60) held.push(new ArrayBuffer(1e8)) } catch {}
    document.querySelector("main").textContent = held.length < 30 ? "held" : "not held";
</script>"""
BLOCKED = """<main>Rules</main><script>
    const asked = new XMLHttpRequest();
    asked.open("GET", "/hangs", false);  // until there is an answer, nobody can ask anything of the page
    asked.send();
</script>"""
RESTLESS = """<main></main><script>
    const seen = Number(sessionStorage.seen ?? 0);
    sessionStorage.seen = seen + 1;
    if (seen < 15) location.reload(); else document.querySelector("main").textContent = "Rules";
</script>"""
LARGE = "<main>Rules</main><script>setTimeout(() => document.body.title = 'x'.repeat(17e6), 500)</script>"

SITUATIONS = {
    # path: (what the publisher does, outcome, status, what the detail says)
    "/app": (page(APP), Outcome.OK, 200, ""),
    "/visitor": (page(VISITOR), Outcome.OK, 200, ""),
    "/visitor?again": (page(VISITOR), Outcome.OK, 200, ""),
    "/moved": (Answer(302, headers={"Location": "/latin"}), Outcome.OK, 200, ""),
    "/ticking": (page(TICKING), Outcome.OK, 200, ""),
    "/stuck-script": (page("<main>Rules</main><script src=/hangs></script>"), Outcome.OK, 200, ""),
    "/greedy": (page(GREEDY), Outcome.OK, 200, ""),
    "/restless": (page(RESTLESS), Outcome.OK, 200, ""),
    "/missing-by-script": (page("<script>location = '/missing'</script>"), Outcome.HTTP_ERROR, 404, "404 Not Found"),
    "/blocked": (page(BLOCKED), Outcome.TIMEOUT, None, "no whole answer in time"),
    "/resets": (Answer(fault=Fault.RESET), Outcome.UNREACHABLE, None, "ERR_EMPTY_RESPONSE"),
    "/circle": (Answer(302, headers={"Location": "/circle"}), Outcome.BROKEN, None, "ERR_TOO_MANY_REDIRECTS"),
    "/nowhere": (
        Answer(302, headers={"Location": "http://nowhere.invalid/"}),
        Outcome.UNREACHABLE,
        None,
        "nowhere.invalid cannot be resolved",
    ),
    "/cut-short": (Answer(200, b"<p>Rules</p>" * 99, HTML, fault=Fault.CUT_SHORT), Outcome.BROKEN, None, "cut short"),
    "/download": (
        Answer(200, b"PK", {"Content-Type": "application/zip"}),
        Outcome.BROKEN,
        None,
        "a download and no page",
    ),
    "/data": (Answer(200, b"{}", {"Content-Type": "application/json"}), Outcome.BROKEN, None, "it is application/json"),
    "/blob": (
        page("<script>location = URL.createObjectURL(new Blob(['Rules'], {type: 'text/html'}))</script>"),
        Outcome.BROKEN,
        None,
        "the browser did not open",
    ),
    "/large": (page(LARGE), Outcome.TOO_LARGE, None, "more than we accept"),
    "/private/notes": (page("<main>Rules</main>"), Outcome.ROBOTS, None, "robots.txt asks us not to"),
    "/to-private": (
        Answer(302, headers={"Location": "/private/notes"}),
        Outcome.ROBOTS,
        None,
        "robots.txt asks us not",
    ),
}


@pytest.fixture(scope="module")
def publisher():
    with Site() as site:
        site.robots = "User-agent: PolicyMonitor\nDisallow: /private\n"
        site.pages = {path: answer for path, (answer, *_) in SITUATIONS.items()}
        site.pages["/hangs"] = Answer(fault=Fault.HANG)
        site.put("/rules", "<h1>Rules</h1><p>Hosts must be 18 years old. §</p>")
        site.put("/latin", "<p>Größe</p>".encode("latin-1"), "text/html; charset=latin-1")
        yield site


@pytest.fixture(scope="module")
def fetches(publisher, start_rendering):
    known = {"etag": '"1"', "last_modified": "Sun, 22 Nov 2026 08:00:00 GMT"}
    wait_for = {"/app": ("main",), "/ticking": ("main", "no [selector")}
    asked = [
        Request(path, publisher.url(path), "html", **known, render=True, wait_for=wait_for.get(path, ()))
        for path in SITUATIONS
    ]
    return {fetch.source_id: fetch for fetch in start_rendering(asked, contact="mailto:desk@example.org")}


@pytest.mark.parametrize("path", SITUATIONS)
def test_each_situation_has_its_outcome(fetches, path):
    _, outcome, status, detail = SITUATIONS[path]
    fetch = fetches[path]
    assert (fetch.outcome, fetch.status) == (outcome, status)
    assert detail in fetch.detail
    assert bool(fetch.detail) == bool(detail)


@pytest.mark.parametrize("path", SITUATIONS)
def test_only_a_good_page_carries_bytes(fetches, path):
    assert (fetches[path].body is not None) == (fetches[path].outcome is Outcome.OK)


def test_the_text_is_what_the_scripts_have_made_and_not_what_stands_in_for_them(fetches):
    text = extract(fetches["/app"].body, "text/html", charset="utf-8")
    assert [block.text for block in text.blocks] == ["Rules", "Hosts must be 18 years old. §"]
    assert text.title == "Rules"


def test_the_bytes_are_utf_8_whatever_the_document_was(fetches):
    assert "<p>Größe</p>".encode() in fetches["/moved"].body
    assert fetches["/moved"].headers["content-type"] == "text/html; charset=utf-8"


def test_the_headers_are_those_of_the_document_without_what_is_untrue_of_the_bytes(fetches):
    assert "date" in fetches["/app"].headers
    assert not {"etag", "last-modified", "content-length"} & set(fetches["/app"].headers)


def test_the_fetch_says_that_a_browser_made_it_and_whether_it_stood_still(fetches):
    marks = [fetches[path].headers["x-policy-monitor-rendered"] for path in ("/app", "/ticking")]
    assert all(mark.startswith("Chromium ") for mark in marks)
    assert [mark.partition("; ")[2] for mark in marks] == ["still", "not still after 4 s"]


def test_a_page_that_never_settles_gives_what_there_is(fetches):
    assert b"<main>0." in fetches["/ticking"].body
    assert b"<main>Rules</main>" in fetches["/stuck-script"].body


def test_a_redirect_keeps_the_asked_url_and_names_the_final_one(fetches, publisher):
    assert fetches["/moved"].url == publisher.url("/moved")
    assert fetches["/moved"].final_url == publisher.url("/latin")


def test_every_visit_is_a_first_one_by_the_same_visitor(fetches):
    told = "<main>new here, en-US, UTC, 1280 × 1024, calm</main>".encode()
    assert told in fetches["/visitor"].body
    assert told in fetches["/visitor?again"].body


def test_nothing_is_permitted_to_a_page(fetches):
    *_, said = fetches["/visitor"].body.partition(b"</script>")
    assert said == b"declinedhidden</body></html>"


def test_a_page_that_takes_all_memory_is_held(fetches):
    assert b"<main>held</main>" in fetches["/greedy"].body


def test_a_page_is_asked_for_whole_and_by_name(fetches, publisher):
    headers = publisher.visits("/app")[0].headers
    assert not {"if-none-match", "if-modified-since"} & set(headers)
    assert " Chrome/" in headers["user-agent"]
    assert headers["user-agent"].endswith(" PolicyMonitor/0.1.0 (+mailto:desk@example.org)")


def test_robots_txt_is_asked_for_once_and_what_it_forbids_is_not_asked_for_directly(fetches, publisher):
    assert len(publisher.visits("/robots.txt")) == 1
    assert len(publisher.visits("/private/notes")) == 1  # by the redirect, which is known only when it is followed
