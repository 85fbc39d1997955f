"""Packs in `sources.yaml`: sources that are switched on and off together, and what is said of a source beside that."""

from __future__ import annotations

import json
from datetime import date

import pytest

from monitor.errors import SourcesError
from monitor.model import Pack
from monitor.sources import load_sources

ENTRY = {"id": "rules", "name": "Rules", "publisher": "Example", "jurisdiction": "GB", "kind": "html"}
ON, OFF = {"id": "gb", "name": "United Kingdom"}, {"id": "gb", "name": "United Kingdom", "enabled": False}


@pytest.fixture
def load(tmp_path):
    """Load a file with one source, which has these keys as well, and these packs."""

    def load(*packs, **keys):
        path = tmp_path / "sources.yaml"
        sections = {"packs": packs} if packs else {}
        path.write_text(json.dumps(sections | {"sources": [ENTRY | {"url": "https://example.org/"} | keys]}))
        return load_sources(path)

    return load


@pytest.fixture
def mistakes(load):
    def mistakes(*packs, **keys):
        with pytest.raises(SourcesError) as caught:
            load(*packs, **keys)
        return [each.partition("sources.yaml:1: ")[2] for each in caught.value.mistakes]

    return mistakes


@pytest.mark.parametrize(
    ("packs", "keys", "enabled"),
    [
        pytest.param([ON], {"pack": "gb"}, True, id="a source follows a pack that is on"),
        pytest.param([OFF], {"pack": "gb"}, False, id="and one that is off"),
        pytest.param([OFF], {"pack": "gb", "enabled": True}, True, id="what it says itself counts more"),
        pytest.param([ON], {"pack": "gb", "enabled": False}, False, id="both ways"),
        pytest.param([OFF], {}, True, id="a source in no pack is on"),
        pytest.param([], {"pack": "gb"}, True, id="without a section every pack is on"),
    ],
)
def test_a_pack_switches_those_sources_that_say_nothing_themselves(load, packs, keys, enabled):
    assert load(*packs, **keys).sources[0].enabled is enabled


def test_packs_keep_their_order_and_a_source_its_pack_note_and_day(load):
    declared = load(OFF, {"id": "us", "name": "US"}, pack="us", note="Drops robots", checked="2026-07-02")
    assert declared.packs == (Pack("gb", "United Kingdom", enabled=False), Pack("us", "US"))
    (source,) = declared.sources
    assert (source.pack, source.note, source.checked) == ("us", "Drops robots", date(2026, 7, 2))


def test_a_source_needs_neither_pack_nor_note_nor_day(load):
    (source,) = load().sources
    assert (source.pack, source.note, source.checked) == (None, None, None)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"pack": "gbr"}, 'pack: "gbr" is not declared under packs. Did you mean gb?'),
        ({"pack": "mars"}, 'pack: "mars" is not declared under packs. Known: gb.'),
        ({"pack": "G B"}, 'pack: "G B" may hold only small letters, digits and single hyphens, such as child-safety.'),
        ({"checked": "July 2026"}, 'checked: "July 2026" is no day. Write it as 2026-07-02.'),
        ({"checked": "2026-02-30"}, 'checked: "2026-02-30" is no day. Write it as 2026-07-02.'),
        ({"note": ""}, "note: must be a text; found nothing."),
        ({"enabled": "perhaps"}, 'enabled: must be true or false; found "perhaps".'),
    ],
)
def test_a_mistake_is_told_with_what_to_write(mistakes, keys, expected):
    assert f"rules: {expected}" in mistakes(ON, **keys)


@pytest.mark.parametrize(
    ("packs", "expected"),
    [
        ([ON, OFF], "pack gb: id: stands twice, first on line 1. It must be unique: rename one."),
        ([{"id": "gb"}], "pack gb: name: is missing. Add a line such as `name: United Kingdom`."),
        ([ON | {"enable": False}], "pack gb: enable: unknown key. Did you mean enabled?"),
    ],
)
def test_a_mistake_in_a_pack_names_the_pack(mistakes, packs, expected):
    assert mistakes(*packs) == [expected]
