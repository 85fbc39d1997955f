"""Crawls with a real Chromium. Where there is none the tests are skipped and say so (`lacking`)."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from lacking import give_up
from monitor.crawl.runner import crawl
from monitor.crawl.work import Patience
from monitor.model import Fetch, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HASTE = Patience(answer_s=14, retries=0, settle_s=4)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def extra() -> None:
    """The extra `browser` is installed."""
    if not find_spec("scrapy_playwright"):
        give_up('needs a browser: pip install "policy-monitor[browser]"')


@pytest.fixture(scope="session")
def chromium(extra) -> None:
    """This machine has a Chromium."""
    if not shutil.which("chromium"):
        give_up("needs a browser: apt-get install chromium")


@pytest.fixture(scope="session")
def start_rendering(chromium) -> Callable[..., Iterator[Fetch]]:
    """A crawl of these Requests under way; any keyword of `crawl` may be given."""

    def start(requests: list[Request], **rules: object) -> Iterator[Fetch]:
        usual = {"allow_private": True, "contact": None, "now": lambda: NOW, "patience": HASTE}
        return crawl(requests, **(usual | rules))

    return start


@pytest.fixture(scope="session")
def render_urls(start_rendering) -> Callable[..., dict[str, Fetch]]:
    """Crawls these URLs in a browser to the end: URL → Fetch. `wait_for`: URL → selectors."""

    def run(*urls: str, wait_for: dict[str, tuple[str, ...]] | None = None, **rules: object) -> dict[str, Fetch]:
        selectors = wait_for or {}
        asked = [Request("source", url, "html", render=True, wait_for=selectors.get(url, ())) for url in urls]
        return {fetch.url: fetch for fetch in start_rendering(asked, **rules)}

    return run
