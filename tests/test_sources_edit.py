"""Entries put into a `sources.yaml` that people wrote: where they go, and that nothing else is touched."""

from __future__ import annotations

import stat
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import SourcesError
from monitor.sources import load_sources
from monitor.sources.edit import ORDER, add_entries, replace_sources, write_yaml
from monitor.sources.keys import SourceEntry

RULES = {
    "id": "rules",
    "name": "Rules",
    "publisher": "Example",
    "jurisdiction": "NO",
    "kind": "html",
    "url": "https://example.org/rules",
}
FILE = """\
# What is watched.

packs:
  - {id: gb, name: United Kingdom}   # at home
  - id: us
    name: United States

sources:
  # United Kingdom
  - id: gb-hub
    name: "Hub:  two spaces"
    pack: gb
    publisher: Example
    jurisdiction: GB
    kind: html
    url: https://example.org/hub
    select:
      - main   # the hub
      - h1     # its title
    # the last words on it

  # United States
  - id: us-hub
    name: Hub
    pack: us
    publisher: Example
    jurisdiction: US
    kind: html
    url: https://example.org/us
# The end
"""


def test_an_entry_is_written_in_the_style_of_the_file():
    entry = RULES | {"render": True, "topics": ("child-safety", "privacy"), "select": ['[data-x="y"]', "#main"]}
    assert write_yaml([entry | {"checked": "2026-07-02", "every": "12h", "note": "Look: here"}]) == (
        "  - id: rules\n"
        "    name: Rules\n"
        "    publisher: Example\n"
        "    jurisdiction: NO\n"
        "    kind: html\n"
        "    url: https://example.org/rules\n"
        "    select: ['[data-x=\"y\"]', '#main']\n"
        "    topics: [child-safety, privacy]\n"
        "    every: 12h\n"
        "    render: true\n"
        "    note: 'Look: here'\n"
        "    checked: 2026-07-02\n"
    )


def test_keys_without_a_value_are_left_out_and_unknown_ones_refused():
    assert write_yaml([{"id": "rules", "pack": None, "topics": (), "note": "", "remove": []}]) == "  - id: rules\n"
    with pytest.raises(ValueError, match="selct"):
        write_yaml([{"id": "rules", "selct": ["main"]}])


def test_every_key_of_an_entry_has_its_place():
    assert set(ORDER) == set(SourceEntry.model_fields)


@pytest.mark.parametrize(
    "word", ["12", "1.5", "true", "False", "null", "~", "no", "- a", "a: b", "a #b", "é😀", "0x1f"]
)
def test_a_name_is_read_as_it_was_whatever_it_looks_like(tmp_path, word):
    path = tmp_path / "sources.yaml"
    declared = replace_sources(path, add_entries("", [RULES | {"name": word, "publisher": f"{word} Ltd"}]))
    assert [(each.name, each.publisher) for each in declared.sources] == [(word, f"{word} Ltd")]
    assert [each.name for each in load_sources(path).sources] == [word]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip))
def test_what_is_written_is_what_yaml_reads(name):
    assert yaml.load(write_yaml([{"id": "a", "name": name}]), yaml.BaseLoader) == [{"id": "a", "name": name}]


def test_an_entry_goes_below_the_last_one_of_its_pack():
    new = RULES | {"pack": "gb"}
    before, after = FILE.split("    # the last words on it\n")
    assert add_entries(FILE, [new]) == f"{before}{write_yaml([new])}    # the last words on it\n{after}"


@pytest.mark.parametrize("pack", [None, "us", "fr"])
def test_an_entry_of_no_pack_or_of_a_new_one_goes_below_the_last_of_all(pack):
    new = RULES | {"pack": pack}
    assert add_entries(FILE, [new]) == FILE.replace("# The end\n", f"{write_yaml([new])}# The end\n")


def test_several_entries_keep_their_order_in_each_pack():
    new = [RULES | {"id": id_, "pack": pack} for id_, pack in (("a", "us"), ("b", "gb"), ("c", "us"), ("d", "gb"))]
    found = yaml.load(add_entries(FILE, new), yaml.BaseLoader)["sources"]
    assert [each["id"] for each in found] == ["gb-hub", "b", "d", "us-hub", "a", "c"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "sources:\n  - id: a\n"),
        ("# nothing yet", "# nothing yet\nsources:\n  - id: a\n"),
        ("sources:\naudiences: []\n", "sources:\n  - id: a\naudiences: []\n"),
        ("sources:\n- id: x", "sources:\n- id: x\n- id: a\n"),
        ("sources:\n    - id: x\n\n# y\n", "sources:\n    - id: x\n    - id: a\n\n# y\n"),
        (
            "sources:\n  - id: x\n    note: >\n      y\nb: z\n",
            "sources:\n  - id: x\n    note: >\n      y\n  - id: a\nb: z\n",
        ),
        ("sources:\r\n  - id: x\r\n", "sources:\r\n  - id: x\r\n  - id: a\r\n"),
        ("\ufeffsources:\n  - id: ü😀\n", "\ufeffsources:\n  - id: ü😀\n  - id: a\n"),
        ("sources:\n  - {id: x,\n     name: y}\n", "sources:\n  - {id: x,\n     name: y}\n  - id: a\n"),
        ("sources:\n  - just words\n", "sources:\n  - just words\n  - id: a\n"),
    ],
    ids=["empty", "comment", "no-entry", "no-indent", "indent", "folded", "crlf", "bom", "brackets", "broken"],
)
def test_the_form_of_the_file_is_kept(text, expected):
    assert add_entries(text, [{"id": "a"}]) == expected


def test_no_entries_change_nothing():
    assert add_entries(FILE, []) == FILE
    assert not add_entries("", [])


@pytest.mark.parametrize("text", ["sources: [{id: x}]\n", "sources: x\n", "a: [\n", "sources:\n  id: x\n"])
def test_a_text_without_lines_for_entries_is_refused(text):
    with pytest.raises(ValueError, match=r"dash|no YAML"):
        add_entries(text, [{"id": "a"}])


def test_the_file_is_replaced_in_one_step_and_keeps_its_mode(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(FILE)
    path.chmod(0o640)
    declared = replace_sources(path, add_entries(FILE, [RULES | {"pack": "gb", "checked": "2026-07-02"}]))
    assert [each.id for each in declared.sources] == ["gb-hub", "rules", "us-hub"]
    assert declared.sources[1].checked == date(2026, 7, 2)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["sources.yaml"]


def test_a_link_to_the_file_stays_a_link(tmp_path):
    (tmp_path / "real.yaml").write_text(FILE)
    link = tmp_path / "sources.yaml"
    link.symlink_to("real.yaml")
    replace_sources(link, add_entries(FILE, [RULES]))
    assert link.is_symlink()
    assert len(load_sources(tmp_path / "real.yaml").sources) == 3


def test_a_text_with_mistakes_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text(FILE)
    with pytest.raises(SourcesError) as caught:
        replace_sources(path, add_entries(FILE, [RULES | {"pack": "fr"}]))
    assert caught.value.mistakes == [
        f'{path}:32: rules: pack: "fr" is not declared under packs. Known: gb, us.',
    ]
    assert path.read_text() == FILE
    assert [each.name for each in tmp_path.iterdir()] == ["sources.yaml"]
