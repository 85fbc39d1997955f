"""The entry that is proposed for what was seen at an address, and what is said beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from discovery import invented_pages as pages
from discovery.test_looks_at_answers import answer
from monitor.discovery.looks import Look, Trouble, look_at
from monitor.discovery.proposals import Sight, Wishes, find_watching, propose
from monitor.discovery.publishers import find_interface
from monitor.model import ProblemKind, Source

DAY = date(2026, 3, 1)
URL = "https://www.marketfen.com/help/selling-rules"


def sight(markup=pages.HELP_CENTRE, url=URL, **facts):
    look = look_at(answer(markup, url=url))
    return Sight(url, **({"final_url": url.partition("#")[0], "look": look, "day": DAY} | facts))


def source(id_, url, **facts):
    said = {"name": id_, "publisher": "Marketfen Ltd", "jurisdiction": "global", "kind": "html"}
    return Source(id_, **(said | {"urls": (url,)} | facts))


def notes(found, known=()):
    return "\n".join(propose(found, known, Wishes()).notes)


def test_a_page_becomes_an_entry_with_everything_that_can_be_told():
    known = [source("pond", "https://pond.example/", topics=("monetisation", "terms"))]
    found = propose(sight(), known, Wishes())
    assert found.entry == {
        "id": "marketfen-selling-rules",
        "name": "Marketfen: Selling rules",
        "publisher": "Marketfen",
        "jurisdiction": "global",
        "kind": "html",
        "url": URL,
        "select": ("article",),
        "remove": (".article-votes",),
        "every": "12h",
        "checked": "2026-03-01",
    }
    assert found.notes == ()


def test_what_a_person_says_goes_before_what_is_guessed():
    wishes = Wishes(id="my-rules", pack="platforms", topics=("terms",), audience=("uk-desk",))
    entry = propose(sight(), [], wishes).entry
    assert (entry["id"], entry["pack"], entry["topics"], entry["audience"]) == (
        "my-rules", "platforms", ("terms",), ("uk-desk",),
    )  # fmt: skip


def test_an_entry_is_like_its_neighbours_in_the_file():
    facts = {"pack": "shops", "every": "3d", "audience": ("shop-desk", "eu-desk"), "topics": ("selling", "fees")}
    known = [
        source(f"fen-{each}", f"https://www.marketfen.com/help/{each}", **facts) for each in ("fees", "ads", "bids")
    ]
    entry = propose(sight(), known, Wishes()).entry
    assert (entry["id"], entry["publisher"]) == ("fen-selling-rules", "Marketfen Ltd")
    assert (entry["pack"], entry["every"]) == ("shops", "3d")
    assert (entry["audience"], entry["topics"]) == (("shop-desk", "eu-desk"), ("selling",))


def test_where_the_address_led_is_watched_and_said():
    found = sight(final_url="https://www.marketfen.com/gb/help/selling-rules")
    assert propose(found, [], Wishes()).entry["url"] == "https://www.marketfen.com/gb/help/selling-rules"
    assert "It led on to https://www.marketfen.com/gb/help/selling-rules" in notes(found)


def test_another_spelling_of_the_address_is_watched_without_a_word():
    found = sight(url="http://marketfen.com/help/selling-rules/", final_url=URL)
    assert propose(found, [], Wishes()).entry["url"] == URL
    assert notes(found) == ""


def test_a_deep_address_that_leads_to_the_front_page_is_doubted():
    assert "perhaps the page is gone" in notes(sight(final_url="https://www.marketfen.com/"))


@pytest.mark.parametrize(
    ("place", "url", "said"),
    [("terms", f"{URL}#terms", ""), ("flat", URL, "No part of the page alone begins at #flat")],
)
def test_a_place_in_the_address_stays_where_it_is_a_part(place, url, said):
    found = sight(pages.SEVERAL, url=f"{URL}#{place}")
    proposal = propose(found, [], Wishes())
    assert proposal.entry["url"] == url
    assert said in "\n".join(proposal.notes)


def test_what_depends_on_the_region_is_said_with_an_address_that_names_one():
    look = replace(sight().look, variants=("https://www.marketfen.com/gb/",))
    assert "such as https://www.marketfen.com/gb/" in notes(sight(look=look))
    assert "may depend on the region" in notes(sight(vary="Accept-Encoding, Accept-Language"))
    assert notes(sight(vary="Accept-Encoding")) == ""


def test_a_page_without_lasting_names_is_said_to_be_found_anew():
    assert "found anew at each reading" in notes(sight(pages.NAMELESS))


def test_what_ticks_is_said_with_how_it_is_judged():
    def seen_twice(*texts):
        first, again = (answer(pages.APP.replace("<h1>Terms</h1>", f"<h1>Terms</h1><p>{each}</p>")) for each in texts)
        return notes(sight(look=look_at(first, again)))

    assert 'would be told each time: "No one may swim" → "All may swim"' in seen_twice(
        "No one may swim", "All may swim"
    )
    assert "recognised and never told" in seen_twice("7 views", "9 views")
    many = seen_twice(*("</p><p>".join(f"Pond {x} is {n} deep." for n in "abcde") for x in ("one", "two")))
    assert "and 2 more" in many


def test_a_feed_that_says_the_same_is_watched_in_place_of_the_page():
    feed = look_at(answer(pages.FEED.format(base="https://fen.example")))
    found = sight(
        pages.NEWS, url="https://www.fen.example/news", feed=feed, feed_url="https://www.fen.example/news/feed.xml"
    )
    proposal = propose(found, [], Wishes())
    assert {key: proposal.entry[key] for key in ("kind", "url", "name", "every")} == {
        "kind": "rss",
        "url": "https://www.fen.example/news/feed.xml",
        "name": "Fen Authority: News",
        "every": "6h",
    }
    assert "select" not in proposal.entry
    assert "the feed would be watched" in proposal.notes[0]


def test_a_feed_of_the_site_that_says_something_else_is_only_named():
    assert "The site also has a feed: https://www.fen.example/news/feed.xml" in notes(
        sight(pages.NEWS, url="https://www.fen.example/news")
    )


def test_an_address_that_is_a_feed_is_watched_as_one():
    found = sight(pages.FEED.format(base="https://fen.example"), url="https://www.fen.example/feed")
    entry = propose(found, [], Wishes()).entry
    assert (entry["kind"], entry["url"], entry["name"]) == (
        "rss",
        "https://www.fen.example/feed",
        "Fen Authority: news",
    )


def test_a_feed_without_entries_is_said_to_hold_none():
    empty = "<rss version='2.0'><channel><title>Fen news</title></channel></rss>"
    assert notes(sight(empty, url="https://www.fen.example/feed")) == "The feed holds no entry now."
    full = pages.FEED.format(base="https://fen.example")
    assert notes(sight(full, url="https://www.fen.example/feed")) == ""


def test_a_name_without_latin_letters_leaves_the_words_of_the_id_to_the_path():
    look = replace(sight().look, title="利用規約", heading="利用規約")
    assert propose(sight(look=look), [], Wishes()).entry["id"] == "marketfen-help-selling-rules"


@pytest.mark.parametrize(
    ("look", "name"),
    [
        (
            look_at(answer("<title>16 CFR Part 312 - Ponds | eCFR</title><main>x</main>" + pages.RULES)),
            "16 CFR Part 312 - Ponds",
        ),
        (Look("html", trouble=Trouble(ProblemKind.BLOCKED, "no", "ask less")), "16 CFR part 312"),
    ],
)
def test_an_interface_is_watched_in_place_of_its_page(look, name):
    url = "https://www.ecfr.gov/current/title-16/part-312"
    proposal = propose(sight(url=url, look=look, interface=find_interface(url)), [], Wishes())
    assert (proposal.entry["kind"], proposal.entry["url"]) == ("ecfr", find_interface(url).url)
    assert proposal.entry["checked"] == DAY.isoformat()
    assert name.split(" - ", maxsplit=1)[0] in proposal.entry["name"]
    assert (proposal.entry["publisher"], proposal.entry["jurisdiction"]) == ("Office of the Federal Register", "US")
    assert "an interface for it" in proposal.notes[0]


def test_a_page_that_shows_its_text_in_a_browser_only_is_rendered():
    found = sight(render=True)
    assert propose(found, [], Wishes()).entry["render"] is True
    assert "in a browser only" in notes(found)


def test_a_page_that_could_not_be_seen_is_rendered_and_named_by_its_address():
    look = Look("html", trouble=Trouble(ProblemKind.EMPTY, "nearly no text", "look"))
    found = sight(look=look, render=True)
    entry = propose(found, [], Wishes()).entry
    assert (entry["name"], entry["render"], "select" in entry) == ("Marketfen: Selling rules", True, False)
    assert "checked" not in entry
    assert "Perhaps it needs a browser (empty: nearly no text), and none starts here" in notes(found)


@pytest.mark.parametrize(
    "url",
    [
        "https://marketfen.com/help/rules", "http://www.marketfen.com/help/rules/", "https://MARKETFEN.com/help/rules?",
        "https://marketfen.com/help/r%75les",
    ],
)  # fmt: skip
def test_an_address_is_watched_already_however_it_is_spelled(url):
    known = [source("fen", "https://www.marketfen.com/help/rules")]
    assert find_watching(known, url) is known[0]


@pytest.mark.parametrize("url", ["https://marketfen.com/help/rules#a", "https://marketfen.com/help", "https://x.com/"])
def test_another_address_is_not_watched(url):
    assert find_watching([source("fen", "https://www.marketfen.com/help/rules")], url) is None
