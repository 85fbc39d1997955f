"""What becomes of a foreign list: what is watched already, what cannot be used, ids, and packs."""

from __future__ import annotations

import pytest

from monitor.exchange.taking import Candidate, Listing, take
from monitor.model import Pack, Source
from monitor.sources import Declared

ENTRY = {"id": "rules", "name": "Rules", "publisher": "Example", "jurisdiction": "global", "kind": "html"}
WATCHED = Source("rules", "Rules", "Example", "global", "html", ("https://example.org/rules", "https://example.org/2"))
NOTHING = Declared((), ())


def candidate(url="https://example.org/new", pack=None, remarks=(), **changes):
    return Candidate("Example, Rules", ENTRY | {"url": url} | changes, pack, remarks)


def take_all(*candidates, declared=NOTHING, **options):
    return take(Listing(candidates), declared, **options)


def test_what_is_new_is_an_entry_as_it_stands():
    taken = take_all(candidate(select=["main"]))
    assert taken.entries == (ENTRY | {"url": "https://example.org/new", "select": ["main"]},)
    assert (taken.packs, taken.watched, taken.refused, taken.remarks) == ((), (), (), ())


@pytest.mark.parametrize(
    "url",
    ["https://example.org/rules", "http://example.org/rules/", "https://EXAMPLE.org/rules", "https://example.org/2"],
)
def test_an_address_that_is_watched_is_left_out_however_it_is_spelled(url):
    taken = take_all(candidate(url), declared=Declared((WATCHED,), ()))
    assert (taken.entries, taken.watched) == ((), ("rules",))


@pytest.mark.parametrize(
    "url", ["https://example.org/Rules", "https://example.org/rules?lang=en", "https://example.org"]
)
def test_another_address_of_the_same_host_is_taken(url):
    assert take_all(candidate(url), declared=Declared((WATCHED,), ())).entries


def test_several_addresses_are_watched_when_all_of_them_are():
    both = candidate(url=None, urls=["https://example.org/rules", "https://example.org/2"])
    more = candidate(url=None, urls=["https://example.org/rules", "https://example.org/3"])
    taken = take_all(both, more, declared=Declared((WATCHED,), ()))
    assert (len(taken.watched), [each["urls"] for each in taken.entries]) == (1, [more.entry["urls"]])


def test_an_id_that_is_taken_gets_a_number():
    taken = take_all(candidate("https://a.org"), candidate("https://b.org"), declared=Declared((WATCHED,), ()))
    assert [each["id"] for each in taken.entries] == ["rules-2", "rules-3"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"select": ["main", "p >"]}, 'select: "p >" is no CSS selector that can be used.'),
        ({"select": [{"start_before": "h1"}]}, "select: a range has a start (start_before or start_after) and an end"),
        ({"url": "ftp://example.org/rules"}, 'url: "ftp://example.org/rules" is no address: it begins with neither'),
        ({"url": "https://[example"}, 'url: "https://[example" is no address: Invalid IPv6 URL'),
        ({"name": ""}, "name: must be a text; found nothing."),
    ],
)
def test_what_cannot_be_used_is_named_and_the_others_are_taken(changes, fault):
    taken = take_all(candidate(**changes), candidate("https://example.org/good"))
    assert [each["url"] for each in taken.entries] == ["https://example.org/good"]
    assert taken.refused[0].startswith(f"Example, Rules: {fault}")


def test_what_stands_twice_is_taken_once_and_other_selectors_make_another_source():
    taken = take_all(candidate(select=["main"]), candidate(select=["main"]), candidate(select=["#annex"]))
    assert [each["select"] for each in taken.entries] == [["main"], ["#annex"]]
    assert taken.remarks == ("Example, Rules: stands twice, taken once",)


def test_remarks_are_told_of_what_is_taken_only():
    remark = ("taken without its filters: tidy",)
    taken = take_all(
        candidate(remarks=remark),
        candidate("https://example.org/rules", remarks=remark),
        declared=Declared((WATCHED,), ()),
    )
    assert taken.remarks == ("Example, Rules: taken without its filters: tidy",)


GB = Pack("gb", "United Kingdom")
CA = Pack("ca", "Canada", enabled=False)
PACKED = Declared((), (), packs=(GB, CA))
UNDECLARED = Declared((Source("x", "X", "X", "GB", "rss", ("https://x.org",), pack="gb"),), ())


@pytest.mark.parametrize("named", [Pack("gb", "x"), Pack("", "united kingdom"), Pack("other", "GB")])
def test_a_pack_is_known_by_its_id_and_by_its_name(named):
    taken = take_all(candidate(pack=named), declared=PACKED)
    assert (taken.entries[0]["pack"], taken.packs) == ("gb", ())


def test_a_new_pack_is_declared_once_and_one_for_all_goes_before():
    new = Pack("press", "Press")
    taken = take_all(candidate("https://a.org", pack=new), candidate("https://b.org", pack=new), declared=PACKED)
    assert ([each["pack"] for each in taken.entries], taken.packs) == (["press", "press"], (new,))
    taken = take_all(candidate(pack=new), declared=PACKED, pack="My own list")
    assert (taken.entries[0]["pack"], taken.packs) == ("my-own-list", (Pack("my-own-list", "My own list"),))


def test_packs_whose_names_cannot_be_written_as_ids_are_told_apart():
    taken = take_all(
        candidate("https://a.org", pack=Pack("", "规则")),
        candidate("https://b.org", pack=Pack("", "新闻")),
        declared=PACKED,
    )
    assert [(each.id, each.name) for each in taken.packs] == [("folder", "规则"), ("folder-2", "新闻")]


@pytest.mark.parametrize(
    ("pack", "declared", "enabled", "packs"),
    [
        pytest.param(
            Pack("press", "Press"), PACKED, None, (Pack("press", "Press", enabled=False),), id="a new pack is off"
        ),
        pytest.param(GB, PACKED, False, (), id="in a pack that is on, the source is off"),
        pytest.param(CA, PACKED, None, (), id="a pack that is off says enough"),
        pytest.param(None, PACKED, False, (), id="without a pack, the source is off"),
        pytest.param(Pack("press", "Press"), UNDECLARED, False, (), id="where no pack is declared, the source is off"),
    ],
)
def test_off_means_that_nothing_is_asked_for(pack, declared, enabled, packs):
    taken = take_all(candidate(pack=pack), declared=declared, off=True)
    assert (taken.entries[0].get("enabled"), taken.packs) == (enabled, packs)


def test_that_a_pack_is_off_is_said():
    said = "the pack ca is off: what goes into it is not asked for until you switch it on"
    assert take_all(candidate(pack=CA), declared=PACKED).remarks == (said,)
    assert take_all(candidate(pack=CA), declared=PACKED, off=True).remarks == ()
