"""The sources at the desk: how far each of them can be trusted, what was fetched, and its versions."""

from __future__ import annotations

import pytest

from monitor.model import Outcome, ProblemKind
from monitor.store import fetches, history, overrules, problems, transaction
from monitor.store.fetches import FetchState
from monitor.views.sources import DOCUMENTS, PAGE, Mark, get_profile
from monitor.views.texts import EDITIONS
from store.conftest import HOUR, NOON, a_fetch
from web.library import DAY, NEW, OLD, a_text, make_library, own


@pytest.fixture
def library(desk):
    return make_library(desk)


def test_each_source_stands_with_its_publisher_and_how_far_it_can_be_trusted(library, visitor):
    page = visitor.open("/sources")
    assert page.texts(".house h3") == ["Alpha", "Beta", "Example"]
    assert page.texts(".house li")[:2] == [
        "Page EU · html read well 3 Mar 2026, 12:00",
        "News US · atom not read yet",
    ]
    assert "4 sources. All that are on can be read." in page.text


def test_what_must_be_mended_stands_first_what_cannot_be_read_before_what_is_doubted(library, visitor):
    library.blind("news", NOON + DAY)
    with transaction(library.db):
        problems.open_instability(
            library.db, "page", resource_id=1, detail="it alternates", advice="Look at it.", at=NOON
        )
    page = visitor.open("/sources")
    assert page.texts(".outdated h3") == ["News", "Page"]
    first_row, second_row = page.texts(".outdated")
    assert "3 days since 2 Mar 2026" in first_row
    assert "a bot wall Ask the publisher. cannot be read blocked" in first_row
    assert "it alternates Look at it. read, but in doubt unstable" in second_row
    assert "1 cannot be read. 1 is read, but in doubt." in page.text


def test_many_problems_are_folded(library, visitor):
    library.declare(*(own(f"p{each}") for each in range(12)))
    for each in range(12):
        library.blind(f"p{each}", NOON)
    assert "2 more problems" in visitor.open("/sources").texts("summary")


def test_a_source_that_is_off_says_why_where_that_is_known(library, visitor):
    (library.desk.folder / "sources.yaml").write_text("""\
packs:
  - {id: eu, name: Europe}
sources:
  - {id: page, name: Page, publisher: Alpha, jurisdiction: EU, kind: html, url: "https://example.org/page",
     pack: eu, enabled: false, note: "It moved."}
  - {id: news, name: News, publisher: Beta, jurisdiction: US, kind: html, url: "https://example.org/news", render: true}
""")
    library.declare()
    rows = visitor.open("/sources").texts(".house li")
    assert rows[0] == "Page EU · html off It moved."
    assert rows[1] == "News US · atom off It needs a browser."
    assert rows[2] == "Other EU · html off It is no longer in sources.yaml."
    assert "4 are off" in visitor.open("/sources").text
    assert visitor.open("/sources?pack=eu").texts(".house a") == ["Page"]
    assert visitor.open("/sources/page").links("dl a") == ["/sources?pack=eu"]


def test_a_broken_sources_file_is_no_reason_to_show_nothing(library, visitor):
    (library.desk.folder / "sources.yaml").write_text("sources: 1\n")
    library.declare()
    assert visitor.open("/sources").texts(".house li")[0] == "Page EU · html off"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("jurisdiction=US", ["News"]),
        ("topic=terms", ["Page", "News"]),
        ("topic=privacy", ["Page"]),
        ("state=read", ["Page", "Rules"]),
        ("state=new", ["News", "Other"]),
        ("text=ALPH", ["Page"]),
        ("text=%20news%20", ["News"]),
        ("jurisdiction=US&topic=privacy", []),
        ("state=nonsense", []),
        ("page=x", ["Page", "News", "Other", "Rules"]),
    ],
)
def test_the_list_is_filtered_in_the_address(library, visitor, query, names):
    page = visitor.open(f"/sources?{query}")
    assert page.texts(".house a") == names
    assert ("No source is like that." in page.text) == (not names)


def test_what_is_filtered_by_stays_chosen(library, visitor):
    page = visitor.open("/sources?state=read&topic=terms&text=pa")
    assert page.texts("option[selected]") == ["read well (2)", "terms (2)"]
    assert page.tree.css_first("#text").attributes["value"] == "pa"


def test_many_are_shown_a_page_at_a_time(library, visitor):
    library.declare(*(own(f"s{each:03}", publisher="Many") for each in range(PAGE)))
    first_page, second = visitor.open("/sources?text=many"), visitor.open("/sources?page=2")
    assert len(first_page.texts(".house li")) == PAGE
    assert len(second.texts(".house li")) == 4
    assert second.links(".pager a") == ["/sources?page=1"]
    assert visitor.open("/sources").links(".pager a") == ["/sources?page=2"]


