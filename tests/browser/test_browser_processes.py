"""What becomes of the browser: it ends with its crawl however that ends, and without one the pages say so."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local_site import Answer, Fault
from monitor.crawl.runner import crawl
from monitor.crawl.work import Patience
from monitor.model import Outcome, Request

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PROC = Path("/proc")
pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="looks for processes under /proc")


def processes_with(words: str) -> list[int]:
    """Living processes with these words in their command line."""
    found = []
    for file in PROC.glob("[0-9]*/cmdline"):
        with suppress(OSError):  # gone meanwhile
            if words.encode() in file.read_bytes():
                found.append(int(file.parent.name))
    return found


def crawls() -> list[int]:
    def parent(process: int) -> int:
        return int((PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[1])

    return [each for each in processes_with("monitor.crawl.child") if parent(each) == os.getpid()]


def folder_of(process: int) -> str:
    """The folder that a crawl process and its browser write to."""
    variables = (PROC / str(process) / "environ").read_bytes().decode().split("\0")
    return next(each for each in variables if each.startswith("TMPDIR=")).removeprefix("TMPDIR=")


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def rendered(site, *paths):
    return [Request(path, site.url(path), "html", render=True) for path in paths]


@pytest.fixture
def stuck(start_rendering, site):
    """A crawl in which one page has arrived and another one keeps the browser waiting: it, its process, its folder."""
    site.put("/quick", "<main>Rules</main>")
    site.pages["/stuck"] = [Answer(fault=Fault.HANG), Answer(200, b"<main>Rules</main>", {"Content-Type": "text/html"})]
    arriving = start_rendering(rendered(site, "/quick", "/stuck"), patience=Patience())
    assert next(arriving).url == site.url("/quick")
    (crawl,) = crawls()
    folder = folder_of(crawl)
    assert len(processes_with(folder)) > 2
    return arriving, crawl, folder


@pytest.mark.drill
def test_a_killed_crawl_leaves_neither_a_browser_nor_a_file(stuck):
    arriving, process, folder = stuck
    os.kill(process, signal.SIGKILL)
    (lost,) = arriving
    assert lost.outcome is Outcome.LOST
    wait_until(lambda: not processes_with(folder))
    assert not Path(folder).exists()


@pytest.mark.drill
def test_a_browser_that_breaks_is_replaced_and_the_page_asked_again(stuck, site):
    arriving, _, folder = stuck
    for process in processes_with(folder):
        os.kill(process, signal.SIGKILL)
    (fetch,) = arriving
    assert (fetch.url, fetch.outcome) == (site.url("/stuck"), Outcome.OK)


@pytest.fixture
def mixed(site):
    """A page for a browser and a plain one, in this order."""
    site.put("/plain", "<main>Rules</main>")
    return [*rendered(site, "/app"), Request("plain", site.url("/plain"), "html")]


def test_without_the_extra_a_page_is_not_asked_for_and_costs_the_plain_ones_nothing(monkeypatch, mixed, site):
    monkeypatch.setitem(sys.modules, "scrapy_playwright", None)
    plain, missing = crawl(mixed, allow_private=True, contact=None, now=lambda: NOW)
    assert (plain.source_id, plain.outcome) == ("plain", Outcome.OK)
    assert (missing.outcome, missing.detail) == (Outcome.NO_BROWSER, "scrapy-playwright is not installed")
    assert [visit.path for visit in site.requests] == ["/robots.txt", "/plain"]


def test_where_no_browser_starts_not_even_robots_txt_is_asked_for(extra, mixed, site):
    page, *_ = mixed
    (missing,) = crawl([page], allow_private=True, contact=None, now=lambda: NOW, chromium="/nowhere/chromium")
    assert missing.outcome is Outcome.NO_BROWSER
    assert missing.detail.startswith("Chromium does not start: ")
    assert "/nowhere/chromium" in missing.detail
    assert site.requests == []
