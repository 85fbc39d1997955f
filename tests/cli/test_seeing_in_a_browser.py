"""When a browser is asked for a page, and what it means that it did not help."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from discovery import invented_pages as pages
from monitor.cli import seeing
from monitor.config import read_config
from monitor.model import Fetch, Outcome, ProblemKind

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)
URL = "https://www.marketfen.example/rules"
EMPTY = b"<html><body><div id=root></div></body></html>"
WALL = b"<html><title>Just a moment...</title><body><h1>Checking your browser before accessing</h1></body></html>"


class Here:
    """A worker that is this process."""

    def call(self, function, *args):
        return function(*args)


def refusal(status):
    return {"outcome": Outcome.HTTP_ERROR, "status": status, "detail": str(status)}


def page(body):
    return {"outcome": Outcome.OK, "status": 200, "body": body, "headers": {"content-type": "text/html"}}


@pytest.fixture
def see(monkeypatch):
    """What is seen where the bare answer and that of a browser are these."""

    def see(bare, rendered):
        asked = []

        def crawl(_, requests):
            asked.extend(each.render for each in requests)
            facts = {each.source_id: rendered if each.render else bare for each in requests}
            return {name: Fetch(name, URL, NOW, **fact) for name, fact in facts.items()}

        monkeypatch.setattr(seeing, "_crawl", crawl)
        return seeing.see(read_config(), Here(), URL), any(asked)

    return see


@pytest.mark.parametrize(
    ("bare", "rendered", "problem"),
    [
        (page(EMPTY), page(EMPTY), ProblemKind.EMPTY),
        (page(b""), page(EMPTY), ProblemKind.EMPTY),
        (page(WALL), page(WALL), ProblemKind.BLOCKED),
        (refusal(403), page(WALL), ProblemKind.BLOCKED),
        (refusal(403), refusal(403), ProblemKind.HTTP_ERROR),
        (page(EMPTY), refusal(429), ProblemKind.HTTP_ERROR),
        (page(EMPTY), {"outcome": Outcome.TIMEOUT, "detail": "30 s"}, ProblemKind.TIMEOUT),
    ],
)
def test_where_a_browser_does_not_help_the_page_cannot_be_watched(see, bare, rendered, problem):
    sight, asked = see(bare, rendered)
    assert asked
    assert (sight.render, sight.look.trouble.problem) == (False, problem)
    assert sight.look.trouble.detail.startswith("also in a browser: ")
    assert sight.look.trouble.advice


def test_what_is_the_same_in_a_browser_is_told_as_it_was_without_one(see):
    sight, _ = see(page(b""), page(EMPTY))
    assert sight.look.trouble.detail == "also in a browser: the answer has 0 bytes"


@pytest.mark.parametrize("bare", [page(EMPTY), page(WALL), refusal(401), refusal(403), refusal(405), refusal(406)])
def test_where_a_browser_shows_the_page_it_is_watched_with_one(see, bare):
    sight, _ = see(bare, page(pages.HELP_CENTRE.encode()))
    assert (sight.render, sight.look.trouble, sight.look.heading) == (True, None, "Selling rules")


def test_where_no_browser_starts_one_may_be_needed(see):
    sight, _ = see(refusal(403), {"outcome": Outcome.NO_BROWSER})
    assert (sight.render, sight.look.trouble.problem) == (True, ProblemKind.HTTP_ERROR)


@pytest.mark.parametrize("status", [404, 429, 451, 500, 503])
def test_what_any_browser_would_be_answered_as_well_is_not_asked_with_one(see, status):
    sight, asked = see(refusal(status), page(pages.HELP_CENTRE.encode()))
    assert not asked
    assert (sight.render, sight.look.trouble.problem) == (False, ProblemKind.HTTP_ERROR)
