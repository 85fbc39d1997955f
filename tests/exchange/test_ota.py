"""Declarations of Open Terms Archive, as their collections write them, and as they should not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigurationError
from monitor.exchange.ota import CATALOGUE_TOPICS, read_ota
from monitor.exchange.taking import find_fault, take
from monitor.model import Pack
from monitor.sources import Declared, load_sources

PAGE = {"fetch": "https://example.org/privacy", "select": "main"}


@pytest.fixture
def declare(tmp_path):
    """A collection with these files in its folder of declarations; gives what is read of it."""

    def declare(files, folder="declarations"):
        home = tmp_path / "invented-declarations"
        (home / folder).mkdir(parents=True)
        for name, content in files.items():
            written = content if isinstance(content, bytes) else json.dumps(content).encode()
            (home / folder / name).write_bytes(written)
        return read_ota(home)

    return declare


@pytest.fixture
def read(declare):
    """The entries of one service with these terms, without what all of them have."""

    def read(terms, service="Example"):
        found = declare({"Example.json": {"name": service, "terms": terms}}).candidates
        assert not [fault for each in found if (fault := find_fault(each.entry))]
        return [{key: value for key, value in each.entry.items() if value not in (None, [], ())} for each in found]

    return read


def test_terms_are_a_source_named_after_service_and_type(read):
    assert read({"Privacy Policy": PAGE}) == [
        {
            "id": "example-privacy-policy",
            "name": "Example Privacy Policy",
            "publisher": "Example",
            "jurisdiction": "global",
            "kind": "html",
            "url": "https://example.org/privacy",
            "select": ["main"],
            "topics": ("privacy",),
        }
    ]


@pytest.mark.parametrize(
    ("written", "selectors"),
    [
        ("main", ["main"]),
        (["main", "#annex"], ["main", "#annex"]),
        ({"startBefore": "h1", "endAfter": "#end"}, [{"start_before": "h1", "end_after": "#end"}]),
        (["h1", {"startAfter": "h1", "endBefore": "footer"}], ["h1", {"start_after": "h1", "end_before": "footer"}]),
    ],
)
def test_selectors_may_be_one_or_many_texts_or_ranges(read, written, selectors):
    (entry,) = read({"Terms of Service": {"fetch": "https://example.org/", "select": written, "remove": written}})
    assert (entry["select"], entry["remove"]) == (selectors, selectors)


def test_combined_addresses_that_are_read_alike_are_one_source_and_an_address_that_stands_twice_is_asked_once(read):
    urls = ["https://example.org/1", "https://example.org/2", "https://example.org/1"]
    (entry,) = read({"Community Guidelines": {"select": "main", "combine": [{"fetch": url} for url in urls]}})
    assert (entry["urls"], entry["select"]) == (urls[:2], ["main"])


def test_what_an_address_says_itself_goes_before_what_is_said_above(read):
    combine = [{"fetch": "https://example.org/1", "select": ".text"}, {"fetch": "https://example.org/2", "remove": []}]
    first, second = read({"Community Guidelines": {"select": "main", "remove": "nav", "combine": combine}})
    assert (first["select"], first["remove"]) == ([".text"], ["nav"])
    assert (second["select"], second.get("remove")) == (["main"], None)


def test_addresses_that_are_read_in_different_ways_are_a_source_for_each_way(declare):
    combine = [
        {"fetch": "https://example.org/hub", "select": ["h1", ".intro"]},
        {"fetch": "https://example.org/1", "select": ["main"]},
        {"fetch": "https://example.org/2", "select": ["main"]},
        {"fetch": "https://example.org/3.pdf"},
    ]
    listing = declare({"Example.json": {"name": "Example", "terms": {"Community Guidelines": {"combine": combine}}}})
    assert [(each.entry["name"], each.entry["kind"], each.entry.get("urls")) for each in listing.candidates] == [
        ("Example Community Guidelines (1 of 3)", "html", None),
        ("Example Community Guidelines (2 of 3)", "html", ["https://example.org/1", "https://example.org/2"]),
        ("Example Community Guidelines (3 of 3)", "pdf", None),
    ]
    taken = take(listing, Declared((), ()))
    assert [each["id"] for each in taken.entries] == [f"example-community-guidelines{end}" for end in ("", "-2", "-3")]
    assert taken.remarks == (
        "Example, Community Guidelines: its addresses are read in 3 ways, so there is a source for each",
    )


@pytest.mark.parametrize(
    "page", [{"fetch": "https://example.org/terms.PDF?v=2", "select": "main"}, {"fetch": "https://example.org/terms"}]
)
def test_a_pdf_has_nothing_to_select_and_needs_no_browser(read, page):
    (entry,) = read({"Terms of Service": page | {"executeClientScripts": True}})
    assert (entry["kind"], "select" in entry, "render" in entry) == ("pdf", False, False)


@pytest.mark.parametrize(
    "terms",
    [
        PAGE | {"executeClientScripts": True},
        {"select": "main", "executeClientScripts": True, "combine": [{"fetch": "https://example.org/1"}]},
        {"select": "main", "combine": [{"fetch": "https://example.org/1", "executeClientScripts": True}]},
    ],
)
def test_what_needs_scripts_needs_a_browser(read, terms):
    assert read({"Privacy Policy": terms})[0]["render"] is True


def test_filters_are_named_and_not_taken(declare):
    terms = PAGE | {"filter": ["removeLinks", {"removeQueryParams": ["utm"]}, "removeLinks"]}
    (found,) = declare({"Example.json": {"name": "Example", "terms": {"Privacy Policy": terms}}}).candidates
    assert found.remarks == ("taken without its filters: removeLinks, removeQueryParams",)
    assert found.entry["note"] == "Open Terms Archive also runs removeLinks, removeQueryParams on it"


def test_a_part_of_remove_that_cannot_be_used_is_named_and_the_rest_is_taken(declare):
    terms = PAGE | {"remove": ["nav", "p:contains(x)", {"startBefore": "h1"}]}
    (found,) = declare({"Example.json": {"name": "Example", "terms": {"Privacy Policy": terms}}}).candidates
    assert found.entry["remove"] == ["nav"]
    assert [each.partition(" is ")[0].partition(" end_after)")[0] for each in found.remarks] == [
        'taken without a part of `remove`: "p:contains(x)"',
        "taken without a part of `remove`: a range has a start (start_before or start_after) and an end (end_before or",
    ]


def test_what_cannot_be_selected_is_refused_and_the_others_are_taken(declare):
    terms = {
        "Privacy Policy": PAGE | {"select": "main >"},
        "Terms of Service": PAGE | {"fetch": "https://example.org/"},
    }
    taken = take(declare({"Example.json": {"name": "Example", "terms": terms}}), Declared((), ()))
    assert [each["id"] for each in taken.entries] == ["example-terms-of-service"]
    assert taken.refused[0].startswith('Example, Privacy Policy: select: "main >" is no CSS selector')


def test_an_address_that_is_none_is_refused(declare):
    terms = {"Privacy Policy": PAGE | {"fetch": "https://[example"}}
    (refused,) = take(declare({"Example.json": {"name": "Example", "terms": terms}}), Declared((), ())).refused
    assert refused.startswith('Example, Privacy Policy: url: "https://[example" is no address')


@pytest.mark.parametrize("terms", [{"select": "main"}, {"fetch": "", "select": "main"}, {"combine": []}, {}])
def test_terms_without_an_address_are_refused(declare, terms):
    found = declare({"Example.json": {"name": "Example", "terms": {"Imprint": terms, "Privacy Policy": PAGE}}})
    assert found.refused == ("Example, Imprint: has no `fetch`",)
    assert len(found.candidates) == 1


@pytest.mark.parametrize(
    ("service", "jurisdiction"),
    [
        ("Example (EU)", "EU"),
        ("Example (UK)", "GB"),
        ("Example (US)", "US"),
        ("Example (France)", "FR"),
        ("Example (IE)", "IE"),
        ("Example (formerly Sample)", "global"),
        ("Example", "global"),
    ],
)
def test_the_region_in_the_name_of_a_service_is_its_jurisdiction(read, service, jurisdiction):
    assert read({"Privacy Policy": PAGE}, service)[0]["jurisdiction"] == jurisdiction


def test_a_service_whose_name_has_no_latin_letters_is_called_after_its_host(read):
    assert read({"Privacy Policy": PAGE}, "抖音")[0]["id"] == "example-org-privacy-policy"


def test_the_form_of_earlier_years_is_read(declare):
    found = declare({"Example.json": {"name": "Example", "documents": {"Privacy Policy": PAGE}}}, folder="services")
    assert [each.where for each in found.candidates] == ["Example, Privacy Policy"]


def test_histories_and_programs_are_not_read_and_said(declare):
    found = declare(
        {
            "Example.json": {"name": "Example", "terms": {"Privacy Policy": PAGE}},
            "Example.history.json": {"Privacy Policy": [PAGE | {"validUntil": "2022-01-01T00:00:00Z"}]},
            "Example.filters.js": b"export function tidy() {}",
            "Other.filters.js": b"export function tidy() {}",
        }
    )
    assert len(found.candidates) == 1
    assert found.remarks == (
        "*.history.json is not read (1): how terms were declared before",
        "*.filters.js is not read (2): filters, which are programs",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "Broken.json: no declaration of a service (Invalid JSON"),
        (b"\xff\xfe", "Broken.json: no declaration of a service ("),
        ([], "Broken.json: no declaration of a service ("),
        ({"name": "Broken"}, "Broken.json: no declaration of a service (terms: Field required"),
        ({"name": "Broken", "terms": {"Rules": 3}}, "Broken, Rules: no declaration of terms ("),
        (b"[" * 100_000, "Broken.json: no declaration of a service ("),
    ],
)
def test_a_broken_file_is_named_and_the_others_are_read(declare, content, said):
    found = declare({"Broken.json": content, "Example.json": {"name": "Example", "terms": {"Privacy Policy": PAGE}}})
    assert [each.where for each in found.candidates] == ["Example, Privacy Policy"]
    (refused,) = take(found, Declared((), ())).refused
    assert refused.startswith(said)


def test_a_folder_of_broken_files_only_names_them(declare):
    with pytest.raises(ConfigurationError) as caught:
        declare({"Broken.json": b"{"})
    first, second = str(caught.value).splitlines()
    assert first.partition(": ")[2].startswith("no declaration in it can be read. Name a clone")
    assert second.startswith("  Broken.json: no declaration of a service (Invalid JSON")


def test_of_many_broken_files_the_first_five_are_named(declare):
    with pytest.raises(ConfigurationError) as caught:
        declare({f"{number}.json": b"{" for number in range(1, 8)})
    assert [each.partition(":")[0] for each in str(caught.value).splitlines()[1:]] == [
        *(f"  {number}.json" for number in range(1, 6)),
        "  and 2 more",
    ]


def test_a_folder_without_declarations_is_told_what_to_name_instead(tmp_path):
    (tmp_path / "README.md").touch()
    with pytest.raises(ConfigurationError, match=r"no declarations in it\. Name a clone"):
        read_ota(tmp_path)


@pytest.mark.parametrize(
    ("metadata", "pack"),
    [
        (
            "id: pga\nname: Platform Governance Archive\n",
            Pack("ota-pga", "Platform Governance Archive (Open Terms Archive)"),
        ),
        ("- broken", Pack("ota-invented", "invented (Open Terms Archive)")),
        ("a: [", Pack("ota-invented", "invented (Open Terms Archive)")),
        (None, Pack("ota-invented", "invented (Open Terms Archive)")),
    ],
)
def test_all_of_a_collection_goes_into_a_pack_of_its_name(tmp_path, metadata, pack):
    home = tmp_path / "invented-declarations"
    (home / "declarations").mkdir(parents=True)
    (home / "declarations" / "Example.json").write_text(
        json.dumps({"name": "Example", "terms": {"Privacy Policy": PAGE}}), encoding="utf-8"
    )
    if metadata:
        (home / "metadata.yml").write_text(metadata, encoding="utf-8")
    assert read_ota(home).candidates[0].pack == pack
    assert read_ota(home / "declarations") == read_ota(home)


def test_a_clone_may_itself_be_called_as_the_folder_in_it(tmp_path):
    home = tmp_path / "services"
    (home / "declarations").mkdir(parents=True)
    (home / "declarations" / "Example.json").write_text(json.dumps({"name": "E", "terms": {"Privacy Policy": PAGE}}))
    assert read_ota(home).candidates[0].pack == Pack("ota-services", "services (Open Terms Archive)")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["main", "https://a.org/", "p >"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["fetch", "select", "remove", "combine", "filter", "startBefore", "endAfter"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_whatever_a_declaration_holds_it_is_taken_refused_or_remarked_on(tmp_path_factory, terms):
    home = tmp_path_factory.getbasetemp() / "any-declarations"
    home.mkdir(exist_ok=True)
    declared = {"name": "Example", "terms": {"Any": terms, "Privacy Policy": PAGE}}
    (home / "Example.json").write_text(json.dumps(declared), encoding="utf-8")
    taken = take(read_ota(home), Declared((), ()))
    assert taken.entries[-1]["url"] == PAGE["fetch"]
    assert len(taken.entries) + len(taken.refused) + len(taken.remarks) > 1
    assert not any(map(find_fault, taken.entries))


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Terms of Service", ("terms",)),
        ("Trackers Policy", ("privacy",)),
        ("Community Guidelines", ("community-guidelines",)),
        ("Community Guidelines - Hate Speech", ("community-guidelines", "hate")),
        ("Developer Terms", ("developer-terms",)),
        ("Law Enforcement Guidelines", ("data-requests",)),
        ("In-App Purchases Policy", ("monetisation",)),
        ("Systemic Risks — 2024", ("dsa-systemic-risk",)),
        ("Imprint", None),
    ],
)
def test_the_type_of_terms_names_their_topics(read, title, topics):
    assert read({title: PAGE})[0].get("topics") == topics


def test_topics_are_those_of_the_catalogue_that_is_shipped():
    catalogue = load_sources(Path(__file__).parents[2] / "sources.yaml")
    assert {topic for source in catalogue.sources for topic in source.topics} == CATALOGUE_TOPICS
