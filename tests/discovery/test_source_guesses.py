"""Who publishes a page, whose rule it is, what it is called and by which id it goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.discovery.guesses import (
    agree,
    find_domain,
    find_neighbours,
    guess_id,
    guess_jurisdiction,
    guess_name,
    guess_publisher,
    guess_title,
    is_local,
    slug,
)
from monitor.model import Source
from monitor.sources import load_sources

SHIPPED = Path(__file__).parents[2] / "sources.yaml"


def source(id_="fen-rules", url="https://www.fen.example/rules", publisher="Fen", jurisdiction="global", **facts):
    return Source(id_, id_, publisher, jurisdiction, "html", (url,), **facts)


OFFICE = [
    source("gb-office-hub", "https://www.office.gov.uk/hub", "Office of Ponds", "GB"),
    source("gb-office-news", "https://www.office.gov.uk/news", "Office of Ponds", "GB"),
]


def test_neighbours_are_at_the_same_host_else_in_the_same_domain():
    other = source("gb-office-data", "https://data.office.gov.uk/x")
    assert find_neighbours([*OFFICE, other], "https://office.gov.uk/codes") == tuple(OFFICE)
    assert find_neighbours([*OFFICE, other], "https://help.office.gov.uk/codes") == (*OFFICE, other)
    assert find_neighbours(OFFICE, "https://www.ponds.gov.uk/") == ()


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.fen.example", "fen.example"),
        ("a.b.fen.co.uk", "fen.co.uk"),
        ("gov.uk", "gov.uk"),
        ("localhost", "localhost"),
    ],
)
def test_a_domain_is_what_somebody_registered(host, domain):
    assert find_domain(host) == domain


@pytest.mark.parametrize(
    ("values", "said"), [(["a", "a", "a", "b"], "a"), (["a", "b"], ""), ([], ""), (["", "", "", "x"], "")]
)
def test_most_must_say_the_same(values, said):
    assert agree(values) == said


@pytest.mark.parametrize(
    ("said", "title", "url", "publisher"),
    [
        (["Marketfen"], "Rules", "https://www.marketfen.com/rules", "Marketfen"),
        (["Marketfen: buy and sell by the pond"], "Rules", "https://marketfen.com/", "Marketfen"),
        ([], "Rules | Marketfen", "https://help.marketfen.com/", "Marketfen"),
        (["Help Centre"], "Rules - Marketfen", "https://marketfen.com/", "Marketfen"),
        (["Greater Fen Authority"], "Rules", "https://www.gfa.gov.uk/", "Greater Fen Authority"),
        (["Ponds & Co"], "Rules", "https://marketfen.com/", "Ponds & Co"),
        ([], "Rules", "https://marketfen.com/", "Marketfen"),
        ([], "", "http://127.0.0.1/rules", "127.0.0.1"),
    ],
)
def test_the_publisher_is_the_name_that_the_host_bears_out(said, title, url, publisher):
    assert guess_publisher((), said, title, url) == publisher


def test_a_publisher_that_the_file_knows_keeps_its_name():
    assert guess_publisher(OFFICE, ["The Office"], "Codes | The Office", OFFICE[0].urls[0]) == "Office of Ponds"


@pytest.mark.parametrize(
    ("url", "language", "jurisdiction"),
    [
        ("https://www.ponds.gov.uk/", "en", "GB"),
        ("https://www.ponds.gov/", "en", "US"),
        ("https://oag.ca.gov/x", "en", "US-CA"),
        ("https://le.utah.gov/x", "en", "US-UT"),
        ("https://digital-strategy.ec.europa.eu/en", "en", "EU"),
        ("https://www.ponds.gov.au/", "en", "AU"),
        ("https://www.ponds.de/", "de", "DE"),
        ("https://ponds.com/legal", "en", "global"),
        ("https://ponds.ai/legal", "en", "global"),
        ("https://ponds.gov.co/", "es", "CO"),
        ("https://ponds.com/legal/us/terms", "en", "US"),
        ("https://ponds.com/legal/eea/terms", "en", "EU"),
        ("https://ponds.com/legal/terms-of-service-eea", "en", "EU"),
        ("https://ponds.com/legal/digital-services-act", "en", "EU"),
        ("https://ponds.com/terms?gl=IE", "en", "IE"),
        ("https://ponds.com/de/terms", "de-DE", "global"),
        ("https://ponds.com/de/terms", "en", "DE"),
        ("https://ponds.com/in/someone", "en", "global"),
        ("https://ponds.com/about-us", "en", "global"),
        ("https://www.ponds.ie/digital-services-act", "en", "IE"),
        ("http://localhost/x", "", "global"),
        ("http://127.0.0.1/x", "", "global"),
    ],
)
def test_the_jurisdiction_is_that_of_the_address(url, language, jurisdiction):
    assert guess_jurisdiction((), language, url) == jurisdiction


@pytest.mark.parametrize(
    ("known", "path", "jurisdiction"),
    [
        (["GB", "GB"], "us/terms", "GB"),
        (["US", "EU", "global"], "eea/terms", "EU"),
        (["US", "EU", "global"], "terms", "global"),
        (["US", "EU"], "terms", "US"),
        (["global"] * 4, "uk/terms", "GB"),
    ],
)
def test_the_file_says_whose_rules_a_host_shows(known, path, jurisdiction):
    neighbours = [source(f"fen-{number}", jurisdiction=each) for number, each in enumerate(known)]
    assert guess_jurisdiction(neighbours, "en", f"https://www.fen.example/{path}") == jurisdiction


def test_ids_of_a_local_host_begin_with_its_place():
    assert is_local("https://www.ponds.gov.uk/")
    assert not is_local("https://ponds.com/eea/terms")


@pytest.mark.parametrize(
    ("title", "heading", "publisher", "called"),
    [
        ("Selling rules – Marketfen Help", "Selling rules", "Marketfen", "Selling rules"),
        ("Marketfen | Selling rules", "", "Marketfen", "Selling rules"),
        ("Marketfen", "Selling rules", "Marketfen", "Selling rules"),
        ("Home", "Marketfen", "Marketfen", "Marketfen"),
        ("Codes of practice: ponds", "Codes", "Fen", "Codes"),
        ("", "", "Fen", ""),
    ],
)
def test_a_page_is_called_as_its_title_says_without_the_site(title, heading, publisher, called):
    assert guess_title(title, heading, publisher) == called


@pytest.mark.parametrize(("title", "name"), [("Terms", "Fen: Terms"), ("The Fen terms", "The Fen terms")])
def test_a_name_says_whose_it_is(title, name):
    assert guess_name(title, "Fen") == name


@pytest.mark.parametrize(
    ("neighbours", "name", "place", "id_"),
    [
        (OFFICE, "Office of Ponds: Codes of practice", "GB", "gb-office-codes-practice"),
        ((), "Office of Ponds: Codes of practice", "GB", "gb-office-of-ponds-codes-practice"),
        ((), "Office of Ponds: Terms", "", "office-of-ponds-terms"),
        ((), "Office of Ponds", "US-CA", "us-ca-office-of-ponds"),
        ((), "Office of Ponds: a b c d f g h i j k", "", "office-of-ponds-b-c-d-f-g"),
        ([source("x-one"), source("y-two")], "Règles d'été", "", "office-of-ponds-regles-dete"),
        ((), "利用規約", "", "office-of-ponds"),
        ([source("fen-terms-of-service"), source("fen-privacy")], "Ads", "", "fen-ads"),
        ([source("gb-fen-news"), source("gb-fen-childrens-code")], "Ads", "GB", "gb-fen-ads"),
        ([source("fen-news-rss"), *(source(f"fen-{each}") for each in "abc")], "Ads", "", "fen-ads"),
        ([source("fen-cg-spam"), source("fen-cg-hate"), source("fen-cg-fraud")], "Ads", "", "fen-cg-ads"),
        ([source("fen-terms")], "Ads", "", "office-of-ponds-ads"),
    ],
)
def test_an_id_begins_like_its_neighbours_and_goes_on_with_the_name(neighbours, name, place, id_):
    assert guess_id(set(), neighbours, name, "Office of Ponds", place) == id_


@pytest.mark.parametrize(
    ("name", "path", "id_"),
    [
        ("Fen: 利用規約", "/legal/ja/terms-of-service.html", "fen-legal-ja-terms-service"),
        ("Fen: Условия", "/ru/terms/", "fen-ru-terms"),
        ("Fen: 利用規約 2026", "/terms", "fen-terms"),
        ("Fen: 利用規約 2026", "/%E8%A6%8F%E7%B4%84", "fen-2026"),
        ("Fen: 利用規約", "/one/two/three/four/five/six", "fen-two-three-four-five-six"),
        ("Fen: Conditions d’été", "/x", "fen-conditions-dete"),
    ],
)
def test_words_of_the_path_stand_in_an_id_where_the_name_has_none_in_latin_letters(name, path, id_):
    assert guess_id(set(), (), name, "Fen", "", path=path) == id_


@pytest.mark.parametrize(
    ("host", "begin"),
    [
        ("x.com", "x"),
        ("www.anthropic.com", "claude-ai"),
        ("ico.org.uk", "gb-ico"),
        ("www.edpb.europa.eu", "eu-edpb"),
        ("www.cnam.ie", "ie-cnam"),
        ("api.congress.gov", "us-congress"),
        ("www.aepd.es", "es-aepd"),
        ("api.prod.legislation.gov.au", "au-frl"),
    ],
)
def test_ids_at_a_host_of_the_shipped_file_begin_with_what_its_sources_share(host, begin):
    neighbours = find_neighbours(load_sources(SHIPPED).sources, f"https://{host}/ponds")
    assert len(neighbours) > 1
    assert guess_id(set(), neighbours, "Ponds", "", "") == f"{begin}-ponds"


def test_an_id_that_is_taken_gets_a_number():
    assert guess_id({"fen-terms", "fen-terms-2"}, (), "Terms", "Fen", "") == "fen-terms-3"
    assert guess_id(set(), (), "利用規約", "沼", "") == "source"


@given(st.text())
def test_a_slug_is_what_ids_are_made_of(text):
    assert all(each.isascii() and each.isalnum() and each == each.lower() for each in slug(text).split("-") if each)
    assert "--" not in slug(text)
