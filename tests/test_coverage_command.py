"""`monitor sources coverage`, as a person runs it."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from local_site import Site
from scenarios.world import World

TEXT = "<h1>Rules</h1>" + "".join(f"<p>Rule {n} says that nobody may sell what they do not own.</p>" for n in range(30))

PLACES = ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI")


@pytest.fixture(scope="module")
def publisher():
    with Site() as site:
        site.put("/rules", f"<main>{TEXT}</main>")
        yield site


def watch(folder, site):
    """Five sources: one that can be read, one that is missing, and three that are off."""
    world = World(folder)
    world.declared |= {
        "packs": [{"id": "ca", "name": "Canada", "enabled": False}],
        "audiences": [{"id": "desk", "name": "North desk", "jurisdictions": ["CA", "IS"]}],
    }
    about = {"topics": ["privacy"]}
    world.watch(id="rules", url=site.url("/rules"), checked="2025-10-30", **about)
    world.watch(id="duties", url=site.url("/gone"), name="Duties | of <b>A_B</b>", topics=["privacy", "terms"])
    world.watch(id="guess", url=site.url("/guess"), enabled=False, note="A guess; wants MY_OWN_KEY", **about)
    world.watch(id="app", url=site.url("/app"), pack="ca", jurisdiction="CA", topics=["csam"])
    world.watch(id="front", url=site.url("/front"), enabled=False, **about)
    return world


@pytest.fixture(scope="module")
def watched(tmp_path_factory, publisher):
    """A world of which nothing was asked yet."""
    return watch(tmp_path_factory.mktemp("watched"), publisher)


@pytest.fixture(scope="module")
def asked(tmp_path_factory, publisher):
    """A world that was asked on the first day, and never again."""
    world = watch(tmp_path_factory.mktemp("asked"), publisher)
    world.run(day=1)
    return world


@pytest.fixture(scope="module")
def printed(asked):
    """What is printed on the second day."""
    return asked.call("sources", "coverage", day=2).out


@pytest.fixture(scope="module")
def sections(printed):
    return split(printed)


def page(world, *words, **when):
    done = world.call("sources", "coverage", *words, **when)
    assert done.status == 0, done.err
    return split(done.out)


def split(text):
    """The page by its headings of second order; the beginning under ""."""
    parts = ("\n" + text).split("\n## ")
    return {"": parts[0]} | dict(part.split("\n\n", 1) for part in parts[1:])


def cells(text):
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:2] == "| "]


def test_before_the_first_run_nothing_is_called_watched_and_no_database_is_made(watched):
    found = page(watched)
    assert "**0 watched, 0 blind now, 2 not read yet, 3 off.** As of 1 Mar 2026, 07:00 UTC." in found[""]
    assert "- Nothing was read yet. Start with: `monitor run`" in found[""]
    assert cells(found["On, and when each last answered"])[1][3] == "never"
    assert not (watched.folder / "var").exists()


def test_the_headline_says_what_is_watched_blind_and_off_and_how_fresh_that_is(sections):
    head = sections[""]
    assert "**1 watched, 1 blind now, 3 off.** As of 2 Mar 2026, 07:00 UTC." in head
    assert "- Last answers: 1 today or yesterday, 1 never." in head
    assert "- Addresses last proven: 1 within a year, 1 on no known day." in head


def test_what_nobody_asked_for_long_is_late_and_the_page_says_what_to_look_at(asked):
    head = page(asked, day=9)[""]
    assert "**0 watched, 1 blind now, 1 late, 3 off.**" in head
    assert "- Late: overdue for more than a day. Is `monitor run` still called" in head


def test_what_is_blind_says_which_since_when_why_and_what_to_do(sections):
    blind = sections["Blind now"].strip().splitlines()
    assert blind[0].startswith(
        "- **Duties | of \\<b>A_B\\</b>** (Example, EU, `duties`): http-error since 1 Mar 2026; "
    )
    assert blind[0].rstrip().endswith("it never answered.")
    assert "404" in blind[1]
    assert blind[2].startswith("  → ")


def test_gaps_name_the_audience_that_misses_something_and_topics_that_hang_on_one_source(sections):
    assert sections["Gaps"].strip().splitlines() == [
        "- **North desk** wants CA: nothing is read; 1 source off",
        "- **North desk** wants IS: no source is declared for that",
        "- csam: nothing is read; 1 source off",
        "- terms: nothing is read; blind now: `duties`",
        "- privacy: hangs on `rules` alone; blind now: `duties`; 2 sources off",
        "- Nothing is on for CA (1); in brackets, how many sources are off.",
    ]


def test_the_matrix_counts_what_is_on_what_of_it_is_blind_and_what_is_off(sections):
    assert cells(sections["Jurisdictions and topics"]) == [
        ["Topic", "EU"],
        ["csam", ""],
        ["privacy", "2!1 (2)"],
        ["terms", "1!1"],
        ["**all sources**", "2!1 (2)"],
    ]


def test_what_is_off_says_why_and_packs_are_named_by_their_names(sections):
    assert sections["Off, and why"].strip().splitlines() == [
        "- Pack `ca` is off (Canada): 1 source",
        "- A guess; wants MY_OWN_KEY: 1 source: `guess`",
        "- Switched off, and no note says why: 1 source: `front`",
    ]


def test_each_source_that_is_on_has_its_last_answer_and_the_day_its_address_was_proven(sections):
    on = sections["On, and when each last answered"]
    assert "### EU: 2 sources" in on
    rules, duties = cells(on)[1:]
    assert rules == ["Rules", "Example", "`rules`", "2026-03-01 07:00", "2025-10-30"]
    assert duties[-3:] == ["`duties`", "never, blind", "-"]


def test_the_columns_stand_in_line_and_are_tables_for_whoever_renders_the_page(printed):
    rows = [line for line in printed.splitlines() if line.startswith("|")]
    tables = [rows[:6], rows[6:]]
    assert [len({len(row) for row in table}) for table in tables] == [1, 1]
    html = MarkdownIt("commonmark").enable("table").render(printed)
    assert (html.count("<table>"), "Duties | of &lt;b&gt;A_B&lt;/b&gt;" in html) == (2, True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--jurisdiction", "CA"), ["app"]),
        (("--topic", "terms"), ["duties"]),
        (("--pack", "ca"), ["app"]),
        (("--jurisdiction", "EU", "--topic", "csam"), []),
    ],
)
def test_only_what_is_asked_for_is_shown(watched, words, expected):
    found = watched.call("sources", "coverage", "--json", *words).json
    assert [each["id"] for each in found["sources"]] == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--jurisdiction", "EU", "--topic", "csam"), "No source is about both: EU, csam."),
        (("--topic", "terms", "--pack", "ca"), "No source is about both: terms, ca."),
        (("--jurisdiction", "CA", "--topic", "terms", "--pack", "ca"), "No source is about all: CA, terms, ca."),
    ],
)
def test_where_no_source_is_about_all_that_is_asked_for_the_page_says_so_and_has_no_sections(watched, words, said):
    found = page(watched, *words)
    assert (list(found), found[""].strip().splitlines()[-1]) == ([""], said)


def test_of_a_jurisdiction_of_which_all_is_off_the_matrix_shows_what_there_would_be(watched):
    found = page(watched, "--jurisdiction", "CA")
    assert cells(found["Jurisdictions and topics"]) == [["Topic", "CA"], ["csam", "(1)"], ["**all sources**", "(1)"]]
    assert "On, and when each last answered" not in found


def test_many_jurisdictions_are_shown_in_several_tables(world, site):
    for number, place in enumerate(PLACES):
        world.watch(id=f"law-{number}", url=site.url(f"/{place}"), jurisdiction=place, topics=["privacy"])
    heads = [row for row in cells(page(world)["Jurisdictions and topics"]) if row[0] == "Topic"]
    assert heads == [["Topic", *PLACES[:8]], ["Topic", *PLACES[8:]]]


def test_sources_without_topics_are_listed_and_need_no_matrix(world, site):
    world.watch(id="rules", url=site.url("/rules"))
    found = page(world)
    assert "Jurisdictions and topics" not in found
    assert [row[2] for row in cells(found["On, and when each last answered"])[1:]] == ["`rules`"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--topic", "privcy"), "privcy: no source has this topic. Did you mean privacy?"),
        (("--pack", "zz"), "zz: no source has this pack. There are: ca."),
        (("--jurisdiction", "JP"), "JP: no source has this jurisdiction. There are: CA, EU."),
    ],
)
def test_an_unknown_name_is_refused_with_what_there_is(watched, words, message):
    done = watched.call("sources", "coverage", *words)
    assert (done.status, message in done.err) == (2, True)


def test_as_json_each_source_has_its_standing_and_nothing_of_the_page_is_missing(asked):
    found = asked.call("sources", "coverage", "--json", day=2).json
    assert (found["at"], found["counts"]) == ("2026-03-02T07:00:00Z", {"watched": 1, "blind": 1, "off": 3})
    assert {"jurisdiction": "EU", "topic": "privacy", "watched": 1, "blind": 1, "off": 2} in found["matrix"]
    assert found["gaps"][-1] == {
        "audience": None, "jurisdiction": None, "topic": "privacy",
        "watched": ["rules"], "blind": ["duties"], "off": ["guess", "front"],
    }  # fmt: skip
    assert found["off"][0] == {"cause": "pack", "detail": "ca", "sources": ["app"]}
    rules, duties, guess, *_ = found["sources"]
    assert (rules["standing"], rules["last_answer_at"]) == ("watched", "2026-03-01T07:00:00Z")
    assert (rules["checked"], rules["why_off"], rules["problems"]) == ("2025-10-30", None, [])
    assert [each["problem"] for each in duties["problems"]] == ["http-error"]
    assert guess["why_off"] == {"cause": "note", "detail": "A guess; wants MY_OWN_KEY"}
