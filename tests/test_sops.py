from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import SopsError
from monitor.sops import fingerprint, load_sops

FRONT_MATTER = """---
id: age-checks
title: Age checks
owner: "@child-safety"
---
"""
WHOLE = """---
id: age-checks
title: Age checks
owner: "@child-safety"
topics: [child-safety, privacy]
jurisdictions:
  - EU
  - NO
cites: ["eu:reg:2022/2065#art28", us-ca:civ:1798.100]
reviewed: 2026-02-30
team: {name: night shift}
audience: [night-shift]
implements: [eu-dsa-guidelines, "eu:reg:2022/2065#art28"]
---
Who this is for.

# Age checks

Why we do it.

## When to ask

Ask when **a user** seems
to be under [13](https://example.org/rule).

### Exceptions

- Parents
  1. with papers
  2. with `family-code`
- Public figures

## Empty

### Records

| Field | Kept |
|---|---|
| Name | 30 days |
| ID scan | *never* |

Steps
-----

```
# not a heading
monitor it
```

> Quoted &amp; said<br>twice.\\
> And again.
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sops"


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def load_one(folder, content):
    write(folder, "one.md", content)
    library = load_sops(folder)
    assert library.mistakes == ()
    (sop,) = library.sops
    return sop


def test_the_facts_of_an_sop_are_read_and_unknown_keys_are_the_customers_own(folder):
    sop = load_one(folder, WHOLE)
    assert (sop.id, sop.title, sop.owner, sop.path) == ("age-checks", "Age checks", "@child-safety", "one.md")
    assert sop.topics == ("child-safety", "privacy")
    assert sop.jurisdictions == ("EU", "NO")
    assert sop.cites == ("eu:reg:2022/2065#art28", "us-ca:civ:1798.100")
    assert sop.audience == ("night-shift",)
    assert sop.implements == ("eu-dsa-guidelines", "eu:reg:2022/2065#art28")


def test_a_file_is_cut_into_sections_of_plain_text_by_its_headings(folder):
    sop = load_one(folder, WHOLE)
    assert [(section.id, section.heading, section.text) for section in sop.sections] == [
        ("age-checks#age-checks", ("Age checks",), "Who this is for."),
        ("age-checks#age-checks-2", ("Age checks",), "Why we do it."),
        ("age-checks#when-to-ask", ("When to ask",), "Ask when a user seems to be under 13."),
        (
            "age-checks#when-to-ask-exceptions",
            ("When to ask", "Exceptions"),
            "Parents\nwith papers\nwith family-code\nPublic figures",
        ),
        ("age-checks#empty-records", ("Empty", "Records"), "Field | Kept\nName | 30 days\nID scan | never"),
        ("age-checks#steps", ("Steps",), "# not a heading\nmonitor it\nQuoted & said twice.\nAnd again."),
    ]
    assert {section.sop_id for section in sop.sections} == {"age-checks"}


@pytest.mark.parametrize(
    ("body", "headings"),
    [
        ("text", [("Age checks",)]),
        ("# AGE CHECKS\ntext", [("Age checks",)]),
        ("# Another title\ntext\n## Part\ntext", [("Another title",), ("Another title", "Part")]),
        ("## Age checks\ntext", [("Age checks",)]),
        ("# A\n### Deep\ntext\n## B\ntext", [("A", "Deep"), ("A", "B")]),
        ("# A\ntext\n# B\ntext", [("A",), ("B",)]),
        ("Setext\n======\ntext\n\nSecond\n---\ntext", [("Setext",), ("Setext", "Second")]),
        ("# \ntext", [("Age checks",)]),
        ("- # in a list\n\n  text", [("Age checks",)]),
        ("# Only headings\n## Here", []),
        ("", []),
    ],
)
def test_the_heading_of_a_section_is_the_path_of_headings_above_it(folder, body, headings):
    assert [section.heading for section in load_one(folder, FRONT_MATTER + body).sections] == headings


def test_headings_that_make_the_same_slug_are_numbered(folder):
    body = "# Steps!\na\n# Steps 2\nb\n# steps\nc\n# ¿?\nd\n# Alter prüfen\ne"
    ids = [section.id.partition("#")[2] for section in load_one(folder, FRONT_MATTER + body).sections]
    assert ids == ["steps", "steps-2", "steps-3", "section", "alter-prüfen"]


def test_html_in_markdown_gives_its_text_and_no_comments_or_tags(folder):
    body = "<details><summary>More</summary>Ask the <b>lead</b>.</details>\n\n<!-- internal -->\n\nUse <kbd>X</kbd>."
    (section,) = load_one(folder, FRONT_MATTER + body).sections
    assert section.text == "More Ask the lead .\nUse X ."


def test_all_markdown_files_below_the_folder_are_loaded_by_path(folder):
    for name in ("b.md", "a/z.md", "c.txt", "a/a/y.md"):
        write(folder, name, FRONT_MATTER.replace("age-checks", name) + "text")
    assert [sop.path for sop in load_sops(folder).sops] == ["a/a/y.md", "a/z.md", "b.md"]


def test_windows_line_ends_a_byte_order_mark_and_decomposed_letters_do_not_matter(folder):
    plain = load_one(folder, WHOLE.replace("Why", "Wh\u00e9y"))
    windows = load_one(folder, b"\xef\xbb\xbf" + WHOLE.replace("Why", "Whe\u0301y").replace("\n", "\r\n").encode())
    assert plain == windows


MISTAKES = {
    "no front matter": ("# Title\ntext", "one.md:1: no front matter", "Begin the file with a line"),
    "an empty file": ("", "one.md:1: no front matter", "Begin the file with a line"),
    "front matter not closed": ("---\nid: a\ntitle: b\n", "one.md:1: no front matter, or not closed", "again"),
    "empty front matter": ("---\n---\ntext", "one.md:1: the front matter has no keys", "Begin the file"),
    "front matter that is a list": ("---\n- id\n---\n", "one.md:1: the front matter has no keys", "Begin the file"),
    "broken YAML": ("---\nid: a\ntitle: b: c\n---\n", "one.md:3: the front matter is no YAML", "Quote texts"),
    "an @ without quotes": ("---\nowner: @team\n---\n", "one.md:2: the front matter is no YAML", "Quote texts"),
    "a character YAML forbids": ("---\nid: \x07\n---\n", "one.md: the front matter is no YAML", "Quote texts"),
    "no id": (FRONT_MATTER.replace("id: age-checks\n", ""), "one.md: id is missing", "Write: id: age-checks"),
    "an empty title": (FRONT_MATTER.replace("Age checks", ""), "one.md:3: title is missing", "Write: title: Age"),
    "a blank owner": (FRONT_MATTER.replace("@child-safety", " "), "one.md:4: owner is missing", "Write: owner"),
    "a list of owners": (FRONT_MATTER.replace('"@child-safety"', "[a, b]"), "one.md:4: owner must be one", "Write:"),
    "topics that are no list": (
        FRONT_MATTER.replace("---\nid", "---\ntopics: spam\nid"),
        "one.md:2: topics must be a list of texts",
        "Write: topics: [child-safety]",
    ),
    "jurisdictions in a list of lists": (
        FRONT_MATTER.replace("---\nid", "---\njurisdictions: [[EU]]\nid"),
        "one.md:2: jurisdictions must be a list",
        "Write: jurisdictions: [EU, GB]",
    ),
    "a citation in words": (
        FRONT_MATTER.replace("---\nid", "---\ncites: [DSA Art. 16]\nid"),
        'one.md:2: cites: "DSA Art. 16" is no citation in normal form',
        'Write it like "eu:reg:2022/2065#art16"',
    ),
    "bytes that are no UTF-8": (b"---\nid: caf\xe9\n---\n", "one.md: not UTF-8 (byte 11 is 0xe9)", "Save it as UTF-8"),
}


@pytest.mark.parametrize(("content", "what", "advice"), MISTAKES.values(), ids=MISTAKES)
def test_a_file_that_cannot_be_used_is_named_with_what_to_write_and_the_others_load(folder, content, what, advice):
    write(folder, "one.md", content)
    write(folder, "two.md", WHOLE)
    library = load_sops(folder)
    assert [sop.path for sop in library.sops] == ["two.md"]
    assert library.unread == ("one.md",)
    assert what in library.mistakes[0]
    assert advice in library.mistakes[0]
    assert library.mistakes[0].startswith(str(folder))


def test_every_mistake_of_a_file_is_named_at_once(folder):
    write(folder, "one.md", "---\ntopics: spam\nowner: [x]\n---\n")
    assert [each.rpartition("one.md")[2].partition(".")[0] for each in load_sops(folder).mistakes] == [
        ": id is missing",
        ": title is missing",
        ":3: owner must be one text",
        ":2: topics must be a list of texts",
    ]


def test_empty_optional_lists_may_stay_in_the_file(folder):
    sop = load_one(folder, FRONT_MATTER.replace("---\nid", "---\ntopics:\ncites: []\nid"))
    assert (sop.topics, sop.cites) == ((), ())


def test_of_two_files_with_one_id_the_first_loads_and_the_second_is_named(folder):
    write(folder, "a.md", WHOLE)
    write(folder, "b.md", WHOLE)
    library = load_sops(folder)
    assert [sop.path for sop in library.sops] == ["a.md"]
    assert library.mistakes == (f'{folder}/b.md: the id "age-checks" is that of a.md. Give each SOP an id of its own.',)


def test_a_link_to_nowhere_is_named(folder):
    folder.mkdir()
    (folder / "gone.md").symlink_to("nowhere.md")
    (mistake,) = load_sops(folder).mistakes
    assert "gone.md: cannot be read (No such file or directory). Check the link" in mistake


def test_a_missing_folder_is_an_empty_library_that_says_what_to_do(folder):
    library = load_sops(folder)
    assert library.sops == ()
    (mistake,) = library.mistakes
    assert str(folder) in mistake
    assert "MONITOR_SOPS" in mistake


def test_an_empty_folder_is_an_empty_library_without_mistakes(folder):
    folder.mkdir()
    assert load_sops(folder) == type(load_sops(folder))((), ())


def test_a_file_in_place_of_the_folder_is_refused(folder, tmp_path):
    path = write(tmp_path, "sops.md", WHOLE)
    with pytest.raises(SopsError, match="a file, where a folder"):
        load_sops(path)


def test_a_folder_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(SopsError, match=r"cannot be read \(File name too long\)"):
        load_sops(tmp_path / ("x" * 300))


def test_the_fingerprint_changes_with_facts_and_text_and_not_with_the_place_of_the_file(folder):
    sop = load_one(folder, WHOLE)
    assert fingerprint(sop) == fingerprint(replace(sop, path="moved/one.md"))
    assert len(fingerprint(sop)) == 64
    assert fingerprint(sop) != fingerprint(replace(sop, owner="@other"))
    assert fingerprint(sop) != fingerprint(load_one(folder, WHOLE.replace("under [13]", "under [16]")))


MARKDOWN = st.lists(
    st.sampled_from(
        ["# A", "## A b", "### ", "text", "*x*", "- item", "  - sub", "| a | b |", "|---|---|", "```", "", "===", "> q"]
    )
    | st.text(max_size=20),
    max_size=20,
).map("\n".join)


@given(MARKDOWN)
def test_any_body_gives_sections_with_text_and_ids_of_their_own(tmp_path_factory, body):
    folder = tmp_path_factory.mktemp("sops")
    sop = load_one(folder, FRONT_MATTER + body.encode("utf-8", "replace").decode())
    ids = [section.id for section in sop.sections]
    assert len(set(ids)) == len(ids)
    assert all(each.startswith("age-checks#") and each.count("#") == 1 for each in ids)
    assert all(section.text.strip() and section.heading for section in sop.sections)