def test_one_source_says_what_it_is_and_when_it_is_asked(library, visitor):
    page = visitor.open("/sources/page")
    assert page.texts("h1") == ["Page"]
    assert "read well 3 Mar 2026, 12:00 UTC" in page.text
    assert page.texts("dl.known > div") == [
        "Jurisdiction EU", "Topics terms, privacy", "Kind html", "Asked every 12h, next 1 Mar 2026, 12:00 UTC",
        "Id page", "Watched since 1 Mar 2026",
    ]  # fmt: skip


def test_its_addresses_say_how_the_last_attempt_ended(library, visitor):
    library.fetch("page", NOON + 3 * DAY, outcome=Outcome.HTTP_ERROR, status=503, state=FetchState.NONE)
    with transaction(library.db):
        history.declare_resource(library.db, "page", "javascript:alert(1)")
    page = visitor.open("/sources/page")
    assert page.texts(".addresses li") == [
        "https://example.org/page asked 4 Mar 2026, 12:00 UTC : http-error 503",
        "javascript:alert(1) not asked yet · not asked any more",
    ]
    assert page.links(".addresses a") == ["https://example.org/page"]


def test_a_source_that_cannot_be_read_says_since_when_and_when_it_was(library, visitor):
    library.blind("page", NOON + 3 * DAY)
    page = visitor.open("/sources/page")
    assert "cannot be read since 4 Mar 2026, 12:00 UTC , last read 3 Mar 2026, 12:00 UTC ." in page.text
    assert "a bot wall Ask the publisher. cannot be read blocked since 4 Mar 2026" in page.texts(".clause")[0]


def test_problems_that_are_over_are_kept(library, visitor):
    resource_id = library.blind("page", NOON - DAY, ProblemKind.OUTAGE, detail="maintenance")
    fetch_id = library.fetch("page", NOON)
    with transaction(library.db):
        problems.close_problem(library.db, resource_id, fetch_id=fetch_id, at=NOON)
    page = visitor.open("/sources/page")
    assert "maintenance outage 28 Feb 2026, 12:00 UTC to 1 Mar 2026, 12:00 UTC" in page.text
    assert "To be mended" not in page.text


def test_accepted_doubts_are_named_with_their_note(library, visitor):
    with transaction(library.db):
        overrules.add_overrule(library.db, "page", "outage: try again later", at=NOON, note="the banner stays")
    assert "outage: try again later 1 Mar 2026, 12:00 UTC : the banner stays" in visitor.open("/sources/page").text


def test_an_unknown_source_is_said_to_be_unknown(visitor):
    assert "no source with this id" in visitor.open("/sources/nowhere").text


def test_the_last_90_days_are_drawn_and_told_in_words(library, visitor):
    library.fetch("page", NOON + DAY)
    library.fetch("page", NOON + 3 * DAY, outcome=Outcome.TIMEOUT, status=None, state=FetchState.NONE)
    page = visitor.open("/sources/page")
    labels = [each.attributes["aria-label"] for each in page.tree.css(".strip svg")]
    assert len(labels) == 3
    assert labels[2] == (
        "4 Feb 2026 to 5 Mar 2026: 2 days answered, 1 day with changes, 1 day with problems, 26 days not asked"
    )
    assert "3 Mar 2026: asked once, answered, 1 change" in page.texts(".strip title")
    assert "4 Mar 2026: asked once, no answer that could be read" in page.texts(".strip title")
    assert page.texts("tbody tr")[1:4] == ["4 Mar 2026 1 0 0", "3 Mar 2026 1 1 1", "2 Mar 2026 1 1 0"]
    assert len(page.texts("tbody tr")) == 90


@pytest.mark.parametrize(
    ("facts", "mark"),
    [
        ({}, Mark.ANSWERED),
        ({"outcome": Outcome.OK, "status": 200, "state": FetchState.REJECTED}, Mark.PROBLEM),
        ({"outcome": Outcome.ROBOTS, "status": None, "state": FetchState.NONE}, Mark.PROBLEM),
    ],
)
def test_a_day_is_marked_by_what_became_of_it(library, facts, mark):
    library.fetch("news", NOON, **facts)
    strips = get_profile(library.db, "news", NOON.date(), {}).strips
    assert strips[-1][-1].mark is mark
    assert strips[-1][-2].mark is Mark.NOTHING


def test_a_day_on_which_one_of_several_attempts_failed_says_so(library, visitor):
    library.fetch("news", NOON)
    library.fetch("news", NOON + HOUR, outcome=Outcome.TIMEOUT, status=None, state=FetchState.NONE)
    titles = visitor.open("/sources/news").texts(".strip title")
    assert "1 Mar 2026: asked 2 times, answered 1 of them" in titles


