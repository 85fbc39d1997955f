"""What one answer shows: its kind, title, publisher, language, and how it would be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from discovery import invented_pages as pages
from monitor.discovery.looks import look_at
from monitor.model import Fetch, Outcome, ProblemKind

JSON = '{"rule": "Nobody may sell a thing that they do not own. It holds for all of us, wherever we are."}'
LINKED = '<script type="application/ld+json">{}</script>'
URL = "https://www.marketfen.example/rules"


def answer(body, media_type="text/html; charset=utf-8", url=URL):
    raw = body if isinstance(body, bytes) else body.encode()
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return Fetch("first", url, now, Outcome.OK, 200, url.partition("#")[0], {"content-type": media_type}, raw)


def page(head="", body=pages.RULES, attributes=""):
    return answer(f"<html {attributes}><head>{head}</head><body><main>{body}</main></body></html>")


def test_a_page_shows_its_title_publisher_language_and_text():
    look = look_at(answer(pages.HELP_CENTRE))
    assert (look.kind, look.title, look.heading) == ("html", "Selling rules – Marketfen Help", "Selling rules")
    assert (look.publishers, look.language, look.trouble) == (("Marketfen",), "en-GB", None)
    assert (look.selectors.select, look.selectors.remove) == (("article",), (".article-votes",))
    assert len(look.text.blocks) == 21
    assert {each.what for each in look.survey.dropped} > {"footer", "related links"}


def test_a_page_without_a_declared_language_has_that_of_its_text():
    german = "".join("<p>Wer hier etwas verkauft, das ihm nicht gehört, wird von uns gesperrt.</p>" for _ in range(9))
    assert look_at(page(body=german)).language == "de"


@pytest.mark.parametrize(
    ("head", "publishers"),
    [
        ('<meta property="og:site_name" content="Fen"><meta name="application-name" content="App">', ("Fen", "App")),
        (LINKED.format('{"@type": "WebPage", "publisher": {"@type": "Organization", "name": "Fen"}}'), ("Fen",)),
        (LINKED.format('{"@graph": [{"@type": "NewsMediaOrganization", "name": "Fen"}]}'), ("Fen",)),
        (LINKED.format('[{"@type": "Organization", "name": ["Fen"]}, 3]'), ()),
        (LINKED.format('{"broken": '), ()),
        (LINKED.format('"Fen"'), ()),
        ('<meta property="og:site_name" content=" ">', ()),
    ],
)  # fmt: skip
def test_a_page_says_who_publishes_it_in_several_ways(head, publishers):
    assert look_at(page(head)).publishers == publishers


@pytest.mark.parametrize(
    ("head", "variants"),
    [
        ('<link rel=alternate hreflang="en-GB" href="/gb/rules"><link rel=alternate hreflang=x-default href="/rules">',
         ("https://www.marketfen.example/gb/rules",)),
        ('<link rel="alternate" hreflang="en-GB" href="/rules"><link rel="alternate" hreflang="fr" href="/fr">', ()),
        ("", ()),
    ],
)  # fmt: skip
def test_variants_are_shown_where_this_address_is_none_of_them(head, variants):
    assert look_at(page(head)).variants == variants


def test_what_ticks_between_two_looks_is_removed_where_it_has_a_name():
    first, again = (page(body=f'{pages.RULES}<p>Seen <b class="view-count">{each}</b> times</p>') for each in (1, 2))
    look = look_at(first, again)
    assert look.selectors.remove == (".view-count",)
    assert look.steadiness.ticks == ()


def test_what_ticks_without_a_name_is_shown():
    first, again = (page(body=f"{pages.RULES}<p>Rule {each} of ponds says no.</p>") for each in ("six", "ten"))
    look = look_at(first, again)
    assert look.steadiness.ticks == (("Rule six of ponds says no.", "Rule ten of ponds says no."),)
    assert look.steadiness.told


def test_a_place_in_the_address_is_the_part_that_is_read():
    look = look_at(answer(pages.SEVERAL, url=f"{URL}#terms"))
    assert (look.selectors.place, look.heading, len(look.text.blocks)) == ("terms", "Terms of use", 21)


@pytest.mark.parametrize(
    ("body", "media_type", "kind"),
    [
        (pages.FEED.format(base="https://marketfen.example"), "text/html", "rss"),
        (JSON, "application/json", "json"),
        ("Nobody may sell a thing that they do not own. " * 9, "text/plain", "html"),
        ("# Rules\n\n" + "Nobody may sell a thing that they do not own. " * 9, "text/markdown", "html"),
        (pages.HELP_CENTRE.replace("<html", '<html xmlns="x"'), "application/xhtml+xml", "html"),
    ],
)  # fmt: skip
def test_the_kind_is_told_by_the_bytes_then_by_their_type(body, media_type, kind):
    look = look_at(answer(body, media_type))
    assert (look.kind, look.trouble) == (kind, None)
    assert look.text or look.feed


@pytest.mark.parametrize(
    ("body", "media_type", "kind", "problem"),
    [
        ("<html><body><div id=root></div></body></html>", "text/html", "html", ProblemKind.EMPTY),
        ("<html><title>Page not found</title><body><h1>Page not found</h1></body></html>", "text/html", "html",
         ProblemKind.SOFT_404),
        (b"%PDF-1.7 broken", "application/pdf", "pdf", ProblemKind.UNREADABLE),
        ("{broken", "application/json", "json", ProblemKind.UNREADABLE),
        ("<rss version='2.0'><channel><title>This feed has ended</title></channel></rss>", "text/xml", "rss",
         ProblemKind.RETIRED),
        (b"\x89PNG", "image/png", "html", ProblemKind.WRONG_TYPE),
        ("<?xml version='1.0'?><rss version='2.0'><channel><title>News of the po", "text/xml", "rss",
         ProblemKind.BROKEN),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>", "text/xml", "atom", ProblemKind.BROKEN),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_as_it_is_is_trouble(body, media_type, kind, problem):
    look = look_at(answer(body, media_type))
    assert (look.kind, look.trouble.problem, look.text) == (kind, problem, None)
    assert look.trouble.advice


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><title>News&nbsp;of ponds</title></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title></feed>",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": []}',
    ],
)
def test_a_feed_that_is_whole_may_hold_no_entry(body):
    look = look_at(answer(body, "text/xml"))
    assert (look.trouble, look.feed.entries) == (None, ())


def test_a_feed_that_is_cut_short_after_an_entry_is_read_as_far_as_it_goes():
    body = pages.FEED.format(base="https://fen.example").rpartition("</item>")[0]
    look = look_at(answer(body, "text/xml"))
    assert look.trouble is None
    assert look.feed.entries


def test_an_answer_of_nothing_has_0_bytes():
    assert look_at(answer(b"")).trouble.detail == "the answer has 0 bytes"
