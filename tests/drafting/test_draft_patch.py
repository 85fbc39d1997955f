"""The patch of a Markdown procedure: git takes it, and only what was meant is different afterwards."""

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafting.invented import OLD, added, draft_of, removed, reworded
from monitor.drafting.marks import Edit
from monitor.drafting.patch import apply_edits, make_patch

FILE = """\
---
id: SOP-1
title: Complaints
---
# Complaints

A word ahead.

## Deciding

Decide within 14 days of receiving the complaint.

- Keep it for two weeks.
- Then rest.

## Other

Decide within 14 days of receiving the complaint, elsewhere.
"""
TEXT = "Decide within 14 days of receiving the complaint.\nKeep it for two weeks.\nThen rest."


def apply(folder, path, source, patch, *options):
    """What the file holds after `git apply`, in the folder, which lies in no repository."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(source.encode())
    command = ["git", "-c", "core.autocrlf=false", "apply", *options, "-"]
    done = subprocess.run(command, cwd=folder, input=patch.encode(), capture_output=True, check=False)
    assert done.returncode == 0, (done.stderr.decode(), patch)
    return file.read_bytes().decode()


def test_the_patch_replaces_what_is_quoted_and_leaves_a_remark_where_a_person_must_look(tmp_path):
    draft = draft_of(FILE, reworded(), text=TEXT)
    apply(tmp_path, "complaints.md", FILE, draft.patch, "--check")
    after = apply(tmp_path, "complaints.md", FILE, draft.patch)
    remark = "<!-- review: line 13 says “two weeks”; “14 days” is now “30 days” (change 12) -->\n"
    expected = FILE.replace("14 days", "30 days", 1).replace("- Keep", f"{remark}- Keep")
    assert after == expected
    assert (draft.marked, draft.replaced) == (2, 1)


def test_a_folder_inside_a_repository_is_patched_from_within_it(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    draft = draft_of(FILE, reworded(), text=TEXT, path="minors/complaints.md")
    after = apply(tmp_path / "sops", "minors/complaints.md", FILE, draft.patch)
    assert "within 30 days" in after


@pytest.mark.parametrize("name", ["a b.md", "größe.md", 'so "called".md', "tab\tbed.md", "back\\slash.md", "æ b.md"])
def test_a_file_of_any_name_is_found(tmp_path, name):
    draft = draft_of(FILE, reworded(), text=TEXT, path=name)
    assert "within 30 days" in apply(tmp_path, name, FILE, draft.patch)


@pytest.mark.parametrize(
    "source",
    [
        FILE.replace("\n", "\r\n"),
        FILE.removesuffix("\n"),
        "\ufeff" + FILE,
        FILE[: FILE.index("\n## Other")],
        FILE[: FILE.index("\n## Other")].replace("\n", "\r\n").removesuffix("\r\n"),
        "## Deciding\nDecide within 14 days of receiving the complaint.",
        "Deciding\n--------\n\nKeep it for two weeks. Decide within 14 days of receiving the complaint.",
    ],
)
def test_line_endings_and_what_else_stands_in_the_file_are_kept(tmp_path, source):
    draft = draft_of(source, reworded(), text=TEXT)
    after = apply(tmp_path, "complaints.md", source, draft.patch)
    lines = [line for line in after.split("\n") if "<!-- review" not in line]
    assert lines == source.replace("14 days", "30 days", 1).split("\n")
    assert all(line.endswith("\r") == ("\r" in source) for line in after.split("\n")[:-1])


def test_a_table_stays_a_table_and_code_stays_code(tmp_path):
    source = "## Deciding\n\n| a | b |\n|---|---|\n| keep | two weeks |\n\n```\nkeep: 14 days\n```\n"
    after = apply(tmp_path, "complaints.md", source, draft_of(source, reworded()).patch)
    assert [line.partition(" (")[0] for line in after.splitlines()] == [
        "## Deciding",
        "",
        "<!-- review: line 5 says “two weeks”; “14 days” is now “30 days”",
        "| a | b |",
        "|---|---|",
        "| keep | two weeks |",
        "",
        "<!-- review: line 8 says “14 days”; “14 days” is now “30 days”",
        "```",
        "keep: 14 days",
        "```",
    ]


def test_nothing_to_mark_is_no_patch():
    assert draft_of("## Deciding\n\nHave a coffee.\n", reworded()).patch is None


def test_of_two_sections_alike_the_one_under_its_headings_is_patched():
    source = "# EU\n\n## Deciding\n\nWait for 14 days.\n\n# US\n\n## Deciding\n\nWait for 14 days.\n"
    draft = draft_of(source, reworded(), text="Wait for 14 days.", heading=("US", "Deciding"))
    assert "line 11" in draft.patch


def test_a_section_that_the_file_has_no_longer_is_not_patched():
    draft = draft_of("## Coffee\n\nHave one, with or without milk.\n", reworded(), text=TEXT)
    assert draft.patch is None
    assert "The file has no such section any more" in draft.markdown
    assert "Decide within 14 days" in draft.markdown


def test_the_text_above_the_first_heading_is_a_section():
    source = "---\nid: x\n---\nDecide within 14 days of receiving the complaint.\n\n## More\n\nText.\n"
    draft = draft_of(
        source, reworded(), text="Decide within 14 days of receiving the complaint.", heading=("Complaints",)
    )
    assert "+Decide within 30 days" in draft.patch


@pytest.mark.parametrize("words", ["--> <script>", "-- >", "--", "<!--", "a\nb", "x -", "\u2028", "--!>"])
def test_a_remark_ends_where_we_end_it(tmp_path, words):
    old = f"Users who post spam three times {words} pay a fee."
    source = f"## Deciding\n\nUsers who post spam three times {words} are blocked.\n"
    patch = draft_of(source, removed(old), text=f"Users who post spam three times {words} are blocked.").patch
    [remark] = [line for line in patch.splitlines() if "<!-- review" in line]
    assert remark.startswith("+<!-- review")
    assert remark.endswith(" -->")
    assert "--" not in remark.removeprefix("+<!--").removesuffix("-->")
    apply(tmp_path, "complaints.md", source, patch)


TEXTS = st.text(st.sampled_from("ab 14days\n\r-#`|<>!&*_[]\u2028\x0c\x00") | st.characters(codec="utf-8"), max_size=40)


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_git_takes_the_patch_of_any_file_for_any_change(tmp_path, ahead, put_in, behind):
    section = f"Decide within 14 days of receiving the complaint.\n{behind}"
    source = f"{ahead}\n\n## Deciding\n\n{section}"
    draft = draft_of(source, reworded(OLD, OLD.replace("14", put_in)), added(behind), removed(ahead), text=section)
    if draft.patch:
        apply(tmp_path, "complaints.md", source, draft.patch)


@given(
    st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.text(max_size=3)), max_size=3)
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_patch_says_exactly_what_its_edits_do(tmp_path, source, places):
    source = source.encode(errors="replace").decode()
    edits = [Edit(min(a, b, len(source)), min(max(a, b), len(source)), new.replace("\r", "")) for a, b, new in places]
    edits = [Edit(each.start, each.end, each.new.encode(errors="replace").decode()) for each in edits]
    wanted = apply_edits(source, edits)
    patch = make_patch("file.md", source, edits)
    if patch and source and wanted:
        assert apply(tmp_path, "file.md", source, patch) == wanted
    else:
        assert wanted == source or not source or not wanted
