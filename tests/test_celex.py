"""CELEX numbers, and the texts that CELLAR lists under them."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.celex import ActText, find_celex, find_corrected, list_texts
from publishers.european import item, text, texts
from spiders.cellar import ask_for_texts

SITE = "https://publications.europa.eu"
ACT = f"{SITE}/resource/celex/32090R0901"


@pytest.mark.parametrize(
    ("address", "celex"),
    [
        (ACT, "32090R0901"),
        (f"{SITE}/resource/celex/32090R0901R%2801%29", "32090R0901R(01)"),
        (f"{SITE}/resource/celex/02090R0901-20910727", "02090R0901-20910727"),
        (f"{SITE}/resource/celex/12012P%2FTXT", "12012P/TXT"),
        (f'{SITE}/resource/celex/32090R0901"x', ""),
        (f"{SITE}/resource/oj/JOL_2090_901", ""),
        (f"{SITE}/webapi/rdf/sparql", ""),
    ],
)
def test_the_address_of_an_act_holds_its_number(address, celex):
    assert find_celex(address) == celex


@pytest.mark.parametrize(
    ("celex", "corrected"),
    [
        ("32090R0901R(04)", "32090R0901"),
        ("52090PC0901R(01)", "52090PC0901"),
        ("32012D0243(01)", ""),
        ("32090R0901", ""),
    ],
)
def test_the_number_of_a_corrigendum_names_what_it_corrects(celex, corrected):
    assert find_corrected(celex) == corrected


def test_texts_are_listed_with_their_days_and_where_to_ask_for_them():
    listing = texts(
        text("02090R0901-20920101", item(3)),
        text("32090R0901", item(1), "html"),
        text("02090R0901-20910727", item(2, "DOC_10")),
        text("02090R0901-20910727", item(2, "DOC_2")),
        text("02090R0901-20910727", item(2, "DOC_1", "02"), "html"),
    )

    def address(*which):
        return item(*which).replace("http:", "https:")

    assert list_texts(listing, ACT) == (
        ActText("32090R0901", None, (address(1),)),
        ActText("02090R0901-20910727", date(2091, 7, 27), (address(2, "DOC_2"), address(2, "DOC_10"))),
        ActText("02090R0901-20920101", date(2092, 1, 1), (address(3),)),
    )


@pytest.mark.parametrize(
    "row",
    [
        text("32090R0901", "http://elsewhere.example/page"),
        text("32090R0901", "//publications.europa.eu/resource/cellar/x/DOC_1"),
        text("32090R0901", item(1) + "/../../admin"),
        text("32090R0901", item(1), "pdfa2a"),
        {"celex": "32090R0901"},
        {},
    ],
    ids=["another path", "no scheme", "a way out", "no HTML", "no address", "nothing"],
)
def test_what_is_no_address_of_a_document_is_left_out(row):
    assert list_texts(texts(row), ACT) == ()


def test_a_document_is_asked_for_on_the_host_of_the_act_whatever_host_is_named():
    elsewhere = item(1).replace("publications.europa.eu", "elsewhere.example")
    (found,) = list_texts(texts(text("32090R0901", elsewhere)), "http://localhost:8000/resource/celex/32090R0901")
    assert found.urls[0].startswith("http://localhost:8000/resource/cellar/")


def test_a_day_that_never_was_is_none():
    (found,) = list_texts(texts(text("02090R0901-20911399", item(1))), ACT)
    assert found.day is None


def test_the_list_is_asked_for_at_the_endpoint_of_the_same_host():
    asked = urlsplit(ask_for_texts(f"{ACT}?x=1#here"))
    assert (asked.netloc, asked.path, asked.fragment) == ("publications.europa.eu", "/webapi/rdf/sparql", "")
    assert set(parse_qs(asked.query)) == {"query", "format"}
