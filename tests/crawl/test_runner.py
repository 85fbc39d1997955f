"""The runner's own verdict: whatever becomes of the crawl process, every Request has exactly one Fetch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from local_site import Answer, Fault
from monitor.crawl import runner
from monitor.crawl.runner import hide_keys
from monitor.crawl.work import Patience
from monitor.errors import CrawlError
from monitor.model import Fetch, Outcome, Request

PROC = Path("/proc")
needs_proc = pytest.mark.skipif(not PROC.is_dir(), reason="looks for processes under /proc")


@pytest.fixture
def child_that(monkeypatch):
    """Makes the crawl process run some Python of ours before, or in place of, its own start."""

    def change(code: str) -> None:
        monkeypatch.setattr(runner, "COMMAND", (sys.executable, "-P", "-c", code))

    return change


def crawls_of(parent: int) -> list[int]:
    """The living crawl processes of a process, and no other child of it: a reader's worker is none of our business."""
    found = []
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = stat.with_name("cmdline").read_bytes()
        except OSError:  # gone meanwhile
            continue
        if int(fields[1]) == parent and b"monitor.crawl.child" in command:
            found.append(int(stat.parent.name))
    return found


def is_alive(process: int) -> bool:
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def ask(site, *paths, kind="html"):
    return [Request("source", site.url(path), kind) for path in paths]


def quick_page_and_stuck_page(site):
    site.put("/quick", "<p>Be kind.</p>")
    site.pages["/stuck"] = Answer(fault=Fault.HANG)
    return ask(site, "/quick", "/stuck")


UNHURRIED = Patience()


@needs_proc
def test_a_killed_process_loses_only_what_had_not_arrived(start_crawl, site):
    arriving = start_crawl(quick_page_and_stuck_page(site), patience=UNHURRIED)
    first = next(arriving)
    for process in crawls_of(os.getpid()):
        os.kill(process, signal.SIGKILL)
    (lost,) = arriving
    assert (first.outcome, first.url) == (Outcome.OK, site.url("/quick"))
    assert (lost.outcome, lost.url) == (Outcome.LOST, site.url("/stuck"))
    assert "killed by SIGKILL" in lost.detail


