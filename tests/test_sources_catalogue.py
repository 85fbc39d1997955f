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

from monitor.sources import json_schema, load_sources, next_due, parse_interval

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "sources.yaml"
SCHEMA = ROOT / "docs" / "sources.schema.json"
REFERENCE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLES = [dedent(each) for each in re.findall(r"^ *```yaml\n(.*?)^ *```$", REFERENCE, re.DOTALL | re.MULTILINE)]
MODELS = json_schema()["$defs"]


@pytest.fixture(scope="module")
def declared():
    return load_sources(CATALOGUE)


def test_the_catalogue_loads_and_is_worth_having(declared):
    assert len(declared.sources) >= 30
    assert {each.kind for each in declared.sources} == {"html", "pdf", "rss", "atom"}


@pytest.mark.parametrize(
    "publisher",
    [
        "TikTok",
        "Google",
        "Meta",
        "Discord",
        "Apple",
        "X Corp.",
        "FTC",
        "Ofcom",
        "EDPB",
        "European Commission",
        "GOV.UK",
    ],
)
def test_the_publishers_of_every_day_are_watched(declared, publisher):
    assert publisher in {each.publisher for each in declared.sources}


def test_every_source_is_on_has_topics_and_is_told_to_somebody(declared):
    assert all(each.enabled and not each.render and each.topics and each.audience for each in declared.sources)


def test_every_audience_is_told_of_something(declared):
    assert {each.id for each in declared.audiences} == {id_ for each in declared.sources for id_ in each.audience}


def test_no_address_is_watched_twice(declared):
    urls = [url for each in declared.sources for url in each.urls]
    assert len(urls) == len(set(urls))


def test_feeds_are_asked_at_least_every_six_hours_because_entries_drop_off_their_end(declared):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert all(next_due(each.every, now) - now <= parse_interval("6h") for each in declared.sources if each.is_feed)


def test_youtube_pages_are_pinned_to_english(declared):
    pages = [url for each in declared.sources for url in each.urls if "support.google.com/youtube" in url]
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
    jsonschema.validate(yaml.safe_load(text), json_schema(), cls=jsonschema.Draft202012Validator)


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
        {"selct": ["main"]},
    ],
)
def test_editors_mark_what_does_not_load(change):
    entry = yaml.safe_load(EXAMPLES[0])["sources"][0] | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"sources": [entry]}, json_schema(), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("model", "key"),
    [(model, key) for model in ("SourceEntry", "AudienceEntry") for key in MODELS[model]["properties"]],
)
def test_every_key_is_described_with_an_example_and_stands_in_the_reference(model, key):
    assert MODELS[model]["properties"][key]["description"]
    assert MODELS[model]["properties"][key]["examples"]
    section = REFERENCE.split("## Audiences")[0 if model == "SourceEntry" else 1]
    assert f"| `{key}` |" in section


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
