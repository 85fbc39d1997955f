"""The texts at the desk: as they stood at any time, and any two versions of one compared."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from monitor.compare.kinds import first
from monitor.store import history, overrules, transaction, versions
from monitor.views.texts import WORDS
from store.conftest import NOON
from web.library import DAY, HOSTILE, NEW, OLD, TRICK, a_text, make_library, own


@pytest.fixture
def library(desk):
    return make_library(desk)


def test_the_text_is_read_as_it_stands(library, visitor):
    page = visitor.open("/texts/page")
    assert "The text as it stands: first seen 3 Mar 2026, 12:00 UTC , with change 4 ." in page.text
    assert NEW in page.texts("article.reading")[0]
    assert page.texts("article h2") == ["Ages"]


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("2026-03-01", OLD),
        ("2026-03-02", OLD),
        ("2026-03-03", NEW),
        ("2026-03-03T11:59:59Z", OLD),
        ("2026-03-03T12:00:00", NEW),
        ("2026-03-03T13:59:59%2B02:00", OLD),
        ("9999-12-31", NEW),
    ],
)
def test_the_text_is_read_as_it_stood_on_any_day_or_at_any_time(library, visitor, at, says):
    assert says in visitor.open(f"/texts/page?at={at}").texts("article.reading")[0]


def test_before_the_first_text_it_is_said_when_that_was_seen(library, visitor):
    page = visitor.open("/texts/page?at=2026-02-28")
    assert page.status == 404
    assert "Nothing is known of it on 28 Feb 2026. This is its first text." in page.texts("[role=alert]")[0]
    assert OLD in page.texts("article.reading")[0]
    assert page.tree.css_first("#at").attributes["min"] == "2026-03-01"


def test_a_version_compared_with_itself_is_shown_with_what_can_be_compared(library, visitor):
    page = visitor.open("/versions/3/3")
    assert page.status == 400
    assert page.texts("h1") == visitor.open("/texts/page").texts("h1")
    assert page.links("[role=alert] a") == ["#versions", "/versions/3/4"]
    assert visitor.open("/versions/3/4").status == 200


def test_on_paper_stands_when_and_from_where_it_was_printed(library, visitor):
    text = " ".join(visitor.open("/texts/page?at=2026-03-01").texts(".printed")[0].split())
    assert re.fullmatch(r"Printed on \d+ Mar 2026 from http://127.0.0.1:\d+/texts/page\?at=2026-03-01", text)


def test_a_document_that_was_never_read_says_so(library, visitor):
    with transaction(library.db):
        versions.declare_document(
            library.db, "empty", source_id="news", identity="x", url="https://example.org", title="", now=NOON
        )
    assert "no text of it was ever read" in visitor.open("/texts/empty").text


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "0001-01-01T00:00:00%2B10:00"])
def test_what_is_no_day_is_refused(library, visitor, at):
    page = visitor.open(f"/texts/page?at={at}")
    assert page.status == 400
    assert "neither a day nor a time" in page.text


def test_from_one_version_it_is_a_step_to_the_one_before_and_after(library, visitor):
    old = visitor.open("/texts/page?at=2026-03-01")
    assert old.links("a[rel=prev]") == []
    assert old.links("a[rel=next]") == ["/texts/page?at=2026-03-03T12:00:00Z"]
    assert visitor.open(old.links("a[rel=next]")[0]).links("a[rel=prev]") == ["/texts/page?at=2026-03-01T12:00:00Z"]


def test_a_longer_text_has_an_outline(library, visitor):
    library.write(a_text("# One", "a", "# Two", "* b", "# Three", "c"), NOON + 3 * DAY)
    page = visitor.open("/texts/page")
    assert page.texts(".outline li") == ["One", "Two", "Three"]
    assert page.links(".outline a") == ["#b1", "#b3", "#b5"]
    assert [each.attributes["id"] for each in page.tree.css("article h2")] == ["b1", "b3", "b5"]
    assert page.texts("article p.item") == ["b"]


def test_a_text_in_another_language_says_which(library, visitor):
    german = "Die Anbieter müssen das Alter der Nutzer prüfen, bevor sie ihnen den Zugang zu diesen Inhalten gewähren."
    library.write(a_text(german), NOON + 3 * DAY)
    assert visitor.open("/texts/page").tree.css_first("article").attributes["lang"] == "de"


def test_where_a_text_leads_is_listed_and_only_what_is_an_address_can_be_opened(library, visitor):
    links = ("https://example.org/a?b=1", "javascript:alert(1)", "mailto:x@example.org")
    library.write(a_text(OLD, OLD, links=links), NOON + 3 * DAY)
    page = visitor.open("/texts/page")
    assert page.texts(".addresses li") == list(links)
    assert page.links(".addresses a") == ["https://example.org/a?b=1"]


def test_a_text_without_words_says_so(library, visitor):
    library.write((), NOON + 3 * DAY)
    assert "There is no word in this text." in visitor.open("/texts/page").text


def test_any_two_versions_are_chosen_and_compared(library, visitor):
    page = visitor.open("/versions?from=3&to=4")
    assert page.url == f"{visitor.address}/versions/3/4"
    assert "From the text first seen 1 Mar 2026, 12:00 UTC to the one first seen 3 Mar 2026, 12:00 UTC" in page.text
    assert (page.texts("main del"), page.texts("main ins")) == (["16"], ["18"])


def test_the_earlier_one_comes_first_whichever_was_chosen_as_which(library, visitor):
    assert visitor.open("/versions?from=4&to=3").url.endswith("/versions/3/4")


def test_two_versions_can_be_laid_side_by_side(library, visitor):
    page = visitor.open("/versions/3/4?view=sides")
    assert page.texts(".sides .old.changed del") == ["16"]
    assert page.links(".views a") == ["/versions/3/4?", "/versions/3/4?view=sides"]


def test_two_versions_that_say_the_same_say_so(library, visitor):
    library.write(a_text("# Ages", OLD), NOON + 3 * DAY)
    assert "They say the same." in visitor.open("/versions/3/5").text


def test_of_two_long_versions_the_rest_is_a_click_away(library, visitor):
    library.write(a_text(*(f"Word {each} is a rule of its own now." for each in range(WORDS // 8))), NOON + 3 * DAY)
    page = visitor.open("/versions/4/5")
    assert "Show the whole text" in page.text
    assert "Show the whole text" not in visitor.open(page.links(".pager a")[0]).text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/versions/3/1", 400, 'version 3 is one of "page" and version 1 one of "rules"'),
        ("/versions/3/3", 400, "This version was chosen twice. Choose two different ones below."),
        ("/versions/3/99", 404, "version 99"),
        ("/versions/3/x", 404, "named by its number"),
        ("/versions", 400, "Choose two versions"),
        ("/versions?from=3", 400, "Choose two versions"),
        ("/versions?from=3&to=..", 404, "named by its number"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(library, visitor, address, status, said):
    page = visitor.open(address)
    assert page.status == status
    assert said in page.text


def test_a_version_of_the_time_before_it_was_watched_can_be_compared(library, visitor):
    with transaction(library.db):
        blocks = a_text("# Ages", "Hosts are at least 13 years old.")
        version = history.add_version(
            library.db, "page", title="A page", blocks=blocks, recipe="1", observed_at=NOON - 99 * DAY, snapshot_ids=[1]
        )
        history.add_change(
            library.db, "page", from_version_id=None, to_version_id=version, judgement=first(blocks), fetch_id=1,
            at=NOON - 99 * DAY, rules="1",
        )  # fmt: skip
    assert visitor.open(f"/versions/{version}/4").texts("main del") == ["13"]
    assert "history" in visitor.open("/sources/page").texts("li.version .chip")


@pytest.mark.parametrize("document", ["news/tag:x,2026:a/b", "news/100%25 off?#now", "news/../../etc/passwd", HOSTILE])
def test_a_document_is_read_whatever_its_id_is(library, visitor, document):
    library.write(a_text(OLD), NOON, document, source="news", title="Entry")
    library.write(a_text(NEW), NOON + DAY, document, source="news", title="Entry")
    page = visitor.open(f"/texts/{quote(document, safe='')}")
    assert NEW in page.text
    assert OLD in visitor.open(page.links("a[rel=prev]")[0]).text


def test_hostile_texts_show_as_harmless_text(library, visitor):
    evil = a_text(f"# {HOSTILE}{TRICK}", f"{HOSTILE} {TRICK}", f"* {HOSTILE}", links=("javascript:alert(1)", HOSTILE))
    library.declare(own("page", publisher=HOSTILE, topics=(HOSTILE,)), own("news", publisher=TRICK))
    library.blind("page", NOON, detail=HOSTILE, advice=TRICK)
    with transaction(library.db):
        library.db.execute("UPDATE source SET name = ?", [f"{HOSTILE}{TRICK}"])
        overrules.add_overrule(library.db, "page", HOSTILE, at=NOON, note=HOSTILE)
    library.write(evil, NOON + 3 * DAY, title=HOSTILE)
    library.write(a_text(OLD), NOON, "news/x", source="news", title=f"{HOSTILE}{TRICK}")
    for address in ("/sources", "/sources/page", "/sources/news", "/texts/page", "/texts/news/x", "/versions/4/5"):
        page = visitor.open(address)
        assert page.status == 200
        assert HOSTILE in page.text
        assert page.texts("main script") == []
        assert "\u202e" not in page.body.decode()
        assert not any(each.startswith("javascript:") for each in page.links())
