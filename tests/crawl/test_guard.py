"""The address guard: only public addresses are reached, however they are written and whoever names them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_site import Answer
from monitor.crawl.guard import find_literal, is_public
from monitor.model import Outcome

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds keep their credentials
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_that_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "0:0:0:0:0:ffff:127.0.0.1",
    ],
)
def test_loopback_is_recognised_in_every_spelling(host):
    assert find_literal(host) == "127.0.0.1"


@pytest.mark.parametrize(
    "host", ["", "example.org", "localhost", "1.2.3.4.5", "256.1.1.1", "größe.example", "①②⑦.⓪.⓪.①"]
)
def test_a_name_is_no_literal_and_left_to_the_resolver(host):
    assert find_literal(host) is None


@given(st.ip_addresses())
def test_every_address_in_standard_notation_is_a_literal(address):
    mapped = getattr(address, "ipv4_mapped", None)
    assert find_literal(str(address)) == str(mapped or address)


SPELLINGS = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0"]


def test_private_addresses_are_refused_before_anything_is_asked(crawl_urls, site):
    site.put("/", "<p>Ours alone.</p>")
    fetches = crawl_urls(*(site.url("/", host=host) for host in SPELLINGS), "ftp://127.0.0.1/", allow_private=False)
    assert {url: fetch.outcome for url, fetch in fetches.items()} == dict.fromkeys(fetches, Outcome.REFUSED_ADDRESS)
    assert site.requests == []


def test_a_refusal_says_which_address_and_what_to_do(crawl_urls, site):
    url = site.url("/", host="localhost")
    detail = crawl_urls(url, allow_private=False)[url].detail
    assert detail == (
        f"{url}: localhost leads to 127.0.0.1, no public address. "
        "Set MONITOR_ALLOW_PRIVATE=1 if this address is yours and meant"
    )


def test_redirects_to_private_addresses_are_refused(crawl_urls, site):
    site.put("/", "<p>Ours alone.</p>")
    targets = [host for host in SPELLINGS if host != "localhost"]
    for number, host in enumerate(targets):
        site.pages[f"/{number}"] = Answer(302, headers={"Location": site.url("/", host=host)})
    hops = [site.url(f"/{number}", host="localhost") for number in range(len(targets))]
    fetches = crawl_urls(*hops, allow_private=False, open_hosts=["localhost"])
    assert {url: fetch.outcome for url, fetch in fetches.items()} == dict.fromkeys(hops, Outcome.REFUSED_ADDRESS)
    assert site.visits("/") == []
    assert len([visit for visit in site.requests if visit.status == 302]) == len(targets)


def test_a_robots_file_that_leads_to_a_private_address_is_not_followed(crawl_urls, site):
    site.put("/terms", "<p>Be kind.</p>")
    site.pages["/robots.txt"] = Answer(302, headers={"Location": site.url("/secret")})
    url = site.url("/terms", host="localhost")
    assert crawl_urls(url, allow_private=False, open_hosts=["localhost"])[url].outcome is Outcome.OK
    assert site.visits("/secret") == []


def test_with_private_addresses_allowed_a_redirect_between_them_is_followed(crawl_urls, site):
    site.put("/", "<p>Ours alone.</p>")
    site.pages["/hop"] = Answer(302, headers={"Location": site.url("/", host="localhost")})
    fetch = crawl_urls(site.url("/hop"))[site.url("/hop")]
    assert (fetch.outcome, fetch.final_url) == (Outcome.OK, site.url("/", host="localhost"))
