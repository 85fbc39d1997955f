"""The `sources.yaml` that is shipped, its schema for editors, and the reference that explains both."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest
import yaml
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from monitor.model import PUBLISHER_KINDS
from monitor.sources import json_schema, load_sources, next_due, parse_interval
from monitor.sources.keys import KINDS

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "sources.yaml"
SCHEMA = ROOT / "docs" / "sources.schema.json"
REFERENCE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLES = [dedent(each) for each in re.findall(r"^ *```yaml\n(.*?)^ *```$", REFERENCE, re.DOTALL | re.MULTILINE)]
MODELS = json_schema()["$defs"]
KEYS_IN = {
    "SourceEntry": "## Keys of a source",
    "PackEntry": "## Packs",
    "AudienceEntry": "## Audiences",
    "PersonEntry": "## People",
}


TOPICS = set(re.findall("`([a-z-]+)`", REFERENCE.partition("| Subject | Topics |")[2].partition("\n\n")[0]))
NO_REGION = re.compile(
    r"tiktok\.com/legal/(?!page/(?:us|eea|row|global)/)|//policies\.google\.com/(?!.*[?&]gl=)"
    r"|youtube\.com/(?:t/terms|static\b(?!.*[?&]gl=))|spotify\.com/(?:legal|safetyandprivacy)/"
)
"""Addresses that give another text to whoever asks from another country."""
NOT_SHIPPED = {"docx", "govinfo"}
"""Kinds of which no source is known that a policy desk needs."""
SECTIONS = (
    "community-principles",
    "youth-safety",
    "safety-civility",
    "mental-behavioral-health",
    "sensitive-mature-themes",
    "integrity-authenticity",
    "regulated-commercial-activities",
    "privacy-security",
    "fyf-standards",
    "accounts-features",
    "enforcement",
)


@pytest.fixture(scope="module")
def declared():
    return load_sources(CATALOGUE)


@pytest.fixture(scope="module")
def sources(declared):
    return declared.sources


@pytest.fixture(scope="module")
def tiktok(sources):
    """What is watched of TikTok, on or off: the address of each source that has one, by its id."""
    return {each.id: each.urls[0] for each in sources if each.publisher == "TikTok" and len(each.urls) == 1}


def test_there_are_at_least_four_hundred_sources_of_every_kind_that_it_is_asked_for(sources):
    assert len(sources) >= 400
    assert {each.kind for each in sources} == set(KINDS) - NOT_SHIPPED


def test_each_source_is_in_a_pack_and_each_pack_has_a_name_and_sources(declared):
    assert {each.id for each in declared.packs} == {each.pack for each in declared.sources}
    assert len({each.name for each in declared.packs}) == len(declared.packs)


def test_what_a_trust_and_safety_desk_needs_is_on_and_the_rest_is_off(declared):
    assert {each.id for each in declared.packs if each.enabled} == {
        "tiktok",
        "platforms",
        "app-stores",
        "us",
        "us-states",
        "eu",
        "ie",
        "gb",
    }


@pytest.mark.parametrize(
    "publisher",
    [
        "TikTok",
        "Google",
        "Meta",
        "Discord",
        "Apple",
        "Pinterest",
        "Telegram",
        "FTC",
        "Ofcom",
        "EDPB",
        "European Commission",
        "GOV.UK",
    ],
)
def test_the_publishers_of_every_day_are_watched_out_of_the_box(sources, publisher):
    assert publisher in {each.publisher for each in sources if each.enabled}


def test_every_source_has_a_closed_choice_of_topics_and_is_told_to_somebody(sources):
    assert {topic for each in sources for topic in each.topics} == TOPICS
    assert all(each.topics and each.audience for each in sources)


def test_every_audience_is_told_of_something_that_is_on(declared):
    told = {id_ for each in declared.sources if each.enabled for id_ in each.audience}
    assert {each.id for each in declared.audiences} == told


def test_no_day_of_a_proof_is_in_the_future(sources):
    today = datetime.now(UTC).date()
    assert [each.id for each in sources if each.checked and each.checked > today] == []


def test_nearly_all_that_is_on_was_proven_on_a_known_day(sources):
    on = [each for each in sources if each.enabled]
    assert sum(each.checked is not None for each in on) >= 0.9 * len(on)


def test_nothing_that_is_on_needs_a_browser(sources):
    assert [each.id for each in sources if each.enabled and each.render] == []


def test_a_source_that_is_off_in_a_pack_that_is_on_says_why(declared):
    on = {each.id for each in declared.packs if each.enabled}
    assert [each.id for each in declared.sources if each.pack in on and not each.enabled and not each.note] == []


def test_no_address_is_watched_twice_but_by_a_document_of_several(sources):
    urls = [each.urls[0] for each in sources if len(each.urls) == 1]
    assert len(urls) == len(set(urls))


def test_an_address_that_follows_the_region_of_whoever_asks_says_so(sources):
    silent = [
        each.id for each in sources for url in each.urls if NO_REGION.search(url) and "region" not in str(each.note)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("follows", "url"),
    [
        (True, "https://www.tiktok.com/legal/terms-of-use?lang=en"),
        (True, "https://policies.google.com/privacy?hl=en"),
        (True, "https://www.youtube.com/t/terms"),
        (True, "https://www.spotify.com/legal/privacy-policy/"),
        (False, "https://www.tiktok.com/legal/page/eea/terms-of-service/en"),
        (False, "https://policies.google.com/privacy?hl=en&gl=US"),
        (False, "https://www.youtube.com/static?template=terms&gl=GB"),
        (False, "https://www.spotify.com/us/legal/privacy-policy/"),
    ],
)
def test_which_addresses_follow_the_region(follows, url):
    assert bool(NO_REGION.search(url)) is follows


def test_tiktoks_community_guidelines_are_watched_section_by_section_and_as_a_whole(sources, tiktok):
    (whole,) = [each for each in sources if each.publisher == "TikTok" and len(each.urls) > 1]
    sections = {f"https://www.tiktok.com/community-guidelines/en/{section}/" for section in SECTIONS}
    assert sections < set(tiktok.values())
    assert sections < set(whole.urls) <= set(tiktok.values())


@pytest.mark.parametrize("region", ["us", "eea", "row"])
@pytest.mark.parametrize("document", ["terms-of-service", "privacy-policy", "virtual-items"])
def test_tiktoks_terms_are_watched_in_each_region(tiktok, region, document):
    assert f"https://www.tiktok.com/legal/page/{region}/{document}/en" in tiktok.values()


@pytest.mark.parametrize(
    "id_",
    [
        "tiktok-childrens-privacy-policy",
        "tiktok-privacy-uk-new",
        "tiktok-law-enforcement",
        "tiktok-shop-law-enforcement",
        "tiktok-shop-content-us",
        "tiktok-copyright-policy",
        "tiktok-branded-content",
        "tiktok-ads-industry-entry",
        "tiktok-ads-misleading",
        "tiktok-creator-code-of-conduct",
        "tiktok-creator-fund-terms",
        "tiktok-creator-rewards-program-us",
        "tiktok-complaint-handling-eea",
        "tiktok-developer-terms",
        "tiktok-dsa-reports",
        "tiktok-transparency-cger",
        "tiktok-newsroom",
    ],
)
def test_tiktoks_other_rules_are_watched_too(tiktok, id_):
    assert id_ in tiktok


def test_feeds_are_asked_at_least_every_six_hours_because_entries_drop_off_their_end(sources):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    feeds = [each for each in sources if each.kind in {"rss", "atom"}]
    assert all(next_due(each.every, now) - now <= parse_interval("6h") for each in feeds)


def test_queries_by_day_reach_back_over_any_outage(sources):
    queries = [url for each in sources if each.kind in PUBLISHER_KINDS for url in each.urls if "{since" in url]
    assert queries
    assert all(int(days or "30") >= 7 for url in queries for days in re.findall(r"\{since(?::(\d+)d)?\}", url))


def test_what_wants_a_key_is_off_and_says_so(sources):
    wanted = {
        each.id: each.note for each in sources if each.kind in {"regulations-gov", "congress", "govinfo", "legiscan"}
    }
    assert wanted
    assert all("_API_KEY" in (note or "") for note in wanted.values())
    assert not [each.id for each in sources if each.id in wanted and each.enabled]


def test_each_kind_that_can_be_written_has_a_spider():
    found = SpiderLoader(Settings({"SPIDER_MODULES": ["spiders"]}))
    spiders = [found.load(name) for name in found.list()]
    assert set(KINDS) <= {kind for spider in spiders for kind in spider.kinds}


def test_help_pages_of_google_are_pinned_to_english(sources):
    pages = [url for each in sources for url in each.urls if "support.google.com" in url]
    assert pages
    assert all("hl=en" in url for url in pages)


def test_the_schema_file_is_the_one_that_the_models_give():
    command = 'python -c "import json, monitor.sources as s; print(json.dumps(s.json_schema(), indent=2))"'
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema(), f"{command} > docs/sources.schema.json"


def test_the_catalogue_names_its_schema_in_its_first_line():
    first = CATALOGUE.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA.relative_to(ROOT)}"


@pytest.mark.parametrize("text", [CATALOGUE.read_text(encoding="utf-8"), *EXAMPLES])
def test_editors_find_no_mistake_in_what_loads(text):
    jsonschema.validate(read_as_editors_do(text), json_schema(), cls=jsonschema.Draft202012Validator)


def read_as_editors_do(text):
    """YAML 1.2, to which a day is a text."""
    return json.loads(json.dumps(yaml.load(text, yaml.CSafeLoader), default=str))


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Not a slug"},
        {"kind": "htlm"},
        {"jurisdiction": "Europe"},
        {"url": "ftp://example.org"},
        {"urls": ["https://example.org/"]},
        {"every": "12 hours"},
        {"hold": "soon"},
        {"render": "yes"},
        {"select": "main"},
        {"select": [{"start_before": "h1"}]},
        {"selct": ["main"]},
        {"pack": "G B"},
        {"checked": "July"},
        {"enabled": "no"},
    ],
)
def test_editors_mark_what_does_not_load(change):
    entry = yaml.safe_load(EXAMPLES[0])["sources"][0] | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"sources": [entry]}, json_schema(), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("model", "key"),
    [(model, key) for model in KEYS_IN for key in MODELS[model]["properties"]],
)
def test_every_key_is_described_with_an_example_and_stands_in_the_reference(model, key):
    assert MODELS[model]["properties"][key]["description"]
    assert MODELS[model]["properties"][key]["examples"]
    assert f"| `{key}` |" in REFERENCE.partition(KEYS_IN[model])[2].partition("\n## ")[0]


def test_there_are_examples_in_the_reference():
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_in_the_reference_loads(tmp_path, example):
    path = tmp_path / "sources.yaml"
    path.write_text(example, encoding="utf-8")
    assert load_sources(path).sources


def test_the_mistakes_that_the_reference_shows_are_the_ones_that_are_told(tmp_path):
    path = tmp_path / "sources.yaml"
    entry = yaml.safe_load(EXAMPLES[0])["sources"][0] | {"id": "ofcom-osa", "every": "12 hours", "selct": ["main"]}
    path.write_text(yaml.safe_dump({"sources": [entry]}), encoding="utf-8")
    with pytest.raises(Exception, match="2 mistakes") as caught:
        load_sources(path)
    for mistake in caught.value.mistakes:
        assert mistake.partition(": ")[2] in REFERENCE
