"""Entries put into a `sources.yaml` that people wrote: where they go, and that nothing else is touched."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigurationError, SourcesError
from monitor.model import Pack
from monitor.sources import load_sources
from monitor.sources.edit import ORDER, add_entries, check_writable, load_begun, replace_sources, write_yaml
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
        ("sources: &all   # of them\n- id: x\nb: z\n", "sources: &all   # of them\n- id: x\n- id: a\nb: z\n"),
        ("b: &x y\nsources:\n - id: *x\n\n# c\n", "b: &x y\nsources:\n - id: *x\n - id: a\n\n# c\n"),
        ("sources:\n  - id: x\n    note:\nb: z\n", "sources:\n  - id: x\n    note:\n  - id: a\nb: z\n"),
        ("sources: []   # none\nb: z\n", "sources:   # none\n  - id: a\nb: z\n"),
        ("sources: [\n]", "sources:\n  - id: a\n"),
        ("sources: null\r\nb: z\r\n", "sources:\r\n  - id: a\r\nb: z\r\n"),
        ("\ufeffb: z\nsources: ~", "\ufeffb: z\nsources:\n  - id: a\n"),
    ],
    ids=[
        "empty", "comment", "no-entry", "no-indent", "indent", "folded", "crlf", "bom", "brackets", "broken",
        "anchored-list", "alias-last", "nothing-last", "empty-list", "empty-lines", "null", "tilde",
    ],
)  # fmt: skip
def test_the_form_of_the_file_is_kept(text, expected):
    assert add_entries(text, [{"id": "a"}]) == expected


def test_no_entries_change_nothing():
    assert add_entries(FILE, []) == FILE
    assert not add_entries("", [])


@pytest.mark.parametrize(
    "text",
    ["sources: [{id: x}]\n", "sources: x\n", "a: [\n", "sources:\n  id: x\n", '{"sources": []}', 'sources: ""', "{}"],
)
def test_a_text_without_lines_for_entries_is_refused(text):
    with pytest.raises(ValueError, match=r"dash|no YAML"):
        add_entries(text, [{"id": "a"}])


ENDS = (
    "topics: *topics",
    "audience: &desk\n      - desk\n      - *topic",
    "<<: *all",
    "<<: [*all, *one]",
    "select:\n    - main\n    - h1   # its title",
    "note: |\n      - id: no entry\n        pack: a",
    "note: >-\n      folded\n\n      twice\n",
    "note: 'quoted\n\n      - twice'",
    "note: plain\n      - no entry",
    "note:",
    "note: *topic   # - as above",
    "note: &more",
    "urls: [x,\n      y]",
    "checked: 2026-07-02",
)
"""How an entry may end; the first of the file declares the anchors."""
FIRST = """\
  - &all
    id: first
    pack: a
    topics: &topics [&topic terms, privacy]
    select: &one {select: main}
    hold: 6h
    enabled: false