def test_what_an_archive_saw_is_no_attempt_of_ours(library):
    with transaction(library.db):
        resource_id = history.declare_resource(library.db, "news", "git:archive")
        fetch = a_fetch(b"", NOON, source_id="news", headers={history.COMMIT: "abc"})
        fetches.add_fetch(library.db, resource_id, fetch, snapshot_id=None, state=FetchState.GOOD)
    assert get_profile(library.db, "news", NOON.date(), {}).strips[-1][-1].asked == 0


def test_the_versions_stand_with_what_each_brought(library, visitor):
    page = visitor.open("/sources/page")
    newest, oldest = page.texts("li.version")
    assert "3 Mar 2026, 12:00 UTC" in newest
    assert "18" in newest
    assert "first look" in oldest
    assert "/changes/4" in page.links("li.version a")


def test_several_quiet_changes_in_a_row_are_folded(library, visitor):
    for number in range(3):
        library.write(a_text("# Ages", NEW, links=(f"https://example.org/{number}",)), NOON + (3 + number) * DAY)
    page = visitor.open("/sources/page")
    assert page.texts(".quiet-run summary") == ["3 quiet changes, 4 Mar 2026 to 6 Mar 2026"]
    assert "links only" in page.texts(".quiet-run li")[0]


def test_a_document_with_one_version_has_nothing_to_compare(library, visitor):
    library.write(a_text(OLD), NOON, "news", source="news")
    page = visitor.open("/sources/news")
    assert page.texts("h2#versions") == ["1 version"]
    assert page.texts("input[type=radio], form.timeline button") == []


def test_what_is_offered_to_be_compared_is_not_folded_where_there_is_a_choice(library, visitor):
    for number in range(3):
        library.write(a_text("# Ages", NEW, links=(f"https://example.org/{number}",)), NOON + (3 + number) * DAY)
    page = visitor.open("/sources/page")
    assert page.tree.css_first("input[name=to][checked]").attributes["value"] == "7"
    assert page.tree.css_first("input[name=from][checked]").attributes["value"] == "4"
    assert "open" in page.tree.css_first(".quiet-run details").attributes


@pytest.fixture
def long_history(library):
    """Of more Versions than one page takes: 2 more."""
    for number in range(EDITIONS):
        library.write(a_text("# Ages", f"Hosts are at least {20 + number} years old."), NOON + (3 + number) * DAY)
    return library


def test_older_versions_are_behind_the_first_ones_beside_the_newest(long_history, visitor):
    first_page = visitor.open("/sources/page")
    assert len(first_page.texts("li.version")) == EDITIONS
    (older,) = first_page.links(".pager a")
    page = visitor.open(older.partition("#")[0])
    assert [each.attributes["value"] for each in page.tree.css("input[name=from]")] == ["54", "4", "3"]
    assert page.links(".pager a") == []


def test_the_text_leads_to_older_versions_as_well(long_history, visitor):
    (older,) = visitor.open("/texts/page?at=2026-03-01").links(".pager a")
    assert older == "/texts/page?at=2026-03-01&before=5#versions"


@pytest.mark.parametrize("before", ["-99", "x"])
def test_an_odd_place_to_go_on_from_breaks_nothing(library, visitor, before):
    assert visitor.open(f"/sources/page?before={before}").status == 200


def test_a_source_without_a_text_says_so(library, visitor):
    assert "No text of it was read yet." in visitor.open("/sources/news").text


@pytest.fixture
def feed(library):
    """Of the news, one more entry than is listed; the first is about refunds, the last was edited."""
    library.write(a_text("Refunds come late."), NOON, "news/0", source="news", title="Refunds 100%")
    for number in range(1, DOCUMENTS + 1):
        library.write(a_text(OLD), NOON + number * HOUR, f"news/{number}", source="news", title=f"Entry {number}")
    library.write(a_text(NEW), NOON + 3 * DAY, f"news/{DOCUMENTS}", source="news", title=f"Entry {DOCUMENTS}")
    return library


def test_of_a_feed_the_newest_documents_are_listed(feed, visitor):
    page = visitor.open("/sources/news")
    listed = page.texts("[aria-labelledby=documents] li")
    assert page.texts("h2#documents") == [f"{DOCUMENTS + 1} documents"]
    assert listed[0] == f"Entry {DOCUMENTS} 2 versions first seen 3 Mar 2026, changed 4 Mar 2026"
    assert listed[1] == f"Entry {DOCUMENTS - 1} 1 version first seen 3 Mar 2026"
    assert f"The newest {DOCUMENTS} of {DOCUMENTS + 1}" in page.text


@pytest.mark.parametrize(
    ("text", "found"), [("refunds", ["Refunds 100%"]), ("100%25", ["Refunds 100%"]), ("nothing", [])]
)
def test_an_older_one_is_found_by_its_words(feed, visitor, text, found):
    page = visitor.open(f"/sources/news?text={text}")
    assert page.texts("[aria-labelledby=documents] li a") == found
    assert ("No document has these words" in page.text) == (not found)