@needs_proc
def test_the_process_ends_when_its_parent_is_killed(site):
    site.pages["/stuck"] = Answer(fault=Fault.HANG)
    script = (
        "from datetime import UTC, datetime\n"
        "from monitor.crawl.runner import crawl\n"
        "from monitor.model import Request\n"
        f"asked = [Request('source', {site.url('/stuck')!r}, 'html')]\n"
        "list(crawl(asked, allow_private=True, contact=None, now=lambda: datetime.now(UTC)))\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment) as parent:
        wait_until(lambda: site.visits("/stuck"))
        (child,) = crawls_of(parent.pid)
        parent.kill()
    wait_until(lambda: not is_alive(child))


@needs_proc
def test_closing_the_iterator_early_ends_the_process(start_crawl, site):
    before = set(crawls_of(os.getpid()))
    arriving = start_crawl(quick_page_and_stuck_page(site), patience=UNHURRIED)
    next(arriving)
    assert set(crawls_of(os.getpid())) - before
    arriving.close()
    assert set(crawls_of(os.getpid())) == before


@pytest.mark.slow
def test_a_crawl_that_takes_too_long_is_ended_and_the_rest_lost(start_crawl, site):
    patience = replace(UNHURRIED, start_s=5.0, each_s=0.0)
    first, lost = start_crawl(quick_page_and_stuck_page(site), patience=patience)
    assert first.outcome is Outcome.OK
    assert lost.outcome is Outcome.LOST
    assert "ended after its time limit of 5 s" in lost.detail


def test_the_time_limit_grows_with_the_number_of_requests():
    assert Patience().run_limit(1) == 630
    assert Patience().run_limit(400) == 12_600


def test_nothing_to_ask_starts_no_process(start_crawl, child_that):
    child_that("raise SystemExit('never started')")
    assert list(start_crawl([])) == []


def test_a_request_made_twice_is_answered_once(start_crawl, site):
    site.put("/terms", "<p>Be kind.</p>")
    assert len(list(start_crawl(ask(site, "/terms", "/terms")))) == 1


def test_a_kind_that_no_spider_collects_is_lost_and_says_so(start_crawl, site):
    site.put("/terms", "<p>Be kind.</p>")
    page, lost = start_crawl([*ask(site, "/terms"), *ask(site, "/api", kind="carrier-pigeon")])
    assert page.outcome is Outcome.OK
    assert lost.outcome is Outcome.LOST
    assert 'no spider collects the kind "carrier-pigeon"' in lost.detail


def test_a_spider_that_raises_is_lost_although_scrapy_calls_the_crawl_finished(start_crawl, child_that, site):
    site.put("/good", "<p>Be kind.</p>")
    site.put("/bad", "<p>Be kind.</p>")
    child_that(
        "from monitor.crawl import child\n"
        "from spiders.page import PageSpider\n"
        "whole = PageSpider.parse\n"
        "def parse(self, response, asked):\n"
        "    if asked.url.endswith('/bad'): raise RuntimeError('tripped')\n"
        "    yield from whole(self, response, asked)\n"
        "PageSpider.parse = parse\n"
        "child.main()\n"
    )
    good, lost = start_crawl(ask(site, "/good", "/bad"))
    assert good.outcome is Outcome.OK
    assert lost.outcome is Outcome.LOST
    assert "page: RuntimeError: tripped; page finished" in lost.detail


def test_a_spider_that_yields_for_nobody_is_not_listened_to(start_crawl, child_that, site):
    site.put("/terms", "<p>Be kind.</p>")
    child_that(
        "from dataclasses import replace\n"
        "from monitor.crawl import child\n"
        "from spiders.page import PageSpider\n"
        "whole = PageSpider.parse\n"
        "def parse(self, response, asked):\n"
        "    for fetch in whole(self, response, asked):\n"
        "        yield from [fetch, fetch, replace(fetch, url='http://elsewhere.example/')]\n"
        "PageSpider.parse = parse\n"
        "child.main()\n"
    )
    (fetch,) = start_crawl(ask(site, "/terms"))
    assert fetch.url == site.url("/terms")


def test_a_spider_that_prints_cannot_disturb_the_frames(start_crawl, child_that, site):
    site.put("/terms", "<p>Be kind.</p>")
    child_that(
        "import os, subprocess, sys\n"
        "from monitor.crawl import child\n"
        "from spiders.page import PageSpider\n"
        "whole = PageSpider.parse\n"
        "def parse(self, response, asked):\n"
        "    print('printed', flush=True)\n"
        "    sys.__stdout__.write('written')\n"
        "    os.write(1, b'by descriptor')\n"
        "    subprocess.run(['echo', 'by another process'])\n"
        "    yield from whole(self, response, asked)\n"
        "PageSpider.parse = parse\n"
        "child.main()\n"
    )
    (fetch,) = start_crawl(ask(site, "/terms"))
    assert (fetch.outcome, fetch.body) == (Outcome.OK, b"<p>Be kind.</p>")


@pytest.mark.slow
def test_a_process_that_takes_all_memory_is_held_and_loses_only_that_page(start_crawl, child_that, site):
    site.put("/good", "<p>Be kind.</p>")
    site.put("/bad", "<p>Be kind.</p>")
    child_that(
        "from monitor.crawl import child\n"
        "from spiders.page import PageSpider\n"
        "whole = PageSpider.parse\n"
        "def parse(self, response, asked):\n"
        "    if asked.url.endswith('/bad'): bytes(3 * 1024**3)\n"
        "    yield from whole(self, response, asked)\n"
        "PageSpider.parse = parse\n"
        "child.main()\n"
    )
    outcomes = {fetch.url: fetch.outcome for fetch in start_crawl(ask(site, "/good", "/bad"))}
    assert outcomes == {site.url("/good"): Outcome.OK, site.url("/bad"): Outcome.LOST}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; sys.exit('no Scrapy here')", "exit status 1; last log line: no Scrapy here"),
        ("import os; os._exit(7)", "exit status 7"),
        ("import os; os.write(1, b'hello world\\n')", "it wrote something else than frames"),
        ("import os; os.write(1, b'x' * 5 * 1024**2)", "it wrote something else than frames"),
    ],
    ids=["cannot import", "dies at once", "writes no frames", "writes without end"],
)
def test_a_process_that_breaks_loses_everything_and_says_why(start_crawl, child_that, site, code, said):
    child_that(code)
    fetches = list(start_crawl(ask(site, "/a", "/b")))
    assert [fetch.outcome for fetch in fetches] == [Outcome.LOST, Outcome.LOST]
    assert all(said in fetch.detail for fetch in fetches)


def test_a_process_that_cannot_be_started_is_an_error(monkeypatch, start_crawl, site):
    monkeypatch.setattr(runner, "COMMAND", ("/nowhere/python",))
    with pytest.raises(CrawlError, match="cannot be started with /nowhere/python"):
        list(start_crawl(ask(site, "/a")))


def test_the_process_is_given_no_secrets(monkeypatch, start_crawl, child_that, site):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    child_that("import os, sys; sys.exit(','.join(n for n in os.environ if n.startswith('SLACK')) or 'no secrets')")
    (fetch,) = start_crawl(ask(site, "/a"))
    assert isinstance(fetch, Fetch)
    assert "last log line: no secrets" in fetch.detail


@pytest.mark.parametrize(
    ("modules", "never"),
    [("monitor.crawl.runner", "scrapy"), ("monitor.crawl.child, spiders.page, spiders.rendered", "playwright")],
    ids=["the parent", "a crawl without a browser"],
)
def test_what_is_not_needed_is_not_imported(modules, never):
    script = f"import sys, {modules}; sys.exit(any(name.startswith({never!r}) for name in sys.modules))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", script], env=environment, check=False).returncode == 0


def test_the_key_of_an_interface_is_in_no_reason_that_is_told():
    keys = {"EXAMPLE_API_KEY": "s3cret/key+0"}
    said = "the crawl process said: GET https://api.example.gov/?key=s3cret%2Fkey%2B0 and s3cret/key+0"
    assert hide_keys(said, keys) == "the crawl process said: GET https://api.example.gov/?key=[key] and [key]"