"""


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(ENDS), st.sampled_from(["", "\n", "    # - c\n\n"]))),
    st.sampled_from("abcd"),
    st.sampled_from(["", "\n# The end", "\npacks:\n  - id: a"]),
)
def test_an_entry_is_added_between_whole_entries_however_these_end(others, pack, rest):
    entries = "\n".join(
        f"{gap}  - id: x{n}\n    pack: {of}\n    {end.replace('&', f'&a{n}')}"
        for n, (of, end, gap) in enumerate(others)
    )
    text = f"sources:\n{FIRST}{entries}{rest}"
    piece = write_yaml([{"id": "new", "pack": pack}])
    added = add_entries(text, [{"id": "new", "pack": pack}])
    before, after = (yaml.load(each, yaml.BaseLoader)["sources"] for each in (text, added))
    packs = [each["pack"] for each in before]
    place = max((n for n, each in enumerate(packs, 1) if each == pack), default=len(packs))
    assert after == [*before[:place], {"id": "new", "pack": pack}, *before[place:]]
    assert added.replace(piece, "", 1).removesuffix("\n") == text.removesuffix("\n")


def test_an_alias_at_the_end_of_the_file_leaves_the_entry_of_its_anchor_whole(tmp_path):
    text = FILE.replace("# The end\n", "    topics: *t\n").replace(
        "      - h1     # its title\n", "      - h1\n    topics: &t [terms]\n    hold: 6h\n    enabled: false\n"
    )
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    before = load_sources(path).sources
    after = replace_sources(path, add_entries(text, [RULES])).sources
    assert after[:2] == before
    assert path.read_text() == text + write_yaml([RULES])


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("jurisdiction: GB", "jurisdiction: FR", "sources: gb-hub"),
        ("    name: United States\n", "    name: USA\n", "packs: us"),
        (FILE[FILE.index("  # United Kingdom") : FILE.index("  - id: us-hub")], "", "sources: gb-hub"),
        ("  - {id: gb, name: United Kingdom}   # at home\n", "", None),
    ],
    ids=["changed", "pack", "left-out", "mistake"],
)
def test_a_text_in_which_an_entry_of_the_file_is_not_as_it_was_is_refused(tmp_path, old, new, lost):
    path = tmp_path / "sources.yaml"
    path.write_text(FILE)
    with pytest.raises(ConfigurationError) as caught:
        replace_sources(path, add_entries(FILE.replace(old, new), [RULES]))
    if lost:
        assert str(caught.value) == (
            f"{path}: nothing was written: {lost} would not be what it is now. "
            "Without --write it is printed, to be put in by hand."
        )
    assert path.read_text() == FILE
    assert [each.name for each in tmp_path.iterdir()] == ["sources.yaml"]


def test_audiences_and_people_of_the_file_must_stay_too(tmp_path):
    text = f"{FILE}audiences:\n  - id: desk\n    name: Desk\npeople:\n  - name: Ann\n"
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    for name, other, lost in (("Desk", "Other", "audiences: desk"), ("Ann", "Bob", "people: Ann")):
        with pytest.raises(ConfigurationError, match=f"nothing was written: {lost} would"):
            replace_sources(path, text.replace(f"name: {name}", f"name: {other}"))
    assert path.read_text() == text


@pytest.mark.parametrize("place", ["nowhere/sources.yaml", "file/sources.yaml"])
def test_a_file_in_no_folder_cannot_be_written(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    said = f"^{place}: cannot be written \\(no such folder\\). Nothing was written.$"
    for refuse in (check_writable, lambda path: replace_sources(path, FILE)):
        with pytest.raises(ConfigurationError, match=said):
            refuse(Path(place))
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.fixture
def ordinary():
    """A folder of an ordinary user, who runs the test: nothing is read-only to root."""
    user = os.geteuid() or 65534
    with TemporaryDirectory() as folder:
        os.chown(folder, user, -1)
        if os.geteuid() == 0:
            os.setresuid(user, user, 0)
        yield Path(folder)
        Path(folder).chmod(0o700)
        if os.getresuid()[2] == 0:
            os.setresuid(0, 0, 0)


@pytest.mark.parametrize(
    ("mode", "folder_mode", "why"),
    [(0o444, 0o755, "it is read-only"), (0o644, 0o555, "no file can be made beside it: Permission denied")],
)
def test_what_is_read_only_is_refused_and_stays(ordinary, mode, folder_mode, why):
    path = ordinary / "sources.yaml"
    path.write_text(FILE)
    path.chmod(mode)
    ordinary.chmod(folder_mode)
    for refuse in (check_writable, lambda path: replace_sources(path, add_entries(FILE, [RULES]))):
        with pytest.raises(ConfigurationError) as caught:
            refuse(path)
        assert str(caught.value) == f"{path}: cannot be written ({why}). Nothing was written."
    assert path.read_text() == FILE
    assert [each.name for each in ordinary.iterdir()] == ["sources.yaml"]


def test_what_can_be_written_is_left_alone_until_it_is(tmp_path):
    check_writable(tmp_path / "sources.yaml")
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here")
def test_a_folder_that_takes_no_files_is_refused():
    with pytest.raises(
        ConfigurationError, match=r"^/proc/s\.yaml: cannot be written \(no file can be made beside it: "
    ):
        check_writable(Path("/proc/s.yaml"))


@pytest.mark.parametrize("written", [None, "", "# soon\n", "sources:\n", "sources: []\n", "sources: null\n", "\ufeff"])
def test_a_file_without_a_source_is_begun(tmp_path, written):
    path = tmp_path / "sources.yaml"
    if written is not None:
        path.write_text(written)
    assert load_begun(path).sources == ()
    assert [each.id for each in replace_sources(path, add_entries(written or "", [RULES])).sources] == ["rules"]


def test_what_a_file_without_a_source_declares_is_known(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_text("packs:\n  - {id: gb, name: Britain}\nsources: []\n")
    assert load_begun(path).packs == (Pack("gb", "Britain"),)
    path.write_text(FILE)
    assert load_begun(path) == load_sources(path)


@pytest.mark.parametrize(
    "written", [b"- x\n", b"sources: [{id: x}]\n", b"\xff", b"sources: []\npacks: [{id: gb}]\n", b"a: ["]
)
def test_every_other_mistake_is_told(tmp_path, written):
    path = tmp_path / "sources.yaml"
    path.write_bytes(written)
    with pytest.raises(SourcesError) as caught:
        load_begun(path)
    assert all(each.startswith(f"{path}:") for each in caught.value.mistakes)


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
